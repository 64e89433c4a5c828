"""From "ik wil iemand spreken" to a coach who is asked: a request is made, changed and withdrawn by the visitor, and expires.

What a coach does with it stands in ``handoff_coach``, what may follow what in ``handoff_request``. Every step is one database transaction,
together with what has to be told to coaches (outbox).
"""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import select

from steunwijzer import calendar_nl, conversations, directory, mail, models
from steunwijzer.db import col, joined, utcnow
from steunwijzer.handoff_consent import preview_with, subject_of
from steunwijzer.handoff_offer import note_outcome, offer, offer_again, tell_asked
from steunwijzer.handoff_reading import view_of
from steunwijzer.handoff_request import OPEN, WAITING, Draft, NotPossible, Request
from steunwijzer.handoff_steps import REFUSAL, announce, bot_again, locked, note_event, serialised, step

TICK_BATCH = 50


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
        serialised(session)
        if conversations.get(draft.conversation_id, session=session) is None:
            raise conversations.UnknownConversation(draft.conversation_id)
        if draft.key is not None:
            earlier = session.execute(
                select(models.Request).where(models.Request.conversation_id == draft.conversation_id, models.Request.key == draft.key)
            ).scalar_one_or_none()
            if earlier is not None:
                return view_of(earlier)
        row = models.Request(
            id=secrets.token_urlsafe(16),
            kind=draft.kind,
            state="requested",
            conversation_id=draft.conversation_id,
            key=draft.key,
            created=now,
            changed=now,
            subject=subject_of(draft.subject),
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
        note_event(session, row, "visitor", "create", None, "requested", {"kind": draft.kind})
        offer(session, row, now, backup_first=False)
        coach = directory.coach(row.coach_id, session=session) if row.coach_id else None
        row.promised = preview_with(draft.kind, draft.region, coach, now, draft.wanted_date).promised
        announce(session, row)
        return view_of(row)


def cancel(request_id: str, *, actor: str = "visitor") -> Request:
    """The visitor withdraws the request. Cancelling twice is the same as once. Raises ``UnknownRequest``, ``NotPossible``."""
    with joined(None) as session:
        row = locked(session, request_id)
        if row.state == "cancelled":
            return view_of(row)
        coach_id = row.coach_id
        step(session, row, "cancel", actor)
        row.closed, row.due = row.changed, None
        note_outcome(session, row, "cancelled")
        bot_again(session, row, None)
        tell_asked(session, row)
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
        return view_of(row)


def change_contact(request_id: str, *, phone: str | None = None, email: str | None = None, actor: str = "visitor") -> Request:
    """The visitor gives another telephone number (E.164) or e-mail address; what is None stays. The same data again changes nothing.

    Raises ``UnknownRequest``, ``NotPossible`` when the request is finished.
    """
    with joined(None) as session:
        row = locked(session, request_id)
        if row.state not in OPEN:
            raise NotPossible(REFUSAL[row.state])
        before = (row.phone, row.email)
        row.phone, row.email = phone or row.phone, email or row.email
        if (row.phone, row.email) == before:
            return view_of(row)
        row.changed = utcnow()
        changed = view_of(row)
        row.consent = f"{row.consent}\nContact, gewijzigd door de bezoeker ({calendar_nl.moment_in_words(row.changed)}): {changed.contact}"
        note_event(session, row, actor, "contact", row.state, row.state)
        announce(session, row)
        tell_asked(session, row)
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
        return view_of(row)


def add_wish(request_id: str, wish: str, actor: str = "visitor") -> Request:
    """The visitor names a day or time after the request was sent; what was promised stays, the coach sees the wish.

    Raises ``UnknownRequest``, ``NotPossible`` when the request is finished.
    """
    with joined(None) as session:
        row = locked(session, request_id)
        if row.state not in OPEN:
            raise NotPossible(REFUSAL[row.state])
        if wish in (row.wanted or ""):
            return view_of(row)
        row.wanted = f"{row.wanted}; later gezegd: {wish}" if row.wanted else wish
        row.changed = utcnow()
        row.consent = f"{row.consent}\nWens, toegevoegd door de bezoeker ({calendar_nl.moment_in_words(row.changed)}): {wish}"
        note_event(session, row, actor, "wish", row.state, row.state)
        announce(session, row)
        tell_asked(session, row)
        return view_of(row)


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
            serialised(session)
            row = locked(session, request_id, missing_ok=True)
            if row is None or row.state not in WAITING or row.due is None or row.due > now:
                continue
            if row.state == "requested":
                step(session, row, "expire", "system")
                note_outcome(session, row, "expired")
            offer_again(session, row, backup_first=True)
            handled += 1
    return handled
