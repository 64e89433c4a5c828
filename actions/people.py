"""Several employees in one conversation: which of them a message is about ("en die andere", "wat zeg ik tegen haar").

Per person the router keeps the behaviour that was told, some words of the telling, and whether it is a woman or a man where that is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.phrases import plain
from nlu.topics import BEHAVIOURS

Person = dict[str, Any]
"""``behaviour``, ``words`` (their beginnings), ``she`` (None when nothing tells)."""

_THINGS = r"stap\w*|we[e]?k\w*|dag\w*|keer|maal|maanden?|jaar|tijd|uur|uren|taak|taken|vraag|tip\w*|zin|kant|plek|manier|regels?|optie|ding\w*"
_FIRST = re.compile(rf"\b(?:die|de|dat|met|mijn|mn) eerste(?! (?:{_THINGS})\b)")
_SECOND = re.compile(rf"\b(?:die|de|dat|met) tweede(?! (?:{_THINGS})\b)")
_OTHER = re.compile(rf"\b(?:die|de|dat|mijn|mn|onze) andere?(?! (?:{_THINGS}|mensen|kinderen|collega'?s|medewerkers)\b)")
_SHE = re.compile(
    r"\b(?:zij|haar|d'r|dr|meid\w*|meisje|dame|mevrouw|vrouw|collegaatje|\w{3,}(?:ster|trice|iste|ière|euse)|receptioniste|secretaresse|caissi\w+)\b"
)
_HE = re.compile(r"\b(?:hij|hem|'m|ie|jongen|joch\w*|man|meneer|knul|vent|knecht)\b")
_TURNS = re.compile(r"(?:en|maar|ok[eé]? en) ")
_A_QUESTION = 14  # words: who writes more tells something new
# words that tell somebody apart: long ones, and what stands behind "de" or "mijn"
_TELLING = re.compile(r"\b(?:de|die|dat|het|mijn|mn|m'n|onze|een|'n|ne|van) ([a-zà-ÿ]{3,})|\b([a-zà-ÿ]{7,})\b")
_COMMON = re.compile(
    r"(?:mede?werk|collega|iemand|gesprek|helemaal|eigenlijk|steeds|precies|daarvan|ander|eerste|tweede|vooral|gewoon|zeggen|vertel|beginn|kunnen"
    r"|moeten|worden|werk|dag|week|hele|keer|tijd|nieuw|klant|team|juist|volgende|vorige|beste|laatste)"
)
_STEM = 6
_MOST_WORDS = 40


def _words(text: str) -> set[str]:
    found = (one or two for one, two in _TELLING.findall(text.lower()))
    return {word[:_STEM] for word in found if not _COMMON.match(word)}


def _she(text: str) -> bool | None:
    said = f" {plain(text)} "
    she, he = bool(_SHE.search(said)), bool(_HE.search(said))
    return she if she != he else None


_TWO = re.compile(
    r"(?:,? en|,|;|\.|,? maar) (?=(?:(?:de|mijn|mn|m'n|onze|een|'n|die) (?:ander\w*|tweede|\w{4,}) (?:die )?|(?:1|een|één) )"
    r"(?:is|kan|wil|zit|\w{3,}t)\b|(?:1|een|één|eentje|een ander\w*|de ander\w*) die\b)",
    re.IGNORECASE,
)
_LEAST_TOLD = 4  # words of a half that tells something


def clauses(text: str) -> list[str]:
    """The parts of a message that each tell of somebody ("de een is bang, en de ander loopt weg"); the whole where there is one."""
    parts = [part.strip(" ,.;") for part in _TWO.split(text)]
    return [part for part in parts if len(part.split()) >= _LEAST_TOLD] if len(parts) > 1 else [text]


def told(people: Sequence[Person], topic: str, text: str) -> list[Person]:
    """The people after a message about a behaviour: a new one, or more about the one who shows it."""
    behaviour = topic.partition("/")[0]
    if behaviour not in BEHAVIOURS:
        return list(people)
    before = next((one for one in people if one["behaviour"] == behaviour), None)
    she = _she(text)
    if before is None:
        return [*people, {"behaviour": behaviour, "words": sorted(_words(text))[:_MOST_WORDS], "she": she}]
    known = before["she"] if before["she"] is not None else she
    words = sorted({*before["words"], *_words(text)})[:_MOST_WORDS]
    return [{**one, "words": words, "she": known} if one is before else one for one in people]


def meant(text: str, people: Sequence[Person], last_topic: str | None) -> str | None:
    """The behaviour of the person whom a short message points at, when that is another one than the conversation was about last; else None."""
    said = plain(text)
    if len(people) < 2 or len(said.split()) > _A_QUESTION:
        return None
    now = str(last_topic or "").partition("/")[0]
    found = _pointed_at(said, text, people, now)
    return found if found != now else None


def _pointed_at(said: str, text: str, people: Sequence[Person], now: str) -> str | None:
    if _FIRST.search(said):
        return str(people[0]["behaviour"])
    if _SECOND.search(said):
        return str(people[1]["behaviour"])
    named = _named(text, people)
    if named is not None:
        return named
    others = [one for one in people if one["behaviour"] != now]
    if _OTHER.search(said) and len(others) == 1:
        return str(others[0]["behaviour"])
    she = _she(text)
    fitting = [one for one in people if she is not None and one["she"] is she]
    here = next((one for one in people if one["behaviour"] == now), None)
    perhaps_here = here is not None and here["she"] is None and not _TURNS.match(said)
    return str(fitting[0]["behaviour"]) if len(fitting) == 1 and not perhaps_here else None


def _named(text: str, people: Sequence[Person]) -> str | None:
    """The one person in whose telling a word of the message stands."""
    asked = _words(text)
    own = {str(one["behaviour"]): set(one["words"]) for one in people}
    hits = {behaviour for behaviour, words in own.items() if asked & words - set().union(*(w for b, w in own.items() if b != behaviour))}
    return hits.pop() if len(hits) == 1 else None


def of_state(state: Mapping[str, Any]) -> list[Person]:
    """The people that a conversation's state keeps."""
    return list(state.get("people") or [])
