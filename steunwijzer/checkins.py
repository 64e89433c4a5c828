"""Asking a check-in and taking its answers: what is due, the link by mail, the signal to the coach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from steunwijzer import mail, models, outbox
from steunwijzer.checkin_rules import FACTOR, HIGHEST, LOWEST, Assessment, Scores, assess, schedule
from steunwijzer.db import col, joined, utcnow
from steunwijzer.placements import Checkin, Placement, PlacementError, checkin_of, get, new_checkin, placement_of
from steunwijzer.settings import get_settings

MISSED_AFTER_DAYS = 7
EXTRA_AFTER_DAYS = 7


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(get_settings().secret_key.get_secret_value(), salt="steunwijzer-checkin")


def checkin_token(checkin_id: str) -> str:
    """The signed token of the link in the mail; it works until the check-in is answered or missed."""
    return str(_serializer().dumps(checkin_id))


def ask_due(today: date, *, session: Session | None = None) -> list[Checkin]:
    """Ask every check-in that is due and not asked yet, each once, and note those that nobody answered in time. Meant to run daily.

    With several overdue for one placement (the server was down) only the newest is asked. Asking means a mail in the outbox where an
    address is known, and being `open_checkin` in the chat.
    """
    with joined(session) as own:
        _note_missed(own, today)
        query = (
            select(models.Checkin, models.Placement)
            .join(models.Placement, models.Placement.id == models.Checkin.placement_id)
            .where(
                col(models.Checkin.asked).is_(None),
                col(models.Checkin.answered).is_(None),
                col(models.Checkin.missed).is_(False),
                col(models.Checkin.due) <= today,
                (col(models.Placement.ended).is_(None)) | (col(models.Placement.ended) >= today),
            )
            .order_by(models.Checkin.due)
        )
        newest: dict[tuple[str, str], tuple[models.Checkin, models.Placement]] = {}
        for row, placement in own.execute(query):
            passed = newest.get((row.placement_id, row.view))
            if passed is not None:
                passed[0].missed = True
            newest[row.placement_id, row.view] = (row, placement)
        now = utcnow()
        for row, placement in newest.values():
            row.asked = now
            address = placement.employer_email if row.view == "employer" else placement.employee_email
            if address:
                mail.enqueue(own, key=f"checkin:{row.id}", kind="checkin", recipient=address, payload={"checkin_id": row.id})
        own.flush()
        return [checkin_of(row) for row, _ in newest.values()]


def _note_missed(session: Session, today: date) -> None:
    query = (
        select(models.Checkin)
        .where(
            col(models.Checkin.asked).isnot(None),
            col(models.Checkin.answered).is_(None),
            col(models.Checkin.missed).is_(False),
            col(models.Checkin.due) <= today - timedelta(days=MISSED_AFTER_DAYS),
        )
        .order_by(models.Checkin.due)
    )
    for row in session.execute(query).scalars().all():
        row.missed = True
        if row.view == "employer":
            _apply(session, row, session.get(models.Placement, row.placement_id), today)


def open_checkin(placement_id: str, today: date) -> Checkin:
    """The check-in to answer in the chat now: the one that is due, else the next one within three days, else an extra one of today.

    Raises:
        PlacementError: there is no such placement.
    """
    get(placement_id)
    with joined(None) as session:
        query = (
            select(models.Checkin)
            .where(
                models.Checkin.placement_id == placement_id,
                models.Checkin.view == "employer",
                col(models.Checkin.answered).is_(None),
                col(models.Checkin.missed).is_(False),
                col(models.Checkin.due) <= today + timedelta(days=3),
            )
            .order_by(col(models.Checkin.due).desc())
        )
        row = session.execute(query).scalars().first()
        if row is None:
            same_day = select(models.Checkin).where(
                models.Checkin.placement_id == placement_id, models.Checkin.view == "employer", models.Checkin.due == today
            )
            taken = session.execute(same_day).scalars().first()
            if taken is not None:
                return checkin_of(taken)
            row = new_checkin(placement_id, "employer", today, extra=True)
            session.add(row)
            session.flush()
        return checkin_of(row)


def by_token(token: str) -> tuple[Checkin, Placement]:
    """The check-in behind a mailed link.

    Raises:
        PlacementError: the link is forged, used or too late.
    """
    try:
        checkin_id = _serializer().loads(token)
    except BadSignature as error:
        raise PlacementError("Deze link klopt niet. Open hem vanuit de mail.") from error
    with joined(None, reading=True) as session:
        row = session.get(models.Checkin, checkin_id)
        if row is None:
            raise PlacementError("Deze check-in is er niet meer.")
        if row.answered is not None:
            raise PlacementError("Deze check-in is al ingevuld. Een link werkt één keer.")
        if row.missed:
            raise PlacementError("Deze check-in is verlopen. U krijgt vanzelf een nieuwe.")
        return checkin_of(row), placement_of(session.get(models.Placement, row.placement_id))


def answer(
    checkin_id: str,
    scores: Scores,
    *,
    words: Mapping[str, str] | None = None,
    wish: str | None = None,
    today: date | None = None,
    session: Session | None = None,
) -> Assessment | None:
    """Store the answers of a check-in, once, and apply the rules; the assessment is None for the employee's view.

    Raises:
        PlacementError: it was answered already, or is not there.
        ValueError: a score is not 1–5.
    """
    for key, score in scores.items():
        if key not in FACTOR or not LOWEST <= score <= HIGHEST:
            raise ValueError(f"{key}: {score}")
    with joined(session) as own:
        taken = own.execute(
            update(models.Checkin)
            .where(models.Checkin.id == checkin_id, col(models.Checkin.answered).is_(None), col(models.Checkin.missed).is_(False))
            .values(answered=utcnow(), scores=dict(scores), words=dict(words or {}), wish=wish)
            .execution_options(synchronize_session=False)
        )
        if not taken.rowcount:
            raise PlacementError("Deze check-in is al ingevuld of verlopen.")
        query = select(models.Checkin, models.Placement).join(models.Placement, models.Placement.id == models.Checkin.placement_id)
        found = own.execute(query.where(models.Checkin.id == checkin_id).execution_options(populate_existing=True))
        row, placement = found.one()
        return _apply(own, row, placement, today or utcnow().date()) if row.view == "employer" else None


def _apply(session: Session, row: models.Checkin, placement: models.Placement, today: date) -> Assessment:
    """Colour a check-in, plan an extra one after a signal, and alert the coach at red when there is consent."""
    everything = session.execute(
        select(
            models.Checkin.id,
            models.Checkin.due,
            models.Checkin.scores,
            models.Checkin.base,
            models.Checkin.answered,
            models.Checkin.missed,
        )
        .where(models.Checkin.placement_id == row.placement_id, models.Checkin.view == row.view)
        .order_by(models.Checkin.due)
    ).all()
    before = [each for each in everything if each.base is not None and each.due < row.due]
    known: dict[str, int] = {}
    for earlier in before:
        known.update(earlier.scores)
    assessment = assess(row.scores, known, before[-1].base if before else None)
    row.base, row.colour, row.reasons = assessment.base, assessment.colour, list(assessment.reasons)
    if assessment.colour != "groen" and placement.ended is None:
        until = today + timedelta(days=EXTRA_AFTER_DAYS)
        coming = [e for e in everything if e.id != row.id and row.due < e.due <= until and e.answered is None and not e.missed]
        taken = coming or any(each.due == until for each in everything)
        if not taken and until <= schedule(placement.started)[-1]:
            session.add(new_checkin(row.placement_id, "employer", until, extra=True))
    if assessment.colour == "rood" and placement.alert_coach and placement.coach_id:
        _alert(session, row, placement)
    session.flush()
    return assessment


def _alert(session: Session, row: models.Checkin, placement: models.Placement) -> None:
    """Tell the coach on every way that reaches them: a card in Teams, a mail."""
    coach = session.get(models.Coach, placement.coach_id)
    if coach is None or not coach.active:
        return
    payload: dict[str, object] = {"placement_id": placement.id, "checkin_id": row.id}
    if coach.teams_id and get_settings().teams_app_id:
        outbox.add(session, key=f"placement-red:{row.id}:teams", channel="teams", kind="placement_red", recipient=coach.id, payload=payload)
    if coach.email:
        mail.enqueue(session, key=f"placement-red:{row.id}:mail", kind="placement_red", recipient=coach.email, payload=payload)


def leave(checkin_id: str) -> None:
    """The employee takes part no longer: the address goes, and everything that the employee answered or would be asked.

    Raises:
        PlacementError: there is no such check-in, or it is the employer's.
    """
    with joined(None) as session:
        row = session.get(models.Checkin, checkin_id)
        if row is None or row.view != "employee":
            raise PlacementError("Deze check-in is er niet meer.")
        session.execute(update(models.Placement).where(models.Placement.id == row.placement_id).values(employee_email=None))
        session.execute(delete(models.Checkin).where(models.Checkin.placement_id == row.placement_id, models.Checkin.view == "employee"))
