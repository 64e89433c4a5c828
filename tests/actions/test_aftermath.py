"""What a message after one about danger means."""

from __future__ import annotations

import pytest

from actions import aftermath


def parsed(topic: str, confidence: float = 0.9) -> dict[str, object]:
    from connectors.router import parse_for_topic

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
