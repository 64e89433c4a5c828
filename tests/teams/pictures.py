"""The pictures of ``docs/coaches.md``: Microsoft's own client in Chromium, with the bot of this checkout and real answers.

.venv/bin/python tests/teams/pictures.py
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]

from playground import BOT_ID, OBJECT_ID, Playground, playground
from serving import free_port

FOLDER = HERE.parents[1] / "docs" / "screenshots"
COACH = f"""code,naam,organisatie,teams,regios,werkuren,maximum
een,Voorbeeldcoach Rivierenland,Voorbeeld-ggz,{OBJECT_ID},Rivierenland,ma-zo 0:00-23:59,9
"""


def main() -> None:
    """Take all pictures."""
    work = Path(tempfile.mkdtemp(prefix="steunwijzer-pictures-"))
    os.environ.update(
        STEUNWIJZER_DATABASE_URL=f"sqlite:///{work / 'pictures.db'}", STEUNWIJZER_TEAMS_APP_ID=BOT_ID, STEUNWIJZER_TEAMS_ANONYMOUS="true"
    )
    from fastapi import FastAPI
    from microsoft import running

    from connectors.teams.app import routes
    from steunwijzer.db import migrate
    from steunwijzer.directory import import_coaches

    migrate()
    assert import_coaches(COACH).ok
    app, port = FastAPI(), free_port()
    app.include_router(routes(Answers()))
    with running(app, port), playground(f"http://127.0.0.1:{port}/api/messages", work) as client:
        _story(client)


class Answers:
    """One real answer to every question, without a model: these pictures are about how it looks."""

    async def answer(self, conversation_id: str, text: str, client_id: str) -> Sequence[object]:
        from steunwijzer import conversations
        from steunwijzer.answers import answers, payload

        message = payload(answers()["faalangst/omgaan"])
        message["buttons"] = [{"title": each["title"], "value": each["payload"]} for each in message["buttons"]]
        own = conversations.append(conversation_id, "user", {"text": text}, client_id=client_id)
        return [conversations.append(conversation_id, "assistant", message, reply_to=own.seq)]


def _story(client: Playground) -> None:
    import base64
    import json

    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    from steunwijzer import conversations, handoff, handoff_reading, handoff_request, relay

    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--window-size=1000,1000", "--hide-scrollbars", "--force-device-scale-factor=1"):
        options.add_argument(argument)
    browser = webdriver.Chrome(options)

    def take(name: str) -> None:
        time.sleep(2.5)
        clip = {"x": 10, "y": 70, "width": 658, "height": 700, "scale": 1}
        taken = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png", "clip": clip})
        (FOLDER / f"teams-{name}.png").write_bytes(base64.b64decode(taken["data"]))

    def say(words: str) -> None:
        box = browser.find_element(By.CSS_SELECTOR, "textarea, [contenteditable='true']")
        box.send_keys(words)
        box.send_keys(Keys.ENTER)

    def card(words: str) -> tuple[str, dict[str, object]] | None:
        return next(((key, each) for key, each in reversed(client.cards().items()) if words in json.dumps(each, ensure_ascii=False)), None)

    try:
        browser.get(client.url)
        time.sleep(4)
        client.install()
        client.wait(lambda: card("Dit kun je typen"), 90)
        take("welkom")
        say("Mijn medewerker is bang om fouten te maken. Wat zeg ik tegen de werkgever?")
        client.wait(lambda: card("Bronnen (nagekeken"))
        take("antwoord")
        conversation = conversations.start().id
        request = handoff.create(
            handoff_request.Draft(
                kind="handoff",
                conversation_id=conversation,
                subject="Medewerker in het magazijn durft geen hulp te vragen; werkgever zoekt hulp bij het gesprek.",
                topic="faalangst/gesprek",
                place="Tiel",
                region="AM10",
                gemeenten=("GM0281",),
                name="Voorbeeld BV",
                phone="+31612345678",
            ),
            "ja",
        )
        identity, shown = client.wait(lambda: card("Verzoek uit Tiel"))
        take("aanvraag")
        say("mijn aanvragen")
        client.wait(lambda: card("Wacht op een coach (1)"))
        take("lijst")
        client.execute(identity, shown["actions"][0])  # type: ignore[index]
        client.wait(lambda: "Opgepakt door jou" in json.dumps(client.cards()[identity]))
        relay.from_visitor(conversation, "Goedemiddag. Mijn medewerker pakt alles verkeerd en durft niets te vragen.", client_id="v1")
        client.wait(lambda: [text for text in client.texts() if "durft niets te vragen" in text])
        say("Dag, fijn dat u het vraagt. Wat heeft u al geprobeerd?")
        say("/notitie Belt liever na drie uur")
        client.wait(lambda: any("notitie is bewaard" in text for text in client.texts()))
        take("gesprek")
        assert handoff_reading.get(request.id).state == "accepted"
    finally:
        browser.quit()


if __name__ == "__main__":
    main()
