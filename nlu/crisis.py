"""When a message is about danger to life or safety.

A missed crisis may cost a life, a false alarm annoys; so there is a model of its own for this one question, and it decides alone.
Two things raise the alarm:

* words that leave no doubt, in any common language (:mod:`nlu.crisis_certain`); they count so much beside the score
  (:mod:`nlu.topic_classifier`) that only a model sure of the contrary outweighs them, and alone where a message has no vector;
* a score above a threshold. It adds up a linear support vector machine over word and character n-grams, the sentence vector, the
  concepts of :mod:`nlu.crisis_words` and every pair of concepts (a weapon at the door, pills that were taken), so that wordings nobody wrote down
  before still share features; and how much nearer the message lies to the nearest crisis examples than to the nearest others.
  The sentence vector comes with those of three earlier layers of the encoder (:meth:`nlu.e5.E5.describe`): with them twelve in a hundred more
  crises of an unseen author are found at one false alarm in a hundred.

Fitting needs scikit-learn; scoring one message takes about a millisecond.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

import nlu.text
from nlu import crisis_certain, crisis_words
from nlu.axes import principal_axes
from nlu.crisis_certain import is_certain
from nlu.crisis_words import NAMES as NAMES
from nlu.crisis_words import concepts as concepts
from nlu.e5 import E5
from nlu.nearest import Nearest
from nlu.ngrams import NGrams, Row, beside, beside_full
from nlu.sentence_encoder import sentence_vector
from nlu.text_cache import TextCache

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_PARTS = 3  # one of them is scored by a model that saw the others: the threshold comes from it
_ROUNDS = 100  # enough to converge
_CRISIS_WEIGHT = 3.0  # a crisis counts three times: there are far fewer of them
_REGULARISATION = 0.3
_CONCEPT_SCALE = 0.4
_PAIR_SCALE = 0.28
_AXES = 128  # of the 384 directions of each layer, those in which the messages differ most
_NEIGHBOURS = 3  # nearest examples of each kind that count
_NEARNESS = 4.0  # how much they count beside the linear part
# share of the other messages that may raise the alarm when a model did not see them; the examples stand around the border, real traffic does not
FALSE_ALARMS = 0.004


CERTAIN = len(NAMES)  # stands beside the numbers of the concepts: the words leave no doubt
_PAIR_COLUMNS = {pair: column for column, pair in enumerate(combinations(range(len(NAMES) + 1), 2))}


def findings(text: str) -> list[int]:
    """Numbers of the concepts that a message holds, ascending, and :data:`CERTAIN` when its words leave no doubt."""
    return [*sorted(concepts(text)), *([CERTAIN] if is_certain(text) else [])]


def finding_rows(texts: Sequence[str]) -> Floats:
    """:func:`findings` of each message as ones and zeros ``(n, concepts + 1)``."""
    rows = np.zeros((len(texts), len(NAMES) + 1), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[findings(text)] = 1.0
    return rows


def kept_finding_rows(texts: Sequence[str], path: Path) -> Floats:
    """:func:`finding_rows`, kept in the file at ``path`` for as long as the lexicons stay what they are: looking takes ten seconds."""
    digest = hashlib.sha256()
    for module in (crisis_words, crisis_certain, nlu.text):
        digest.update(Path(str(module.__file__)).read_bytes())
    return TextCache(path, version=digest.hexdigest(), width=len(NAMES) + 1).rows(texts, finding_rows, "Begrippen zoeken")


def _pair_columns(found: Sequence[int]) -> list[int]:
    """The columns of the pairs among concepts, which are ascending."""
    return [_PAIR_COLUMNS[pair] for pair in combinations(found, 2)]


def _pairs(found: Floats) -> csr_matrix:
    """The pairs of concepts in :func:`finding_rows`: ``(n, pairs)``. Nearly all are absent: a full matrix would take a gigabyte and seconds."""
    pairs = [_pair_columns(np.flatnonzero(row).tolist()) for row in found]
    starts = np.cumsum([0, *map(len, pairs)], dtype=np.int64)
    columns = np.array([column for row in pairs for column in row], np.int32)
    return csr_matrix((np.full(len(columns), _PAIR_SCALE, np.float32), columns, starts), shape=(len(found), len(_PAIR_COLUMNS)))


def _nearness(dense: Floats, crises: Floats, others: Floats) -> Floats:
    """How much nearer each row lies to the nearest crisis examples than to the nearest others ``(n,)``."""
    result = np.zeros(len(dense), np.float32)
    for chosen, sign in ((crises, _NEARNESS), (others, -_NEARNESS)):
        count = min(_NEIGHBOURS, len(chosen))
        for start in range(0, len(dense), 512):  # all at once would take a gigabyte
            alike = dense[start : start + 512] @ chosen.T
            rows = np.arange(len(alike))
            for _ in range(count):  # the nearest, and then the next; sorting takes six times as long
                nearest = alike.argmax(axis=1)
                result[start : start + 512] += np.float32(sign / count) * alike[rows, nearest]
                alike[rows, nearest] = -np.inf
    return result


def _top(alike: Floats) -> float:
    """The mean of the largest few."""
    count = min(_NEIGHBOURS, len(alike))
    return float(np.partition(alike, -count)[-count:].mean()) if count else 0.0


@dataclass
class CrisisModel:
    """A fitted model; make one with :func:`fit` or :meth:`from_arrays`.

    The columns of ``weights`` are n-grams, concepts, pairs of concepts, and the vectors of all layers (none when the model was fitted without
    vectors), each along its ``axes`` ``(layers, 384, k)``.
    ``nearest`` holds the centred vectors of the training messages, ``kinds`` ``(m,)`` which of them are a crisis. ``usual`` is the nearness of a
    message that is no crisis, which stands in for that of a message without a vector.
    """

    ngrams: NGrams
    mean: Floats
    axes: Floats
    weights: Floats
    bias: float
    threshold: float = 0.0
    nearest: Nearest | None = None
    kinds: Flags = field(default_factory=lambda: np.zeros(0, bool))
    usual: float = 0.0

    def _near(self, dense: Floats) -> float:
        """:func:`_nearness` of one centred vector ``(384,)``."""
        if self.nearest is None:
            return self.usual
        alike = self.nearest.alike(dense)
        return _NEARNESS * (_top(alike[self.kinds]) - _top(alike[~self.kinds]))

    def _dense(self, vectors: Floats | None, rows: int) -> Floats:
        """Centred vectors, those of each layer of length one; zeros for a message without a vector."""
        if vectors is None or not self.mean.size:
            return np.zeros((rows, self.mean.size), np.float32)
        layers = (np.asarray(vectors, np.float32) - self.mean).reshape(rows, -1, min(E5.dimension, self.mean.size))
        layers /= np.maximum(np.linalg.norm(layers, axis=2, keepdims=True), 1e-6)
        return layers.reshape(rows, -1)

    def _along(self, dense: Floats) -> Floats:
        """Centred vectors ``(n, layers * 384)`` along the axes ``(n, layers * k)``."""
        if not self.axes.size:
            return dense
        layers = dense.reshape(len(dense), len(self.axes), -1)
        return np.hstack([layers[:, number] @ axes for number, axes in enumerate(self.axes)])

    def features(
        self, texts: Sequence[str], vectors: Floats | None, grams: csr_matrix | None = None, found: Floats | None = None
    ) -> csr_matrix:
        """What the model sees of messages: ``(n, len(weights))``.

        ``grams`` are their n-grams and ``found`` their :func:`finding_rows`, where the caller has them already.
        """
        grams = self.ngrams.transform(texts) if grams is None else grams
        found = finding_rows(texts) if found is None else found
        known = beside(csr_matrix(found * np.float32(_CONCEPT_SCALE)), _pairs(found))
        return beside_full(beside(grams, known), self._along(self._dense(vectors, len(texts))))

    def scores(self, texts: Sequence[str], vectors: Floats | None) -> Floats:
        """Scores of messages ``(n,)`` with ``vectors`` (descriptions ``(n, 4 * 384)``) or None; higher is more like a crisis."""
        linear: Floats = np.asarray(self.features(texts, vectors) @ self.weights, np.float32).ravel() + np.float32(self.bias)
        if vectors is None:
            return linear + np.float32(self.usual)
        return linear + np.array([self._near(dense) for dense in sentence_vector(self._dense(vectors, len(texts)))], np.float32)

    def score(self, text: str, vector: Floats | None, *, row: Row | None = None, found: Sequence[int] | None = None) -> float:
        """Score of one message, as :meth:`scores` gives it; ``vector`` is its description ``(4 * 384,)`` or None.

        ``row`` are its n-grams and ``found`` its :func:`findings`, where the caller has them already.
        """
        row = self.ngrams.row(text) if row is None else row
        found = findings(text) if found is None else found
        after_grams = len(self.ngrams.columns)
        after_concepts = after_grams + len(NAMES) + 1
        after_pairs = after_concepts + len(_PAIR_COLUMNS)
        score = self.bias + float(row.weights @ self.weights[row.columns])
        score += _CONCEPT_SCALE * float(self.weights[[after_grams + number for number in found]].sum())
        score += _PAIR_SCALE * float(self.weights[[after_concepts + column for column in _pair_columns(found)]].sum())
        if vector is None or not self.mean.size:
            return score + self.usual
        dense = self._dense(np.asarray(vector, np.float32)[None, :], 1)
        score += float(self._along(dense)[0] @ self.weights[after_pairs:])
        return score + self._near(sentence_vector(dense)[0])

    def alarm(self, text: str, vector: Floats | None) -> bool:
        """Whether this message must be treated as a crisis: words that leave no doubt, or a score above the threshold."""
        found = findings(text)
        return CERTAIN in found or self.score(text, vector, found=found) > self.threshold

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything but the vocabulary of a model that was just fitted as named arrays for ``np.savez``; :meth:`from_arrays` is the way back."""
        examples, scale = self.nearest.examples if self.nearest else (np.zeros((0, 0), np.int8), 1.0)
        return {
            "crisis_mean": self.mean,
            "crisis_axes": self.axes,
            "crisis_weights": self.weights,
            "crisis_numbers": np.array([self.bias, self.threshold, self.usual, scale], np.float64),
            "crisis_examples": examples,
            "crisis_kinds": self.kinds,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], ngrams: NGrams) -> CrisisModel:
        """A model from the arrays of :meth:`to_arrays` and the vocabulary that :func:`fit` was given; other keys are ignored.

        Raises:
            KeyError: when an array is missing.
        """
        bias, threshold, usual, scale = (float(value) for value in arrays["crisis_numbers"])
        mean, axes, weights = (np.asarray(arrays[f"crisis_{name}"]) for name in ("mean", "axes", "weights"))
        examples, kinds = np.asarray(arrays["crisis_examples"], np.int8), np.asarray(arrays["crisis_kinds"], bool)
        return cls(ngrams, mean, axes, weights, bias, threshold, Nearest(examples, scale) if examples.size else None, kinds, usual)


def _learn(features: csr_matrix, labels: Flags) -> tuple[Floats, float]:
    """Weights and bias of crisis against the rest."""
    from nlu.training import linear

    _, weights, bias = linear(features, labels, _REGULARISATION, rounds=_ROUNDS, weight={True: _CRISIS_WEIGHT, False: 1.0})
    return np.ascontiguousarray(weights[:, 1]), float(bias[1])


def unseen_scores(features: csr_matrix, dense: Floats, labels: Flags, unseen: Flags) -> tuple[Floats, Floats]:
    """Linear part and nearness of the ``unseen`` messages that are no crisis, under a model that saw only the rest.

    ``dense`` holds the centred vectors ``(n, 384)``, or no columns. The vocabulary is shared: it knows no labels.
    """
    seen, scored = ~unseen, unseen & ~labels
    weights, bias = _learn(features[seen], labels[seen])
    linear: Floats = np.asarray(features[scored] @ weights, np.float32).ravel() + np.float32(bias)
    if not dense.shape[1]:
        return linear, np.zeros(len(linear), np.float32)
    return linear, _nearness(dense[scored], dense[seen & labels], dense[seen & ~labels])


def fit(
    texts: Sequence[str],
    is_crisis: Sequence[bool],
    vectors: Floats | None,
    *,
    ngrams: NGrams,
    grams: csr_matrix | None = None,
    found: Floats | None = None,
    false_alarms: float = FALSE_ALARMS,
    parts: int = _PARTS,
) -> CrisisModel:
    """Fit on messages with ``vectors`` (descriptions ``(n, 4 * 384)``) or None; the same input gives the same model.

    ``ngrams`` is a vocabulary that was fitted on these texts, ``grams`` what it makes of them, and ``found`` their :func:`finding_rows`.
    The threshold lies where the share ``false_alarms`` of the other messages, each scored by a model that did not see it, would raise
    the alarm.

    Raises:
        ValueError: when there is not at least one message of each kind.
    """
    from nlu.training import parts_of

    labels = np.asarray(is_crisis, bool)
    if labels.all() or not labels.any():
        raise ValueError("Het crisismodel heeft voorbeelden met en zonder crisis nodig.")
    mean: Floats = np.zeros(0, np.float32) if vectors is None else np.mean(vectors, axis=0, dtype=np.float32)
    model = CrisisModel(ngrams, mean, np.zeros((0, 0, 0), np.float32), np.zeros(0, np.float32), 0.0)
    centred = model._dense(vectors, len(texts))
    if centred.size:
        layers = centred.reshape(len(texts), -1, min(E5.dimension, mean.size))
        model.axes = np.stack([principal_axes(layers[:, number], _AXES) for number in range(layers.shape[1])])
    features = model.features(texts, vectors, grams, found)
    model.weights, model.bias = _learn(features, labels)
    dense = sentence_vector(centred)
    unseen = parts_of(texts, parts) == 0
    if labels[~unseen].any() and not labels[unseen].all() and not labels[~unseen].all():
        linear, near = unseen_scores(features, dense, labels, unseen)
    else:
        linear, near = model.scores(texts, vectors)[~labels], np.zeros(int((~labels).sum()), np.float32)
    model.kinds, model.nearest = labels, Nearest.of(dense) if dense.size else None
    model.usual = float(near.mean())
    model.threshold = float(np.quantile(linear + near, 1.0 - false_alarms))
    return model
