"""Fitting :class:`nlu.in_conversation.ConversationModel` on example conversations: the weights under which the right topics are likeliest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nlu.conversation_examples import Turn
from nlu.in_conversation import (
    LENGTHS,
    PRIOR_SHARES,
    READINGS,
    RELATIONS,
    Before,
    ConversationModel,
    Floats,
    Ranking,
    area_of,
    candidates,
    describe,
    length_class,
    prior_relations,
    relation,
)

Doubles = npt.NDArray[np.float64]

FEWEST = 50
"""Turns below which nothing is learned and the rules of thumb stay."""
_SCALE = 2.0  # of the vector of a message beside the constants
_KEPT_SMALL = 1.0  # how strongly weights are held to what they were before anything was learned
_SHARES_KEPT = 0.02
_LEAST = 1e-3  # a right topic that no reading lists costs this much and no more
_ROUNDS = 100


@dataclass(frozen=True)
class _Padded:
    """All turns as arrays: of ``n`` turns at most ``m`` topics each."""

    logs: Doubles  # (n, m, readings)
    relations: npt.NDArray[np.int64]  # (n, m)
    topics: npt.NDArray[np.int64]  # (n, m)
    right: Doubles  # (n, m): 1 where the answer would be right
    listed: npt.NDArray[np.bool_]  # (n, m)
    lengths: npt.NDArray[np.int64]  # (n,)
    areas: npt.NDArray[np.int64]  # (n,)


def fit(
    turns: Sequence[Turn], readings: Sequence[Sequence[Ranking]], vectors: Floats | None, before: Callable[[str, Sequence[str]], Before]
) -> ConversationModel:
    """Fit on turns with their ``readings`` and ``vectors`` ``(n, k)`` or None; the same input gives the same model.

    ``before`` gives what was said before a message, of the last topic and the earlier ones. Fewer than :data:`FEWEST` turns give a model that goes
    by rules of thumb.
    """
    if len(turns) < FEWEST:
        return ConversationModel()
    from scipy.optimize import minimize

    after = [before(turn.last_topic, turn.earlier) for turn in turns]
    found = [candidates(each, one) for each, one in zip(readings, after, strict=True)]
    names = sorted({topic for topics, _ in found for topic in topics})
    areas = sorted({area_of(one.topic) for one in after})
    padded = _padded(turns, after, found, names, areas)
    width = 0 if vectors is None else vectors.shape[1]
    described = np.array(
        [describe(turn.text, None if vectors is None else vectors[row] * _SCALE, width) for row, turn in enumerate(turns)], np.float64
    )
    pieces = _Pieces(len(names), len(areas), described.shape[1], width)
    start = pieces.joined(
        np.tile(np.array(PRIOR_SHARES), (LENGTHS, 1)),
        np.asarray(prior_relations(width), np.float64),
        np.zeros((len(names), width)),
        np.zeros((len(areas), len(names))),
    )
    learned = minimize(_loss, start, (padded, described, pieces, start), jac=True, method="L-BFGS-B", options={"maxiter": _ROUNDS}).x
    shares, relations, topics, of_area = (part.astype(np.float32) for part in pieces.apart(learned))
    relations[:, 1 + LENGTHS :] *= _SCALE
    return ConversationModel(names, areas, shares, relations, topics * np.float32(_SCALE), of_area)


@dataclass(frozen=True)
class _Pieces:
    """The four weight matrices in one row of numbers."""

    names: int
    areas: int
    described: int
    width: int

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        return (LENGTHS, READINGS), (len(RELATIONS), self.described), (self.names, self.width), (self.areas, self.names)

    def apart(self, values: Doubles) -> list[Doubles]:
        ends = np.cumsum([rows * columns for rows, columns in self.shapes])[:-1]
        return [part.reshape(shape) for part, shape in zip(np.split(values, ends), self.shapes, strict=True)]

    @staticmethod
    def joined(*parts: Doubles) -> Doubles:
        return np.concatenate([part.ravel() for part in parts])


def _padded(
    turns: Sequence[Turn], after: Sequence[Before], found: Sequence[tuple[list[str], Floats]], names: Sequence[str], areas: Sequence[str]
) -> _Padded:
    most = max(len(topics) for topics, _ in found)
    shape, column = (len(turns), most), {name: number for number, name in enumerate(names)}
    logs, right, listed = np.zeros((*shape, READINGS)), np.zeros(shape), np.zeros(shape, bool)
    relations, topics = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for row, (turn, one, (known, shares)) in enumerate(zip(turns, after, found, strict=True)):
        count = len(known)
        logs[row, :count], listed[row, :count] = shares, True
        relations[row, :count] = [RELATIONS.index(relation(topic, one)) for topic in known]
        topics[row, :count] = [column[topic] for topic in known]
        right[row, :count] = [topic in turn.right for topic in known]
    return _Padded(
        logs,
        relations,
        topics,
        right,
        listed,
        np.array([length_class(turn.text) for turn in turns]),
        np.array([areas.index(area_of(one.topic)) for one in after]),
    )


def _loss(values: Doubles, padded: _Padded, described: Doubles, pieces: _Pieces, start: Doubles) -> tuple[float, Doubles]:
    """The mean loss of the turns and its slope at ``values``."""
    shares, relations, topics, of_area = pieces.apart(values)
    count = len(described)
    vectors = described[:, 1 + LENGTHS :]
    scores = np.einsum("nmr,nr->nm", padded.logs, shares[padded.lengths])
    scores += np.take_along_axis(described @ relations.T, padded.relations, axis=1)
    scores += np.take_along_axis(vectors @ topics.T + of_area[padded.areas], padded.topics, axis=1)
    scores = np.where(padded.listed, scores - scores.max(axis=1, keepdims=True), -np.inf)
    likely = np.exp(scores)
    likely /= likely.sum(axis=1, keepdims=True)
    right = likely * padded.right
    told = right.sum(axis=1)
    slope = (told[:, None] * likely - right) / (told + _LEAST)[:, None]
    by_relation, by_topic = _summed(slope, padded.relations, len(RELATIONS)), _summed(slope, padded.topics, pieces.names)
    by_reading = np.einsum("nm,nmr->nr", slope, padded.logs)
    slopes = pieces.joined(
        np.array([by_reading[padded.lengths == length].sum(axis=0) for length in range(LENGTHS)]),
        by_relation.T @ described,
        by_topic.T @ vectors,
        np.array([by_topic[padded.areas == area].sum(axis=0) for area in range(pieces.areas)]),
    )
    away = values - start
    kept = np.full(len(values), _KEPT_SMALL / count)
    kept[: LENGTHS * READINGS] = _SHARES_KEPT
    return float(-np.log(told + _LEAST).mean() + (kept * away**2).sum()), slopes / count + 2 * kept * away


def _summed(values: Doubles, columns: npt.NDArray[np.int64], width: int) -> Doubles:
    """The values of each row added up by column ``(n, width)``."""
    rows = np.arange(len(values))[:, None] * width
    summed: Doubles = np.bincount((rows + columns).ravel(), values.ravel(), len(values) * width).astype(np.float64)
    return summed.reshape(len(values), width)
