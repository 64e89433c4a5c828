"""What the router counts of a turn, and what a pressed button means."""

from __future__ import annotations

from typing import Any

import pytest

from connectors.choices import button_choice, noise, ordinal_choice, without_lead
from connectors.parses import parse_for_topic
from connectors.router import Router, use_of
from nlu.topics import TOPICS
from steunwijzer.answers import answers, payload

MISS = {"intent": {"name": "nlu_fallback"}, "topics": [{"topic": "ips/kosten", "confidence": 0.2}]}


@pytest.mark.parametrize(
    ("topics", "understood", "asked", "counted"),
    [
        (["faalangst/gesprek"], "vervolg/gesprek", True, ("topic", "faalangst/gesprek")),
        ([], "coach/spreken", True, ("topic", "coach/spreken")),
        (["dialoog/groet"], "dialoog/groet", True, None),
        # an answer to a step that resembles a topic, the end of a flow, and a question in between
        ([], "ips/kosten", False, None),
        (["werkafspraken/opstellen"], "dialoog/ja", False, None),
        (["regeling/no_riskpolis"], "regeling/no_riskpolis", False, ("topic", "regeling/no_riskpolis")),
    ],
)
def test_use_of_a_turn(topics: list[str], understood: str, asked: bool, counted: Any) -> None:
    messages = [{"text": "…", "topic": topic} for topic in topics]
    assert use_of(messages, parse_for_topic("geheim", understood), asked=asked) == counted


def test_a_miss_counts_for_what_it_resembles() -> None:
    offered = [{"text": "Gaat het hierover?", "offered_choices": True}]
    assert use_of(offered, MISS, asked=True) == ("unanswered", "ips/kosten")
    assert use_of(offered, {"topics": []}, asked=True) is None


def test_only_the_button_starts_the_finder_of_schemes() -> None:
    title = "Welke regelingen passen bij mij?"
    button = next(one for one in payload(answers()["regeling/overzicht"])["buttons"] if one["title"] == title)
    said = [{"title": button["title"], "value": button["payload"], "choice": button["choice"]}]
    message: Any = type("Said", (), {"sender": "assistant", "payload": {"buttons": said}})
    parsed = Router._chosen(button_choice([message], title)[1], title)
    assert parsed is not None
    assert parsed["intent"] == {"name": "start_schemes", "confidence": 1.0}
    assert Router._chosen({"start": "iets anders"}, title) is None
    with_start = {topic for topic in TOPICS for one in payload(answers()[topic])["buttons"] if "start" in one["choice"]}
    assert with_start == {"regeling/overzicht"}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("de eerste", "faalangst/gesprek"),
        ("2", "ips/kosten"),
        ("Doe maar de tweede graag.", "ips/kosten"),
        ("nummer 3", "coach/spreken"),
        ("de laatste", "coach/spreken"),
        ("optie 1 aub", "faalangst/gesprek"),
        ("4", "vraagt door"),
        ("de eerste keer was hij boos", None),
        ("2312", None),
    ],
)
def test_an_offered_choice_by_its_number(text: str, meant: str | None) -> None:
    offered = [{"title": topic, "value": topic, "choice": {"topic": topic}} for topic in ("faalangst/gesprek", "ips/kosten", "coach/spreken")]
    said: Any = type("Said", (), {"sender": "assistant", "payload": {"text": "Gaat het hierover?", "buttons": offered}})
    assert ordinal_choice([said], text) == ({"something_else": True} if meant == "vraagt door" else meant and {"topic": meant})


def test_the_first_of_a_list_is_no_button() -> None:
    buttons = [{"title": "a", "value": "a", "choice": {"topic": "ips/kosten"}}, {"title": "b", "value": "b", "choice": {"topic": "ips/kosten"}}]
    said: Any = type("Said", (), {"sender": "assistant", "payload": {"text": "Probeer dit:\n\n1. Vraag door\n2. Luister", "buttons": buttons}})
    assert ordinal_choice([said], "de eerste") == {"something_else": True}


@pytest.mark.parametrize(
    ("text", "kind"),
    [("???", "asks"), (".", "says nothing"), ("haha", "says nothing"), ("\U0001f642", "says nothing"), ("sorry", "says nothing"), ("hoezo", None)],
)
def test_a_message_without_words(text: str, kind: str | None) -> None:
    assert noise(text) == kind


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("nee niet ontslag, ik wil haar juist houden", "ik wil haar juist houden"),
        ("dat bedoelde ik niet, ik wil weten of hij mag rijden", "ik wil weten of hij mag rijden"),
        ("nee ik bedoel geen ontslag, gewoon duidelijk zijn", "duidelijk zijn"),
        ("nee dank u wel", None),
        ("dank je, nog iets anders: ik wil iemand via ips aannemen", "ik wil iemand via ips aannemen"),
        ("bedankt. en hoe vraag ik die subsidie aan", "en hoe vraag ik die subsidie aan"),
        ("dank je wel voor je hulp", None),
    ],
)
def test_what_follows_a_correction(text: str, rest: str | None) -> None:
    assert without_lead(text) == rest
