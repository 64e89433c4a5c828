"""Which words fit a message about danger."""

from __future__ import annotations

import pytest

from actions.danger_answers import SELF, VIOLENCE, asked, is_about_days_after, kind_of, message


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("wat zeg ik tegen hem", "gevaar/zeggen"), ("hoe vraag ik dat", "gevaar/zeggen"), ("mag ik zijn vrouw bellen", "gevaar/naaste"),
        ("moet ik haar moeder bellen", "gevaar/naaste"), ("hij neemt niet op", "gevaar/onbereikbaar"), ("ze is weg", "gevaar/onbereikbaar"),
        ("gordijnen dicht, niemand doet open", "gevaar/onbereikbaar"), ("het is mijn schuld", "gevaar/schuld"),
        ("hij zegt dat het een grapje was", "gevaar/grap"), ("moet ik politie bellen of overdrijf ik", "gevaar/twijfel"), ("hij huilt", None),
        ("mag ze naar huis", "gevaar/thuis"),
    ],
)  # fmt: skip
def test_what_is_asked_in_the_middle_of_danger(text: str, key: str | None) -> None:
    assert asked(text) == key


def test_who_is_in_danger() -> None:
    assert kind_of("ik wil niet meer leven") == SELF
    assert kind_of("hij staat met een mes te dreigen") == VIOLENCE
    assert kind_of("hij wil zichzelf van kant maken") is None
    assert kind_of("wat nu", VIOLENCE) == VIOLENCE
    assert kind_of("en als diegene dan zegt ik wil niet meer leven") is None


@pytest.mark.parametrize("text", ["wat vertel ik het team", "hoe ga ik morgen met hem om", "en de weken daarna", "wanneer kan hij weer beginnen"])
def test_the_time_after(text: str) -> None:
    assert is_about_days_after(text)


def test_the_first_words_name_whom_to_call() -> None:
    for text in ("ik wil niet meer leven", "hij staat met een mes te dreigen", "ze wil er een eind aan maken"):
        said = message(text, {})["text"]
        assert "112" in said and "113" in said
    assert "niet uw schuld" in message("ik voel me zo schuldig", {"danger": 2})["text"]
