"""From "ik wil iemand spreken" to a coach who takes the request: created, offered, taken, passed on, closed.

``TRANSITIONS`` is the only place that says what may follow what. Every transition is one database transaction, with an audit event, with
what has to be told to coaches (outbox) and, when it concerns the visitor, with a message in the conversation. To the visitor a request
that was declined or expired is still requested: it only goes to another coach.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Literal

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from steunwijzer import calendar_nl, conversations, directory, mail, models, outbox, regions
from steunwijzer.bus import publish
from steunwijzer.calendar_nl import AMSTERDAM
from steunwijzer.contact import shown_phone
from steunwijzer.db import col, joined, on_commit, utcnow
from steunwijzer.directory import Coach
from steunwijzer.masking import mask
from steunwijzer.settings import get_settings

Kind = Literal["handoff", "callback"]
State = Literal["requested", "accepted", "declined", "expired", "cancelled", "closed"]
Event = Literal["accept", "decline", "expire", "reassign", "pass_on", "cancel", "close", "give_back", "resume"]
PublicState = Literal["none", "requested", "accepted", "closed", "cancelled"]

TRANSITIONS: Mapping[tuple[State, Event], State] = {
    ("requested", "accept"): "accepted",
    ("requested", "decline"): "declined",
    ("requested", "expire"): "expired",
    ("requested", "cancel"): "cancelled",
    ("declined", "reassign"): "requested",
    ("declined", "accept"): "accepted",
    ("declined", "cancel"): "cancelled",
    ("expired", "reassign"): "requested",
    ("expired", "accept"): "accepted",
    ("expired", "cancel"): "cancelled",
    ("accepted", "pass_on"): "declined",
    ("accepted", "give_back"): "accepted",
    ("accepted", "resume"): "accepted",
    ("accepted", "cancel"): "cancelled",
    ("accepted", "close"): "closed",
}
OPEN: tuple[State, ...] = ("requested", "accepted", "declined", "expired")
WAITING: tuple[State, ...] = ("requested", "declined", "expired")
PUBLIC: Mapping[State, PublicState] = {
    "requested": "requested",
    "declined": "requested",
    "expired": "requested",
    "accepted": "accepted",
    "closed": "closed",
    "cancelled": "cancelled",
}
MAX_SUBJECT = 500
TICK_BATCH = 50
_ASSIGN_LOCK = 743_019_353


class HandoffError(Exception):
    """A step that is not possible; ``detail`` says why, in Dutch, to show to whoever tried."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UnknownRequest(HandoffError):
    """There is no such request (any more)."""


class NotPossible(HandoffError):
    """The transition table does not allow this step from the present state."""


class AlreadyTaken(NotPossible):
    """Another coach was first."""


class NotAllowed(HandoffError):
    """This coach may not do this with this request."""


@dataclass(frozen=True)
class Draft:
    """What a visitor wants to send, before consent. A call-back needs a telephone number (E.164); a hand-off may have no contact at all.

    ``key`` identifies the sending (for instance the id of the flow): the same key in the same conversation makes one request.
    """

    kind: Kind
    conversation_id: str
    subject: str
    place: str
    region: str
    gemeenten: tuple[str, ...] = ()
    topic: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    wanted: str | None = None
    wanted_date: date | None = None
    key: str | None = None


@dataclass(frozen=True)
class Preview:
    """Who would get the request now and when an answer may be expected. ``recipient`` is shown in the consent.

    ``available``: a coach is at work now. ``promised``: the latest moment of an answer (hand-off) or the day of the call (call-back).
    """

    recipient: str
    organisation: str | None
    coach_id: str | None
    available: bool
    promised: datetime
    expectation: str


@dataclass(frozen=True)
class Request:
    """A request as services and pages see it."""

    id: str
    kind: Kind
    state: State
    conversation_id: str | None
    created: datetime
    changed: datetime
    subject: str
    topic: str | None
    place: str
    region: str
    gemeenten: tuple[str, ...]
    name: str | None
    phone: str | None
    email: str | None
    wanted: str | None
    wanted_date: date | None
    consent: str
    coach_id: str | None
    round: int
    due: datetime | None
    promised: datetime | None
    accepted: datetime | None
    closed: datetime | None
    close_reason: str | None

    @property
    def public_state(self) -> PublicState:
        """What the visitor sees."""
        return PUBLIC[self.state]

    @property
    def contact(self) -> str:
        """Telephone number and e-mail address as a Dutch reader writes them; empty when there are none."""
        return " en ".join(part for part in (shown_phone(self.phone), self.email) if part)

    @property
    def region_name(self) -> str:
        """The name of the arbeidsmarktregio."""
        found = regions.region(self.region)
        return found.name if found else self.region


@dataclass(frozen=True)
class Status:
    """Where the request of a visitor stands: ``state`` for the contract, ``text`` in Dutch, the request when there is one."""

    state: PublicState
    text: str
    request: Request | None = None


@dataclass(frozen=True)
class Note:
    """A coach's note about a request."""

    id: int
    request_id: str
    coach_id: str
    text: str
    created: datetime


@dataclass(frozen=True)
class AuditEvent:
    """Something that happened to a request, without content."""

    at: datetime
    actor: str
    event: str
    before: str | None
    after: str | None
    detail: dict[str, Any]


# Before consent -------------------------------------------------------------------------------------------------------------------


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
        chosen = _choose(session, kind, region, tuple(gemeenten), now, exclude=frozenset(), backup_first=False)
    return _preview(kind, region, chosen, now, wanted_date)


def _preview(kind: Kind, region: str, coach: Coach | None, now: datetime, wanted_date: date | None) -> Preview:
    recipient = coach.name if coach else _coaches_of(region)
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
        start = _start_of_next_working_day(now)
    due = calendar_nl.add_working_minutes(start, get_settings().response_minutes, hours)
    day = due.astimezone(AMSTERDAM).date()
    why = "geen coach aan het werk" if coach else "geen coach vrij"
    when = f"op {calendar_nl.day_in_words(day)} contact met u op"
    if day == now.astimezone(AMSTERDAM).date():
        when = f"vandaag contact met u op, na {calendar_nl.clock(start)}"
    return Preview(recipient, organisation, coach_id, False, due, f"Er is nu {why}. Een coach neemt {when}.")


def _coaches_of(region: str) -> str:
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
        f"Waar het over gaat: {_subject(draft.subject)}",
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


# The visitor ----------------------------------------------------------------------------------------------------------------------


def create(draft: Draft, consent: str) -> Request:
    """Store the request, choose a coach and put the offer in the outbox: one transaction. Only after consent.

    The same ``draft.key`` in the same conversation gives the request that was made before. Raises ``NotPossible`` when consent is missing
    or a call-back has no telephone number, ``conversations.UnknownConversation`` when the conversation does not exist.
    """
    if not consent.strip():
        raise NotPossible("Zonder toestemming versturen we niets.")
    if draft.kind == "callback" and not draft.phone:
        raise NotPossible("Om u terug te bellen is een telefoonnummer nodig.")
    now = utcnow()
    with joined(None) as session:
        _serialised(session)
        if conversations.get(draft.conversation_id, session=session) is None:
            raise conversations.UnknownConversation(draft.conversation_id)
        if draft.key is not None:
            earlier = session.execute(
                select(models.Request).where(models.Request.conversation_id == draft.conversation_id, models.Request.key == draft.key)
            ).scalar_one_or_none()
            if earlier is not None:
                return _view(earlier)
        row = models.Request(
            id=secrets.token_urlsafe(16),
            kind=draft.kind,
            state="requested",
            conversation_id=draft.conversation_id,
            key=draft.key,
            created=now,
            changed=now,
            subject=_subject(draft.subject),
            topic=draft.topic,
            place=draft.place,
            region=draft.region,
            gemeenten=list(draft.gemeenten),
            name=draft.name,
            phone=draft.phone,
            email=draft.email,
            wanted=draft.wanted,
            wanted_date=draft.wanted_date,
            consent=consent,
            round=0,
        )
        session.add(row)
        session.flush()
        _audit(session, row, "visitor", "create", None, "requested", {"kind": draft.kind})
        _offer(session, row, now, backup_first=False)
        coach = directory.coach(row.coach_id, session=session) if row.coach_id else None
        row.promised = _preview(draft.kind, draft.region, coach, now, draft.wanted_date).promised
        _announce(session, row)
        return _view(row)


def cancel(request_id: str, *, actor: str = "visitor") -> Request:
    """The visitor withdraws the request. Cancelling twice is the same as once. Raises ``UnknownRequest``, ``NotPossible``."""
    with joined(None) as session:
        row = _locked(session, request_id)
        if row.state == "cancelled":
            return _view(row)
        coach_id = row.coach_id
        _step(session, row, "cancel", actor)
        row.closed, row.due = row.changed, None
        _outcome(session, row, "cancelled")
        _bot_again(session, row, None)
        _tell_asked(session, row)
        if coach_id:
            coach = directory.coach(coach_id, session=session)
            if coach.email:
                mail.enqueue(
                    session,
                    key=f"cancelled:{row.id}",
                    kind="request.cancelled",
                    recipient=coach.email,
                    payload={"coach": coach_id},
                    request_id=row.id,
                )
        return _view(row)


def change_contact(request_id: str, *, phone: str | None = None, email: str | None = None, actor: str = "visitor") -> Request:
    """The visitor gives another telephone number (E.164) or e-mail address; what is None stays. The same data again changes nothing.

    Raises ``UnknownRequest``, ``NotPossible`` when the request is finished.
    """
    with joined(None) as session:
        row = _locked(session, request_id)
        if row.state not in OPEN:
            raise NotPossible(_REFUSAL[row.state])
        before = (row.phone, row.email)
        row.phone, row.email = phone or row.phone, email or row.email
        if (row.phone, row.email) == before:
            return _view(row)
        row.changed = utcnow()
        changed = _view(row)
        row.consent = f"{row.consent}\nContact, gewijzigd door de bezoeker ({calendar_nl.moment_in_words(row.changed)}): {changed.contact}"
        _audit(session, row, actor, "contact", row.state, row.state)
        _announce(session, row)
        _tell_asked(session, row)
        coach = directory.coach(row.coach_id, session=session) if row.coach_id and row.state == "accepted" else None
        if coach is not None and coach.email:
            # Who has not taken it yet reads the contact data with the request, not in the mail about it.
            mail.enqueue(
                session,
                key=f"contact:{row.id}:{secrets.token_urlsafe(6)}",
                kind="request.contact",
                recipient=coach.email,
                payload={"coach": coach.id},
                request_id=row.id,
            )
        return _view(row)


def add_wish(request_id: str, wish: str, actor: str = "visitor") -> Request:
    """The visitor names a day or time after the request was sent; what was promised stays, the coach sees the wish.

    Raises ``UnknownRequest``, ``NotPossible`` when the request is finished.
    """
    with joined(None) as session:
        row = _locked(session, request_id)
        if row.state not in OPEN:
            raise NotPossible(_REFUSAL[row.state])
        if wish in (row.wanted or ""):
            return _view(row)
        row.wanted = f"{row.wanted}; later gezegd: {wish}" if row.wanted else wish
        row.changed = utcnow()
        row.consent = f"{row.consent}\nWens, toegevoegd door de bezoeker ({calendar_nl.moment_in_words(row.changed)}): {wish}"
        _audit(session, row, actor, "wish", row.state, row.state)
        _announce(session, row)
        _tell_asked(session, row)
        return _view(row)


def status(conversation_id: str) -> Status:
    """The truth about the newest request of a conversation, for "wanneer belt er iemand?"."""
    row = latest(conversation_id)
    if row is None:
        return Status("none", "Er staat nog geen verzoek van u bij een coach. Zal ik een coach voor u vragen?")
    return Status(row.public_state, _status_text(row), row)


def _status_text(row: Request) -> str:
    now = utcnow()
    coach = directory.coach(row.coach_id) if row.coach_id else None
    who = coach.name if coach else _coaches_of(row.region)
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
        views = [_view(row) for row in own.execute(_OF_CONVERSATION, {"conversation": conversation_id}).scalars()]
    return next((view for view in views if view.state in OPEN), views[0] if views else None)


_OF_CONVERSATION = (
    select(models.Request).where(models.Request.conversation_id == bindparam("conversation")).order_by(col(models.Request.created).desc())
)


def open_request(conversation_id: str) -> Request | None:
    """The request of this conversation that is not finished, or None."""
    found = latest(conversation_id)
    return found if found and found.state in OPEN else None


# The coach ------------------------------------------------------------------------------------------------------------------------


def accept(request_id: str, coach_id: str) -> Request:
    """The coach takes the request: of two coaches one wins. Taking what one already has is no error.

    A hand-off opens the live chat. Raises ``UnknownRequest``, ``AlreadyTaken``, ``NotPossible``, ``NotAllowed`` and
    ``directory.UnknownCoach``.
    """
    with joined(None) as session:
        coach = directory.coach(coach_id, session=session)
        row = _locked(session, request_id)
        if row.state == "accepted":
            if row.coach_id == coach_id:
                return _view(row)
            raise AlreadyTaken(f"{directory.coach(row.coach_id, session=session).name} heeft deze aanvraag al aangenomen.")
        if not coach.active or not (coach.serves(row.region, row.gemeenten) or coach.backup or row.coach_id == coach_id):
            raise NotAllowed("Deze aanvraag valt buiten je werkgebied.")
        _step(session, row, "accept", f"coach:{coach_id}")
        if row.coach_id != coach_id:
            _outcome(session, row, "taken")
            _asked(session, row, coach_id)
        _outcome(session, row, "accepted")
        row.coach_id, row.accepted, row.due = coach_id, row.changed, None
        if row.conversation_id:
            if row.kind == "handoff":
                _coach_takes_over(session, row)
                _say(session, row, f"U praat nu met {coach.name} van {coach.organisation}. Dit is een mens, niet de assistent.", coach)
            else:
                _say(session, row, f"{coach.name} van {coach.organisation} heeft uw verzoek om terug te bellen aangenomen.", coach)
        _tell_asked(session, row)
        return _view(row)


def decline(request_id: str, coach_id: str) -> Request:
    """The coach who was asked says no: the next one is asked at once. Raises as ``accept``; ``NotAllowed`` when another was asked."""
    with joined(None) as session:
        _serialised(session)
        row = _locked(session, request_id)
        if row.state == "requested" and row.coach_id != coach_id:
            raise NotAllowed("Deze aanvraag staat niet bij jou.")
        _step(session, row, "decline", f"coach:{coach_id}")
        _outcome(session, row, "declined")
        _offer_again(session, row, backup_first=False)
        return _view(row)


def pass_on(request_id: str, coach_id: str, to: str | None = None) -> Request:
    """The coach hands the request to a colleague (``to``) or to the next in line. Raises as ``accept``."""
    with joined(None) as session:
        _serialised(session)
        row = _locked(session, request_id)
        if row.coach_id != coach_id:
            raise NotAllowed("Deze aanvraag staat niet bij jou.")
        target = directory.coach(to, session=session) if to else None
        if target and (not target.active or target.id == coach_id):
            raise NotAllowed("Kies een andere collega die nu coach is.")
        chatting = row.state == "accepted"
        _step(session, row, "pass_on" if chatting else "decline", f"coach:{coach_id}")
        _outcome(session, row, "declined")
        row.accepted = None
        if chatting:
            _bot_again(session, row, "De coach geeft uw vraag door aan een collega. U kunt hier intussen gewoon verder vragen.")
        _offer_again(session, row, backup_first=False, to=target)
        return _view(row)


def close(request_id: str, coach_id: str, *, reason: str = "done") -> Request:
    """The coach is ready; the assistant answers again. ``reason``: done, no_answer, other. Raises as ``accept``."""
    if reason not in ("done", "no_answer", "other"):
        raise ValueError("reason is done, no_answer or other")
    with joined(None) as session:
        row = _locked(session, request_id)
        if row.state == "closed":
            return _view(row)
        _own(row, coach_id)
        _step(session, row, "close", f"coach:{coach_id}", {"reason": reason})
        row.closed, row.close_reason, row.due = row.changed, reason, None
        _bot_again(session, row, _goodbye(session, row, directory.coach(coach_id, session=session).name))
        _tell_asked(session, row)
        return _view(row)


def _goodbye(session: Session, row: models.Request, coach: str) -> str:
    """What the visitor reads when a coach is ready: only who was chatting hears that a chat ended."""
    if row.kind != "callback":
        conversation = conversations.get(row.conversation_id, session=session) if row.conversation_id else None
        if conversation is not None and conversation.request_id == row.id:
            return f"{coach} heeft het gesprek afgesloten. U praat weer met de digitale assistent."
        return f"{coach} heeft uw verzoek afgesloten. Hebt u nog een vraag? Stel die gerust hier."
    if row.close_reason == "no_answer":
        return f"{coach} kon u niet bereiken en heeft uw terugbelverzoek afgesloten. Wilt u toch gebeld worden? Vraag het hier opnieuw aan."
    ended = "afgerond" if row.close_reason == "done" else "afgesloten"
    return f"{coach} heeft uw terugbelverzoek {ended}. Hebt u nog een vraag? Stel die gerust hier."


def give_back(request_id: str, coach_id: str) -> Request:
    """The assistant answers again, the coach keeps the request. Raises as ``accept``."""
    with joined(None) as session:
        row = _locked(session, request_id)
        _own(row, coach_id)
        _step(session, row, "give_back", f"coach:{coach_id}")
        coach = directory.coach(coach_id, session=session)
        _bot_again(session, row, f"U praat weer met de digitale assistent. {coach.name} houdt uw vraag wel bij zich.")
        return _view(row)


def resume(request_id: str, coach_id: str) -> Request:
    """The coach takes the conversation over again after ``give_back``. Raises as ``accept``; ``NotPossible`` without a conversation."""
    with joined(None) as session:
        row = _locked(session, request_id)
        _own(row, coach_id)
        if row.conversation_id is None:
            raise NotPossible("Het gesprek van deze bezoeker is al verwijderd.")
        _step(session, row, "resume", f"coach:{coach_id}")
        _coach_takes_over(session, row)
        coach = directory.coach(coach_id, session=session)
        _say(session, row, f"U praat weer met {coach.name} van {coach.organisation}.", coach)
        return _view(row)


def add_note(request_id: str, coach_id: str, note: str) -> Note:
    """Keep a note with the request, masked; visitors never see it. Raises ``UnknownRequest``, ``NotPossible`` for an empty note."""
    if not note.strip():
        raise NotPossible("De notitie is leeg.")
    with joined(None) as session:
        row = _locked(session, request_id)
        made = models.Note(request_id=row.id, coach_id=coach_id, text=mask(note.strip()).text, created=utcnow())
        session.add(made)
        _audit(session, row, f"coach:{coach_id}", "note", row.state, row.state)
        session.flush()
        return Note(made.id, made.request_id, made.coach_id, made.text, made.created)


def notes(request_id: str) -> list[Note]:
    """The notes of a request, oldest first."""
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.Note).where(models.Note.request_id == request_id).order_by(models.Note.id)).scalars()
        return [Note(row.id, row.request_id, row.coach_id, row.text, row.created) for row in rows]


def get(request_id: str) -> Request:
    """One request. Raises ``UnknownRequest``."""
    with joined(None, reading=True) as session:
        row = session.get(models.Request, request_id)
        if row is None:
            raise UnknownRequest("Deze aanvraag bestaat niet meer.")
        return _view(row)


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


def audit(subject: str) -> list[AuditEvent]:
    """What happened to a request (or coach), oldest first; also after the request itself was removed."""
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.AuditEvent).where(models.AuditEvent.subject == subject).order_by(models.AuditEvent.id)).scalars()
        return [AuditEvent(row.at, row.actor, row.event, row.before, row.after, dict(row.detail)) for row in rows]


# Time -----------------------------------------------------------------------------------------------------------------------------


def tick(now: datetime | None = None) -> int:
    """Let requests expire whose response time has passed and ask the next coach; returns how many. Call it every few seconds.

    Safe in several processes at once: each request is looked at again under its lock.
    """
    now = now or utcnow()
    due = col(models.Request.due)
    with joined(None, reading=True) as session:
        query = select(models.Request.id).where(col(models.Request.state).in_(WAITING), due.is_not(None), due <= now)
        ids = [each for (each,) in session.execute(query.order_by(due).limit(TICK_BATCH))]
    handled = 0
    for request_id in ids:
        with joined(None) as session:
            _serialised(session)
            row = _locked(session, request_id, missing_ok=True)
            if row is None or row.state not in WAITING or row.due is None or row.due > now:
                continue
            if row.state == "requested":
                _step(session, row, "expire", "system")
                _outcome(session, row, "expired")
            _offer_again(session, row, backup_first=True)
            handled += 1
    return handled


# Inside a transaction -------------------------------------------------------------------------------------------------------------


def _serialised(session: Session) -> None:
    """One choice of coach at a time: otherwise two requests at once could overfill one coach. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ASSIGN_LOCK})


def _locked(session: Session, request_id: str, *, missing_ok: bool = False) -> Any:
    row = session.execute(select(models.Request).where(models.Request.id == request_id).with_for_update()).scalar_one_or_none()
    if row is None and not missing_ok:
        raise UnknownRequest("Deze aanvraag bestaat niet meer.")
    return row


def _own(row: models.Request, coach_id: str) -> None:
    if row.state == "accepted" and row.coach_id != coach_id:
        raise NotAllowed("Deze aanvraag is van een andere coach.")


_REFUSAL: Mapping[State, str] = {
    "requested": "Deze aanvraag is nog niet aangenomen.",
    "declined": "Deze aanvraag staat niet meer bij jou.",
    "expired": "Deze aanvraag staat niet meer bij jou.",
    "accepted": "Deze aanvraag is al aangenomen.",
    "cancelled": "De bezoeker heeft deze aanvraag ingetrokken.",
    "closed": "Deze aanvraag is al afgesloten.",
}


def _step(session: Session, row: models.Request, event: Event, actor: str, detail: Mapping[str, Any] | None = None) -> None:
    before = row.state
    after = TRANSITIONS.get((before, event))  # type: ignore[arg-type]
    if after is None:
        raise NotPossible(_REFUSAL[before])  # type: ignore[index]
    row.state, row.changed = after, utcnow()
    _audit(session, row, actor, event, before, after, detail)
    _announce(session, row)


def _audit(
    session: Session,
    row: models.Request,
    actor: str,
    event: str,
    before: str | None,
    after: str | None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    session.add(models.AuditEvent(at=utcnow(), actor=actor, event=event, subject=row.id, before=before, after=after, detail=dict(detail or {})))


def _announce(session: Session, row: models.Request) -> None:
    request_id, conversation_id = row.id, row.conversation_id

    def tell() -> None:
        publish(f"request:{request_id}", kind="state")
        publish("queue", kind="state", request=request_id)
        if conversation_id:
            publish(f"conversation:{conversation_id}", kind="state")

    on_commit(session, tell)


def _say(session: Session, row: models.Request, words: str, coach: Coach | None = None) -> None:
    """A message of the assistant in the visitor's conversation about what changed."""
    card = {"kind": "handoff", "state": PUBLIC[row.state], "coach": coach.name if coach else None}  # type: ignore[index]
    conversations.append(row.conversation_id, "assistant", {"text": words, "card": card}, session=session)  # type: ignore[arg-type]


def _coach_takes_over(session: Session, row: models.Request) -> None:
    conversations.set_owner(row.conversation_id, "coach", row.id, session=session)  # type: ignore[arg-type]
    _interrupt(session, row)


def _interrupt(session: Session, row: models.Request) -> bool:
    """Pause the guided flow that was open: what comes next is said to the coach, or after the chat, and no answer to its step.

    Gives whether such a flow waits to be taken up again.
    """
    conversation = conversations.get(row.conversation_id, session=session)  # type: ignore[arg-type]
    flow = conversation.flow if conversation else None
    if conversation is None or flow is None:
        return False
    if flow.get("status") == "open":
        flow = {**flow, "status": "paused", "interrupted": True}
        state = {**conversation.state, "flow": None, "step": None, "asks_for": None}
        conversations.save(conversation.id, state=state, flow=flow, session=session)
    return flow.get("status") == "paused" and bool(flow.get("interrupted"))


def _bot_again(session: Session, row: models.Request, words: str | None) -> None:
    if row.conversation_id is None:
        return
    conversation = conversations.get(row.conversation_id, session=session)
    chatting = conversation is not None and conversation.request_id == row.id
    if chatting:
        conversations.set_owner(row.conversation_id, "bot", None, session=session)
    if words:
        _say(session, row, words)
    # Once more: a message that was being answered while the coach came may have put the flow back on its step.
    if chatting and _interrupt(session, row):
        buttons = [{"title": "Ga verder", "value": "Ga verder"}, {"title": "Nee, niet nu", "value": "Nee"}]
        asked = {"text": "U was nog met iets anders bezig. Zullen we daarmee verdergaan?", "buttons": buttons}
        conversations.append(row.conversation_id, "assistant", asked, session=session)
        state = conversations.get(row.conversation_id, session=session).state  # type: ignore[union-attr]
        conversations.save(row.conversation_id, state={**state, "asks_for": "choice"}, session=session)


def _asked(session: Session, row: models.Request, coach_id: str) -> None:
    row.round += 1
    session.add(models.RequestAsked(request_id=row.id, round=row.round, coach_id=coach_id, asked=utcnow(), outcome="asked"))
    session.flush()


def _outcome(session: Session, row: models.Request, outcome: str) -> None:
    asked = session.get(models.RequestAsked, (row.id, row.round))
    if asked is not None and asked.outcome == "asked":
        asked.outcome = outcome


def _offer_again(session: Session, row: models.Request, *, backup_first: bool, to: Coach | None = None) -> None:
    now = utcnow()
    _tell_asked(session, row)
    row.coach_id = None
    _offer(session, row, now, backup_first=backup_first, to=to)
    if row.coach_id is not None:
        _step(session, row, "reassign", "system", {"coach": row.coach_id, "round": row.round})


def _offer(session: Session, row: models.Request, now: datetime, *, backup_first: bool, to: Coach | None = None) -> None:
    """Ask a coach. When nobody is left today, the request stays in the queue for all and is offered again on the next working day."""
    asked = select(models.RequestAsked.coach_id).where(models.RequestAsked.request_id == row.id, models.RequestAsked.asked >= _midnight(now))
    exclude = frozenset(each for (each,) in session.execute(asked))
    coach = to or _choose(session, row.kind, row.region, tuple(row.gemeenten), now, exclude=exclude, backup_first=backup_first)
    if coach is None:
        row.due = _start_of_next_working_day(now)
        return
    _asked(session, row, coach.id)
    row.coach_id, row.due = coach.id, _due(row.kind, coach, now)
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


def _channels(coach: Coach) -> list[tuple[str, str]]:
    found = []
    if coach.teams_id and get_settings().teams_app_id:
        found.append(("teams", coach.id))
    if coach.email and mail.configured():
        found.append((mail.CHANNEL, coach.email))
    return found


def _tell_asked(session: Session, row: models.Request) -> None:
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


def _due(kind: str, coach: Coach, now: datetime) -> datetime:
    settings = get_settings()
    minutes = settings.response_minutes if kind == "handoff" else settings.callback_response_minutes
    return calendar_nl.add_working_minutes(max(now, coach.away_until) if coach.away_until else now, minutes, coach.hours)


def _choose(
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


def _midnight(now: datetime) -> datetime:
    return datetime.combine(now.astimezone(AMSTERDAM).date(), time(0), AMSTERDAM)


def _start_of_next_working_day(now: datetime) -> datetime:
    day = calendar_nl.next_working_day(now.astimezone(AMSTERDAM).date())
    return datetime.combine(day, get_settings().work_start, AMSTERDAM)


def _subject(words: str) -> str:
    masked = " ".join(mask(words, persons=True).text.split())
    return masked if len(masked) <= MAX_SUBJECT else masked[: MAX_SUBJECT - 1].rstrip() + "…"


def _requests(*conditions: Any) -> list[Request]:
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.Request).where(*conditions).order_by(models.Request.created)).scalars()
        return [_view(row) for row in rows]


def _view(row: models.Request) -> Request:
    values = {name: getattr(row, name) for name in Request.__dataclass_fields__ if name != "gemeenten"}
    return Request(gemeenten=tuple(row.gemeenten), **values)


# What coaches are told by mail ----------------------------------------------------------------------------------------------------


@mail.writes("request.offered")
def _offer_mail(delivery: outbox.Delivery) -> mail.Mail:
    row = _still(delivery, "requested")
    what = "Terugbelverzoek" if row.kind == "callback" else "Verzoek"
    until = f"Je kunt reageren tot {calendar_nl.moment_in_words(row.due)}. Daarna vragen we een collega.\n\n" if row.due else ""
    when = f"Wanneer: {row.wanted}\n" if row.wanted else ""
    return mail.Mail(
        delivery.recipient,
        f"{what} uit {row.place} ({row.region_name})",
        f"Er is een verzoek van een werkgever voor jou.\n\nWaar het over gaat: {row.subject}\nPlaats: {row.place}\n{when}\n{until}"
        f"Bekijk het verzoek en neem het aan: {get_settings().public_url.rstrip('/')}/desk#{row.id}\n\n"
        "De contactgegevens staan bij het verzoek. Beantwoord deze mail niet.\n",
    )


@mail.writes("request.cancelled")
def _cancel_mail(delivery: outbox.Delivery) -> mail.Mail:
    row = get(delivery.request_id or "")
    return mail.Mail(
        delivery.recipient,
        f"Ingetrokken: verzoek uit {row.place}",
        f"De werkgever heeft het verzoek uit {row.place} van {calendar_nl.moment_in_words(row.created)} ingetrokken. Je hoeft niets te doen.\n",
    )


@mail.writes("request.contact")
def _contact_mail(delivery: outbox.Delivery) -> mail.Mail:
    row = get(delivery.request_id or "")
    if row.state != "accepted" or row.coach_id != delivery.payload.get("coach"):
        raise outbox.NotNeeded("the request has changed")
    return mail.Mail(
        delivery.recipient,
        f"Andere contactgegevens: verzoek uit {row.place}",
        f"De werkgever heeft bij het verzoek uit {row.place} een ander telefoonnummer of e-mailadres gegeven.\n\n"
        f"De nieuwe gegevens staan bij het verzoek: {get_settings().public_url.rstrip('/')}/desk#{row.id}\n",
    )


def _still(delivery: outbox.Delivery, state: State) -> Request:
    """The request, if it still stands as when the message was made. Raises ``outbox.NotNeeded``."""
    try:
        row = get(delivery.request_id or "")
    except UnknownRequest:
        raise outbox.NotNeeded("the request is gone") from None
    if row.state != state or row.coach_id != delivery.payload.get("coach") or row.round != delivery.payload.get("round"):
        raise outbox.NotNeeded("the request has changed")
    return row
