"""What a coach does with a request: take it, decline it, pass it on, close it, give the conversation back, keep a note."""

from __future__ import annotations

from sqlalchemy.orm import Session

from steunwijzer import conversations, directory, models
from steunwijzer.db import joined, utcnow
from steunwijzer.handoff_offer import note_asked, note_outcome, offer_again, tell_asked
from steunwijzer.handoff_reading import view_of
from steunwijzer.handoff_request import AlreadyTaken, NotAllowed, Note, NotPossible, Request
from steunwijzer.handoff_steps import bot_again, check_owner, coach_takes_over, locked, note_event, say, serialised, step
from steunwijzer.masking import mask


def accept(request_id: str, coach_id: str) -> Request:
    """The coach takes the request: of two coaches one wins. Taking what one already has is no error.

    A hand-off opens the live chat. Raises ``UnknownRequest``, ``AlreadyTaken``, ``NotPossible``, ``NotAllowed`` and
    ``directory.UnknownCoach``.
    """
    with joined(None) as session:
        coach = directory.coach(coach_id, session=session)
        row = locked(session, request_id)
        if row.state == "accepted":
            if row.coach_id == coach_id:
                return view_of(row)
            raise AlreadyTaken(f"{directory.coach(row.coach_id, session=session).name} heeft deze aanvraag al aangenomen.")
        if not coach.active or not (coach.serves(row.region, row.gemeenten) or coach.backup or row.coach_id == coach_id):
            raise NotAllowed("Deze aanvraag valt buiten je werkgebied.")
        step(session, row, "accept", f"coach:{coach_id}")
        if row.coach_id != coach_id:
            note_outcome(session, row, "taken")
            note_asked(session, row, coach_id)
        note_outcome(session, row, "accepted")
        row.coach_id, row.accepted, row.due = coach_id, row.changed, None
        if row.conversation_id:
            if row.kind == "handoff":
                coach_takes_over(session, row)
                say(session, row, f"U praat nu met {coach.name} van {coach.organisation}. Dit is een mens, niet de assistent.", coach)
            else:
                say(session, row, f"{coach.name} van {coach.organisation} heeft uw verzoek om terug te bellen aangenomen.", coach)
        tell_asked(session, row)
        return view_of(row)


def decline(request_id: str, coach_id: str) -> Request:
    """The coach who was asked says no: the next one is asked at once. Raises as ``accept``; ``NotAllowed`` when another was asked."""
    with joined(None) as session:
        serialised(session)
        row = locked(session, request_id)
        if row.state == "requested" and row.coach_id != coach_id:
            raise NotAllowed("Deze aanvraag staat niet bij jou.")
        step(session, row, "decline", f"coach:{coach_id}")
        note_outcome(session, row, "declined")
        offer_again(session, row, backup_first=False)
        return view_of(row)


def pass_on(request_id: str, coach_id: str, to: str | None = None) -> Request:
    """The coach hands the request to a colleague (``to``) or to the next in line. Raises as ``accept``."""
    with joined(None) as session:
        serialised(session)
        row = locked(session, request_id)
        if row.coach_id != coach_id:
            raise NotAllowed("Deze aanvraag staat niet bij jou.")
        target = directory.coach(to, session=session) if to else None
        if target and (not target.active or target.id == coach_id):
            raise NotAllowed("Kies een andere collega die nu coach is.")
        chatting = row.state == "accepted"
        step(session, row, "pass_on" if chatting else "decline", f"coach:{coach_id}")
        note_outcome(session, row, "declined")
        row.accepted = None
        if chatting:
            bot_again(session, row, "De coach geeft uw vraag door aan een collega. U kunt hier intussen gewoon verder vragen.")
        offer_again(session, row, backup_first=False, to=target)
        return view_of(row)


def close(request_id: str, coach_id: str, *, reason: str = "done") -> Request:
    """The coach is ready; the assistant answers again. ``reason``: done, no_answer, other. Raises as ``accept``."""
    if reason not in ("done", "no_answer", "other"):
        raise ValueError("reason is done, no_answer or other")
    with joined(None) as session:
        row = locked(session, request_id)
        if row.state == "closed":
            return view_of(row)
        check_owner(row, coach_id)
        step(session, row, "close", f"coach:{coach_id}", {"reason": reason})
        row.closed, row.close_reason, row.due = row.changed, reason, None
        bot_again(session, row, _goodbye(session, row, directory.coach(coach_id, session=session).name))
        tell_asked(session, row)
        return view_of(row)


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
        row = locked(session, request_id)
        check_owner(row, coach_id)
        step(session, row, "give_back", f"coach:{coach_id}")
        coach = directory.coach(coach_id, session=session)
        bot_again(session, row, f"U praat weer met de digitale assistent. {coach.name} houdt uw vraag wel bij zich.")
        return view_of(row)


def resume(request_id: str, coach_id: str) -> Request:
    """The coach takes the conversation over again after ``give_back``. Raises as ``accept``; ``NotPossible`` without a conversation."""
    with joined(None) as session:
        row = locked(session, request_id)
        check_owner(row, coach_id)
        if row.conversation_id is None:
            raise NotPossible("Het gesprek van deze bezoeker is al verwijderd.")
        step(session, row, "resume", f"coach:{coach_id}")
        coach_takes_over(session, row)
        coach = directory.coach(coach_id, session=session)
        say(session, row, f"U praat weer met {coach.name} van {coach.organisation}.", coach)
        return view_of(row)


def add_note(request_id: str, coach_id: str, note: str) -> Note:
    """Keep a note with the request, masked; visitors never see it. Raises ``UnknownRequest``, ``NotPossible`` for an empty note."""
    if not note.strip():
        raise NotPossible("De notitie is leeg.")
    with joined(None) as session:
        row = locked(session, request_id)
        made = models.Note(request_id=row.id, coach_id=coach_id, text=mask(note.strip()).text, created=utcnow())
        session.add(made)
        note_event(session, row, f"coach:{coach_id}", "note", row.state, row.state)
        session.flush()
        return Note(made.id, made.request_id, made.coach_id, made.text, made.created)
