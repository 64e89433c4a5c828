"""What goes on by itself: mail leaves at once, requests expire, the purge runs once a day, failures do not end it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import pytest
import time_machine
from mailserver import mailserver

from steunwijzer import background, conversations, handoff, handoff_request, outbox, privacy
from steunwijzer.directory import import_coaches

COACHES = """code,naam,organisatie,email,regios,werkuren
een,Voorbeeld Een,Voorbeeld,een@example.org,Rivierenland,ma-zo 0:00-23:59
"""


def new_request() -> handoff_request.Request:
    conversation = conversations.start()
    return handoff.create(handoff_request.Draft("handoff", conversation.id, "Vraag", "Tiel", "AM10", ("GM0281",)), "ja")


async def _while_running(job: Callable[[], object], done: Callable[[], bool]) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(background.run(stop))
    await asyncio.sleep(0.2)
    await asyncio.to_thread(job)
    for _ in range(200):
        if await asyncio.to_thread(done):
            break
        await asyncio.sleep(0.05)
    stop.set()
    await asyncio.wait_for(running, 20)


def test_mail_leaves_at_once(database: str, settings: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    # Only the wake-up after the commit can be this quick.
    monkeypatch.setattr(background, "OUTBOX_SECONDS", 3600.0)
    import_coaches(COACHES)
    with mailserver() as mailbox:
        settings(smtp_url=mailbox.url)
        asyncio.run(_while_running(new_request, lambda: bool(mailbox.messages) and not outbox.claim_due({"mail"})))
    assert len(mailbox.messages) == 1


def test_a_failure_does_not_end_what_goes_on_by_itself(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def broken() -> int:
        calls.append(1)
        raise ConnectionError

    monkeypatch.setattr(background, "TICK_SECONDS", 0.01)
    monkeypatch.setattr(handoff, "tick", broken)
    asyncio.run(_while_running(lambda: None, lambda: len(calls) > 2))
    assert len(calls) > 2


def test_the_purge_runs_once_a_day(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    purges: list[datetime] = []
    original = privacy.purge

    def counted() -> privacy.PurgeReport:
        report = original()
        purges.append(report.at)
        return report

    monkeypatch.setattr(privacy, "purge", counted)
    start = datetime(2026, 11, 23, 3, tzinfo=timezone.utc)
    with time_machine.travel(start, tick=False) as clock:
        for hours in (0, 1, 12, 21, 22, 42):
            clock.move_to(start + timedelta(hours=hours))
            asyncio.run(background.purge_when_due())
    assert len(purges) == 3


def test_a_purge_that_finds_nothing_is_not_told(database: str, caplog: pytest.LogCaptureFixture) -> None:
    # 'make run' ends with the address
    with caplog.at_level("INFO"):
        asyncio.run(background.purge_when_due())
    assert not [record for record in caplog.records if record.name == background.__name__]
