"""What every step of a request does inside its transaction: lock it, move it, write it down, tell it in the conversation.

Every transition is one database transaction, with an audit event and, when it concerns the visitor, with a message in the conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from steunwijzer import conversations, models
from steunwijzer.bus import publish
from steunwijzer.db import on_commit, utcnow
from steunwijzer.directory import Coach
from steunwijzer.handoff_request import PUBLIC, TRANSITIONS, Event, NotAllowed, NotPossible, State, UnknownRequest

_ASSIGN_LOCK = 743_019_353


def serialised(session: Session) -> None:
    """One choice of coach at a time: otherwise two requests at once could overfill one coach. SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ASSIGN_LOCK})


def locked(session: Session, request_id: str, *, missing_ok: bool = False) -> Any:
    """The stored request, locked until the transaction ends. Raises ``UnknownRequest``, unless ``missing_ok``."""
    row = session.execute(select(models.Request).where(models.Request.id == request_id).with_for_update()).scalar_one_or_none()
    if row is None and not missing_ok:
        raise UnknownRequest("Deze aanvraag bestaat niet meer.")
    return row


def check_owner(row: models.Request, coach_id: str) -> None:
    """Raises ``NotAllowed`` when another coach has the request."""
    if row.state == "accepted" and row.coach_id != coach_id:
        raise NotAllowed("Deze aanvraag is van een andere coach.")


REFUSAL: Mapping[State, str] = {
    "requested": "Deze aanvraag is nog niet aangenomen.",
    "declined": "Deze aanvraag staat niet meer bij jou.",
    "expired": "Deze aanvraag staat niet meer bij jou.",
    "accepted": "Deze aanvraag is al aangenomen.",
    "cancelled": "De bezoeker heeft deze aanvraag ingetrokken.",
    "closed": "Deze aanvraag is al afgesloten.",
}


def step(session: Session, row: models.Request, event: Event, actor: str, detail: Mapping[str, Any] | None = None) -> None:
    """Move the request by one transition, with an audit event. Raises ``NotPossible``."""
    before = row.state
    after = TRANSITIONS.get((before, event))  # type: ignore[arg-type]
    if after is None:
        raise NotPossible(REFUSAL[before])  # type: ignore[index]
    row.state, row.changed = after, utcnow()
    note_event(session, row, actor, event, before, after, detail)
    announce(session, row)


def note_event(
    session: Session,
    row: models.Request,
    actor: str,
    event: str,
    before: str | None,
    after: str | None,
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write down that something happened to the request, without content."""
    session.add(models.AuditEvent(at=utcnow(), actor=actor, event=event, subject=row.id, before=before, after=after, detail=dict(detail or {})))


def announce(session: Session, row: models.Request) -> None:
    """Tell open pages, once the transaction is through, that the request changed."""
    request_id, conversation_id = row.id, row.conversation_id

    def tell() -> None:
        publish(f"request:{request_id}", kind="state")
        publish("queue", kind="state", request=request_id)
        if conversation_id:
            publish(f"conversation:{conversation_id}", kind="state")

    on_commit(session, tell)


def say(session: Session, row: models.Request, words: str, coach: Coach | None = None) -> None:
    """A message of the assistant in the visitor's conversation about what changed."""
    card = {"kind": "handoff", "state": PUBLIC[row.state], "coach": coach.name if coach else None}  # type: ignore[index]
    conversations.append(row.conversation_id, "assistant", {"text": words, "card": card}, session=session)  # type: ignore[arg-type]


def coach_takes_over(session: Session, row: models.Request) -> None:
    """What the visitor writes goes to the coach from now on."""
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


def bot_again(session: Session, row: models.Request, words: str | None) -> None:
    """The assistant answers again when a coach was chatting, and says ``words``; a flow that was paused for the coach is offered again."""
    if row.conversation_id is None:
        return
    conversation = conversations.get(row.conversation_id, session=session)
    chatting = conversation is not None and conversation.request_id == row.id
    if chatting:
        conversations.set_owner(row.conversation_id, "bot", None, session=session)
    if words:
        say(session, row, words)
    # Once more: a message that was being answered while the coach came may have put the flow back on its step.
    if chatting and _interrupt(session, row):
        buttons = [{"title": "Ga verder", "value": "Ga verder"}, {"title": "Nee, niet nu", "value": "Nee"}]
        asked = {"text": "U was nog met iets anders bezig. Zullen we daarmee verdergaan?", "buttons": buttons}
        conversations.append(row.conversation_id, "assistant", asked, session=session)
        state = conversations.get(row.conversation_id, session=session).state  # type: ignore[union-attr]
        conversations.save(row.conversation_id, state={**state, "asks_for": "choice"}, session=session)
