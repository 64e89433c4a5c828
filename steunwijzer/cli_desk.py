"""``steunwijzer desk …``: signing in to the coach desk from the terminal."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer(help="De werkplek voor coaches in de browser.", no_args_is_help=True)


@app.callback()
def desk() -> None:
    """De werkplek voor coaches in de browser."""


@app.command()
def link(
    email: Annotated[str | None, typer.Argument(help="E-mailadres van de coach. Zonder adres verschijnt de lijst met coaches.")] = None,
    url: Annotated[str | None, typer.Option(help="Adres van de server, als dat anders is dan STEUNWIJZER_PUBLIC_URL.")] = None,
) -> None:
    """Maak een aanmeldlink voor een coach. De link werkt één keer, een kwartier lang."""
    # Imported here: the other commands need not wait for the database and the places.
    from steunwijzer import calendar_nl, desk_access, directory
    from steunwijzer.db import migrate
    from steunwijzer.settings import get_settings

    migrate()
    if get_settings().environment == "development" and directory.ensure_sample():
        typer.echo("De lijst met coaches was leeg. De voorbeeldcoaches (verzonnen) zijn ingelezen.")
    if email is None:
        _list()
        return
    coach = directory.coach_by_email(email)
    if coach is None:
        typer.secho(
            f"Er is geen coach met het adres {email}. Kijk in de lijst: steunwijzer desk link. "
            "Of voeg de coach toe: steunwijzer coaches import BESTAND.",
            fg=typer.colors.RED,
            err=True,
        )
        raise typer.Exit(1)
    made = desk_access.make_link(coach.id, public_url=url)
    typer.echo(f"Aanmeldlink voor {coach.name}, één keer te gebruiken tot {calendar_nl.clock(made.expires)}:")
    typer.echo(made.url)


def _list() -> None:
    from rich.console import Console
    from rich.table import Table

    from steunwijzer import directory

    table = Table("e-mailadres", "naam", "organisatie")
    for coach in directory.coaches():
        table.add_row(coach.email or "(geen)", coach.name, coach.organisation)
    Console().print(table)
    typer.echo("Maak een aanmeldlink met: steunwijzer desk link E-MAILADRES")
