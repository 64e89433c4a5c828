"""The app package: valid by Microsoft's own schema, with icons as Teams wants them, and steps for the administrator."""

from __future__ import annotations

import io
import json
import struct
import subprocess
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playground import HERE, node_modules
from typer.testing import CliRunner

from steunwijzer import teams_package
from steunwijzer.cli_teams import app
from steunwijzer.settings import Settings, get_settings

APP_ID = "11111111-2222-3333-4444-555555555555"


@pytest.fixture
def configured(settings: Callable[..., None]) -> Settings:
    settings(teams_app_id=APP_ID, teams_tenant_id="aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", public_url="https://steunwijzer.example.org/")
    return get_settings()


def _pixels(png: bytes) -> tuple[int, int, list[tuple[int, ...]]]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) == (8, 6)
    start = png.index(b"IDAT") + 4
    rows = zlib.decompress(png[start : start + struct.unpack(">I", png[start - 8 : start - 4])[0]])
    line = width * 4 + 1
    return width, height, [tuple(rows[y * line + 1 + x * 4 :][:4]) for y in range(height) for x in range(width)]


def test_the_manifest_is_valid_by_microsofts_own_schema(configured: Settings) -> None:
    node_modules()
    manifest = teams_package.manifest(configured)
    checked = subprocess.run(["node", "validate.mjs"], cwd=HERE, input=json.dumps(manifest), capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(checked.stdout) == []
    # The check itself finds mistakes.
    broken = subprocess.run(
        ["node", "validate.mjs"], cwd=HERE, input=json.dumps(manifest | {"bots": 3}), capture_output=True, text=True, timeout=60, check=True
    )
    assert json.loads(broken.stdout) != []


def test_the_package_holds_manifest_and_icons_and_is_the_same_each_time(configured: Settings) -> None:
    content = teams_package.package(configured)
    assert teams_package.package(configured) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert sorted(archive.namelist()) == ["color.png", "manifest.json", "outline.png"]
        manifest = json.loads(archive.read("manifest.json"))
        colour, outline = archive.read("color.png"), archive.read("outline.png")
    assert manifest["bots"][0]["botId"] == APP_ID != manifest["id"]
    assert manifest["localizationInfo"]["defaultLanguageTag"] == "nl-nl"
    width, height, pixels = _pixels(colour)
    assert (width, height) == (192, 192)
    assert {pixel[3] for pixel in pixels} == {255}
    width, height, pixels = _pixels(outline)
    assert (width, height) == (32, 32)
    # Teams wants white on transparent, and nothing else.
    assert {pixel[:3] for pixel in pixels if pixel[3]} == {(255, 255, 255)}
    assert 100 < sum(pixel[3] > 128 for pixel in pixels) < 900


def test_every_command_of_the_lists_is_understood(configured: Settings) -> None:
    from datetime import date

    from connectors.teams.commands import read

    lists = teams_package.manifest(configured)["bots"][0]["commandLists"]
    for command in lists[0]["commands"]:
        found = read(command["title"], date(2026, 11, 23))
        assert found is not None, command
        assert found.name != "unknown", command


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"teams_app_id": ""}, "TEAMS_APP_ID"),
        ({"teams_app_id": "geen-guid"}, "TEAMS_APP_ID"),
        ({"public_url": "http://127.0.0.1:8080"}, "PUBLIC_URL"),
    ],
)
def test_what_is_missing_is_said(configured: Settings, settings: Callable[..., None], change: dict[str, Any], word: str, tmp_path: Path) -> None:
    settings(**change)
    done = CliRunner().invoke(app, ["package", "--output", str(tmp_path / "app.zip")])
    assert done.exit_code == 1
    assert word in done.output
    assert not (tmp_path / "app.zip").exists()


def test_the_command_writes_the_package_and_tells_the_administrator_what_to_do(configured: Settings, tmp_path: Path) -> None:
    path = tmp_path / "map" / "app.zip"
    done = CliRunner().invoke(app, ["package", "--output", str(path)])
    assert done.exit_code == 0, done.output
    assert zipfile.is_zipfile(path)
    for words in ("Single Tenant", "https://steunwijzer.example.org/api/messages", "admin.teams.microsoft.com", "object-id", APP_ID):
        assert words in done.output
