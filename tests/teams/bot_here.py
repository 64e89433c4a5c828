"""The bot in this process, without Rasa: a plain assistant that repeats what was said."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fastapi import FastAPI
from microsoft import running
from serving import free_port

from connectors import problems
from connectors.teams.app import routes
from connectors.teams.connector import AgentsConnector
from connectors.teams.turns import Unanswerable
from steunwijzer import conversations
from steunwijzer.conversations import Message


class Parrot:
    """An assistant that repeats what was said, with a source and buttons on request; it stores like the real one."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.slow: dict[str, float] = {}

    async def answer(self, conversation_id: str, text: str, client_id: str) -> Sequence[Message]:
        if not text.strip():
            raise Unanswerable("leeg", "leeg")
        self.asked.append((conversation_id, text))
        await asyncio.sleep(self.slow.get(text, 0))
        return await asyncio.to_thread(self._store, conversation_id, text, client_id)

    def _store(self, conversation_id: str, text: str, client_id: str) -> Sequence[Message]:
        own = conversations.append(conversation_id, "user", {"text": text}, client_id=client_id)
        if own.repeated:
            return conversations.replies(conversation_id, own.seq)
        payload: dict[str, Any] = {"text": f"Je zei: {text}"}
        if "bron" in text:
            payload |= {
                "topic": "faalangst/omgaan",
                "sources": [{"title": "Een bron", "url": "https://example.org/bron"}],
                "checked": "21 november 2026",
                "buttons": [{"title": "Verder", "value": "verder"}],
            }
        elif text == "ik wil een coach":
            payload |= {"text": "In welke plaats is het werk?", "topic": "coach/spreken"}
        elif text == "wat staat er voor mij open":
            payload |= {"text": "Dit overzicht werkt alleen voor coaches.", "topic": "coach/mijn_aanvragen"}
        elif "knop" in text:
            coach = {"title": "Spreek een coach", "value": "Spreek een coach", "choice": {"topic": "coach/spreken"}}
            payload["buttons"] = [{"title": "Ja, graag", "value": "ja"}, {"title": "Nee", "value": "nee"}, coach]
        return [conversations.append(conversation_id, "assistant", payload, reply_to=own.seq)]


class FixedToken:
    """A token source without Entra; counts renewals."""

    def __init__(self) -> None:
        self.renewed = 0

    async def token(self, *, renew: bool = False) -> str:
        self.renewed += renew
        return f"token-{self.renewed}"


@contextmanager
def bot(parrot: Parrot, tokens: FixedToken) -> Iterator[str]:
    """A running bot; gives its address."""
    port = free_port()
    app = FastAPI()
    problems.install(app)
    app.include_router(routes(parrot, AgentsConnector(tokens)))
    with running(app, port):
        yield f"http://127.0.0.1:{port}"
