"""Sends the Teams rows of the outbox as they come: chats beside each other, within one chat in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import weakref

from steunwijzer import outbox
from steunwijzer.bus import get_bus
from steunwijzer.outbox import Sender

log = logging.getLogger(__name__)

AT_ONCE = 16
# Also without news: for what must be tried again, and what another process left.
POLL_SECONDS = 0.5


class Pump:
    """Runs beside the server; several processes may each have one."""

    def __init__(self, channel: str, sender: Sender) -> None:
        self._channel = channel
        self._sender = sender
        self._free = asyncio.Semaphore(AT_ONCE)
        self._tasks: set[asyncio.Task[str]] = set()
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    async def run(self) -> None:
        """Send until cancelled."""
        async with get_bus().subscribe(outbox.WAKE) as news:
            while True:
                try:
                    await self._drain()
                except Exception:
                    # A database that restarts must not end the sending.
                    log.exception("Reading the outbox failed")
                    await asyncio.sleep(POLL_SECONDS)
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(news.get(), POLL_SECONDS)

    async def stop(self) -> None:
        """Wait for what is being sent."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)

    async def _drain(self) -> None:
        while True:
            await self._free.acquire()
            self._free.release()
            free = AT_ONCE - len(self._tasks)
            claimed = await asyncio.to_thread(outbox.claim_due, {self._channel}, limit=max(1, free))
            if not claimed:
                return
            for delivery in claimed:
                await self._free.acquire()
                task = asyncio.create_task(self._deliver(delivery))
                self._tasks.add(task)
                task.add_done_callback(self._done)

    async def _deliver(self, delivery: outbox.Delivery) -> str:
        lock = self._locks.get(delivery.recipient)
        if lock is None:
            lock = self._locks[delivery.recipient] = asyncio.Lock()
        # Held until what came of it is kept, for the next message looks at that.
        async with lock:
            return await outbox.send(delivery, self._sender)

    def _done(self, task: asyncio.Task[str]) -> None:
        self._tasks.discard(task)
        self._free.release()
        if not task.cancelled() and task.exception() is not None:
            log.error("A delivery failed", exc_info=task.exception())
