"""Fitting the topic model: one linear SVM per topic, and a temperature for its confidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix

Floats = npt.NDArray[np.float32]

_SEED = 20261121
_PARTS = 10
_TOLERANCE = 0.1  # a tighter one takes longer and changes no answer


@dataclass(frozen=True)
class Fitted:
    """Weights ``(features, topics)``, bias ``(topics,)`` and the temperature."""

    topics: list[str]
    weights: Floats
    bias: Floats
    temperature: float


def linear(
    features: csr_matrix, labels: npt.NDArray[Any], regularisation: float, weight: Mapping[Any, float] | None = None
) -> tuple[list[Any], Floats, Floats]:
    """One linear SVM per class: the classes ``(k,)``, weights ``(features, k)`` and bias ``(k,)``; ``weight`` is how much a class counts."""
    from sklearn.svm import LinearSVC

    # a fit that stops at its last iteration is good enough (the score does not change), so the caller may silence its warning
    model = LinearSVC(C=regularisation, class_weight=weight, tol=_TOLERANCE, max_iter=300, random_state=_SEED).fit(features, labels)
    weights, bias = model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32)
    if len(model.classes_) == 2:  # scikit-learn then keeps one column: the second class against the first
        weights, bias = np.hstack([-weights, weights]), np.concatenate([-bias, bias])
    return model.classes_.tolist(), weights, bias


def fit(features: csr_matrix, topics: Sequence[str], *, regularisation: float) -> Fitted:
    """Fit on ``features`` (n, m) and the topic of each row.

    The temperature minimises the log loss of a tenth of the messages under a model that was fitted on half of them, not these; on four fifths it
    comes out 6 % higher, for twice the time.
    """
    labels = np.array(topics)
    part = np.random.default_rng(_SEED).permutation(len(labels)) % _PARTS
    with ThreadPoolExecutor(2) as pool:  # fitting happens outside the interpreter's lock
        whole = pool.submit(linear, features, labels, regularisation)
        temperature = pool.submit(_temperature, features, labels, part, regularisation)
    classes, weights, bias = whole.result()
    return Fitted(classes, weights, bias, temperature.result())


def _temperature(features: csr_matrix, labels: npt.NDArray[np.str_], part: npt.NDArray[np.int64], regularisation: float) -> float:
    seen, unseen = part > _PARTS // 2 - 1, part == 0
    known = unseen & np.isin(labels, labels[seen])
    if known.sum() < 50:
        return 0.3  # too few messages to calibrate on: what the full data set gives
    classes, weights, bias = linear(features[seen], labels[seen], regularisation)
    scores = np.asarray(features[known] @ weights) + bias
    truth = np.array([classes.index(label) for label in labels[known]])

    def loss(logarithm: float) -> float:
        scaled = scores / np.exp(logarithm)
        scaled -= scaled.max(axis=1, keepdims=True)
        chosen = scaled[np.arange(len(truth)), truth]
        return float(np.mean(np.log(np.exp(scaled).sum(axis=1)) - chosen))

    return float(np.exp(minimize_scalar(loss, bounds=(-4.0, 1.0), method="bounded").x))
