"""The conversation of a visitor: started, continued, read back, deleted.

Sequence numbers count from 1 without gaps per conversation, also when several processes write at once. Text of people is masked
before it is stored; what was masked stands in ``payload["masked"]`` as a list of kinds, so that the visitor can be told.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, cast

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy import delete as sql_delete
from sqlalchemy.orm import Session

from steunwijzer import models
from steunwijzer.db import joined, utcnow
from steunwijzer.masking import mask

Owner = Literal["bot", "coach"]
Sender = Literal["assistant", "coach", "user"]
Rating = Literal["up", "down"]
PAGE_PLACE = "page_place"
"""Key in a conversation's state: the place that the page around the chat names, as a text for ``place_finder.find_place``."""


# Statements of every turn are made once: putting their parts together costs more time than carrying them out.
_CONVERSATION = models.Conversation.__table__
_MESSAGE = models.Message.__table__
_IS_THIS = _CONVERSATION.c.id == bindparam("conversation")
_THIS = select(_CONVERSATION).where(_IS_THIS)
_LAST_SEQ = select(_CONVERSATION.c.last_seq).where(_IS_THIS)
_COUNT = update(_CONVERSATION).where(_IS_THIS).values(last_seq=_CONVERSATION.c.last_seq + bindparam("more"), last_seen=bindparam("now"))
_START = insert(_CONVERSATION)
_STORE = insert(_MESSAGE)
_STORED = ("conversation_id", "seq", "sender", "payload", "client_id", "reply_to", "created")
_OF_THIS = _MESSAGE.c.conversation_id == bindparam("conversation")
_SENT_BEFORE = select(_MESSAGE).where(_OF_THIS, _MESSAGE.c.client_id == bindparam("client"))
_AFTER = select(_MESSAGE).where(_OF_THIS, _MESSAGE.c.seq > bindparam("seq")).order_by(_MESSAGE.c.seq).limit(bindparam("most"))
_REPLIES = select(_MESSAGE).where(_OF_THIS, _MESSAGE.c.reply_to == bindparam("seq")).order_by(_MESSAGE.c.seq)


Listener = Callable[[Session, "Message"], None]
_listeners: list[Listener] = []


def when_said_by_itself(listener: Listener) -> Listener:
    """Have ``listener`` hear, within the transaction that stores it, every message to a visitor that answers none of his: a decorator."""
    _listeners.append(listener)
    return listener


class UnknownConversation(LookupError):
    """There is no conversation with this id (any more)."""


@dataclass(frozen=True)
class Conversation:
    """A conversation as it stands; ``state`` and ``flow`` are what the router last kept with ``save``."""

    id: str
    created: datetime
    last_seen: datetime
    owner: Owner
    request_id: str | None
    last_seq: int
    state: dict[str, Any]
    flow: dict[str, Any] | None


@dataclass(frozen=True)
class Message:
    """One stored message. ``payload``: text, buttons, sources, card, files, topic, masked. ``repeated``: it was stored before."""

    conversation_id: str
    seq: int
    sender: Sender
    payload: dict[str, Any]
    client_id: str | None
    reply_to: int | None
    created: datetime
    repeated: bool = False


def start(*, state: Mapping[str, Any] | None = None, session: Session | None = None) -> Conversation:
    """A new conversation with an id that cannot be guessed (192 random bits)."""
    now = utcnow()
    made = Conversation(secrets.token_urlsafe(24), now, now, "bot", None, 0, dict(state or {}), None)
    with joined(session) as own:
        own.execute(_START, vars(made))
    return made


def get(conversation_id: str, *, session: Session | None = None) -> Conversation | None:
    """The conversation, or None when it does not exist (any more)."""
    with joined(session, reading=True) as own:
        row = own.execute(_THIS, {"conversation": conversation_id}).first()
        return _conversation(row) if row else None


def page_place(conversation_id: str) -> str | None:
    """The place that the page around the chat named, or None."""
    found = get(conversation_id)
    return found.state.get(PAGE_PLACE) if found else None


def append(
    conversation_id: str,
    sender: Sender,
    payload: Mapping[str, Any],
    *,
    client_id: str | None = None,
    reply_to: int | None = None,
    persons: bool = True,
    session: Session | None = None,
) -> Message:
    """Store one message and give it the next number.

    A ``client_id`` seen before in this conversation stores nothing and returns the earlier message with ``repeated=True``.
    ``persons`` false leaves names in a visitor's text (in a live chat people call each other by name). Raises ``UnknownConversation``.
    """
    return append_all(conversation_id, [(sender, payload)], client_id=client_id, reply_to=reply_to, persons=persons, session=session)[0]


def append_all(
    conversation_id: str,
    messages: Iterable[tuple[Sender, Mapping[str, Any]]],
    *,
    client_id: str | None = None,
    reply_to: int | None = None,
    persons: bool = True,
    session: Session | None = None,
) -> list[Message]:
    """Store messages in one transaction, all or none; ``client_id`` belongs to the first. Raises ``UnknownConversation``."""
    pending = [(sender, _masked(sender, payload, persons=persons)) for sender, payload in messages]
    if not pending:
        return []
    now = utcnow()
    with joined(session) as own:
        # The update locks the row, so that the number read after it is ours alone.
        this = {"conversation": conversation_id}
        if own.execute(_COUNT, {**this, "more": len(pending), "now": now}).rowcount == 0:
            raise UnknownConversation(conversation_id)
        if client_id is not None:
            earlier = own.execute(_SENT_BEFORE, {**this, "client": client_id}).first()
            if earlier is not None:
                own.execute(_COUNT, {**this, "more": -len(pending), "now": now})
                return [_message(earlier, repeated=True)]
        last = own.execute(_LAST_SEQ, this).scalar_one()
        made = [
            Message(conversation_id, last - len(pending) + 1 + index, sender, payload, client_id if index == 0 else None, reply_to, now)
            for index, (sender, payload) in enumerate(pending)
        ]
        own.execute(_STORE, [{name: getattr(message, name) for name in _STORED} for message in made])
        for message in made:
            if message.reply_to is None and message.sender != "user":
                for hear in _listeners:
                    hear(own, message)
        return made


def after(conversation_id: str, seq: int = 0, *, limit: int = 500, session: Session | None = None) -> list[Message]:
    """Messages with a number above ``seq``, in order, at most ``limit``."""
    with joined(session, reading=True) as own:
        return [_message(row) for row in own.execute(_AFTER, {"conversation": conversation_id, "seq": seq, "most": limit})]


def replies(conversation_id: str, seq: int, *, session: Session | None = None) -> list[Message]:
    """The messages that answered message ``seq``: what to send again when a client repeats a message."""
    with joined(session, reading=True) as own:
        return [_message(row) for row in own.execute(_REPLIES, {"conversation": conversation_id, "seq": seq})]


def transcript(conversation_id: str) -> list[Message]:
    """The whole conversation, in order. Raises ``UnknownConversation``."""
    with joined(None, reading=True) as session:
        if session.get(models.Conversation, conversation_id) is None:
            raise UnknownConversation(conversation_id)
        rows = session.execute(select(models.Message).where(models.Message.conversation_id == conversation_id).order_by(models.Message.seq)).scalars()
        return [_message(row) for row in rows]


_KEEP: Any = object()


def save(
    conversation_id: str,
    *,
    state: Mapping[str, Any] | None = None,
    flow: Mapping[str, Any] | None = _KEEP,
    session: Session | None = None,
) -> None:
    """Keep the state and the open flow; what is not given stays as it is, ``flow=None`` clears it. Raises ``UnknownConversation``."""
    values: dict[str, Any] = {"last_seen": utcnow()}
    if state is not None:
        values["state"] = dict(state)
    if flow is not _KEEP:
        values["flow"] = dict(flow) if flow is not None else None
    _update(conversation_id, values, session)


def set_owner(conversation_id: str, owner: Owner, request_id: str | None = None, *, session: Session | None = None) -> None:
    """Say who answers from now on: the assistant, or the coach of request ``request_id``. Raises ``UnknownConversation``."""
    _update(conversation_id, {"owner": owner, "request_id": request_id}, session)


def delete(conversation_id: str) -> dict[str, int]:
    """Remove the conversation with its messages and feedback; returns how many rows of each went.

    Everything of a visitor, requests and tracker included, is removed by ``privacy.delete_visitor``.
    """
    removed: dict[str, int] = {}
    with joined(None) as session:
        for table in (models.Feedback, models.Message):
            removed[table.__tablename__] = session.execute(
                sql_delete(table).where(table.conversation_id == conversation_id).execution_options(synchronize_session=False)
            ).rowcount
        removed["conversation"] = session.execute(
            sql_delete(models.Conversation).where(models.Conversation.id == conversation_id).execution_options(synchronize_session=False)
        ).rowcount
    return removed


def feedback(conversation_id: str, seq: int, rating: Rating, reason: str | None = None) -> None:
    """Keep what the visitor thought of message ``seq``; a second judgement replaces the first.

    Raises ``UnknownConversation`` when there is no such message, ``ValueError`` for another rating than up or down.
    """
    if rating not in ("up", "down"):
        raise ValueError("rating is 'up' or 'down'")
    with joined(None) as session:
        if session.get(models.Message, (conversation_id, seq)) is None:
            raise UnknownConversation(conversation_id)
        row = session.get(models.Feedback, (conversation_id, seq)) or models.Feedback(conversation_id=conversation_id, seq=seq)
        row.rating, row.reason, row.created = rating, mask(reason, persons=True).text if reason else None, utcnow()
        session.add(row)


def _update(conversation_id: str, values: dict[str, Any], session: Session | None) -> None:
    with joined(session) as own:
        if own.execute(_change_of(tuple(values)), {"conversation": conversation_id, **values}).rowcount == 0:
            raise UnknownConversation(conversation_id)


@lru_cache
def _change_of(columns: tuple[str, ...]) -> Any:
    return update(_CONVERSATION).where(_IS_THIS).values({name: bindparam(name, type_=_CONVERSATION.c[name].type) for name in columns})


# A coach who gives an address or number in a chat does so on purpose.
_COACH_KEEPS = frozenset({"phone", "email"})


def _masked(sender: Sender, payload: Mapping[str, Any], *, persons: bool) -> dict[str, Any]:
    kept = dict(payload)
    if sender != "assistant" and isinstance(kept.get("text"), str):
        masked = mask(kept["text"], keep=_COACH_KEEPS) if sender == "coach" else mask(kept["text"], persons=persons)
        kept["text"] = masked.text
        if masked.findings:
            kept["masked"] = list(masked.kinds)
    return kept


def _conversation(row: Any) -> Conversation:
    return Conversation(
        id=row.id,
        created=row.created,
        last_seen=row.last_seen,
        owner=cast(Owner, row.owner),
        request_id=row.request_id,
        last_seq=row.last_seq,
        state=dict(row.state or {}),
        flow=dict(row.flow) if row.flow is not None else None,
    )


def _message(row: Any, *, repeated: bool = False) -> Message:
    return Message(
        conversation_id=row.conversation_id,
        seq=row.seq,
        sender=cast(Sender, row.sender),
        payload=dict(row.payload),
        client_id=row.client_id,
        reply_to=row.reply_to,
        created=row.created,
        repeated=repeated,
    )
