"""What is kept about texts on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nlu import crisis
from nlu.text_cache import TextCache


def _never(texts: object) -> np.ndarray:
    pytest.fail("was kept")


def test_only_new_texts_are_asked_for_and_no_text_is_in_the_file(tmp_path: Path) -> None:
    asked: list[str] = []

    def lengths(texts: object) -> np.ndarray:
        some = list(texts)  # type: ignore[call-overload]
        asked.extend(some)
        return np.array([[len(text)] for text in some], np.float32)

    kept = tmp_path / "kept.npz"
    TextCache(kept, version="1", width=1).rows(["mijn collega huilt", "hoi"], lengths, "tellen")
    rows = TextCache(kept, version="1", width=1).rows(["hoi", "dag allemaal", "mijn collega huilt"], lengths, "tellen")
    assert rows.ravel().tolist() == [3, 12, 18]
    assert asked == ["hoi", "mijn collega huilt", "dag allemaal"]
    assert b"collega" not in kept.read_bytes()


@pytest.mark.parametrize("content", [b"", b"geen archief", b"PK\x03\x04 half"])
def test_a_broken_file_is_made_again(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    kept = tmp_path / "kept.npz"
    kept.write_bytes(content)
    made = TextCache(kept, version="1", width=2).rows(["hoi"], lambda texts: np.ones((len(texts), 2), np.float32), "tellen")
    assert made.tolist() == [[1, 1]]
    assert "onleesbaar" in caplog.text
    assert TextCache(kept, version="1", width=2).rows(["hoi"], _never, "tellen").tolist() == [[1, 1]]


def test_findings_are_looked_for_again_when_a_lexicon_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, texts = tmp_path / "crisis.npz", ["ze staat op het spoor en wil springen", "de printer doet het niet"]
    rows = crisis.kept_finding_rows(texts, kept)
    assert np.array_equal(rows, crisis.finding_rows(texts))
    with monkeypatch.context() as changed:
        changed.setattr(crisis, "finding_rows", _never)
        assert np.array_equal(crisis.kept_finding_rows(texts, kept), rows)
    lexicon = tmp_path / "crisis_words.py"
    lexicon.write_text("# andere woorden", "utf-8")
    monkeypatch.setattr(crisis.crisis_words, "__file__", str(lexicon))
    monkeypatch.setattr(crisis, "finding_rows", lambda some: np.zeros((len(some), rows.shape[1]), np.float32))
    assert not crisis.kept_finding_rows(texts, kept).any()
