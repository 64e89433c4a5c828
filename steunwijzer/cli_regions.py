"""``steunwijzer regions …``: the data that leads from a place to its region."""

from __future__ import annotations

import typer

from steunwijzer import region_check, regions

app = typer.Typer(help="Regio's, gemeenten, plaatsen en postcodes.", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Regio's, gemeenten, plaatsen en postcodes."""


@app.command("check")
def check() -> None:
    """Controleer of elke gemeente, plaats en postcode naar een regio leidt."""
    faults = region_check.check()
    for fault in faults:
        typer.echo(fault)
    if faults:
        typer.echo(f"{len(faults)} fouten gevonden.")
        raise typer.Exit(1)
    typer.echo(
        f"In orde: {len(regions.regions())} regio's; elke gemeente, plaats en postcode leidt naar een regio of naar de juiste vraag."
    )
