"""Encoding a message before Rasa's thread takes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from nlu import sentence_encoder
from nlu.sentence_encoder import SentenceEncoder, described_texts, description, encode_ahead


def _process(text: str) -> np.ndarray:
    message = Message({TEXT: text})
    SentenceEncoder(SentenceEncoder.get_default_config()).process([message])
    found = description(message)
    assert found is not None
    return found


def test_what_was_encoded_ahead_is_not_encoded_again(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "mijn medewerker durft niets te vragen"
    encode_ahead([text])
    plain = _process(text)
    model = sentence_encoder.encoder()
    assert model is not None
    monkeypatch.setattr(model, "describe", lambda texts: pytest.fail("was encoded already"))
    assert np.array_equal(_process(text), plain)


def test_only_the_latest_messages_are_kept() -> None:
    for number in range(100):
        encode_ahead([f"bericht {number}"])
    assert len(sentence_encoder._latest) == 64
    assert "bericht 99" in sentence_encoder._latest
    assert "bericht 1" not in sentence_encoder._latest


def test_vectors_of_another_version_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "vectors.npz"
    model = sentence_encoder.encoder()
    assert model is not None
    vectors = described_texts(["goedemorgen"], kept, model)
    monkeypatch.setattr(model, "describe", lambda texts: pytest.fail("was kept"))
    assert np.array_equal(described_texts(["goedemorgen"], kept, model), vectors)
    asked: list[str] = []
    monkeypatch.setattr(model, "describe", lambda texts: asked.extend(texts) or np.zeros((len(texts), vectors.shape[1]), np.float32))
    monkeypatch.setattr(sentence_encoder.E5, "version", 0)
    described_texts(["goedemorgen"], kept, model)
    assert asked == ["goedemorgen"]
