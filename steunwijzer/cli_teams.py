"""``steunwijzer teams …``: the app for Microsoft Teams."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(help="Steunwijzer in Microsoft Teams.", no_args_is_help=True)


@app.callback()
def teams() -> None:
    """Steunwijzer in Microsoft Teams."""


@app.command()
def package(
    output: Annotated[Path, typer.Option("--output", "-o", help="Waar het pakket komt.")] = Path("steunwijzer-teams.zip"),
) -> None:
    """Maak het app-pakket (zip) voor Teams en toon de stappen voor de beheerder."""
    from steunwijzer import teams_package
    from steunwijzer.settings import get_settings

    settings = get_settings()
    try:
        content = teams_package.package(settings)
    except teams_package.PackageError as problem:
        typer.secho(str(problem), fg=typer.colors.RED, err=True)
        raise typer.Exit(1) from problem
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(content)
    typer.echo(teams_package.steps(output, settings))
