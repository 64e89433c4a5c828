"""Fixtures for all tests: a database of one's own, on SQLite or on a real PostgreSQL."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from connectors import lean

# Before any test imports Rasa: without TensorFlow, as the program itself does; with what training and Teams need, as some tests do.
lean.prepare(training=True)

from steunwijzer.db import engine, migrate
from steunwijzer.settings import get_settings

sys.path.insert(0, str(Path(__file__).parent))
from databases import postgres, postgres_bin, redis
from serving import Server, Visitor, serving


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """``settings(smtp_url="…")`` sets ``STEUNWIJZER_SMTP_URL`` for this test."""

    def change(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"STEUNWIJZER_{name.upper()}", str(value))
        get_settings.cache_clear()

    yield change
    monkeypatch.undo()
    get_settings.cache_clear()


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy: migrating once is enough."""
    path = tmp_path_factory.mktemp("database") / "template.db"
    url = f"sqlite:///{path}"
    migrate(url)
    engine(url).dispose()
    return path


@pytest.fixture
def database(tmp_path: Path, migrated_sqlite: Path, settings: Callable[..., None]) -> Iterator[str]:
    """The address of a migrated, empty SQLite database, set as the application's database."""
    path = tmp_path / "steunwijzer.db"
    shutil.copy(migrated_sqlite, path)
    url = f"sqlite:///{path}"
    settings(database_url=url)
    yield url
    engine(url).dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The address of a real, empty PostgreSQL; skips with the reason when it is not installed."""
    if postgres_bin() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgres() as url:
        yield url


@pytest.fixture
def postgres_database(postgres_url: str, settings: Callable[..., None]) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database, set as the application's database."""
    with engine(postgres_url).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    migrate(postgres_url)
    settings(database_url=postgres_url)
    yield postgres_url
    engine(postgres_url).dispose()


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a real Redis; skips with the reason when it is not installed."""
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed: apt-get install redis-server")
    with redis() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def any_database(request: pytest.FixtureRequest) -> str:
    """The test runs twice: on SQLite and on PostgreSQL."""
    return str(request.getfixturevalue("database" if request.param == "sqlite" else "postgres_database"))


@pytest.fixture(scope="session")
def application(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One real server with the trained model, shared by all tests that only talk to it."""
    with serving(tmp_path_factory.mktemp("application")) as server:
        yield server


@pytest.fixture
def visitor(application: Server) -> Iterator[Visitor]:
    """A new visitor of the shared server."""
    somebody = Visitor(application.url)
    yield somebody
    somebody.close()
