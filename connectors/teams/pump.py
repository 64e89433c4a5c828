"""Sends the Teams rows of the outbox as they come: chats beside each other, within one chat in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Coroutine, Iterator, Sequence
from typing import Any

from steunwijzer import outbox
from steunwijzer.bus import get_bus
from steunwijzer.logs import trail
from steunwijzer.outbox import Sender

log = logging.getLogger(__name__)

AT_ONCE = 16
# Also without news: for what another process left, and when news was missed.
POLL_SECONDS = 1.0
# Between looking and waking a moment passes; looking again a little too early would be in vain.
_MARGIN_SECONDS = 0.01
# As long as this the second message of an answer (its sources and buttons) lets first messages of others go before.
CALM_SECONDS = 1.0


class Pump:
    """Runs beside the server; several processes may each have one."""

    def __init__(self, channel: str, sender: Sender) -> None:
        self._channels = {channel}
        self._sender = sender
        self._tasks: set[asyncio.Task[str]] = set()
        self._look = asyncio.Event()
        self._busy = 0
        self._calm = asyncio.Event()
        self._calm.set()

    def deliver(self, deliveries: Sequence[outbox.Delivery], sender: Sender) -> None:
        """Send at once what was claimed when it was written, in this order."""
        if deliveries:
            self._start(self._in_turn(deliveries, sender))

    @contextlib.contextmanager
    def working(self) -> Iterator[None]:
        """Somebody waits for a first answer as long as this lasts: what comes behind the first message to others can wait a moment."""
        self._busy += 1
        self._calm.clear()
        try:
            yield
        finally:
            self._busy -= 1
            if not self._busy:
                self._calm.set()

    async def run(self) -> None:
        """Send until cancelled."""
        listening = asyncio.create_task(self._listen())
        try:
            while True:
                self._look.clear()
                try:
                    wait = await self._send_due()
                except Exception as error:
                    # A database that restarts must not end the sending.
                    log.error("Reading the outbox failed: %s", trail(error))
                    wait = POLL_SECONDS
                # Not wait_for: in Python 3.10 that loses a cancellation which comes together with news.
                timer = asyncio.get_running_loop().call_later(wait, self._look.set)
                await self._look.wait()
                timer.cancel()
        finally:
            listening.cancel()

    async def stop(self) -> None:
        """Wait for what is being sent."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)

    async def _listen(self) -> None:
        async with get_bus().subscribe(outbox.WAKE) as news:
            while True:
                await news.get()
                self._look.set()

    async def _send_due(self) -> float:
        """Start sending what is due, as far as there is room; gives how long nothing needs to be done without news."""
        room = AT_ONCE - len(self._tasks)
        if room <= 0:
            return POLL_SECONDS
        coming = await asyncio.to_thread(outbox.next_due, self._channels, in_order=True)
        if coming != 0:
            return POLL_SECONDS if coming is None else min(POLL_SECONDS, coming + _MARGIN_SECONDS)
        for delivery in await asyncio.to_thread(outbox.claim_due, self._channels, limit=room, in_order=True):
            self._start(outbox.send(delivery, self._sender))
        # Each of them looks again when it is done.
        return POLL_SECONDS

    async def _in_turn(self, deliveries: Sequence[outbox.Delivery], sender: Sender) -> str:
        state = "sent"
        for number, delivery in enumerate(deliveries):
            if number:
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._calm.wait(), CALM_SECONDS)
            state = await outbox.send(delivery, sender)
            if state == "waiting":
                # It is tried again later; what follows keeps its place behind it.
                await asyncio.to_thread(outbox.give_back, deliveries[number + 1 :])
                break
        return state

    def _start(self, work: Coroutine[Any, Any, str]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[str]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("A delivery failed: %s", trail(error))
        # What came after this message to the same person has its turn now.
        self._look.set()
