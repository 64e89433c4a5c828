"""Diagnoses, medication and treatment in a text, and the same thing said in terms of work (DESIGN §7, kennis.md §6.3 and §6.4).

Recognition is a lexicon plus patterns (`data/werkafspraken/lexicon.yml`), forgiving about typing errors in long words. It errs on the
side of asking: the user may always say that a word means something else by rewriting the line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml
from rapidfuzz.distance import DamerauLevenshtein

DATA = Path(__file__).resolve().parents[1] / "data" / "werkafspraken"

MedicalKind = Literal["diagnosis", "medication", "treatment"]

KIND_TEXT: dict[MedicalKind, str] = {
    "diagnosis": "een ziekte of diagnose",
    "medication": "medicijnen",
    "treatment": "een behandeling of behandelaar",
}

_HAVING = r"\b(?:heeft|heb|hebben|met|door|vanwege|wegens|van|zijn|haar|een|is|had|hebt|mijn)\s+"
_CLAUSE = re.compile(
    r"\s*(?:[.;:!?\n]+|,(?!\d)|\s-\s|\b(?:omdat|want|doordat|aangezien|vanwege|wegens|dankzij|i\.?v\.?m\.?|in verband met|als gevolg van"
    r"|daarom|dus"
    r"|waardoor|zodat|maar|en(?= (?:hij|ze|zij|die|dat|daarom|dus|\w+t|is|kan|wil|mag|moet)\b))\b)\s*",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"\b(?:de|het|een|zijn|haar|door|met|van|voor|bij|in|aan|naar|en|of|om|te|is|heeft|wegens|na|zo|ook|dat|die|als)\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Finding:
    """A medical term: what kind, which words, where (character positions in the text), and which rewordings suit it."""

    kind: MedicalKind
    words: str
    start: int
    end: int
    group: str


@dataclass(frozen=True)
class Rewording:
    """What to say about a text with medical terms, and up to three ways to put it in terms of work."""

    findings: tuple[Finding, ...]
    text: str
    suggestions: tuple[str, ...]


@dataclass(frozen=True)
class _Lexicon:
    patterns: tuple[tuple[MedicalKind, str, re.Pattern[str]], ...]
    fuzzy: tuple[tuple[str, MedicalKind, str], ...]
    exceptions: tuple[re.Pattern[str], ...]


def _load(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _lexicon() -> _Lexicon:
    data = _load("lexicon.yml")
    patterns: list[tuple[MedicalKind, str, re.Pattern[str]]] = []
    fuzzy: list[tuple[str, MedicalKind, str]] = []
    for entry in data["lexicon"]:
        kind, group = entry["kind"], entry["group"]
        stems = [re.escape(stem) for stem in entry.get("stems", [])]
        words = [re.escape(word) for word in entry.get("words", [])]
        if stems:
            # Dutch compounds: the stem may also end a word ("winterdepressie"), from five letters on.
            inside = [stem for stem in stems if len(stem) >= 6]
            patterns.append((kind, group, re.compile(rf"(?<!\w)(?:{'|'.join(stems)})[\w'’-]*", re.IGNORECASE)))
            if inside:
                patterns.append((kind, group, re.compile(rf"(?<!\w)[\w-]{{2,}}(?:{'|'.join(inside)})[\w'’-]*", re.IGNORECASE)))
        if words:
            patterns.append((kind, group, re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)))
        for capital in entry.get("capitals", []):
            patterns.append((kind, group, re.compile(rf"(?<!\w){capital}(?![\w])")))
            patterns.append((kind, group, re.compile(rf"{_HAVING}(?P<it>{capital})(?!\w)", re.IGNORECASE)))
        fuzzy += [(word, kind, group) for word in (*entry.get("stems", []), *entry.get("words", [])) if len(word) >= 7 and " " not in word]
    for entry in data["patterns"]:
        patterns.append((entry["kind"], entry["group"], re.compile(entry["pattern"], re.IGNORECASE)))
    return _Lexicon(tuple(patterns), tuple(fuzzy), tuple(re.compile(p, re.IGNORECASE) for p in data["exceptions"]))


def find_medical(text: str) -> list[Finding]:
    """Every medical term in `text`, in order, none overlapping another."""
    lexicon = _lexicon()
    looked_at = text
    for exception in lexicon.exceptions:
        looked_at = exception.sub(_blank, looked_at)
    found = [
        Finding(kind, match[0], *(match.span("it") if "it" in match.re.groupindex else match.span()), group)
        for kind, group, pattern in lexicon.patterns
        for match in pattern.finditer(looked_at)
    ]
    found += _misspelt(looked_at, lexicon)
    kept: list[Finding] = []
    for finding in sorted(found, key=lambda f: (f.start, f.start - f.end)):
        if not kept or finding.start >= kept[-1].end:
            kept.append(Finding(finding.kind, text[finding.start : finding.end], finding.start, finding.end, finding.group))
    return kept


def _blank(found: re.Match[str]) -> str:
    """The text of an exception with spaces for its group `it`, or for all of it."""
    start, end = found.span("it") if "it" in found.re.groupindex else found.span()
    start, end = start - found.start(), end - found.start()
    return found[0][:start] + " " * (end - start) + found[0][end:]


@lru_cache(maxsize=4096)
def _near(word: str) -> tuple[MedicalKind, str] | None:
    """The entry that a misspelt long word stands for: one slip, or two in a word of eleven letters or more."""
    if word in _plain_words():
        return None
    for entry, kind, group in _lexicon().fuzzy:
        slips = 2 if len(entry) >= 11 else 1
        for length in range(len(entry) - 1, len(entry) + 2):
            head = word[:length]
            if len(head) >= 6 and head[0] == entry[0] and DamerauLevenshtein.distance(head, entry, score_cutoff=slips) <= slips:
                return kind, group
    return None


@lru_cache(maxsize=1)
def _plain_words() -> frozenset[str]:
    """Common words that are one slip away from an entry."""
    return frozenset(_load("rewordings.yml")["plain_words"])


def _misspelt(text: str, lexicon: _Lexicon) -> list[Finding]:
    found = []
    for match in re.finditer(r"[^\W\d_][\w'’-]{5,}", text):
        near = _near(match[0].lower())
        if near is not None:
            found.append(Finding(near[0], match[0], match.start(), match.end(), near[1]))
    return found


def without_medical(text: str) -> str | None:
    """The clauses of `text` without a medical term, as a sentence; None when too little is left."""
    found = find_medical(text)
    kept: list[str] = []
    position = 0
    for cut in [*_CLAUSE.finditer(text), None]:
        end = cut.start() if cut else len(text)
        clause = text[position:end].strip(" ,.;:-")
        if clause and not any(f.start < end and f.end > position for f in found) and len(clause.split()) >= 3:
            kept.append(clause)
        position = cut.end() if cut else end
    rest = "; ".join(kept)
    while _DANGLING.search(rest):
        rest = _DANGLING.sub("", rest).rstrip(" ,;")
    if len(rest.split()) < 3 or find_medical(rest):
        return None
    return rest[0].upper() + rest[1:]


@lru_cache(maxsize=1)
def _rewordings() -> dict[str, list[str]]:
    return {group: list(lines) for group, lines in _load("rewordings.yml")["rewordings"].items()}


def reword(text: str) -> Rewording | None:
    """None when `text` speaks of work only; else what to say and up to three rewordings (the user's own words first)."""
    found = find_medical(text)
    if not found:
        return None
    suggestions: list[str] = []
    own = without_medical(text)
    if own is not None:
        suggestions.append(own)
    for finding in found:
        for line in _rewordings().get(finding.group, []):
            if line not in suggestions:
                suggestions.append(line)
    kinds = list(dict.fromkeys(KIND_TEXT[finding.kind] for finding in found))
    named = kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} en {kinds[-1]}"
    say = f"Hier staat iets over {named}. Dat bewaren we niet: het hoort niet in afspraken over werk. Wat is er op het werk nodig?"
    return Rewording(tuple(found), say, tuple(suggestions[:3]))
