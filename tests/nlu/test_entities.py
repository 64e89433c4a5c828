"""Entities by gazetteer and pattern."""

from __future__ import annotations

import pytest

from nlu.entities import find


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("we zitten in tiel", [("place", "Tiel")]),
        ("S GRAVENHAGE", [("place", "Den Haag")]),
        ("den bosch", [("place", "Den Bosch")]),
        ("wij zijn gevestigd te Best", [("place", "Best")]),
        ("het gaat best goed met ie", []),
        ("een winkel met een balk en een hoek", []),
        ("hij werkt in een magazijn", []),
        ("een leerkracht vertelde in een functioneringsgesprek iets", []),
        ("een", []),
        ("wij zitten in het dorp Een", [("place", "Een")]),
        ("in best lastige gesprekken", []),
        ("best", []),
        ("Jan de Vries", []),
        ("Den Bosch bedoel ik, niet Den Haag", [("place", "Den Bosch")]),
        ("een coach in de buurt van 9712 aub", [("postcode", "9712")]),
        ("7411 KT", [("postcode", "7411 KT")]),
        ("onze postcode is 6811ab", [("postcode", "6811AB")]),
        ("4001", [("postcode", "4001")]),
        ("sinds 2019 werkt hij hier voor 2400 euro", []),
        ("welke coach is er in de regio rijk van nijmegen", [("region", "Rijk van Nijmegen")]),
        ("bel 06-12345678 of mail jan@bakkerij.nl", [("phone", "06-12345678"), ("email", "jan@bakkerij.nl")]),
        ("kan het volgende week dinsdag", [("date", "volgende week")]),
        ("hij is zo impulsief", [("behaviour", "impulsiviteit")]),
        ("ze is snel afgeleid", [("behaviour", "concentratie")]),
        ("hij durft niets", [("behaviour", "faalangst")]),
        ("en bij iemand die er alles uitflapt", [("behaviour", "impulsiviteit")]),
        ("hij flapt er van alles uit", [("behaviour", "impulsiviteit")]),
        ("ze klapt helemaal dicht", [("behaviour", "faalangst")]),
        ("hij is nooit bij de les, of beter: niet bij de les", [("behaviour", "concentratie")]),
        ("", []),
    ],
)
def test_find(text: str, expected: list[tuple[str, str]]) -> None:
    found = [(mention.kind, mention.value) for mention in find(text)]
    assert [one for one in found if one in expected] == expected
    assert all(kind == "date" for kind, _ in set(found) - set(expected))


def test_positions_point_into_the_text() -> None:
    text = "Wij zitten in Hellendoorn, 7447 AB, bel 0548 123456"
    for mention in find(text):
        assert text[mention.start : mention.end].casefold().replace(" ", "") == mention.value.casefold().replace(" ", "")


def test_a_huge_text_is_bounded() -> None:
    assert len(find("in tiel " * 100_000)) < 1000


def test_a_verb_behind_te_is_no_village() -> None:
    assert not [m for m in find("hij vergeet de ovens uit te zetten") if m.kind == "place"]
    assert [m.value for m in find("wij zitten te Zetten") if m.kind == "place"] == ["Zetten"]


def test_concentreren_names_the_behaviour() -> None:
    assert [m.value for m in find("ze heeft moeite met concentreren") if m.kind == "behaviour"] == ["concentratie"]
