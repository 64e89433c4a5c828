"""The database: one engine per address and process, transactions, times in UTC, migrations."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import DateTime, MetaData, create_engine, event
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.types import TypeDecorator

from steunwijzer.settings import get_settings

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
SQLITE_BUSY_MS = 15_000

# Named constraints, so that migrations can address them on both databases.
Base: Any = declarative_base(
    metadata=MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
)


def utcnow() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(timezone.utc)


def col(attribute: Any) -> Any:
    """A mapped attribute seen as a column (``col(Coach.id).in_(…)``): annotations name the value, not the column."""
    return attribute


class UtcDateTime(TypeDecorator):
    """An aware moment in UTC on every database. Raises ``ValueError`` for a datetime without zone, which would be a guess."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(timezone.utc)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


def engine(url: str | None = None) -> Engine:
    """The engine for ``url`` (default: the setting), one per process: a forked child never shares a parent's connections."""
    return _engine(url or get_settings().database_url, os.getpid())


@lru_cache(maxsize=16)
def _engine(url: str, pid: int) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(url, future=True, pool_pre_ping=True, pool_size=10, max_overflow=20)
    in_memory = address.database in (None, "", ":memory:")
    if not in_memory:
        Path(str(address.database)).resolve().parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(
        url,
        future=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_MS / 1000},
    )
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not open transactions itself: it would do so late and without the write lock.
    connection.isolation_level = None
    cursor = connection.cursor()
    # synchronous stays FULL: an acknowledged request must survive a power cut as well.
    for pragma in (f"busy_timeout={SQLITE_BUSY_MS}", "journal_mode=WAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A write transaction takes its lock at once; one that reads first and writes later could fail with "database is locked".
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def session_scope(url: str | None = None, *, reading: bool = False) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any exception. ``reading=True`` takes no write lock."""
    bind = engine(url)
    session = Session(bind.execution_options(reading=True) if reading else bind, future=True, expire_on_commit=False)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()
    for call in session.info.pop("on_commit", ()):
        call()


@contextmanager
def joined(session: Session | None, *, reading: bool = False) -> Iterator[Session]:
    """The transaction given, or a new one: lets a service function be part of a larger transaction."""
    if session is not None:
        yield session
        return
    with session_scope(reading=reading) as own:
        yield own


def on_commit(session: Session, call: Callable[[], object]) -> None:
    """Have ``call`` done after the transaction of ``session_scope`` is committed; never when it is rolled back."""
    session.info.setdefault("on_commit", []).append(call)


def alembic_config(url: str | None = None) -> Config:
    """Alembic's configuration for ``url``, without an ini file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url or get_settings().database_url
    return config


def migrate(url: str | None = None) -> None:
    """Bring the database at ``url`` (default: the setting) to the newest version. Safe to call from several processes at once."""
    command.upgrade(alembic_config(url), "heads")
