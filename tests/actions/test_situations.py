"""Situations with an answer of their own: which messages tell of one, and which only sound like it."""

from __future__ import annotations

import pytest

from actions.situations import CONFUSED, DIED, LATE, POLICY, REFUSES, WEARY, fits, told_in
from nlu.topics import base_intent_of


def parsed(topic: str, sure: float) -> dict[str, object]:
    """How understanding gives a topic of which it is this sure."""
    area = topic.split("/")[0]
    return {
        "intent": {"name": base_intent_of(topic), "confidence": sure},
        "response_selector": {area: {"response": {"intent_response_key": topic}}},
    }


@pytest.mark.parametrize(
    "text",
    [
        "en als hij weigert?", "Wat als ze niet wil?", "en als ze dan nee zegt", "maar als mijn medewerker dat niet wil?", "hij wil niet",
        "wat als ze niet naar de bedrijfsarts wil", "hij wil geen hulp", "mijn medewerker wil niet meewerken aan een gesprek",
        "ze weigert elk gesprek", "hij wil er niet over praten", "ze zegt dat er niks aan de hand is", "hij staat er niet voor open",
        "wat doe ik als hij niks wil zeggen", "hij weigert een coach", "en als hij weigert om het anders te doen",
        "en als ze zegt dat er niks is",
    ],
)
def test_somebody_does_not_want_to(text: str) -> None:
    assert told_in(text) == REFUSES


@pytest.mark.parametrize(
    "text",
    [
        "ik wil geen gesprek met een coach", "we willen geen hulp van buiten", "ik wil niet dat hij mee moet naar het gesprek",
        "hij durft niet te praten in de groep", "mijn medewerker wil graag hulp", "de klant weigert te betalen", "ze wil alles perfect doen",
        "jobcoach weigering uwv wat nu", "mag ik weigeren om te vertellen wat ik heb", "hij wil niet meer mee lunchen", "ik wil haar niet kwijt",
        "en als de bedrijfsarts nee zegt", "wat als de gemeente weigert",
    ],
)
def test_no_refusal_of_talk_or_help(text: str) -> None:
    assert told_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "mijn medewerker hoort stemmen", "een collega praat wartaal en ziet dingen die er niet zijn", "hij is helemaal in de war vandaag",
        "hij denkt dat de camera's hem afluisteren", "sinds maandag denkt ze dat we haar vergiftigen", "ze weet niet meer waar ze is",
        "sinds een week is ze heel achterdochtig",
        "hij gelooft dat hij jezus is", "ze komt heel verward over",
    ],
)
def test_somebody_is_confused(text: str) -> None:
    assert told_in(text) == CONFUSED


@pytest.mark.parametrize(
    "text",
    [
        "hij haalt de bestellingen in de war", "de volgorde is steeds in de war", "ik raak er zelf van in de war",
        "hij hoort stemmen op de gang en is afgeleid",
        "ze haalt de maten door elkaar",
    ],
)
def test_muddled_work_is_no_confusion(text: str) -> None:
    assert told_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "onze collega heeft vorige week zelfmoord gepleegd, hoe vang ik het team op", "een medewerker van mij is overleden, het team is kapot",
        "een van onze chauffeurs is gisteren verongelukt", "hij is uit het leven gestapt, wat zeg ik tegen de rest",
        "hoe help ik het team na de dood van een collega",
    ],
)
def test_somebody_died(text: str) -> None:
    assert told_in(text) == DIED


@pytest.mark.parametrize(
    "text",
    [
        "hij dreigt dat hij straks zelfmoord heeft gepleegd", "zijn vader is overleden en hij kan zich niet concentreren",
        "ze wil uit het leven stappen",
        "ik ben bang dat hij zelfmoord pleegt", "mijn broer heeft zelfmoord gepleegd en ik denk er zelf ook steeds aan",
        "hij zegt dat hij straks dood is",
    ],
)
def test_a_threat_or_grief_is_no_death_at_work(text: str) -> None:
    assert told_in(text) is None


def test_a_clear_subject_goes_before_a_refusal() -> None:
    long = "hoe werkt loonkostensubsidie voor een medewerker die zelf geen gesprek met de gemeente wil voeren"
    assert not fits(REFUSES, long, parsed("regeling/loonkostensubsidie", 0.9))
    assert fits(REFUSES, "hij wil niet", parsed("dialoog/nee", 0.9))
    assert not fits(CONFUSED, "ze hoort stemmen en heeft een mes", parsed("grens/crisis", 0.99))
    assert not fits(REFUSES, "ze is nu razend en wil niet luisteren", parsed("impulsiviteit/escalatie", 0.9))
    assert fits(CONFUSED, "mijn medewerker hoort stemmen", parsed("preventie/rollen", 0.9))
    assert not fits(CONFUSED, "twee dossiers verwisseld en zelf helemaal in de war", parsed("concentratie/escalatie", 0.9))
    assert not fits(DIED, "collega is overleden, hoeveel dagen verlof voor de begrafenis", parsed("grens/buiten_bereik", 0.9))


@pytest.mark.parametrize(
    "text", ["ik trek het niet meer", "ik ben op", "ik zit zelf aan mijn tax", "ik zie het niet meer zitten", "het wordt me te veel"]
)
def test_the_writer_cannot_go_on(text: str) -> None:
    assert told_in(text) == WEARY


@pytest.mark.parametrize("text", ["ik trek het niet meer met hem", "ik ben op zoek naar een coach", "mijn medewerker trekt het niet meer"])
def test_somebody_else_wears_the_writer_out(text: str) -> None:
    assert told_in(text) != WEARY


@pytest.mark.parametrize("text", ["hij komt steeds te laat", "weer te laat vanmorgen!!", "stukadoor, komt elke dag een half uur te laat"])
def test_somebody_comes_late(text: str) -> None:
    assert told_in(text) == LATE


@pytest.mark.parametrize("text", ["ben ik te laat met de ziekmelding", "de klant betaalt te laat", "is het te laat om lkv aan te vragen"])
def test_papers_that_are_late(text: str) -> None:
    assert told_in(text) != LATE


def test_rules_for_danger_are_no_danger() -> None:
    text = "hoe ga ik om met suicidale gedachten bij personeel, we willen een protocol maken"
    assert told_in(text) == POLICY
    assert fits(POLICY, text, parsed("grens/crisis", 0.99))
    assert told_in("mijn medewerker heeft suicidale gedachten, wat is het protocol") is None


@pytest.mark.parametrize(
    ("text", "last", "situation"),
    [
        ("en bellen mag dat", "preventie/ziekmelding", "situatie/contact"),
        ("mogen collega's haar appen nu ze ziek is", None, "situatie/contact"),
        ("wie kan ik bellen", "privacy/vragen", None),
        ("mag ik zijn vrouw bellen", "preventie/ziekmelding", "situatie/naasten"),
        ("kan iemand mij bellen", "preventie/ziekmelding", None),
        ("wat voor contract raadt u aan", None, "situatie/contract"),
        ("wat voor contract dan", "regeling/proefplaatsing", None),
        ("welk contract loopt er af", None, None),
        ("ik ben het zat met dat mens", None, "situatie/zat"),
        ("heeft dat uberhaupt nog zin", None, "situatie/zat"),
        ("wat een kutdag", None, "situatie/zat"),
        ("hij heeft genoeg geslapen", None, None),
    ],
)
def test_contact_a_contract_and_having_had_enough(text: str, last: str | None, situation: str | None) -> None:
    assert told_in(text, last) == situation


@pytest.mark.parametrize(
    ("text", "fits_not"),
    [
        ("ja maar daar heb ik geen tijd voor", True),
        ("ja maar ik heb dus om 4 uur snachts geen tijd voor gesprekjes", True),
        ("dat gaat bij ons niet werken", True),
        ("makkelijk gezegd", True),
        ("klinkt leuk maar in de praktijk lukt dat nooit", True),
        ("dat kan niet in de horeca", True),
        ("ik kan daar niet de hele dag naast blijven staan", True),
        ("heb ik geen geld voor", True),
        ("daar heeft hij geen tijd voor zegt hij", True),
        ("dat werkt goed", False),
        ("hij heeft geen tijd om te pauzeren", False),
        ("dat lukt hem niet zonder hulp van een coach, kan die komen", False),
        ("wie heeft er geen tijd voor gekregen", False),
    ],
)
def test_advice_that_does_not_fit_the_work(text: str, fits_not: bool) -> None:
    assert (told_in(text, "faalangst/omgaan") == "situatie/kan_niet") is fits_not
    assert told_in(text, "regeling/proefplaatsing") != "situatie/kan_niet"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Ik wil de leidinggevende een mail sturen, kunt u die schrijven?", True),
        ("kun je dat in een mailtje zetten voor de wg", True),
        ("zet dat eens in een mail aan mijn teamleider", True),
        ("kan je daar een appje van maken", True),
        ("kan de coach mij mailen", False),
        ("stuur mij het gesprek per mail", False),
        ("hij schrijft boze mails aan klanten", False),
        ("hij maakt fouten in elke mail", False),
        ("kan mijn medewerker die mail zelf schrijven", False),
        ("mijn medewerker durft geen mail te schrijven", False),
    ],
)
def test_the_answer_in_a_mail(text: str, meant: bool) -> None:
    assert (told_in(text, "preventie/terugval") == "situatie/mail") is meant
    assert told_in(text) != "situatie/mail"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("mag ik zijn moeder bellen", True),
        ("moet ik haar ouders inlichten", True),
        ("kan ik met zijn vrouw praten over hoe het gaat", True),
        ("zal ik anders een keer de familie opbellen?", True),
        ("mag ik dit vertellen aan haar partner", True),
        ("zijn vrouw belt mij steeds op", True),
        ("haar man wil weten hoe het op het werk gaat", True),
        ("mag ik mijn vrouw meenemen naar het gesprek", False),
        ("zijn moeder is overleden, mag ik hem vrij geven", False),
        ("mag ik hem bellen", False),
        ("ze moet haar moeder verzorgen", False),
        ("mijn partner werkt ook in de zaak en wil weten of er subsidie is", False),
    ],
)
def test_calling_family(text: str, meant: bool) -> None:
    assert (told_in(text, "preventie/signalen") == "situatie/naasten") is meant


@pytest.mark.parametrize("text", ["en als die dan niks terugstuurt?", "en als hij niet terugbelt", "ik hoor niks van haar"])
def test_no_answer_from_somebody_who_is_ill(text: str) -> None:
    assert told_in(text, "situatie/contact") == "situatie/contact"
