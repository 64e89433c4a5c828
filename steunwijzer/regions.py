"""From what somebody writes about a place to the arbeidsmarktregio that serves it.

Order: gemeente (with alias) → woonplaats → postcode → ask. Case, accents, apostrophes, spaces and small typing errors are forgiven,
but a guess is always confirmed; a name or postcode that lies in several regions is asked. The data stands in ``data/regions``.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from babel import Locale
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from steunwijzer.settings import PROJECT_ROOT

DATA = PROJECT_ROOT / "data" / "regions"

Kind = Literal["found", "confirm", "choose", "foreign", "unknown"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Place names that are everyday words too: inside a sentence they count only after a word like "in" and at the end of a phrase.
COMMON_WORDS = _words(
    """anderen baak baard baars balk bant beek best blije blokker bontebok boer born broek buren dalen deelen dijken donderen dongen
    doorn dorst echt echten elp ell enter erica etten gasteren gauw gieten glimmen goor graft groet haaren hall halle handel hank
    haren heen heide hemmen hoek hoeven hoorn horn horst houten huizen hulst kaard kampen kats keent klimmen leek leiden lemmer lent
    leunen leur lieren lies linde linden loo loon losser made meppen middelaar mill moddergat monster neer nes nisse noordeinde noorden
    oranje overslag putten reek rekken rien rijen rijs roden schijf sluis son spier spijk spui stein stuifzand tegelen tuil tuk uithuizen
    veen vries vuren veulen vijlen waal waarde wateren watergang waterland wedde well wier wilp winde winkel zandberg zegge zetten
    axel amen bern stad zand loenen maren vianen capelle krimpen gooi veluwe betuwe peel kempen"""
)
# … and these only when the whole answer is the name, or the word "gemeente", "plaats" or "dorp" stands before it.
NEVER_IN_SENTENCE = _words(
    """een ee ie hem heel hee ens est nederland dewijk depunt deheen dehoef desteeg dewaal dehoeve dehorst deweere dekiel depol debult
    hetzand tzand deheide demortel dekrim deveenhoop namen leer mol geel bree essen kapellen lingen mijn"""
)
_PREPOSITIONS = _words("in uit te bij nabij rond rondom omgeving vanuit naar regio gemeente plaats dorp stad plaatsje dorpje")
_BEFORE_A_GUESS = _words("in uit nabij vanuit van omgeving plaats dorp stad")
NAMERS = _words("gemeente plaats dorp stad plaatsje dorpje")
_ARTICLES = _words("de den het t")
_NEAR = _words("bij nabij in")
DENIED = _words("niet geen")
AFTER_PLACE = _words("en of met maar waar daar dus want nu sinds")
_NOT_A_PLACE = _words(
    """ja nee neen nou goed oke ok prima graag misschien weet niet geen idee stop terug opnieuw help hallo hoi dag bedankt dank verder
    liever doe maar zeg zeggen vertel waarom wat hoe kan mag wil zin meerdere maakt
    anders iets overslaan skip morgen vandaag overal nergens thuis kantoor werk hier daar klopt inderdaad juist precies coach iemand
    """
)
_LEAD_IN = re.compile(
    r"^(?:(?:ja|nee|nou|oh|eh|uh|hoi|hallo|dat is|dat ligt|het is|het gaat om|wij|we|ik|hij|zij|ze|mijn|ons|onze|het|de|bedrijf|zaak|winkel"
    r"|onderneming|werkgever|medewerker|werkplek|vestiging|kantoor|werk|werkt|werken|woon|woont|wonen|zit|zitten|ben|bent|is|staat|staan"
    r"|gevestigd|ligt|kom|komt|komen|bedoel|bedoelde|namelijk|gewoon|hier|dus|eigenlijk|in|uit|te|bij|vanuit|nabij|rond|omgeving"
    r"|buurt van|gemeente|plaats|woonplaats|stad|dorp|plaatsje|dorpje|regio|arbeidsmarktregio|postcode|provincie)\s+)+"
)
_TRAIL = re.compile(r"(?:\s+(?:denk ik|hoor|aub|graag|dus|nederland|alstublieft|a u b|geloof ik|zeg maar|ongeveer|e o|en omgeving|eo))+$")
# Two words of everyday Dutch after four digits are no letters of a postcode: "hij zei in 2026 al".
_POSTCODE = re.compile(
    r"(?<![\w+-])([1-9]\d{3})(?: ?[A-Z]{2}|[a-z]{2}| (?!al|en|is|te|om|in|op|af|de|er|we|ik|ze|je|of|nu|zo|ja|na|ga)[a-z]{2})(?![\w-])"
)
_BARE_POSTCODE = re.compile(r"^\s*([1-9]\d{3})\s*[.!?]*(?:\s+(?:aub|graag|alstublieft|alsjeblieft|denk ik|dus|hoor))*\s*[.!?]*$", re.IGNORECASE)
# Four digits after "bij" may be anything, after "in de buurt van" they are a place; "in de buurt van 2020" is not worth a rule.
_NEAR_POSTCODE = re.compile(r"\b(?:buurt|omgeving|nabijheid|regio)(?: van| bij)?\s+([1-9]\d{3})(?!\d| ?(?:euro|uur|man)\b)", re.IGNORECASE)
_NAMED_POSTCODE = re.compile(r"\b(?:postcode|pc)\s*(?:is|:)?\s*([1-9]\d{3})(?!\d)", re.IGNORECASE)
_QUALIFIER = re.compile(r" \(?(gld|nb|nh|zh|lb|l|gn|ut|o|z)\)?$")

_PROVINCES = {
    "gelderland": "Gelderland",
    "gld": "Gelderland",
    "gelderse": "Gelderland",
    "noordbrabant": "Noord-Brabant",
    "brabant": "Noord-Brabant",
    "nb": "Noord-Brabant",
    "nbr": "Noord-Brabant",
    "brabantse": "Noord-Brabant",
    "noordholland": "Noord-Holland",
    "nh": "Noord-Holland",
    "zuidholland": "Zuid-Holland",
    "zh": "Zuid-Holland",
    "limburg": "Limburg",
    "l": "Limburg",
    "lb": "Limburg",
    "limburgse": "Limburg",
    "overijssel": "Overijssel",
    "ov": "Overijssel",
    "o": "Overijssel",
    "utrecht": "Utrecht",
    "ut": "Utrecht",
    "groningen": "Groningen",
    "gn": "Groningen",
    "gr": "Groningen",
    "friesland": "Friesland",
    "fryslan": "Friesland",
    "fr": "Friesland",
    "drenthe": "Drenthe",
    "dr": "Drenthe",
    "drentse": "Drenthe",
    "zeeland": "Zeeland",
    "z": "Zeeland",
    "zld": "Zeeland",
    "flevoland": "Flevoland",
    "holland": "Noord-Holland Zuid-Holland",
}
_WIDE = (
    "gelderland",
    "noordbrabant",
    "brabant",
    "noordholland",
    "zuidholland",
    "limburg",
    "overijssel",
    "drenthe",
    "holland",
    "randstad",
    "heelnederland",
)
_COUNTRY_NAMES = {"US": "de Verenigde Staten", "GB": "het Verenigd Koninkrijk"}
_NO_COUNTRY = {"NL", "EU", "EZ", "UN", "ZZ", "QO", "IM"}
_SHORT_TOWNS = frozenset({"ede", "oss", "urk", "epe"})
_SHORT_ANSWER = 4
_GUESS_CUTOFF = 76.0
_GUESS_IN_SENTENCE_CUTOFF = 88.0
_GUESS_MIN_LETTERS = 5
_MAX_OPTIONS = 6


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
class Place:
    """One thing that a text can mean: a name in one or more gemeenten of ONE region, or a region as a whole (no gemeenten).

    ``label`` is what a button shows; the same words, typed, lead to exactly this place.
    """

    name: str
    label: str
    region: Region
    gemeenten: tuple[Gemeente, ...] = ()

    @property
    def gemeente(self) -> Gemeente | None:
        """The gemeente, when there is exactly one."""
        return self.gemeenten[0] if len(self.gemeenten) == 1 else None


@dataclass(frozen=True)
class PlaceResult:
    """What a text says about a place.

    ``found``: ``place`` is set. ``confirm``: ``place`` is a guess to confirm, ``options`` holds it. ``choose``: ``options`` are to be
    asked. ``foreign``: ``country`` is set. ``unknown``: nothing is known. ``question`` is what to ask or say, in Dutch.
    """

    kind: Kind
    place: Place | None = None
    options: tuple[Place, ...] = ()
    country: str | None = None
    question: str = ""

    @property
    def region(self) -> Region | None:
        """The region found, or None while something has to be asked."""
        return self.place.region if self.place and self.kind == "found" else None

    @property
    def gemeente(self) -> Gemeente | None:
        """The gemeente found, when it is known exactly."""
        return self.place.gemeente if self.place and self.kind == "found" else None


@dataclass(frozen=True)
class _Name:
    """A written name and the gemeente or region it stands for; ``weight`` grows with the size of the place."""

    name: str
    gemeente: Gemeente | None
    region: Region
    weight: float


@dataclass(frozen=True)
class _Span:
    """Words ``start`` up to ``end`` of a text that form a known ``key``; ``names`` is empty for provinces and places abroad.

    ``near``: the place only says where another one is ("bij Nijmegen").
    """

    start: int
    end: int
    names: tuple[_Name, ...]
    key: str
    near: bool = False


@dataclass(frozen=True)
class _Data:
    regions: dict[str, Region]
    gemeenten: dict[str, Gemeente]
    postcodes: dict[str, tuple[str, str, tuple[str, ...]]]
    names: dict[str, tuple[_Name, ...]]
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


def _key(text: str) -> str:
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


def _sound(key: str) -> str:
    """How a name sounds, roughly: letters that Dutch writers mix up become one, doubled letters single."""
    for written, heard in _SOUNDS:
        key = key.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", key)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _split(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(";") if part.strip())


@lru_cache(maxsize=1)
def _data() -> _Data:
    all_regions = {row["code"]: Region(row["code"], row["name"], row["centre"], _split(row["provinces"])) for row in _rows("regions.csv")}
    gemeenten = {
        row["code"]: Gemeente(row["code"], row["name"], row["shown_as"], row["province"], all_regions[row["region"]])
        for row in _rows("gemeenten.csv")
    }
    postcodes = {
        row["postcode4"]: (row["gemeente"], (*_split(row["woonplaatsen"]), "")[0], _split(row["partly_in"]))
        for row in _rows("postcodes.csv")
    }
    sizes: dict[str, int] = defaultdict(int)
    for code, _woonplaats, _other in postcodes.values():
        sizes[code] += 1

    names: dict[str, dict[tuple[str, str], _Name]] = defaultdict(dict)

    def add(written: str, shown: str, gemeente: Gemeente | None, region: Region, size: int) -> None:
        weight = math.log2(1 + size)
        for key in _written_keys(written):
            identity = (gemeente.code if gemeente else "", region.code)
            known = names[key].get(identity)
            if known is None or known.weight < weight:
                names[key][identity] = _Name(known.name if known else shown, gemeente, region, weight)

    for gemeente in gemeenten.values():
        for written in {gemeente.name, gemeente.shown_as, f"{gemeente.shown_as} {gemeente.province}".strip()}:
            add(written, gemeente.shown_as, gemeente, gemeente.region, 4 + sizes[gemeente.code])
    for row in _rows("aliases.csv"):
        gemeente = gemeenten[row["gemeente"]]
        shown = gemeente.shown_as if row["kind"] == "spelling" else row["alias"]
        add(row["alias"], shown, gemeente, gemeente.region, 2 + sizes[gemeente.code] // 2)
    for row in _rows("woonplaatsen.csv"):
        gemeente = gemeenten[row["gemeente"]]
        shown = "Den Haag" if row["name"] == "'s-Gravenhage" else row["name"]
        add(row["name"], shown, gemeente, gemeente.region, len(_split(row["postcodes"])))
        base = _QUALIFIER.sub("", " ".join(row["name"].lower().split()))
        if base != row["name"].lower():
            add(base, row["name"][: len(base)], gemeente, gemeente.region, len(_split(row["postcodes"])))
    for region in all_regions.values():
        for written in (region.name, f"regio {region.spoken}", f"arbeidsmarktregio {region.spoken}", f"arbeidsmarktregio {region.name}"):
            # A centre city with the name of its region stays the city.
            if not any(name.gemeente and name.region == region for name in names.get(_key(written), {}).values()):
                add(written, region.name, None, region, 20)
    for row in _rows("region_names.csv"):
        region = all_regions[row["region"]]
        if _key(row["alias"]) not in names:
            add(row["alias"], region.name, None, region, 10)
    for row in _rows("spellings.csv"):
        for name in list(names[_key(row["means"])].values()):
            add(row["alias"], name.name, name.gemeente, name.region, 3)

    loose: dict[str, set[str]] = defaultdict(set)
    sounds: dict[str, set[str]] = defaultdict(set)
    for key in names:
        sounds[_sound(key)].add(key)
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
        _key(name): _COUNTRY_NAMES.get(code, name)
        for code, name in countries.items()
        if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRY
    }
    abroad |= {_key(row["name"]): row["country"] for row in _rows("abroad.csv")}
    return abroad


def regions() -> tuple[Region, ...]:
    """The 35 arbeidsmarktregio's, by name."""
    return tuple(sorted(_data().regions.values(), key=lambda region: region.name))


@lru_cache(maxsize=1024)
def region(code_or_name: str) -> Region | None:
    """The region with this CBS code or (in any spelling that only differs in case and punctuation) name."""
    data = _data()
    if code_or_name in data.regions:
        return data.regions[code_or_name]
    return next((found for found in data.regions.values() if _key(found.name) == _key(code_or_name)), None)


@lru_cache(maxsize=4096)
def gemeente(code_or_name: str) -> Gemeente | None:
    """The gemeente with this CBS code, CBS name or (when only one has it) the name that users see."""
    data = _data()
    if code_or_name in data.gemeenten:
        return data.gemeenten[code_or_name]
    key = _key(code_or_name)
    # Names of the index that are spelt like this; a hamlet or an abolished gemeente of this name does not count.
    same = [name.gemeente for name in data.names.get(key, ()) if name.gemeente]
    exact = [found for found in same if key in (_key(found.name), _key(f"{found.shown_as} {found.province}"))]
    exact = exact or [found for found in same if _key(found.shown_as) == key]
    return exact[0] if len(exact) == 1 else None


def is_place_name(text: str) -> bool:
    """Whether these words are, as they stand, the name of a gemeente, place or region."""
    return _key(text) in _data().names


def gemeenten_of(code: str) -> tuple[Gemeente, ...]:
    """The gemeenten of a region, by name."""
    found = [gemeente for gemeente in _data().gemeenten.values() if gemeente.region.code == code]
    return tuple(sorted(found, key=lambda gemeente: gemeente.shown_as))


def find_place(text: str) -> PlaceResult:
    """The place that ``text`` names: a bare name or postcode, or a sentence that holds one. Never raises; see ``PlaceResult``."""
    text = text.strip()[:500]
    words = normalised(text)
    if not words:
        return _unknown()
    by_postcode = _by_postcode(text)
    by_name = _by_name(text, words)
    if by_name is None and by_postcode is None:
        return _guess(words) or _unknown()
    if by_name is None or (by_postcode is not None and by_name.kind != "found"):
        assert by_postcode is not None
        return by_postcode if by_postcode.kind != "unknown" or by_name is None else by_name
    return by_name


def _by_postcode(text: str) -> PlaceResult | None:
    match = _POSTCODE.search(text) or _BARE_POSTCODE.match(text) or _NAMED_POSTCODE.search(text) or _NEAR_POSTCODE.search(text)
    if not match:
        return None
    data = _data()
    code = match.group(1)
    known = data.postcodes.get(code)
    if known is None:
        # "2026 ab" in a sentence may be anything; only a text that is about a postcode gets this answer.
        return PlaceResult("unknown", question=f"Postcode {code} ken ik niet. In welke gemeente is het?")
    main, woonplaats, others = known
    touched = [data.gemeenten[each] for each in (main, *others)]
    if len({each.region for each in touched}) > 1:
        options = _options([_Name(each.shown_as, each, each.region, -index) for index, each in enumerate(touched)])
        return PlaceResult("choose", options=options, question=f"Postcode {code} ligt in meer dan één gemeente. In welke gemeente is het?")
    first = touched[0]
    name = "Den Haag" if woonplaats == "'s-Gravenhage" else woonplaats or first.shown_as
    return PlaceResult("found", Place(name, name, first.region, (first,)))


def _by_name(text: str, words: str) -> PlaceResult | None:
    """Names that stand in the text as they are. A name that tells which of the same names is meant, narrows it down."""
    data = _data()
    for whole in (words, _strip(words)):
        key = whole.replace(" ", "")
        if key in _WIDE:
            return _wide(key)
        if key == "nederland":
            # A hamlet, but who writes this seldom means it.
            place = _options(list(data.names[key]))[0]
            return PlaceResult("confirm", place, (place,), question="Bedoelt u het dorp Nederland, in de gemeente Steenwijkerland?")
        if key in data.abroad and key not in data.names:
            return _foreign(key)
        if key in data.names and whole not in _NOT_A_PLACE:
            named_so = words.endswith(f"gemeente {whole}")
            return _result(_gemeenten_only(data.names[key], key) if named_so else data.names[key])
    spans = _spans(text, words)
    named = [span for span in spans if span.names]
    tokens = words.split()
    for span in named:
        # "Hasselt België": the country behind a name that lies abroad as well, or in more regions than one
        country = next((key for size in (1, 2, 3) if _is_country(key := "".join(tokens[span.end : span.end + size]))), None)
        if country and (span.key in data.abroad or len({name.region for name in span.names}) > 1):
            return _foreign(country)
    foreign = next((span.key for span in spans if span.key in data.abroad and not span.names), None)
    if named:
        # "Bergen in Noorwegen" is abroad, "Maastricht, hij woont in België" is not.
        sure = any(len({name.region for name in span.names}) == 1 for span in named)
        return _result(_narrow(spans)) if sure or foreign is None else _foreign(foreign)
    if foreign:
        return _foreign(foreign)
    return next((_wide(span.key) for span in spans if span.key in _WIDE), None)


def _is_country(key: str) -> bool:
    """Whether a key is the name of a country, not of a town in one."""
    data = _data()
    return key not in data.names and _key(data.abroad.get(key, "")) == key != ""


def _narrow(spans: list[_Span]) -> tuple[_Name, ...]:
    """What several names in one text mean together: "Hengelo (gemeente Bronckhorst)", "Oosterhout, Gelderland"."""
    named = [span for span in spans if span.names]
    # The name that can mean most is the one to narrow down; the others tell which.
    first = max(named, key=lambda span: len({name.region for name in span.names}))
    meant = first.names
    for span in spans:
        if span is first:
            continue
        codes = {name.gemeente.code for name in span.names if name.gemeente}
        wide = {name.region.code for name in span.names if name.gemeente is None}
        both = tuple(name for name in meant if (name.gemeente and name.gemeente.code in codes) or name.region.code in wide)
        # "Beek bij Nijmegen": the one in the region of the town beside it
        beside = {name.region.code for name in span.names} if span.near and len(first.names) > 1 else set()
        near = tuple(name for name in meant if name.region.code in beside)
        together = tuple({(name.gemeente, name.region): name for name in (*meant, *span.names)}.values())
        meant = both or _in_province(meant, span.key) or near or together
    return meant


def _gemeenten_only(names: tuple[_Name, ...], key: str) -> tuple[_Name, ...]:
    """Of the names in "gemeente Hoorn" those that are a gemeente; all of them when none is."""
    return tuple(name for name in names if name.gemeente and _key(name.gemeente.shown_as) == key and _key(name.name) == key) or names


def _in_province(names: tuple[_Name, ...], key: str) -> tuple[_Name, ...]:
    """Those of ``names`` that lie in the province ``key``; none when it is not a province."""
    provinces = set(_PROVINCES.get(key, "").split())
    exact = tuple(name for name in names if name.gemeente and name.gemeente.province in provinces)
    return exact or tuple(name for name in names if provinces & set(name.region.provinces))


def _strip(words: str) -> str:
    """Words without what people say before and after a place: "wij zitten in Tiel hoor" → "tiel"."""
    return _TRAIL.sub("", _LEAD_IN.sub("", words + " ").strip())


def _spans(text: str, words: str) -> list[_Span]:
    """Names of places, provinces and countries in the words, the longest first, not overlapping; in order of appearance."""
    data = _data()
    tokens = words.split()
    phrase_ends = _phrase_ends(text, len(tokens))
    taken: list[_Span] = []

    def take(length: int, *, only_provinces: bool) -> None:
        for start in range(len(tokens) - length + 1):
            end = start + length
            key = "".join(tokens[start:end])
            known = key in _PROVINCES if only_provinces else key in data.names or key in data.abroad or key in _WIDE
            if not known or any(start < other.end and other.start < end for other in taken):
                continue
            if only_provinces or _credible(tokens, start, end, key, phrase_ends):
                names = () if only_provinces else data.names.get(key, ())
                after_gemeente = start > 0 and tokens[start - 1] == "gemeente"
                near = start > 0 and tokens[start - 1] in ("bij", "nabij")
                taken.append(_Span(start, end, _gemeenten_only(names, key) if after_gemeente else names, key, near))

    for length in range(min(7, len(tokens)), 0, -1):
        take(length, only_provinces=False)
    # "Den Bosch bedoel ik, niet Den Haag"
    meant = [span for span in taken if not (span.start and tokens[span.start - 1] in DENIED)]
    taken = meant if any(span.names for span in meant) else taken
    if any(span.names for span in taken):
        # A province, also abbreviated, says which of the places with one name is meant.
        take(2, only_provinces=True)
        take(1, only_provinces=True)
    return sorted(taken, key=lambda span: span.start)


def _credible(tokens: list[str], start: int, end: int, key: str, phrase_ends: frozenset[int]) -> bool:
    """Whether words in a sentence are meant as a place and not as the everyday words that they are too."""
    before = tokens[start - 1] if start else ""
    closes = end == len(tokens) or end in phrase_ends or tokens[end] in AFTER_PLACE
    narrowed = start == 0 and end < len(tokens) <= _SHORT_ANSWER + 1
    if narrowed and "".join(tokens[end + (tokens[end] in ("in", "prov", "provincie")) :]) in _PROVINCES:
        return True  # "Een (Drenthe)"
    if narrowed and key in COMMON_WORDS and tokens[end] in _NEAR and "".join(tokens[end + 1 :]) in _data().names:
        return True  # "Beek bij Nijmegen"
    if before in NAMERS and (closes or key not in NEVER_IN_SENTENCE):
        return True
    if before in _ARTICLES and start > 1:
        before = tokens[start - 2]
    if key in NEVER_IN_SENTENCE or (len(key) <= 3 and key not in _SHORT_TOWNS):
        return False
    if key in COMMON_WORDS:
        stands_alone = (start == 0 or start in phrase_ends) and len(tokens) <= _SHORT_ANSWER
        return closes and (stands_alone or (before in _PREPOSITIONS and before != "te"))
    if key in _data().abroad and key not in _data().names:
        return before in _PREPOSITIONS or (_is_country(key) and end == len(tokens) <= _SHORT_ANSWER)
    return True


def _phrase_ends(text: str, count: int) -> frozenset[int]:
    """After how many words a comma, full stop or bracket ends a phrase."""
    ends: set[int] = set()
    position = 0
    for part in re.split(r"[,.;:!?)\n]+(?=\s|$)|\(", text):
        position += len(normalised(part).split())
        ends.add(min(position, count))
    return frozenset(ends)


def _guess(words: str) -> PlaceResult | None:
    """The name that was probably meant, to be confirmed; None when nothing is near enough."""
    stripped = _strip(words)
    tokens = stripped.split()
    scores: dict[str, float] = {}
    if len(tokens) <= _SHORT_ANSWER and not any(token in _NOT_A_PLACE or token in NEVER_IN_SENTENCE or token.isdigit() for token in tokens):
        scores = _near("".join(tokens), _GUESS_CUTOFF)
    if not scores:
        # In a sentence only what follows a word like "in" may be a misspelt place, and it must resemble one closely.
        spoken = words.split()
        for index, token in enumerate(spoken[:-1]):
            for length in (1, 2, 3) if token in _BEFORE_A_GUESS else ():
                attempt = "".join(spoken[index + 1 : index + 1 + length])
                if len(attempt) >= _GUESS_MIN_LETTERS:
                    scores |= _near(attempt, _GUESS_IN_SENTENCE_CUTOFF)
    if not scores:
        return None
    ranked = sorted(((score, key) for key, score in scores.items()), reverse=True)
    best_score, best = ranked[0]
    names = _data().names
    if best not in names:
        return _foreign(best)
    near = [key for score, key in ranked if score >= best_score - 3.5 and key in names][:3]
    options = _options(list(dict.fromkeys(name for key in near for name in names[key])))[:_MAX_OPTIONS]
    if len(options) > 1:
        return (
            _result(names[best]) if len(near) == 1 else PlaceResult("choose", options=options, question="Bedoelt u een van deze plaatsen?")
        )
    return PlaceResult("confirm", options[0], options, question=f"Bedoelt u {options[0].label}?")


def _near(attempt: str, cutoff: float) -> dict[str, float]:
    """Known names that resemble ``attempt``, with a score up to about 104; nothing for a text that is itself a name or too short."""
    data = _data()
    if len(attempt) < 3 or attempt in _NOT_A_PLACE or attempt in data.names:
        return {}
    heard = _sound(attempt)
    scores = dict.fromkeys(data.loose.get(attempt, frozenset()), 97.0) | dict.fromkeys(data.sounds.get(heard, frozenset()), 96.0)
    for key, score, _index in process.extract(attempt, [*data.names, *data.abroad], scorer=fuzz.ratio, limit=12, score_cutoff=70):
        # People seldom mistake the first letter.
        first = 1.5 if key[0] == attempt[0] else -3
        slips = 100 * OSA.normalized_similarity(attempt, key)
        scores[key] = max(scores.get(key, 0), 0.3 * score + 0.3 * slips + 0.4 * fuzz.ratio(heard, _sound(key)) + first)
    return {key: score + _bonus(key) for key, score in scores.items() if score + _bonus(key) >= cutoff}


def _bonus(key: str) -> float:
    """Bigger places are meant more often: at most some 4 points."""
    names = _data().names.get(key)
    return 0.8 * max(name.weight for name in names) if names else 1.5


def _result(names: Iterable[_Name]) -> PlaceResult:
    options = _options(list(names))
    if len(options) == 1:
        return PlaceResult("found", options[0])
    shown = {option.name for option in options}
    question = f"Er is meer dan één plaats met de naam {shown.pop()}. Welke bedoelt u?" if len(shown) == 1 else "Welke plaats bedoelt u?"
    return PlaceResult("choose", options=options[:_MAX_OPTIONS], question=question)


def _options(names: list[_Name]) -> tuple[Place, ...]:
    """One place per region: a name in two gemeenten of the same region needs no question."""
    by_region: dict[str, list[_Name]] = {}
    for name in sorted(names, key=lambda name: -name.weight):
        by_region.setdefault(name.region.code, []).append(name)
    name_counts = Counter(group[0].name for group in by_region.values())
    places: list[Place] = []
    for group in by_region.values():
        first = group[0]
        gemeenten = tuple(dict.fromkeys(name.gemeente for name in group if name.gemeente))
        # The gemeente that bears the name itself is meant, not the hamlet next door.
        own = tuple(each for each in gemeenten if _key(each.shown_as) == _key(first.name))
        places.append(
            Place(first.name, _label(first, name_counts[first.name] > 1 or _ambiguous(first.name)), first.region, own or gemeenten)
        )
    return tuple(places)


def _ambiguous(name: str) -> bool:
    return len({other.region for other in _data().names.get(_key(name), ())}) > 1


def _label(name: _Name, several: bool) -> str:
    if not several:
        return name.name if name.gemeente else f"regio {name.region.spoken}"
    if name.gemeente is None:
        return f"regio {name.region.spoken}"
    if _key(name.gemeente.shown_as) == _key(name.name) and name.gemeente.province:
        return f"{name.name} ({name.gemeente.province})"
    return f"{name.name} (gemeente {name.gemeente.shown_as})"


def _wide(key: str) -> PlaceResult:
    """A province is too wide to know the region: ask the gemeente, or choose where few regions share it."""
    if key == "drenthe":
        data = _data()
        emmen, assen, meppel = (data.gemeenten[code] for code in ("GM0114", "GM0106", "GM0119"))
        options = tuple(
            Place(f"{each.shown_as} en omgeving", f"{each.shown_as} en omgeving", each.region) for each in (emmen, assen, meppel)
        )
        return PlaceResult("choose", options=options, question="Drenthe hoort bij drie regio's. Bij welke plaats is het in de buurt?")
    return PlaceResult("unknown", question="In dat gebied liggen meer regio's. In welke gemeente is het?")


def _foreign(key: str) -> PlaceResult:
    country = _data().abroad[key]
    return PlaceResult(
        "foreign",
        country=country,
        question=f"Dat ligt buiten Nederland ({country}). Onze coaches werken in Nederland. "
        "Is er ook een werkplek in Nederland? Noem dan die plaats.",
    )


def _unknown() -> PlaceResult:
    return PlaceResult("unknown", question="Die plaats ken ik niet. In welke gemeente is het? De postcode mag ook.")


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
            for each in (row["gemeente"], *_split(row["partly_in"]))
            if each not in gemeente_codes
        ]
    for row in rows("woonplaatsen.csv"):
        if row["gemeente"] not in gemeente_codes:
            faults.append(f"woonplaatsen.csv: {row['name']} ligt in een onbekende gemeente")
        faults += [
            f"woonplaatsen.csv: {row['name']} noemt onbekende postcode {each}" for each in _split(row["postcodes"]) if each not in postcodes
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
    data = _data()
    wanted = [(each.shown_as, each.region) for each in data.gemeenten.values()]
    wanted += [(row["name"], data.gemeenten[row["gemeente"]].region) for row in _rows("woonplaatsen.csv")]
    wanted += [(row["alias"], data.gemeenten[row["gemeente"]].region) for row in _rows("aliases.csv")]
    wanted += [(code, data.gemeenten[known[0]].region) for code, known in data.postcodes.items()]
    faults: list[str] = []
    for name, expected in wanted:
        result = find_place(name)
        offered = {option.region for option in result.options} | {result.region}
        if expected not in offered:
            faults.append(f"{name} leidt niet naar {expected.name}")
    for name in (row["means"] for row in _rows("spellings.csv")):
        if _key(name) not in data.names:
            faults.append(f"spellings.csv: {name} is geen bekende plaats")
    return faults
