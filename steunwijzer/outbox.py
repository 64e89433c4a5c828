"""Messages that must leave: a row first, in the transaction of what caused it; sent after the commit, retried, never sent twice.

A row goes ``waiting → claimed → sending → sent``. A process that dies while ``claimed`` has sent nothing: the row is claimed again.
A sender calls ``point_of_no_return`` just before the other side could act; a process that dies after that leaves the row ``sending``,
and nobody can know whether the message arrived. It then becomes ``uncertain`` and is shown as not delivered, but is not sent again: a
person never gets a message twice, and a request is not lost because it stands in the queue and goes to the next coach in time.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from steunwijzer import models
from steunwijzer.bus import publish
from steunwijzer.db import col, joined, on_commit, utcnow
from steunwijzer.settings import get_settings

log = structlog.get_logger(__name__)

NOT_DELIVERED = "niet bezorgd"
WAKE = "outbox"
BATCH = 8


class TemporaryFailure(Exception):
    """The message could not be sent now; ``retry_after`` (seconds) is what the other side asks for, if it does."""

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class PermanentFailure(Exception):
    """The message can never be sent: trying again is of no use."""


class Uncertain(Exception):
    """The connection broke after the point of no return: nobody knows whether the message arrived."""


class NotNeeded(Exception):
    """What the message is about has changed: it need not be sent any more."""


class Later(Exception):
    """It is not this message's turn yet (order, or a limit on the rate): tried again after ``seconds``, without counting as an attempt."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds} s")
        self.seconds = seconds


@dataclass(frozen=True)
class Delivery:
    """One message to send. ``key`` is unique and stays the same over attempts; use it as message id where the channel has one."""

    id: int
    key: str
    channel: str
    kind: str
    recipient: str
    payload: dict[str, Any]
    request_id: str | None
    attempt: int
    claim: str

    async def point_of_no_return(self) -> None:
        """Call right before the step after which the message may have arrived. Raises ``NotNeeded`` when the claim was lost."""
        if not await asyncio.to_thread(_mark_sending, self):
            raise NotNeeded("another process has this message")


@dataclass(frozen=True)
class Status:
    """How a message stands: ``state``, attempts, when it was sent or is tried again, the last error in one word."""

    id: int
    channel: str
    kind: str
    recipient: str
    state: str
    attempts: int
    created: datetime
    next_try: datetime
    sent: datetime | None
    error: str | None

    @property
    def not_delivered(self) -> bool:
        """To be shown as "niet bezorgd"."""
        return self.state in ("failed", "uncertain")


Sender = Callable[[Delivery], Awaitable[None]]


def add(
    session: Session,
    *,
    key: str,
    channel: str,
    kind: str,
    recipient: str,
    payload: Mapping[str, Any] | None = None,
    request_id: str | None = None,
    not_before: datetime | None = None,
) -> bool:
    """Put a message in the outbox as part of the transaction of ``session``; a ``key`` seen before adds nothing and returns False.

    ``payload`` holds ids and the like; what the message says is made up when it is sent.
    """
    if session.execute(select(models.OutboxRow.id).where(models.OutboxRow.key == key)).first():
        return False
    now = utcnow()
    session.add(
        models.OutboxRow(
            key=key,
            channel=channel,
            kind=kind,
            recipient=recipient,
            payload=dict(payload or {}),
            request_id=request_id,
            created=now,
            next_try=not_before or now,
        )
    )
    session.flush()
    on_commit(session, lambda: publish(WAKE, channel=channel))
    return True


def claim_due(channels: set[str], *, limit: int = BATCH) -> list[Delivery]:
    """Claim messages whose time has come, for this process alone."""
    settings = get_settings()
    now, claim = utcnow(), secrets.token_urlsafe(16)
    lease = timedelta(seconds=settings.outbox_lease_seconds)
    row = models.OutboxRow
    # A moment further away than any wait can be means that the clock was set back: the message is due.
    too_far = now + timedelta(seconds=settings.outbox_max_delay_seconds * 2)
    with joined(None) as session:
        _settle_dead(session, now, lease)
        due = or_(
            and_(row.state == "waiting", or_(row.next_try <= now, and_(row.next_try > too_far, row.attempts > 0))),
            and_(row.state == "claimed", or_(col(row.claimed_until) <= now, col(row.claimed_until) > now + lease * 2)),
        )
        query = select(row.id).where(due, col(row.channel).in_(channels)).order_by(row.next_try, row.id).limit(limit)
        ids = [each for (each,) in session.execute(query.with_for_update(skip_locked=True))]
        if not ids:
            return []
        session.execute(
            update(row)
            .where(col(row.id).in_(ids))
            .values(state="claimed", claim=claim, claimed_until=now + lease, attempts=row.attempts + 1)
            .execution_options(synchronize_session=False)
        )
        rows = session.execute(select(row).where(row.claim == claim).order_by(row.next_try, row.id)).scalars()
        return [
            Delivery(each.id, each.key, each.channel, each.kind, each.recipient, dict(each.payload), each.request_id, each.attempts, claim)
            for each in rows
        ]


def _settle_dead(session: Session, now: datetime, lease: timedelta) -> None:
    """Messages whose process died in the middle of sending: nobody knows whether they arrived."""
    row = models.OutboxRow
    lost = session.execute(
        select(row).where(row.state == "sending", or_(col(row.claimed_until) <= now, col(row.claimed_until) > now + lease * 2))
    ).scalars()
    for each in lost:
        each.state, each.error = "uncertain", "interrupted"
        _not_delivered(session, each)


def _mark_sending(delivery: Delivery) -> bool:
    row = models.OutboxRow
    with joined(None) as session:
        changed = session.execute(
            update(row)
            .where(row.id == delivery.id, row.claim == delivery.claim, row.state == "claimed")
            .values(state="sending")
            .execution_options(synchronize_session=False)
        )
        return bool(changed.rowcount)


async def send(delivery: Delivery, sender: Sender) -> str:
    """Have ``sender`` send one claimed message and keep what came of it; returns the new state."""
    try:
        await sender(delivery)
    except NotNeeded:
        return await asyncio.to_thread(_settle, delivery, "dropped", None, None)
    except Later as turn:
        return await asyncio.to_thread(_postpone, delivery, turn.seconds)
    except TemporaryFailure as failure:
        return await asyncio.to_thread(_settle, delivery, "waiting", str(failure)[:200], failure.retry_after)
    except Uncertain as failure:
        return await asyncio.to_thread(_settle, delivery, "uncertain", str(failure)[:200], None)
    except PermanentFailure as failure:
        return await asyncio.to_thread(_settle, delivery, "failed", str(failure)[:200], None)
    except Exception as error:
        # An unforeseen error may have come before or after the message left: the state of the row tells which.
        log.exception("outbox.sender_failed", channel=delivery.channel, kind=delivery.kind)
        return await asyncio.to_thread(_settle, delivery, "broken", type(error).__name__, None)
    return await asyncio.to_thread(_settle, delivery, "sent", None, None)


def _postpone(delivery: Delivery, seconds: float) -> str:
    row = models.OutboxRow
    with joined(None) as session:
        session.execute(
            update(row)
            .where(row.id == delivery.id, row.claim == delivery.claim, row.state == "claimed")
            .values(
                state="waiting", attempts=row.attempts - 1, next_try=utcnow() + timedelta(seconds=seconds), claim=None, claimed_until=None
            )
            .execution_options(synchronize_session=False)
        )
        return "waiting"


def _settle(delivery: Delivery, state: str, error: str | None, retry_after: float | None) -> str:
    settings = get_settings()
    with joined(None) as session:
        row = session.execute(select(models.OutboxRow).where(models.OutboxRow.id == delivery.id).with_for_update()).scalar_one_or_none()
        if row is None or row.claim != delivery.claim or row.state not in ("claimed", "sending"):
            return row.state if row else "dropped"
        now = utcnow()
        row.error = error
        if state == "broken":
            state = "uncertain" if row.state == "sending" else "waiting"
        if state == "waiting" and row.attempts >= settings.outbox_max_attempts:
            state = "failed"
        if state == "waiting":
            row.next_try = now + timedelta(seconds=retry_after if retry_after is not None else backoff(row.attempts))
        if state == "sent":
            row.sent = now
        row.state, row.claim, row.claimed_until = state, None, None
        if state in ("failed", "uncertain"):
            _not_delivered(session, row)
        session.add(
            models.AuditEvent(
                at=now,
                actor="system",
                event=f"outbox.{state}",
                subject=row.request_id or row.key[:80],
                detail={"channel": row.channel, "kind": row.kind},
            )
        )
        return state


def backoff(attempt: int) -> float:
    """Seconds to wait after attempt number ``attempt``: doubling up to the setting's maximum, with a little chance against crowds."""
    settings = get_settings()
    wait = min(settings.outbox_max_delay_seconds, settings.outbox_first_delay_seconds * 2.0 ** (attempt - 1))
    return wait * random.uniform(0.9, 1.1)


def _not_delivered(session: Session, row: models.OutboxRow) -> None:
    """A request that did not reach the coach need not wait for the answer: the next coach is asked at once."""
    if row.request_id and row.kind == "request.offered":
        session.execute(
            update(models.Request)
            .where(
                models.Request.id == row.request_id,
                models.Request.state == "requested",
                models.Request.coach_id == row.payload.get("coach"),
                models.Request.round == row.payload.get("round"),
            )
            .values(due=utcnow())
            .execution_options(synchronize_session=False)
        )
    request_id = row.request_id
    if request_id:
        on_commit(session, lambda: publish(f"request:{request_id}", kind="delivery"))


def of_request(request_id: str) -> list[Status]:
    """How the messages about a request stand, in the order in which they were made."""
    return _statuses(models.OutboxRow.request_id == request_id)


def undelivered() -> list[Status]:
    """Everything that was given up: to be shown to those who run the service."""
    return _statuses(col(models.OutboxRow.state).in_(["failed", "uncertain"]))


def retry(outbox_id: int) -> bool:
    """A person decided that a message that was not delivered must be tried again; False when it is not such a message."""
    row = models.OutboxRow
    with joined(None) as session:
        changed = session.execute(
            update(row)
            .where(row.id == outbox_id, col(row.state).in_(["failed", "uncertain"]))
            .values(state="waiting", attempts=0, next_try=utcnow(), error=None)
            .execution_options(synchronize_session=False)
        )
        on_commit(session, lambda: publish(WAKE))
        return bool(changed.rowcount)


def _statuses(condition: Any) -> list[Status]:
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.OutboxRow).where(condition).order_by(models.OutboxRow.id)).scalars()
        return [
            Status(row.id, row.channel, row.kind, row.recipient, row.state, row.attempts, row.created, row.next_try, row.sent, row.error)
            for row in rows
        ]


class Dispatcher:
    """Sends what is due, each channel with its own sender. Several processes may do this at once."""

    def __init__(self, senders: Mapping[str, Sender], *, at_once: int = 4) -> None:
        self._senders = dict(senders)
        self._at_once = asyncio.Semaphore(at_once)

    async def run_once(self) -> int:
        """Send everything that is due now; returns how many messages were handled."""
        handled = 0
        while deliveries := await asyncio.to_thread(claim_due, set(self._senders)):
            await asyncio.gather(*(self._send(delivery) for delivery in deliveries))
            handled += len(deliveries)
        return handled

    async def _send(self, delivery: Delivery) -> None:
        async with self._at_once:
            await send(delivery, self._senders[delivery.channel])
