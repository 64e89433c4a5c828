"""Placements that are followed: what is kept of them and of their check-ins."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from steunwijzer import models
from steunwijzer.checkin_rules import Colour, add_months, schedule
from steunwijzer.db import col, joined, utcnow

View = Literal["employer", "employee"]


class PlacementError(LookupError):
    """A placement, check-in or link that is not there or not valid; the text is for the reader, in Dutch."""


@dataclass(frozen=True)
class Placement:
    """A job that is followed, without the employee's name."""

    id: str
    nickname: str
    region: str
    coach_id: str | None
    started: date
    ended: date | None
    alert_coach: bool
    """The employer agreed that the coach looks along and is told when a check-in is red."""
    employer_email: str | None
    employee_email: str | None


@dataclass(frozen=True)
class Checkin:
    """One check-in as it stands."""

    id: str
    placement_id: str
    view: View
    due: date
    extra: bool
    asked: datetime | None
    answered: datetime | None
    missed: bool
    scores: dict[str, int]
    words: dict[str, str]
    wish: str | None
    base: Colour | None
    colour: Colour | None
    reasons: tuple[str, ...]


def placement_of(row: models.Placement) -> Placement:
    """A stored placement as services and pages see it."""
    return Placement(row.id, row.nickname, row.region, row.coach_id, row.started, row.ended, row.alert_coach, row.employer_email, row.employee_email)


def checkin_of(row: models.Checkin) -> Checkin:
    """A stored check-in as services and pages see it."""
    return Checkin(
        row.id, row.placement_id, row.view, row.due, row.extra, row.asked, row.answered, row.missed, dict(row.scores), dict(row.words),  # type: ignore[arg-type]
        row.wish, row.base, row.colour, tuple(row.reasons),  # type: ignore[arg-type]
    )  # fmt: skip


def new_checkin(placement_id: str, view: View, due: date, **values: Any) -> models.Checkin:
    """A check-in to be stored, not asked yet."""
    return models.Checkin(id=secrets.token_urlsafe(24), placement_id=placement_id, view=view, due=due, scores={}, words={}, reasons=[], **values)


def register(
    *,
    nickname: str,
    region: str,
    started: date,
    consent: str,
    conversation_id: str | None = None,
    coach_id: str | None = None,
    employer_email: str | None = None,
    employee_email: str | None = None,
    alert_coach: bool = False,
    session: Session | None = None,
) -> Placement:
    """Follow a placement from now on, with all its check-ins planned. `region` is a CBS code, `consent` the wording agreed to.

    Raises:
        ValueError: without a nickname or consent.
    """
    if not nickname.strip() or not consent.strip():
        raise ValueError("een bijnaam voor de plek en toestemming zijn nodig")
    with joined(session) as own:
        now = utcnow()
        known = conversation_id and own.get(models.Conversation, conversation_id) is not None
        row = models.Placement(
            id=secrets.token_urlsafe(24), conversation_id=conversation_id if known else None, nickname=nickname.strip()[:60], region=region,
            coach_id=coach_id, started=started, created=now, employer_email=employer_email, employee_email=employee_email,
            alert_coach=alert_coach, consent=consent, consent_at=now,
        )  # fmt: skip
        own.add(row)
        own.flush()
        views: tuple[View, ...] = ("employer", "employee") if employee_email else ("employer",)
        # Days that had passed at registration are not asked any more.
        own.add_all(new_checkin(row.id, view, due) for view in views for due in schedule(started) if due >= now.date())
        own.flush()
        return placement_of(row)


def get(placement_id: str, *, session: Session | None = None) -> Placement:
    """The placement.

    Raises:
        PlacementError: it is not there (any more).
    """
    with joined(session, reading=True) as own:
        row = own.get(models.Placement, placement_id)
        if row is None:
            raise PlacementError("Deze plaatsing is er niet (meer).")
        return placement_of(row)


def _where(condition: Any) -> list[Placement]:
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.Placement).where(condition).order_by(models.Placement.started, models.Placement.id)).scalars()
        return [placement_of(row) for row in rows]


def of_coach(coach_id: str) -> list[Placement]:
    """The placements that a coach follows, running and ended."""
    return _where(models.Placement.coach_id == coach_id)


def of_conversation(conversation_id: str) -> list[Placement]:
    """The placements that a visitor registered in this conversation."""
    return _where(models.Placement.conversation_id == conversation_id)


def of_region(region: str | None = None) -> list[Placement]:
    """The placements of a region, or all of them."""
    return _where(models.Placement.region == region if region else col(models.Placement.id).isnot(None))


def end(placement_id: str, day: date) -> None:
    """Stop following; check-ins that were planned after `day` are dropped."""
    with joined(None) as session:
        session.execute(update(models.Placement).where(models.Placement.id == placement_id).values(ended=day))
        session.execute(
            delete(models.Checkin).where(
                models.Checkin.placement_id == placement_id,
                col(models.Checkin.due) > day,
                col(models.Checkin.answered).is_(None),
                col(models.Checkin.missed).is_(False),
            )
        )


def forget(conversation_id: str, *, session: Session | None = None) -> int:
    """Delete every placement of a visitor with all check-ins ("verwijder mijn gegevens"); gives how many placements went."""
    with joined(session) as own:
        ids = list(own.execute(select(models.Placement.id).where(models.Placement.conversation_id == conversation_id)).scalars())
        own.execute(delete(models.Checkin).where(col(models.Checkin.placement_id).in_(ids)))
        own.execute(delete(models.Placement).where(col(models.Placement.id).in_(ids)))
        return len(ids)


def purge(ended_before: date, *, session: Session | None = None) -> int:
    """Delete placements that ended, or ran out of check-ins, before a day; gives how many."""
    with joined(session) as own:
        rows = own.execute(select(models.Placement)).scalars()
        ids = [row.id for row in rows if (row.ended or add_months(row.started, 13)) < ended_before]
        own.execute(delete(models.Checkin).where(col(models.Checkin.placement_id).in_(ids)))
        own.execute(delete(models.Placement).where(col(models.Placement.id).in_(ids)))
        return len(ids)
