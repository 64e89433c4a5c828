"""``POST /api/messages``: check, acknowledge at once, work in the background in order per chat; invokes are answered in place."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import JSONResponse

from connectors.problems import Problem
from connectors.teams import store, texts
from connectors.teams.activities import Incoming, Malformed, parse
from connectors.teams.auth import Gate, Refused
from connectors.teams.connector import AgentsConnector, Connector, MicrosoftToken, NoToken, load
from connectors.teams.pump import Pump
from connectors.teams.sender import Sender
from connectors.teams.store import CHANNEL
from connectors.teams.turns import Assistant, RouterAssistant, Turns
from steunwijzer.logs import trail
from steunwijzer.settings import Settings, get_settings

if TYPE_CHECKING:
    from connectors.router import Router

log = logging.getLogger(__name__)

MAX_BODY = 256 * 1024
RECOVER_SECONDS = 60.0
_DETAILS = {
    401: "Dit verzoek is niet ondertekend door Microsoft Teams, of niet voor deze bot.",
    403: "Dit verzoek hoort niet bij deze bot of deze organisatie.",
    503: "De sleutels van Microsoft zijn nu niet te lezen. Probeer het later opnieuw.",
}


def teams(router: Router) -> APIRouter:
    """The route of Teams for one router; sends and works in the background for as long as the application lives."""
    return routes(RouterAssistant(router))


def routes(assistant: Assistant, connector: Connector | None = None) -> APIRouter:
    """The same for any assistant, and with a connector of one's own."""
    settings = get_settings()
    if not settings.teams_app_id or not (settings.teams_tenant_id or settings.teams_anonymous):
        return _switched_off()
    endpoint = Endpoint(settings, assistant, connector)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        endpoint.start()
        try:
            yield
        finally:
            await endpoint.stop()

    api = APIRouter(lifespan=lifespan)
    api.add_api_route("/api/messages", endpoint.receive, methods=["POST"], include_in_schema=False)
    return api


def _switched_off() -> APIRouter:
    api = APIRouter()

    @api.post("/api/messages", include_in_schema=False)
    async def not_configured() -> Response:
        raise Problem(503, "Teams is niet ingesteld. Zet STEUNWIJZER_TEAMS_APP_ID, STEUNWIJZER_TEAMS_APP_SECRET en STEUNWIJZER_TEAMS_TENANT_ID.")

    return api


class Endpoint:
    """The endpoint with what runs behind it."""

    def __init__(self, settings: Settings, assistant: Assistant, connector: Connector | None = None) -> None:
        self._anonymous = settings.teams_anonymous
        self._gate = Gate(settings)
        self._connector = connector or AgentsConnector(NoToken() if settings.teams_anonymous else MicrosoftToken(settings))
        sender = Sender(self._connector, self._gate.may_send_to)
        self._pump = Pump(CHANNEL, sender)
        self._turns = Turns(assistant, self._pump, sender)
        self._lanes = Lanes(self._handle)
        self._running: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Start sending, and pick up what a stopped process left."""
        self._running = [
            asyncio.create_task(asyncio.to_thread(load)),
            asyncio.create_task(self._pump.run()),
            asyncio.create_task(self._recover()),
        ]

    async def stop(self) -> None:
        """Finish what is going on, then stop."""
        await self._lanes.finish()
        for task in self._running:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._pump.stop()
        await self._connector.close()

    async def receive(self, request: Request) -> Response:
        """One activity from Teams."""
        try:
            claims = {} if self._anonymous else await self._gate.identify(request.headers.get("authorization"))
            activity = await _activity(request)
            if self._anonymous:
                self._gate.permit_anonymous(request.client.host if request.client else None, request.headers, activity)
            else:
                self._gate.permit(claims, activity)
        except Refused as refused:
            log.warning("Refused with %s: %s", refused.status, refused.reason)
            raise Problem(refused.status, _DETAILS[refused.status]) from refused
        receipt = await asyncio.to_thread(store.receive, activity)
        if activity.type == "invoke":
            return await self._invoke(activity, receipt)
        if receipt.new:
            self._lanes.put(activity)
        return Response(status_code=202)

    async def _invoke(self, activity: Incoming, receipt: store.Receipt) -> Response:
        if not receipt.new:
            body = receipt.response or {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": texts.BUSY}
            return JSONResponse(body)
        answered = await self._turns.invoke(activity)
        if answered is None:
            await asyncio.to_thread(store.handled, activity)
            return Response(status_code=501)
        return JSONResponse(answered)

    async def _handle(self, activity: Incoming) -> None:
        with self._pump.working():
            await self._turns.handle(activity)

    async def _recover(self) -> None:
        while True:
            try:
                for activity in await asyncio.to_thread(store.unfinished):
                    if activity.type == "invoke":
                        # Whoever pressed got no answer and will press again.
                        await asyncio.to_thread(store.handled, activity)
                    else:
                        self._lanes.put(activity)
            except Exception as error:
                log.error("Picking up what was left failed: %s", trail(error))
            await asyncio.sleep(RECOVER_SECONDS)


async def _activity(request: Request) -> Incoming:
    """The body as an activity: JSON, bounded, with what an activity must have."""
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise Problem(415, "Stuur een activiteit als application/json.")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Problem(413, "Deze activiteit is te groot.")
    try:
        return parse(json.loads(bytes(body)))
    except (ValueError, RecursionError) as problem:
        # Malformed is a ValueError too: in each case this is no activity.
        raise Problem(400, "Dit is geen activiteit van Teams." if isinstance(problem, Malformed) else "Dit is geen geldige JSON.") from problem


class Lanes:
    """Work in order per chat, chats beside each other."""

    def __init__(self, handle: Callable[[Incoming], Awaitable[None]]) -> None:
        self._handle = handle
        self._waiting: dict[str, deque[Incoming]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._known: set[tuple[str, str]] = set()

    def put(self, activity: Incoming) -> None:
        """Have an activity handled after the earlier ones of its chat; one that is waiting here already is not put twice."""
        key = (activity.conversation_id, activity.id)
        if activity.id and key in self._known:
            return
        self._known.add(key)
        lane = self._waiting.get(activity.conversation_id)
        if lane is not None:
            lane.append(activity)
            return
        self._waiting[activity.conversation_id] = deque([activity])
        task = asyncio.create_task(self._run(activity.conversation_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self, seconds: float = 10.0) -> None:
        """Wait for what is going on; what is left is picked up by the next process."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    async def _run(self, conversation_id: str) -> None:
        lane = self._waiting[conversation_id]
        while lane:
            activity = lane.popleft()
            await self._handle(activity)
            self._known.discard((conversation_id, activity.id))
        del self._waiting[conversation_id]
