"""Before consent: who would get a request, when an answer may be expected, and what exactly is sent."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from steunwijzer import calendar_nl, regions
from steunwijzer.calendar_nl import AMSTERDAM
from steunwijzer.contact import shown_phone
from steunwijzer.db import joined, utcnow
from steunwijzer.directory import Coach
from steunwijzer.handoff_choice import choose, start_of_next_working_day
from steunwijzer.handoff_request import Draft, Kind, Preview
from steunwijzer.masking import mask
from steunwijzer.settings import get_settings

MAX_SUBJECT = 500


def callback_day(wanted: date | None = None, *, now: datetime | None = None) -> date:
    """The day of a call-back: the wanted day when it is a working day from today on, else the first working day after it.

    Without a wish: today when enough of the working day is left, else the next working day.
    """
    now = now or utcnow()
    today = now.astimezone(AMSTERDAM).date()
    minutes = get_settings().callback_response_minutes
    first = calendar_nl.add_working_minutes(now, minutes).astimezone(AMSTERDAM).date()
    day = wanted if wanted and wanted > today else first
    return day if calendar_nl.is_working_day(day) else calendar_nl.next_working_day(day)


def preview(kind: Kind, region: str, gemeenten: Iterable[str] = (), *, wanted_date: date | None = None) -> Preview:
    """Who would get a request for this place now, and when the visitor may expect an answer. Changes nothing."""
    now = utcnow()
    with joined(None, reading=True) as session:
        chosen = choose(session, kind, region, tuple(gemeenten), now, exclude=frozenset(), backup_first=False)
    return preview_with(kind, region, chosen, now, wanted_date)


def preview_with(kind: Kind, region: str, coach: Coach | None, now: datetime, wanted_date: date | None) -> Preview:
    """What a visitor may expect when this coach, or none yet, is asked."""
    recipient = coach.name if coach else coaches_of(region)
    organisation = coach.organisation if coach else None
    coach_id = coach.id if coach else None
    if kind == "callback":
        day = callback_day(wanted_date, now=now)
        promised = datetime.combine(day, get_settings().work_end, AMSTERDAM)
        words = "vandaag" if day == now.astimezone(AMSTERDAM).date() else f"op {calendar_nl.day_in_words(day)}"
        return Preview(recipient, organisation, coach_id, False, promised, f"Een coach belt u {words}, onder werktijd.")
    if coach is not None and coach.working(now):
        due = calendar_nl.add_working_minutes(now, get_settings().response_minutes, coach.hours)
        words = calendar_nl.moment_in_words(due, now)
        return Preview(recipient, organisation, coach_id, True, due, f"Er is nu een coach aan het werk. U krijgt uiterlijk {words} antwoord.")
    hours = coach.hours if coach else None
    start = calendar_nl.next_working_moment(max(now, coach.away_until) if coach and coach.away_until else now, hours)
    if coach is None and start <= now:
        # Everybody is full or away: not a matter of hours. The next working day is what can be kept.
        start = start_of_next_working_day(now)
    due = calendar_nl.add_working_minutes(start, get_settings().response_minutes, hours)
    day = due.astimezone(AMSTERDAM).date()
    why = "geen coach aan het werk" if coach else "geen coach vrij"
    when = f"op {calendar_nl.day_in_words(day)} contact met u op"
    if day == now.astimezone(AMSTERDAM).date():
        when = f"vandaag contact met u op, na {calendar_nl.clock(start)}"
    return Preview(recipient, organisation, coach_id, False, due, f"Er is nu {why}. Een coach neemt {when}.")


def coaches_of(region: str) -> str:
    """The coaches of a region together, as a recipient."""
    found = regions.region(region)
    return f"de coaches van regio {found.spoken if found else region}"


def place_in_region(place: str, region: str) -> str:
    """``Tiel (regio Rivierenland)``, ``Hoorn (gemeente Hoorn, regio …)``; a region as a whole is said once."""
    found = regions.region(region)
    spoken = found.spoken if found else region
    if place == f"regio {spoken}":
        return place
    return f"{place[:-1]}, regio {spoken})" if place.endswith(")") else f"{place} (regio {spoken})"


def consent_text(draft: Draft, shown: Preview) -> str:
    """Exactly what is sent, to whom, and how long it is kept; to be shown before anything is sent and stored with the request."""
    lines = [
        f"Mag ik dit sturen naar {shown.recipient}" + (f" van {shown.organisation}?" if shown.organisation else "?"),
        f"Waar het over gaat: {subject_of(draft.subject)}",
        f"Plaats: {place_in_region(draft.place, draft.region)}",
    ]
    contact = " en ".join(part for part in (shown_phone(draft.phone), draft.email) if part)
    lines += [f"Naam: {draft.name}"] if draft.name else []
    lines.append(f"Contact: {contact}" if contact else "Contact: geen; u chat hier met de coach")
    lines += [f"Wanneer: {draft.wanted}"] if draft.wanted else []
    months = round(get_settings().request_retention_days / 30.5)
    lines.append(
        f"Kan deze coach niet, dan krijgt een andere coach in de regio of het reserveteam het. We bewaren het tot {months} maanden na afloop."
    )
    return "\n".join(lines)


def subject_of(words: str) -> str:
    """The subject as it is sent: masked, on one line, not too long."""
    masked = " ".join(mask(words, persons=True).text.split())
    return masked if len(masked) <= MAX_SUBJECT else masked[: MAX_SUBJECT - 1].rstrip() + "…"
