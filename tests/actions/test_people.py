"""Which of several employees a message is about."""

from __future__ import annotations

import pytest

from actions.people import clauses, meant, told

_TWO = told(
    told([], "faalangst/omgaan", "jongen van 19 in de bakkerij durft niks te vragen"),
    "impulsiviteit/omgaan",
    "en mijn verkoopster flapt alles eruit tegen klanten",
)


@pytest.mark.parametrize(
    ("text", "last", "behaviour"),
    [
        ("en die eerste, wat zeg ik daartegen", "impulsiviteit/omgaan", "faalangst"),
        ("en die andere dan", "impulsiviteit/omgaan", "faalangst"),
        ("wat zeg ik tegen hem", "impulsiviteit/omgaan", "faalangst"),
        ("wat zeg ik tegen haar", "impulsiviteit/omgaan", None),  # about her already
        ("wat doe ik met die van de bakkerij", "impulsiviteit/omgaan", "faalangst"),
        ("wat is de eerste stap", "impulsiviteit/omgaan", None),
        ("hoe begin ik het gesprek", "impulsiviteit/omgaan", None),
    ],
)
def test_who_is_meant(text: str, last: str, behaviour: str | None) -> None:
    assert meant(text, _TWO, last) == behaviour
    assert meant(text, _TWO[:1], last) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("De afwasser is bang voor alles en de serveerster loopt met haar hoofd in de wolken", 2),
        ("1 raakt steeds zijn gereedschap kwijt, de ander loopt weg als er kritiek komt", 2),
        ("hij is bang voor fouten en vergeet zijn lunch", 1),
        ("ze durft niks te vragen, wat kan ik doen", 1),
    ],
)
def test_people_in_one_message(text: str, number: int) -> None:
    assert len(clauses(text)) == number
