"""What the processes of the crash tests do; a module of its own, so that it can be imported once and forked often."""

from __future__ import annotations

import asyncio
import os
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

from steunwijzer import calendar_nl, conversations, handoff, handoff_coach, handoff_reading, handoff_request, mail, masking, regions, relay
from steunwijzer.outbox import Dispatcher
from steunwijzer.settings import get_settings

# What is read once per process is read before forking.
regions.region("AM10")
calendar_nl.holiday(date(2026, 1, 1))
masking.mask("06 12345678")


def configure(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    get_settings.cache_clear()


def new_request(conversation_id: str, key: str) -> handoff_request.Request:
    return handoff.create(handoff_request.Draft("handoff", conversation_id, "Vraag", "Tiel", "AM10", ("GM0281",), key=key), "ja")


def take_all(environment: dict[str, str], coach: str, ids: list[str], barrier: Any, results: Connection) -> None:
    configure(environment)
    won = []
    barrier.wait()
    for request_id in ids:
        try:
            handoff_coach.accept(request_id, coach)
            won.append(request_id)
        except handoff_request.AlreadyTaken:
            continue
    results.send(won)


# One visit, step by step; each may be repeated with the same ids after a crash, as a client does.
STEPS = ("start", "ask", "request", "mail", "accept", "visitor", "coach", "visitor2", "coach2", "close")


def visit(environment: dict[str, str], number: int, step: int, known: dict[str, str], acknowledged: Connection) -> None:
    configure(environment)
    while True:
        for name in STEPS[step:]:
            if name == "start":
                known = {"conversation": conversations.start().id}
            elif name == "ask":
                conversations.append(known["conversation"], "user", {"text": "vraag"}, client_id="ask")
            elif name == "request":
                made = new_request(known["conversation"], "k")
                known = {**known, "request": made.id, "coach": str(made.coach_id)}
            elif name == "mail":
                asyncio.run(Dispatcher({mail.CHANNEL: mail.send}).run_once())
            elif name == "accept":
                known = {**known, "coach": _accept(known)}
            elif name.startswith("visitor"):
                relay.from_visitor(known["conversation"], name, client_id=name)
            elif name.startswith("coach"):
                relay.from_coach(known["request"], known["coach"], name, client_id=name)
            else:
                handoff_coach.close(known["request"], known["coach"])
            acknowledged.send((number, name, known))
        number, step = number + 1, 0


def _accept(known: dict[str, str]) -> str:
    # After a message that may not have arrived, the request may stand with the other coach by now.
    try:
        return str(handoff_coach.accept(known["request"], known["coach"]).coach_id)
    except handoff_request.AlreadyTaken:
        return str(handoff_reading.get(known["request"]).coach_id)
