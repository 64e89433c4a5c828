"""Products of bytes stand for those of 32-bit numbers."""

from __future__ import annotations

import numpy as np
import pytest

from nlu.nearest import Nearest


def _unit(count: int, width: int = 384) -> np.ndarray:
    rows = np.random.default_rng(count).normal(size=(count, width)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.mark.parametrize("count", [1, 7, 3000])
def test_cosines_are_those_of_the_vectors(count: int) -> None:
    examples = _unit(count)
    near = Nearest.of(examples)
    for vector in (examples[0], _unit(1)[0], -examples[-1], np.zeros(384, np.float32)):
        assert np.allclose(near.alike(vector), examples @ vector, atol=0.01)


def test_the_nearest_example_is_found() -> None:
    examples = _unit(500)
    near = Nearest.of(examples)
    assert all(int(near.alike(example).argmax()) == number for number, example in enumerate(examples[:50]))
