"""The way to a coach step by step, from outside: messages in, replies, state and requests out; no model and no server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import time_machine
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import SessionStart
from actions.flow import Message, Outcome
from actions.handoff import CALLBACK, HANDOFF, CoachEngine, CoachFlow, day_value, option_of
from actions.subject import UNKNOWN, about
from nlu.entities import find
from steunwijzer import conversations, directory, handoff, known_contact
from steunwijzer.calendar_nl import AMSTERDAM
from steunwijzer.known_contact import CONTACT, KnownContact
from steunwijzer.masking import mask

TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=AMSTERDAM)


class Talk:
    """One visitor in one flow, as the router and the form lead it."""

    def __init__(self, flow: CoachFlow, first: str, *, topics: tuple[str, ...] = (), **slots: Any) -> None:
        self.flow = flow
        self.engine = CoachEngine(flow)
        self.conversation = conversations.start(state={"topics": list(topics)}).id
        self.heard: list[str] = []
        self.outcome = self.engine.start({"conversation_id": self.conversation, "message": self._message(first), **slots})
        self._hear(self.outcome)

    def _message(self, text: str, topic: str | None = None, confidence: float = 0.0) -> Message:
        given, problem = known_contact.read(text, with_name=True)
        if given or given.name:
            state = conversations.get(self.conversation).state  # type: ignore[union-attr]
            kept = known_contact.joined(known_contact.of_state(state), given, instead=True).kept()
            conversations.save(self.conversation, state={**state, known_contact.STATE_KEY: kept})
        contact = {"phone": bool(given.phone), "email": bool(given.email), "name": bool(given.name), "problem": problem}
        entities = tuple({"entity": m.kind, "value": m.value} for m in find(text))
        return Message(mask(text).text, topic, confidence, entities, None, topic == "grens/crisis", {"contact": contact})

    def _hear(self, outcome: Outcome) -> None:
        self.heard = [known_contact.filled(m.text, known_contact.of_conversation(self.conversation)) for m in outcome.messages]

    def say(self, text: str, topic: str | None = None, confidence: float = 0.0) -> str:
        self.outcome = self.engine.advance(self.outcome.state, self._message(text, topic, confidence))
        self._hear(self.outcome)
        if self.outcome.ended == "done":
            replies = self.flow.finish(self.outcome.state["answers"], {"conversation_id": self.conversation})
            self.heard += [reply.text for reply in replies]
        return "\n".join(self.heard)

    @property
    def asks(self) -> str | None:
        return self.outcome.messages[-1].extra.get("asks_for") if self.outcome.messages else None

    @property
    def request(self) -> handoff.Request | None:
        return handoff.latest(self.conversation)


@pytest.fixture(autouse=True)
def coaches(database: str) -> None:
    directory.ensure_sample()


@pytest.fixture
def office_hours() -> Any:
    with time_machine.travel(TUESDAY, tick=False):
        yield


@pytest.mark.usefixtures("office_hours")
def test_three_questions_and_a_coach_at_work() -> None:
    talk = Talk(HANDOFF, "ik wil een coach spreken", topics=("faalangst/omgaan", "faalangst/gesprek"))
    assert talk.asks == "place"
    talk.say("Tiel")
    assert talk.asks == "contact"
    shown = talk.say("06 12 34 56 78")
    assert talk.asks == "consent"
    assert "Er is nu een coach aan het werk" in shown
    assert "Stap 3 van 3" in shown
    sent = talk.say("ja")
    assert "Verstuurd om 10.30 uur naar Voorbeeldcoach Rivierenland" in sent
    assert "uiterlijk vandaag om 11.30 uur" in sent
    assert talk.request is not None
    assert talk.request.phone == "+31612345678"
    assert talk.request.topic == "coach/spreken"


def test_the_state_of_the_flow_holds_no_contact_data() -> None:
    talk = Talk(HANDOFF, "coach spreken in Assen")
    talk.say("ik ben Jan de Vries, 06 12345678, jan@bedrijf.nl")
    state = str(talk.outcome.state) + "".join(m.text + str(m.extra) for m in talk.outcome.messages)
    for secret in ("12345678", "jan@", "Vries"):
        assert secret not in state
    assert CONTACT in state


@pytest.mark.usefixtures("office_hours")
def test_another_day_at_the_last_moment() -> None:
    talk = Talk(CALLBACK, "kunt u mij donderdag bellen op 06 12345678, wij zitten in Tiel")
    assert talk.asks == "consent"
    shown = talk.say("nee, liever vrijdag na 14 uur")
    assert "vrijdag 27 november na 14 uur" in shown
    assert talk.asks == "consent"
    talk.say("ja")
    assert talk.request is not None
    assert talk.request.wanted == "vrijdag 27 november na 14 uur"


@pytest.mark.usefixtures("office_hours")
@pytest.mark.parametrize("words", ["Culemborg", "nee, wij zitten in Culemborg"])
def test_the_place_of_the_page_is_a_guess_that_a_word_corrects(words: str) -> None:
    talk = Talk(HANDOFF, "ik wil een coach spreken", place="Assen", page_place=True)
    assert talk.heard[0].startswith("Dat kan. Ik ga uit van Assen (regio Groningen). Is het werk ergens anders? Noem dan die plaats.")
    assert talk.asks == "contact"
    assert "Culemborg hoort bij arbeidsmarktregio Rivierenland." in talk.say(words)
    assert talk.asks == "contact"
    assert "Culemborg (regio Rivierenland)" in talk.say("06 12345678")


@pytest.mark.usefixtures("office_hours")
def test_consent_counts_only_for_what_was_shown() -> None:
    talk = Talk(HANDOFF, "coach spreken in Tiel")
    talk.say("06 12345678")
    shown = handoff.preview("handoff", str(talk.outcome.state["answers"]["place"]["region"]), ("GM0281",))
    directory.set_present(str(shown.coach_id), False)
    assert "iets veranderd" in talk.say("ja")
    assert talk.request is None
    talk.say("ja")
    assert talk.request is not None
    assert talk.request.coach_id != shown.coach_id


@pytest.mark.parametrize("words", ["nee", "nee, niet sturen", "liever niet", "stuur het niet door", "toch maar niet"])
def test_a_no_sends_nothing(words: str) -> None:
    talk = Talk(HANDOFF, "coach spreken in Tiel")
    talk.say("06 12345678")
    assert "ik stuur niets" in talk.say(words)
    assert talk.request is None


@pytest.mark.parametrize("words", ["ja", "Ja, stuur door", "akkoord", "is goed", "stuur maar door", "ja hoor", "dat mag"])
def test_a_yes_sends_it(words: str) -> None:
    talk = Talk(HANDOFF, "coach spreken in Tiel")
    talk.say("info@bedrijf.nl")
    assert "Verstuurd" in talk.say(words)
    assert talk.request is not None


@pytest.mark.parametrize("words", ["ja maar ik twijfel nog", "hmm", "misschien", "wat doen jullie ermee", "weet ik niet", "wacht even"])
def test_anything_else_at_consent_sends_nothing(words: str) -> None:
    talk = Talk(HANDOFF, "coach spreken in Tiel")
    talk.say("info@bedrijf.nl")
    talk.say(words)
    assert talk.asks == "consent"
    assert talk.request is None


def test_corrections_at_consent() -> None:
    talk = Talk(HANDOFF, "coach spreken in Tiel")
    talk.say("info@bedrijf.nl")
    assert "0344" in talk.say("nee, liever op 0344 612345")
    assert "Rijk van Nijmegen" in talk.say("nee, ik bedoel Nijmegen")
    talk.say("aanpassen")
    talk.say("Onderwerp aanpassen")
    assert talk.asks == "step_answer"
    assert "Hij belt zich steeds af" in talk.say("Hij belt zich steeds af")
    talk.say("ja")
    assert talk.request is not None
    assert (talk.request.place, talk.request.contact, talk.request.subject) == ("Nijmegen", "0344 612 345", "Hij belt zich steeds af")


def test_refusing_contact_leaves_the_chat_or_the_office() -> None:
    talk = Talk(HANDOFF, "coach spreken in Tiel")
    assert "U chat dan hier met de coach" in talk.say("dat geef ik liever niet")
    talk.say("ja")
    assert talk.request is not None
    assert talk.request.contact == ""
    call = Talk(CALLBACK, "bel mij terug, ik zit in Tiel")
    assert "contactpunt@example.org" in call.say("geen nummer")
    assert call.asks == "contact"


def test_a_callback_without_telephone_becomes_a_mail() -> None:
    talk = Talk(CALLBACK, "bel mij terug in Assen")
    assert "mailt" in talk.say("jan@bedrijf.nl")
    assert talk.asks == "consent"
    talk.say("ja")
    assert talk.request is not None
    assert (talk.request.kind, talk.request.wanted) == ("handoff", "antwoord per e-mail")


@pytest.mark.usefixtures("office_hours")
def test_a_callback_on_a_day_said_before() -> None:
    talk = Talk(CALLBACK, "kunt u mij donderdagmiddag bellen op 06 12345678, wij zitten in Assen")
    assert talk.asks == "consent"
    assert "donderdag 26 november in de middag" in talk.heard[0]
    assert "Een coach belt u op donderdag 26 november" in talk.say("ja")
    assert talk.request is not None
    assert talk.request.wanted_date is not None
    assert talk.request.wanted_date.isoformat() == "2026-11-26"


@pytest.mark.usefixtures("office_hours")
@pytest.mark.parametrize(
    ("words", "day", "wanted"),
    [
        ("vrijdag", "2026-11-27", "vrijdag 27 november"),
        ("vrijdagochtend", "2026-11-27", "vrijdag 27 november in de ochtend"),
        ("morgen na 14 uur", "2026-11-25", "woensdag 25 november na 14 uur"),
        ("zaterdag", "2026-11-30", "maandag 30 november"),
        ("25 december", "2026-12-28", "maandag 28 december"),
        ("zo snel mogelijk", None, "zo snel mogelijk, uiterlijk dinsdag 24 november"),
        ("maakt mij niet uit", None, "zo snel mogelijk, uiterlijk dinsdag 24 november"),
    ],
)
def test_days(words: str, day: str | None, wanted: str) -> None:
    value = day_value(words)
    assert isinstance(value, dict)
    assert (value["date"], value["wanted"]) == (day, wanted)


@pytest.mark.usefixtures("office_hours")
@pytest.mark.parametrize("words", ["1 november 2026", "over een jaar"])
def test_days_that_cannot_be(words: str) -> None:
    assert isinstance(day_value(words), str)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("limburg", "Bergen (Limburg)"),
        ("die in Noord-Holland", "Bergen (Noord-Holland)"),
        ("Bergen (Limburg)", "Bergen (Limburg)"),
        ("bergen", None),
    ],
)
def test_which_of_the_offered_places(said: str, meant: str | None) -> None:
    assert option_of(["Bergen (Noord-Holland)", "Bergen (Limburg)"], said) == meant


@pytest.mark.parametrize("said", ["4001", "4001 AB", "postcode 4001", "in tiel", "Tiel", "wij zitten in Tiel hoor"])
def test_places_in_any_words(said: str) -> None:
    talk = Talk(HANDOFF, "coach spreken")
    assert "Rivierenland" in talk.say(said)
    assert talk.asks == "contact"


def test_contact_at_the_place_question_is_kept() -> None:
    talk = Talk(HANDOFF, "coach spreken")
    assert "genoteerd" in talk.say("06 12345678")
    assert talk.asks == "place"
    talk.say("Tiel")
    assert talk.asks == "consent"


def test_a_crisis_ends_it_at_any_step_and_it_goes_on_only_when_asked() -> None:
    for replies in ([], ["Tiel"], ["Tiel", "06 12345678"]):
        talk = Talk(HANDOFF, "coach spreken")
        for reply in replies:
            talk.say(reply)
        step = talk.asks
        assert "112" in talk.say("hij wil niet meer leven", "grens/crisis", 1.0)
        assert talk.outcome.ended == "crisis"
        talk.outcome = talk.engine.resume(talk.outcome.state)
        assert talk.asks == step
        assert talk.request is None


@pytest.mark.parametrize(
    ("topics", "behaviour", "words"),
    [
        ((), None, UNKNOWN),
        (("dialoog/groet", "coach/spreken"), None, UNKNOWN),
        (("faalangst/omgaan", "faalangst/gesprek"), None, "het omgaan ermee en het gesprek erover"),
        ((), "concentratie", "snel afgeleid"),
        (("regeling/no_riskpolis",), None, "Besproken: Wie betaalt als de medewerker ziek wordt?"),
    ],
)
def test_what_it_is_about(topics: tuple[str, ...], behaviour: str | None, words: str) -> None:
    assert words in about(topics, behaviour)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mijn naam is Jan de Vries en mijn nummer is 0612345678", KnownContact("+31612345678", None, "Jan de Vries")),
        ("Ik ben Fatima El Amrani, f.amrani@bedrijf.nl", KnownContact(None, "f.amrani@bedrijf.nl", "Fatima El Amrani")),
        ("ik ben bereikbaar op 0344 612345", KnownContact("+31344612345")),
        ("bel maar", KnownContact()),
    ],
)
def test_contact_in_a_message(text: str, expected: KnownContact) -> None:
    assert known_contact.read(text, with_name=True)[0] == expected


async def test_a_new_session_keeps_what_is_known_and_the_open_step(settings: Callable[..., None]) -> None:
    flow_state = {"flow": "handoff", "status": "open", "answers": {}}
    tracker = Tracker("x", {"place": "Tiel", "flow_state": flow_state, "behaviour": None}, {}, [], False, None, {}, None)
    events = await SessionStart().run(CollectingDispatcher(), tracker, {})
    assert events[0]["event"] == "session_started"
    assert events[-1] == {**events[-1], "event": "action", "name": "action_listen"}
    assert {"event": "active_loop", "name": "handoff_form", "timestamp": None} in events
    kept = {event["name"]: event["value"] for event in events if event["event"] == "slot"}
    assert kept["place"] == "Tiel"
    assert kept["flow_state"] == flow_state
