"""A request that was sent and then corrected by the visitor: the choice behind a message, and what the assistant does with it."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.coach_words import correction_of
from actions.requests import CoachStatus
from steunwijzer import conversations, directory, handoff, handoff_reading, known_contact
from steunwijzer.handoff_request import Draft, Request
from steunwijzer.known_contact import CONTACT


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("nee wacht, mijn nummer is [telefoonnummer]", {"contact": "new"}),
        ("verander mijn nummer in 0687654321", {"contact": "new"}),
        ("mijn nummer is verkeerd, het is 0314-654321", {"contact": "new"}),
        ("0687654321", {"contact": "new"}),
        ("mijn nummer klopt niet", {"contact": "ask"}),
        ("kan ik mijn nummer aanpassen?", {"contact": "ask"}),
        ("heb je mijn nummer goed?", {"contact": "show"}),
        ("de plaats is eigenlijk Helmond", {"redo": True}),
        ("verzet het naar woensdag", {"redo": True}),
        ("toch liever vrijdag", {"redo": True}),
        ("kan het ook woensdag?", {"redo": True}),
        ("en ik ben pas na 16 uur bereikbaar", {"redo": True}),
        ("graag toch morgen om 14 uur", {"redo": True}),
        ("graag toch morgen om 14 uur bellen", {"redo": True}),
        ("morgen om 10 uur", {"redo": True}),
        ("hij komt morgen om 10 uur", None),
        ("zijn nummer is 0612345678", None),
        ("hij komt toch liever vrijdag werken", None),
        ("wat is faalangst", None),
        ("ja", None),
    ],
)
def test_what_a_correction_asks_for(text: str, wish: dict[str, Any] | None) -> None:
    phone = any(len(word) >= 10 and word.isdigit() or "654321" in word or "[" in word for word in text.split())
    assert correction_of(text, phone=phone, email=False) == ({"topic": "coach/status", **wish} if wish else None)


@pytest.fixture
def request_sent(database: str) -> Request:
    directory.ensure_sample()
    conversation = conversations.start(state={known_contact.STATE_KEY: {"phone": "+31612345678"}}).id
    draft = Draft("callback", conversation, "Overleg", "Tiel", "AM10", ("GM0281",), phone="+31612345678")
    return handoff.create(draft, "Mag dit?")


async def act(request: Request, given: dict[str, bool] | None = None, said: str = "…", **wish: object) -> list[dict[str, Any]]:
    metadata = {"choice": {"topic": "coach/status", **wish}, "contact": given or {}}
    tracker = Tracker(str(request.conversation_id), {}, {"text": said, "metadata": metadata}, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    await CoachStatus().run(dispatcher, tracker, {})
    return dispatcher.messages


def now_known(request: Request, **contact: str) -> None:
    conversations.save(str(request.conversation_id), state={known_contact.STATE_KEY: contact})


async def test_a_new_number_reaches_the_coach(request_sent: Request) -> None:
    now_known(request_sent, phone="+31687654321")
    (said,) = await act(request_sent, {"phone": True}, contact="new")
    assert f"bereiken op {CONTACT}" in said["text"]
    changed = handoff_reading.get(request_sent.id)
    assert changed.phone == "+31687654321"
    assert changed.consent.endswith("06 87654321")
    assert handoff_reading.audit(request_sent.id)[-1].event == "contact"


async def test_the_number_that_stands_there_is_named(request_sent: Request) -> None:
    (said,) = await act(request_sent, contact="show")
    assert f"bereiken op {CONTACT}" in said["text"]
    now_known(request_sent, phone="+31687654321")
    (said,) = await act(request_sent, contact="show")
    assert "eindigt op 78" in said["text"]


@pytest.mark.parametrize("wish", [{"contact": "ask"}, {"contact": "new"}])
async def test_a_number_that_is_not_given_is_asked(request_sent: Request, wish: dict[str, str]) -> None:
    (said,) = await act(request_sent, **wish)
    assert "Typ het nieuwe telefoonnummer" in said["text"]
    assert handoff_reading.get(request_sent.id).phone == "+31612345678"


async def test_anything_else_takes_a_new_request(request_sent: Request) -> None:
    (said,) = await act(request_sent, redo=True)
    assert "Trek het verzoek in en doe het opnieuw" in said["text"]
    assert [button["title"] for button in said["buttons"]] == ["Trek mijn verzoek in"]


async def test_a_wished_time_reaches_the_coach(request_sent: Request) -> None:
    for words, wanted in (("en ik ben pas na 16 uur bereikbaar", "pas na 16 uur"), ("na 17 uur graag", "pas na 16 uur; later gezegd: na 17 uur")):
        (said,) = await act(request_sent, said=words, redo=True)
        assert "uw wens bij het verzoek gezet" in said["text"]
        assert handoff_reading.get(request_sent.id).wanted == wanted
    assert handoff_reading.get(request_sent.id).consent.endswith("na 17 uur")
    assert handoff_reading.audit(request_sent.id)[-1].event == "wish"


async def test_what_was_not_sent_is_offered_again(request_sent: Request) -> None:
    handoff.cancel(request_sent.id)
    state = {"flow": "callback", "status": "paused", "answers": {}, "order": ["place"]}
    tracker = Tracker(str(request_sent.conversation_id), {"flow_state": state}, {"text": "is het verstuurd"}, [], False, None, {}, None)
    dispatcher = CollectingDispatcher()
    await CoachStatus().run(dispatcher, tracker, {})
    (said,) = dispatcher.messages
    assert "nog niet verstuurd" in said["text"]
    assert said["buttons"][0]["choice"] == {"topic": "coach/terugbellen", "yes": True}


async def test_without_a_request_there_is_nothing_to_change(request_sent: Request) -> None:
    handoff.cancel(request_sent.id)
    (said,) = await act(request_sent, {"phone": True}, contact="new")
    assert "geen verzoek open" in said["text"]
