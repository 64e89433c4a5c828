"""Which coach is asked for a place, and until when."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from steunwijzer import calendar_nl, directory, models
from steunwijzer.calendar_nl import AMSTERDAM
from steunwijzer.db import col
from steunwijzer.directory import Coach
from steunwijzer.settings import get_settings


def choose(
    session: Session, kind: str, region: str, gemeenten: tuple[str, ...], now: datetime, *, exclude: frozenset[str], backup_first: bool
) -> Coach | None:
    """Serves the place, is not away, has room; at work now before later; fewest open requests; longest not asked."""
    open_of = dict(
        session.execute(
            select(models.Request.coach_id, func.count())
            .where(col(models.Request.state).in_(("requested", "accepted")), col(models.Request.coach_id).is_not(None))
            .group_by(models.Request.coach_id)
        ).all()
    )
    able = [
        coach
        for coach in directory.serving(region, gemeenten, session=session)
        if coach.id not in exclude and not coach.away(now) and open_of.get(coach.id, 0) < coach.max_open
    ]

    def rank(coach: Coach) -> tuple[Any, ...]:
        starts = now if coach.working(now) else calendar_nl.next_working_moment(now, coach.hours)
        # A live chat wants somebody who is there now; a call-back may wait for the day on which somebody works.
        wait = starts if kind == "handoff" else starts.astimezone(AMSTERDAM).date()
        longest = coach.last_asked or datetime.min.replace(tzinfo=now.tzinfo)
        return (coach.backup != backup_first, wait, open_of.get(coach.id, 0), longest, coach.id)

    return min(able, key=rank, default=None)


def due_of(kind: str, coach: Coach, now: datetime) -> datetime:
    """Until when a coach may answer: minutes of working time, from the end of an absence."""
    settings = get_settings()
    minutes = settings.response_minutes if kind == "handoff" else settings.callback_response_minutes
    return calendar_nl.add_working_minutes(max(now, coach.away_until) if coach.away_until else now, minutes, coach.hours)


def start_of_next_working_day(now: datetime) -> datetime:
    """The moment at which the next working day begins."""
    day = calendar_nl.next_working_day(now.astimezone(AMSTERDAM).date())
    return datetime.combine(day, get_settings().work_start, AMSTERDAM)
