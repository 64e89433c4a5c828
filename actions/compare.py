"""Two schemes or aids in one question ("verschil tussen loonkostensubsidie en loonkostenvoordeel"): what each comes down to, side by side."""

from __future__ import annotations

import re
from typing import Any

from actions.in_short import points
from actions.phrases import plain
from steunwijzer.answers import answers, payload, topic_button

_NAMED = {
    "regeling/loonkostensubsidie": r"loonkosten ?subsidie|\blks\b",
    "regeling/loonkostenvoordeel": r"loonkosten ?voordeel|\blkv\b",
    "regeling/no_riskpolis": r"no.?risk",
    "regeling/proefplaatsing": r"proefplaatsing",
    "regeling/jobcoach": r"job ?coach",
    "regeling/banenafspraak": r"banenafspraak|doelgroep ?register",
    "regeling/werkplek": r"werkplekaanpassing|meeneembare voorziening",
    "instrument/harrie": r"\bharrie",
    "instrument/mentorwijs": r"mentor ?wijs",
    "instrument/inclusieve_analyse": r"inclusieve (?:arbeids|bedrijfs)?analyse",
    "instrument/arbeidsdeskundige": r"arbeidsdeskundige",
    "instrument/wsp": r"\bwsp\b|werkgevers ?service ?punt|werkcentrum",
    "ips/uitleg": r"\bips\b",
}
_SIDE_BY_SIDE = re.compile(r"\bversch(?:il|illen|illend\w*)\b|\bvergelijk\w*|\bversus\b|\bvs\b|\bwelke van\b|\bwat is beter\b")
_OR = re.compile(r"\W*\bof\b(?: \w+){0,2}\W*")  # all that stands between the two: "harrie of mentorwijs"
_TOGETHER = re.compile(r"\bcombin\w+|\btegelijk\w*|\bsamen met\b|\bbeide\b|\ballebei\b|\bnaast\b|\bstapelen\b")
_LONGEST = 20  # words: who writes more tells a story in which both occur
_POINTS = 4  # of each


def asked(text: str) -> tuple[str, ...]:
    """The topics that a message wants side by side, in the order in which they are named; empty when it wants no such thing."""
    said = plain(text)
    if len(said.split()) > _LONGEST:
        return ()
    found = sorted((hit.span(), topic) for topic, words in _NAMED.items() if (hit := re.search(rf"\b\w*(?:{words})\w*", said)))[:2]
    if len(found) < 2:
        return ()
    ((_, end), first), ((start, _), second) = found
    wanted = _SIDE_BY_SIDE.search(said) or _TOGETHER.search(said) or _OR.fullmatch(said[end:start])
    return (first, second) if wanted else ()


def message(text: str) -> dict[str, Any]:
    """Both answers in short, with the sources of both. ``text`` is one for which :func:`asked` finds two topics."""
    chosen = [answers()[topic] for topic in asked(text)]
    blocks = ["\n".join([f"**{answer.title}**", *(f"- {point}" for point in points(answer)[:_POINTS])]) for answer in chosen]
    if _TOGETHER.search(plain(text)):
        blocks.append("Of ze in uw situatie samen kunnen, weet UWV of de gemeente. Vraag het vóór de eerste werkdag.")
    first = payload(chosen[0], "\n\n".join(blocks))
    sources = {source.title: {"title": source.title, "url": source.url} for answer in chosen for source in answer.sources}
    return {**first, "sources": list(sources.values()), "buttons": [topic_button(answer.topic) for answer in chosen]}
