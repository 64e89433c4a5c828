"""The whole story in Microsoft's own client, with the real server and the trained model: from installation to a closed chat."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playground import BOT_ID, OBJECT_ID, Playground, node_modules, playground
from serving import Server, Visitor, serving

from connectors import sessions
from steunwijzer import handoff, handoff_reading, handoff_request
from steunwijzer.directory import import_coaches

COACH = f"""code,naam,organisatie,teams,regios,werkuren,maximum
een,Voorbeeld Een,Voorbeeld-ggz,{OBJECT_ID},Rivierenland,ma-zo 0:00-23:59,9
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The real server with Teams in anonymous mode, as the playground needs."""
    node_modules()
    with serving(tmp_path_factory.mktemp("teams"), teams_app_id=BOT_ID, teams_anonymous="true") as made:
        yield made


@pytest.fixture
def coach(server: Server, settings: Callable[..., None], tmp_path: Path) -> Iterator[Playground]:
    """A coach with Teams open; this process reads the server's database too."""
    settings(database_url=server.database_url, teams_app_id=BOT_ID, teams_anonymous="true")
    assert import_coaches(COACH).ok
    with playground(f"{server.url}/api/messages", tmp_path) as client:
        yield client


def _with(cards: dict[str, dict[str, Any]], words: str) -> tuple[str, dict[str, Any]] | None:
    return next(((identity, card) for identity, card in cards.items() if words in json.dumps(card, ensure_ascii=False)), None)


def _button(card: dict[str, Any], title: str) -> dict[str, Any]:
    return next(each for each in card["actions"] if each["title"] == title)


def test_from_installation_to_a_closed_chat(coach: Playground, server: Server) -> None:
    coach.install()
    coach.wait(lambda: _with(coach.cards(), "Dit kun je typen"))
    assert "Hier werk je als coach" in coach.texts()[0]

    coach.say("hoe ga ik om met een medewerker met faalangst?")
    answer = coach.wait(lambda: [text for text in coach.texts() if text.startswith("Zo leg je het de werkgever uit")])
    assert len(answer[0]) > 100
    identity, sources = coach.wait(lambda: _with(coach.cards(), "Bronnen (nagekeken"))
    before = len(coach.messages)
    coach.submit(identity, sources["actions"][0])
    coach.wait(lambda: len(coach.messages) > before)

    visitor = Visitor(server.url)
    conversation = sessions.conversation_of(visitor.token)
    draft = handoff_request.Draft(
        kind="handoff",
        conversation_id=conversation,
        subject="Medewerker durft geen hulp te vragen",
        topic="faalangst/omgaan",
        place="Tiel",
        region="AM10",
        gemeenten=("GM0281",),
        phone="+31612345678",
    )
    request = handoff.create(draft, "ja")
    identity, card = coach.wait(lambda: _with(coach.cards(), "Verzoek uit Tiel"))
    assert [each["title"] for each in card["actions"]] == ["Accepteren", "Doorgeven", "Terugbellen"]
    assert "12345678" not in json.dumps(card)

    coach.say("mijn aanvragen")
    coach.wait(lambda: _with(coach.cards(), "Wacht op een coach (1)"))

    taken = coach.execute(identity, _button(card, "Accepteren"))
    assert taken["type"] == "application/vnd.microsoft.card.adaptive"
    assert "06 12345678" in json.dumps(taken["value"])
    coach.wait(lambda: "Opgepakt door jou" in json.dumps(coach.cards()[identity]))

    visitor.say("Goedemiddag, mijn medewerker durft niets te vragen.")
    coach.wait(lambda: [text for text in coach.texts() if "durft niets te vragen" in text and "Werkgever uit Tiel" in text])
    coach.say("Dag, wat heeft u al geprobeerd?")
    said = coach.wait(lambda: [m for m in visitor.http.get("/v1/messages").json()["messages"] if m["from"] == "coach"])
    assert said[0]["text"] == "Dag, wat heeft u al geprobeerd?"

    coach.say("/notitie Belt liever na drie uur")
    coach.wait(lambda: any("notitie is bewaard" in text for text in coach.texts()))
    coach.say("/terug naar assistent")
    coach.wait(lambda: any("assistent antwoordt de werkgever weer" in text for text in coach.texts()))
    answered = visitor.say("wat is een no-riskpolis?")
    assert [message["from"] for message in answered["messages"]] == ["assistant"] * len(answered["messages"])

    card = coach.wait(lambda: (found := coach.cards()[identity]) and "Chatten" in json.dumps(found) and found)
    coach.execute(identity, _button(card, "Chatten"))
    coach.say("/sluit")
    coach.wait(lambda: handoff_reading.get(request.id).state == "closed")
    coach.wait(lambda: "Afgesloten door jou" in json.dumps(coach.cards()[identity]))
    coach.say("plaatsingen")
    coach.wait(lambda: _with(coach.cards(), "Plaatsingen (0)"))
    assert visitor.http.get("/v1/messages").json()["state"]["handoff"] in ("closed", "none")
    visitor.close()
