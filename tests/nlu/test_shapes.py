"""Topics that the shape of a message rules out."""

from __future__ import annotations

import pytest

from nlu.shapes import PERSON, ruled_out


@pytest.mark.parametrize(
    "text", ["mag ik haar man bellen", "wie moet ik bellen", "kan jij hem bellen", "bel ik die zelf?", "ik bel haar elke ochtend"]
)
def test_who_wants_somebody_else_called_asks_for_no_coach(text: str) -> None:
    assert ruled_out(text) >= PERSON


@pytest.mark.parametrize(
    "text",
    ["kan iemand mij bellen", "kan ik een coach bellen", "bel mij maar", "kunt u mij bellen over mijn kapster", "mag ik u bellen"],
)
def test_who_asks_to_be_called_may_ask_for_a_coach(text: str) -> None:
    assert not ruled_out(text) & PERSON


def test_again_and_stop_are_commands_only_by_themselves() -> None:
    assert "dialoog/opnieuw" in ruled_out("moet dat elk jaar opnieuw?")
    assert "dialoog/stop" in ruled_out("hij stopt er halverwege de klus altijd weer mee")
    for text in ("opnieuw beginnen", "kunnen we hiermee stoppen? ik heb een klant", "ik zat in de verkeerde vragenlijst, helemaal opnieuw graag"):
        assert not ruled_out(text) & {"dialoog/opnieuw", "dialoog/stop"}


@pytest.mark.parametrize(
    "text", ["mijn fietsenmaker praat tegen zichzelf", "ik ben zorgmanager en ze huilt", "onze stagiaire zegt niks meer", "in ons team zit iemand",
     "hoi ik ben coach in twente, mijn client krijgt elke week een beoordeling", "ik ben jobcoach en de baas wil geen aanpassing"],
)
def test_who_speaks_of_own_staff_is_no_employee(text: str) -> None:
    assert "grens/werknemer" in ruled_out(text)


@pytest.mark.parametrize("text", ["mijn leidinggevende pest mij", "mijn werkgever wil niks aanpassen", "ik ben zelf ziek en mijn chef belt elke dag"])
def test_who_speaks_of_an_own_boss_may_be_one(text: str) -> None:
    assert "grens/werknemer" not in ruled_out(text)


@pytest.mark.parametrize("text", ["ze wil niet", "mag ik nee zeggen", "is dat niet gevaarlijk", "hij zegt ja ja en doet het weer"])
def test_a_question_or_what_another_does_is_no_yes_or_no(text: str) -> None:
    assert ruled_out(text) >= {"dialoog/ja", "dialoog/nee"}


@pytest.mark.parametrize("text", ["nee hij is niet ziek", "ja dat klopt", "dat hoeft niet", "liever niet", "ja graag"])
def test_a_yes_or_no_may_tell_more(text: str) -> None:
    assert not ruled_out(text) & {"dialoog/ja", "dialoog/nee"}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("want die moet er toch rekening mee houden", "dialoog/stop"), ("hoe stop ik dat", "dialoog/stop"),
        ("houdt het een keer op", "dialoog/stop"), ("tot hoe hoog", "dialoog/afscheid"), ("moet ik erlangs", "dialoog/afscheid"),
        ("en morgen?", "dialoog/groet"), ("onze medewerker is al begonnen kan dat dan nog", "opvolging/checkin"),
    ],
)  # fmt: skip
def test_a_question_is_no_greeting_leave_or_stop(text: str, topic: str) -> None:
    assert topic in ruled_out(text)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("hoe stop ik dit gesprek", "dialoog/stop"), ("kan ik hier stoppen", "dialoog/stop"), ("ik haak hier even af", "dialoog/stop"),
        ("tot morgen dan", "dialoog/afscheid"), ("goedemorgen, bent u er al", "dialoog/groet"),
    ],
)  # fmt: skip
def test_a_greeting_leave_or_stop_is_one(text: str, topic: str) -> None:
    assert topic not in ruled_out(text)


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("onze stagiaire wil een contract maar ik twijfel", True),
        ("wat voor contract raadt u aan", True),
        ("niet ontslag, ik wil haar juist houden", True),
        ("ik wil hem helemaal niet ontslaan", True),
        ("ze krijgt geen nieuw contract, hoe zeg ik dat", False),
        ("welk contract mag ik laten aflopen", False),
        ("kan ik haar niet gewoon ontslaan", False),
        ("dreigt met ontslag als hij geen vast contract krijgt", False),
    ],
)
def test_giving_a_contract_is_no_dismissal(text: str, out: bool) -> None:
    assert ("grens/ontslag" in ruled_out(text)) is out


def test_calling_somebody_who_is_ill_asks_for_no_coach() -> None:
    assert ruled_out("en bellen mag dat") >= PERSON
    assert not ruled_out("bellen mag je mij op dit nummer") & PERSON


def test_praise_of_an_employee_and_a_question_about_a_relative() -> None:
    assert "bot/compliment" in ruled_out("hij is wel een goeie monteur hoor")
    assert "bot/compliment" not in ruled_out("goed antwoord zeg, daar kan ik wat mee")
    assert "bot/wie_ben_je" in ruled_out("en zijn vrouw?")
    assert "bot/wie_ben_je" not in ruled_out("en wie ben jij dan")
