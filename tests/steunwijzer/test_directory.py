"""The directory of coaches: import with dry run, who serves a place, absence."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from typer.testing import CliRunner

from steunwijzer import cli_coaches, directory, regions
from steunwijzer.directory import SAMPLE, UnknownCoach, import_coaches

HEADER = "code,naam,organisatie,email,regios,gemeenten,werkuren,maximum,afwezig_tot,reserve\n"


def line(**values: str) -> str:
    row = {"code": "a", "naam": "Voorbeeld A", "organisatie": "Voorbeeld", "regios": "Rivierenland"} | values
    cells = [row.get(name, "") for name in HEADER.strip().split(",")]
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in cells) + "\n"


def test_the_sample_covers_every_region_and_says_it_is_fictional(any_database: str) -> None:
    report = import_coaches(SAMPLE)
    assert report.ok
    assert report.added
    for region in regions.regions():
        assert any(not coach.backup for coach in directory.serving(region.code)), region.name
    everybody = directory.coaches()
    assert all(coach.name.startswith("Voorbeeld") and coach.organisation.startswith("Voorbeeld") for coach in everybody)
    assert any(coach.gemeenten for coach in everybody)
    assert any(coach.away(datetime(2026, 11, 23, 12, tzinfo=timezone.utc)) for coach in everybody)
    assert any(coach.max_open == 0 for coach in everybody)
    assert all((coach.email or "").endswith("@example.org") for coach in everybody)


def test_importing_twice_changes_nothing_and_a_dry_run_never_does(database: str) -> None:
    assert import_coaches(SAMPLE, dry_run=True).added
    assert directory.coaches() == []
    first = import_coaches(SAMPLE)
    again = import_coaches(SAMPLE)
    assert (again.added, again.changed, len(again.unchanged)) == ((), (), len(first.added))
    assert directory.ensure_sample() is None


def test_changes_and_endings(any_database: str) -> None:
    import_coaches(HEADER + line(code="a", email="a@example.org") + line(code="b", naam="Voorbeeld B", email="b@example.org"))
    # The two swap addresses, and a third comes.
    report = import_coaches(
        HEADER
        + line(code="a", email="b@example.org")
        + line(code="b", naam="Voorbeeld B", email="a@example.org")
        + line(code="c", naam="Voorbeeld C")
    )
    assert (report.added, report.changed) == (("c",), ("a", "b"))
    assert directory.coach("a").email == "b@example.org"
    report = import_coaches(HEADER + line(code="c", naam="Voorbeeld C"), complete=True)
    assert set(report.ended) == {"a", "b"}
    assert [coach.id for coach in directory.coaches()] == ["c"]
    assert directory.coach_by_email("B@example.org") is None


@pytest.mark.parametrize(
    ("values", "column", "said"),
    [
        ({"code": ""}, "code", "leeg"),
        ({"code": "a b"}, "code", "geen goede code"),
        ({"naam": ""}, "naam", "leeg"),
        ({"naam": "x" * 200}, "naam", "langer"),
        ({"email": "geen adres"}, "email", "geen goed e-mailadres"),
        ({"email": "a@b"}, "email", "geen goed e-mailadres"),
        ({"regios": "Rivierland"}, "regios", "geen arbeidsmarktregio"),
        ({"regios": ""}, "regios", "geen regio of gemeente"),
        ({"regios": "", "gemeenten": "Bergen"}, "gemeenten", "geen gemeente"),
        ({"gemeenten": "Aalburg"}, "gemeenten", "geen gemeente"),
        ({"werkuren": "altijd"}, "werkuren", "geen dag"),
        ({"werkuren": "ma-vr"}, "werkuren", "ontbreken de uren"),
        ({"werkuren": "ma 17:00-9:00"}, "werkuren", "eindigt voor het begint"),
        ({"werkuren": "ma 25:00-26:00"}, "werkuren", "geen tijd"),
        ({"werkuren": "vr-ma 9:00-17:00"}, "werkuren", "loopt terug"),
        ({"maximum": "veel"}, "maximum", "geen aantal"),
        ({"maximum": "-1"}, "maximum", "geen aantal"),
        ({"afwezig_tot": "31-02-2027"}, "afwezig_tot", "geen datum"),
        ({"reserve": "misschien"}, "reserve", "geen ja of nee"),
    ],
)
def test_each_bad_cell_is_reported_with_line_column_and_mend(database: str, values: dict[str, str], column: str, said: str) -> None:
    report = import_coaches(HEADER + line(code="goed", naam="Voorbeeld Goed") + line(**values))
    (fault,) = report.faults
    assert (fault.line, fault.column) == (3, column)
    assert said in fault.problem
    assert fault.mend
    assert directory.coaches() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "bevat geen coaches"),
        (HEADER, "bevat geen coaches"),
        ("naam,organisatie\nx,y\n", "ontbreekt"),
        (HEADER.replace("email", "mailadres") + line(), "ken ik niet"),
        (HEADER.replace("email", "naam") + line(), "vaker"),
        (HEADER + "a,b\n", "2 kolommen in plaats van 10"),
        (HEADER + line(code="a") + line(code="A"), "ook op regel 2"),
        (HEADER + line(code="a", email="x@example.org") + line(code="b", email="X@example.org"), "ook op regel 2"),
        (HEADER + 'a,"b\n', "geen goede CSV"),
    ],
)
def test_a_bad_file_is_refused_as_a_whole(database: str, text: str, said: str) -> None:
    report = import_coaches(text)
    assert any(said in fault.problem for fault in report.faults), report.faults
    assert directory.coaches() == []


def test_every_mistake_is_reported_at_once(database: str) -> None:
    report = import_coaches(HEADER + line(code="?", maximum="x") + line(code="b", email="y", werkuren="z"))
    assert [(fault.line, fault.column) for fault in report.faults] == [(2, "code"), (2, "maximum"), (3, "email"), (3, "werkuren")]


def test_an_address_of_somebody_outside_the_file_is_refused(database: str) -> None:
    import_coaches(HEADER + line(code="a", email="a@example.org"))
    report = import_coaches(HEADER + "\n" + line(code="b", email="a@example.org"))
    (fault,) = report.faults
    assert (fault.line, fault.column) == (3, "email")
    assert "hoort al bij coach a" in fault.problem


def test_files_from_spreadsheets_are_read(database: str) -> None:
    text = (HEADER + line(naam="Voorbeeld Zoë", gemeenten="Súdwest-Fryslân")).replace(",", ";")
    for content in (("\ufeff" + text).encode(), text.replace("\n", "\r\n").encode("cp1252")):
        report = import_coaches(content)
        assert report.ok, report.faults
        assert directory.coach("a").name == "Voorbeeld Zoë"


def test_gemeente_beats_region() -> None:
    tiel, buren, assen = (regions.gemeente(name) for name in ("Tiel", "Buren", "Assen"))
    assert tiel
    assert buren
    assert assen
    whole = directory.Coach("a", "A", "O", regions=frozenset({"AM10"}))
    some = directory.Coach("b", "B", "O", regions=frozenset({"AM10"}), gemeenten=frozenset({tiel.code}))
    elsewhere = directory.Coach("c", "C", "O", regions=frozenset({"AM10"}), gemeenten=frozenset({assen.code}))
    assert whole.serves("AM10", [tiel.code])
    assert whole.serves("AM10")
    assert some.serves("AM10", [tiel.code])
    assert not some.serves("AM10", [buren.code])
    assert not some.serves("AM10")
    assert elsewhere.serves("AM10", [buren.code])
    assert elsewhere.serves("AM01", [assen.code])
    assert not elsewhere.serves("AM01")


def test_a_coach_is_away_until_the_day_said_and_the_import_leaves_that_alone(any_database: str) -> None:
    import_coaches(HEADER + line())
    coach = directory.set_away("a", date(2027, 3, 1))
    assert coach.away(datetime(2027, 2, 28, 22, 59, tzinfo=timezone.utc))
    assert not coach.away(datetime(2027, 2, 28, 23, 0, tzinfo=timezone.utc))
    assert import_coaches(HEADER + line()).unchanged == ("a",)
    assert directory.coach("a").away_until is not None
    assert directory.set_present("a", False).away(datetime(2028, 1, 1, tzinfo=timezone.utc))
    assert directory.set_present("a", True).away_until is None
    with pytest.raises(UnknownCoach):
        directory.set_away("weg", None)


def test_the_command(database: str, tmp_path: Path) -> None:
    runner = CliRunner()
    result = runner.invoke(cli_coaches.app, ["import", str(SAMPLE), "--dry-run"])
    assert result.exit_code == 0
    assert "Zou worden" in result.output
    result = runner.invoke(cli_coaches.app, ["import", str(SAMPLE)])
    assert result.exit_code == 0
    assert "toegevoegd" in result.output
    bad = tmp_path / "bad.csv"
    bad.write_text(HEADER + line(maximum="x"), encoding="utf-8")
    result = runner.invoke(cli_coaches.app, ["import", str(bad)])
    assert result.exit_code == 1
    assert "Regel 2, kolom maximum" in result.output
    assert "niets veranderd" in result.output
    assert "Voorbeeld" in runner.invoke(cli_coaches.app, ["list"]).output
