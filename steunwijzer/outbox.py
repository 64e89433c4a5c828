"""Messages that must leave: a row first, in the transaction of what caused it; sent after the commit, retried, never sent twice.

A row goes ``waiting → claimed → sending → sent``. A process that dies while ``claimed`` has sent nothing: the row is claimed again.
A sender calls ``point_of_no_return`` just before the other side could act; a process that dies after that leaves the row ``sending``,
and nobody can know whether the message arrived. It then becomes ``uncertain`` and is shown as not delivered, but is not sent again: a
person never gets a message twice, and a request is not lost because it stands in the queue and goes to the next coach in time.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, insert, null, or_, select, update
from sqlalchemy.orm import Session

from steunwijzer import models
from steunwijzer.bus import publish
from steunwijzer.db import UtcDateTime, col, joined, on_commit, utcnow
from steunwijzer.logs import trail
from steunwijzer.settings import get_settings

log = logging.getLogger(__name__)

NOT_DELIVERED = "niet bezorgd"
WAKE = "outbox"
BATCH = 8
# Whoever asks for a longer wait is asked again after a day.
LONGEST_WAIT_SECONDS = 86_400.0
# A decision this far in the future was made before the clock was set back.
CLOCK_SLACK = timedelta(minutes=1)
_UNFINISHED = ("waiting", "claimed", "sending")


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


_ROWS = models.OutboxRow.__table__
_EARLIER = _ROWS.alias("earlier")
_NOW = bindparam("now", type_=UtcDateTime)
_CHANNELS = _ROWS.c.channel.in_(bindparam("channels", expanding=True))
# A row that waits keeps in claimed_until when that was decided: a decision in the future was made before the clock was set back.
_SET_BACK = _ROWS.c.claimed_until > bindparam("soon", type_=UtcDateTime)
# Claims whose process is gone.
_LOST = or_(_ROWS.c.claimed_until <= _NOW, _ROWS.c.claimed_until > bindparam("two_leases", type_=UtcDateTime))
_DUE = or_(
    and_(_ROWS.c.state == "waiting", or_(_ROWS.c.next_try <= _NOW, _SET_BACK)),
    and_(_ROWS.c.state == "claimed", _LOST),
)
_FIRST_OF_ITS_RECIPIENT = ~(
    select(_EARLIER.c.id)
    .where(
        _EARLIER.c.channel == _ROWS.c.channel,
        _EARLIER.c.recipient == _ROWS.c.recipient,
        _EARLIER.c.id < _ROWS.c.id,
        _EARLIER.c.state.in_(_UNFINISHED),
    )
    .correlate(_ROWS)
    .exists()
)
# Statements are made once: putting their parts together costs more time than carrying them out. The key: whether the order counts.
_CLAIMABLE = {
    False: select(_ROWS).where(_DUE, _CHANNELS).order_by(_ROWS.c.next_try, _ROWS.c.id),
    True: select(_ROWS).where(_DUE, _CHANNELS, _FIRST_OF_ITS_RECIPIENT).order_by(_ROWS.c.id),
}
_CLAIMABLE = {order: query.limit(bindparam("most")).with_for_update(skip_locked=True) for order, query in _CLAIMABLE.items()}
_CLAIM = (
    update(_ROWS)
    .where(_ROWS.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="claimed", claim=bindparam("by"), claimed_until=bindparam("until", type_=UtcDateTime), attempts=_ROWS.c.attempts + 1)
)
_NEXT = select(
    func.min(
        case(
            (_ROWS.c.state == "waiting", case((_SET_BACK, _NOW), else_=_ROWS.c.next_try)),
            else_=case((_LOST, _NOW), else_=_ROWS.c.claimed_until),
        )
    )
).where(_ROWS.c.state.in_(_UNFINISHED), _CHANNELS)
_NEXT_DUE = {False: _NEXT, True: _NEXT.where(_FIRST_OF_ITS_RECIPIENT)}
_ON_ITS_WAY = (
    select(_ROWS.c.id)
    .where(_ROWS.c.channel == bindparam("channel"), _ROWS.c.recipient == bindparam("recipient"), _ROWS.c.state.in_(_UNFINISHED))
    .limit(1)
)
_OF_CLAIM = select(_ROWS).where(_ROWS.c.claim == bindparam("by")).order_by(_ROWS.c.id)
_MARK_SENDING = (
    update(_ROWS).where(_ROWS.c.id == bindparam("row"), _ROWS.c.claim == bindparam("by"), _ROWS.c.state == "claimed").values(state="sending")
)
_GIVE_BACK = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("row"), _ROWS.c.claim == bindparam("by"), _ROWS.c.state == "claimed")
    .values(
        state="waiting",
        attempts=_ROWS.c.attempts - 1,
        next_try=bindparam("moment", type_=UtcDateTime),
        claim=null(),
        claimed_until=_NOW,
    )
)
_SENT = (
    update(_ROWS)
    .where(_ROWS.c.id == bindparam("row"), _ROWS.c.claim == bindparam("by"), _ROWS.c.state.in_(("claimed", "sending")))
    .values(state="sent", sent=_NOW, error=null(), claim=null(), claimed_until=null())
)


def _lease() -> timedelta:
    return timedelta(seconds=get_settings().outbox_lease_seconds)


def _moments(now: datetime) -> dict[str, datetime]:
    return {"now": now, "soon": now + CLOCK_SLACK, "two_leases": now + _lease() * 2}


def claim_due(channels: set[str], *, limit: int = BATCH, in_order: bool = False) -> list[Delivery]:
    """Claim messages whose time has come, for this process alone.

    ``in_order``: of each recipient only the oldest message that is not dealt with, so that people read in the order of writing.
    """
    now, claim = utcnow(), secrets.token_urlsafe(16)
    with joined(None) as session:
        _settle_dead(session, now)
        rows = session.execute(_CLAIMABLE[in_order], {**_moments(now), "channels": sorted(channels), "most": limit}).all()
        if rows:
            session.execute(_CLAIM, {"ids": [row.id for row in rows], "by": claim, "until": now + _lease()})
        return [_delivery(row, row.attempts + 1, claim) for row in rows]


def next_due(channels: set[str], *, in_order: bool = False) -> float | None:
    """Seconds until ``claim_due`` has something to do, 0 when it has now, None when nothing is on its way. Keeps nobody from writing."""
    now = utcnow()
    with joined(None, reading=True) as session:
        found = session.execute(_NEXT_DUE[in_order], {**_moments(now), "channels": sorted(channels)}).scalar_one()
    return None if found is None else max(0.0, (found - now).total_seconds())


def add_claimed(session: Session, *, channel: str, recipient: str, kind: str, messages: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Delivery]:
    """Put messages (key and payload each) to one recipient in the outbox, claimed for this process.

    The caller sends them, in this order, as soon as ``session`` is committed; nobody has to look for them. What is not tried after all is
    for :func:`give_back`; what a stopped process leaves is found after the lease. When an earlier message to the recipient is still on its
    way, or a key was seen before, they wait for their turn as with :func:`add`, and the list is empty.
    """
    known = session.execute(_ON_ITS_WAY, {"channel": channel, "recipient": recipient}).first() is not None
    known = known or session.execute(select(_ROWS.c.id).where(_ROWS.c.key.in_([key for key, _ in messages]))).first() is not None
    if known or not messages:
        for key, payload in messages:
            add(session, key=key, channel=channel, kind=kind, recipient=recipient, payload=payload)
        return []
    now, claim = utcnow(), secrets.token_urlsafe(16)
    same = {"channel": channel, "kind": kind, "recipient": recipient, "created": now, "next_try": now}
    mine = {"state": "claimed", "attempts": 1, "claim": claim, "claimed_until": now + _lease()}
    session.execute(insert(_ROWS), [{**same, **mine, "key": key, "payload": dict(payload)} for key, payload in messages])
    return [_delivery(row, row.attempts, claim) for row in session.execute(_OF_CLAIM, {"by": claim})]


def give_back(deliveries: Sequence[Delivery]) -> None:
    """Let claimed messages that were not tried wait for their turn again."""
    for delivery in deliveries:
        _postpone(delivery, 0.0)


def _delivery(row: Any, attempt: int, claim: str) -> Delivery:
    return Delivery(row.id, row.key, row.channel, row.kind, row.recipient, dict(row.payload), row.request_id, attempt, claim)


_DEAD = select(models.OutboxRow).where(models.OutboxRow.state == "sending", _LOST)


def _settle_dead(session: Session, now: datetime) -> None:
    """Messages whose process died in the middle of sending: nobody knows whether they arrived."""
    for each in session.execute(_DEAD, _moments(now)).scalars():
        each.state, each.error = "uncertain", "interrupted"
        _not_delivered(session, each)


def _mark_sending(delivery: Delivery) -> bool:
    with joined(None) as session:
        return bool(session.execute(_MARK_SENDING, {"row": delivery.id, "by": delivery.claim}).rowcount)


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
        log.error("Sending %s to %s failed: %s", delivery.kind, delivery.channel, trail(error))
        return await asyncio.to_thread(_settle, delivery, "broken", type(error).__name__, None)
    return await asyncio.to_thread(_settle, delivery, "sent", None, None)


def _postpone(delivery: Delivery, seconds: float) -> str:
    now = utcnow()
    with joined(None) as session:
        session.execute(_GIVE_BACK, {"row": delivery.id, "by": delivery.claim, "moment": now + timedelta(seconds=seconds), "now": now})
    return "waiting"


def _settle(delivery: Delivery, state: str, error: str | None, retry_after: float | None) -> str:
    settings = get_settings()
    with joined(None) as session:
        if state == "sent" and delivery.request_id is None:
            # An answer in a chat with the assistant that simply arrives is no event for the audit trail.
            changed = session.execute(_SENT, {"row": delivery.id, "by": delivery.claim, "now": utcnow()}).rowcount
            if changed:
                return state
        row = session.execute(select(models.OutboxRow).where(models.OutboxRow.id == delivery.id).with_for_update()).scalar_one_or_none()
        if row is None or row.claim != delivery.claim or row.state not in ("claimed", "sending"):
            return row.state if row else "dropped"
        now = utcnow()
        row.error = error
        if state == "broken":
            state = "uncertain" if row.state == "sending" else "waiting"
        if state == "waiting" and row.attempts >= settings.outbox_max_attempts:
            state = "failed"
        row.state, row.claim, row.claimed_until = state, None, None
        if state == "waiting":
            wait = backoff(row.attempts) if retry_after is None else min(max(retry_after, 0.0), LONGEST_WAIT_SECONDS)
            row.next_try, row.claimed_until = now + timedelta(seconds=wait), now
        if state == "sent":
            row.sent = now
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
            .values(state="waiting", attempts=0, next_try=utcnow(), claimed_until=None, error=None)
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
        channels = set(self._senders)
        while await asyncio.to_thread(next_due, channels) == 0 and (deliveries := await asyncio.to_thread(claim_due, channels)):
            await asyncio.gather(*(self._send(delivery) for delivery in deliveries))
            handled += len(deliveries)
        return handled

    async def _send(self, delivery: Delivery) -> None:
        async with self._at_once:
            await send(delivery, self._senders[delivery.channel])
