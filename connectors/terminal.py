"""Talking in the terminal: the same router, model and database as the website, buttons as numbers."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urljoin

from rich.console import Console
from rich.markdown import Markdown
from rich.padding import Padding
from rich.text import Text

from connectors.router import EmptyMessage, Router, TooLong
from steunwijzer import conversations
from steunwijzer.conversations import Message
from steunwijzer.settings import get_settings

T = TypeVar("T")

# a single line end stays one, as on the website; Markdown would join the lines
_LINE_END = re.compile(r"(?<!\n)\n(?!\n|- )")

LEAVE = frozenset({"/stop", "/exit", "/quit"})
PROMPT = "U: "
HINT = "Typ uw bericht, of het nummer van een keuze. Met /stop sluit u af."
GOODBYE = "Tot ziens. Dit gesprek staat in de database en wordt na {days} dagen gewist."


def talk(models: Path, *, read: Callable[[str], str] = input, console: Console | None = None) -> None:
    """Talk with the newest model in ``models`` until ``/stop``, the end of the input or Ctrl-C.

    Raises:
        connectors.bot.ModelError: when there is no usable model.
    """
    from connectors import lean

    lean.prepare()
    from connectors.bot import Bot, newest_model
    from connectors.trackers import LiveTrackerStore
    from steunwijzer.db import migrate

    screen = console or Console(highlight=False)
    model = newest_model(models)
    screen.print("Het model wordt geladen. Dat duurt enkele seconden.", style="dim")
    migrate()
    bot = Bot(model, tracker_store=LiveTrackerStore())
    try:
        Terminal(Router(bot), read=read, console=screen).run()
    finally:
        bot.close()


class Terminal:
    """One conversation between a reader of lines and a router."""

    def __init__(self, router: Router, *, read: Callable[[str], str], console: Console) -> None:
        self._router = router
        self._read = read
        self._console = console
        self._choices: list[dict[str, Any]] = []
        self._seen = 0
        # one loop for the whole conversation: the router's locks belong to it
        self._loop = asyncio.new_event_loop()

    def run(self) -> None:
        """Talk until the visitor leaves."""
        try:
            conversation, messages, _ = self._wait(self._router.start())
            self._console.print(HINT, style="dim")
            self._show(messages)
            while (line := self._line()) is not None:
                self._turn(conversation.id, line)
        finally:
            self._loop.close()
        self._console.print(GOODBYE.format(days=get_settings().conversation_retention_days), style="dim")

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    def _line(self) -> str | None:
        try:
            line = self._read(PROMPT)
        except (EOFError, KeyboardInterrupt):
            self._console.print()
            return None
        return None if line.strip().lower() in LEAVE else line

    def _turn(self, conversation_id: str, line: str) -> None:
        try:
            self._wait(self._router.handle(conversation_id, self._meant(line)))
        except EmptyMessage:
            self._console.print("Uw bericht is leeg. Typ een vraag of het nummer van een keuze.", style="yellow")
            return
        except TooLong:
            most = get_settings().max_message_length
            self._console.print(f"Uw bericht is te lang. Gebruik ten hoogste {most} tekens, of stuur het in delen.", style="yellow")
            return
        # everything since the last message that was shown, so that what a coach wrote in the meantime appears as well
        self._show([message for message in conversations.after(conversation_id, self._seen) if message.sender != "user"])

    def _meant(self, line: str) -> str:
        """The text behind a number; a number that is itself on a button (a score) stays what it is."""
        typed = line.strip()
        if any(typed in (choice["value"], choice["title"]) for choice in self._choices):
            return typed
        if typed.isdecimal() and 1 <= int(typed) <= len(self._choices):
            return str(self._choices[int(typed) - 1]["value"])
        return line

    def _show(self, messages: list[Message]) -> None:
        self._choices = []
        for message in messages:
            self._seen = max(self._seen, message.seq)
            name = message.payload.get("name") or "Coach" if message.sender == "coach" else "Steunwijzer"
            self._console.print(Text(f"\n{name}:", style="bold green"))
            self._console.print(Padding(Markdown(_LINE_END.sub("  \n", str(message.payload.get("text") or ""))), (0, 0, 0, 2)))
            self._details(message.payload)
            self._choices += message.payload.get("buttons") or []
        for number, choice in enumerate(self._choices, 1):
            self._console.print(Text(f"  [{number}] {choice['title']}", style="cyan"))

    def _details(self, payload: dict[str, Any]) -> None:
        card = payload.get("card") or {}
        if card.get("title"):
            self._console.print(Text(f"  {card['title']}", style="bold"))
            for line in card.get("lines") or []:
                self._console.print(Text(f"  {line['label']}: {line['value']}"))
        for source in payload.get("sources") or []:
            address = f" – {source['url']}" if source.get("url") else ""
            self._console.print(Text(f"  Bron: {source['title']}{address}", style="dim"), soft_wrap=True)
        if payload.get("checked"):
            self._console.print(Text(f"  Nagekeken op {payload['checked']}", style="dim"))
        for file in payload.get("files") or []:
            address = urljoin(get_settings().public_url, str(file["url"]))
            self._console.print(Text(f"  Bestand: {file['title']} – {address}"), soft_wrap=True)
