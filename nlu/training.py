"""Fitting the topic model: one linear SVM per topic, and a temperature for its confidence."""

from __future__ import annotations

import threading
import warnings
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float32]

_SEED = 20261121
_PARTS = 10
_PARTS_TO_CALIBRATE = 3
_TOLERANCE = 0.1  # a tighter one takes longer and changes no answer
_ROUNDS_TO_CALIBRATE = 2  # the temperature comes out 2 % lower than with five, in half the time
_ROUNDS = 5  # until it converges takes longer and answers no better; four find fewer (bench/understanding.md)
# liblinear draws from one random generator of the process, and seeds it when a fit starts: two fits at once would not come out the same again
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Fitted:
    """Weights ``(features, topics)``, bias ``(topics,)`` and the temperature."""

    topics: list[str]
    weights: Floats
    bias: Floats
    temperature: float


def linear(
    features: csr_matrix, labels: npt.NDArray[Any], regularisation: float, *, rounds: int = _ROUNDS, weight: Mapping[Any, float] | None = None
) -> tuple[list[Any], Floats, Floats]:
    """One linear SVM per class: the classes ``(k,)``, weights ``(features, k)`` and bias ``(k,)``.

    ``rounds`` is how often each message is looked at, at most; ``weight`` how much a class counts. The same input gives the same result.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=regularisation, class_weight=weight, tol=_TOLERANCE, max_iter=rounds, random_state=_SEED)
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # stopping early is what we want
        model.fit(features, labels)
    weights, bias = model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
    if len(model.classes_) == 2:  # scikit-learn then keeps one column: the second class against the first
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    return model.classes_.tolist(), weights, bias


def parts_of(texts: Sequence[str], count: int) -> npt.NDArray[np.int64]:
    """In which of ``count`` equal parts each text falls ``(n,)``; the text decides, so that a new example leaves the others where they are."""
    return np.array([zlib.crc32(text.encode()) % count for text in texts], np.int64)


def fit(features: csr_matrix, texts: Sequence[str], topics: Sequence[str], *, regularisation: float) -> Fitted:
    """Fit on ``features`` (n, m) of the texts and the topic of each.

    The temperature minimises the log loss of a tenth of the messages under a model that was fitted on three tenths of them, not these; on four fifths
    it comes out higher by a few per cent, for twice the time.
    """
    labels = np.array(topics)
    part = parts_of(texts, _PARTS)
    classes, weights, bias = linear(features, labels, regularisation)
    return Fitted(classes, weights, bias, _temperature(features, labels, part, regularisation))


def _temperature(features: csr_matrix, labels: npt.NDArray[np.str_], part: npt.NDArray[np.int64], regularisation: float) -> float:
    seen, unseen = part >= _PARTS - _PARTS_TO_CALIBRATE, part == 0
    known = unseen & np.isin(labels, labels[seen])
    if known.sum() < 50:
        return 0.3  # too few messages to calibrate on: what the full data set gives
    classes, weights, bias = linear(features[seen], labels[seen], regularisation, rounds=_ROUNDS_TO_CALIBRATE)
    scores = np.asarray(features[known] @ weights) + bias
    truth = np.array([classes.index(label) for label in labels[known]])

    def loss(logarithm: float) -> float:
        scaled = scores / np.exp(logarithm)
        scaled -= scaled.max(axis=1, keepdims=True)
        chosen = scaled[np.arange(len(truth)), truth]
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - chosen))

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 1.0), method="bounded").x))
