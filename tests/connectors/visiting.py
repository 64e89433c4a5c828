"""Visitors on their way to a coach: over HTTP and over their WebSocket."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import websocket
from serving import Server, Visitor

from connectors import sessions
from steunwijzer import handoff_coach, handoff_reading, handoff_request

PHONE = "06 12345678"


def conversation_of(visitor: Visitor) -> str:
    """The conversation behind a visitor's token."""
    return sessions.conversation_of(visitor.token)


def asked(visitor: Visitor, place: str = "Tiel", contact: str = PHONE) -> handoff_request.Request:
    """A visitor who asks for a coach and gives consent."""
    visitor.say(f"ik wil een coach spreken in {place}")
    visitor.say(contact)
    body = visitor.say("Ja, stuur door")
    assert body["state"]["handoff"] == "requested", body
    request = handoff_reading.open_request(conversation_of(visitor))
    assert request is not None
    return request


def accepted(visitor: Visitor, place: str = "Tiel") -> handoff_request.Request:
    """A visitor whose request the coach has just taken."""
    request = asked(visitor, place)
    assert request.coach_id
    return handoff_coach.accept(request.id, request.coach_id)


def messages(visitor: Visitor, after: int = 0) -> list[dict[str, Any]]:
    """What the visitor reads."""
    found: list[dict[str, Any]] = visitor.http.get("/v1/messages", params={"after": after}).json()["messages"]
    return found


class Line:
    """The visitor's WebSocket."""

    def __init__(self, connection: websocket.WebSocket) -> None:
        self.connection = connection

    def send(self, **frame: Any) -> None:
        self.connection.send(json.dumps(frame))

    def until(self, wanted: Callable[[dict[str, Any]], Any], seconds: float = 15) -> dict[str, Any]:
        """The first frame that is wanted; fails with what came instead."""
        seen = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.connection.settimeout(max(0.05, end - time.monotonic()))
            try:
                frame: dict[str, Any] = json.loads(self.connection.recv())
            except (websocket.WebSocketTimeoutException, ValueError):
                break
            seen.append(frame)
            if wanted(frame):
                return frame
        pytest.fail(f"not heard; came: {seen}")


@contextmanager
def line(visitor: Visitor, server: Server, after: int = 0) -> Iterator[Line]:
    """An open WebSocket that has said hello and got the state."""
    connection = websocket.create_connection(server.url.replace("http", "ws") + "/v1/ws", timeout=15)
    try:
        made = Line(connection)
        made.send(type="hello", token=visitor.token, after=after)
        made.until(lambda frame: frame["type"] == "state")
        yield made
    finally:
        connection.close()
