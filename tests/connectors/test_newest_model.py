"""Which of the trained models is used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from connectors.bot import ModelError, newest_model


def _model(folder: Path, name: str, written: float) -> None:
    (folder / name).write_bytes(b"")
    os.utime(folder / name, (written, written))


def test_copied_files_keep_their_order(tmp_path: Path) -> None:
    _model(tmp_path, "20261122-073434-calm-module.tar.gz", 100.0)
    _model(tmp_path, "20261122-062304-sour-backburner.tar.gz", 200.0)
    assert newest_model(tmp_path).name.startswith("20261122-073434")


def test_a_name_of_ones_own_goes_by_the_time_of_the_file(tmp_path: Path) -> None:
    _model(tmp_path, "20261122-073434-calm-module.tar.gz", 100.0)
    _model(tmp_path, "eigen.tar.gz", 1_800_000_000.0)
    assert newest_model(tmp_path).name == "eigen.tar.gz"
    _model(tmp_path, "ouder.tar.gz", 1_500_000_000.0)
    assert newest_model(tmp_path).name == "eigen.tar.gz"


def test_no_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="make train"):
        newest_model(tmp_path)
