"""Papers: kept with their conversation, served through signed links, gone with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest
import time_machine
from sqlalchemy import select

from steunwijzer import agreements, conversations, follow_up, models, papers, prevention, privacy
from steunwijzer.db import session_scope, utcnow

TODAY = date(2026, 11, 21)
AGREEMENT = agreements.build({"helps": "Rust", "review": "2026-12-11", "trade": "zorg"}, TODAY)
PLAN = prevention.build({"ill": "yes", "first_day": "2026-10-05", "talk": "2026-11-24"}, TODAY)


def token(link: dict[str, str]) -> str:
    return link["url"].rsplit("/", 1)[1]


def test_what_goes_in_comes_out(any_database: str) -> None:
    conversation = conversations.start()
    for kind, content, back in (("agreement", AGREEMENT, papers.agreement_of), ("plan", PLAN, papers.plan_of)):
        paper = papers.keep(kind, content, conversation.id)  # type: ignore[arg-type]
        with session_scope(reading=True) as session:
            assert back(session.get(models.Paper, paper).content) == content  # type: ignore[operator]
        opened = [papers.open_link(token(link)) for link in papers.links(paper)]
        assert [file.name.rsplit(".")[-1] for file in opened] == ["pdf", "docx", "ics"]
        assert all(file.content for file in opened)


def test_no_calendar_without_a_date(database: str) -> None:
    paper = papers.keep("agreement", agreements.build({}, TODAY), None)
    assert len(papers.links(paper)) == 2


@pytest.mark.parametrize("bad", ["", "abc", "WyJhIiwicGRmIl0.x.y"])
def test_forged_links(database: str, bad: str) -> None:
    with pytest.raises(papers.PaperError):
        papers.open_link(bad)


def test_links_expire_and_go_with_the_conversation(database: str) -> None:
    conversation = conversations.start()
    link = papers.links(papers.keep("agreement", AGREEMENT, conversation.id))[0]
    with time_machine.travel(datetime.now(timezone.utc) + timedelta(days=31)), pytest.raises(papers.PaperError, match="verlopen"):
        papers.open_link(token(link))
    proof = privacy.delete_visitor(conversation.id)
    assert proof.complete
    with pytest.raises(papers.PaperError, match="verwijderd"):
        papers.open_link(token(link))


def test_a_reminder_is_sent_once_and_the_address_goes(database: str, settings: Callable[..., None]) -> None:
    settings(database_url=database, smtp_url="smtp://127.0.0.1:2525")
    papers.remind(papers.keep("agreement", AGREEMENT, None), date(2026, 12, 11), "baas@example.org")
    assert papers.send_reminders(date(2026, 12, 9)) == 0
    assert follow_up.run_daily(date(2026, 12, 10))["reminders"] == 1
    assert papers.send_reminders(date(2026, 12, 11)) == 0
    with session_scope(reading=True) as session:
        assert session.execute(select(models.Reminder)).scalar_one().email is None
        assert session.execute(select(models.OutboxRow)).scalar_one().recipient == "baas@example.org"


def test_purging_old_papers(database: str) -> None:
    papers.keep("plan", PLAN, None)
    assert papers.purge(utcnow() - timedelta(days=1)) == 0
    assert papers.purge(utcnow() + timedelta(days=1)) == 1
