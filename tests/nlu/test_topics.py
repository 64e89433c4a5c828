"""The table of topics agrees with the domain, the rules, the examples and the answers."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from nlu.topics import (
    DANGER_ANSWERS,
    RETRIEVAL_INTENTS,
    SITUATIONS,
    STEERING,
    TOPICS,
    base_intent_of,
    intent_of,
    ranking_of,
    topic_of,
    topic_of_intent,
)
from steunwijzer.answers import answers

ROOT = Path(__file__).parents[2]


def test_there_are_ninety_two_topics_and_each_has_an_answer() -> None:
    assert len(TOPICS) == len(set(TOPICS)) == 92
    assert set(answers()) == {*TOPICS, *SITUATIONS, *DANGER_ANSWERS}


def test_every_topic_survives_the_way_to_rasa_and_back() -> None:
    for topic in TOPICS:
        assert topic_of_intent(intent_of(topic)) == topic
        assert (base_intent_of(topic) in RETRIEVAL_INTENTS) is (topic not in STEERING)
    with pytest.raises(KeyError):
        intent_of("weer/morgen")


def test_domain_knows_every_intent_and_response() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    assert {base_intent_of(topic) for topic in TOPICS} <= set(domain["intents"])
    assert {f"utter_{intent_of(topic)}" for topic in TOPICS} <= set(domain["responses"])


def test_reading_a_parsed_message() -> None:
    parsed = {
        "intent": {"name": "faalangst", "confidence": 0.8},
        "response_selector": {"faalangst": {"response": {"intent_response_key": "faalangst/gesprek"}}},
        "topics": [{"topic": "faalangst/gesprek", "confidence": 0.8}],
    }
    assert topic_of(parsed) == ("faalangst/gesprek", 0.8)
    assert ranking_of(parsed) == [("faalangst/gesprek", 0.8)]
    assert topic_of({"intent": {"name": "dialoog_ja", "confidence": 1.0}}) == ("dialoog/ja", 1.0)
    assert topic_of({"intent": {"name": "nlu_fallback", "confidence": 0.2}}) == (None, 0.2)
    assert topic_of({}) == (None, 0.0)
