"""Rasa's tracker store in the application's own database, with the conversations of now kept alive in memory.

Stock Rasa reads a conversation back three times a message and rebuilds every event of it each time: half of the CPU time of a turn. Here a
tracker is rebuilt once; after that one small query a turn tells whether the stored events are still the ones it was made of, so that
another process may go on with the same conversation, and a deleted conversation is gone at once.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rasa.core.tracker_store import SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from steunwijzer.db import engine, reading_engine

KEPT_ALIVE = 256
_EVENTS = SQLTrackerStore.SQLEvent.__table__
_LAST = select(func.max(_EVENTS.c.id)).where(_EVENTS.c.sender_id == bindparam("sender"))


@dataclass(frozen=True)
class _Live:
    tracker: DialogueStateTracker
    stored: int  # how many of its events are in the database
    last_id: int | None  # id of the last of them


class LiveTrackerStore(SQLTrackerStore):
    """The ``events`` table of Rasa's SQL store, with the last :data:`KEPT_ALIVE` trackers in memory.

    What belongs to one turn happens within :meth:`turn`.
    Used from one thread. The table is purged with the conversations (``steunwijzer.privacy``).
    """

    def __init__(self) -> None:
        self.engine = engine()
        try:
            self.Base.metadata.create_all(self.engine)
        except DBAPIError:  # a process that started at the same moment was making the table as well
            self.Base.metadata.create_all(self.engine)
        self.sessionmaker = sessionmaker(bind=reading_engine(), future=True)
        self._live: OrderedDict[str, _Live] = OrderedDict()
        self._in_turn: dict[str, int | None] = {}  # what was stored last of the conversations that are being answered
        TrackerStore.__init__(self, Domain.empty())

    @contextmanager
    def turn(self, sender_id: str) -> Iterator[None]:
        """One turn of a conversation: nobody else writes in it meanwhile. When it fails, what it left in memory is forgotten: it was not stored."""
        self._in_turn[sender_id] = self._stored_last(sender_id)
        try:
            yield
        except BaseException:
            self.forget(sender_id)
            raise
        finally:
            del self._in_turn[sender_id]

    def _stored_last(self, sender_id: str) -> int | None:
        if sender_id in self._in_turn:
            return self._in_turn[sender_id]
        with reading_engine().connect() as connection:
            return _last_id(connection, sender_id)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker of the conversation's present session, or None."""
        last_id = self._stored_last(sender_id)
        live = self._live.get(sender_id)
        if live is not None and last_id is not None and live.last_id == last_id:
            self._live.move_to_end(sender_id)
            return live.tracker
        self.forget(sender_id)
        if last_id is None:
            return None
        tracker = await super().retrieve(sender_id)
        if tracker is not None:
            self._keep(_Live(tracker, len(tracker.events), last_id))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store the events that came since the tracker was read or saved."""
        sender_id = tracker.sender_id
        if len(tracker.events) <= 1:
            return  # the "listen" that every tracker is made with; it is stored with what follows
        live = self._live.get(sender_id)
        # a tracker that did not come from here may have been stored before
        stored = live.stored if live is not None and live.tracker is tracker else self._stored(sender_id)
        fresh = list(tracker.events)[stored:]
        rows = []
        for event in fresh:
            data = event.as_dict()
            rows.append(
                {
                    "sender_id": sender_id,
                    "type_name": event.type_name,
                    "timestamp": data.get("timestamp"),
                    "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
                    "action_name": data.get("name"),
                    "data": json.dumps(data),
                }
            )
        if not rows:
            return
        with self.engine.begin() as connection:
            connection.execute(insert(_EVENTS), rows)
            last_id = _last_id(connection, sender_id)
        if sender_id in self._in_turn:
            self._in_turn[sender_id] = last_id
        if stored and any(isinstance(event, SessionStarted) for event in fresh):
            self.forget(sender_id)  # what went before no longer counts: the next turn reads the new session only
        else:
            self._keep(_Live(tracker, len(tracker.events), last_id))

    def alive(self, sender_id: str) -> DialogueStateTracker | None:
        """The tracker as the turn that just ended left it, or None when it is not kept in memory: then :meth:`retrieve` gives it."""
        live = self._live.get(sender_id)
        return live.tracker if live is not None else None

    def _stored(self, sender_id: str) -> int:
        """How many events are stored of the conversation's present session, as stock Rasa counts them; for a new one that question costs 4 ms."""
        if self._stored_last(sender_id) is None:
            return 0
        with self.session_scope() as session:
            return int(self._event_query(session, sender_id, fetch_events_from_all_sessions=False).count())

    def forget(self, sender_id: str) -> None:
        """Have the next turn read the conversation from the database."""
        self._live.pop(sender_id, None)

    def _keep(self, live: _Live) -> None:
        self._live[live.tracker.sender_id] = live
        self._live.move_to_end(live.tracker.sender_id)
        while len(self._live) > KEPT_ALIVE:
            self._live.popitem(last=False)


def _last_id(connection: Connection, sender_id: str) -> int | None:
    found: int | None = connection.execute(_LAST, {"sender": sender_id}).scalar()
    return found
