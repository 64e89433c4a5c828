"""What a turn reads before the assistant answers and stores after it: one transaction each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.state import live_state, request_state
from steunwijzer import conversations, reports
from steunwijzer.bus import publish
from steunwijzer.conversations import Conversation, Message
from steunwijzer.db import on_commit, session_scope

_LOOKED_BACK = 8


def topic_of_conversation(conversation_id: str) -> str:
    """Where news of a conversation is published."""
    return f"conversation:{conversation_id}"


@dataclass(frozen=True)
class Begun:
    """The conversation before the message, the messages just before it, the message as stored and the state.

    ``earlier``: the replies, when this very message was answered before. ``with_coach``: nothing is stored, for a coach answers.
    """

    conversation: Conversation
    with_coach: bool = False
    recent: list[Message] = field(default_factory=list)
    stored: Message | None = None
    state: dict[str, Any] = field(default_factory=dict)
    earlier: list[Message] = field(default_factory=list)

    @property
    def own(self) -> Message:
        """The visitor's message as stored."""
        assert self.stored is not None
        return self.stored


def begin(conversation_id: str, text: str, client_id: str | None, *, coach_left: bool = False) -> Begun:
    """Store a visitor's message and read what answering it takes; ``coach_left``: the assistant answers whoever owns the conversation.

    Raises ``conversations.UnknownConversation``.
    """
    with session_scope() as session:
        conversation = conversations.get(conversation_id, session=session)
        if conversation is None:
            raise conversations.UnknownConversation(conversation_id)
        if conversation.owner == "coach" and not coach_left:
            return Begun(conversation, with_coach=True)
        recent = conversations.after(conversation_id, max(0, conversation.last_seq - _LOOKED_BACK), session=session)
        own = conversations.append(conversation_id, "user", {"text": text}, client_id=client_id, session=session)
        earlier = conversations.replies(conversation_id, own.seq, session=session) if own.repeated else []
        return Begun(conversation, False, recent, own, live_state(conversation, session=session), earlier)


def finish(
    own: Message,
    messages: Sequence[dict[str, Any]],
    state: dict[str, Any],
    flow: dict[str, Any] | None,
    use: tuple[str, str] | None = None,
) -> tuple[list[Message], dict[str, Any]]:
    """Store the answers to ``own`` and the state; gives the answers as stored and the state as it is now. ``use``: see ``reports.count_use``."""
    conversation_id = own.conversation_id
    with session_scope() as session:
        rows = conversations.append_all(conversation_id, [("assistant", message) for message in messages], reply_to=own.seq, session=session)
        conversations.save(conversation_id, state=state, flow=flow, session=session)
        known = {**state, **request_state(conversation_id, state, session=session)}
        if use is not None:
            # last in the transaction: every conversation shares these rows
            reports.count_use(*use, state.get("region") or "", session=session)
        on_commit(session, lambda: publish(topic_of_conversation(conversation_id), type="changed"))
    return rows, known
