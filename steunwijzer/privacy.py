"""Keeping data no longer than said, and removing everything of one visitor, with proof.

Services that keep data of visitors in tables of their own take part by ``register``: they say how to purge what is too old, how to delete
what belongs to one conversation, and how to count what is left of it.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from sqlalchemy import column, delete, func, inspect, select, table, update
from sqlalchemy.orm import Session

from steunwijzer import models
from steunwijzer.bus import publish
from steunwijzer.db import col, joined, on_commit, utcnow
from steunwijzer.settings import get_settings

# The table of Rasa's tracker store, when it shares this database; it cannot delete by itself.
TRACKER = table("events", column("sender_id"), column("timestamp"))
BATCH = 500


class Participant(Protocol):
    """A service that keeps data of visitors. Each function works inside the transaction of ``session``."""

    def purge(self, session: Session, now: datetime) -> dict[str, int]:
        """Remove what is too old; rows removed per table."""

    def delete(self, session: Session, conversation_id: str) -> dict[str, int]:
        """Remove everything of this visitor; rows removed per table."""

    def remaining(self, session: Session, conversation_id: str) -> dict[str, int]:
        """Count what is left of this visitor per table."""


_PARTICIPANTS: dict[str, Participant] = {}


def register(name: str, participant: Participant) -> None:
    """Have a service take part in purging and deleting; a name registered twice replaces the earlier."""
    _PARTICIPANTS[name] = participant


@dataclass(frozen=True)
class PurgeReport:
    """What a purge removed, per table, and the limits it used."""

    at: datetime
    conversations_before: datetime
    requests_before: datetime
    removed: dict[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {count}" for name, count in sorted(self.removed.items()) if count) or "niets"
        return f"Verwijderd: {parts}."


@dataclass(frozen=True)
class DeletionProof:
    """That everything of one visitor is gone: rows removed and rows left per table (counted after the commit), and a receipt.

    The receipt is kept in the audit trail with a hash of the conversation's id, which proves the deletion without naming the visitor.
    """

    receipt: str
    at: datetime
    removed: dict[str, int]
    remaining: dict[str, int]

    @property
    def complete(self) -> bool:
        """Nothing of the visitor is left."""
        return not any(self.remaining.values())


def purge(now: datetime | None = None) -> PurgeReport:
    """Remove what is older than the settings allow: conversations by when they were last used, requests by when they were closed.

    Safe to repeat and to run in several processes at once. An open request keeps its conversation's text no longer than any other: only the
    request itself stays, until it is closed.
    """
    settings = get_settings()
    now = now or utcnow()
    conversations_before = now - timedelta(days=settings.conversation_retention_days)
    requests_before = now - timedelta(days=settings.request_retention_days)
    audit_before = now - timedelta(days=settings.audit_retention_days)
    removed: dict[str, int] = {}
    while True:
        with joined(None) as session:
            old = select(models.Conversation.id).where(models.Conversation.last_seen < conversations_before).limit(BATCH)
            ids = [each for (each,) in session.execute(old)]
            for conversation_id in ids:
                _add(removed, _delete_conversation(session, conversation_id))
        if len(ids) < BATCH:
            break
    with joined(None) as session:
        _add(removed, {"events": _tracker(session, lambda: TRACKER.c.timestamp < conversations_before.timestamp())})
        finished = select(models.Request.id).where(col(models.Request.closed) < requests_before)
        _add(removed, _delete_requests(session, [each for (each,) in session.execute(finished)]))
        _add(
            removed,
            {
                "outbox": _delete(
                    session,
                    models.OutboxRow,
                    models.OutboxRow.created < conversations_before,
                    col(models.OutboxRow.state).in_(("sent", "dropped")),
                ),
                "audit_event": _delete(session, models.AuditEvent, models.AuditEvent.at < audit_before),
            },
        )
        for participant in _PARTICIPANTS.values():
            _add(removed, participant.purge(session, now))
        counts = {name: count for name, count in removed.items() if count}
        session.add(models.AuditEvent(at=now, actor="system", event="purge", subject="purge", detail=counts))
    return PurgeReport(now, conversations_before, requests_before, counts)


def delete_visitor(conversation_id: str) -> DeletionProof:
    """Remove the conversation, its requests with contact data, notes and chat, its tracker events and what other services keep.

    An open request is withdrawn by this: the coach sees that it is gone. Deleting what does not exist (any more) is no error.
    """
    removed: dict[str, int] = {}
    receipt, now = secrets.token_hex(8), utcnow()
    with joined(None) as session:
        # Locked: who is just noting something about one of them is waited for.
        requests = select(models.Request.id, models.Request.coach_id).where(models.Request.conversation_id == conversation_id).with_for_update()
        ids = dict(session.execute(requests).all())
        for participant in _PARTICIPANTS.values():
            _add(removed, participant.delete(session, conversation_id))
        _add(removed, _delete_requests(session, list(ids)))
        _add(removed, _delete_conversation(session, conversation_id))
        _add(removed, {"events": _tracker(session, lambda: TRACKER.c.sender_id == conversation_id)})
        session.add(
            models.AuditEvent(
                at=now,
                actor="visitor",
                event="visitor.deleted",
                subject=f"receipt:{receipt}",
                detail={"conversation": _digest(conversation_id), "removed": {name: count for name, count in removed.items() if count}},
            )
        )
        for request_id, coach_id in ids.items():
            on_commit(session, partial(publish, f"request:{request_id}", kind="deleted"))
            on_commit(session, partial(publish, f"coach:{coach_id}", kind="deleted"))
        on_commit(session, lambda: publish("queue", kind="state"))
    with joined(None, reading=True) as session:
        remaining = _remaining(session, conversation_id, list(ids))
    return DeletionProof(receipt, now, removed, remaining)


def proof_of(receipt: str, conversation_id: str) -> bool:
    """Whether ``receipt`` proves that this conversation was deleted; only who still knows its id can ask."""
    with joined(None, reading=True) as session:
        row = session.execute(select(models.AuditEvent).where(models.AuditEvent.subject == f"receipt:{receipt}")).scalar_one_or_none()
        return row is not None and row.detail.get("conversation") == _digest(conversation_id)


def _digest(conversation_id: str) -> str:
    return hashlib.sha256(conversation_id.encode()).hexdigest()


def _add(total: dict[str, int], more: dict[str, int]) -> None:
    for name, count in more.items():
        total[name] = total.get(name, 0) + count


def _delete(session: Session, model: Any, *conditions: Any) -> int:
    return int(session.execute(delete(model).where(*conditions).execution_options(synchronize_session=False)).rowcount)


def _delete_conversation(session: Session, conversation_id: str) -> dict[str, int]:
    session.execute(
        update(models.Request)
        .where(models.Request.conversation_id == conversation_id)
        .values(conversation_id=None)
        .execution_options(synchronize_session=False)
    )
    return {
        "feedback": _delete(session, models.Feedback, models.Feedback.conversation_id == conversation_id),
        "message": _delete(session, models.Message, models.Message.conversation_id == conversation_id),
        "conversation": _delete(session, models.Conversation, models.Conversation.id == conversation_id),
        "events": _tracker(session, lambda: TRACKER.c.sender_id == conversation_id),
    }


def _delete_requests(session: Session, ids: list[str]) -> dict[str, int]:
    removed: dict[str, int] = {}
    for model in (models.OutboxRow, models.RelayMessage, models.Note, models.RequestAsked):
        removed[model.__tablename__] = _delete(session, model, col(model.request_id).in_(ids)) if ids else 0
    removed["request"] = _delete(session, models.Request, col(models.Request.id).in_(ids)) if ids else 0
    return removed


def _tracker(session: Session, condition: Callable[[], Any]) -> int:
    if not _has_tracker(session):
        return 0
    return int(session.execute(delete(TRACKER).where(condition())).rowcount)


def _has_tracker(session: Session) -> bool:
    return bool(inspect(session.connection()).has_table(TRACKER.name))


def _remaining(session: Session, conversation_id: str, requests: list[str]) -> dict[str, int]:
    def count(source: Any, condition: Any) -> int:
        return int(session.execute(select(func.count()).select_from(source).where(condition)).scalar_one())

    left = {
        "conversation": count(models.Conversation, models.Conversation.id == conversation_id),
        "message": count(models.Message, models.Message.conversation_id == conversation_id),
        "feedback": count(models.Feedback, models.Feedback.conversation_id == conversation_id),
        "request": count(models.Request, models.Request.conversation_id == conversation_id),
        "events": count(TRACKER, TRACKER.c.sender_id == conversation_id) if _has_tracker(session) else 0,
    }
    for model in (models.OutboxRow, models.RelayMessage, models.Note, models.RequestAsked):
        left[model.__tablename__] = count(model, col(model.request_id).in_(requests)) if requests else 0
    for participant in _PARTICIPANTS.values():
        _add(left, participant.remaining(session, conversation_id))
    return left
