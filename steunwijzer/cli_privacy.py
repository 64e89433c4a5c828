"""``steunwijzer purge``: remove what is kept long enough."""

from __future__ import annotations

import typer

from steunwijzer import follow_up, privacy
from steunwijzer.db import migrate

app = typer.Typer(help="Bewaartermijnen.", no_args_is_help=False)


@app.command("purge")
def purge() -> None:
    """Verwijder gesprekken en aanvragen waarvan de bewaartermijn voorbij is, en zeg wat er weg is."""
    migrate()
    assert follow_up.CHECKIN_PATH  # importing it makes placements and papers take part
    typer.echo(str(privacy.purge()))
