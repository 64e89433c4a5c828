"""Offering a request to a coach, and to the next one; everybody who was asked hears what became of it."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import steunwijzer.handoff_mail  # noqa: F401  (registers the mails that coaches get)
from steunwijzer import directory, mail, models, outbox
from steunwijzer.bus import publish
from steunwijzer.calendar_nl import AMSTERDAM
from steunwijzer.db import on_commit, utcnow
from steunwijzer.directory import Coach
from steunwijzer.handoff_choice import choose, due_of, start_of_next_working_day
from steunwijzer.handoff_steps import step
from steunwijzer.settings import get_settings


def offer_again(session: Session, row: models.Request, *, backup_first: bool, to: Coach | None = None) -> None:
    """Ask the next coach, or ``to``, and tell those who were asked before."""
    now = utcnow()
    tell_asked(session, row)
    row.coach_id = None
    offer(session, row, now, backup_first=backup_first, to=to)
    if row.coach_id is not None:
        step(session, row, "reassign", "system", {"coach": row.coach_id, "round": row.round})


def offer(session: Session, row: models.Request, now: datetime, *, backup_first: bool, to: Coach | None = None) -> None:
    """Ask a coach. When nobody is left today, the request stays in the queue for all and is offered again on the next working day."""
    asked = select(models.RequestAsked.coach_id).where(models.RequestAsked.request_id == row.id, models.RequestAsked.asked >= _midnight(now))
    exclude = frozenset(each for (each,) in session.execute(asked))
    coach = to or choose(session, row.kind, row.region, tuple(row.gemeenten), now, exclude=exclude, backup_first=backup_first)
    if coach is None:
        row.due = start_of_next_working_day(now)
        return
    note_asked(session, row, coach.id)
    row.coach_id, row.due = coach.id, due_of(row.kind, coach, now)
    session.get(models.Coach, coach.id).last_asked = now
    payload = {"coach": coach.id, "round": row.round}
    for channel, recipient in _channels(coach):
        outbox.add(
            session,
            key=f"offered:{row.id}:{row.round}:{channel}",
            channel=channel,
            kind="request.offered",
            recipient=recipient,
            payload=payload,
            request_id=row.id,
        )
    on_commit(session, lambda: publish(f"coach:{coach.id}", kind="offered"))


def note_asked(session: Session, row: models.Request, coach_id: str) -> None:
    """Write down that a coach is asked, in the next round."""
    row.round += 1
    session.add(models.RequestAsked(request_id=row.id, round=row.round, coach_id=coach_id, asked=utcnow(), outcome="asked"))
    session.flush()


def note_outcome(session: Session, row: models.Request, outcome: str) -> None:
    """Write down what came of asking the coach of this round."""
    asked = session.get(models.RequestAsked, (row.id, row.round))
    if asked is not None and asked.outcome == "asked":
        asked.outcome = outcome


def tell_asked(session: Session, row: models.Request) -> None:
    """Everybody who has a card of this request sees what became of it."""
    if not get_settings().teams_app_id:
        return
    session.flush()
    step = session.execute(select(func.count()).select_from(models.AuditEvent).where(models.AuditEvent.subject == row.id)).scalar_one()
    asked = select(models.RequestAsked.coach_id).where(models.RequestAsked.request_id == row.id).distinct()
    for (coach_id,) in session.execute(asked).all():
        if directory.coach(coach_id, session=session).teams_id:
            outbox.add(
                session,
                key=f"changed:{row.id}:{step}:{coach_id}",
                channel="teams",
                kind="request.changed",
                recipient=coach_id,
                payload={"coach": coach_id},
                request_id=row.id,
            )


def _channels(coach: Coach) -> list[tuple[str, str]]:
    found = []
    if coach.teams_id and get_settings().teams_app_id:
        found.append(("teams", coach.id))
    if coach.email and mail.configured():
        found.append((mail.CHANNEL, coach.email))
    return found


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(AMSTERDAM).date(), time(0), AMSTERDAM)
