"""The website's channel: sessions, messages, transcript, feedback, deletion and the WebSocket (DESIGN §5)."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Request, Response, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ConfigDict, Field
from pyrate_limiter import Duration

from connectors import origins, place_of_page, sessions
from connectors.limits import RateLimit
from connectors.problems import Problem
from connectors.router import EmptyMessage, Handled, Router, TooLong, contract
from connectors.state import live_state, public_state
from connectors.transcripts import as_pdf, as_text
from connectors.turns import topic_of_conversation
from steunwijzer import conversations, papers, relay, transcript_links
from steunwijzer.bus import Subscription, get_bus
from steunwijzer.settings import get_settings

logger = logging.getLogger(__name__)

EXPIRED = "Uw sessie is verlopen of bestaat niet meer. Begin een nieuw gesprek."
TOO_MANY = "U stuurt veel berichten achter elkaar. Wacht een minuut en probeer het opnieuw. Is er direct gevaar? Bel 112."
EMPTY = "Uw bericht is leeg. Typ een vraag of kies een knop."
_CLOSE_EXPIRED = 4401
_CLOSE_ORIGIN = 4403
_HEARTBEAT_SECONDS = 60.0


class NewMessage(BaseModel):
    """A message of the visitor; ``id`` is the client's own id, so that sending again never doubles it."""

    model_config = ConfigDict(extra="ignore")

    text: str
    id: Annotated[str | None, Field(max_length=100)] = None


class NewSession(BaseModel):
    """What the page that holds the chat knows about its visitors; ``place`` is where the work probably is."""

    model_config = ConfigDict(extra="ignore")

    place: Annotated[str | None, Field(max_length=100)] = None


class FeedbackIn(BaseModel):
    """What the visitor thought of one answer."""

    seq: Annotated[int, Field(ge=1)]
    value: Literal["up", "down"]
    reason: Annotated[str | None, Field(max_length=1000)] = None


def too_long() -> Problem:
    return Problem(413, f"Uw bericht is te lang. Gebruik ten hoogste {get_settings().max_message_length} tekens, of stuur het in delen.")


def conversation_id(authorization: Annotated[str | None, Header()] = None, token: Annotated[str | None, Query()] = None) -> str:
    """The conversation of the bearer token; ``token`` in the address serves downloads, which cannot carry a header."""
    scheme, _, value = (authorization or "").partition(" ")
    given = value if scheme.lower() == "bearer" else token
    if not given:
        raise Problem(401, "Stuur het token van uw sessie mee (Authorization: Bearer …). Begin anders een nieuw gesprek.")
    try:
        return sessions.conversation_of(given)
    except sessions.InvalidToken as problem:
        raise Problem(401, EXPIRED) from problem


ConversationId = Annotated[str, Depends(conversation_id)]


def website(router: Router) -> APIRouter:
    """The routes under ``/v1`` for one router."""
    api = APIRouter(prefix="/v1")
    settings = get_settings()
    per_session = RateLimit("messages", settings.rate_per_minute, Duration.MINUTE)
    per_address = RateLimit("sessions", settings.rate_sessions_per_hour, Duration.HOUR)

    @api.post("/sessions", status_code=201, summary="Begin een gesprek")
    async def new_session(request: Request, about: NewSession | None = None) -> dict[str, Any]:
        if not per_address.allows(request.client.host if request.client else "?"):
            raise Problem(429, "Vanaf dit adres zijn veel gesprekken begonnen. Probeer het over een uur opnieuw.", retry_after=600)
        conversation, messages, state = await router.start()
        if about is not None and about.place:
            state = await asyncio.to_thread(place_of_page.keep, conversation.id, state, about.place)
        return {
            "token": sessions.token_for(conversation.id),
            "messages": [contract(message) for message in messages],
            "state": public_state(state),
        }

    @api.post("/messages", summary="Stuur een bericht")
    async def new_message(message: NewMessage, conversation: ConversationId) -> dict[str, Any]:
        handled = await handle(conversation, message.text, message.id)
        return {
            "seq": handled.own.seq,
            "messages": [contract(reply) for reply in handled.replies],
            "state": await shown(conversation, handled.state),
        }

    async def handle(conversation: str, text: str, client_id: str | None) -> Handled:
        if not per_session.allows(conversation):
            raise Problem(429, TOO_MANY, retry_after=60)
        try:
            handled = await router.handle(conversation, text, client_id=client_id)
        except EmptyMessage as problem:
            raise Problem(422, EMPTY) from problem
        except TooLong as problem:
            raise too_long() from problem
        except conversations.UnknownConversation as problem:
            raise Problem(401, EXPIRED) from problem
        return handled

    @api.get("/messages", summary="Lees berichten na een nummer")
    async def read_messages(conversation: ConversationId, after: Annotated[int, Query(ge=0)] = 0) -> dict[str, Any]:
        known = await existing(conversation)
        messages = await asyncio.to_thread(conversations.after, conversation, after)
        state = await asyncio.to_thread(live_state, known)
        return {"messages": [contract(message) for message in messages], "state": await shown(conversation, state)}

    async def existing(conversation: str) -> conversations.Conversation:
        known = await asyncio.to_thread(conversations.get, conversation)
        if known is None:
            raise Problem(401, EXPIRED)
        return known

    @api.get("/transcript", summary="Download het gesprek")
    async def transcript(conversation: ConversationId, format: Literal["text", "pdf"] = "text") -> Response:
        await existing(conversation)
        return await on_paper(conversation, format)

    async def on_paper(conversation: str, format: transcript_links.Format) -> Response:
        messages = await asyncio.to_thread(conversations.transcript, conversation)
        if format == "pdf":
            content = await asyncio.to_thread(as_pdf, messages)
            return _download(content, "gesprek-steunwijzer.pdf", "application/pdf")
        return _download(as_text(messages).encode(), "gesprek-steunwijzer.txt", "text/plain; charset=utf-8")

    @api.get("/files/{token}", summary="Download een document uit het gesprek")
    async def file(token: str) -> Response:
        link = transcript_links.open_link(token)
        try:
            if link is not None:
                return await on_paper(*link)
            made = await asyncio.to_thread(papers.open_link, token)
        except conversations.UnknownConversation as problem:
            raise Problem(404, "Dit gesprek is verwijderd.") from problem
        except papers.PaperError as problem:
            raise Problem(404, str(problem)) from problem
        return _download(made.content, made.name, made.media_type)

    @api.delete("/session", summary="Verwijder het gesprek en alle gegevens")
    async def delete_session(conversation: ConversationId) -> dict[str, Any]:
        await existing(conversation)
        proof = await router.forget(conversation)
        if not proof.complete:
            raise Problem(500, "Niet alles kon worden verwijderd. Probeer het nog eens.")
        return {
            "removed": {name: count for name, count in proof.removed.items() if count},
            "remaining": proof.remaining,
            "receipt": proof.receipt,
            "detail": f"Uw gesprek en gegevens zijn verwijderd. Bewijsnummer: {proof.receipt}.",
        }

    @api.post("/feedback", status_code=204, summary="Duim omhoog of omlaag")
    async def feedback(given: FeedbackIn, conversation: ConversationId) -> Response:
        await existing(conversation)
        try:
            await asyncio.to_thread(conversations.feedback, conversation, given.seq, given.value, given.reason)
        except conversations.UnknownConversation as problem:
            raise Problem(404, "Dit bericht bestaat niet in uw gesprek. Laad de pagina opnieuw.") from problem
        return Response(status_code=204)

    @api.websocket("/ws")
    async def socket(connection: WebSocket) -> None:
        if not origins.may_connect(connection):
            await connection.close(_CLOSE_ORIGIN)
            return
        await connection.accept()
        try:
            await _Socket(connection, handle).run()
        except (WebSocketDisconnect, RuntimeError):
            return

    return api


async def shown(conversation_id: str, state: Mapping[str, Any]) -> dict[str, Any]:
    """The state as a client gets it. ``live``, once a coach has taken the request: whether that coach answers in this chat now."""
    told = public_state(state)
    if told["handoff"] == "accepted":
        known = await asyncio.to_thread(conversations.get, conversation_id)
        told["live"] = known is not None and known.owner == "coach"
    return told


def _download(content: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content, media_type=media_type, headers=headers)


class _Socket:
    """One WebSocket: hello, then messages both ways until it closes. What was missed is sent from the number that the client saw last.

    The coach's messages, typing, coming and going arrive over the bus; what this visitor received is told to the coach.
    """

    def __init__(self, connection: WebSocket, handle: Any) -> None:
        self._connection = connection
        self._handle = handle
        self._conversation = ""
        self._seen = 0
        self._request: str | None = None
        self._relayed = 0
        self._sending = asyncio.Lock()

    async def run(self) -> None:
        if not await self._hello():
            return
        async with get_bus().subscribe(topic_of_conversation(self._conversation)) as news:
            await self._catch_up()
            pump = asyncio.create_task(self._pump(news))
            try:
                while True:
                    await self._receive(await self._connection.receive_text())
            finally:
                pump.cancel()
                if self._request:
                    relay.presence(self._request, self._conversation, sender="visitor", here=False)
                with contextlib.suppress(asyncio.CancelledError):
                    await pump

    async def _hello(self) -> bool:
        frame = _frame(await self._connection.receive_text())
        try:
            self._conversation = sessions.conversation_of(str(frame.get("token") or ""))
            known = await asyncio.to_thread(conversations.get, self._conversation)
        except sessions.InvalidToken:
            known = None
        if frame.get("type") != "hello" or known is None:
            await self._send({"type": "error", "status": 401, "detail": EXPIRED})
            await self._connection.close(_CLOSE_EXPIRED)
            return False
        after = frame.get("after")
        self._seen = after if isinstance(after, int) and after >= 0 else 0
        return True

    async def _catch_up(self) -> None:
        known = await asyncio.to_thread(conversations.get, self._conversation)
        if known is None:
            await self._connection.close(_CLOSE_EXPIRED)
            return
        state = await asyncio.to_thread(live_state, known)
        async with self._sending:
            for message in await asyncio.to_thread(conversations.after, self._conversation, self._seen):
                await self._connection.send_text(json.dumps({"type": "message", "message": contract(message)}))
                self._seen = max(self._seen, message.seq)
            await self._connection.send_text(json.dumps({"type": "state", "state": await shown(self._conversation, state)}))
        await self._with_coach(known.request_id if known.owner == "coach" else None)

    async def _with_coach(self, request_id: str | None) -> None:
        """Tell the coach that the visitor is here, and which messages have arrived."""
        if request_id != self._request:
            if self._request:
                relay.presence(self._request, self._conversation, sender="visitor", here=False)
            self._request, self._relayed = request_id, 0
            if request_id:
                relay.presence(request_id, self._conversation, sender="visitor", here=True)
        if request_id:
            sent = await asyncio.to_thread(relay.after, request_id, self._relayed)
            here = [one for one in sent if one.conversation_seq is None or one.conversation_seq <= self._seen]
            if here:
                self._relayed = here[-1].seq
                if any(one.sender == "coach" and one.delivered is None for one in here):
                    await asyncio.to_thread(relay.delivered, request_id, self._relayed, to="visitor")

    async def _pump(self, news: Subscription) -> None:
        while True:
            _, event = await news.get()
            kind = event.get("kind") or event.get("type")
            if kind in ("typing", "presence"):
                if event.get("sender") == "coach":
                    if event.get("here") and self._request:
                        # a coach who just came must know that the visitor is there
                        relay.presence(self._request, self._conversation, sender="visitor", here=True)
                    here = {"here": bool(event.get("here"))} if kind == "presence" else {}
                    await self._send({"type": kind, "from": "coach", **here})
            elif kind == "delivered":
                if event.get("to") == "coach":
                    await self._send({"type": "delivered", "seq": await asyncio.to_thread(self._own_number, event)})
            else:
                await self._catch_up()

    def _own_number(self, event: Mapping[str, Any]) -> int:
        """The conversation's number of the last message that the coach received."""
        seq = int(event.get("seq") or 0)
        own = [one for one in relay.after(self._request, max(0, seq - 1), limit=1) if one.conversation_seq] if self._request else []
        return (own[0].conversation_seq or 0) if own else 0

    async def _receive(self, raw: str) -> None:
        frame = _frame(raw)
        kind = frame.get("type")
        if kind == "ping":
            await self._send({"type": "pong"})
            # An event of another process can get lost; nobody waits longer than a heartbeat for what it told.
            await self._catch_up()
        elif kind == "typing":
            if self._request:
                relay.typing(self._request, self._conversation, sender="visitor")
        elif kind == "send":
            await self._message(frame)
        else:
            await self._send({"type": "error", "status": 400, "detail": "Dit bericht is niet begrepen. Laad de pagina opnieuw."})

    async def _message(self, frame: dict[str, Any]) -> None:
        client_id, text = frame.get("id"), frame.get("text")
        if not isinstance(text, str) or not isinstance(client_id, str) or not 0 < len(client_id) <= 100:
            await self._send({"type": "error", "status": 422, "detail": EMPTY, "id": client_id if isinstance(client_id, str) else None})
            return
        try:
            handled = await self._handle(self._conversation, text, client_id)
        except Problem as problem:
            wait = {"retry_after": problem.retry_after} if problem.retry_after else {}
            await self._send({"type": "error", "status": problem.status_code, "detail": str(problem.detail), "id": client_id, **wait})
            return
        await self._send({"type": "ack", "id": client_id, "seq": handled.own.seq})
        if handled.ended:
            for reply in handled.replies:
                await self._send({"type": "message", "message": contract(reply)})
            await self._connection.close(_CLOSE_EXPIRED)
            return
        await self._catch_up()

    async def _send(self, frame: dict[str, Any]) -> None:
        async with self._sending:
            await self._connection.send_text(json.dumps(frame))


def _frame(raw: str) -> dict[str, Any]:
    try:
        frame = json.loads(raw)
    except ValueError:
        return {}
    return frame if isinstance(frame, dict) else {}
