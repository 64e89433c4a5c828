"""From what somebody writes about a place to the arbeidsmarktregio that serves it.

Order: gemeente (with alias) → woonplaats → postcode → ask. Case, accents, apostrophes, spaces and small typing errors are forgiven,
but a guess is always confirmed; a name or postcode that lies in several regions is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from steunwijzer.place_guess import guess
from steunwijzer.place_result import Place, PlaceResult, lies_abroad, options_of, result_of, too_wide, unknown_place
from steunwijzer.place_words import (
    AFTER_PLACE,
    ARTICLES,
    COMMON_WORDS,
    DENIED,
    NAMERS,
    NEAR,
    NEVER_IN_SENTENCE,
    NOT_A_PLACE,
    PREPOSITIONS,
    PROVINCES,
    SHORT_ANSWER,
    SHORT_TOWNS,
    WIDE,
    bare_place,
)
from steunwijzer.regions import Name, is_country, key_of, normalised, place_data

# Two words of everyday Dutch after four digits are no letters of a postcode: "hij zei in 2026 al".
_POSTCODE = re.compile(
    r"(?<![\w+-])([1-9]\d{3})(?: ?[A-Z]{2}|[a-z]{2}| (?!al|en|is|te|om|in|op|af|de|er|we|ik|ze|je|of|nu|zo|ja|na|ga)[a-z]{2})(?![\w-])"
)
_BARE_POSTCODE = re.compile(r"^\s*([1-9]\d{3})\s*[.!?]*(?:\s+(?:aub|graag|alstublieft|alsjeblieft|denk ik|dus|hoor))*\s*[.!?]*$", re.IGNORECASE)
# Four digits after "bij" may be anything, after "in de buurt van" they are a place; "in de buurt van 2020" is not worth a rule.
_NEAR_POSTCODE = re.compile(r"\b(?:buurt|omgeving|nabijheid|regio)(?: van| bij)?\s+([1-9]\d{3})(?!\d| ?(?:euro|uur|man)\b)", re.IGNORECASE)
_NAMED_POSTCODE = re.compile(r"\b(?:postcode|pc)\s*(?:is|:)?\s*([1-9]\d{3})(?!\d)", re.IGNORECASE)


@dataclass(frozen=True)
class _Span:
    """Words ``start`` up to ``end`` of a text that form a known ``key``; ``names`` is empty for provinces and places abroad.

    ``near``: the place only says where another one is ("bij Nijmegen").
    """

    start: int
    end: int
    names: tuple[Name, ...]
    key: str
    near: bool = False


def find_place(text: str) -> PlaceResult:
    """The place that ``text`` names: a bare name or postcode, or a sentence that holds one. Never raises; see ``PlaceResult``."""
    text = text.strip()[:500]
    words = normalised(text)
    if not words:
        return unknown_place()
    by_postcode = _by_postcode(text)
    by_name = _by_name(text, words)
    if by_name is None and by_postcode is None:
        return guess(words) or unknown_place()
    if by_name is None or (by_postcode is not None and by_name.kind != "found"):
        assert by_postcode is not None
        return by_postcode if by_postcode.kind != "unknown" or by_name is None else by_name
    return by_name


def _by_postcode(text: str) -> PlaceResult | None:
    match = _POSTCODE.search(text) or _BARE_POSTCODE.match(text) or _NAMED_POSTCODE.search(text) or _NEAR_POSTCODE.search(text)
    if not match:
        return None
    data = place_data()
    code = match.group(1)
    known = data.postcodes.get(code)
    if known is None:
        # "2026 ab" in a sentence may be anything; only a text that is about a postcode gets this answer.
        return PlaceResult("unknown", question=f"Postcode {code} ken ik niet. In welke gemeente is het?")
    main, woonplaats, others = known
    touched = [data.gemeenten[each] for each in (main, *others)]
    if len({each.region for each in touched}) > 1:
        options = options_of([Name(each.shown_as, each, each.region, -index) for index, each in enumerate(touched)])
        return PlaceResult("choose", options=options, question=f"Postcode {code} ligt in meer dan één gemeente. In welke gemeente is het?")
    first = touched[0]
    name = "Den Haag" if woonplaats == "'s-Gravenhage" else woonplaats or first.shown_as
    return PlaceResult("found", Place(name, name, first.region, (first,)))


def _by_name(text: str, words: str) -> PlaceResult | None:
    """Names that stand in the text as they are. A name that tells which of the same names is meant, narrows it down."""
    data = place_data()
    for whole in (words, bare_place(words)):
        key = whole.replace(" ", "")
        if key in WIDE:
            return too_wide(key)
        if key == "nederland":
            # A hamlet, but who writes this seldom means it.
            place = options_of(list(data.names[key]))[0]
            return PlaceResult("confirm", place, (place,), question="Bedoelt u het dorp Nederland, in de gemeente Steenwijkerland?")
        if key in data.abroad and key not in data.names:
            return lies_abroad(key)
        if key in data.names and whole not in NOT_A_PLACE:
            named_so = words.endswith(f"gemeente {whole}")
            return result_of(_gemeenten_only(data.names[key], key) if named_so else data.names[key])
    spans = _spans(text, words)
    named = [span for span in spans if span.names]
    tokens = words.split()
    for span in named:
        # "Hasselt België": the country behind a name that lies abroad as well, or in more regions than one
        country = next((key for size in (1, 2, 3) if is_country(key := "".join(tokens[span.end : span.end + size]))), None)
        if country and (span.key in data.abroad or len({name.region for name in span.names}) > 1):
            return lies_abroad(country)
    foreign = next((span.key for span in spans if span.key in data.abroad and not span.names), None)
    if named:
        # "Bergen in Noorwegen" is abroad, "Maastricht, hij woont in België" is not.
        sure = any(len({name.region for name in span.names}) == 1 for span in named)
        return result_of(_narrow(spans)) if sure or foreign is None else lies_abroad(foreign)
    if foreign:
        return lies_abroad(foreign)
    return next((too_wide(span.key) for span in spans if span.key in WIDE), None)


def _narrow(spans: list[_Span]) -> tuple[Name, ...]:
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


def _gemeenten_only(names: tuple[Name, ...], key: str) -> tuple[Name, ...]:
    """Of the names in "gemeente Hoorn" those that are a gemeente; all of them when none is."""
    return tuple(name for name in names if name.gemeente and key_of(name.gemeente.shown_as) == key and key_of(name.name) == key) or names


def _in_province(names: tuple[Name, ...], key: str) -> tuple[Name, ...]:
    """Those of ``names`` that lie in the province ``key``; none when it is not a province."""
    provinces = set(PROVINCES.get(key, "").split())
    exact = tuple(name for name in names if name.gemeente and name.gemeente.province in provinces)
    return exact or tuple(name for name in names if provinces & set(name.region.provinces))


def _spans(text: str, words: str) -> list[_Span]:
    """Names of places, provinces and countries in the words, the longest first, not overlapping; in order of appearance."""
    data = place_data()
    tokens = words.split()
    phrase_ends = _phrase_ends(text, len(tokens))
    taken: list[_Span] = []

    def take(length: int, *, only_provinces: bool) -> None:
        for start in range(len(tokens) - length + 1):
            end = start + length
            key = "".join(tokens[start:end])
            known = key in PROVINCES if only_provinces else key in data.names or key in data.abroad or key in WIDE
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
    narrowed = start == 0 and end < len(tokens) <= SHORT_ANSWER + 1
    if narrowed and "".join(tokens[end + (tokens[end] in ("in", "prov", "provincie")) :]) in PROVINCES:
        return True  # "Een (Drenthe)"
    if narrowed and key in COMMON_WORDS and tokens[end] in NEAR and "".join(tokens[end + 1 :]) in place_data().names:
        return True  # "Beek bij Nijmegen"
    if before in NAMERS and (closes or key not in NEVER_IN_SENTENCE):
        return True
    if before in ARTICLES and start > 1:
        before = tokens[start - 2]
    if key in NEVER_IN_SENTENCE or (len(key) <= 3 and key not in SHORT_TOWNS):
        return False
    if key in COMMON_WORDS:
        stands_alone = (start == 0 or start in phrase_ends) and len(tokens) <= SHORT_ANSWER
        return closes and (stands_alone or (before in PREPOSITIONS and before != "te"))
    if key in place_data().abroad and key not in place_data().names:
        return before in PREPOSITIONS or (is_country(key) and end == len(tokens) <= SHORT_ANSWER)
    return True


def _phrase_ends(text: str, count: int) -> frozenset[int]:
    """After how many words a comma, full stop or bracket ends a phrase."""
    ends: set[int] = set()
    position = 0
    for part in re.split(r"[,.;:!?)\n]+(?=\s|$)|\(", text):
        position += len(normalised(part).split())
        ends.add(min(position, count))
    return frozenset(ends)
