"""Reports hide what could point to a person, and their papers open."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from typer.testing import CliRunner

from steunwijzer import checkins, placements, reports
from steunwijzer.checkin_rules import FACTORS
from steunwijzer.cli import app

START = date(2026, 1, 5)


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 40)))
def test_small_cells_cannot_be_seen_nor_worked_out(counts: dict[str, int]) -> None:
    shown = reports.hide_small(counts)
    assert shown.keys() == counts.keys()
    for key, cell in shown.items():
        assert cell is None or cell == counts[key]
        assert cell is None or cell == 0 or cell >= reports.MINIMUM
    hidden = [counts[key] for key, cell in shown.items() if cell is None]
    others = [cell for cell in shown.values() if cell]
    # The total minus what is shown gives the sum of the hidden ones: a single cell or a small sum may only stay when no other is left.
    if hidden:
        assert (len(hidden) >= 2 and sum(hidden) >= reports.MINIMUM) or not others


def make(region: str = "AM10") -> placements.Placement:
    return placements.register(nickname="Inpakker =1", region=region, started=START, consent="ja")


def answer(placement: placements.Placement, day: date, score: int = 4, **words: str) -> None:
    checkin = checkins.open_checkin(placement.id, day)
    checkins.answer(checkin.id, {factor.key: score for factor in FACTORS}, words=words, today=day)


def test_placement_report_as_pdf_and_csv(database: str) -> None:
    placement = make()
    for number, score in enumerate((4, 5, 3)):
        answer(placement, date(2026, 3, 1 + 7 * number), score, presence="meldt zich vaak ziek")
    report = reports.placement_report(placement.id)
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(reports.placement_pdf(report))).pages)
    for part in (
        "Inpakker =1",
        "ROOD" if report.overview.colour == "rood" else "ORANJE",
        "meldt zich vaak ziek",
        "omlaag",
        "15 maart 2026",
    ):
        assert part in text
    table = reports.placement_csv(report).decode("utf-8-sig").splitlines()
    assert len(table) == 4
    assert table[1].startswith("2026-03-01;groen;4;4")


def test_report_of_an_unknown_placement(database: str) -> None:
    with pytest.raises(placements.PlacementError):
        reports.placement_report("nee")


def test_empty_placement_report_opens_too(database: str) -> None:
    assert reports.placement_pdf(reports.placement_report(make().id)).startswith(b"%PDF")


def test_region_report_shows_from_five_people_on(database: str) -> None:
    for number in range(4):
        answer(make(), date(2026, 3, 1), 4 if number else 3)
    small = reports.region_report("AM10")
    assert small.placements is None
    assert set(small.colours.values()) == {None}
    assert set(small.means.values()) == {None}
    answer(make(), date(2026, 3, 1), 4)
    found = reports.region_report("AM10")
    assert found.placements == 5
    assert found.means["tasks"] == pytest.approx(3.8)
    assert found.name == "Rivierenland"
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(reports.region_pdf(found))).pages)
    assert "Rivierenland" in text
    assert "3,8" in text


def test_what_is_used_counts_only_and_hides_small(database: str) -> None:
    for _ in range(4):
        reports.count_use("topic", "faalangst/gesprek", "Rivierenland")
    assert reports.usage("topic", "AM10") == ()
    reports.count_use("topic", "faalangst/gesprek", "AM10")
    reports.count_use("topic", "faalangst/gesprek", "geen regio")
    assert reports.usage("topic", "AM10") == (("faalangst/gesprek", 5),)
    assert reports.usage("topic") == (("faalangst/gesprek", 6),)
    assert b"%PDF" in reports.region_pdf(reports.region_report(None))[:8]


def test_counting_at_the_same_moment_loses_nothing(any_database: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: reports.count_use("unanswered", "ips/kosten", "AM10"), range(40)))
    assert reports.usage("unanswered", "AM10") == (("ips/kosten", 40),)


def report(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["report", *arguments])
    return result.exit_code, result.output


def test_reports_from_the_command_line(database: str, tmp_path: Path) -> None:
    placement = make()
    answer(placement, date(2026, 3, 1))
    for code in ("AM10", "Rivierenland", "all"):
        path = tmp_path / f"{code}.pdf"
        assert report("region", code, "-o", str(path)) == (0, f"Het overzicht staat in {path}.\n")
        assert path.read_bytes().startswith(b"%PDF")
    table = tmp_path / "regio.csv"
    assert report("region", "AM10", "--format", "csv", "-o", str(table))[0] == 0
    assert "niet getoond" in table.read_text("utf-8-sig")
    assert report("placement", placement.id, "--format", "csv", "-o", str(table))[0] == 0
    assert "2026-03-01;groen" in table.read_text("utf-8-sig")


def test_the_command_line_says_what_to_do(database: str, tmp_path: Path) -> None:
    for arguments, words in (
        (("region", "AM99"), "AM10 (Rivierenland)"),
        (("region", "all", "--format", "xls"), "Kies --format pdf of --format csv"),
        (("placement", "nee"), "Deze plaatsing is er niet (meer). Controleer het nummer 'nee'."),
        (("region", "all", "--format", "csv", "-o", str(tmp_path / "weg" / "x.csv")), "Kies met -o een ander bestand"),
    ):
        code, output = report(*arguments)
        assert code == 1
        assert words in output
