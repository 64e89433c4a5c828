"""Who owns a conversation, and what happens to a message.

The router, not Rasa, knows whether the assistant or a coach answers. It keeps the order within a conversation, stores every message before it
is handled, recognises a pressed button, masks personal data before Rasa sees the text, and looks for a crisis whoever owns the conversation.
"""

from __future__ import annotations

import asyncio
import logging
import re
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from connectors.bot import Bot, Reply
from nlu.topics import CRISIS, FALLBACK_INTENT, RETRIEVAL_INTENTS, STEERING, TOPICS, base_intent_of, is_crisis, topic_of
from steunwijzer import conversations
from steunwijzer.answers import answers, payload, topic_button
from steunwijzer.bus import get_bus
from steunwijzer.conversations import Conversation, Message
from steunwijzer.db import session_scope
from steunwijzer.masking import mask
from steunwijzer.settings import get_settings

logger = logging.getLogger(__name__)

WELCOME = (
    "Goedendag. Ik ben Steunwijzer, een digitale assistent. Ik help werkgevers bij werk en psychische kwetsbaarheid. "
    "Wat speelt er bij u?\n\n"
    "Ik ben geen mens; u kunt altijd om een coach vragen. Dit gesprek wordt na 30 dagen gewist. Noem liever geen namen of diagnoses."
)
_WELCOME_TOPICS = ("faalangst/omgaan", "preventie/stappenplan", "regeling/overzicht", "coach/spreken")
MASKED_NOTE = "Ik heb {what} uit uw bericht gehaald en niet bewaard. Deel zulke gegevens alleen als ik erom vraag."
_MASKED_NAMES = {
    "email": "een e-mailadres",
    "iban": "een rekeningnummer",
    "card": "een kaartnummer",
    "bsn": "een burgerservicenummer",
    "phone": "een telefoonnummer",
    "person": "een naam",
}
# what a visitor may hand over without being told off: the coach flows ask for it
_CONTACT_KINDS = frozenset({"phone", "email", "person"})
_EMPTY_STATE: dict[str, Any] = {
    "topic": None,
    "confidence": 0.0,
    "flow": None,
    "step": None,
    "asks_for": None,
    "region": None,
    "handoff": "none",
    "crisis": False,
}
_STATE_PER_TURN = ("topic", "confidence", "asks_for", "step", "flow")
_COMMAND = re.compile(r"^[\s/]+")


class EmptyMessage(ValueError):
    """There is nothing to answer in this message."""


class TooLong(ValueError):
    """The message is longer than the setting allows."""


@dataclass(frozen=True)
class Handled:
    """A handled message: the visitor's own as stored, the replies, and the state after it."""

    own: Message
    replies: list[Message]
    state: dict[str, Any]


def clean(text: str) -> str:
    """A visitor's text is never a command: leading slashes and control characters go.

    Raises:
        EmptyMessage: when nothing is left.
        TooLong: when it is longer than ``max_message_length``.
    """
    if len(text) > get_settings().max_message_length:
        raise TooLong
    visible = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)
    stripped = _COMMAND.sub("", visible).strip()
    if not stripped:
        raise EmptyMessage
    return stripped


def contract(message: Message) -> dict[str, Any]:
    """A stored message in the form of the HTTP contract (DESIGN §5)."""
    stored = message.payload
    shown: dict[str, Any] = {"seq": message.seq, "from": message.sender, "text": stored.get("text", "")}
    shown["buttons"] = [{"title": b["title"], "value": b["value"]} for b in stored.get("buttons") or []]
    shown["sources"] = stored.get("sources") or []
    shown.update({key: stored[key] for key in ("card", "files", "checked", "name", "lang") if stored.get(key)})
    shown["at"] = message.created.isoformat()
    return shown


def button_choice(recent: list[Message], text: str) -> tuple[str, Any]:
    """The choice behind a text equal to a button that was offered last: (the button's title, its JSON or None)."""
    wanted = text.casefold().strip(" .!")
    for message in reversed(recent):
        if message.sender == "user":
            break
        for button in message.payload.get("buttons") or []:
            if wanted in (str(button["value"]).casefold().strip(" .!"), str(button["title"]).casefold().strip(" .!")):
                return str(button["title"]), button.get("choice", {})
    return "", None


def parse_for_topic(text: str, topic: str, entities: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """What understanding would have given had it been certain of a topic."""
    intent = base_intent_of(topic)
    selector: dict[str, Any] = {"all_retrieval_intents": list(RETRIEVAL_INTENTS)}
    if topic not in STEERING:
        selector[intent] = {
            "response": {"responses": [], "confidence": 1.0, "intent_response_key": topic, "utter_action": f"utter_{topic}"},
            "ranking": [{"confidence": 1.0, "intent_response_key": topic}],
        }
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": entities or [],
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "topics": [{"topic": topic, "confidence": 1.0}],
        "response_selector": selector,
    }


def parse_for_miss(text: str) -> dict[str, Any]:
    """What understanding gives for a message that it does not recognise."""
    return {
        "text": text,
        "intent": {"name": FALLBACK_INTENT, "confidence": 1.0},
        "entities": [],
        "intent_ranking": [],
        "topics": [],
        "response_selector": {"all_retrieval_intents": list(RETRIEVAL_INTENTS)},
    }


def topic_of_conversation(conversation_id: str) -> str:
    """Where news of a conversation is published."""
    return f"conversation:{conversation_id}"


class Router:
    """Takes messages of visitors, one at a time per conversation."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    def _lock(self, conversation_id: str) -> asyncio.Lock:
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        return lock

    async def start(self) -> tuple[Conversation, list[Message], dict[str, Any]]:
        """A new conversation with the assistant's first words."""
        state = dict(_EMPTY_STATE)
        conversation = await asyncio.to_thread(conversations.start, state=state)
        welcome = {"text": WELCOME, "buttons": [_stored(topic_button(topic)) for topic in _WELCOME_TOPICS]}
        message = await asyncio.to_thread(conversations.append, conversation.id, "assistant", welcome)
        return conversation, [message], state

    async def handle(self, conversation_id: str, text: str, *, client_id: str | None = None) -> Handled:
        """Store a visitor's message, have it answered, store the answers.

        A ``client_id`` seen before gives the earlier result again and does nothing else.

        Raises:
            EmptyMessage, TooLong: see :func:`clean`; nothing is stored.
            conversations.UnknownConversation: when it does not exist (any more).
        """
        text = clean(text)
        lock = self._lock(conversation_id)
        async with lock:
            conversation = await asyncio.to_thread(conversations.get, conversation_id)
            if conversation is None:
                raise conversations.UnknownConversation(conversation_id)
            recent = await asyncio.to_thread(conversations.after, conversation_id, max(0, conversation.last_seq - 8))
            own = await asyncio.to_thread(conversations.append, conversation_id, "user", {"text": text}, client_id=client_id)
            if own.repeated:
                earlier = await asyncio.to_thread(conversations.replies, conversation_id, own.seq)
                if earlier:
                    return Handled(own, earlier, {**_EMPTY_STATE, **conversation.state})
            return await self._answer(conversation, recent, own, text)

    async def _answer(self, conversation: Conversation, recent: list[Message], own: Message, text: str) -> Handled:
        state = {**_EMPTY_STATE, **conversation.state}
        title, choice = button_choice(recent, text)
        masked = mask(text)
        in_contact_step = state.get("asks_for") == "contact"
        safe_text = text if in_contact_step else masked.text
        context = {"topic": state.get("last_topic"), "part": state.get("last_part") or 0}
        metadata: dict[str, Any] = {"context": context, "choice": choice}
        reply = await self.bot.reply(
            conversation.id, safe_text, raw_text=text, metadata=metadata, parse_data=self._chosen(choice, safe_text)
        )
        messages = reply.messages or [dict(_stored_payload(payload(answers()["grens/buiten_bereik"])))]
        note = [kind for kind in masked.kinds if not in_contact_step and kind not in _CONTACT_KINDS]
        if note:
            messages.insert(0, {"text": MASKED_NOTE.format(what=" en ".join(_MASKED_NAMES[kind] for kind in note))})
        state = self._state(state, reply, messages)
        stored = await asyncio.to_thread(self._store, conversation.id, own.seq, messages, state, reply.flow)
        return Handled(own, stored, state)

    async def forget(self, conversation_id: str) -> dict[str, int]:
        """Remove everything of a visitor; gives how many rows of each kind went."""
        async with self._lock(conversation_id):
            removed = await asyncio.to_thread(conversations.delete, conversation_id)
            await self.bot.forget(conversation_id)
            return removed

    @staticmethod
    def _chosen(choice: Any, text: str) -> dict[str, Any] | None:
        if isinstance(choice, Mapping):
            if choice.get("topic") in TOPICS:
                return parse_for_topic(text, str(choice["topic"]))
            if choice.get("something_else"):
                return parse_for_miss(text)
        return None

    @staticmethod
    def _store(
        conversation_id: str, reply_to: int, messages: list[dict[str, Any]], state: dict[str, Any], flow: dict[str, Any] | None
    ) -> list[Message]:
        with session_scope() as session:
            rows = conversations.append_all(
                conversation_id, [("assistant", message) for message in messages], reply_to=reply_to, session=session
            )
            conversations.save(conversation_id, state=state, flow=flow, session=session)
        get_bus().publish(topic_of_conversation(conversation_id), {"type": "changed"})
        return rows

    @staticmethod
    def _state(before: dict[str, Any], reply: Reply, messages: list[dict[str, Any]]) -> dict[str, Any]:
        state = {**before, **{key: _EMPTY_STATE[key] for key in _STATE_PER_TURN}}
        understood, confidence = topic_of(reply.parse)
        told = next((m["topic"] for m in messages if m.get("topic")), None)
        state.update(topic=told or understood, confidence=round(confidence, 4), crisis=is_crisis(reply.parse))
        state.update(reply.state)
        if told and not str(told).startswith(("dialoog/", "vervolg/")) and told != CRISIS:
            state["last_topic"] = told
            state["last_part"] = next((m.get("part", 0) for m in messages if m.get("topic") == told), 0)
        return state


def _stored(button: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": button["title"], "value": button["payload"], "choice": button.get("choice")}


def _stored_payload(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "buttons": [_stored(button) for button in message.get("buttons") or []]}


def public_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state of the HTTP contract: only the keys that it names."""
    return {key: state.get(key, default) for key, default in _EMPTY_STATE.items()}
