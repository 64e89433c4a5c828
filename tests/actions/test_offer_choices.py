"""A message that was not understood: choices with human titles, and a coach after two misses in a row."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answering import OfferChoices
from steunwijzer.answers import answers

MISS = {
    "text": "iets",
    "intent": {"name": "nlu_fallback", "confidence": 0.2},
    "entities": [],
    "topics": [
        {"topic": "grens/crisis", "confidence": 0.2},
        {"topic": "faalangst/omgaan", "confidence": 0.2},
        {"topic": "dialoog/ja", "confidence": 0.1},
        {"topic": "ips/kosten", "confidence": 0.1},
        {"topic": "regeling/werkplek", "confidence": 0.01},
    ],
}


def said(events: list[dict[str, Any]], latest: dict[str, Any]) -> dict[str, Any]:
    tracker = Tracker("iemand", {}, latest, events, False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    asyncio.run(OfferChoices().run(dispatcher, tracker, {}))
    return dispatcher.messages[0]


def test_the_likeliest_topics_are_offered_by_name() -> None:
    message = said([{"event": "user"}], MISS)
    titles = [button["title"] for button in message["buttons"]]
    assert titles == [answers().title("faalangst/omgaan"), answers().title("ips/kosten"), "Iets anders", "Spreek een coach"]
    assert message["asks_for"] == "choice"


def test_after_a_second_miss_the_coach_comes_first() -> None:
    before = [{"event": "user"}, {"event": "bot", "metadata": {"offered_choices": True}}, {"event": "user"}]
    message = said(before, MISS)
    assert message["buttons"][0]["title"] == "Spreek een coach"
    between = [{"event": "user"}, {"event": "bot", "metadata": {"topic": "ips/kosten"}}, {"event": "user"}]
    assert said(between, MISS)["buttons"][0]["title"] != "Spreek een coach"


def test_nothing_likely_asks_what_is_going_on() -> None:
    message = said([{"event": "user"}], {**MISS, "topics": []})
    assert "één zin" in message["text"]


def test_a_short_message_that_leans_on_the_last_answer_gets_its_next_questions() -> None:
    before = [{"event": "user"}, {"event": "bot", "metadata": {"topic": "regeling/overzicht"}}, {"event": "user"}]
    titles = [button["title"] for button in said(before, {**MISS, "text": "En zoiets dan?"})["buttons"]]
    assert titles[-2:] == ["Iets anders", "Spreek een coach"]
    assert titles[:-2]
    assert {answers().title(topic) for topic in answers()["regeling/overzicht"].next} >= set(titles[1:-2])
    told = "mijn kok zet de vuurpijlen klaar en vergeet dan dat het pas maandag is"
    assert answers().title("faalangst/omgaan") in [button["title"] for button in said(before, {**MISS, "text": told})["buttons"]]


def test_what_the_last_answer_does_not_hold_is_said_so() -> None:
    before = [{"event": "user"}, {"event": "bot", "metadata": {"topic": "regeling/overzicht"}}, {"event": "user"}]
    message = said(before, {**MISS, "text": "Hoe lang loopt dat?"})
    assert message["text"].startswith("Dat staat niet")
    assert message["buttons"][-1]["title"] == "Spreek een coach"


def test_the_coach_is_offered_once() -> None:
    likely = [{"topic": "coach/spreken", "confidence": 0.25}, {"topic": "preventie/rollen", "confidence": 0.2}]
    titles = [button["title"] for button in said([{"event": "user"}], {**MISS, "topics": likely})["buttons"]]
    assert titles.count("Spreek een coach") == 1


def test_choices_about_one_behaviour_are_remembered() -> None:
    likely = [{"topic": f"faalangst/{one}", "confidence": 0.2} for one in ("omgaan", "gesprek")]
    tracker = Tracker("iemand", {}, {**MISS, "topics": likely}, [{"event": "user"}], False, None, {}, "action_listen")
    events = asyncio.run(OfferChoices().run(CollectingDispatcher(), tracker, {}))
    assert [(event["name"], event["value"]) for event in events] == [("behaviour", "faalangst")]
