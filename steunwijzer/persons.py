"""Names of persons in Dutch text, from the name lists that come with the de-identification library ``deduce``.

The lists are used without the library's own pipeline: its package lacks the configuration that it starts with, it takes minutes to
build its look-up structures, and it only knows names with a capital, while employers type "mijn collega kees". A name that is an
everyday word as well ("Roos", "Mark", "Wil") counts only where it cannot be that word. ``bench/masking.py`` measures what is found.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from steunwijzer import regions
from steunwijzer.settings import PROJECT_ROOT

EVERYDAY = PROJECT_ROOT / "data" / "privacy" / "everyday_names.txt"

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*\.?")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_TITLES = _words(
    "meneer mevrouw mijnheer dhr dhr. mevr mevr. mw mw. mej mej. drs drs. dr dr. ir ir. ing ing. mr mr. prof prof. juf zuster broeder"
)
_WRITTEN_OUT = _words("meneer mevrouw mijnheer dhr mevr mw juf zuster broeder")
_PREFIXES = _words("van de der den het 't ter ten te von el al la le du di da bij op aan 's v.d. vd")
# What stands before a name that is written without a capital.
_CUES = _words("""
    collega collega's medewerker medewerkster werknemer werkneemster leerling stagiair stagiaire chef baas zoon dochter broer zus vriend
    vriendin man vrouw kandidaat coach begeleider heet heten naam is ben met van bij bel bellen tegen over aan door en of om voor zegt vindt
    volgens naar dat als wil kan kunnen gaat laat help vraag spreek sprak noemen hem haar genaamd""")
_BEFORE_A_PLACE = _words("in te uit bij naar van nabij rond omgeving regio gemeente plaats")
_SURE_LENGTH = 5
_INITIAL = re.compile(r"[A-Z]\.?")


@dataclass(frozen=True)
class _Lists:
    first: frozenset[str]
    last: frozenset[str]
    everyday: frozenset[str]


@lru_cache(maxsize=1)
def _lists() -> _Lists:
    spec = importlib.util.find_spec("deduce")
    if spec is None or not spec.submodule_search_locations:
        return _Lists(frozenset(), frozenset(), frozenset())
    folder = Path(spec.submodule_search_locations[0]) / "data" / "lookup" / "src"

    def lines(name: str, file: str = "items.txt") -> frozenset[str]:
        path = folder / name / file
        return frozenset(path.read_text(encoding="utf-8").casefold().split("\n")) if path.exists() else frozenset()

    everyday = frozenset(EVERYDAY.read_text(encoding="utf-8").split())
    everyday |= lines("whitelist/lst_common_word") | lines("whitelist/lst_stop_word")
    everyday |= lines("names/lst_first_name", "exceptions.txt")
    return _Lists(lines("names/lst_first_name") - {""}, lines("names/lst_surname") - {""}, everyday)


@dataclass(frozen=True)
class _Token:
    text: str
    start: int
    end: int
    opens: bool

    @property
    def plain(self) -> str:
        return self.text.rstrip(".").casefold()

    @property
    def capital(self) -> bool:
        return self.text[:1].isupper()


def find_persons(text: str) -> list[tuple[int, int]]:
    """Where names of persons stand in ``text``: (start, end), in order, not overlapping."""
    tokens = _tokens(text)
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(tokens):
        end = _name_at(tokens, index)
        if end is None:
            index += 1
            continue
        last = tokens[end - 1]
        found.append((tokens[index].start, last.end - (1 if last.text.endswith(".") and len(last.text) > 2 else 0)))
        index = end
    return found


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    for match in _WORD.finditer(text):
        before = text[: match.start()].rstrip(" \"'“„(")
        opens = not before or before[-1] in ".!?:\n" or bool(tokens and tokens[-1].text.endswith(".") and len(tokens[-1].text) > 2)
        tokens.append(_Token(match.group(), match.start(), match.end(), opens))
    return tokens


def _name_at(tokens: list[_Token], index: int) -> int | None:
    """The index after the name that starts at ``index``, or None."""
    lists, token = _lists(), tokens[index]
    before = tokens[index - 1] if index else None
    if token.text.isupper() and len(token.text) > 2:
        # WIA, UWV and the like are no names, and who shouts is rare.
        return None
    if before is not None and before.text.casefold() in _TITLES and token.text.casefold() not in _TITLES:
        end = _after_prefixes(tokens, index)
        if end < len(tokens) and _surname(tokens[end], written_out=before.plain in _WRITTEN_OUT):
            return _extend(tokens, end + 1)
    if _INITIAL.fullmatch(token.text) and token.text.endswith("."):
        end = index
        while end < len(tokens) and _INITIAL.fullmatch(tokens[end].text):
            end += 1
        end = _after_prefixes(tokens, end)
        if end < len(tokens) and tokens[end].capital and len(tokens[end].text) > 2:
            return end + 1
    if token.plain not in lists.first or len(token.plain) < 3:
        return None
    if before is not None and before.plain in _BEFORE_A_PLACE and regions.is_place_name(token.text):
        return None
    everyday = token.plain in lists.everyday
    if token.capital and not (everyday and token.opens):
        if everyday and (before is None or before.plain not in _CUES):
            return None
        return _extend(tokens, index + 1)
    if not everyday and (token.opens or len(token.plain) >= _SURE_LENGTH or (before is not None and before.plain in _CUES)):
        return index + 1
    return None


def _surname(token: _Token, *, written_out: bool) -> bool:
    """Whether what follows a title is a name: "dr stoel" is dialect for "her chair", "MR. We" a council and the next sentence."""
    if token.capital:
        return not token.text.isupper() and (written_out or not token.opens or token.plain not in _lists().everyday)
    known = token.plain in _lists().last or token.plain in _lists().first
    return written_out and known and token.plain not in _lists().everyday


def _after_prefixes(tokens: list[_Token], index: int) -> int:
    while index < len(tokens) and tokens[index].text.casefold() in _PREFIXES:
        index += 1
    return index


def _extend(tokens: list[_Token], end: int) -> int:
    """A first name takes its surname with it: "Sanne de Vries", "Fatima El Amrani"."""
    while end < len(tokens) and not tokens[end].opens and not tokens[end - 1].text.endswith("."):
        last = _after_prefixes(tokens, end)
        if last >= len(tokens) or not tokens[last].capital or tokens[last].opens:
            return end
        end = last + 1
    return end
