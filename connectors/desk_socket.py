"""Live news for the coach desk over a WebSocket: hints that something changed; the page reads what changed over HTTP.

Who is signed in follows from the cookie. The page says ``{"type": "typing"|"seen"|"ping", …}`` and hears frames of the types ``queue``,
``request`` and ``pong``.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from connectors import desk_session
from connectors.problems import Problem
from steunwijzer import desk_access, handoff_reading, relay
from steunwijzer.bus import get_bus
from steunwijzer.directory import Coach

CLOSE_SIGNED_OUT = 4401
_GRACE_SECONDS = 5.0
_MAX_FRAME = 2000

_present: Counter[str] = Counter()
_leaving: set[asyncio.Task[None]] = set()


async def serve_socket(connection: WebSocket) -> None:
    """Serve one page until it goes."""
    await connection.accept()
    try:
        desk_session.own_page(connection)
        coach = await asyncio.to_thread(desk_access.coach_of, desk_session.secret_of(connection))
    except Problem:
        coach = None
    if coach is None:
        await connection.close(CLOSE_SIGNED_OUT)
        return
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        await _Page(connection, coach).run()


class _Page:
    """One open page of a coach: listens to the queue and to each of the coach's own requests."""

    def __init__(self, connection: WebSocket, coach: Coach) -> None:
        self._connection = connection
        self._coach = coach
        self._sending = asyncio.Lock()
        self._refreshing = asyncio.Lock()
        self._requests: dict[str, str | None] = {}
        self._listeners: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Serve until either side stops; a page that hears nothing more must come again."""
        both = (asyncio.create_task(self._listen_to_queue()), asyncio.create_task(self._listen_to_page()))
        try:
            done, _ = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            tasks = (*both, *self._listeners.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            for request_id, conversation_id in self._requests.items():
                _leave(request_id, conversation_id)

    async def _listen_to_page(self) -> None:
        while True:
            await self._receive(await self._connection.receive_text())

    async def _listen_to_queue(self) -> None:
        async with get_bus().subscribe("queue", f"coach:{self._coach.id}") as events:
            await self._refresh()
            await self._send({"type": "queue"})
            while True:
                _, event = await events.get()
                await self._refresh()
                await self._send({"type": "queue", "request": event.get("request"), "kind": event.get("kind")})

    async def _refresh(self) -> None:
        """Listen to exactly the requests that are the coach's own now."""
        async with self._refreshing:
            mine = {row.id: row.conversation_id for row in await asyncio.to_thread(handoff_reading.mine, self._coach.id)}
            for request_id in self._requests.keys() - mine.keys():
                self._listeners.pop(request_id).cancel()
                _present[request_id] -= 1
                del self._requests[request_id]
            for request_id in mine.keys() - self._requests.keys():
                self._requests[request_id] = mine[request_id]
                _present[request_id] += 1
                self._listeners[request_id] = asyncio.create_task(self._listen_to_request(request_id))

    async def _listen_to_request(self, request_id: str) -> None:
        conversation_id = self._requests[request_id]
        visitor_here = False
        async with get_bus().subscribe(f"request:{request_id}") as events:
            # Whatever happened before the subscription is read now.
            await self._send({"type": "request", "id": request_id, "kind": "state"})
            await self._here(request_id, conversation_id)
            while True:
                _, event = await events.get()
                kind = event.get("kind")
                if kind in ("typing", "presence") and event.get("sender") == "coach":
                    continue
                if kind == "presence":
                    # Who comes back should know that the coach is there; only then, or two sides would greet each other for ever.
                    if event.get("here") and not visitor_here:
                        await self._here(request_id, conversation_id)
                    visitor_here = bool(event.get("here"))
                shown = {key: event[key] for key in ("kind", "seq", "to", "sender", "here") if key in event}
                await self._send({"type": "request", "id": request_id, **shown})

    async def _here(self, request_id: str, conversation_id: str | None) -> None:
        await asyncio.to_thread(relay.presence, request_id, conversation_id, sender="coach", here=True)

    async def _receive(self, raw: str) -> None:
        frame = _frame(raw)
        kind, request_id = frame.get("type"), frame.get("request")
        if kind == "ping":
            if await asyncio.to_thread(desk_access.coach_of, desk_session.secret_of(self._connection)) is None:
                await self._connection.close(CLOSE_SIGNED_OUT)
                raise WebSocketDisconnect(CLOSE_SIGNED_OUT)
            await self._send({"type": "pong"})
        elif not isinstance(request_id, str) or request_id not in self._requests:
            return
        elif kind == "typing":
            await asyncio.to_thread(relay.typing, request_id, self._requests[request_id], sender="coach")
        elif kind == "seen" and isinstance(frame.get("seq"), int):
            await asyncio.to_thread(relay.delivered, request_id, frame["seq"], to="coach")

    async def _send(self, frame: dict[str, Any]) -> None:
        async with self._sending:
            await self._connection.send_text(json.dumps(frame))


def _leave(request_id: str, conversation_id: str | None) -> None:
    """The page has gone: tell the visitor, unless the coach has another page or only loads this one again."""
    _present[request_id] -= 1

    async def tell() -> None:
        await asyncio.sleep(_GRACE_SECONDS)
        if _present[request_id] <= 0:
            del _present[request_id]
            await asyncio.to_thread(relay.presence, request_id, conversation_id, sender="coach", here=False)

    task = asyncio.get_running_loop().create_task(tell())
    _leaving.add(task)
    task.add_done_callback(_leaving.discard)


def _frame(raw: str) -> dict[str, Any]:
    if len(raw) > _MAX_FRAME:
        return {}
    try:
        frame = json.loads(raw)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}
