"""The command line: ``steunwijzer serve``, ``train``, ``understand`` and the rest."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from steunwijzer import cli_coaches, cli_desk, cli_privacy, cli_regions, cli_report, cli_teams
from steunwijzer.cli_review import review
from steunwijzer.settings import PROJECT_ROOT, get_settings

app = typer.Typer(
    help="Steunwijzer: gespreksassistent over werk en psychische kwetsbaarheid.", no_args_is_help=True, pretty_exceptions_enable=False
)

MODELS = PROJECT_ROOT / "models"


def _fail(text: str) -> None:
    typer.secho(text, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


@app.command()
def train(force: Annotated[bool, typer.Option(help="Train ook als er niets veranderd is.")] = False) -> None:
    """Train het model uit de YAML-bestanden; doet niets als er niets veranderd is."""
    from steunwijzer.training import train_model

    train_model(force=force)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Adres om op te luisteren.")] = None,
    port: Annotated[int | None, typer.Option(help="Poort om op te luisteren.")] = None,
    workers: Annotated[int | None, typer.Option(help="Aantal processen; meer dan één vraagt PostgreSQL en Redis.")] = None,
) -> None:
    """Start de server met de chatpagina."""
    from connectors import lean

    lean.prepare()
    from connectors.bot import ModelError, newest_model
    from steunwijzer.server import run

    settings = get_settings()
    try:
        newest_model(MODELS)
        run(host or settings.host, port or settings.port, workers or settings.workers)
    except ModelError as problem:
        _fail(str(problem))


@app.command()
def understand() -> None:
    """Lees JSONL {"id","text"} van standaardinvoer; schrijf {"id","topic","confidence"} naar standaarduitvoer."""
    from connectors import lean

    lean.prepare()
    from connectors.bot import Bot, ModelError, newest_model
    from nlu.topics import ranking_of

    try:
        bot = Bot(newest_model(MODELS))
    except ModelError as problem:
        _fail(str(problem))
        return
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            identity, text = row["id"], str(row["text"])
        except (ValueError, KeyError, TypeError):
            _fail(f'Regel {number} is geen JSON met "id" en "text". Bijvoorbeeld: {{"id": 1, "text": "hallo"}}')
            return
        ranking = ranking_of(bot.parse_now(text)) if text.strip() else []
        topic, confidence = ranking[0] if ranking else (None, 0.0)
        print(json.dumps({"id": identity, "topic": topic, "confidence": confidence}, ensure_ascii=False), flush=True)
    bot.close()


@app.command()
def chat() -> None:
    """Praat met de assistent in de terminal."""
    from connectors import lean

    lean.prepare()
    from connectors.bot import ModelError
    from connectors.terminal import talk

    try:
        talk(MODELS)
    except ModelError as problem:
        _fail(str(problem))


@app.command()
def evaluate(data: Annotated[Path, typer.Argument(help="JSONL met id, text en topic.")] = PROJECT_ROOT / "tests" / "validation.jsonl") -> None:
    """Meet hoe goed het model begrijpt en vergelijk met de vorige meting."""
    from connectors import lean

    lean.prepare()
    from connectors.bot import ModelError
    from steunwijzer.evaluation import EvaluationError, evaluate_file

    try:
        evaluate_file(data)
    except (EvaluationError, ModelError) as problem:
        _fail(str(problem))


@app.command()
def lint() -> None:
    """Controleer antwoorden en voorbeelden."""
    from steunwijzer.content_lint import check

    problems = check()
    for problem in problems:
        typer.echo(problem)
    if problems:
        _fail(f"{len(problems)} problemen.")
    typer.echo("Antwoorden en voorbeelden zijn in orde.")


app.command("review")(review)
app.command("purge")(cli_privacy.purge)

app.add_typer(cli_coaches.app, name="coaches")
app.add_typer(cli_regions.app, name="regions")
app.add_typer(cli_desk.app, name="desk")
app.add_typer(cli_report.app, name="report")
app.add_typer(cli_teams.app, name="teams")


if __name__ == "__main__":
    app()
