"""Migrations and moments, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

import steunwijzer.models
from steunwijzer import conversations, models
from steunwijzer.db import Base, alembic_config, engine, migrate, session_scope


def test_migrations_make_exactly_the_tables_of_the_models(any_database: str) -> None:
    assert steunwijzer.models.__all__
    with engine(any_database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_migrating_twice_changes_nothing(any_database: str) -> None:
    migrate(any_database)
    assert "conversation" in inspect(engine(any_database)).get_table_names()


def test_migrations_can_be_undone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'undo.db'}"
    migrate(url)
    command.downgrade(alembic_config(url), "base")
    assert set(inspect(engine(url)).get_table_names()) <= {"alembic_version"}


def test_a_moment_comes_back_aware_and_equal(any_database: str) -> None:
    conversation = conversations.start()
    amsterdam_summer = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))
    with session_scope() as session:
        row = session.get(models.Conversation, conversation.id)
        row.last_seen = amsterdam_summer
    kept = conversations.get(conversation.id)
    assert kept is not None
    assert kept.last_seen == amsterdam_summer
    assert kept.last_seen.utcoffset() == timedelta(0)


def test_a_moment_without_zone_is_refused(database: str) -> None:
    conversation = conversations.start()
    with pytest.raises(Exception, match="time zone"), session_scope() as session:
        session.get(models.Conversation, conversation.id).last_seen = datetime(2026, 7, 1)  # noqa: DTZ001


def test_many_threads_write_without_losing_anything(any_database: str) -> None:
    conversation = conversations.start().id
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda number: conversations.append(conversation, "user", {"text": f"{number}"}), range(60)))
    assert [message.seq for message in conversations.transcript(conversation)] == list(range(1, 61))


def test_a_transaction_that_fails_leaves_the_turn_to_the_next(any_database: str) -> None:
    conversation = conversations.start()
    for _ in range(3):
        with pytest.raises(IntegrityError), session_scope() as session:
            session.add(models.Conversation(**{name: getattr(conversation, name) for name in ("id", "created", "last_seen", "owner", "state")}))
        with pytest.raises(OperationalError if "sqlite" in any_database else ProgrammingError), engine(any_database).begin() as connection:
            connection.exec_driver_sql("SELECT * FROM nothing")
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(conversations.append, conversation.id, "user", {"text": "hallo"}).result(5).seq == 1


def test_an_error_of_the_database_does_not_quote_what_people_wrote(database: str) -> None:
    """PostgreSQL itself quotes the row all the same: ``steunwijzer.logs`` shows no text of any error."""
    conversation = conversations.start().id
    row = {"conversation_id": conversation, "seq": 1, "sender": "nobody", "payload": {"text": "mijn geheim"}}
    with pytest.raises(IntegrityError) as caught, session_scope() as session:
        session.add(models.Message(**row, created=datetime.now(timezone.utc)))
    assert "geheim" not in str(caught.value)
