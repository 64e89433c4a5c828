"""A message that asks for a person as well."""

from __future__ import annotations

import pytest

from actions.person import asks_for_person, with_coach
from steunwijzer.answers import answers, payload


@pytest.mark.parametrize(
    "text",
    [
        "mn verkoopster klapt dicht als er een rij staat. ik wil iemand spreken",
        "Hij loopt steeds weg bij kritiek, kan ik daar met iemand over praten?",
        "het gaat al weken mis in de keuken, kunt u mij bellen",
        "Wie kan ik bellen over een medewerker die niets meer afmaakt?",
        "ze vergeet alles, ik zou graag een coach willen spreken",
        "graag wil ik iemand spreken over mijn magazijnmedewerker die boos wordt",
        "hij viel weer uit tegen een klant, ik wil nu iemand aan de lijn",
        "kan er iemand langskomen, onze receptioniste durft geen telefoon meer op te nemen",
        "Kan er misschien iemand met ons meedenken? Hij vergeet elke dag de helft.",
        "kan er iemand naar ons bedrijf komen om te kijken waarom hij steeds wegloopt",
        "bel me even, hij durft de kassa niet op",
    ],
)
def test_asked(text: str) -> None:
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "ze wil met iemand praten over haar werk, wat doe ik",
        "hij durft de klant niet te bellen",
        "mijn medewerker wil niet met mij praten",
        "hoe kan ik met haar praten over haar fouten",
        "kan ik hem vragen om een klant te bellen",
        "ik wil dat hij meer contact zoekt met collega's",
        "kan iemand met faalangst leren om klanten te bellen",
        "wanneer kan ik het beste met hem overleggen",
        "",
    ],
)
def test_not_asked(text: str) -> None:
    assert not asks_for_person(text)


def test_the_coach_comes_first_and_once() -> None:
    plain = payload(answers()["faalangst/omgaan"])
    text = "ze klapt dicht bij een rij. ik wil iemand spreken"
    said = with_coach(plain, text)
    assert said["text"].startswith("U wilt iemand spreken.") and said["text"].endswith(plain["text"])
    assert said["buttons"][0]["title"] == "Spreek een coach"
    assert [button["title"] for button in said["buttons"]].count("Spreek een coach") == 1
    assert said["sources"] == plain["sources"]
    assert with_coach(plain, "ze klapt dicht bij een rij") == plain
    crisis = payload(answers()["grens/crisis"])
    assert with_coach(crisis, text) == crisis
