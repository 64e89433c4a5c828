"""Telling other parts, and other workers, that something happened. Events are hints: what happened itself stands in the database.

Topics: ``conversation:<id>``, ``request:<id>``, ``coach:<id>`` and ``queue``. A listener that misses an event finds everything by reading
after the last sequence number it has.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any, Protocol

import redis
import redis.asyncio
import structlog

from steunwijzer.settings import get_settings

log = structlog.get_logger(__name__)

Event = dict[str, Any]
QUEUE_LENGTH = 1000
_PREFIX = "steunwijzer:"


class Subscription(Protocol):
    """Events of the topics subscribed to, one at a time."""

    async def get(self) -> tuple[str, Event]:
        """The next topic and event."""


class Bus(Protocol):
    """What both implementations offer. ``publish`` may be called from any thread, never waits long and never raises."""

    def publish(self, topic: str, event: Mapping[str, Any]) -> None:
        """Tell all listeners of ``topic``, in all workers."""

    def subscribe(self, *topics: str) -> Any:
        """``async with bus.subscribe("conversation:…") as events: topic, event = await events.get()``."""


class LocalBus:
    """For one process: queues in memory."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[tuple[str, Event]]]]] = defaultdict(set)

    def publish(self, topic: str, event: Mapping[str, Any]) -> None:
        with self._lock:
            listeners = list(self._listeners.get(topic, ()))
        for loop, queue in listeners:
            try:
                loop.call_soon_threadsafe(_put, queue, topic, dict(event))
            except RuntimeError:
                # The loop of this listener is closed; it will never read again.
                self._forget(topic, loop, queue)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[Subscription]:
        queue: asyncio.Queue[tuple[str, Event]] = asyncio.Queue(QUEUE_LENGTH)
        loop = asyncio.get_running_loop()
        with self._lock:
            for topic in topics:
                self._listeners[topic].add((loop, queue))
        try:
            yield queue
        finally:
            for topic in topics:
                self._forget(topic, loop, queue)

    def _forget(self, topic: str, loop: asyncio.AbstractEventLoop, queue: asyncio.Queue[tuple[str, Event]]) -> None:
        with self._lock:
            self._listeners[topic].discard((loop, queue))
            if not self._listeners[topic]:
                del self._listeners[topic]


def _put(queue: asyncio.Queue[tuple[str, Event]], topic: str, event: Event) -> None:
    if queue.full():
        # A listener this far behind must read from the database anyway; the newest hint is enough.
        queue.get_nowait()
    queue.put_nowait((topic, event))


class RedisBus:
    """For several workers: Redis publish/subscribe. One connection listens for the whole process and feeds a ``LocalBus``."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._client = redis.Redis.from_url(url, socket_timeout=2, socket_connect_timeout=2)
        self._local = LocalBus()
        self._listening = threading.Event()
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def publish(self, topic: str, event: Mapping[str, Any]) -> None:
        try:
            self._client.publish(_PREFIX + topic, json.dumps(event))
        except redis.RedisError:
            # Listeners in this process still hear it, the others read it from the database at their next poll.
            log.warning("bus.publish_failed")
            self._local.publish(topic, event)

    @asynccontextmanager
    async def subscribe(self, *topics: str) -> AsyncIterator[Subscription]:
        self._listen()
        await asyncio.to_thread(self._listening.wait, 5)
        async with self._local.subscribe(*topics) as events:
            yield events

    def close(self) -> None:
        """Stop listening."""
        self._stopped.set()
        self._client.close()

    def _listen(self) -> None:
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="bus", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with redis.Redis.from_url(self._url, socket_connect_timeout=2).pubsub(ignore_subscribe_messages=False) as pubsub:
                    pubsub.psubscribe(_PREFIX + "*")
                    while not self._stopped.is_set():
                        message = pubsub.get_message(timeout=1.0)
                        if message and message["type"] == "psubscribe":
                            self._listening.set()
                        if message and message["type"] == "pmessage":
                            topic = message["channel"].decode().removeprefix(_PREFIX)
                            self._local.publish(topic, json.loads(message["data"]))
            except redis.RedisError:
                self._listening.clear()
                log.warning("bus.connection_lost")
                self._stopped.wait(1.0)


@lru_cache(maxsize=4)
def _bus(redis_url: str | None) -> Bus:
    return RedisBus(redis_url) if redis_url else LocalBus()


def get_bus() -> Bus:
    """The bus of this process: Redis when configured, in process otherwise."""
    return _bus(get_settings().redis_url)


def publish(topic: str, **event: Any) -> None:
    """Publish on the bus of this process."""
    get_bus().publish(topic, event)
