"""``steunwijzer coaches …``: the directory of coaches."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from steunwijzer import directory, regions
from steunwijzer.db import migrate

app = typer.Typer(help="De lijst met coaches.", no_args_is_help=True)


@app.callback()
def _database() -> None:
    migrate()


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV-bestand met een coach per regel.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Alleen controleren; er verandert niets.")] = False,
    complete: Annotated[bool, typer.Option("--complete", help="Het bestand is de hele lijst: wie er niet in staat, stopt.")] = False,
) -> None:
    """Lees coaches in uit een CSV-bestand: alles, of bij een fout niets."""
    report = directory.import_coaches(file, dry_run=dry_run, complete=complete)
    for fault in report.faults:
        typer.echo(str(fault))
    if report.faults:
        typer.echo(f"{len(report.faults)} fouten. Er is niets veranderd.")
        raise typer.Exit(1)
    would = "Zou worden" if dry_run else "Klaar:"
    typer.echo(
        f"{would} {len(report.added)} toegevoegd, {len(report.changed)} gewijzigd, {len(report.ended)} gestopt; "
        f"{len(report.unchanged)} ongewijzigd."
    )


@app.command("list")
def show() -> None:
    """Toon alle coaches met hun werkgebied."""
    table = Table("code", "naam", "organisatie", "werkgebied", "maximum", "afwezig tot")
    for coach in directory.coaches():
        found = [regions.region(code) for code in sorted(coach.regions)]
        places = [regions.gemeente(code) for code in sorted(coach.gemeenten)]
        area = ", ".join([each.name for each in found if each] + [each.shown_as for each in places if each]) or "heel Nederland (reserve)"
        away = coach.away_until.date().isoformat() if coach.away_until else ""
        table.add_row(coach.id, coach.name, coach.organisation, area, str(coach.max_open), away)
    Console().print(table)
