"""Commands on a fresh machine: an empty folder for the database, nothing set."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from serving import ROOT, STEUNWIJZER


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["regions", "check"], "In orde"),
        (["coaches", "import", "data/regions/sample_coaches.csv", "--dry-run"], "toegevoegd"),
        (["purge"], ""),
        (["desk", "link"], "Voorbeeldcoach"),
        (["report", "region", "AM10", "--format", "csv"], ""),
        (["lint"], "in orde"),
    ],
)
def test_a_command_works_on_an_empty_database(tmp_path: Path, arguments: list[str], expected: str) -> None:
    environment = {**os.environ, "STEUNWIJZER_DATABASE_URL": f"sqlite:///{tmp_path / 'leeg.db'}"}
    if arguments[0] == "report":
        arguments = [*arguments, "-o", str(tmp_path / "rapport.csv")]
    done = subprocess.run([str(STEUNWIJZER), *arguments], capture_output=True, text=True, cwd=ROOT, env=environment, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert expected in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
