"""What leaves to Teams: every message is a row of the outbox, made up when it is sent, in order per chat, within Microsoft's limits."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyrate_limiter import Duration
from sqlalchemy.orm import Session

from connectors.limits import RateLimit
from connectors.teams import cards, store, texts
from connectors.teams.coach import follow
from connectors.teams.connector import Connector, Destination, NobodyKnows, SendError
from connectors.teams.store import CHANNEL, Card, Reference
from steunwijzer import conversations, directory, handoff_mail, handoff_reading, handoff_request, outbox, placement_overview, placements, relay
from steunwijzer.outbox import Delivery, Later, NotNeeded, PermanentFailure, TemporaryFailure, Uncertain
from steunwijzer.settings import get_settings

log = logging.getLogger(__name__)

MAX_BYTES = 100_000
# Refusals after which the same message may be offered again, as Microsoft advises; 504 is not among them, for it may have been delivered.
_PASSING = frozenset({0, 401, 408, 412, 429, 500, 502, 503})
_GONE = frozenset({403, 404})
_QUICK_WAITS = (0.2, 0.6)
_LIMIT_STEP_SECONDS = 0.05
_LIMIT_WAIT_SECONDS = 2.0


@dataclass(frozen=True)
class Outgoing:
    """One message to a chat, in place of ``replaces``. ``shows``: what to keep about it; ``after``: to do when it has arrived."""

    reference: Reference
    activity: dict[str, Any]
    replaces: str | None = None
    shows: Card | None = None
    after: Callable[[], object] | None = None


def add(session: Session, reference: Reference, coach: directory.Coach | None, messages: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Delivery]:
    """Put replies (key and payload each) to a chat in the outbox, as part of a transaction; gives those that the caller may send after it.

    Replies to a coach stand under the coach's name, as requests and chat messages do: that keeps all of them in order.
    """
    recipient = coach.id if coach and reference.personal else str(reference.id)
    addressed = [(key, {"reference": reference.id, **payload}) for key, payload in messages]
    return outbox.add_claimed(session, channel=CHANNEL, kind="teams.reply", recipient=recipient, messages=addressed)


class Sender:
    """Sends what the outbox hands over (an ``outbox.Sender``). One object per process."""

    def __init__(self, connector: Connector, may_send_to: Callable[[str], bool]) -> None:
        settings = get_settings()
        self._connector = connector
        self._may_send_to = may_send_to
        self._per_chat = RateLimit("teams.chat", settings.teams_sends_per_second, Duration.SECOND)
        self._per_chat_hour = RateLimit("teams.chat.hour", settings.teams_sends_per_hour, Duration.HOUR)
        self._per_tenant = RateLimit("teams.tenant", settings.teams_tenant_sends_per_second, Duration.SECOND)

    async def __call__(self, delivery: Delivery) -> None:
        """Send one message. Raises the failures of the outbox."""
        for outgoing in await asyncio.to_thread(compose, delivery):
            await self._send(delivery, outgoing)

    def knowing(self, chat: Reference, said: Mapping[int, conversations.Message]) -> outbox.Sender:
        """The same for replies that were only just made: what the assistant ``said``, by number, need not be read back."""

        async def send(delivery: Delivery) -> None:
            message = said.get(delivery.payload.get("seq", 0))
            if message is None:
                await self(delivery)
            else:
                await self._send(delivery, Outgoing(chat, _spoken(chat, delivery.payload, message)))

        return send

    async def _send(self, delivery: Delivery, outgoing: Outgoing) -> None:
        chat = outgoing.reference
        if not self._may_send_to(chat.service_url):
            raise PermanentFailure("service address not allowed")
        await self._within_limits(chat)
        activity = _bounded(outgoing.activity)
        if outgoing.replaces is None:
            await delivery.point_of_no_return()
        sent = await self._try(chat, activity, outgoing.replaces)
        if outgoing.shows is not None and sent:
            shown = outgoing.shows
            await asyncio.to_thread(store.add_card, replace(shown, activity_id=sent), delivery.key)
        if outgoing.after is not None:
            await asyncio.to_thread(outgoing.after)

    async def _within_limits(self, chat: Reference) -> None:
        """Wait for this message's turn by Microsoft's limits. Raises ``Later`` when that takes long."""
        waited = 0.0
        for limit, key in ((self._per_chat, chat.conversation_id), (self._per_tenant, chat.tenant_id)):
            while not limit.allows(key):
                if waited >= _LIMIT_WAIT_SECONDS:
                    raise Later(_LIMIT_STEP_SECONDS)
                await asyncio.sleep(_LIMIT_STEP_SECONDS)
                waited += _LIMIT_STEP_SECONDS
        if not self._per_chat_hour.allows(chat.conversation_id):
            raise Later(60.0)

    async def _try(self, chat: Reference, activity: Mapping[str, Any], replaces: str | None) -> str:
        to = Destination(chat.service_url, chat.conversation_id, chat.bot_id)
        for wait in (*_QUICK_WAITS, None):
            try:
                if replaces is not None:
                    await self._connector.update(to, replaces, activity)
                    return replaces
                return await self._connector.send(to, activity)
            except NobodyKnows as problem:
                if replaces is not None:
                    # The same replacement twice is the same as once.
                    raise TemporaryFailure("interrupted") from problem
                raise Uncertain("interrupted") from problem
            except SendError as problem:
                patient = problem.status == 429 or problem.status not in _PASSING
                if wait is None or patient:
                    await self._refused(chat, problem, replaces is not None)
                await asyncio.sleep(wait or 0)
        raise TemporaryFailure("teams")

    async def _refused(self, chat: Reference, problem: SendError, update: bool) -> None:
        reason = str(problem)
        if problem.status in _PASSING:
            raise TemporaryFailure(reason, problem.retry_after) from problem
        if problem.status == 504:
            raise (TemporaryFailure(reason) if update else Uncertain(reason)) from problem
        if update:
            raise NotNeeded(reason) from problem
        if problem.status in _GONE:
            await asyncio.to_thread(store.block, chat.conversation_id, problem.code or str(problem.status))
            log.info("A chat takes no messages any more: %s %s", problem.status, problem.code)
        raise PermanentFailure(reason) from problem


def _bounded(activity: dict[str, Any]) -> dict[str, Any]:
    """The activity within Teams' 100 kB: long text is cut and says so."""
    size = len(json.dumps(activity, ensure_ascii=False).encode())
    if size <= MAX_BYTES:
        return activity
    words = str(activity.get("text") or "")
    keep = len(words.encode()) - (size - MAX_BYTES) - 200
    if keep <= 0:
        raise PermanentFailure("larger than 100 kB")
    return {**activity, "text": words.encode()[:keep].decode(errors="ignore") + " … (ingekort)"}


# What each kind of message says ---------------------------------------------------------------------------------------------------


def compose(delivery: Delivery) -> list[Outgoing]:
    """The messages of a delivery as things stand now. Raises ``NotNeeded``, ``PermanentFailure``."""
    writer = _WRITERS.get(delivery.kind)
    if writer is None:
        raise PermanentFailure(f"no writer for {delivery.kind}")
    try:
        return writer(delivery)
    except (handoff_request.UnknownRequest, directory.UnknownCoach, placements.PlacementError):
        raise NotNeeded("what this is about is gone") from None


def _chat_of(coach: directory.Coach) -> Reference:
    found = store.personal_chat(coach)
    if found is None:
        raise PermanentFailure("the coach has not installed the app")
    return found


def _reply(delivery: Delivery) -> list[Outgoing]:
    chat = store.reference(delivery.payload["reference"])
    if chat is None:
        raise NotNeeded("the chat is gone")
    if chat.blocked:
        raise PermanentFailure(f"blocked: {chat.blocked}")
    payload = delivery.payload
    if "seq" in payload:
        return [Outgoing(chat, _assistant(chat, payload))]
    if "request" in payload:
        # A card of a request, asked for by the coach.
        coach = directory.coach(payload["coach"])
        return [_request(chat, handoff_reading.get(payload["request"]), coach)]
    if "card" in payload:
        return [Outgoing(chat, card_activity(_list_card(payload)))]
    return [Outgoing(chat, text_activity(payload["text"]))]


def _assistant(chat: Reference, payload: Mapping[str, Any]) -> dict[str, Any]:
    found = conversations.after(payload["conversation"], payload["seq"] - 1, limit=1)
    if not found or found[0].seq != payload["seq"]:
        raise NotNeeded("the message is gone")
    return _spoken(chat, payload, found[0])


def _spoken(chat: Reference, payload: Mapping[str, Any], message: conversations.Message) -> dict[str, Any]:
    """The part that ``payload`` names of what the assistant said, or what a coach wrote to somebody who asks in Teams."""
    said = texts.without_coach(message.payload) if payload.get("coach") else message.payload
    if message.sender == "coach":
        return text_activity(f"**{texts.escaped(said.get('coach') or 'Coach')}:** {texts.escaped(said['text'])}")
    if payload["part"] == "card":
        return card_activity(cards.answer_card(said))
    words = texts.for_coach(said) if payload.get("coach") else str(said.get("text") or "")
    activity = text_activity(words)
    if chat.suggests and said.get("buttons") and not cards.needs_card(said, chat.suggests):
        activity["suggestedActions"] = {"to": [chat.user_id], "actions": cards.suggested_actions(said)}
    return activity


def _list_card(payload: Mapping[str, Any]) -> dict[str, Any]:
    if payload["card"] == "help":
        return cards.help_card()
    coach = directory.coach(payload["coach"])
    return cards.requests_card(coach) if payload["card"] == "requests" else cards.placements_card(coach)


def _request(chat: Reference, request: handoff_request.Request, coach: directory.Coach) -> Outgoing:
    made = cards.request_card(request, coach, current=chat.request_id == request.id)
    return Outgoing(chat, card_activity(made, cards.kind_title(request)), shows=Card(chat.id, "", request.id, coach.id))


def _offered(delivery: Delivery) -> list[Outgoing]:
    request = handoff_mail.still(delivery, "requested")
    coach = directory.coach(delivery.recipient)
    return [_request(_chat_of(coach), request, coach)]


def _changed(delivery: Delivery) -> list[Outgoing]:
    request = handoff_reading.get(delivery.request_id or "")
    coach = directory.coach(delivery.recipient)
    shown = store.cards(request.id, coach.id)
    if not shown:
        raise NotNeeded("no card shows this request")
    return [
        Outgoing(
            chat,
            card_activity(cards.request_card(request, coach, chat.request_id == request.id), cards.kind_title(request)),
            card.activity_id,
            shows=card,
        )
        for card, chat in shown
        if not chat.blocked
    ]


def _chat_message(delivery: Delivery) -> list[Outgoing]:
    request = handoff_reading.get(delivery.request_id or "")
    coach = directory.coach(delivery.recipient)
    if request.coach_id != coach.id:
        raise NotNeeded("another coach has this request")
    seq = delivery.payload["seq"]
    found = relay.after(request.id, seq - 1, limit=1)
    if not found or found[0].seq != seq:
        raise NotNeeded("the message is gone")
    chat = _chat_of(coach)
    if found[0].sender == "system":
        return [Outgoing(chat, {"type": "message", "textFormat": "xml", "text": texts.warning(cards.who(request), found[0].text)})]
    words = texts.quoted(cards.who(request), found[0].created, found[0].text)
    if chat.request_id not in (None, request.id):
        words += texts.OTHER_CHAT
    activity = {"type": "message", "textFormat": "xml", "text": words}

    def arrived() -> None:
        follow(chat, request.id)
        relay.delivered(request.id, seq, to="coach")

    return [Outgoing(chat, activity, shows=Card(chat.id, "", request.id, coach.id, "chat"), after=arrived)]


def _placement_red(delivery: Delivery) -> list[Outgoing]:
    coach = directory.coach(delivery.recipient)
    overview = placement_overview.overview(delivery.payload["placement_id"])
    found = [each for each in overview.checkins if each.id == delivery.payload["checkin_id"]]
    if not found or overview.placement.coach_id != coach.id:
        raise NotNeeded("the check-in is gone")
    return [Outgoing(_chat_of(coach), card_activity(cards.alert_card(overview, found[0]), "Rood bij een plaatsing"))]


def _erase(delivery: Delivery) -> list[Outgoing]:
    chat = store.reference(delivery.payload["reference"])
    if chat is None or chat.blocked:
        raise NotNeeded("the chat is gone")
    activity = card_activity(cards.erased_card()) if delivery.payload["card"] else text_activity(texts.ERASED_MESSAGE)
    return [Outgoing(chat, activity, delivery.payload["activity"])]


_WRITERS: dict[str, Callable[[Delivery], list[Outgoing]]] = {
    "teams.reply": _reply,
    "teams.erase": _erase,
    "request.offered": _offered,
    "request.changed": _changed,
    "chat.message": _chat_message,
    "placement_red": _placement_red,
}


def text_activity(words: str) -> dict[str, Any]:
    """A message of our own words (Markdown)."""
    return {"type": "message", "textFormat": "markdown", "text": words}


def card_activity(card: Mapping[str, Any], summary: str | None = None) -> dict[str, Any]:
    """A message that is a card; ``summary`` is what a notification shows."""
    return {
        "type": "message",
        "summary": summary or str(card.get("fallbackText") or ""),
        "attachments": [{"contentType": cards.CONTENT_TYPE, "content": dict(card)}],
    }
