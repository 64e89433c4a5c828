"""The arbeidsmarktregio's with their gemeenten, and every name and postcode that leads to one. The data stands in ``data/regions``.

What somebody writes about a place is read in ``place_finder``.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale

from steunwijzer.settings import PROJECT_ROOT

DATA = PROJECT_ROOT / "data" / "regions"

_QUALIFIER = re.compile(r" \(?(gld|nb|nh|zh|lb|l|gn|ut|o|z)\)?$")
_COUNTRY_NAMES = {"US": "de Verenigde Staten", "GB": "het Verenigd Koninkrijk"}
_NO_COUNTRY = {"NL", "EU", "EZ", "UN", "ZZ", "QO", "IM"}


@dataclass(frozen=True)
class Region:
    """An arbeidsmarktregio: CBS code, name, code of its centrumgemeente, provinces that it partly covers."""

    code: str
    name: str
    centre: str
    provinces: tuple[str, ...]

    @property
    def spoken(self) -> str:
        """The name as it stands after the word ``regio``: ``Zwolle`` for ``Regio Zwolle``."""
        return self.name.removeprefix("Regio ")


@dataclass(frozen=True)
class Gemeente:
    """A gemeente: CBS code, CBS name, the name that users see, province when the CBS name needs it, region."""

    code: str
    name: str
    shown_as: str
    province: str
    region: Region


@dataclass(frozen=True)
class Name:
    """A written name and the gemeente or region it stands for; ``weight`` grows with the size of the place."""

    name: str
    gemeente: Gemeente | None
    region: Region
    weight: float


@dataclass(frozen=True)
class _Data:
    regions: dict[str, Region]
    gemeenten: dict[str, Gemeente]
    postcodes: dict[str, tuple[str, str, tuple[str, ...]]]
    names: dict[str, tuple[Name, ...]]
    loose: dict[str, frozenset[str]]
    sounds: dict[str, frozenset[str]]
    abroad: dict[str, str]


def normalised(text: str) -> str:
    """Lower case, without accents and punctuation, with one space between words; "a/d", "St." and the like written out."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("ø", "o").replace("’", "'").replace("`", "'"))
    plain = "".join(char for char in plain if not unicodedata.combining(char)).casefold()
    plain = re.sub(r"\ba\s?[/.]\s?d\b\.?", "aan de", plain)
    plain = re.sub(r"\bst[.\s-]\s*(?=\w)", "sint ", plain)
    plain = re.sub(r"[^a-z0-9]+", " ", plain)
    plain = re.sub(r"\bad (?=rijn|ijssel|maas|lek|amstel)", "aan de ", plain)
    plain = re.sub(r"\b(aan|op|in) (den|der)\b", r"\1 de", plain)
    return " ".join(plain.split())


def key_of(text: str) -> str:
    """A name as it is looked up: normalised, without spaces."""
    return normalised(text).replace(" ", "")


_SOUNDS = (
    ("sch", "sg"),
    ("ch", "g"),
    ("ij", "y"),
    ("ei", "y"),
    ("ey", "y"),
    ("ou", "au"),
    ("ph", "f"),
    ("th", "t"),
    ("ck", "k"),
    ("qu", "kw"),
    ("x", "ks"),
    ("c", "k"),
    ("z", "s"),
    ("v", "f"),
    ("d", "t"),
    ("ae", "aa"),
    ("uy", "ui"),
)


def sound_of(key: str) -> str:
    """How a name sounds, roughly: letters that Dutch writers mix up become one, doubled letters single."""
    for written, heard in _SOUNDS:
        key = key.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", key)


def rows_of(name: str) -> Iterator[dict[str, str]]:
    """The rows of a file with region data."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def parts_of(value: str) -> tuple[str, ...]:
    """The parts of a value that holds several, with semicolons between them."""
    return tuple(part.strip() for part in value.split(";") if part.strip())


@lru_cache(maxsize=1)
def place_data() -> _Data:
    """All regions, gemeenten, postcodes and names, read once."""
    all_regions = {row["code"]: Region(row["code"], row["name"], row["centre"], parts_of(row["provinces"])) for row in rows_of("regions.csv")}
    gemeenten = {
        row["code"]: Gemeente(row["code"], row["name"], row["shown_as"], row["province"], all_regions[row["region"]])
        for row in rows_of("gemeenten.csv")
    }
    postcodes = {
        row["postcode4"]: (row["gemeente"], (*parts_of(row["woonplaatsen"]), "")[0], parts_of(row["partly_in"]))
        for row in rows_of("postcodes.csv")
    }
    sizes: dict[str, int] = defaultdict(int)
    for code, _woonplaats, _other in postcodes.values():
        sizes[code] += 1

    names: dict[str, dict[tuple[str, str], Name]] = defaultdict(dict)

    def add(written: str, shown: str, gemeente: Gemeente | None, region: Region, size: int) -> None:
        weight = math.log2(1 + size)
        for key in _written_keys(written):
            identity = (gemeente.code if gemeente else "", region.code)
            known = names[key].get(identity)
            if known is None or known.weight < weight:
                names[key][identity] = Name(known.name if known else shown, gemeente, region, weight)

    for gemeente in gemeenten.values():
        for written in {gemeente.name, gemeente.shown_as, f"{gemeente.shown_as} {gemeente.province}".strip()}:
            add(written, gemeente.shown_as, gemeente, gemeente.region, 4 + sizes[gemeente.code])
    for row in rows_of("aliases.csv"):
        gemeente = gemeenten[row["gemeente"]]
        shown = gemeente.shown_as if row["kind"] == "spelling" else row["alias"]
        add(row["alias"], shown, gemeente, gemeente.region, 2 + sizes[gemeente.code] // 2)
    for row in rows_of("woonplaatsen.csv"):
        gemeente = gemeenten[row["gemeente"]]
        shown = "Den Haag" if row["name"] == "'s-Gravenhage" else row["name"]
        add(row["name"], shown, gemeente, gemeente.region, len(parts_of(row["postcodes"])))
        base = _QUALIFIER.sub("", " ".join(row["name"].lower().split()))
        if base != row["name"].lower():
            add(base, row["name"][: len(base)], gemeente, gemeente.region, len(parts_of(row["postcodes"])))
    for region in all_regions.values():
        for written in (region.name, f"regio {region.spoken}", f"arbeidsmarktregio {region.spoken}", f"arbeidsmarktregio {region.name}"):
            # A centre city with the name of its region stays the city.
            if not any(name.gemeente and name.region == region for name in names.get(key_of(written), {}).values()):
                add(written, region.name, None, region, 20)
    for row in rows_of("region_names.csv"):
        region = all_regions[row["region"]]
        if key_of(row["alias"]) not in names:
            add(row["alias"], region.name, None, region, 10)
    for row in rows_of("spellings.csv"):
        for name in list(names[key_of(row["means"])].values()):
            add(row["alias"], name.name, name.gemeente, name.region, 3)

    loose: dict[str, set[str]] = defaultdict(set)
    sounds: dict[str, set[str]] = defaultdict(set)
    for key in names:
        sounds[sound_of(key)].add(key)
        for article in ("de", "den", "het", "t", "s"):
            if key.startswith(article) and len(key) - len(article) >= 4:
                loose[key[len(article) :]].add(key)
    return _Data(
        all_regions,
        gemeenten,
        postcodes,
        {key: tuple(sorted(found.values(), key=lambda name: (-name.weight, name.name))) for key, found in names.items()},
        {key: frozenset(found) for key, found in loose.items()},
        {key: frozenset(found) for key, found in sounds.items()},
        _abroad(),
    )


def _written_keys(written: str) -> set[str]:
    """The keys under which a name is found: as written, and with "'t" and "het" taken for each other."""
    plain = normalised(written)
    keys = {plain}
    if plain.startswith("t "):
        keys.add("het " + plain[2:])
    elif plain.startswith("het "):
        keys.add("t " + plain[4:])
    return {key.replace(" ", "") for key in keys}


def _abroad() -> dict[str, str]:
    countries = Locale("nl").territories
    abroad = {
        key_of(name): _COUNTRY_NAMES.get(code, name)
        for code, name in countries.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }
    abroad |= {key_of(row["name"]): row["country"] for row in rows_of("abroad.csv")}
    return abroad


def regions() -> tuple[Region, ...]:
    """The 35 arbeidsmarktregio's, by name."""
    return tuple(sorted(place_data().regions.values(), key=lambda region: region.name))


@lru_cache(maxsize=1024)
def region(code_or_name: str) -> Region | None:
    """The region with this CBS code or (in any spelling that only differs in case and punctuation) name."""
    data = place_data()
    if code_or_name in data.regions:
        return data.regions[code_or_name]
    return next((found for found in data.regions.values() if key_of(found.name) == key_of(code_or_name)), None)


@lru_cache(maxsize=4096)
def gemeente(code_or_name: str) -> Gemeente | None:
    """The gemeente with this CBS code, CBS name or (when only one has it) the name that users see."""
    data = place_data()
    if code_or_name in data.gemeenten:
        return data.gemeenten[code_or_name]
    key = key_of(code_or_name)
    # Names of the index that are spelt like this; a hamlet or an abolished gemeente of this name does not count.
    same = [name.gemeente for name in data.names.get(key, ()) if name.gemeente]
    exact = [found for found in same if key in (key_of(found.name), key_of(f"{found.shown_as} {found.province}"))]
    exact = exact or [found for found in same if key_of(found.shown_as) == key]
    return exact[0] if len(exact) == 1 else None


def gemeenten_of(code: str) -> tuple[Gemeente, ...]:
    """The gemeenten of a region, by name."""
    found = [gemeente for gemeente in place_data().gemeenten.values() if gemeente.region.code == code]
    return tuple(sorted(found, key=lambda gemeente: gemeente.shown_as))


def is_place_name(text: str) -> bool:
    """Whether these words are, as they stand, the name of a gemeente, place or region."""
    return key_of(text) in place_data().names


def is_country(key: str) -> bool:
    """Whether a key is the name of a country, not of a town in one."""
    data = place_data()
    return key not in data.names and key_of(data.abroad.get(key, "")) == key != ""
