"""A message read in its conversation: "en wie betaalt dat?" says little by itself.

Two readings of :mod:`nlu.topic_classifier` are added up as logarithms: of the message alone, and of the message after the one before it. To each
topic is added what the message itself gives away about how it leans on the last answer (the same topic, its area, one of its next questions,
something else: the *relations*), how much it asks for that topic in the middle of a conversation, and how often that topic comes after an answer
from this area. All of it is learned from ``data/conversations`` (:mod:`nlu.conversation_fit`); ``bench/conversations.py`` measures it on
conversations of others.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from nlu.topics import BEHAVIOURS, CRISIS, MORE, OTHER_BEHAVIOUR, OUT_OF_SCOPE, WITHOUT_BEHAVIOUR
from steunwijzer.answers import next_topics

Floats = npt.NDArray[np.float32]
Ranking = Sequence[tuple[str, float]]

_LEAST = 1e-4  # a topic that a reading does not list has at most this
_FEW, _SOME = 6, 12  # words
ON_PEOPLE = ("preventie/", "situatie/")
"""After these a follow-up without a behaviour is about the person it was about."""
RELATIONS = ("same", "area", "next", "next_in_area", "outside", "dialoog", "bot", "earlier", "else")
"""How a topic stands to the answers before: it is the last one, of its area, one of its next questions, of the area of an earlier one, …"""
LENGTHS = 3
READINGS = 2
# added to a topic by its relation, before anything is learned
_PRIOR = {"same": 3.0, "area": 1.5, "next": 1.5, "next_in_area": 3.0, "outside": -1.5}
PRIOR_SHARES = (1.0, 0.4)


@dataclass(frozen=True)
class Before:
    """What was said before a message: the topic of the last answer, those of its next questions, and those of the answers before it, oldest first."""

    topic: str
    next_topics: Collection[str] = ()
    earlier: Sequence[str] = ()

    @property
    def behaviour(self) -> str | None:
        """The behaviour that an earlier answer was about, where the last one is about none."""
        areas = [area_of(topic) for topic in (self.topic, *reversed(self.earlier))]
        return None if areas[0] in BEHAVIOURS else next((area for area in areas if area in BEHAVIOURS), None)


def before_answer(topic: str, earlier: Sequence[str] = ()) -> Before:
    """The topic of the last answer with its next questions, and the topics of those before it."""
    return Before(topic, next_topics(topic), [each for each in earlier if each != topic])


def readings_of(previous: str, text: str) -> tuple[str, str]:
    """The texts that are read of a later message: itself, and after the message before it."""
    return text, f"{previous} {text}"


def length_class(text: str) -> int:
    """0 for a few words, 1 for some, 2 for many."""
    words = len(text.split())
    return 0 if words <= _FEW else 1 if words <= _SOME else 2


def area_of(topic: str) -> str:
    """The part of a topic id before the slash."""
    return topic.partition("/")[0]


def resolved(topic: str, last_topic: str) -> str:
    """What a follow-up question is about after an answer; any other topic is itself."""
    area, _, asked = topic.partition("/")
    if area != "vervolg":
        return topic
    last_area = area_of(last_topic)
    if topic == MORE:
        return last_topic
    if last_area in BEHAVIOURS and topic != OTHER_BEHAVIOUR:
        return f"{last_area}/{asked}"
    if last_topic.startswith(ON_PEOPLE) and asked in WITHOUT_BEHAVIOUR:
        return WITHOUT_BEHAVIOUR[asked]
    return last_topic


def relation(topic: str, before: Before) -> str:
    """Which of the :data:`RELATIONS` a topic has to the last answer."""
    if topic == before.topic:
        return "same"
    if topic == OUT_OF_SCOPE:
        return "outside"
    area = area_of(topic)
    if area in ("dialoog", "bot"):
        return area
    near, listed = area == area_of(before.topic), topic in before.next_topics
    if near or listed:
        return "next_in_area" if near and listed else "next" if listed else "area"
    return "earlier" if area in map(area_of, before.earlier) else "else"


def added_up(ranking: Ranking, before: Before) -> dict[str, float]:
    """The shares of a reading by resolved topic; danger is decided elsewhere, on the message alone.

    A follow-up may be about several things, and counts for each alike: see :func:`_meant`.
    """
    shares: dict[str, float] = {}
    for topic, share in ranking:
        if topic == CRISIS:
            continue
        meant = _meant(topic, before)
        for each in meant:
            shares[each] = shares.get(each, 0.0) + share / len(meant)
    return shares


def _meant(topic: str, before: Before) -> Collection[str]:
    """What a topic may be about after an answer: a follow-up about the person, that very answer, or the behaviour that was spoken of before it."""
    meant = resolved(topic, before.topic)
    if area_of(topic) != "vervolg" or area_of(meant) in BEHAVIOURS:
        return (meant,)
    behaviour = None if topic in (MORE, OTHER_BEHAVIOUR) else before.behaviour
    return dict.fromkeys((meant, before.topic, *((resolved(topic, f"{behaviour}/"),) if behaviour else ())))


def candidates(readings: Sequence[Ranking], before: Before) -> tuple[list[str], Floats]:
    """The topics that a message may be about ``(n,)``, and the logarithm of each one's share in each reading ``(n, readings)``."""
    shares = [added_up(ranking, before) for ranking in readings]
    topics = list(dict.fromkeys([*(topic for each in shares for topic in each), before.topic, *sorted(before.next_topics)]))
    return topics, np.array([[math.log(each.get(topic, 0.0) + _LEAST) for each in shares] for topic in topics], np.float32)


def describe(text: str, vector: Floats | None, width: int) -> Floats:
    """What the model sees of a message ``(1 + lengths + width,)``: a constant, how long it is, and its vector (None: zeros)."""
    row = np.zeros(1 + LENGTHS + width, np.float32)
    row[0] = row[1 + length_class(text)] = 1.0
    if vector is not None:
        row[1 + LENGTHS :] = vector
    return row


@dataclass
class ConversationModel:
    """A fitted model (:func:`nlu.conversation_fit.fit`); one without arguments goes by rules of thumb.

    ``shares`` says how much each reading counts ``(lengths, readings)``; ``relations`` ``(relations, 1 + lengths + k)`` and ``topics``
    ``(len(names), k)`` weigh the description of a message, of which ``k`` numbers are its vector; ``after`` ``(len(areas), len(names))`` is
    added after an answer from an area.
    """

    names: list[str] = field(default_factory=list)
    areas: list[str] = field(default_factory=list)
    shares: Floats = field(default_factory=lambda: np.tile(np.array(PRIOR_SHARES, np.float32), (LENGTHS, 1)))
    relations: Floats = field(default_factory=lambda: prior_relations(0))
    topics: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    after: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def rank(self, text: str, vector: Floats | None, readings: Sequence[Ranking], before: Before) -> list[tuple[str, float]]:
        """The topics that a message may be about after an answer with their confidence, best first; no follow-up among them.

        ``vector`` ``(k,)`` is the message's, or None; ``readings`` are those alone and after the message before.
        """
        if not any(readings):
            return []
        found, logs = candidates(readings, before)
        scores = logs @ self.shares[length_class(text)]
        described = describe(text, vector, self.relations.shape[1] - 1 - LENGTHS)
        leaning = dict(zip(RELATIONS, (self.relations @ described).tolist(), strict=True))
        asked = self.topics @ described[1 + LENGTHS :] if self.names else np.zeros(0, np.float32)
        area = area_of(before.topic)
        if area in self.areas:
            asked = asked + self.after[self.areas.index(area)]
        wanted = dict(zip(self.names, asked.tolist(), strict=True))
        scores += np.array([leaning[relation(topic, before)] + wanted.get(topic, 0.0) for topic in found], np.float32)
        likely = np.exp(scores - scores.max())
        shares = (likely / likely.sum()).tolist()
        return sorted(zip(found, shares, strict=True), key=lambda one: -one[1])

    def to_arrays(self) -> dict[str, npt.NDArray[np.float32] | npt.NDArray[np.str_]]:
        """Everything as named arrays for ``np.savez``; :meth:`from_arrays` is the way back."""
        return {
            "conversation_names": np.array(self.names, np.str_),
            "conversation_areas": np.array(self.areas, np.str_),
            "conversation_shares": self.shares,
            "conversation_relations": self.relations,
            "conversation_topics": self.topics,
            "conversation_after": self.after,
        }

    @classmethod
    def from_arrays(cls, stored: Mapping[str, npt.NDArray[np.generic]]) -> ConversationModel:
        """The model of :meth:`to_arrays`.

        Raises:
            KeyError: when an array is missing.
        """
        numbers = {name: np.asarray(stored[f"conversation_{name}"], np.float32) for name in ("shares", "relations", "topics", "after")}
        return cls(stored["conversation_names"].tolist(), stored["conversation_areas"].tolist(), **numbers)


def prior_relations(width: int) -> Floats:
    """The rules of thumb, and zeros for what is to be learned ``(relations, 1 + lengths + width)``."""
    weights = np.zeros((len(RELATIONS), 1 + LENGTHS + width), np.float32)
    weights[:, 0] = [_PRIOR.get(name, 0.0) for name in RELATIONS]
    return weights


def without(topics: Collection[str], ranking: Ranking) -> list[tuple[str, float]]:
    """A ranking without some of its topics; the others share what those had."""
    others = [(each, share) for each, share in ranking if each not in topics]
    total = sum(share for _, share in others)
    return [(each, share / total) for each, share in others] if total else []
