"""Whether the region data is complete: every gemeente, place and postcode leads to its region."""

from __future__ import annotations

import csv
import re
from pathlib import Path

from steunwijzer.place_finder import find_place
from steunwijzer.regions import DATA, key_of, parts_of, place_data, rows_of


def check(data_folder: Path | None = None) -> list[str]:
    """Faults in the region data, in words; an empty list when every gemeente, place and postcode leads to a region.

    ``data_folder`` is only for another copy of the files; the folder of the project by default.
    """
    folder = data_folder or DATA

    def rows(name: str) -> list[dict[str, str]]:
        with (folder / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    faults: list[str] = []
    region_codes = [row["code"] for row in rows("regions.csv")]
    gemeenten = rows("gemeenten.csv")
    gemeente_codes = {row["code"]: row["region"] for row in gemeenten}
    faults += [f"regions.csv: {len(region_codes)} regio's in plaats van 35"] if len(set(region_codes)) != 35 else []
    faults += [f"gemeenten.csv: {len(gemeenten)} gemeenten in plaats van 342"] if len(gemeenten) != 342 else []
    if len(gemeente_codes) != len(gemeenten):
        faults.append("gemeenten.csv: een gemeente staat er twee keer in")
    for row in rows("regions.csv"):
        if gemeente_codes.get(row["centre"]) != row["code"]:
            faults.append(f"regions.csv: de centrumgemeente van {row['name']} ligt niet in de regio")
        if row["code"] not in gemeente_codes.values():
            faults.append(f"regions.csv: {row['name']} heeft geen gemeenten")
    faults += [f"gemeenten.csv: {row['name']} hoort bij een onbekende regio" for row in gemeenten if row["region"] not in region_codes]
    postcodes = {row["postcode4"]: row for row in rows("postcodes.csv")}
    for code, row in postcodes.items():
        if not re.fullmatch(r"[1-9]\d{3}", code):
            faults.append(f"postcodes.csv: {code} is geen postcode")
        faults += [
            f"postcodes.csv: {code} ligt in een onbekende gemeente"
            for each in (row["gemeente"], *parts_of(row["partly_in"]))
            if each not in gemeente_codes
        ]
    for row in rows("woonplaatsen.csv"):
        if row["gemeente"] not in gemeente_codes:
            faults.append(f"woonplaatsen.csv: {row['name']} ligt in een onbekende gemeente")
        faults += [
            f"woonplaatsen.csv: {row['name']} noemt onbekende postcode {each}" for each in parts_of(row["postcodes"]) if each not in postcodes
        ]
    faults += [
        f"aliases.csv: {row['alias']} wijst naar een onbekende gemeente"
        for row in rows("aliases.csv")
        if row["gemeente"] not in gemeente_codes
    ]
    faults += [
        f"region_names.csv: {row['alias']} wijst naar een onbekende regio"
        for row in rows("region_names.csv")
        if row["region"] not in region_codes
    ]
    if not faults and data_folder is None:
        faults += _unreachable()
    return faults


def _unreachable() -> list[str]:
    """Names and postcodes that do not lead to their own region, or to a question that offers it."""
    data = place_data()
    wanted = [(each.shown_as, each.region) for each in data.gemeenten.values()]
    wanted += [(row["name"], data.gemeenten[row["gemeente"]].region) for row in rows_of("woonplaatsen.csv")]
    wanted += [(row["alias"], data.gemeenten[row["gemeente"]].region) for row in rows_of("aliases.csv")]
    wanted += [(code, data.gemeenten[known[0]].region) for code, known in data.postcodes.items()]
    faults: list[str] = []
    for name, expected in wanted:
        result = find_place(name)
        offered = {option.region for option in result.options} | {result.region}
        if expected not in offered:
            faults.append(f"{name} leidt niet naar {expected.name}")
    for name in (row["means"] for row in rows_of("spellings.csv")):
        if key_of(name) not in data.names:
            faults.append(f"spellings.csv: {name} is geen bekende plaats")
    return faults
