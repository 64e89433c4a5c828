"""What happens with an activity from Teams after it was let in: who it is from, what is meant, what is answered."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from connectors.teams import cards, coach, commands, sender, store, texts
from connectors.teams.activities import Incoming
from connectors.teams.coach import Outcome
from connectors.teams.store import Reference
from steunwijzer import calendar_nl, conversations
from steunwijzer.conversations import Message
from steunwijzer.db import session_scope
from steunwijzer.directory import Coach

if TYPE_CHECKING:
    from connectors.router import Router

log = logging.getLogger(__name__)

ADAPTIVE_ACTION = "adaptiveCard/action"
INVOKE_SECONDS = 4.0
# Understanding is CPU work on one thread: twenty at a time would all be ready last, a few at a time leave one after the other.
ASKED_AT_ONCE = 3
_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"


class Unanswerable(ValueError):
    """A message that the assistant does not take; the text says why, for a coach."""


class Assistant(Protocol):
    """The assistant, which answers in a conversation of its own per chat."""

    async def answer(self, conversation_id: str, text: str, client_id: str) -> Sequence[Message]:
        """The stored replies to a message; the same ``client_id`` gives the same replies. Raises ``Unanswerable``."""


class RouterAssistant:
    """The assistant behind the website's router: same masking, buttons, flows and crisis detection."""

    def __init__(self, router: Router) -> None:
        self._router = router

    async def answer(self, conversation_id: str, text: str, client_id: str) -> Sequence[Message]:
        """The stored replies to a message."""
        # Importing the router imports Rasa, which this package must not do by itself.
        from connectors.router import EmptyMessage, TooLong

        try:
            return (await self._router.handle(conversation_id, text, client_id=client_id)).replies
        except EmptyMessage as problem:
            raise Unanswerable(texts.NO_REPLY) from problem
        except TooLong as problem:
            raise Unanswerable(texts.TOO_LONG) from problem


class Turns:
    """Handles activities; the caller keeps the order within a chat."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._turn = asyncio.Semaphore(ASKED_AT_ONCE)

    async def handle(self, activity: Incoming) -> None:
        """Everything but invokes. Never raises: who wrote is told when it failed."""
        try:
            await self._handle(activity)
        except Exception:
            log.exception("An activity of type %s was not handled", activity.type)
            if activity.type == "message":
                await self._try_to_apologise(activity)
        finally:
            await asyncio.to_thread(store.handled, activity)

    async def _try_to_apologise(self, activity: Incoming) -> None:
        try:
            chat = await asyncio.to_thread(store.remember, activity)
            await asyncio.to_thread(_reply, activity, chat, None, [{"text": texts.TROUBLE}])
        except Exception:
            log.exception("The apology was not stored")

    async def _handle(self, activity: Incoming) -> None:
        if activity.type == "message":
            await self._message(activity)
        elif activity.type == "installationUpdate":
            await asyncio.to_thread(_installation, activity)
        elif activity.type == "conversationUpdate":
            await asyncio.to_thread(_conversation_update, activity)

    async def _message(self, activity: Incoming) -> None:
        chat, who = await asyncio.to_thread(_arrived, activity)
        verb, text = activity.value.get("verb"), activity.text
        if verb == "say" and isinstance(activity.value.get("text"), str):
            text = activity.value["text"]
        elif isinstance(verb, str) and not text:
            outcome = await asyncio.to_thread(_pressed, activity, chat, who, verb, activity.value)
            said = [{"text": outcome.notice}] if outcome.notice else []
            await asyncio.to_thread(_reply, activity, chat, who, [*said, *outcome.messages])
            return
        if who is None:
            await self._ask(activity, chat, None, text)
            return
        typed = commands.read(text, calendar_nl.today())
        if typed is not None and typed.name == "ask":
            await self._ask(activity, chat, who, typed.text)
        elif typed is not None:
            messages = await asyncio.to_thread(coach.command, who, chat, typed, _key(activity))
            await asyncio.to_thread(_reply, activity, chat, who, messages)
        elif chat.personal and chat.request_id is not None and text:
            told = await asyncio.to_thread(coach.to_visitor, who, chat, text, _key(activity))
            await asyncio.to_thread(_reply, activity, chat, who, [{"text": told}] if told else [])
        else:
            await self._ask(activity, chat, who, text)

    async def _ask(self, activity: Incoming, chat: Reference, who: Coach | None, text: str) -> None:
        conversation_id = await asyncio.to_thread(_conversation_of, chat)
        try:
            async with self._turn:
                replies = await self._assistant.answer(conversation_id, text, _key(activity))
        except Unanswerable as problem:
            await asyncio.to_thread(_reply, activity, chat, who, [{"text": str(problem)}])
            return
        messages: list[dict[str, Any]] = []
        for reply in replies:
            said = {"conversation": reply.conversation_id, "seq": reply.seq, "coach": who is not None}
            if reply.payload.get("text"):
                messages.append({**said, "part": "text"})
            if cards.needs_card(reply.payload, chat.personal):
                messages.append({**said, "part": "card"})
        await asyncio.to_thread(_reply, activity, chat, who, messages)

    async def invoke(self, activity: Incoming) -> dict[str, Any] | None:
        """The body that answers an invoke, in time; None for a kind that this bot does not know."""
        if activity.name != ADAPTIVE_ACTION:
            return None
        work = asyncio.create_task(asyncio.to_thread(_invoked, activity))
        try:
            return await asyncio.wait_for(asyncio.shield(work), INVOKE_SECONDS)
        except asyncio.TimeoutError:
            return {"statusCode": 200, "type": _MESSAGE, "value": texts.BUSY}


def _invoked(activity: Incoming) -> dict[str, Any]:
    try:
        body = _action_body(activity)
    except Exception:
        log.exception("A button was not handled")
        body = {"statusCode": 500, "type": _ERROR, "value": {"code": "InternalServerError", "message": texts.TROUBLE}}
    store.handled(activity, body)
    return body


def _action_body(activity: Incoming) -> dict[str, Any]:
    action = activity.value.get("action")
    data = action.get("data") if isinstance(action, Mapping) else None
    data = data if isinstance(data, Mapping) else {}
    verb = action.get("verb") if isinstance(action, Mapping) else None
    verb = verb if isinstance(verb, str) else data.get("verb")
    if not isinstance(verb, str):
        return {"statusCode": 400, "type": _ERROR, "value": {"code": "BadRequest", "message": texts.OUTDATED}}
    chat, who = _arrived(activity)
    if who is None:
        return {"statusCode": 403, "type": _ERROR, "value": {"code": "Forbidden", "message": texts.NOT_A_COACH}}
    outcome = _pressed(activity, chat, who, verb, data)
    _reply(activity, chat, who, outcome.messages)
    if outcome.card is None:
        return {"statusCode": 200, "type": _MESSAGE, "value": outcome.notice or ""}
    return {"statusCode": 200, "type": cards.CONTENT_TYPE, "value": outcome.card}


def _pressed(activity: Incoming, chat: Reference, who: Coach | None, verb: str, data: Mapping[str, Any]) -> Outcome:
    if who is None:
        return Outcome(notice=texts.NOT_A_COACH)
    return coach.press(who, chat, verb, data, _key(activity))


def _arrived(activity: Incoming) -> tuple[Reference, Coach | None]:
    return store.remember(activity), coach.coach_of(activity.object_id)


def _conversation_of(chat: Reference) -> str:
    """The conversation with the assistant of this chat; a new one when there is none (any more)."""
    if chat.chat_id and conversations.get(chat.chat_id) is not None:
        return chat.chat_id
    made = conversations.start().id
    store.set_chat(chat.id, made)
    return made


def _installation(activity: Incoming) -> None:
    if activity.action.startswith("remove"):
        # An upgrade takes the old version away first; the new one reports itself.
        store.block(activity.conversation_id, "uninstalled")
        return
    chat, who = _arrived(activity)
    if activity.action == "add":
        if not chat.personal:
            messages = [{"text": texts.WELCOME_GROUP}]
        elif who is None:
            messages = [{"text": texts.WELCOME_PUBLIC}]
        else:
            messages = [{"text": texts.WELCOME}, {"card": "help", "coach": who.id}]
        _reply(activity, chat, who, messages)


def _conversation_update(activity: Incoming) -> None:
    if activity.bot_id in activity.members_removed or activity.event in ("channelDeleted", "teamDeleted", "teamArchived"):
        store.block(activity.conversation_id, "removed")
    else:
        store.remember(activity)


def _reply(activity: Incoming, chat: Reference, who: Coach | None, messages: Sequence[Mapping[str, Any]]) -> None:
    with session_scope() as session:
        for number, message in enumerate(messages):
            sender.add(session, chat, who, f"teams:{_key(activity)}:{number}", message)


def _key(activity: Incoming) -> str:
    """One short key per activity."""
    return hashlib.sha256(f"{activity.conversation_id}\n{activity.id}".encode()).hexdigest()[:40]
