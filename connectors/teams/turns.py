"""What happens with an activity from Teams after it was let in: who it is from, what is meant, what is answered."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol

from connectors.teams import cards, coach, commands, store, texts
from connectors.teams.activities import Incoming
from connectors.teams.coach import Outcome
from connectors.teams.pump import Pump
from connectors.teams.sender import Sender, add
from connectors.teams.store import Reference
from steunwijzer import calendar_nl, conversations
from steunwijzer.conversations import Message
from steunwijzer.db import session_scope
from steunwijzer.directory import Coach
from steunwijzer.logs import trail
from steunwijzer.outbox import Delivery

if TYPE_CHECKING:
    from connectors.router import Router

log = logging.getLogger(__name__)

ADAPTIVE_ACTION = "adaptiveCard/action"
INVOKE_SECONDS = 4.0
# Understanding is CPU work on one thread: twenty at a time would all be ready last, a few at a time leave one after the other.
ASKED_AT_ONCE = 3
STOP = "stop"
_MESSAGE = "application/vnd.microsoft.activity.message"
_ERROR = "application/vnd.microsoft.error"


class Unanswerable(ValueError):
    """A message that the assistant does not take; ``for_coach`` and ``for_others`` say why."""

    def __init__(self, for_coach: str, for_others: str) -> None:
        super().__init__("unanswerable")
        self._for_coach, self._for_others = for_coach, for_others

    def words(self, *, coach: bool) -> str:
        """What to say."""
        return self._for_coach if coach else self._for_others


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
            raise Unanswerable(texts.NO_REPLY, texts.NO_REPLY_PUBLIC) from problem
        except TooLong as problem:
            raise Unanswerable(texts.TOO_LONG, texts.TOO_LONG_PUBLIC) from problem


@dataclass(frozen=True)
class Answer:
    """What goes back to a chat: payloads of ``sender.add``, for a coach or (``who`` None) somebody else; ``said``: the assistant's part."""

    chat: Reference
    who: Coach | None
    messages: Sequence[Mapping[str, Any]]
    said: Sequence[Message] = ()


class Turns:
    """Handles activities; the caller keeps the order within a chat."""

    def __init__(self, assistant: Assistant, pump: Pump, sender: Sender) -> None:
        self._assistant = assistant
        self._pump = pump
        self._sender = sender
        self._turn = asyncio.Semaphore(ASKED_AT_ONCE)

    async def handle(self, activity: Incoming) -> None:
        """Everything but invokes. Never raises: who wrote is told when it failed."""
        try:
            answer = await self._answer(activity)
            await self._finish(activity, answer)
        except Exception as error:
            log.error("An activity of type %s was not handled: %s", activity.type, trail(error))
            await self._give_up(activity)

    async def _give_up(self, activity: Incoming) -> None:
        try:
            answer = None
            if activity.type == "message":
                chat = await asyncio.to_thread(store.remember, activity)
                answer = Answer(chat, None, [{"text": texts.TROUBLE}])
            await self._finish(activity, answer)
        except Exception as error:
            # It is taken up again after a while, as what a stopped process left.
            log.error("The apology was not stored: %s", trail(error))

    async def _finish(self, activity: Incoming, answer: Answer | None) -> None:
        deliveries = await asyncio.to_thread(_kept, activity, answer)
        if answer is not None:
            self._pump.deliver(deliveries, self._sender.knowing(answer.chat, {message.seq: message for message in answer.said}))

    async def _answer(self, activity: Incoming) -> Answer | None:
        if activity.type == "message":
            return await self._message(activity)
        if activity.type == "installationUpdate":
            return await asyncio.to_thread(_installation, activity)
        if activity.type == "conversationUpdate":
            await asyncio.to_thread(_conversation_update, activity)
        return None

    async def _message(self, activity: Incoming) -> Answer:
        chat, who = await asyncio.to_thread(_arrived, activity)
        verb, text = activity.value.get("verb"), activity.text
        pressed = verb == "say" and isinstance(activity.value.get("text"), str)
        if pressed:
            text = activity.value["text"]
        elif isinstance(verb, str) and not text:
            outcome = await asyncio.to_thread(_pressed, activity, chat, who, verb, activity.value)
            said = [{"text": outcome.notice}] if outcome.notice else []
            return Answer(chat, who, [*said, *outcome.messages])
        return await self._said(activity, chat, who, text, pressed)

    async def _said(self, activity: Incoming, chat: Reference, who: Coach | None, text: str, pressed: bool) -> Answer:
        if not text:
            return Answer(chat, who, [{"text": texts.no_words(coach=who is not None)}])
        typed = commands.read(text, calendar_nl.today()) if who else None
        if who is None or (typed is not None and typed.name == "ask"):
            return await self._ask(activity, chat, who, typed.text if typed else text)
        if typed is not None:
            return Answer(chat, who, await asyncio.to_thread(coach.command, who, chat, typed, _key(activity)))
        if chat.personal and chat.request_id is not None and not pressed:
            told = await asyncio.to_thread(coach.to_visitor, who, chat, text, _key(activity))
            return Answer(chat, who, [{"text": told}] if told else [])
        return await self._ask(activity, chat, who, text)

    async def _ask(self, activity: Incoming, chat: Reference, who: Coach | None, text: str) -> Answer:
        try:
            replies = await self._replies(activity, chat, text)
        except Unanswerable as problem:
            return Answer(chat, who, [{"text": problem.words(coach=who is not None)}])
        if who is not None and any(reply.payload.get("topic") in texts.ASKS_FOR_COACH for reply in replies):
            # The assistant began to ask for place and telephone number, as it does with an employer.
            await self._replies(activity, replace(chat, chat_id=replies[0].conversation_id), STOP, "-stop")
            return Answer(chat, who, [{"text": texts.YOU_ARE_THE_COACH}])
        if who is not None and any(reply.payload.get("topic") == texts.ASKS_FOR_REQUESTS for reply in replies):
            return Answer(chat, who, await asyncio.to_thread(coach.command, who, chat, commands.Command("requests"), _key(activity)))
        messages: list[dict[str, Any]] = []
        for reply in replies:
            said = {"conversation": reply.conversation_id, "seq": reply.seq, "coach": who is not None}
            if reply.payload.get("text"):
                messages.append({**said, "part": "text"})
            shown = texts.without_coach(reply.payload) if who else reply.payload
            if cards.needs_card(shown, chat.suggests):
                messages.append({**said, "part": "card"})
        return Answer(chat, who, messages, replies)

    async def _replies(self, activity: Incoming, chat: Reference, text: str, part: str = "") -> Sequence[Message]:
        """The assistant's answer, in the conversation of this chat; a new one when there is none (any more)."""
        async with self._turn:
            if chat.chat_id is not None:
                with contextlib.suppress(conversations.UnknownConversation):
                    return await self._assistant.answer(chat.chat_id, text, _key(activity) + part)
            made = await asyncio.to_thread(store.start_chat, chat.id)
            return await self._assistant.answer(made, text, _key(activity) + part)

    async def invoke(self, activity: Incoming) -> dict[str, Any] | None:
        """The body that answers an invoke, in time; None for a kind that this bot does not know."""
        if activity.name != ADAPTIVE_ACTION:
            return None
        work = asyncio.create_task(self._invoked(activity))
        try:
            return await asyncio.wait_for(asyncio.shield(work), INVOKE_SECONDS)
        except asyncio.TimeoutError:
            return {"statusCode": 200, "type": _MESSAGE, "value": texts.BUSY}

    async def _invoked(self, activity: Incoming) -> dict[str, Any]:
        body, deliveries = await asyncio.to_thread(_invoked, activity)
        self._pump.deliver(deliveries, self._sender)
        return body


def _invoked(activity: Incoming) -> tuple[dict[str, Any], list[Delivery]]:
    answer = None
    try:
        body, answer = _action_body(activity)
    except Exception as error:
        log.error("A button was not handled: %s", trail(error))
        body = {"statusCode": 500, "type": _ERROR, "value": {"code": "InternalServerError", "message": texts.TROUBLE}}
    return body, _kept(activity, answer, body)


def _action_body(activity: Incoming) -> tuple[dict[str, Any], Answer | None]:
    action = activity.value.get("action")
    data = action.get("data") if isinstance(action, Mapping) else None
    data = data if isinstance(data, Mapping) else {}
    verb = action.get("verb") if isinstance(action, Mapping) else None
    verb = verb if isinstance(verb, str) else data.get("verb")
    if not isinstance(verb, str):
        return {"statusCode": 400, "type": _ERROR, "value": {"code": "BadRequest", "message": texts.OUTDATED}}, None
    chat, who = _arrived(activity)
    if who is None:
        return {"statusCode": 403, "type": _ERROR, "value": {"code": "Forbidden", "message": texts.NOT_A_COACH}}, None
    outcome = _pressed(activity, chat, who, verb, data)
    answer = Answer(chat, who, outcome.messages)
    if outcome.card is None:
        return {"statusCode": 200, "type": _MESSAGE, "value": outcome.notice or ""}, answer
    return {"statusCode": 200, "type": cards.CONTENT_TYPE, "value": outcome.card}, answer


def _pressed(activity: Incoming, chat: Reference, who: Coach | None, verb: str, data: Mapping[str, Any]) -> Outcome:
    if who is None:
        return Outcome(notice=texts.NOT_A_COACH)
    return coach.press(who, chat, verb, data, _key(activity))


def _arrived(activity: Incoming) -> tuple[Reference, Coach | None]:
    chat = store.remember(activity)
    return chat, coach.coach_of(chat, activity.object_id)


def _installation(activity: Incoming) -> Answer | None:
    if activity.action.startswith("remove"):
        # An upgrade takes the old version away first; the new one reports itself.
        store.block(activity.conversation_id, "uninstalled")
        return None
    chat, who = _arrived(activity)
    if activity.action != "add":
        return None
    if not chat.personal:
        return Answer(chat, who, [{"text": texts.WELCOME_GROUP}])
    if who is None:
        return Answer(chat, who, [{"text": texts.WELCOME_PUBLIC}])
    return Answer(chat, who, [{"text": texts.WELCOME}, {"card": "help", "coach": who.id}])


def _conversation_update(activity: Incoming) -> None:
    if activity.event == "channelDeleted":
        store.block(activity.channel or activity.conversation_id, "removed")
    elif activity.bot_id in activity.members_removed or activity.event in ("teamDeleted", "teamArchived"):
        store.block(activity.conversation_id, "removed")
    else:
        store.remember(activity)


def _kept(activity: Incoming, answer: Answer | None, response: dict[str, Any] | None = None) -> list[Delivery]:
    """Keep in one transaction what is answered and that the activity is dealt with; gives what is to be sent now."""
    deliveries: list[Delivery] = []
    with session_scope() as session:
        if answer is not None:
            messages = [(f"teams:{_key(activity)}:{number}", message) for number, message in enumerate(answer.messages)]
            deliveries = add(session, answer.chat, answer.who, messages)
        store.handled(activity, response, session=session)
    return deliveries


def _key(activity: Incoming) -> str:
    """One short key per activity."""
    return hashlib.sha256(f"{activity.conversation_id}\n{activity.id}".encode()).hexdigest()[:40]
