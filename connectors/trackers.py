"""Rasa's tracker store in the application's own database."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from sqlalchemy.engine import make_url

from steunwijzer.settings import get_settings


def tracker_store() -> Any:
    """Rasa's SQL store on ``database_url``. Its ``events`` table is purged with the conversations (``steunwijzer.privacy``)."""
    address = make_url(get_settings().database_url)
    if address.get_backend_name() == "sqlite":
        return SQLTrackerStore(dialect="sqlite", db=address.database or ":memory:")
    return SQLTrackerStore(
        dialect=address.drivername,
        host=address.host,
        port=address.port,
        db=address.database or "",
        username=address.username,
        password=str(address.password or ""),
        query=dict(address.query),
    )
