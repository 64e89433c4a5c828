"""From a place to its region: every gemeente, place and postcode, and how people really write them."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from steunwijzer import cli_regions, region_check, regions
from steunwijzer.place_finder import find_place
from steunwijzer.regions import DATA


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GEMEENTEN = {row["code"]: row for row in rows("gemeenten.csv")}
REGION_OF = {code: row["region"] for code, row in GEMEENTEN.items()}

# Written by hand for this test: misspelling, and what was meant.
MISSPELLINGS = """amsterdan Amsterdam|roterdam Rotterdam|utregt Utrecht|eindhofen Eindhoven|gronningen Groningen|almeere Almere|breeda Breda
nijmeegen Nijmegen|ensgede Enschede|apeldorn Apeldoorn|haarlen Haarlem|arnem Arnhem|amersfort Amersfoort|zaandan Zaandam|zwole Zwolle
swolle Zwolle|zoetemeer Zoetermeer|leidn Leiden|dordrect Dordrecht|mastricht Maastricht|deventr Deventer|delfd Delft|heereveen Heerenveen
leewarden Leeuwarden|roosendal Roosendaal|hilverum Hilversum|doetichem Doetinchem|doetinghem Doetinchem|culenborg Culemborg
zalbommel Zaltbommel|wageninge Wageningen|veenendaa Veenendaal|oisterwik Oisterwijk|waalwyk Waalwijk|gorichem Gorinchem
vlissinge Vlissingen|terneuse Terneuzen|middleburg Middelburg|hogeveen Hoogeveen|emmem Emmen|hardenburg Hardenberg|stenwijk Steenwijk
kampn Kampen|lelistad Lelystad|venrai Venray|roermont Roermond|sitard Sittard|herlen Heerlen|kerkrde Kerkrade|weerd Weert|wijchem Wijchen
valkeswaard Valkenswaard|bokstel Boxtel|veggel Veghel|schinjdel Schijndel|beverwik Beverwijk|ijmuide IJmuiden|alkmar Alkmaar
schaagen Schagen|purmerent Purmerend|vollendam Volendam|niewegein Nieuwegein|houtn Houten|barneveldt Barneveld|winterswyk Winterswijk"""


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("Een", "Een"),
        ("dorp Een", "Een"),
        ("Een (Drenthe)", "Een"),
        ("Beek bij Nijmegen", "Beek (gemeente Berg en Dal)"),
        ("Bergen, die in Limburg", "Bergen (Limburg)"),
        ("nee wacht, Den Bosch bedoel ik, niet Den Haag", "'s-Hertogenbosch"),
        ("NEE TILBURG", "Tilburg"),
        ("coach in de buurt van 9712 aub", "Groningen"),
        ("9712 aub", "Groningen"),
        ("onze monteur, van garage Van Dijk uit Culemborg", "Culemborg"),
    ],
)
def test_a_sentence_tells_which_place_is_meant(written: str, label: str) -> None:
    found = find_place(written)
    assert found.kind == "found"
    assert found.place is not None
    assert found.place.label == label


@pytest.mark.parametrize("written", ["Een leerkracht vertelde iets", "hij werkt in een magazijn", "een vrouw", "in best lastige gesprekken"])
def test_everyday_words_are_no_place(written: str) -> None:
    assert find_place(written).kind == "unknown"


@pytest.mark.parametrize("written", ["Hasselt België", "Bergen, België", "ja echt belgie", "een garage in gent"])
def test_a_name_that_lies_here_too_is_abroad_with_its_country(written: str) -> None:
    assert find_place(written).kind == "foreign"


@pytest.mark.parametrize("code", GEMEENTEN)
def test_every_gemeente_gives_its_region_or_a_question_that_offers_it(code: str) -> None:
    row = GEMEENTEN[code]
    for written in {row["name"], row["shown_as"], row["shown_as"].upper(), f"gemeente {row['shown_as']}"}:
        result = find_place(written)
        if result.kind == "found":
            assert result.place is not None
            assert result.place.region.code == row["region"], written
        else:
            assert result.kind == "choose", written
            assert row["region"] in {option.region.code for option in result.options}, written


def test_a_cbs_name_with_addition_is_never_ambiguous() -> None:
    for row in GEMEENTEN.values():
        if row["name"].endswith(".)"):
            assert find_place(row["name"]).region is not None, row["name"]


def test_every_place_name_gives_its_region_or_the_right_question() -> None:
    meant: dict[str, set[str]] = {}
    for row in rows("woonplaatsen.csv"):
        meant.setdefault(row["name"], set()).add(REGION_OF[row["gemeente"]])
    assert len(meant) == 2427
    for name, wanted in meant.items():
        result = find_place(name)
        if result.kind == "found":
            assert result.place is not None
            assert {result.place.region.code} == wanted, name
        elif name == "Nederland":
            assert result.kind == "confirm"
        else:
            assert result.kind == "choose", name
            assert wanted <= {option.region.code for option in result.options}, name


def test_every_postcode_gives_its_region_or_asks_the_gemeente() -> None:
    asked = 0
    codes = rows("postcodes.csv")
    assert len(codes) == 4079
    for row in codes:
        touched = {REGION_OF[code] for code in (row["gemeente"], *filter(None, row["partly_in"].split(";")))}
        for written in (row["postcode4"], row["postcode4"] + "AB", row["postcode4"] + " zx"):
            result = find_place(written)
            if len(touched) == 1:
                assert result.region is not None, written
                assert result.region.code in touched, written
            else:
                assert result.kind == "choose", written
                assert {option.region.code for option in result.options} == touched, written
        asked += len(touched) > 1
    assert asked == 28


def test_every_offered_choice_leads_to_itself_when_typed() -> None:
    names = {row["shown_as"] for row in GEMEENTEN.values()} | {row["name"] for row in rows("woonplaatsen.csv")} | {"Drenthe"}
    names |= {row["postcode4"] for row in rows("postcodes.csv") if row["partly_in"]}
    for name in sorted(names):
        result = find_place(name)
        for option in result.options if result.kind == "choose" else ():
            again = find_place(option.label)
            assert again.region == option.region, (name, option.label, again)


def test_abolished_gemeenten_lead_to_the_one_they_are_now() -> None:
    for row in rows("aliases.csv"):
        result = find_place(row["alias"])
        assert REGION_OF[row["gemeente"]] in {option.region.code for option in result.options} | {result.region and result.region.code}
    aalburg = find_place("Aalburg")
    assert aalburg.gemeente is not None
    assert aalburg.gemeente.name == "Altena"


def test_misspellings_are_right_or_confirmed() -> None:
    cases = [case.rsplit(" ", 1) for case in MISSPELLINGS.replace("\n", "|").split("|")]
    assert len(cases) >= 60
    wrong = []
    for written, meant in cases:
        result = find_place(written)
        if meant not in {option.name for option in result.options} | {result.place.name if result.kind == "found" and result.place else ""}:
            wrong.append(written)
        # A guess is never taken without asking.
        assert result.kind != "found" or result.place is not None and result.place.name == meant, written
    assert len(wrong) <= 0.05 * len(cases), wrong


@pytest.mark.parametrize(
    ("written", "region"),
    [
        ("we zitten in tiel", "Rivierenland"),
        ("Mijn bedrijf staat in Oosterhout in Gelderland", "Midden-Gelderland"),
        ("oosterhout, brabant", "West-Brabant"),
        ("is er een coach in Leiden", "Holland Rijnland"),
        ("ik wil iemand spreken in best", "Zuidoost-Brabant"),
        ("den haag", "Haaglanden"),
        ("'s Gravenhage", "Haaglanden"),
        ("shertogenbosch", "Noordoost-Brabant"),
        ("DEN BOSCH", "Noordoost-Brabant"),
        ("st. oedenrode", "Noordoost-Brabant"),
        ("Capelle a/d IJssel", "Rijnmond"),
        ("sudwest fryslan", "Friesland"),
        ("Ljouwert", "Friesland"),
        ("Assen", "Groningen"),
        ("Meppel", "Regio Zwolle"),
        ("Zeewolde", "Veluwe Stedendriehoek"),
        ("het Harde", "Regio Zwolle"),
        ("Twente", "Twente"),
        ("arbeidsmarktregio Zuid-Limburg", "Zuid-Limburg"),
        ("4001 AB Tiel", "Rivierenland"),
        ("7411 kt", "Veluwe Stedendriehoek"),
        ("Bergen (Limburg)", "Noord-Limburg"),
        ("bergen nh", "Noord-Holland Noord"),
        ("Hengelo (gemeente Bronckhorst)", "Achterhoek"),
        ("elst utrecht", "FoodValley"),
    ],
)
def test_people_write_places_in_many_ways(written: str, region: str) -> None:
    result = find_place(written)
    assert result.kind == "found"
    assert result.region is not None
    assert result.region.name == region


@pytest.mark.parametrize(
    "name", ["Bergen", "Hengelo", "Laren", "Beek", "Hoorn", "Buren", "Oosterhout", "Noordwijk", "Zevenhuizen", "Drenthe"]
)
def test_names_in_several_regions_are_asked(name: str) -> None:
    result = find_place(name)
    assert result.kind == "choose"
    assert result.question
    assert len({option.label for option in result.options}) == len(result.options) >= 2


@pytest.mark.parametrize(
    ("written", "country"), [("Antwerpen", "België"), ("we zitten in Duitsland", "Duitsland"), ("Bergen in Noorwegen", "Noorwegen")]
)
def test_places_abroad_are_said_to_be_so(written: str, country: str) -> None:
    result = find_place(written)
    assert (result.kind, result.country) == ("foreign", country)
    assert country in result.question


@pytest.mark.parametrize(
    "written",
    [
        *("", "ja", "nee", "weet ik niet", "liever niet", "dat kan leiden tot problemen", "hij moet kampen met stress", "heel nederland"),
        *("qwertyuiop", "hij zei in 2026 al", "0612345678", "jan@voorbeeld.nl", "9400", "brabant", "😀"),
        "Wij overwegen dit op intranet te zetten",
    ],
)
def test_what_is_no_place_is_asked_again(written: str) -> None:
    assert find_place(written).kind == "unknown"


@given(st.text(max_size=80))
def test_any_text_gets_an_answer(text: str) -> None:
    result = find_place(text)
    assert result.kind in ("found", "confirm", "choose", "foreign", "unknown")
    assert (result.region is not None) == (result.kind == "found")


def test_regions_and_gemeenten_can_be_looked_up() -> None:
    assert len(regions.regions()) == 35
    rivierenland = regions.region("rivierenland")
    assert rivierenland is not None
    assert rivierenland == regions.region("AM10")
    assert "Tiel" in {gemeente.shown_as for gemeente in regions.gemeenten_of("AM10")}
    assert sum(len(regions.gemeenten_of(region.code)) for region in regions.regions()) == 342
    assert regions.gemeente("Bergen") is None
    bergen = regions.gemeente("Bergen (L.)")
    assert bergen is not None
    assert bergen.shown_as == "Bergen"


def test_the_check_command_finds_nothing_wrong() -> None:
    result = CliRunner().invoke(cli_regions.app, ["check"])
    assert result.exit_code == 0, result.output
    assert "In orde" in result.output


def test_the_check_finds_what_is_wrong(tmp_path: Path) -> None:
    shutil.copytree(DATA, tmp_path / "regions")
    for name, old, new in [
        ("gemeenten.csv", "GM0014,Groningen,Groningen,,AM01", "GM0014,Groningen,Groningen,,AM04"),
        ("postcodes.csv", "1011,GM0363", "1011,GM9999"),
    ]:
        path = tmp_path / "regions" / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    faults = " ".join(region_check.check(tmp_path / "regions"))
    assert "Groningen hoort bij een onbekende regio" in faults
    assert "1011 ligt in een onbekende gemeente" in faults
