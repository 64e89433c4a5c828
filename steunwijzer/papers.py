"""Papers made in a guided flow: kept as data with their conversation, served through signed links, rendered at each download."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from steunwijzer import documents, mail, models
from steunwijzer.agreements import Agreement
from steunwijzer.db import col, joined, utcnow
from steunwijzer.documents import MEDIA_TYPES, Format
from steunwijzer.openness import AID
from steunwijzer.prevention import Deadline, Plan, PlanStep
from steunwijzer.settings import get_settings

Kind = Literal["agreement", "plan", "placement"]

FILES_PATH = "/v1/files"
_OPENNESS = "openheid"
_NAMES: dict[Kind, str] = {"agreement": "werkafspraken", "plan": "plan", "placement": "overzicht"}
_TITLES: dict[Format, str] = {"pdf": "PDF", "docx": "Word", "ics": "Agenda", "csv": "CSV-tabel"}
_FORMATS: dict[Kind, tuple[Format, ...]] = {
    "agreement": ("pdf", "docx", "ics"),
    "plan": ("pdf", "docx", "ics"),
    "placement": ("pdf", "csv"),
}


class PaperError(LookupError):
    """A file link that is not valid (any more); the text is for the reader, in Dutch."""


@dataclass(frozen=True)
class File:
    """A file to download."""

    name: str
    media_type: str
    content: bytes


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def keep(kind: Kind, content: Agreement | Plan | Mapping[str, Any], conversation_id: str | None, *, session: Session | None = None) -> str:
    """Stores what a flow made and gives its id. A conversation that is not in the database (a terminal) leaves the paper on its own."""
    data = _plain(content if isinstance(content, Mapping) else asdict(content))
    with joined(session) as own:
        known = conversation_id and own.get(models.Conversation, conversation_id) is not None
        paper = models.Paper(
            id=secrets.token_urlsafe(24), conversation_id=conversation_id if known else None, kind=kind, content=data, created=utcnow()
        )
        own.add(paper)
        own.flush()
        return str(paper.id)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(get_settings().secret_key.get_secret_value(), salt="steunwijzer-file")


def links(paper_id: str) -> list[dict[str, str]]:
    """The `files` of a message: title, url and type per format; a calendar only when the paper has a date."""
    with joined(None, reading=True) as session:
        paper = session.get(models.Paper, paper_id)
        if paper is None:
            raise PaperError("Dit document is er niet meer.")
        kind: Kind = paper.kind
        has_date = kind != "agreement" or bool(paper.content.get("review"))
        if kind == "plan":
            has_date = bool(paper.content["timeline"]) or any(step["when"] for step in paper.content["steps"])
    return [
        {
            "title": f"{_NAMES[kind].capitalize()} ({_TITLES[fmt]})",
            "url": f"{FILES_PATH}/{_serializer().dumps([paper_id, fmt])}",
            "type": MEDIA_TYPES[fmt],
        }
        for fmt in _FORMATS[kind]
        if fmt != "ics" or has_date
    ]


def latest(conversation_id: str) -> str | None:
    """The id of the paper that was made last in a conversation, or None."""
    with joined(None, reading=True) as session:
        of_conversation = select(models.Paper.id).where(models.Paper.conversation_id == conversation_id)
        found = session.execute(of_conversation.order_by(col(models.Paper.created).desc()).limit(1)).scalar()
        return str(found) if found else None


def openness_links() -> list[dict[str, str]]:
    """The `files` of the aid about openness, to go with the answer `openheid/coral`; the same for everybody."""
    formats: tuple[Format, ...] = ("pdf", "docx")
    return [
        {
            "title": f"Gesprekshulp openheid ({_TITLES[fmt]})",
            "url": f"{FILES_PATH}/{_serializer().dumps([_OPENNESS, fmt])}",
            "type": MEDIA_TYPES[fmt],
        }
        for fmt in formats
    ]


def open_link(token: str) -> File:
    """The file behind a signed link.

    Raises:
        PaperError: the link is forged, too old, or its paper was deleted.
    """
    try:
        paper_id, fmt = _serializer().loads(token, max_age=get_settings().conversation_retention_days * 86_400)
    except SignatureExpired as error:
        raise PaperError("Deze link is verlopen. Maak het document opnieuw in het gesprek.") from error
    except (BadSignature, ValueError, TypeError) as error:
        raise PaperError("Deze link klopt niet. Open hem vanuit het gesprek.") from error
    if paper_id == _OPENNESS:
        body = documents.aid_pdf(AID) if fmt == "pdf" else documents.aid_word(AID)
        return File(f"gesprekshulp-openheid.{fmt}", MEDIA_TYPES["pdf" if fmt == "pdf" else "docx"], body)
    with joined(None, reading=True) as session:
        paper = session.get(models.Paper, paper_id)
        if paper is None:
            raise PaperError("Dit document is verwijderd.")
        kind, content = paper.kind, dict(paper.content)
    made = render(kind, content, fmt, paper_id)
    if made is None:
        raise PaperError("Dit document is er niet in deze vorm.")
    return File(f"{_NAMES[kind]}.{fmt}", MEDIA_TYPES[fmt], made)


def agreement_of(content: Mapping[str, Any]) -> Agreement:
    """The agreement back from its stored form."""
    review = content.get("review")
    return Agreement(
        created=date.fromisoformat(content["created"]),
        lines=tuple((heading, text) for heading, text in content["lines"]),
        review=date.fromisoformat(review) if review else None,
        trade=content.get("trade"),
    )


def plan_of(content: Mapping[str, Any]) -> Plan:
    """The plan back from its stored form."""
    return Plan(
        created=date.fromisoformat(content["created"]),
        steps=tuple(PlanStep(**{**step, "when": date.fromisoformat(step["when"]) if step["when"] else None}) for step in content["steps"]),
        timeline=tuple(Deadline(**{**row, "day": date.fromisoformat(row["day"])}) for row in content["timeline"]),
        notes=tuple(content["notes"]),
        sources=tuple(content["sources"]),
    )


def render(kind: Kind, content: Mapping[str, Any], fmt: Format, paper_id: str) -> bytes | None:
    """The bytes of a paper in one format; None when it has no such form (no date, so no calendar)."""
    if kind == "agreement":
        agreement = agreement_of(content)
        if fmt == "pdf":
            return documents.agreement_pdf(agreement)
        return documents.agreement_word(agreement) if fmt == "docx" else documents.agreement_calendar(agreement, paper_id)
    if kind == "plan":
        plan = plan_of(content)
        if fmt == "pdf":
            return documents.plan_pdf(plan)
        return documents.plan_word(plan) if fmt == "docx" else documents.plan_calendar(plan, paper_id)
    from steunwijzer import reports

    report = reports.placement_report(str(content["placement_id"]))
    return reports.placement_pdf(report) if fmt == "pdf" else reports.placement_csv(report)


def remind(paper_id: str, due: date, email: str) -> None:
    """Keeps a reminder by mail for a review date; only call with the person's consent."""
    with joined(None) as session:
        session.add(models.Reminder(id=secrets.token_urlsafe(24), paper_id=paper_id, due=due, email=email, consent_at=utcnow()))


def send_reminders(today: date) -> int:
    """Puts a mail in the outbox for every review of tomorrow or earlier, once, and wipes the address here. Meant to run daily."""
    with joined(None) as session:
        query = select(models.Reminder).where(
            col(models.Reminder.sent).is_(None),
            col(models.Reminder.due) <= today + timedelta(days=1),
            col(models.Reminder.email).isnot(None),
        )
        rows = session.execute(query).scalars().all()
        for row in rows:
            mail.enqueue(
                session, key=f"reminder:{row.id}", kind="review_reminder", recipient=row.email, payload={"day": row.due.isoformat()}
            )
            row.sent, row.email = utcnow(), None
        return len(rows)


def forget(conversation_id: str, *, session: Session | None = None) -> int:
    """Deletes every paper of a visitor, with its reminders; gives how many."""
    with joined(session) as own:
        return int(own.execute(delete(models.Paper).where(models.Paper.conversation_id == conversation_id)).rowcount)


def purge(before: datetime, *, session: Session | None = None) -> int:
    """Deletes papers made before a moment, with their unsent reminders; gives how many."""
    with joined(session) as own:
        result = own.execute(delete(models.Paper).where(col(models.Paper.created) < before))
        return int(result.rowcount)
