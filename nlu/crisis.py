"""When a message is about danger to life or safety.

A missed crisis may cost a life, a false alarm annoys; so there is a model of its own for this one question, and it decides alone.
Two things raise the alarm:

* words that leave no doubt, in any common language (:mod:`nlu.crisis_certain`); they fire alone, whatever the model thinks;
* a score above a threshold. It adds up a linear support vector machine over word and character n-grams, the sentence vector, the
  concepts of :mod:`nlu.crisis_words` and every pair of concepts (a weapon at the door, pills that were taken), so that wordings nobody wrote down
  before still share features; and how much nearer the message lies to the nearest crisis examples than to the nearest others.

Fitting needs scikit-learn; scoring is plain NumPy and takes some five milliseconds.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from nlu.crisis_certain import is_certain
from nlu.crisis_words import NAMES as NAMES
from nlu.crisis_words import concepts as concepts
from nlu.ngrams import NGrams

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

_SEED = 20261121
_FOLDS = 5
_CRISIS_WEIGHT = 3.0  # a crisis counts three times: there are far fewer of them
_REGULARISATION = 0.3
_CONCEPT_SCALE = 0.4
_PAIR_SCALE = 0.28
_NEIGHBOURS = 3  # nearest examples of each kind that count
_NEARNESS = 4.0  # how much they count beside the linear part
# share of the other messages that may raise the alarm in cross-validation; the examples stand around the border, real traffic does not
FALSE_ALARMS = 0.004
_PAIRS = np.triu_indices(len(NAMES) + 1, 1)


def _concept_rows(texts: Sequence[str]) -> Floats:
    """Which concepts each message holds, and last whether its words leave no doubt: ones and zeros ``(n, concepts + 1)``."""
    rows = np.zeros((len(texts), len(NAMES) + 1), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[list(concepts(text))] = 1.0
        row[-1] = is_certain(text)
    return rows


def _nearness(dense: Floats, examples: Floats, are_crisis: Flags) -> Floats:
    """How much nearer each row lies to the nearest crisis examples than to the nearest others ``(n,)``."""
    result = np.zeros(len(dense), np.float32)
    for kind, sign in ((True, _NEARNESS), (False, -_NEARNESS)):
        chosen = examples[are_crisis == kind]
        count = min(_NEIGHBOURS, len(chosen))
        for start in range(0, len(dense), 512):  # all at once would take a gigabyte
            alike = dense[start : start + 512] @ chosen.T
            result[start : start + 512] += np.float32(sign) * np.partition(alike, -count, axis=1)[:, -count:].mean(axis=1)
    return result


@dataclass
class CrisisModel:
    """A fitted model; make one with :func:`fit` or :meth:`from_arrays`.

    The columns of ``weights`` are n-grams, sentence vector (none when the model was fitted without vectors), concepts, pairs of concepts.
    ``examples`` ``(m, 384)`` are the centred vectors of the training messages and ``are_crisis`` ``(m,)`` their kind; ``usual`` is the
    nearness of a message that is no crisis, which stands in for that of a message without a vector.
    """

    ngrams: NGrams
    mean: Floats
    weights: Floats
    bias: float
    threshold: float = 0.0
    examples: Floats = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    are_crisis: Flags = field(default_factory=lambda: np.zeros(0, bool))
    usual: float = 0.0

    def _dense(self, vectors: Floats | None, rows: int) -> Floats:
        """Centred vectors of length one; zeros for a message without a vector."""
        if vectors is None or not self.mean.size:
            return np.zeros((rows, self.mean.size), np.float32)
        centred = np.asarray(vectors, np.float32) - self.mean
        result: Floats = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-6)
        return result

    def features(self, texts: Sequence[str], vectors: Floats | None) -> csr_matrix:
        """What the model sees of messages: ``(n, len(weights))``."""
        found = _concept_rows(texts)
        pairs = csr_matrix(found[:, _PAIRS[0]] * found[:, _PAIRS[1]] * np.float32(_PAIR_SCALE))
        dense = csr_matrix(self._dense(vectors, len(texts)))
        return hstack([self.ngrams.transform(texts), dense, csr_matrix(found * np.float32(_CONCEPT_SCALE)), pairs], format="csr")

    def scores(self, texts: Sequence[str], vectors: Floats | None) -> Floats:
        """Scores of messages ``(n,)`` with vectors ``(n, 384)`` or None; higher is more like a crisis."""
        linear: Floats = np.asarray(self.features(texts, vectors) @ self.weights, np.float32).ravel() + np.float32(self.bias)
        if vectors is None or not self.examples.size:
            return linear + np.float32(self.usual)
        return linear + _nearness(self._dense(vectors, len(texts)), self.examples, self.are_crisis)

    def score(self, text: str, vector: Floats | None) -> float:
        """Score of one message; ``vector`` is its sentence vector ``(384,)`` or None."""
        return float(self.scores([text], None if vector is None else np.asarray(vector, np.float32)[None, :])[0])

    def alarm(self, text: str, vector: Floats | None) -> bool:
        """Whether this message must be treated as a crisis: words that leave no doubt, or a score above the threshold."""
        return is_certain(text) or self.score(text, vector) > self.threshold

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything as named arrays for ``np.savez``; :meth:`from_arrays` is the way back."""
        return {
            "crisis_grams": np.frombuffer(json.dumps(list(self.ngrams.columns), ensure_ascii=False).encode(), np.uint8),
            "crisis_lemmas": np.frombuffer(json.dumps(dict(self.ngrams.lemmas), ensure_ascii=False).encode(), np.uint8),
            "crisis_idf": self.ngrams.idf,
            "crisis_mean": self.mean,
            "crisis_weights": self.weights,
            "crisis_numbers": np.array([self.bias, self.threshold, self.usual], np.float64),
            "crisis_examples": self.examples.astype(np.float16),
            "crisis_kinds": self.are_crisis,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], ngrams: NGrams | None = None) -> CrisisModel:
        """A model from the arrays of :meth:`to_arrays`; other keys are ignored.

        ``ngrams`` is the vocabulary that :func:`fit` was given, so that a process keeps it once.

        Raises:
            KeyError: when an array is missing.
        """
        bias, threshold, usual = (float(value) for value in arrays["crisis_numbers"])
        if ngrams is None:
            grams = json.loads(bytes(arrays["crisis_grams"]).decode())
            lemmas = json.loads(bytes(arrays["crisis_lemmas"]).decode())
            ngrams = NGrams({gram: column for column, gram in enumerate(grams)}, np.asarray(arrays["crisis_idf"]), lemmas)
        mean, weights = np.asarray(arrays["crisis_mean"]), np.asarray(arrays["crisis_weights"])
        examples = np.asarray(arrays["crisis_examples"], np.float32)
        return cls(ngrams, mean, weights, bias, threshold, examples, np.asarray(arrays["crisis_kinds"], bool), usual)


def _learn(features: csr_matrix, labels: Flags) -> tuple[Floats, float]:
    """Weights and bias."""
    from sklearn.svm import LinearSVC

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that stops at its last iteration is good enough: the score does not change
        linear = LinearSVC(C=_REGULARISATION, class_weight={True: _CRISIS_WEIGHT, False: 1.0}, max_iter=300, random_state=_SEED)
        linear.fit(features, labels)
    return linear.coef_[0].astype(np.float32), float(linear.intercept_[0])


def unseen_scores(features: csr_matrix, dense: Floats, labels: Flags, folds: int = _FOLDS) -> tuple[Floats, Floats]:
    """Linear part and nearness of every row under a model that did not see it, each ``(n,)``: cross-validation in ``folds`` parts.

    ``dense`` holds the centred vectors ``(n, 384)``, or no columns. The vocabulary is shared by the parts: it knows no labels.
    """
    fold = np.random.default_rng(_SEED).permutation(len(labels)) % folds
    linear, near = np.zeros(len(labels), np.float32), np.zeros(len(labels), np.float32)
    for number in range(folds):
        seen, unseen = fold != number, fold == number
        weights, bias = _learn(features[seen], labels[seen])
        linear[unseen] = np.asarray(features[unseen] @ weights).ravel() + bias
        if dense.shape[1]:
            near[unseen] = _nearness(dense[unseen], dense[seen], labels[seen])
    return linear, near


def fit(
    texts: Sequence[str],
    is_crisis: Sequence[bool],
    vectors: Floats | None,
    *,
    ngrams: NGrams | None = None,
    false_alarms: float = FALSE_ALARMS,
    folds: int = _FOLDS,
) -> CrisisModel:
    """Fit on messages with ``vectors`` ``(n, 384)`` or None; the same input gives the same model.

    ``ngrams`` is a vocabulary that was fitted on these texts already. The threshold lies where the share ``false_alarms`` of the other
    messages, each scored by a model that did not see it, would raise the alarm.

    Raises:
        ValueError: when there is not at least one message of each kind.
    """
    labels = np.asarray(is_crisis, bool)
    if labels.all() or not labels.any():
        raise ValueError("Het crisismodel heeft voorbeelden met en zonder crisis nodig.")
    mean: Floats = np.zeros(0, np.float32) if vectors is None else np.mean(vectors, axis=0, dtype=np.float32)
    model = CrisisModel(ngrams or NGrams().fit(texts), mean, np.zeros(0, np.float32), 0.0)
    features = model.features(texts, vectors)
    model.weights, model.bias = _learn(features, labels)
    dense = model._dense(vectors, len(texts))
    if labels.sum() >= folds:
        linear, near = unseen_scores(features, dense, labels, folds)
    else:
        linear, near = model.scores(texts, vectors), np.zeros(len(labels), np.float32)
    model.examples, model.are_crisis = dense, labels
    model.usual = float(near[~labels].mean())
    model.threshold = float(np.quantile((linear + near)[~labels], 1.0 - false_alarms))
    return model
