"""Questions about the answer that was just given."""

from __future__ import annotations

import pytest

from actions import about_answer
from actions.in_short import shortened
from steunwijzer.answers import answers


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("welke bron is dat?", "sources"), ("waar staat dat", "sources"), ("klopt dat wel?", "sources"), ("klopt dat?", "sources"),
        ("is dat zo?", "sources"), ("is daar onderzoek naar gedaan", "sources"),
        ("korter", "short"), ("kunt u dat korter zeggen?", "short"), ("doe eens kort", "short"), ("samenvatting graag", "short"),
        ("voorbeeldzin graag", "example"), ("heeft u een voorbeeldzin voor het gesprek?", "example"),
    ],
)  # fmt: skip
def test_a_wish_about_the_answer_is_heard(text: str, wanted: str) -> None:
    assert about_answer.wish(text) == wanted


@pytest.mark.parametrize("text", ["waar staat dat hij recht op heeft in mijn cao", "hij werkt korter", "klopt", "voorbeeld", "onze bron valt weg"])
def test_other_messages_are_no_such_wish(text: str) -> None:
    assert about_answer.wish(text) is None


@pytest.mark.parametrize(
    ("topic", "text", "told"),
    [
        ("regeling/no_riskpolis", "en hoe lang loopt dat?", "vijf jaar"),
        ("regeling/no_riskpolis", "hoeveel krijg ik dan", "70 procent"),
        ("regeling/loonkostensubsidie", "wie vraagt dat aan", "gemeente"),
        ("regeling/loonkostensubsidie", "en wie bepaalt de loonwaarde", "loonwaarde"),
    ],
)
def test_a_short_question_is_answered_out_of_the_answer(topic: str, text: str, told: str) -> None:
    message = about_answer.reply(answers()[topic], text)
    assert message is not None and told in message["text"].lower()
    assert message["sources"] and message["topic"] == topic


def test_what_is_not_in_the_answer_is_not_made_up() -> None:
    message = about_answer.reply(answers()["regeling/no_riskpolis"], "geldt dat ook voor tijdelijke contracten?")
    assert message is not None
    assert message["text"].startswith("Dat staat niet")
    assert "UWV" in message["text"]


def test_that_a_helpline_is_free_does_not_say_who_pays() -> None:
    message = about_answer.reply(answers()["preventie/signalen"], "en wie betaalt dat")
    assert message is None or "113" not in message["text"]


def test_a_story_or_an_answer_about_behaviour_is_left_alone() -> None:
    assert about_answer.reply(answers()["faalangst/omgaan"], "hoe lang duurt dat") is None
    story = "mijn kapster durft sinds vorige week niet meer alleen te staan en belt mij elke dag op met vragen die ze best weet"
    assert about_answer.reply(answers()["regeling/no_riskpolis"], story) is None


@pytest.mark.parametrize(
    ("topic", "text", "told", "not_told"),
    [
        ("regeling/loonkostensubsidie", "hoelang krijg ik dat", "staat niet", "70 procent"),
        ("regeling/proefplaatsing", "moet ik dan loon betalen", "u betaalt niets", "staat niet"),
        ("preventie/ziekmelding", "hoe lang moet ik doorbetalen", "week 104", "staat niet"),
        ("regeling/no_riskpolis", "waar meldt hij dat", "UWV", "staat niet"),
        ("ips/uitleg", "wat kost dat ons?", "betaalt u", "betaald werk"),
    ],
)
def test_the_kind_of_fact_is_the_one_that_was_asked(topic: str, text: str, told: str, not_told: str) -> None:
    message = about_answer.reply(answers()[topic], text)
    assert message is not None and told in message["text"] and not_told not in message["text"]


def test_no_example_of_what_not_to_say_is_given_as_one() -> None:
    held, spoken = about_answer.example_for(answers()["privacy/vastleggen"])
    assert held.topic == "privacy/vragen" and spoken
    assert not any("Kan de drukte niet aan" in one for one in spoken)


def test_a_summary_is_shorter_and_says_the_same() -> None:
    answer = answers()["regeling/no_riskpolis"]
    short = shortened(answer)
    assert len(short) < 0.8 * len(answer.text)
    assert "**Hoeveel:** 70 procent" in short
    assert shortened(answers()["ips/uitleg"]).startswith("In het kort: IPS")


def test_a_label_in_a_summary_says_what_it_labels() -> None:
    assert "**Een jobcoach van buiten.** UWV of gemeente vergoedt die" in shortened(answers()["regeling/jobcoach"])
    assert "**Te veel tijd?** De IPS-trajectbegeleider helpt" in shortened(answers()["aannemen/twijfels"])
    assert "- Knip groot werk op" in shortened(answers()["faalangst/omgaan"])


def test_a_word_that_only_points_back_names_nothing_in_the_answer() -> None:
    message = about_answer.reply(answers()["regeling/jobcoach"], "interne jobcoach, wat krijgt een werkgever daarvoor")
    assert message is not None
    assert "interne jobcoach" in message["text"] and "Daarvoor gelden voorwaarden" not in message["text"]


def test_an_example_comes_from_the_talk_about_the_behaviour() -> None:
    held, spoken = about_answer.example_for(answers()["faalangst/herkennen"])
    assert held.topic.startswith("faalangst/")
    assert spoken and all(one.startswith(chr(34)) for one in spoken)


def test_sources_are_named_with_the_day_of_checking() -> None:
    said = about_answer.sources_of(answers()["regeling/no_riskpolis"])
    assert "http" in said and "2026" in said
    assert "geen bron" in about_answer.sources_of(answers()["dialoog/dank"])


def test_a_word_that_stands_further_on_brings_its_sentence_forward() -> None:
    answer = answers()["regeling/loonkostensubsidie"]
    assert "Wajong" in (about_answer.further_on(answer, "Wat is loondispensatie?") or "")
    assert about_answer.further_on(answer, "hoe werkt loonkostensubsidie") is None
    subsidy = answers()["regeling/overzicht"]
    assert about_answer.further_on(subsidy, "welke subsidie krijg ik voor een wajong uitkering") is None
    assert "93" in (about_answer.further_on(answers()["preventie/ziekmelding"], "wia aanvraag wanneer") or "")
