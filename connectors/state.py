"""The state of a conversation: what was kept of it, and how its request to a coach really stands (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from steunwijzer import calendar_nl, directory, handoff_reading, handoff_request
from steunwijzer.conversations import Conversation

EMPTY_STATE: dict[str, Any] = {
    "topic": None,
    "confidence": 0.0,
    "flow": None,
    "step": None,
    "asks_for": None,
    "region": None,
    "handoff": "none",
    "crisis": False,
}


def request_state(conversation_id: str, state: Mapping[str, Any], *, session: Session | None = None) -> dict[str, Any]:
    """The part of the state that the hand-off service knows better than anything kept: ``handoff``, ``region``, the coach, the wait."""
    request = handoff_reading.latest(conversation_id, session=session)
    if request is None:
        return {"handoff": "none"}
    known: dict[str, Any] = {"handoff": request.public_state, "coach": None, "wait": None}
    known["region"] = state.get("region") or request.region_name
    if request.state == "accepted" and request.coach_id:
        coach = directory.coach(request.coach_id, session=session)
        known["coach"] = {"name": coach.name, "role": f"coach bij {coach.organisation}"}
    if request.state in handoff_request.WAITING and request.promised:
        known["wait"] = f"U hoort uiterlijk {calendar_nl.moment_in_words(request.promised)} iets"
    return known


def live_state(conversation: Conversation, *, session: Session | None = None) -> dict[str, Any]:
    """The state of a conversation as it is now: what was kept, and how the request really stands."""
    state = {**EMPTY_STATE, **conversation.state}
    return {**state, **request_state(conversation.id, state, session=session)}


def public_state(state: Mapping[str, Any]) -> dict[str, Any]:
    """The state of the HTTP contract: the keys that it names, and about a request also the coach and how long it may take."""
    shown = {key: state.get(key, default) for key, default in EMPTY_STATE.items()}
    return {**shown, **{key: state[key] for key in ("coach", "wait") if state.get(key)}}
