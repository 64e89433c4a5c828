"""Every setting is documented, with its real default, and nothing else is."""

from __future__ import annotations

import re
from datetime import time
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from steunwijzer.settings import DEVELOPMENT_SECRET, PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "settings.md"
# read by the tests themselves
_OF_TESTS = re.compile(r"STEUNWIJZER_(LONG_TESTS|TEST_\w+)")
_ROW = re.compile(r"^\| `(STEUNWIJZER_\w+)` \| (.*?) \| (.+) \|$", re.MULTILINE)


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if value in (None, ""):
        return "(leeg)"
    if value == DEVELOPMENT_SECRET:
        return "(alleen voor ontwikkeling)"
    return f"`{value:%H:%M}`" if isinstance(value, time) else f"`{value}`"


def _documented(page: Path = PAGE) -> dict[str, str]:
    return {name: default for name, default, _ in _ROW.findall(page.read_text("utf-8"))}


def test_every_setting_stands_in_the_documentation_with_its_default() -> None:
    expected = {f"STEUNWIJZER_{name.upper()}": _shown(field.default) for name, field in Settings.model_fields.items()}
    assert _documented() == expected


def test_variables_named_elsewhere_exist() -> None:
    known = {f"STEUNWIJZER_{name.upper()}" for name in Settings.model_fields}
    pages = [PROJECT_ROOT / "README.md", *sorted((PROJECT_ROOT / "docs").glob("*.md"))]
    text = "\n".join(page.read_text("utf-8") for page in pages if page.exists())
    named = {name for name in re.findall(r"STEUNWIJZER_[A-Z_]*[A-Z]\b(?!_|\*)", text) if not _OF_TESTS.fullmatch(name)}
    assert named - known == set()
