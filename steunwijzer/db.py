"""The database: one engine per address and process, transactions, times in UTC, migrations."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, MetaData, Table, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, declarative_base
from sqlalchemy.pool import QueuePool, StaticPool
from sqlalchemy.types import TypeDecorator

from steunwijzer.settings import get_settings

if TYPE_CHECKING:
    from alembic.config import Config

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


def reading_engine(url: str | None = None) -> Engine:
    """The same engine for transactions that only read: they take no write lock."""
    return _reading_engine(engine(url))


@lru_cache(maxsize=16)
def _reading_engine(writing: Engine) -> Engine:
    return writing.execution_options(reading=True)


@lru_cache(maxsize=16)
def _engine(url: str, pid: int) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(url, future=True, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20)
    in_memory = address.database in (None, "", ":memory:")
    if not in_memory:
        Path(str(address.database)).resolve().parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(
        url,
        future=True,
        # An error that names the values of its statement would carry text of people into the log.
        hide_parameters=True,
        poolclass=StaticPool if in_memory else QueuePool,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_MS / 1000},
    )
    event.listen(made, "connect", _prepare_sqlite)
    if in_memory:
        event.listen(made, "begin", _begin_sqlite)
    else:
        turn = _WriteTurn()
        event.listen(made, "begin", turn.begin)
        event.listen(made, "checkin", turn.end)
    return made


class _WriteTurn:
    """Who may write now, among the threads of this process.

    SQLite itself lets a writer that has to wait sleep ever longer and look again, so that twenty threads that write a little stand still most of
    the time. Here the next one goes on at once; other processes still wait by SQLite's own rules.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: int | None = None

    def begin(self, connection: Any) -> None:
        """Start a transaction; one that writes waits for its turn, as long as SQLite would."""
        if _writes(connection) and self._holder != threading.get_ident() and self._lock.acquire(timeout=SQLITE_BUSY_MS / 1000):
            self._holder = threading.get_ident()
            connection.info["write_turn"] = True
        _begin_sqlite(connection)

    def end(self, _connection: Any, record: Any) -> None:
        """The connection is back in the pool: its transaction is over."""
        if record.info.pop("write_turn", False):
            self._holder = None
            self._lock.release()


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
    # Straight to the driver: as a statement of SQLAlchemy it would take ten times as long, for every transaction.
    connection.connection.dbapi_connection.execute("BEGIN IMMEDIATE" if _writes(connection) else "BEGIN")


def _writes(connection: Any) -> bool:
    return not connection.get_execution_options().get("reading", False)


@contextmanager
def session_scope(url: str | None = None, *, reading: bool = False) -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on any exception. ``reading=True`` takes no write lock."""
    session = Session(reading_engine(url) if reading else engine(url), future=True, expire_on_commit=False)
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


def insert_into(table: Table, dialect: str) -> Any:
    """An insert that can say what a conflict means: both databases have it, each with a statement of its own."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


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
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = url or get_settings().database_url
    return config


def migrate(url: str | None = None) -> None:
    """Bring the database at ``url`` (default: the setting) to the newest version. Safe to call from several processes at once."""
    newest = max(path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    if _version(url) in (newest, newest.split("_")[0]):
        return  # as at nearly every start: Alembic's import alone takes half a second
    from alembic import command

    command.upgrade(alembic_config(url), "heads")


def _version(url: str | None) -> str | None:
    """The version that the database says it has; None when it says nothing."""
    try:
        with reading_engine(url).connect() as connection:
            found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError:
        return None
    return found
