"""``steunwijzer review``: what was not understood, and from there to a training example."""

from __future__ import annotations

from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rapidfuzz import fuzz, process
from rich.console import Console
from rich.text import Text

from nlu.topics import TOPICS
from steunwijzer import examples
from steunwijzer import review as unclear_messages
from steunwijzer.answers import answers
from steunwijzer.db import migrate
from steunwijzer.examples import ExampleError
from steunwijzer.review import Question
from steunwijzer.settings import PROJECT_ROOT

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")
_SKIP, _LEAVE = "", "stop"
_AFTERWARDS = "Draai nu 'make lint' en daarna 'make train'."


def review(
    days: Annotated[int, typer.Option(min=1, help="Hoeveel dagen terug.")] = 30,
    most: Annotated[int, typer.Option(min=1, help="Hoeveel berichten ten hoogste.")] = 50,
    add: Annotated[bool, typer.Option("--add", help="Loop de berichten een voor een langs en maak er voorbeelden van.")] = False,
    pick: Annotated[int | None, typer.Option(min=1, help="Maak een voorbeeld van het bericht met dit nummer; geef ook --topic.")] = None,
    topic: Annotated[str | None, typer.Option(help="Het onderwerp van dat bericht, bijvoorbeeld faalangst/omgaan.")] = None,
    text: Annotated[str | None, typer.Option(help="Een andere tekst voor het voorbeeld, bijvoorbeeld zonder naam.")] = None,
) -> None:
    """Toon wat bezoekers vroegen en de assistent niet begreep, en maak er voorbeelden van."""
    migrate()
    groups = unclear_messages.grouped(unclear_messages.unclear(days=days))
    questions = [question for group in groups for question in group]
    if pick is not None:
        _pick(questions, pick, topic, text)
    elif topic or text:
        _fail("Geef met --pick het nummer van het bericht. De nummers staan in de lijst van 'steunwijzer review'.")
    elif not questions:
        typer.echo(f"Niets na te kijken: alles van de laatste {days} dagen is begrepen of al een voorbeeld.")
    elif add:
        _walk(questions[:most])
    else:
        _list(groups, most, days)


def _fail(text: str) -> None:
    typer.secho(text, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)


def _list(groups: list[list[Question]], most: int, days: int) -> None:
    screen = Console(highlight=False)
    total, number = sum(len(group) for group in groups), 0
    asked = unclear_messages.asked_in_all(days=days)
    wrong = "Deze tekst ging" if total == 1 else f"Deze {total} teksten gingen"
    screen.print(f"Laatste {days} dagen: {asked} berichten van bezoekers. {wrong} niet goed.", soft_wrap=True)
    for group in groups:
        if number >= most:
            screen.print(f"\nEn nog {total - number}. Toon meer met --most {total}.")
            break
        screen.print()
        for question in group:
            number += 1
            screen.print(Text(f"{number:4}. {question.newest.text}"), soft_wrap=True)
            screen.print(Text(f"      {_about(question)}", style="dim"), soft_wrap=True)
    screen.print("\nMaak een voorbeeld: steunwijzer review --pick NUMMER --topic ONDERWERP, of loop alles langs met --add.", soft_wrap=True)


def _about(question: Question) -> str:
    newest = question.newest
    when = newest.asked.astimezone(_AMSTERDAM)
    parts = [f"{when:%d-%m-%Y %H.%M}", "niet begrepen" if newest.why == "not understood" else "duim omlaag"]
    if question.times > 1:
        parts.append(f"{question.times} keer")
    if newest.topics:
        parts.append(("keuzes: " if newest.why == "not understood" else "antwoord: ") + ", ".join(newest.topics))
    if newest.reason:
        parts.append(f"reden: {newest.reason}")
    return " · ".join(parts)


def _pick(questions: list[Question], number: int, topic: str | None, text: str | None) -> None:
    if number > len(questions):
        _fail(f"Bericht {number} bestaat niet; de lijst heeft er {len(questions)}. Draai 'steunwijzer review' voor de nummers.")
    if topic is None:
        _fail("Geef ook --topic, bijvoorbeeld --topic faalangst/omgaan.")
        return
    try:
        typer.echo(_add(topic, text or questions[number - 1].newest.text))
    except ExampleError as problem:
        _fail(str(problem))
    typer.echo(_AFTERWARDS)


def _add(topic: str, text: str) -> str:
    from steunwijzer.content_lint import measuring_messages  # brings scipy, which no other command should wait for

    path = examples.add(topic, text, measuring=measuring_messages())
    return f'Toegevoegd aan {path.relative_to(PROJECT_ROOT)}, {topic}: "{examples.clean(text)}"'


def _walk(questions: list[Question]) -> None:
    typer.echo("Per bericht: typ het onderwerp (id of nummer), Enter om over te slaan, 'stop' om op te houden.")
    added = 0
    for number, question in enumerate(questions, 1):
        typer.echo(f"\n{number} van {len(questions)}: {question.newest.text}\n  {_about(question)}")
        for place, topic in enumerate(question.newest.topics, 1):
            typer.echo(f"  [{place}] {topic} ({answers().title(topic)})")
        chosen = _ask_topic(question.newest.topics)
        if chosen == _LEAVE:
            break
        if chosen == _SKIP:
            continue
        text = str(typer.prompt("Tekst (Enter: zo laten; haal namen eruit)", default=question.newest.text, show_default=False))
        try:
            typer.echo(_add(chosen, text))
            added += 1
        except ExampleError as problem:
            typer.secho(str(problem), fg=typer.colors.RED)
    typer.echo(f"\n{added} {'voorbeeld' if added == 1 else 'voorbeelden'} toegevoegd." + (f" {_AFTERWARDS}" if added else ""))


def _ask_topic(suggested: tuple[str, ...]) -> str:
    """A topic id, ``_SKIP`` or ``_LEAVE``; asks again for anything else."""
    while True:
        typed = str(typer.prompt("Onderwerp", default="", show_default=False)).strip().lower()
        if typed in (_SKIP, _LEAVE) or typed in TOPICS:
            return typed
        if typed.isdecimal() and 1 <= int(typed) <= len(suggested):
            return suggested[int(typed) - 1]
        close = [match[0] for match in process.extract(typed, TOPICS, scorer=fuzz.WRatio, limit=3)]
        typer.echo(f"'{typed}' is geen onderwerp. Bedoel je {', '.join(close)}?")
