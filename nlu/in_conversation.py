"""A message read in its conversation: "en wie betaalt dat?" says little by itself.

Three readings of :mod:`nlu.topic_classifier` are added up as logarithms: of the message alone, of the message after the one before it, and after
the earliest one still in sight. Topics near the last answer (the same one, its area, its next questions) get a bonus, others that a few words
resemble by accident a malus. The weights depend on the length of the message; ``bench/conversations.py`` fits and measures them.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from nlu.topics import BEHAVIOURS, CRISIS, MORE, OTHER_BEHAVIOUR, OUT_OF_SCOPE, WITHOUT_BEHAVIOUR

Ranking = Sequence[tuple[str, float]]

_LEAST = 1e-4  # a topic that a reading does not list has at most this
_FEW, _SOME = 6, 12  # words
ON_PEOPLE = ("preventie/", "situatie/")
"""After these a follow-up without a behaviour is about the person it was about."""
_BESIDE = ("bot/", "regio/", "coach/status", "coach/mijn_aanvragen")

WEIGHTS: dict[str, tuple[float, float, float]] = {
    "after_last": (0.3, 0.4, -0.1),
    "after_first": (0.3, 0.5, 0.2),
    "same": (3.0, 1.6, 1.1),
    "area": (0.8, 1.6, 2.0),
    "next": (0.3, 2.8, 0.9),
    "next_in_area": (2.5, 1.7, 1.6),
    "outside": (-2.0, -1.6, -0.3),
    "beside": (0.3, -0.2, -1.6),
}
"""For messages of at most six words, at most twelve, and more."""


@dataclass(frozen=True)
class Before:
    """What was said before a message: the topic of the last answer, and the topics of its next questions."""

    topic: str
    next_topics: Collection[str] = ()


def length_class(text: str) -> int:
    """0 for a few words, 1 for some, 2 for many."""
    words = len(text.split())
    return 0 if words <= _FEW else 1 if words <= _SOME else 2


def resolved(topic: str, last_topic: str) -> str:
    """What a follow-up question is about after an answer; any other topic is itself."""
    area, _, asked = topic.partition("/")
    if area != "vervolg":
        return topic
    last_area = last_topic.split("/")[0]
    if topic == MORE:
        return last_topic
    if last_area in BEHAVIOURS and topic != OTHER_BEHAVIOUR:
        return f"{last_area}/{asked}"
    if last_topic.startswith(ON_PEOPLE) and asked in WITHOUT_BEHAVIOUR:
        return WITHOUT_BEHAVIOUR[asked]
    return last_topic


def nearness(topic: str, before: Before) -> tuple[str, ...]:
    """Names of the :data:`WEIGHTS` that count for a topic after an answer."""
    same_area = topic.split("/")[0] == before.topic.split("/")[0]
    names = []
    if topic == before.topic:
        names.append("same")
    elif same_area:
        names.append("area")
    if topic in before.next_topics and topic != before.topic:
        names.append("next_in_area" if same_area else "next")
    if topic == OUT_OF_SCOPE:
        names.append("outside")
    if topic.startswith(_BESIDE):
        names.append("beside")
    return tuple(names)


def added_up(ranking: Ranking, before: Before) -> dict[str, float]:
    """The shares of a reading by resolved topic; danger is decided elsewhere, on the message alone.

    A follow-up after an answer about somebody may be about the person or about that very answer: half of it counts for each.
    """
    shares: dict[str, float] = {}
    for topic, share in ranking:
        if topic == CRISIS:
            continue
        meant = resolved(topic, before.topic)
        of_either = topic.startswith("vervolg/") and meant != before.topic and meant.split("/")[0] not in BEHAVIOURS
        for each in (meant, before.topic) if of_either else (meant,):
            shares[each] = shares.get(each, 0.0) + share / (2 if of_either else 1)
    return shares


def reread(
    text: str,
    alone: Ranking,
    after_last: Ranking,
    after_first: Ranking,
    *,
    before: Before,
    weights: Mapping[str, tuple[float, float, float]] = WEIGHTS,
) -> list[tuple[str, float]]:
    """The topics that a message may be about after an answer with their confidence, best first; no follow-up among them."""
    column = length_class(text)
    readings = [added_up(ranking, before) for ranking in (alone, after_last, after_first)]
    shares = (1.0, weights["after_last"][column], weights["after_first"][column])
    scores = {
        topic: sum(share * math.log(reading.get(topic, 0.0) + _LEAST) for share, reading in zip(shares, readings, strict=True))
        + sum(weights[name][column] for name in nearness(topic, before))
        for topic in dict.fromkeys(topic for reading in readings for topic in reading)
    }
    if not scores:
        return []
    highest = max(scores.values())
    likely = {topic: math.exp(score - highest) for topic, score in scores.items()}
    total = sum(likely.values())
    return sorted(((topic, share / total) for topic, share in likely.items()), key=lambda one: -one[1])


def without(topics: Collection[str], ranking: Ranking) -> list[tuple[str, float]]:
    """A ranking without some of its topics; the others share what those had."""
    others = [(each, share) for each, share in ranking if each not in topics]
    total = sum(share for _, share in others)
    return [(each, share / total) for each, share in others] if total else []
