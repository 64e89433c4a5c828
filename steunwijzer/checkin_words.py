"""A score of the check-in, read from words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from steunwijzer.checkin_rules import HIGHEST, LOWEST, Factor


@dataclass(frozen=True)
class Score:
    """A score read from words. `sure` is false when the words could mean something else: show it and let the user choose."""

    value: int
    sure: bool
    words: str


_NUMBER_WORDS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5}
_VERY = r"(?:heel|erg|zeer|hartstikke|super|echt|enorm|ontzettend|bijzonder|uiterst|verrassend|keigoed|kei|boven verwachting)"
# First match wins: from outspoken to mild, and "niet goed" before "goed".
_SCORE_WORDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, (
        r"helemaal niet(?:s)?\b(?! slecht)", "heel slecht", "erg slecht", "zeer slecht", "dramatisch", "rampzalig", "waardeloos",
        "vreselijk",
        r"nooit\b(?! (?:ziek|te laat|afwezig|problemen|gemist))", "een ramp", "hopeloos", "onhoudbaar", "zeer klein", "duidelijk te zwaar",
        "veel te zwaar", "veel uitval", "bijna nooit", "totaal niet", r"niks\b", "loopt vast",
    )),
    (5, (
        "kan niet beter", "niets te klagen", "niks te klagen", r"nooit (?:ziek|te laat|afwezig|problemen|gemist)",
        r"geen (?:dag|dienst|enkele dag) gemist", r"altijd (?:aanwezig|op tijd|er)",
    )),
    (3, ("niet slecht", "niet verkeerd", "valt mee", "niet gek")),
    (4, (r"niet (?:te |zo |echt )?zwaar",)),
    (2, (
        rf"niet (?:zo |al te |echt |heel |erg |altijd |lekker |{_VERY} )*"
        r"(?:goed|lekker|best|top|fijn|ideaal|geweldig|soepel|makkelijk|denderend)",
        "onvoldoende", r"matig\w*", "moeizaam", r"stroef\w*", "tegenvallend", "valt tegen", r"minder\b", "mwah", "meh", r"k[ao]n (?:wat )?beter",
        "moet beter", r"zwak\w*", r"lastig\w*", "weinig", r"vaak (?:ziek|afwezig|te laat|weg)", "meldt zich vaak ziek", r"klein\b",
        r"zwaar\b", "slordig", r"denk (?:het |ik |van )*niet", "betwijfel", "loopt niet", "gaat niet", "gespannen", "zorgelijk", "onrustig",
    )),
    (1, (r"slecht\w*", r"beroerd\w*")),
    (5, (
        rf"{_VERY} (?:goed|fijn|lekker|tevreden|prettig|soepel|blij|groot|netjes)", "uitstekend", "perfect", "fantastisch", "geweldig",
        r"super\w*", r"\btop\w*", "prachtig", "voortreffelijk", "zeer groot", "vlekkeloos", "uitmuntend", "helemaal goed",
        "boven verwachting", "keigoed", "har[td]?stikke goed",
    )),
    (3, (
        r"redelijk\w*", "gaat wel", "gaat net", "voldoende", "gemiddeld", r"ok(?:e|é|ay)?\b", "wisselend", "zo zo", "neutraal",
        "gewoontjes", "middelmatig", "soms wel soms niet", "fifty", r"half (?:om )?half", "kon minder", "op en af", "misschien", "hoop het",
    )),
    (4, (
        "gaat best", "best wel",
        r"\bgoed\w*", "prima", "lekker", "fijn", "tevreden", "soepel", "netjes", "prettig", "naar wens", r"groot\b", "zoals afgesproken",
        "positief", "gezellig", "in orde", r"denk (?:het |ik |van )*wel", "loopt wel", "vol te houden", "aanwezig", "op tijd",
    )),
)  # fmt: skip
_SCORE_PATTERNS = tuple((value, re.compile("|".join(patterns))) for value, patterns in _SCORE_WORDS)


def read_score(text: str, factor: Factor | None = None) -> Score | None:
    """A score of 1–5 from an answer in words or figures ('hartstikke goed', 'matig, ze meldt zich vaak ziek', 'een 4'); None when unclear.

    The words at the ends of the scale of `factor` give 1 and 5. A mark out of ten is halved and not sure. With "maar" the words before it
    count, and the score is not sure; nor is a bare "slecht", which can be 1 or 2.
    """
    words = re.sub(r"\s+", " ", text.lower().strip(" .!"))
    if factor is not None and words in (factor.low, factor.high):
        return Score(LOWEST if words == factor.low else HIGHEST, True, text.strip())
    of_ten = re.search(r"\b(10|[6-9])(?:[,.]\d)?\s*(?:/|van de|uit|op)?\s*(?:10|tien)?\b", words)
    of_five = r"(?:\s*(?:/|van de|uit|op)\s*(?:5|vijf))?"
    figure = re.search(rf"(?<![\d,.])([1-5]){of_five}(?!\d|\s*(?:keer|dagen|dag|uur|weken|week|maal|van de 10|/ ?10))", words)
    in_word = re.fullmatch(r"(?:een |'n |de |doe maar (?:een )?|ik geef (?:een )?)?(een|één|twee|drie|vier|vijf)", words)
    bare = re.fullmatch(rf"(?:een |'n |doe maar (?:een )?|ik geef (?:een )?|cijfer )?[1-5]{of_five}(?:\s*[,.:(-].*)?", words)
    if bare and figure:
        return Score(int(figure[1]), True, text.strip())
    if in_word:
        return Score(_NUMBER_WORDS[in_word[1]], True, text.strip())
    marked = re.search(r"\b(?:een|cijfer|/|van de|uit|10|tien)\b|^\d", words) and not re.search(r"uur|dagen|keer|weken", words)
    if of_ten and marked:
        return Score(max(LOWEST, min(HIGHEST, round(int(of_ten[1]) / 2))), False, text.strip())
    head, _, tail = words.partition(" maar ")
    for part, sure in ((head, not tail), (tail, False)):
        hits = [(value, found.start()) for value, pattern in _SCORE_PATTERNS if (found := pattern.search(part))]
        if hits:
            doubt = re.fullmatch(r"(?:gewoon )?(?:slecht|beroerd)\w*", part) is not None
            return Score(hits[0][0], sure and not doubt, text.strip())
    return Score(int(figure[1]), False, text.strip()) if figure else None
