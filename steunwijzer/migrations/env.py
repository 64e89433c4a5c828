"""How Alembic reaches the database: through the application's own engine and models."""

from __future__ import annotations

from alembic import context
from sqlalchemy import text

import steunwijzer.models
from steunwijzer.db import Base, engine

MIGRATION_LOCK = 743_019_352

config = context.config
url = config.attributes.get("url")
assert steunwijzer.models.__all__  # every table is registered before metadata is compared


def run() -> None:
    """Migrate online, one process at a time: SQLite locks the file, PostgreSQL takes an advisory lock."""
    with engine(url).connect() as connection:
        context.configure(
            connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True, user_module_prefix=""
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})
            context.run_migrations()


run()
