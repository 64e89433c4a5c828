"""Fitting the linear models."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.sparse import csr_matrix, random

from nlu import training


def _messages(rows: int, kinds: int) -> tuple[csr_matrix, np.ndarray]:
    draw = np.random.default_rng(1)
    return random(rows, 300, density=0.1, format="csr", dtype=np.float32, random_state=1), draw.integers(kinds, size=rows).astype(str)


def test_fits_at_the_same_time_come_out_like_one_alone() -> None:
    features, labels = _messages(3000, 12)
    alone = training.linear(features, labels, 0.3)
    with ThreadPoolExecutor(4) as pool:
        fitted = list(pool.map(lambda _: training.linear(features, labels, 0.3), range(8)))
    for classes, weights, bias in fitted:
        assert classes == alone[0]
        assert np.array_equal(weights, alone[1])
        assert np.array_equal(bias, alone[2])


def test_of_two_classes_each_has_its_column() -> None:
    features, labels = _messages(500, 2)
    classes, weights, bias = training.linear(features, labels, 0.3)
    assert classes == ["0", "1"]
    assert np.array_equal(weights[:, 0], -weights[:, 1])
    scores = features @ weights + bias
    assert np.mean(scores.argmax(axis=1) == labels.astype(int)) > 0.8
