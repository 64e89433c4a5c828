"""Two schemes or aids side by side."""

from __future__ import annotations

import pytest

from actions.compare import asked, meant, message, rest_of


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("verschil tussen loonkostensubsidie en loonkostenvoordeel", ("regeling/loonkostensubsidie", "regeling/loonkostenvoordeel")),
        ("harrie of mentorwijs, wat past bij ons?", ("instrument/harrie", "instrument/mentorwijs")),
        ("kan ik lks en een jobcoach combineren", ("regeling/loonkostensubsidie", "regeling/jobcoach")),
        ("hoe werkt loonkostensubsidie", ()),
        ("ik ben jobcoach. een werkgever vraagt of de no-riskpolis ook geldt na een jaar", ()),
        ("weet je of proefplaatsing ook kan, en wanneer komt de jobcoach", ()),
        ("welke subsidie of regeling is er", ()),
    ],
)
def test_what_is_wanted_side_by_side(text: str, topics: tuple[str, ...]) -> None:
    assert asked(text) == topics


def test_both_are_told_with_their_sources() -> None:
    told = message("kan ik lks en een jobcoach tegelijk krijgen")
    assert "**" in told["text"] and "samen kunnen" in told["text"]
    assert told["sources"] and len(told["buttons"]) == 2


@pytest.mark.parametrize(
    ("text", "topic", "rest"),
    [
        ("en de tweede dan", "regeling/proefplaatsing", ""),
        ("wat kost die eerste", "regeling/no_riskpolis", "wat kost "),
        ("en voor die andere?", "regeling/proefplaatsing", ""),
        ("kunnen ze allebei", "both", None),
        ("de eerste week is zwaar", None, None),
        ("hij is bang", None, None),
    ],
)
def test_one_of_two_that_were_compared(text: str, topic: str | None, rest: str | None) -> None:
    pair = ["regeling/no_riskpolis", "regeling/proefplaatsing"]
    assert meant(text, pair, "regeling/no_riskpolis") == topic
    assert meant(text, pair, "faalangst/omgaan") is None
    if rest is not None:
        assert rest_of(text).strip() == rest.strip()
