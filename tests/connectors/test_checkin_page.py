"""The page behind a mailed check-in link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from connectors.checkin_page import checkin_page
from steunwijzer import checkin_rules, checkins, follow_up, models, outbox, placement_overview, placements
from steunwijzer.db import session_scope, utcnow
from steunwijzer.follow_up import CHECKIN_PATH


@pytest.fixture
def client(database: str, settings: Callable[..., None]) -> TestClient:
    settings(database_url=database, smtp_url="smtp://127.0.0.1:2525", public_url="https://voorbeeld.nl/")
    app = FastAPI()
    app.include_router(checkin_page())
    return TestClient(app)


def due_checkins() -> list[placements.Checkin]:
    """A placement that started a week ago, with mail to both sides."""
    placements.register(
        nickname="<b>Inpakker</b>",
        region="AM10",
        started=utcnow().date() - timedelta(days=7),
        consent="ja",
        employer_email="baas@example.org",
        employee_email="medewerker@example.org",
    )
    assert follow_up.run_daily() == {"checkins": 2, "reminders": 0}
    assert follow_up.run_daily() == {"checkins": 0, "reminders": 0}
    with session_scope(reading=True) as session:
        rows = session.execute(select(models.Checkin).where(models.Checkin.asked.isnot(None))).scalars()
        return sorted((placements.checkin_of(row) for row in rows), key=lambda c: c.view, reverse=True)


def url(checkin: placements.Checkin) -> str:
    return f"{CHECKIN_PATH}/{checkins.checkin_token(checkin.id)}"


def test_filled_in_once(client: TestClient) -> None:
    employer, employee = due_checkins()
    page = client.get(url(employer))
    assert page.status_code == 200
    assert "&lt;b&gt;Inpakker" in page.text
    assert page.text.count("<fieldset>") == 8
    form = {
        **dict.fromkeys((f.key for f in checkin_rules.FACTORS), "4"),
        "load": "2",
        "why_load": "slikt oxazepam, is om drie uur moe",
        "wish": "rust",
    }
    done = client.post(url(employer), data=form)
    assert "Uitkomst: rood" in done.text
    found = placement_overview.overview(employer.placement_id).checkins[-1]
    assert found.scores["load"] == 2
    assert found.words == {"load": "Is om drie uur moe"}
    assert found.wish == "rust"
    assert client.post(url(employer), data=form).status_code == 410
    assert client.get(url(employer)).status_code == 410
    assert "Ik kan mijn taken aan." in client.get(url(employee)).text
    assert "Dank je wel" in client.post(url(employee), data={"tasks": "2"}).text
    assert placement_overview.overview(employer.placement_id).gaps == {"tasks": 2}


def test_nothing_chosen_is_said_and_nonsense_is_ignored(client: TestClient) -> None:
    employer, _ = due_checkins()
    for data in ({}, {"tasks": "9"}, {"tasks": "x", "hack": "1"}):
        page = client.post(url(employer), data=data)
        assert page.status_code == 200
        assert 'role="alert"' in page.text


@pytest.mark.parametrize("token", ["x", "WyJhIl0.abc", "..%2f..%2fetc"])
def test_forged_link(client: TestClient, token: str) -> None:
    assert client.get(f"{CHECKIN_PATH}/{token}").status_code in (404, 410)


def test_mails_hold_the_link_and_no_health(client: TestClient) -> None:
    from steunwijzer import mail

    employer, _ = due_checkins()
    deliveries = outbox.claim_due({"mail"})
    texts = [mail.message(delivery).get_content() for delivery in deliveries]
    assert len(texts) == 2
    assert any(f"https://voorbeeld.nl{url(employer)}" in text for text in texts)
    checkins.answer(employer.id, {"tasks": 4})
    with pytest.raises(outbox.NotNeeded):
        [mail.message(delivery) for delivery in deliveries]


def test_the_employee_can_leave_and_everything_of_them_goes(client: TestClient) -> None:
    employer, employee = due_checkins()
    page = client.get(url(employee)).text
    assert "Je leidinggevende ziet je cijfers" in page
    assert "why_tasks" not in page
    client.post(url(employee), data={"tasks": "2", "why_tasks": "de baas schreeuwt"})
    assert placement_overview.overview(employee.placement_id).mirrors[0].words == {}
    later = next_mirror(employee.placement_id)
    assert "gewist" in client.post(url(later), data={"leave": "1"}).text
    found = placement_overview.overview(employee.placement_id)
    assert found.placement.employee_email is None
    assert found.mirrors == ()
    assert client.get(url(later)).status_code == 410
    # The employer's side goes on, and cannot be ended with that button.
    client.post(url(employer), data={"leave": "1", "tasks": "4"})
    assert placement_overview.overview(employer.placement_id).checkins[0].scores == {"tasks": 4}


def next_mirror(placement_id: str) -> placements.Checkin:
    with session_scope(reading=True) as session:
        query = select(models.Checkin).where(
            models.Checkin.placement_id == placement_id, models.Checkin.view == "employee", models.Checkin.answered.is_(None)
        )
        return placements.checkin_of(session.execute(query.order_by(models.Checkin.due)).scalars().first())
