"""What is known about requests: of a conversation, of a coach, and in words to the visitor."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from steunwijzer import calendar_nl, directory, models, outbox
from steunwijzer.calendar_nl import AMSTERDAM
from steunwijzer.db import col, joined, utcnow
from steunwijzer.handoff_consent import coaches_of
from steunwijzer.handoff_request import OPEN, WAITING, AuditEvent, Note, Request, Status, UnknownRequest
from steunwijzer.settings import get_settings


def status(conversation_id: str) -> Status:
    """The truth about the newest request of a conversation, for "wanneer belt er iemand?"."""
    row = latest(conversation_id)
    if row is None:
        return Status("none", "Er staat nog geen verzoek van u bij een coach. Zal ik een coach voor u vragen?")
    return Status(row.public_state, _status_text(row), row)


def _status_text(row: Request) -> str:
    now = utcnow()
    coach = directory.coach(row.coach_id) if row.coach_id else None
    who = coach.name if coach else coaches_of(row.region)
    sent = calendar_nl.moment_in_words(row.created, now)
    if row.state == "cancelled":
        return f"U hebt uw verzoek van {sent} ingetrokken. Het is {calendar_nl.moment_in_words(row.closed or row.changed, now)} gestopt."
    if row.state == "closed":
        return f"{who} heeft uw verzoek {calendar_nl.moment_in_words(row.closed or row.changed, now)} afgesloten. Wilt u nog een keer contact?"
    if row.state == "accepted":
        taken = f"{who} heeft uw verzoek {calendar_nl.moment_in_words(row.accepted or row.changed, now)} aangenomen."
        if row.kind == "callback":
            when = row.wanted or (calendar_nl.day_in_words(row.promised.astimezone(AMSTERDAM).date()) if row.promised else "zo snel mogelijk")
            return f"{taken} Afgesproken om te bellen: {when}."
        return f"{taken} U kunt hier met de coach chatten."
    parts = [f"Uw verzoek is {sent} verstuurd aan {who}. Er is nog niet op gereageerd."]
    if row.coach_id is None:
        parts = [f"Uw verzoek van {sent} staat bij {who}. Nog geen coach heeft het aangenomen."]
    elif row.round > 1:
        parts = [f"De eerste coach kon niet of reageerde niet. Uw verzoek van {sent} staat nu bij {who}. Er is nog niet op gereageerd."]
    if any(each.not_delivered or (each.state == "waiting" and each.attempts) for each in outbox.of_request(row.id)):
        parts.append("Het bericht aan de coach kwam nog niet aan. De coach ziet het verzoek wel in de lijst met aanvragen.")
    if row.promised and now <= row.promised:
        parts.append(f"U hoort uiterlijk {calendar_nl.moment_in_words(row.promised, now)} iets. Lukt dat niet, dan vragen we een andere coach.")
    elif row.promised:
        parts.append("Dat duurt langer dan we zeiden. We vragen een andere coach.")
        office = get_settings()
        parts.append(f"U kunt ook contact opnemen met {office.office_name}: {office.office_phone or office.office_email}.")
    return " ".join(parts)


def latest(conversation_id: str, *, session: Session | None = None) -> Request | None:
    """The newest request of a conversation: an open one before a finished one."""
    with joined(session, reading=True) as own:
        views = [view_of(row) for row in own.execute(_OF_CONVERSATION, {"conversation": conversation_id}).scalars()]
    return next((view for view in views if view.state in OPEN), views[0] if views else None)


_OF_CONVERSATION = (
    select(models.Request).where(models.Request.conversation_id == bindparam("conversation")).order_by(col(models.Request.created).desc())
)


def open_request(conversation_id: str) -> Request | None:
    """The request of this conversation that is not finished, or None."""
    found = latest(conversation_id)
    return found if found and found.state in OPEN else None


def get(request_id: str) -> Request:
    """One request. Raises ``UnknownRequest``."""
    with joined(None, reading=True) as session:
        row = session.get(models.Request, request_id)
        if row is None:
            raise UnknownRequest("Deze aanvraag bestaat niet meer.")
        return view_of(row)


def queue(coach_id: str) -> list[Request]:
    """What waits and what this coach may take: own offers first, then the longest waiting. Raises ``directory.UnknownCoach``."""
    coach = directory.coach(coach_id)
    waiting = [
        row
        for row in _requests(col(models.Request.state).in_(WAITING))
        if row.coach_id == coach_id or coach.backup or coach.serves(row.region, row.gemeenten)
    ]
    return sorted(waiting, key=lambda row: (row.coach_id != coach_id, row.created))


def mine(coach_id: str) -> list[Request]:
    """The requests that this coach has taken and not closed, oldest first."""
    return _requests(models.Request.coach_id == coach_id, models.Request.state == "accepted")


def history(coach_id: str, *, limit: int = 50) -> list[Request]:
    """The requests of this coach that are finished, newest first."""
    rows = _requests(models.Request.coach_id == coach_id, col(models.Request.state).in_(("closed", "cancelled")))
    return sorted(rows, key=lambda row: row.changed, reverse=True)[:limit]


def _requests(*conditions: Any) -> list[Request]:
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.Request).where(*conditions).order_by(models.Request.created)).scalars()
        return [view_of(row) for row in rows]


def view_of(row: models.Request) -> Request:
    """A stored request as services and pages see it."""
    values = {name: getattr(row, name) for name in Request.__dataclass_fields__ if name != "gemeenten"}
    return Request(gemeenten=tuple(row.gemeenten), **values)


def notes(request_id: str) -> list[Note]:
    """The notes of a request, oldest first."""
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.Note).where(models.Note.request_id == request_id).order_by(models.Note.id)).scalars()
        return [Note(row.id, row.request_id, row.coach_id, row.text, row.created) for row in rows]


def audit(subject: str) -> list[AuditEvent]:
    """What happened to a request (or coach), oldest first; also after the request itself was removed."""
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.AuditEvent).where(models.AuditEvent.subject == subject).order_by(models.AuditEvent.id)).scalars()
        return [AuditEvent(row.at, row.actor, row.event, row.before, row.after, dict(row.detail)) for row in rows]
