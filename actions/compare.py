"""Two schemes or aids in one question ("verschil tussen loonkostensubsidie en loonkostenvoordeel"): what each comes down to, side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Literal

from actions.in_short import points
from actions.phrases import AND_SO, plain
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
    "ips/werkwijze": r"\bips[- ]?(?:coach|begeleider|trajectbegeleider)|trajectbegeleider",
    "ips/uitleg": r"\bips\b(?![- ]?(?:coach|begeleider|trajectbegeleider))",
}
_SIDE_BY_SIDE = re.compile(r"\bversch(?:il|illen|illend\w*)\b|\bvergelijk\w*|\bversus\b|\bvs\b|\bwelke van\b|\bwat is beter\b")
_OR = re.compile(r"\W*\bof\b(?: \w+){0,2}\W*")  # all that stands between the two: "harrie of mentorwijs"
_TOGETHER = re.compile(r"\bcombin\w+|\btegelijk\w*|\bsamen met\b|\bbeide\b|\ballebei\b|\bnaast\b|\bstapelen\b")
_WITH_LAST = re.compile(r"\bverschil\w*\b|\bcombin\w+|\btegelijk\w*|\ballebei\b|\bstapelen\b")
_FIRST, _SECOND = r"eerste|eerstgenoemde", r"tweede|laatste|laatstgenoemde"
_ONE_OF_THEM = re.compile(
    rf"\b(?:die|de|dat|het|deze|dit) (?P<which>{_FIRST}|{_SECOND}|andere?)\b(?! (?:week|maand|dag|keer|maal|jaar|werk\w*|keus))"
)
_BOTH = re.compile(r"\b(?:allebei|alle twee|beide\w*|samen|tegelijk\w*|combin\w+|stapelen|naast elkaar)\b")
_WHICH = re.compile(
    rf"{AND_SO}(?:welke?|wat)(?: van de (?:twee|beide))? (?:is|kost|werkt|duurt|past|bevalt)(?: \w+){{0,2}} ?"
    r"(?:goedkoper|duurder|minder|meer|korter|langer|sneller|makkelijker|handiger|beter|het beste|het minst|het meest)(?: \w+){0,3}"
)
_WITHIN = 12  # words: who writes more names what it is about
_BESIDES = re.compile(r"\b(?:en|maar|nou|ja|ok[eé]?|dan|doe|ik|bedoel|voor|van|bij|over|met|graag|toch|liever|wat|is|zit|het|hoe)\b")
_LONGEST = 20  # words: who writes more tells a story in which both occur
_POINTS = 4  # of each
_WHO_KNOWS = "Of ze in uw situatie samen kunnen, weet UWV of de gemeente. Vraag het vóór de eerste werkdag."


def names(topic: str, text: str) -> bool:
    """Whether a message names this scheme or aid ("hoe lang duurt zo'n proefplaatsing"): then it is about that, not about the answer before."""
    return topic in _NAMED and bool(re.search(_NAMED[topic], plain(text)))


def asked(text: str, last: str | None = None) -> tuple[str, ...]:
    """The topics that a message wants side by side, in the order in which they are named; empty when it wants no such thing.

    Who names one and asks for the difference or for both together, means that with the ``last`` topic ("en het verschil met een ips coach").
    """
    said = plain(text)
    if len(said.split()) > _LONGEST:
        return ()
    found = sorted((hit.span(), topic) for topic, words in _NAMED.items() if (hit := re.search(rf"\b\w*(?:{words})\w*", said)))[:2]
    if len(found) == 1 and last in _NAMED and last != found[0][1] and _WITH_LAST.search(said):
        return (str(last), found[0][1])
    if len(found) < 2:
        return ()
    ((_, end), first), ((start, _), second) = found
    wanted = _SIDE_BY_SIDE.search(said) or _TOGETHER.search(said) or _OR.fullmatch(said[end:start])
    return (first, second) if wanted else ()


def meant(text: str, before: Sequence[str], last: str | None) -> str | Literal["both", "which"] | None:
    """Which of two topics compared ``before`` a message is about ("en de tweede?"), "both", or None; ``last`` is the one talked about last."""
    said = plain(text)
    if len(before) != 2 or last not in before or len(said.split()) > _WITHIN:
        return None
    if _BOTH.search(said):
        return "both"
    if _WHICH.fullmatch(said.rstrip(" ?")):
        return "which"
    found = _ONE_OF_THEM.search(said)
    if found is None:
        return None
    if found["which"].startswith("ander"):
        return before[1] if last == before[0] else before[0]
    return before[0] if re.fullmatch(_FIRST, found["which"]) else before[1]


def rest_of(text: str) -> str:
    """What a message asks of the one that it points at; empty when it only points ("en de andere dan?")."""
    rest = _ONE_OF_THEM.sub("", plain(text).strip(" ?"))
    return rest if _BESIDES.sub("", rest).strip(" ,?") else ""


def together(before: Sequence[str]) -> dict[str, Any]:
    """What is said to the question whether two compared things go together."""
    first, second = (answers()[topic] for topic in before)
    words = _WHO_KNOWS if first.topic.startswith("regeling/") else "Dat staat niet in wat ik hierover heb. Het Werkcentrum in uw regio weet dat."
    return {**payload(first, words), "buttons": [topic_button(first.topic), topic_button(second.topic)]}


def message(text: str, both: Sequence[str] | None = None) -> dict[str, Any]:
    """Both answers in short, with the sources of both: those of ``both``, else those that :func:`asked` finds in ``text``."""
    chosen = [answers()[topic] for topic in both or asked(text)]
    blocks = ["\n".join([f"**{answer.title}**", *(f"- {point}" for point in points(answer)[:_POINTS])]) for answer in chosen]
    if _TOGETHER.search(plain(text)):
        blocks.append(_WHO_KNOWS)
    first = payload(chosen[0], "\n\n".join(blocks))
    sources = {source.title: {"title": source.title, "url": source.url} for answer in chosen for source in answer.sources}
    return {**first, "sources": list(sources.values()), "buttons": [topic_button(answer.topic) for answer in chosen]}
