"""Live chat: messages of an accepted request between the visitor's conversation and the coach.

Each message is stored once in the conversation (what the visitor sees, numbered there) and once with the request (what the coach sees,
numbered there), in one transaction. A client id that comes twice stores nothing and gives the earlier message.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from steunwijzer import conversations, directory, models, outbox
from steunwijzer.bus import publish
from steunwijzer.db import col, joined, on_commit, utcnow
from steunwijzer.handoff_request import NotAllowed, NotPossible, UnknownRequest
from steunwijzer.settings import get_settings

Sender = Literal["visitor", "coach", "system"]


@dataclass(frozen=True)
class RelayMessage:
    """One message of a live chat. ``conversation_seq`` is its number in the visitor's conversation, ``repeated``: it was stored before."""

    request_id: str
    seq: int
    sender: Sender
    text: str
    client_id: str | None
    conversation_seq: int | None
    created: datetime
    delivered: datetime | None
    repeated: bool = False


def from_visitor(conversation_id: str, text: str, *, client_id: str | None = None) -> RelayMessage:
    """A visitor's message to the coach who owns the conversation; masked before it is stored.

    Raises ``NotPossible`` when no coach owns the conversation (any more): the caller lets the assistant answer then.
    """
    with joined(None) as session:
        conversation = conversations.get(conversation_id, session=session)
        if conversation is None:
            raise conversations.UnknownConversation(conversation_id)
        row = _open(session, conversation.request_id)
        if conversation.owner != "coach" or row is None or row.state != "accepted":
            raise NotPossible("Er is nu geen coach in dit gesprek.")
        return _store(session, row, "visitor", text, client_id)


def from_coach(request_id: str, coach_id: str, text: str, *, client_id: str | None = None) -> RelayMessage:
    """A coach's message to the visitor.

    Raises ``UnknownRequest``, ``NotAllowed``, ``NotPossible`` (not accepted, or the visitor's data is gone).
    """
    with joined(None) as session:
        row = _open(session, request_id)
        if row is None:
            raise UnknownRequest("Deze aanvraag bestaat niet meer.")
        if row.state != "accepted":
            raise NotPossible("Dit gesprek is niet open. Neem de aanvraag eerst aan.")
        if row.coach_id != coach_id:
            raise NotAllowed("Deze aanvraag is van een andere coach.")
        if row.conversation_id is None:
            raise NotPossible("Het gesprek van deze bezoeker is al verwijderd.")
        return _store(session, row, "coach", text, client_id)


def alert(request_id: str, text: str) -> RelayMessage | None:
    """A message of the system to the coach alone, such as a warning; the visitor does not see it. None when the request is gone."""
    with joined(None) as session:
        row = _open(session, request_id)
        if row is None:
            return None
        row.last_relay += 1
        made = models.RelayMessage(request_id=row.id, seq=row.last_relay, sender="system", text=text, created=utcnow())
        session.add(made)
        _notify_teams(session, row, made.seq)
        session.flush()
        seq = made.seq
        on_commit(session, lambda: publish(f"request:{request_id}", kind="message", seq=seq))
        return _view(made)


def after(request_id: str, seq: int = 0, *, limit: int = 500) -> list[RelayMessage]:
    """Messages of a request with a number above ``seq``, in order."""
    table = models.RelayMessage
    with joined(None, reading=True) as session:
        rows = session.execute(
            select(table).where(table.request_id == request_id, table.seq > seq).order_by(table.seq).limit(limit)
        ).scalars()
        return [_view(row) for row in rows]


def delivered(request_id: str, seq: int, *, to: Literal["visitor", "coach"]) -> int:
    """That the other side has received everything up to ``seq``; returns how many messages this is news about."""
    table = models.RelayMessage
    sender = "coach" if to == "visitor" else "visitor"
    with joined(None) as session:
        changed = session.execute(
            update(table)
            .where(table.request_id == request_id, table.seq <= seq, table.sender == sender, col(table.delivered).is_(None))
            .values(delivered=utcnow())
            .execution_options(synchronize_session=False)
        ).rowcount
        if changed:
            conversation_id = session.execute(
                select(models.Request.conversation_id).where(models.Request.id == request_id)
            ).scalar_one_or_none()
            on_commit(session, lambda: _tell(request_id, conversation_id, kind="delivered", seq=seq, to=to))
        return int(changed)


def typing(request_id: str, conversation_id: str | None, *, sender: Literal["visitor", "coach"]) -> None:
    """Tell the other side that somebody is typing; nothing is stored."""
    _tell(request_id, conversation_id, kind="typing", sender=sender)


def presence(request_id: str, conversation_id: str | None, *, sender: Literal["visitor", "coach"], here: bool) -> None:
    """Tell the other side that somebody came or left; nothing is stored."""
    _tell(request_id, conversation_id, kind="presence", sender=sender, here=here)


def _open(session: Session, request_id: str | None) -> Any:
    if request_id is None:
        return None
    return session.execute(select(models.Request).where(models.Request.id == request_id).with_for_update()).scalar_one_or_none()


def _store(session: Session, row: Any, sender: Sender, text: str, client_id: str | None) -> RelayMessage:
    table = models.RelayMessage
    if client_id is not None:
        earlier = session.execute(
            select(table).where(table.request_id == row.id, table.sender == sender, table.client_id == client_id)
        ).scalar_one_or_none()
        if earlier is not None:
            return _view(earlier, repeated=True)
    payload: dict[str, Any] = {"text": text}
    if sender == "coach":
        coach = directory.coach(row.coach_id, session=session)
        payload["coach"] = coach.name
    # Both sides count their own client ids; the visitor's are those of the conversation.
    kept = conversations.append(
        row.conversation_id,
        "user" if sender == "visitor" else "coach",
        payload,
        client_id=client_id if client_id is None or sender == "visitor" else f"coach:{client_id}",
        persons=False,
        session=session,
    )
    if kept.repeated:
        # The visitor said this before the coach came: it belongs to the conversation with the assistant.
        return RelayMessage(row.id, 0, sender, kept.payload["text"], client_id, kept.seq, kept.created, kept.created, repeated=True)
    row.last_relay += 1
    made = table(
        request_id=row.id,
        seq=row.last_relay,
        sender=sender,
        text=kept.payload["text"],
        client_id=client_id,
        conversation_seq=kept.seq,
        created=kept.created,
    )
    session.add(made)
    if sender == "visitor":
        _notify_teams(session, row, made.seq)
    session.flush()
    request_id, conversation_id, seq, conversation_seq = row.id, row.conversation_id, made.seq, kept.seq

    def tell() -> None:
        publish(f"request:{request_id}", kind="message", seq=seq)
        publish(f"conversation:{conversation_id}", kind="message", seq=conversation_seq)

    on_commit(session, tell)
    return _view(made)


def _notify_teams(session: Session, row: Any, seq: int) -> None:
    if not get_settings().teams_app_id:
        return
    if directory.coach(row.coach_id, session=session).teams_id:
        outbox.add(
            session,
            key=f"chat:{row.id}:{seq}",
            channel="teams",
            kind="chat.message",
            recipient=row.coach_id,
            payload={"seq": seq},
            request_id=row.id,
        )


def _tell(request_id: str, conversation_id: str | None, **event: Any) -> None:
    publish(f"request:{request_id}", **event)
    if conversation_id:
        publish(f"conversation:{conversation_id}", **event)


def _view(row: Any, *, repeated: bool = False) -> RelayMessage:
    return RelayMessage(
        request_id=row.request_id,
        seq=row.seq,
        sender=row.sender,
        text=row.text,
        client_id=row.client_id,
        conversation_seq=row.conversation_seq,
        created=row.created,
        delivered=row.delivered,
        repeated=repeated,
    )
