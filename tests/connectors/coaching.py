"""A coach at the desk over HTTP and WebSocket, and requests for one to take."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
import websocket
from serving import Server

from steunwijzer import conversations, desk_access, directory, handoff, handoff_coach, handoff_reading, handoff_request, regions

FIRST = "rivierenland@example.org"
SECOND = "rivierenland-2@example.org"
ELSEWHERE = "groningen@example.org"
SECRET_PHONE = "+31612345678"


class Desk:
    """One coach, signed in with a link (or, with ``email=None``, nobody)."""

    def __init__(self, server: Server, email: str | None = FIRST) -> None:
        self.url = server.url
        self.http = httpx.Client(base_url=f"{server.url}/desk/api", timeout=60)
        self.form = ""
        if email is not None:
            coach = directory.coach_by_email(email)
            assert coach is not None
            entered = self.enter(desk_access.make_link(coach.id).token)
            assert entered.status_code == 200, entered.text
            self.me: dict[str, Any] = entered.json()["coach"]
            self.form = entered.json()["form"]

    def enter(self, token: str) -> httpx.Response:
        return self.http.post("/session", json={"token": token}, headers={"X-Steunwijzer-Desk": "nieuw"})

    def get(self, path: str) -> httpx.Response:
        return self.http.get(path)

    def send(self, method: str, path: str, body: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        return self.http.request(method, path, json=body, headers={"X-Steunwijzer-Desk": self.form, **headers})

    def post(self, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return self.send("POST", path, body)

    @contextmanager
    def live(self, origin: str | None = None) -> Iterator[Live]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        connection = websocket.create_connection(
            self.url.replace("http", "ws") + "/desk/ws", cookie=cookie, origin=origin or self.url, timeout=10
        )
        try:
            yield Live(connection)
        finally:
            connection.close()


class Live:
    """The news that a page gets."""

    def __init__(self, connection: websocket.WebSocket) -> None:
        self._connection = connection

    def say(self, **frame: Any) -> None:
        self._connection.send(json.dumps(frame))

    def until(self, wanted: Callable[[dict[str, Any]], Any], seconds: float = 10) -> dict[str, Any]:
        """The first frame that is wanted; fails with what came instead."""
        seen = []
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._connection.settimeout(max(0.05, end - time.monotonic()))
            try:
                frame: dict[str, Any] = json.loads(self._connection.recv())
            except websocket.WebSocketTimeoutException:
                break
            seen.append(frame)
            if wanted(frame):
                return frame
        pytest.fail(f"not heard; came: {seen}")


def clean_desk(*coaches: str) -> None:
    """Ends what these coaches have or could take: other tests leave their requests in the shared database."""
    for coach_id in coaches:
        for request in handoff_reading.mine(coach_id):
            handoff_coach.close(request.id, coach_id)
        for request in handoff_reading.queue(coach_id):
            handoff.cancel(request.id)
        directory.set_present(coach_id, True)


def place_request(**changes: Any) -> handoff_request.Request:
    """A visitor in Tiel who asks for a coach, straight in the database."""
    draft: dict[str, Any] = {
        "kind": "handoff",
        "conversation_id": conversations.start().id,
        "subject": "Medewerker durft geen hulp te vragen.",
        "place": "Tiel",
        "region": regions.region("Rivierenland").code,  # type: ignore[union-attr]
        "gemeenten": ("GM0281",),
        "phone": SECRET_PHONE,
        "topic": "faalangst/gesprek",
        **changes,
    }
    return handoff.create(handoff_request.Draft(**draft), "Ja, stuur door")
