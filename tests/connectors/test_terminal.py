"""Talking in the terminal: the real router and database with scripted answers, and once the whole command with the trained model."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from connectors.bot import Reply
from connectors.router import Router
from connectors.terminal import Terminal
from steunwijzer import conversations
from steunwijzer.settings import PROJECT_ROOT


class ScriptedBot:
    """Gives one prepared answer after the other, and keeps what it was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, Any]] = []
        self.conversation = ""

    async def parse(self, text: str, conversation: str | None = None) -> dict[str, Any]:
        return {"text": text, "intent": {"name": "x"}, "entities": [], "topics": []}

    async def reply(self, conversation: str, text: str, **more: Any) -> Reply:
        self.conversation = conversation
        self.asked.append((text, more["metadata"]["choice"]))
        return Reply([self._answers.pop(0)], {}, {"intent": {"name": "x"}}, None)


def talk(bot: ScriptedBot, lines: Iterable[str]) -> str:
    waiting = iter(lines)

    def read(prompt: str) -> str:
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None

    screen = io.StringIO()
    Terminal(Router(bot), read=read, console=Console(file=screen, width=100, highlight=False)).run()  # type: ignore[arg-type]
    return screen.getvalue()


ANSWER = {
    "text": "Begin **klein**.\nRegel twee.\n\n- Eén taak.",
    "topic": "faalangst/omgaan",
    "sources": [{"title": "Tips voor werkgevers", "url": "https://voorbeeld.nl/tips"}, {"title": "Convenant", "url": ""}],
    "checked": "21 november 2026",
    "files": [{"title": "Plan", "url": "/v1/files/abc", "type": "application/pdf"}],
    "card": {"kind": "summary", "title": "Uw plan", "lines": [{"label": "Taak", "value": "inpakken"}]},
    "buttons": [
        {"title": "Hoe begin ik?", "value": "Hoe begin ik?", "choice": {"topic": "faalangst/gesprek"}},
        {"title": "5", "value": "5", "choice": None},
    ],
}


def test_answers_show_sources_files_and_numbered_buttons(database: str) -> None:
    shown = talk(ScriptedBot(ANSWER), ["hij durft niets", "/stop"])
    assert "digitale assistent" in shown
    assert "[4] Spreek een coach" in shown
    for expected in (
        "Begin klein.",
        "\n  Regel twee.",
        "• Eén taak.",
        "Bron: Tips voor werkgevers – https://voorbeeld.nl/tips",
        "Bron: Convenant\n",
        "Nagekeken op 21 november 2026",
        "Bestand: Plan – http://127.0.0.1:8080/v1/files/abc",
        "Taak: inpakken",
        "[1] Hoe begin ik?",
        "Tot ziens.",
    ):
        assert expected in shown


def test_a_number_is_a_button_unless_the_button_is_a_number(database: str) -> None:
    bot = ScriptedBot(ANSWER, ANSWER, ANSWER, {"text": "Goed."}, {"text": "Goed."})
    talk(bot, ["4", "1", "5", "7", "1"])
    which = {"something_else": True}
    assert bot.asked == [
        ("Spreek een coach", {"topic": "coach/spreken"}),
        ("Hoe begin ik?", {"topic": "faalangst/gesprek"}),
        ("5", which),
        ("7", None),
        ("1", which),
    ]


@pytest.mark.parametrize("leave", ["/stop", " /STOP ", "/quit"])
def test_leaving_sends_nothing(database: str, leave: str) -> None:
    bot = ScriptedBot()
    assert "30 dagen gewist" in talk(bot, [leave])
    assert bot.asked == []


def test_empty_and_too_long_messages_are_refused_kindly(database: str) -> None:
    bot = ScriptedBot()
    shown = talk(bot, ["  ", "a" * 2001])
    assert "Uw bericht is leeg." in shown
    assert "Uw bericht is te lang. Gebruik ten hoogste 2000 tekens" in " ".join(shown.split())
    assert bot.asked == []


def test_what_a_coach_wrote_in_between_is_shown(database: str) -> None:
    bot = ScriptedBot({"text": "Eén."}, {"text": "Twee."})

    def lines() -> Iterable[str]:
        yield "hallo"
        conversations.append(bot.conversation, "coach", {"text": "Ik kijk even mee.", "name": "Voorbeeld Vera"})
        yield "fijn"

    shown = talk(bot, lines())
    assert "Voorbeeld Vera:\n  Ik kijk even mee." in "\n".join(line.rstrip() for line in shown.splitlines())
    assert shown.count("Eén.") == shown.count("Twee.") == 1


def test_the_command_talks_with_the_trained_model(database: str) -> None:
    if not list((PROJECT_ROOT / "models").glob("*.tar.gz")):
        pytest.skip("Er is nog geen model: draai 'make train'.")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("steunwijzer")), "chat"],
        input="me medewerker durft niks te vragen uit angst voor fouten\n1\n/stop\n",
        capture_output=True,
        text=True,
        timeout=240,
        cwd=PROJECT_ROOT,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Steunwijzer:") == 3
    assert done.stdout.count("Bron: ") >= 2
    assert "Tot ziens." in done.stdout
