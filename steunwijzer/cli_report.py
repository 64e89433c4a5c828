"""``steunwijzer report …``: the reports of a region and of a placement as PDF or table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(help="Overzichten van plaatsingen, als PDF of als tabel (CSV).", no_args_is_help=True)

EVERYWHERE = "all"

Format = Annotated[str, typer.Option("--format", help="pdf of csv.")]
Output = Annotated[Path | None, typer.Option("-o", "--output", dir_okay=False, help="Bestand om in te schrijven.")]


@app.command()
def region(
    code: Annotated[str, typer.Argument(help="Code of naam van een arbeidsmarktregio, of 'all' voor heel Nederland.")],
    fmt: Format = "pdf",
    output: Output = None,
) -> None:
    """Maak het overzicht van een regio: alleen aantallen, niets onder de vijf."""
    _check(fmt)
    # Imported here: the other commands need not wait for the database and the places.
    from steunwijzer import regions, reports
    from steunwijzer.db import migrate

    found = None if code == EVERYWHERE else regions.region(code)
    if found is None and code != EVERYWHERE:
        known = ", ".join(f"{each.code} ({each.name})" for each in sorted(regions.regions(), key=lambda each: each.code))
        _fail(f"De regio '{code}' is niet bekend. Kies 'all' of een van deze: {known}.")
    migrate()
    report = reports.region_report(found.code if found else None)
    content = reports.region_pdf(report) if fmt == "pdf" else reports.region_csv(report)
    _write(content, output or Path(f"regio-{found.code if found else EVERYWHERE}.{fmt}"))


@app.command()
def placement(
    placement_id: Annotated[str, typer.Argument(metavar="ID", help="Nummer van de plaatsing.")],
    fmt: Format = "pdf",
    output: Output = None,
) -> None:
    """Maak het overzicht van een plaatsing, zonder naam van de medewerker."""
    _check(fmt)
    from steunwijzer import placements, reports
    from steunwijzer.db import migrate

    migrate()
    try:
        report = reports.placement_report(placement_id)
    except placements.PlacementError as problem:
        _fail(f"{problem} Controleer het nummer '{placement_id}'.")
    content = reports.placement_pdf(report) if fmt == "pdf" else reports.placement_csv(report)
    _write(content, output or Path(f"plaatsing.{fmt}"))


def _check(fmt: str) -> None:
    if fmt not in ("pdf", "csv"):
        _fail(f"De vorm '{fmt}' is er niet. Kies --format pdf of --format csv.")


def _write(content: bytes, path: Path) -> None:
    try:
        path.write_bytes(content)
    except OSError as problem:
        _fail(f"In {path} kan niet worden geschreven ({problem.strerror}). Kies met -o een ander bestand.")
    typer.echo(f"Het overzicht staat in {path}.")


def _fail(text: str) -> NoReturn:
    typer.secho(text, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)
