"""Trackers kept alive in memory: the same as those read back from the database, whoever wrote there."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import text

from connectors.trackers import KEPT_ALIVE, LiveTrackerStore
from steunwijzer.db import session_scope
from steunwijzer.settings import get_settings

T = TypeVar("T")
DOMAIN = Domain.from_dict({"slots": {"behaviour": {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}}})


def now(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def made() -> LiveTrackerStore:
    store = LiveTrackerStore()
    store.domain = DOMAIN
    return store


def stock() -> SQLTrackerStore:
    return SQLTrackerStore(domain=DOMAIN, dialect="sqlite", db=get_settings().database_url.removeprefix("sqlite:///"))


def turn(store: LiveTrackerStore, sender: str, *events: Event) -> DialogueStateTracker:
    tracker = now(store.get_or_create_tracker(sender))
    for event in events:
        tracker.update(event)
    now(store.save(tracker))
    return tracker


def told(tracker: DialogueStateTracker | None) -> list[dict[str, Any]]:
    assert tracker is not None
    return [event.as_dict() for event in tracker.events]


def since_start(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the marks that Rasa puts before the first session."""
    return events[[event["event"] for event in events].index("session_started") :]


def first(text_: str) -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen"), UserUttered(text_)]


def test_a_living_tracker_equals_the_stored_one(database: str) -> None:
    store = made()
    turn(store, "een", *first("hallo"), SlotSet("behaviour", "faalangst"))
    turn(store, "een", UserUttered("en nu"), ActionExecuted("action_answer"), ActionExecuted("action_listen"))
    alive, stored = now(store.retrieve("een")), now(stock().retrieve("een"))
    assert alive is not None
    assert stored is not None
    assert alive.get_slot("behaviour") == stored.get_slot("behaviour") == "faalangst"
    assert since_start(told(alive)) == since_start(told(stored))


def test_another_process_may_go_on(database: str) -> None:
    here, there = made(), made()
    turn(here, "een", *first("hallo"))
    turn(there, "een", UserUttered("ik ben nu bij de ander"), SlotSet("behaviour", "concentratie"))
    back = now(here.retrieve("een"))
    assert back is not None
    assert back.get_slot("behaviour") == "concentratie"
    turn(here, "een", UserUttered("en weer terug"))
    texts = [event["text"] for event in told(now(stock().retrieve("een"))) if event["event"] == "user"]
    assert texts == ["hallo", "ik ben nu bij de ander", "en weer terug"]


def test_a_deleted_conversation_is_gone_at_once(database: str) -> None:
    store = made()
    turn(store, "een", *first("hallo"))
    with session_scope() as session:
        session.execute(text("DELETE FROM events WHERE sender_id = 'een'"))
    assert now(store.retrieve("een")) is None


def test_a_new_session_starts_clean(database: str) -> None:
    store = made()
    turn(store, "een", *first("gisteren"), SlotSet("behaviour", "faalangst"))
    turn(store, "een", *first("vandaag"))
    alive = now(store.retrieve("een"))
    assert since_start(told(alive)) == since_start(told(now(stock().retrieve("een"))))
    assert [event["text"] for event in told(alive) if event["event"] == "user"] == ["vandaag"]


def test_what_a_failed_turn_left_in_memory_is_forgotten(database: str) -> None:
    store = made()
    turn(store, "een", *first("hallo"))
    half = now(store.retrieve("een"))
    assert half is not None
    half.update(UserUttered("dit is nooit bewaard"))
    store.forget("een")
    assert [event["text"] for event in told(now(store.retrieve("een"))) if event["event"] == "user"] == ["hallo"]


@pytest.mark.parametrize("number", [KEPT_ALIVE + 5])
def test_memory_is_bounded(database: str, number: int) -> None:
    store = made()
    for visitor in range(number):
        turn(store, str(visitor), *first("hallo"))
    assert len(store._live) == KEPT_ALIVE
    assert now(store.retrieve("0")) is not None


def test_a_migrated_database_is_left_alone(database: str, tmp_path: Path) -> None:
    """Rasa's table stands beside ours and is made only once."""
    made()
    made()
    with session_scope(reading=True) as session:
        assert session.execute(text("SELECT count(*) FROM events")).scalar() == 0
