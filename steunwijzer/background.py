"""What goes on by itself beside the server: sending the outbox, letting requests expire, asking check-ins, purging once a day.

Every worker may run this; the database sees to it that each message, request and purge is handled once.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

from sqlalchemy import select

from steunwijzer import follow_up, handoff, mail, models, outbox, privacy
from steunwijzer.bus import get_bus
from steunwijzer.db import col, joined, utcnow
from steunwijzer.logs import trail

log = logging.getLogger(__name__)

OUTBOX_SECONDS = 5.0
TICK_SECONDS = 10.0
PURGE_CHECK_SECONDS = 1800.0
FOLLOW_UP_SECONDS = 3600.0
PURGE_EVERY = timedelta(hours=20)


async def run(stop: asyncio.Event, senders: Mapping[str, outbox.Sender] | None = None) -> None:
    """Work until ``stop`` is set. ``senders`` adds channels (such as Teams) to mail."""
    channels = dict(senders or {})
    if mail.configured():
        channels[mail.CHANNEL] = mail.send
    jobs = [
        _every(stop, TICK_SECONDS, _tick),
        _every(stop, FOLLOW_UP_SECONDS, _follow_up),
        _every(stop, PURGE_CHECK_SECONDS, purge_when_due),
    ]
    if channels:
        jobs.append(_send_outbox(stop, outbox.Dispatcher(channels)))
    await asyncio.gather(*jobs)


async def _tick() -> None:
    await asyncio.to_thread(handoff.tick)


async def _follow_up() -> None:
    await asyncio.to_thread(follow_up.run_daily)


async def purge_when_due() -> None:
    """Purge unless that was done in the last twenty hours, by whichever process."""
    if await asyncio.to_thread(_purge_due):
        report = await asyncio.to_thread(privacy.purge)
        removed = ", ".join(f"{name} {number}" for name, number in report.removed.items() if number)
        if removed:  # otherwise the last line of a start stays the address
            log.info("Purged: %s", removed)


def _purge_due() -> bool:
    with joined(None, reading=True) as session:
        newest = session.execute(
            select(models.AuditEvent.at).where(models.AuditEvent.event == "purge").order_by(col(models.AuditEvent.at).desc()).limit(1)
        ).scalar_one_or_none()
    # A purge in the future means that the clock was set back.
    return newest is None or not timedelta(0) <= utcnow() - newest < PURGE_EVERY


async def _send_outbox(stop: asyncio.Event, dispatcher: outbox.Dispatcher) -> None:
    async with get_bus().subscribe(outbox.WAKE) as events:
        while not stop.is_set():
            await _guarded(dispatcher.run_once)
            waiting = {asyncio.ensure_future(events.get()), asyncio.ensure_future(stop.wait())}
            # New messages are sent at once; the rest waits for its turn.
            _done, pending = await asyncio.wait(waiting, timeout=OUTBOX_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            for task in pending:
                task.cancel()


async def _every(stop: asyncio.Event, seconds: float, job: Callable[[], Awaitable[None]]) -> None:
    while not stop.is_set():
        await _guarded(job)
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(stop.wait(), seconds)


async def _guarded(job: Callable[[], Awaitable[object]]) -> None:
    try:
        await job()
    except Exception as error:
        # One failure, for instance a database that restarts, must not end what goes on by itself.
        log.error("Background work %s failed: %s", getattr(job, "__name__", ""), trail(error))
