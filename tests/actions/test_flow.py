"""The engine of the guided flows, from outside: messages in, replies and state out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from actions.checkin import CHECKIN
from actions.flow import Answers, Button, Later, Message, Outcome, Problem, State, Step
from actions.flow_engine import Engine
from actions.flow_values import choice_value, date_value
from actions.phrases import is_question, wants_resume
from actions.prevention import PREVENTION
from actions.schemes import SCHEMES, benefit_told
from actions.werkafspraken import WERKAFSPRAKEN
from steunwijzer.checkin_rules import FACTORS

TODAY = date(2026, 11, 21)


@dataclass
class FakeAnswer:
    text: str
    sources: tuple[Any, ...] = ()


ANSWERS = {
    "regeling/no_riskpolis": FakeAnswer("De no-riskpolis vergoedt loon bij ziekte."),
    "preventie/werkdruk": FakeAnswer("Haal één taak weg."),
    "grens/crisis": FakeAnswer("Is er nu direct gevaar? Bel 112."),
    "privacy/vragen": FakeAnswer("Vraag niet naar ziekte."),
}


class SmallFlow:
    """Four steps, of which one only appears after an answer."""

    name = "prevention"
    title = "De stappen voor preventie"

    def steps(self, answers: Answers) -> list[Step]:
        steps = [
            Step(
                "signal",
                "Wat ziet u op het werk?",
                label="signaal",
                why="Voorbeelden maken het gesprek makkelijker.",
                example="'Drie keer te laat.'",
            ),
            Step("ill", "Is de medewerker nu ziek?", "choice", buttons=(Button("Ja", "Ja", True), Button("Nee", "Nee", False))),
        ]
        if answers.get("ill"):
            steps.append(Step("first_day", "Sinds welke dag?", "date", label="eerste dag", validate=date_value(lambda: TODAY, "past")))
        steps.append(Step("review", "Wanneer kijkt u terug?", "date", label="datum", validate=date_value(lambda: TODAY), allow_skip=False))
        return steps

    def prefill(self, context: Mapping[str, Any]) -> dict[str, Any]:
        return {"ill": context["ill"]} if "ill" in context else {}

    def opening(self, answers: Answers) -> str:
        return "We lopen de stappen langs."


ENGINE = Engine(SmallFlow(), ANSWERS.get)


def say(state: State, text: str, topic: str | None = None, confidence: float = 0.0, **kwargs: Any) -> Outcome:
    """One turn; the state goes through JSON every time, as it does in the tracker."""
    return ENGINE.advance(json.loads(json.dumps(state)), Message(text, topic, confidence, **kwargs))


def last(outcome: Outcome) -> str:
    return outcome.messages[-1].text


def test_runs_from_first_to_last_step_and_counts() -> None:
    outcome = ENGINE.start()
    assert "We lopen de stappen langs." in last(outcome)
    assert "Stap 1 van 3" in last(outcome)
    assert outcome.messages[-1].extra == {"flow": "prevention", "step": {"number": 1, "of": 3}, "asks_for": "step_answer"}
    outcome = say(outcome.state, "hij komt vaak te laat")
    outcome = say(outcome.state, "ja")
    assert "Stap 3 van 4" in last(outcome)
    assert "Sinds welke dag" in last(outcome)
    outcome = say(outcome.state, "gisteren of zo, maandag 9 november")
    outcome = say(outcome.state, "over twee weken")
    assert outcome.done
    assert outcome.ended == "done"
    assert outcome.state["answers"]["review"] == outcome.state["answers"]["review"][:10]
    assert outcome.state["status"] == "done"


def test_what_is_known_is_not_asked_again() -> None:
    outcome = ENGINE.start({"ill": False})
    assert "Stap 1 van 2" in last(outcome)
    outcome = say(outcome.state, "minder contact")
    assert "Wanneer kijkt u terug" in last(outcome)


@pytest.mark.parametrize(
    "text", ["weet ik niet", "geen idee", "sla over", "Overslaan", "dat weet ik niet precies", "nvt", "volgende vraag", "zou ik niet weten"]
)
def test_skipping(text: str) -> None:
    outcome = say(ENGINE.start().state, text)
    assert outcome.state["skipped"] == ["signal"]
    assert "Stap 2" in last(outcome)


def test_skip_by_topic_but_not_when_there_is_more_to_it() -> None:
    start = ENGINE.start().state
    assert say(start, "poeh daar vraag je me wat", "dialoog/weet_niet", 0.9).state["skipped"] == ["signal"]
    assert say(start, "weet ik niet maar hij komt te laat", "dialoog/weet_niet", 0.9).state["answers"]["signal"]


def test_a_needed_step_cannot_be_skipped() -> None:
    outcome = say(say(say(ENGINE.start().state, "te laat").state, "nee").state, "weet ik niet")
    assert not outcome.done
    assert "Wanneer kijkt u terug" in last(outcome)


@pytest.mark.parametrize("text", ["terug", "vorige vraag", "ga een stap terug"])
def test_back_shows_what_was_said_and_takes_a_new_answer(text: str) -> None:
    outcome = say(say(ENGINE.start().state, "te laat").state, text)
    assert "Stap 1 van 3" in last(outcome)
    assert "Nu staat er: te laat" in last(outcome)
    assert say(outcome.state, "Zo laten").state["answers"]["signal"] == "te laat"
    outcome = say(outcome.state, "vaak ziek gemeld")
    assert outcome.state["answers"]["signal"] == "vaak ziek gemeld"
    assert "Stap 2 van 3" in last(outcome)


def test_back_on_the_first_step_stays() -> None:
    assert "eerste stap" in last(say(ENGINE.start().state, "terug"))


@pytest.mark.parametrize(
    "text",
    [
        "nee, ik bedoelde minder contact",
        "oeps ik bedoel minder contact",
        "correctie: minder contact",
        "sorry, het moet zijn: minder contact",
    ],
)
def test_correcting_the_last_answer(text: str) -> None:
    outcome = say(say(ENGINE.start().state, "te laat").state, text)
    assert outcome.state["answers"]["signal"] == "minder contact"
    assert "Aangepast: minder contact" in last(outcome)
    assert "Stap 2 van 3" in last(outcome)


@pytest.mark.parametrize(
    "text", ["wijzig stap 1", "stap 1 wijzigen", "verander het signaal", "ik wil stap één aanpassen", "pas stap 1 aan", "wijzig vraag 1"]
)
def test_changing_an_earlier_step(text: str) -> None:
    outcome = say(say(ENGINE.start().state, "te laat").state, "nee")
    outcome = say(outcome.state, text)
    assert "Stap 1 van 3" in last(outcome)
    outcome = say(outcome.state, "trager werk")
    assert outcome.state["answers"] == {"signal": "trager werk", "ill": False}
    assert "Stap 3 van 3" in last(outcome)


def test_changing_a_step_that_does_not_exist_or_is_not_reached() -> None:
    start = ENGINE.start().state
    assert "Er zijn 3 stappen" in last(say(start, "wijzig stap 9"))
    assert "nog niet" in last(say(start, "wijzig stap 3"))


def test_changing_a_branch_drops_the_step_that_no_longer_applies() -> None:
    outcome = say(say(say(ENGINE.start().state, "te laat").state, "ja").state, "gisteren")
    outcome = say(say(outcome.state, "wijzig stap 2").state, "nee")
    assert "Stap 3 van 3" in last(outcome)


@pytest.mark.parametrize("text", ["stop", "Stoppen", "ik wil stoppen", "laat maar", "ik stop ermee", "hou maar op", "annuleren", "stop maar"])
def test_stop_keeps_what_was_answered(text: str) -> None:
    outcome = say(say(ENGINE.start().state, "te laat").state, text)
    assert outcome.done
    assert outcome.ended == "paused"
    assert outcome.state["answers"] == {"signal": "te laat"}
    assert outcome.messages[-1].extra["flow"] is None
    assert [button.title for button in outcome.messages[-1].buttons][:2] == ["Ga verder", "Opnieuw beginnen"]
    assert "Stap 2" in last(ENGINE.resume(outcome.state))
    nothing = say(ENGINE.start().state, text)
    assert (nothing.ended, nothing.state["answers"]) == ("stopped", {})


@pytest.mark.parametrize("text", ["opnieuw", "begin opnieuw", "opnieuw beginnen", "van voren af aan"])
def test_start_over(text: str) -> None:
    outcome = say(say(ENGINE.start().state, "te laat").state, text)
    assert not outcome.done
    assert outcome.state["answers"] == {}
    assert "Stap 1 van 3" in last(outcome)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_question_in_the_middle_is_answered_and_the_step_asked_again(at: int) -> None:
    state = ENGINE.start().state
    for answer in ["te laat", "nee"][:at]:
        state = say(state, answer).state
    outcome = say(state, "wie betaalt het loon als hij weer ziek wordt?", "regeling/no_riskpolis", 0.81)
    assert outcome.messages[0].text == ANSWERS["regeling/no_riskpolis"].text
    assert outcome.messages[0].extra["topic"] == "regeling/no_riskpolis"
    assert f"Stap {at + 1} van 3" in last(outcome)
    assert outcome.state["answers"] == state["answers"]


@pytest.mark.parametrize(
    "text",
    [
        "vergaderingen lopen uit",
        "de werkdruk is te hoog",
        "wat hij zegt klopt vaak niet",
        "hoe ze reageert op kritiek",
        "hij vraagt steeds of het goed is",
    ],
)
def test_an_honest_statement_is_an_answer_whatever_it_resembles(text: str) -> None:
    outcome = say(ENGINE.start().state, text, "preventie/werkdruk", 0.9)
    assert outcome.state["answers"]["signal"] == text


def test_a_question_that_is_not_understood_is_not_stored_unasked() -> None:
    outcome = say(ENGINE.start().state, "hoe werkt dat met de kantine?", "grens/buiten_bereik", 0.2)
    assert outcome.state["answers"] == {}
    assert "uw antwoord" in last(outcome)
    kept = say(outcome.state, outcome.messages[-1].buttons[0].payload)
    assert kept.state["answers"]["signal"] == "hoe werkt dat met de kantine?"
    asked = say(outcome.state, outcome.messages[-1].buttons[1].payload)
    assert asked.state["answers"] == {}
    assert "Stap 1 van 3" in last(asked)


@pytest.mark.parametrize("kwargs", [{"crisis": True}, {"topic": "grens/crisis", "confidence": 0.6}])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_crisis_ends_the_flow_at_once_and_it_resumes_on_request(kwargs: dict[str, Any], at: int) -> None:
    state = ENGINE.start().state
    for answer in ["te laat", "nee"][:at]:
        state = say(state, answer).state
    outcome = say(state, "hij zegt dat hij niet meer wil leven", **kwargs)
    assert outcome.done
    assert outcome.ended == "crisis"
    assert [m.text for m in outcome.messages] == ["Is er nu direct gevaar? Bel 112."]
    assert outcome.messages[0].extra["flow"] is None
    assert outcome.state["status"] == "paused"
    resumed = ENGINE.resume(json.loads(json.dumps(outcome.state)))
    assert f"Stap {at + 1} van 3" in last(resumed)
    assert resumed.state["answers"] == state["answers"]


@pytest.mark.parametrize(
    "text",
    [
        "ga verder",
        "ja, ga verder",
        "verder met de stappen",
        "doorgaan",
        "Ga door",
        "het gaat wel weer, ga verder",
        "het gaat nu goed, waar waren we",
        "waar waren we gebleven",
        "opgelost, gaan we verder?",
        "kunnen we verder",
        "toch weer verder",
        "toch wel, ga maar door",
        "ik ben er weer",
        "ga terug naar de check-in",
    ],
)
def test_asking_to_resume(text: str) -> None:
    assert wants_resume(text)


@pytest.mark.parametrize(
    "text",
    [
        "hij gaat verder met werken",
        "ja",
        "verderop in de gang",
        "en nu",
        "we gaan verder met kleine taken",
        "verder met kleine taken",
        "even pauze, daarna gaan we verder",
        "steek een hand op, neem pauze, ga verder",
        "ga door met de kassa",
    ],
)
def test_not_asking_to_resume(text: str) -> None:
    assert not wants_resume(text)


def test_wishing_for_a_coach_leaves_the_flow_and_keeps_it() -> None:
    state = say(ENGINE.start().state, "te laat").state
    outcome = say(state, "kan ik iemand spreken", "coach/spreken", 0.9)
    assert outcome.ended == "left"
    assert outcome.leave_to == "coach/spreken"
    assert outcome.state["status"] == "paused"
    follow = ENGINE.start(parked=outcome.state)
    assert follow.state["parked"]["answers"] == {"signal": "te laat"}


@pytest.mark.parametrize(
    ("text", "leads_to"),
    [
        ("laat maar, coach bellen", "coach/terugbellen"),
        ("laat maar, ik wil gewoon dat iemand me belt", "coach/terugbellen"),
        ("stop maar, bel me terug", "coach/terugbellen"),
        ("ik wil liever teruggebeld worden", "coach/terugbellen"),
        ("laat dit maar zitten. kan ik iemand spreken?", "coach/spreken"),
        ("nee laat maar, een coach graag", "coach/spreken"),
    ],
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_breaking_off_for_a_coach_needs_no_model(text: str, leads_to: str, at: int) -> None:
    state = ENGINE.start().state
    for answer in ["te laat", "nee"][:at]:
        state = say(state, answer).state
    outcome = say(state, text, "dialoog/stop", 0.99)
    assert (outcome.ended, outcome.leave_to) == ("left", leads_to)
    assert outcome.state["answers"] == state["answers"]


@pytest.mark.parametrize("text", ["0182 123456", "mail naar jan@bedrijf.nl", "[telefoonnummer]", "hij belt mij op [telefoonnummer]"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_contact_data_is_no_answer_but_perhaps_a_wish_to_be_called(text: str, at: int) -> None:
    state = ENGINE.start().state
    for answer in ["te laat", "nee"][:at]:
        state = say(state, answer).state
    outcome = say(state, text)
    assert outcome.state["answers"] == state["answers"]
    assert "contact met u opneemt" in last(outcome)
    assert say(outcome.state, "ja").leave_to == "coach/terugbellen"
    on = say(outcome.state, "nee")
    assert on.state["answers"] == state["answers"]
    assert f"Stap {at + 1} van 3" in last(on)


def test_not_every_mention_of_a_coach_is_a_wish() -> None:
    outcome = say(ENGINE.start().state, "ze wil niet meer met haar coach praten", "coach/spreken", 0.8)
    assert outcome.state["answers"]["signal"]


def test_buttons_by_number_title_typo_and_stored_choice() -> None:
    step = Step(
        "b",
        "?",
        "choice",
        buttons=(
            Button("Faalangstig gedrag", "Het gaat om faalangst", "faalangst"),
            Button("Impulsief gedrag", "Het gaat om impulsief gedrag", "impulsiviteit"),
        ),
    )
    validate = choice_value(step)
    for text in ["1", "optie 1", "de eerste", "faalangstig gedrag", "Het gaat om faalangst", "faalangstg gedrag"]:
        assert validate(text, Message(text)) == "faalangst", text
    assert validate("x", Message("x", choice="impulsiviteit")) == "impulsiviteit"
    assert isinstance(validate("geen van beide hoor", Message("geen van beide hoor")), Problem)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("over twee weken", "2026-12-05"),
        ("14 december", "2026-12-14"), ("vrijdag", "2026-11-27"), ("volgende week vrijdag", "2026-11-27"),
        ("eind van de maand", "2026-11-30"), ("2026-12-04", "2026-12-04"), ("4-12-2026", "2026-12-04"), ("doe maar 3 weken", "2026-12-12"),
    ],
)  # fmt: skip
def test_dates_in_words(text: str, day: str) -> None:
    assert date_value(lambda: TODAY)(text, Message(text)) == day


@pytest.mark.parametrize("text", ["gisteren", "ooit", "1 januari 2040", "als het uitkomt"])
def test_a_day_that_cannot_be_is_refused_in_dutch(text: str) -> None:
    found = date_value(lambda: TODAY)(text, Message(text))
    assert isinstance(found, Problem)
    assert found.text


@pytest.mark.parametrize("text", ["waarom", "waarom wil je dat weten?"])
def test_why(text: str) -> None:
    outcome = say(ENGINE.start().state, text)
    assert outcome.messages[0].text == "Voorbeelden maken het gesprek makkelijker."
    assert "Stap 1 van 3" in last(outcome)


def test_example() -> None:
    assert say(ENGINE.start().state, "heb je een voorbeeld?").messages[0].text == "'Drie keer te laat.'"


def test_nothing_said_is_no_answer() -> None:
    for text in ["ja", "nee", "..", "ok"]:
        assert say(ENGINE.start().state, text).state["answers"] == {}, text


def test_skip_is_offered_after_two_misses() -> None:
    outcome = say(say(say(ENGINE.start().state, "te laat").state, "blauw").state, "groen")
    assert "Overslaan" in [b.title for b in outcome.messages[-1].buttons]


@pytest.mark.parametrize(
    "text",
    [
        "hoe breng ik dat?",
        "wat kost een jobcoach",
        "mag ik dat vragen",
        "is daar subsidie voor",
        "leg uit wat ips is",
        "kan dat?",
        "hoe bouw ik dat op",
        "wat als ie straks terugkomt",
    ],
)
def test_shape_of_a_question(text: str) -> None:
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "hij durft niks te vragen",
        "wat hij zegt klopt niet",
        "elke week overleg",
        "hoe hij reageert",
        "hoe vaak ik het ook zeg",
        "wat hij ze vertelt",
        "is vaak moe",
        "kan slecht tegen drukte",
    ],
)
def test_shape_of_a_statement(text: str) -> None:
    assert not is_question(text)


def test_a_turn_works_out_only_what_it_shows() -> None:
    """Steps are listed once per engine and state of the answers, and buttons of a step that is not open are never made."""
    listed: list[int] = []
    looked: list[str] = []

    class Counting(SmallFlow):
        def steps(self, answers: Answers) -> list[Step]:
            listed.append(1)

            def days() -> list[Button]:
                looked.append("day")
                return [Button("Morgen", "Morgen", "2026-11-22")]

            return [*super().steps(answers), Step("day", "Welke dag?", "date", buttons=Later(days), validate=date_value(lambda: TODAY))]

    flow = Counting()
    state = Engine(flow).start().state
    for text in ("te laat", "nee", "over twee weken"):
        listed.clear()
        assert not looked
        outcome = Engine(flow).advance(state, Message(text))
        state = outcome.state
        assert len(listed) == 2  # before and after the answer
    assert [button.title for button in outcome.messages[-1].buttons] == ["Morgen", "Weet ik niet"]
    assert looked == ["day"]
    looked.clear()
    assert Engine(flow).advance(state, Message("1")).state["answers"]["day"] == "2026-11-22"
    assert looked == ["day"]


def test_a_yes_or_no_with_more_words_finds_its_button() -> None:
    step = Step("hr", "?", "choice", buttons=(Button("Ja", "Ja, wij hebben HR", "yes"), Button("Nee, ik doe dit zelf", "Nee, ik doe dit zelf", "no")))
    validate = choice_value(step)
    assert isinstance(validate("tja", Message("tja")), Problem)
    for text, value in {"nee alleen ik": "no", "jawel": "yes", "ja hoor, twee mensen": "yes", "nee": "no", "Ja": "yes"}.items():
        assert validate(text, Message(text)) == value, text
    both = Step("b", "?", "choice", buttons=(Button("Ja, van UWV", "Ja, van UWV", "uwv"), Button("Ja, Wajong", "Ja, Wajong", "wajong")))
    assert isinstance(choice_value(both)("ja dat wel", Message("ja dat wel")), Problem)


@pytest.mark.parametrize("text", ["even stop zeggen", "stop roepen", "hand omhoog, stop"])
def test_a_sign_to_stop_is_an_answer(text: str) -> None:
    assert say(ENGINE.start().state, text, "dialoog/stop", 0.9).state["answers"]["signal"] == text


def test_no_coach_is_no_wish_for_a_coach() -> None:
    state = say(ENGINE.start().state, "te laat").state
    assert say(state, "geen coach", "coach/spreken", 0.95).ended is None


def test_who_is_lost_gets_a_way_out() -> None:
    state = say(ENGINE.start().state, "te laat").state
    for _ in range(3):
        outcome = say(state, "tja")
        state = outcome.state
    assert {"Vorige vraag", "Stoppen"} <= {button.payload for button in outcome.messages[-1].buttons}
    assert say(state, "Stoppen").ended == "paused"
    assert "Stap 1" in last(say(state, "Vorige vraag"))


# --- words about the steps, rather than answers to them


@pytest.mark.parametrize("text", ["klaar", "ik ben klaar", "dat was het"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_done_before_the_end_throws_nothing_away_unasked(text: str, at: int) -> None:
    state = ENGINE.start().state
    for answer in ["te laat", "nee"][:at]:
        state = say(state, answer).state
    outcome = say(state, text, "dialoog/stop", 0.9)
    assert outcome.ended is None
    assert [button.title for button in outcome.messages[-1].buttons] == ["Stoppen", "Verder", "Maak maar af"]
    for stop in (say(outcome.state, "ja", "dialoog/ja", 1.0), say(outcome.state, "Stoppen")):
        assert stop.ended == ("paused" if at else "stopped")
        assert stop.state["answers"] == state["answers"]
    for on in ("verder", "nee", "Verder"):
        again = say(outcome.state, on, "dialoog/stop" if on == "verder" else None, 0.99)
        assert again.state["answers"] == state["answers"]
        assert f"Stap {at + 1} van 3" in last(again)


@pytest.mark.usefixtures("database")
def test_done_at_the_last_look_is_a_yes() -> None:
    engine = Engine(WERKAFSPRAKEN)
    state = engine.start().state
    state["skipped"] = [step.key for step in WERKAFSPRAKEN.steps({}) if step.key != "ready"]
    for text in ("klaar", "ik ben klaar", "dat was het"):
        assert engine.advance(state, Message(text, "dialoog/stop", 0.9)).ended == "done", text


@pytest.mark.parametrize(
    "text",
    [
        "stop maar even, ik moet een klant helpen",
        "ik moet even weg",
        "even stoppen",
        "ik ga straks verder",
        "kan ik stoppen en later verder",
        "stop maar ik doe het later",
        "ik moet nu weg",
        "doe ik later wel",
    ],
)
def test_a_pause_keeps_the_answers(text: str) -> None:
    outcome = say(say(ENGINE.start().state, "te laat").state, text, "dialoog/stop", 1.0)
    assert outcome.ended == "paused"
    assert outcome.state["status"] == "paused"
    assert outcome.state["answers"] == {"signal": "te laat"}
    assert "Stap 2" in last(ENGINE.resume(outcome.state))


@pytest.mark.parametrize(
    "text",
    ["hoe ver zijn we", "hoe lang duurt dit", "welke stap zijn we nu", "hoeveel vragen nog", "wat een gezeur dit", "het gaat wel weer, ga verder"],
)
@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_word_about_the_steps_is_no_answer(text: str, at: int) -> None:
    state = ENGINE.start().state
    for answer in ["te laat", "nee"][:at]:
        state = say(state, answer).state
    outcome = say(state, text, "privacy/vragen", 0.5)
    assert outcome.state["answers"] == state["answers"]
    assert f"Stap {at + 1} van 3" in last(outcome)


@pytest.mark.parametrize("text", ["maak het plan maar af", "maak maar af", "rond maar af", "maak er nu een document van", "ok maak het af"])
def test_making_it_with_what_there_is(text: str) -> None:
    outcome = say(say(ENGINE.start().state, "te laat").state, text, "dialoog/stop", 0.99)
    assert outcome.state["answers"] == {"signal": "te laat"}
    assert outcome.state["skipped"] == ["ill"]
    assert "Dit moet ik nog van u weten" in last(outcome)  # the last step cannot be skipped
    assert "Wanneer kijkt u terug" in last(outcome)


@pytest.mark.usefixtures("database")
def test_making_the_papers_with_what_there_is() -> None:
    assert work("Schoonmaak", "Snel afgeleid", "elke ochtend de hal", "maak er nu een document van").ended == "done"
    engine = Engine(CHECKIN)
    outcome = engine.advance(engine.advance(engine.start().state, Message("4")).state, Message("rond maar af"))
    assert engine.open_step(outcome.state).key == "consent"  # type: ignore[union-attr]
    assert engine.advance(outcome.state, Message("rond maar af")).ended == "done"
    before = ["Schoonmaak", "Snel afgeleid", *["weet ik niet"] * 9]
    assert work(*before, "als pdf").ended == "done"
    assert "Klopt dit?" not in last(work(*before[:4], "word graag"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("wat was stap 1 ook alweer", "Nu staat er: te laat"),
        ("wat had ik bij stap 1?", "Nu staat er: te laat"),
        ("wijzig stap 1: afgeleid", "Aangepast: afgeleid"),
        ("het signaal moet steeds te laat zijn", "Aangepast: steeds te laat"),
        ("eh", "Neem rustig de tijd"),
    ],
)
def test_words_about_an_earlier_step_or_none(text: str, says: str) -> None:
    state = say(say(ENGINE.start().state, "te laat").state, "ja").state
    outcome = say(state, text, "vervolg/anders", 0.9)
    assert says in "\n".join(reply.text for reply in outcome.messages)
    assert "first_day" not in outcome.state["answers"]
    assert "Stap 3 van 4" in last(outcome)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("text", ["word graag", "pdf ook", "bewaren", "kan dat ook als pdf?", "word kan dat", "eh", "mag dat wel van de privacy"])
@pytest.mark.parametrize("at", [2, 3, 5])
def test_words_about_the_paper_are_not_on_it(text: str, at: int) -> None:
    state = work("Schoonmaak", "Snel afgeleid", *["weet ik niet"] * (at - 2)).state
    outcome = Engine(WERKAFSPRAKEN).advance(state, Message(text, "bot/gesprek_bewaren", 0.3))
    assert outcome.state["answers"] == state["answers"]


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("text", ["hoe begin ik dat gesprek", "mag dat ook een familielid zijn", "kan ik dat zelf doen"])
def test_a_question_is_no_helper(text: str) -> None:
    engine = Engine(PREVENTION, lambda topic: FakeAnswer(topic))
    state = engine.start({"behaviour": "concentratie"}).state
    state["skipped"] = [step.key for step in PREVENTION.steps({}) if step.key not in ("behaviour", "help", "review")]
    outcome = engine.advance(state, Message(text, "vervolg/gesprek", 0.9))
    assert outcome.messages[0].text == "concentratie/gesprek"
    assert "help" not in outcome.state["answers"]
    assert engine.advance(state, Message("mijn schoonzus van personeelszaken")).state["answers"]["help"]


@pytest.mark.usefixtures("database")
def test_a_question_gives_no_figure_and_a_correction_is_of_the_open_question() -> None:
    engine = Engine(CHECKIN)
    state = engine.advance(engine.start().state, Message("gaat wel")).state
    first, second = FACTORS[0].key, FACTORS[1].key
    outcome = engine.advance(state, Message("en geldt dat ook voor een oproepcontract"))
    assert second not in outcome.state["answers"]
    asked = engine.advance(state, Message("4 of 5")).state
    for text in ("nee 2", "nee, ik bedoel 2", "wacht, 2"):
        answers = engine.advance(json.loads(json.dumps(asked)), Message(text)).state["answers"]
        assert (answers[first]["score"], answers[second]["score"]) == (3, 2), text


@pytest.mark.usefixtures("database")
def test_numbers_with_words_around_them() -> None:
    state = work("Schoonmaak", "Snel afgeleid", "weet ik niet", "weet ik niet").state
    lines = [button.payload for button in Engine(WERKAFSPRAKEN).open_step(state).buttons]  # type: ignore[union-attr]
    for text, picked in (("nee alleen 3", lines[2:3]), ("doe maar 1 en 2", lines[:2]), ("1+3", [lines[0], lines[2]])):
        assert Engine(WERKAFSPRAKEN).advance(state, Message(text)).state["answers"]["helps"] == "\n".join(picked)


def test_an_agreement_to_make_a_plan_is_an_answer() -> None:
    assert say(ENGINE.start().state, "maak een plan").state["answers"]["signal"] == "maak een plan"


def test_stopping_goes_back_to_what_waited() -> None:
    parked = say(ENGINE.start().state, "te laat").state
    outcome = say(say(ENGINE.start(parked=parked).state, "te vroeg").state, "stop")
    assert outcome.ended == "stopped"
    assert outcome.state["parked"]["answers"] == {"signal": "te laat"}


def test_what_may_be_an_answer_is_asked_about() -> None:
    outcome = say(ENGINE.start().state, "neem tien minuten pauze, ga verder")
    assert "uw antwoord" in last(outcome)
    assert say(outcome.state, "Ja, bewaar dit als antwoord").state["answers"]["signal"] == "neem tien minuten pauze, ga verder"


def test_skipping_by_number() -> None:
    start = ENGINE.start().state
    assert say(start, "stap 1 hoef ik niet").state["skipped"] == ["signal"]
    assert "nog niet" in last(say(start, "stap 3 hoef ik niet"))
    assert say(say(start, "te laat").state, "sla stap 1 over").state["answers"] == {}
    assert say(start, "hoef ik niet").state["skipped"] == ["signal"]
    # where "nee" is a choice, "hoeft niet" is that
    assert say(say(start, "te laat").state, "hoeft niet").state["answers"]["ill"] is False


def test_a_bare_no_is_no_day() -> None:
    state = say(say(say(ENGINE.start().state, "te laat").state, "ja").state, "nee", "dialoog/nee", 1.0).state
    assert "first_day" in state["skipped"]


def test_a_question_where_a_day_is_asked_gets_an_honest_answer() -> None:
    state = say(say(say(ENGINE.start().state, "te laat").state, "ja").state, "gisteren").state
    for text in ("moet hij langskomen", "klopt dat wel?"):
        assert "Dat weet ik niet" in last(say(state, text)), text
    assert say(state, "kan ik dat over twee weken doen?").state["answers"]["review"] == "2026-12-05"


def test_what_the_employer_does_is_no_wish() -> None:
    for text in ("ik bel terug", "ik bel haar elke week", "wij spreken een teken af"):
        assert say(ENGINE.start().state, text, "coach/terugbellen", 0.99).state["answers"]["signal"] == text
    for text in ("bel me terug", "ik wil teruggebeld worden", "kan ik iemand spreken"):
        assert say(ENGINE.start().state, text, "coach/terugbellen", 0.99).ended == "left", text


# --- choices in other words


def schemes(*said: str) -> Outcome:
    """What comes of these messages in the finder of schemes."""
    engine = Engine(SCHEMES)
    outcome = engine.start()
    for text in said:
        outcome = engine.advance(json.loads(json.dumps(outcome.state)), Message(text))
    return outcome


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        (["6 maanden"], {"contract": "tijdelijk"}),
        (["drie maanden"], {"contract": "kort"}),
        (["ze komt uit de bijstand"], {"benefit": "gemeente"}),
        (["jongen met wajong aannemen"], {"benefit": "wajong"}),
        (["vast", "nee", "ja wajong"], {"contract": "vast", "register": "nee", "benefit": "wajong"}),
        (["vast", "nee", "gemeente", "nee wacht, UWV"], {"contract": "vast", "register": "nee", "benefit": "uwv"}),
        (["vast contract", "nee sorry tijdelijk, 7 maanden"], {"contract": "tijdelijk"}),
        (["vast", "nee"], {"contract": "vast", "register": "nee"}),
        (["jongen van 19 jaar"], {}),
    ],
)
def test_schemes_in_other_words(said: list[str], answers: dict[str, str]) -> None:
    assert schemes(*said).state["answers"] == answers


def test_a_choice_that_was_read_is_said_back() -> None:
    assert "Ik ga uit van: Tijdelijk" in last(schemes("7 maanden"))
    assert "Ik ga uit van" not in last(schemes("Vast"))
    assert "werkgeversportaal" in schemes("Vast", "wat is dat").messages[0].text


def work(*said: tuple[str, str | None, float] | str) -> Outcome:
    """What comes of these messages in the werkafspraken."""
    engine = Engine(WERKAFSPRAKEN)
    outcome = engine.start()
    for each in said:
        text, topic, sure = (each, None, 0.0) if isinstance(each, str) else each
        outcome = engine.advance(json.loads(json.dumps(outcome.state)), Message(text, topic, sure))
    return outcome


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("said", "behaviour"),
    [
        ("impulsief", "impulsiviteit"),
        ("perfectionisme", "faalangst"),
        (("hij is bang in het donker op dek", "faalangst/omgaan", 0.87), "faalangst"),
        (("Ze heeft moeite met concentreren in de kantoortuin", "concentratie/omgaan", 0.42), "concentratie"),
        (("hij ruikt een beetje", "preventie/signalen", 0.99), "anders"),
    ],
)
def test_a_behaviour_in_other_words(said: Any, behaviour: str) -> None:
    outcome = work("Schoonmaak", said)
    assert outcome.state["answers"]["behaviour"] == behaviour
    assert "Ik ga uit van" in last(outcome)


@pytest.mark.usefixtures("database")
def test_a_name_is_no_trade_and_the_trade_can_be_corrected() -> None:
    assert "trade" not in work("Fatima").state["answers"]
    assert work("Kantoor of callcenter", "nee wacht, magazijn bedoel ik").state["answers"] == {"trade": "magazijn"}
    assert work("imkerij").state["answers"] == {"trade": "anders"}


@pytest.mark.usefixtures("database")
def test_the_reminder_of_the_werkafspraken() -> None:
    before = ["Schoonmaak", "Snel afgeleid", *["weet ik niet"] * 8, "over twee weken"]
    assert work(*before, "nee").state["answers"]["remind"] is False
    asked = work(*before, ("klopt, maak maar", "dialoog/ja", 0.99))
    assert "remind" not in asked.state["answers"]
    assert "Eerst nog dit" in last(asked)
    assert "Stap 5 van" in last(work(*before, "ik wil het onderdeel wat helpt veranderen"))
    assert "Stap 8 van" in last(work(*before, ("kan ik stap 8 nog veranderen?", "vervolg/aanpassen", 0.95)))
    assert "Klopt dit?" in last(work(*before, "ja", "nee"))
    assert "om te downloaden" not in last(work(*before, "wat krijg ik nou aan t eind"))
    assert "op papier (PDF en Word)" in work(*before, "wat krijg ik nou aan t eind").messages[0].text


@pytest.mark.usefixtures("database")
def test_a_score_is_corrected_also_where_words_are_asked() -> None:
    engine = Engine(CHECKIN)
    state = engine.advance(engine.start().state, Message("2")).state
    for text, score in (("nee wacht, 4", 4), ("wacht, hij komt vier keer te laat", 2)):
        assert engine.advance(json.loads(json.dumps(state)), Message(text)).state["answers"][FACTORS[0].key]["score"] == score, text


@pytest.mark.parametrize(
    ("text", "benefit"),
    [
        ("ze heeft een wajong", "wajong"),
        ("hij zit al 3 jaar in de bijstand", "gemeente"),
        ("en voor onze andere jongen, die heeft WIA", "uwv"),
        ("hij hef de wajong", "wajong"),
        ("hij komt via de gemeente", "gemeente"),
        ("kan dat via de gemeente", None),
        ("Hij is 27 en heeft een wajong", "wajong"),
        ("ze is net 31 jaar, en zit in de WIA", "uwv"),
        ("geldt dat ook voor iemand met wajong", None),
        ("ze heeft geen wajong", None),
        ("hij heeft een wajong en wil niet meer leven", None),
        ("ik zit in de bijstand", None),
    ],
)
def test_a_benefit_that_is_told_and_nothing_else(text: str, benefit: str | None) -> None:
    assert benefit_told(text) == benefit


def test_a_colleague_is_guidance_from_inside() -> None:
    step = next(one for one in SCHEMES.steps({}) if one.key == "coaching")
    assert step.hears is not None
    assert step.hears("ja een collega", Message("ja een collega")) == "binnen"
    assert step.hears("wie betaalt een collega dan", Message("wie betaalt een collega dan")) is None
