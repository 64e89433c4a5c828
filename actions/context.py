"""What the conversation was about: read from the tracker, and from the context that the router keeps over sessions."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.subject import NO_SUBJECT
from nlu.topics import BEHAVIOURS, NO_ANSWER, QUESTIONS, ranking_of

_A_STORY = 8  # words: a message of fewer asks for a coach and tells nothing
_STANDS_OUT = 3.0  # so much likelier than a topic of another area
# A bare request ("ik wil een coach praten over een medewerker") leaves behaviours under 0.001, one that tells something at 0.008 and more.
_SAYS_SOMETHING = 0.005


def last_answer(tracker: Tracker) -> dict[str, Any]:
    """Metadata of the last answer that was about a topic: ``topic`` and, for a further part, ``part`` (0 is the main text); else empty."""
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            metadata = event.get("metadata") or {}
            if metadata.get("topic") and not str(metadata["topic"]).startswith(NO_ANSWER):
                return dict(metadata)
    kept: dict[str, Any] = ((tracker.latest_message or {}).get("metadata") or {}).get("context") or {}
    return kept


def said_lately(tracker: Tracker) -> list[str]:
    """The topics that were answered in the last turns."""
    return list((((tracker.latest_message or {}).get("metadata") or {}).get("context") or {}).get("said") or [])


def said(tracker: Tracker) -> str:
    """The text of the latest message."""
    return str((tracker.latest_message or {}).get("text") or "")


def choice(tracker: Tracker) -> Any:
    """The JSON behind the button that was pressed, or None."""
    return ((tracker.latest_message or {}).get("metadata") or {}).get("choice")


def gave_contact(tracker: Tracker) -> bool:
    """Whether the latest message holds a telephone number or e-mail address.

    Who says nothing else that is understood ("doe dan maar, 0229-123456") wants to be reached; nothing is sent without consent.
    """
    contact = ((tracker.latest_message or {}).get("metadata") or {}).get("contact") or {}
    return bool(contact.get("phone") or contact.get("email"))


def behaviour(tracker: Tracker) -> str | None:
    """The behaviour that the conversation is about (faalangst, impulsiviteit, concentratie), or None."""
    value = tracker.get_slot("behaviour")
    return value if value in BEHAVIOURS else None


def last_question(tracker: Tracker) -> str | None:
    """The question asked last about a behaviour (omgaan, gesprek, …), or None."""
    topic = str(last_answer(tracker).get("topic") or "")
    name = topic.partition("/")[2]
    return name if topic.split("/")[0] in BEHAVIOURS and name in QUESTIONS else None


def mentioned_behaviour(tracker: Tracker) -> str | None:
    """A behaviour that the latest message names itself, or that of the person whom it points at."""
    message = tracker.latest_message or {}
    named = (str(e["value"]) for e in message.get("entities") or [] if e.get("entity") == "behaviour" and e.get("value") in BEHAVIOURS)
    pointed_at = ((message.get("metadata") or {}).get("context") or {}).get("behaviour")
    return next(named, pointed_at if pointed_at in BEHAVIOURS else None)


def told_beside(tracker: Tracker) -> str | None:
    """The topic of what the latest message tells beside asking for a coach ("ze klapt dicht bij een rij, ik wil iemand spreken"), or None."""
    message = tracker.latest_message or {}
    if len(said(tracker).split()) < _A_STORY:
        return None
    named = mentioned_behaviour(tracker)
    ranking = [(topic, likely) for topic, likely in ranking_of(message) if topic.split("/")[0] not in NO_SUBJECT]
    if named:
        return next((topic for topic, _ in ranking if topic.startswith(f"{named}/")), f"{named}/omgaan")
    if not ranking:
        return None
    topic, likely = ranking[0]
    others = [other for each, other in ranking if each.split("/")[0] != topic.split("/")[0]]
    stands_out = likely >= _SAYS_SOMETHING and likely > _STANDS_OUT * max(others, default=0.0)
    return topic if topic.split("/")[0] in BEHAVIOURS and stands_out else None
