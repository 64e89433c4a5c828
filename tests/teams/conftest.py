"""A bot in this process (without Rasa: a plain assistant that repeats), Microsoft's side beside it, and coaches in the directory."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from bot_here import FixedToken, Parrot, bot
from microsoft import APP_ID, TENANT, Client, Microsoft, microsoft

from steunwijzer import conversations, handoff, handoff_request
from steunwijzer.directory import import_coaches

COACHES = """code,naam,organisatie,email,teams,regios,gemeenten,werkuren,maximum,reserve
een,Voorbeeld Een,Voorbeeld-ggz,een@example.org,OBJECT-coach-1,Rivierenland,,ma-zo 0:00-23:59,9,
twee,Voorbeeld Twee,Voorbeeld-ggz,twee@example.org,object-coach-2,Rivierenland,,ma-zo 0:00-23:59,9,
drie,Voorbeeld Drie,Voorbeeld-ggz,drie@example.org,,Rivierenland,,ma-zo 0:00-23:59,0,
"""


@pytest.fixture(scope="session")
def microsoft_side() -> Iterator[Microsoft]:
    with microsoft() as made:
        yield made


@pytest.fixture
def teams_settings(database: str, settings: Callable[..., None], microsoft_side: Microsoft) -> Callable[..., None]:
    """The application set up for a bot in a tenant, with quick retries."""
    microsoft_side.reset()
    settings(
        teams_app_id=APP_ID,
        teams_tenant_id=TENANT,
        teams_openid_url=f"{microsoft_side.url}/openid",
        teams_service_hosts="127.0.0.1",
        teams_sends_per_second=100,
        teams_tenant_sends_per_second=1000,
        outbox_first_delay_seconds="0.05",
        outbox_max_delay_seconds="2",
    )
    return settings


@pytest.fixture
def parrot() -> Parrot:
    return Parrot()


@pytest.fixture
def tokens() -> FixedToken:
    return FixedToken()


@pytest.fixture
def teams(teams_settings: Callable[..., None], microsoft_side: Microsoft, parrot: Parrot, tokens: FixedToken) -> Iterator[Client]:
    """Teams as the bot sees it: a client that posts signed activities to a running bot."""
    assert import_coaches(COACHES).ok
    with bot(parrot, tokens) as url:
        yield Client(url, microsoft_side)


@pytest.fixture
def ask_for_coach() -> Callable[..., handoff_request.Request]:
    """A visitor asks for a coach in Tiel."""

    def make(kind: str = "handoff", **values: Any) -> handoff_request.Request:
        base: dict[str, Any] = {
            "subject": "Medewerker durft geen hulp te vragen",
            "topic": "faalangst/omgaan",
            "phone": "+31612345678",
            "place": "Tiel",
            "region": "AM10",
            "gemeenten": ("GM0281",),
            "conversation_id": conversations.start().id,
        }
        made = handoff_request.Draft(kind=kind, **(base | values))  # type: ignore[arg-type]
        return handoff.create(made, "ja")

    return make
