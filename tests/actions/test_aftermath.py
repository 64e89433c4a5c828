"""What a message after one about danger means."""

from __future__ import annotations

import pytest

from actions import aftermath


def parsed(topic: str, confidence: float = 0.9) -> dict[str, object]:
    from connectors.parses import parse_for_topic

    parse = parse_for_topic("", topic)
    parse["intent"]["confidence"] = confidence
    return parse


@pytest.mark.parametrize(
    "text",
    [
        "het gaat nu weer goed", "ze is nu veilig bij haar man", "de politie is geweest, alles is weer rustig", "opgelost",
        "de ambulance is er", "ze is in goede handen", "vals alarm", "alles weer in orde gelukkig",
        "politie heeft hem meegenomen", "hij is gevonden", "nu is ie rustig", "er is geen enkel gevaar",
    ],
)  # fmt: skip
def test_it_is_over(text: str) -> None:
    assert aftermath.is_over(text)


@pytest.mark.parametrize("text", ["het gaat niet goed", "hij is niet veilig", "hij is nu weg", "wat nu", "hij neemt niet op", "ja", "wie bellen"])
def test_it_is_not_over(text: str) -> None:
    assert not aftermath.is_over(text)


@pytest.mark.parametrize(
    "text",
    [
        "hij heeft niet opgenomen", "hij heeft het mes meegenomen", "ik heb pillen in zijn kluisje gevonden", "de brief is gevonden",
        "ik heb zijn telefoon bij de brug gevonden", "hij heeft alles opgelost in water en opgedronken", "moet hij naar het ziekenhuis",
        "hij wil niet naar het ziekenhuis", "ik wil niet dat ze wordt opgenomen", "is hij nu veilig?", "is hij nu veilig",
        "we hebben hem nog niet gevonden", "hij is nog niet terecht", "de politie is er nog niet", "de ambulance is er niet",
        "hoe weet ik of het gevaar is voorbij", "het gaat wel maar hij wil nog steeds springen", "hij is dood gevonden",
        "als de politie er is gaat hij schieten", "hij is al uren weg en niet terecht",
    ],
)  # fmt: skip
def test_the_words_of_an_end_in_a_question_a_denial_or_about_a_thing_are_none(text: str) -> None:
    assert not aftermath.is_over(text)


@pytest.mark.parametrize(
    "text",
    [
        "we hebben hem gevonden", "zijn vrouw heeft hem gevonden, hij zit nu bij haar thuis", "hij is terecht", "zijn broer heeft hem opgehaald",
        "hij ligt in het ziekenhuis", "ze is opgenomen", "het is opgelost gelukkig", "hij is met de ambulance meegenomen", "hij is veilig thuis",
    ],
)  # fmt: skip
def test_somebody_is_found_or_taken_care_of(text: str) -> None:
    assert aftermath.is_over(text)


@pytest.mark.parametrize("text", ["ik bedoel dat hij het echt gaat doen", "hij bedoelt het serieus", "ik bedoel wat moet ik nu doen"])
def test_who_makes_it_clearer_did_not_mean_something_else(text: str) -> None:
    assert not aftermath.was_meant_otherwise(text)


def test_help_that_does_not_come_is_no_help() -> None:
    assert not aftermath.help_comes("de ambulance komt niet")
    assert not aftermath.help_comes("de huisarts is nog niet onderweg")


@pytest.mark.parametrize("text", ["nee ik bedoel in het project, niet in het leven", "nee hij bedoelde de vergadering", "met haar stage bedoel ik"])
def test_it_was_meant_otherwise(text: str) -> None:
    assert aftermath.was_meant_otherwise(text)


@pytest.mark.parametrize("text", ["112 is gebeld", "de ambulance is onderweg, wat nu", "ik heb net de politie gebeld", "de huisarts komt eraan"])
def test_help_comes_and_it_is_not_over(text: str) -> None:
    assert aftermath.help_comes(text)
    assert not aftermath.is_over(text)


def test_who_goes_there_is_still_in_it() -> None:
    assert aftermath.belongs(parsed("dialoog/afscheid"), "ik ga er meteen heen")
    assert not aftermath.is_over("de ambulance is er maar hij wil zichzelf ophangen")


def test_the_life_is_what_was_meant() -> None:
    assert not aftermath.was_meant_otherwise("ja leven bedoelt hij")
    assert not aftermath.was_meant_otherwise("nee hij bedoelt dat hij niet meer wil leven")


@pytest.mark.parametrize("topic", ["dialoog/ja", "vervolg/omgaan", "impulsiviteit/escalatie", "coach/terugbellen", "grens/buiten_bereik"])
def test_these_topics_belong_to_it(topic: str) -> None:
    assert aftermath.belongs(parsed(topic), "en nu")


def test_another_clear_question_does_not() -> None:
    assert not aftermath.belongs(parsed("regeling/proefplaatsing"), "hoe werkt een proefplaatsing")
    assert aftermath.belongs(parsed("regeling/proefplaatsing", 0.4), "hoe werkt dat")
    assert aftermath.belongs(parsed("privacy/vragen"), "mag ik haar man bellen")


@pytest.mark.parametrize("text", [
    "hij is dood gevonden", "ze is vannacht overleden", "hij heeft zich van het leven beroofd", "onze kok is gestorven",
])
def test_somebody_has_died(text: str) -> None:
    assert aftermath.has_died(text)


@pytest.mark.parametrize("text", [
    "ik denk dat hij dood is", "is hij dood?", "hij wil dood", "ze was bijna dood", "als hij dood is", "hij is niet dood",
])
def test_what_is_feared_is_no_death(text: str) -> None:
    assert not aftermath.has_died(text)


@pytest.mark.parametrize("text", ["ik wil niet meer leven", "ik kan niet meer", "voor mij hoeft het niet meer", "ik doe mezelf wat aan"])
def test_the_writer_is_in_danger(text: str) -> None:
    assert aftermath.is_about_self(text)


@pytest.mark.parametrize("text", ["mijn medewerker zegt: ik wil niet meer leven", "hij wil dood", "ik ben bang dat ze er een eind aan maakt"])
def test_somebody_else_is_in_danger(text: str) -> None:
    assert not aftermath.is_about_self(text)


@pytest.mark.parametrize("text", ["oké ze is rustig. en nu?", "hij is veilig thuis, hoe nu verder?", "de politie is geweest en nu"])
def test_a_question_after_the_news_takes_nothing_from_it(text: str) -> None:
    assert aftermath.is_over(text)
