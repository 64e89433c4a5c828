"""Somebody who tells what happens and asks for a person in one message: the answer comes with the way to a coach on top."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.flow import COACH
from actions.subject import NO_SUBJECT
from nlu.text import normalise

_SPEAK = r"(?:spreken|praten|bellen|overleggen|sparren|contact|aan de (?:lijn|telefoon))"
_SOMEBODY = r"(?:iemand|een mens|een coach|een echt mens|een persoon|wie)"
# In the first person only: "ze wil met iemand praten" is about the employee.
_ASKS = re.compile(
    rf"\b(?:wil|wilde|zou|kan|mag|graag|liefst|liever)\b(?: \w+){{0,2}} (?:ik|we|wij|me|mij)\b(?: \w+){{0,3}} {_SOMEBODY}\b(?: \w+){{0,4}} {_SPEAK}\b"
    rf"|\b(?:ik|we|wij)\b(?: \w+){{0,2}} (?:wil|willen|wilde|zou|kan|mag)\b(?: \w+){{0,3}} {_SOMEBODY}\b(?: \w+){{0,4}} {_SPEAK}\b"
    rf"|\b(?:kan|kunnen|mag)\b (?:ik|we|wij)\b(?: \w+){{0,3}} {_SOMEBODY}\b(?: \w+){{0,4}} {_SPEAK}\b"
    rf"|\b{_SOMEBODY} kan (?:ik|mij|me|ons)\b(?: \w+){{0,2}} {_SPEAK}\b"
    rf"|\b(?:kan|kunnen|kunt|wil|wilt|zou)\b (?:u|je|jullie|iemand|er iemand)\b(?: \w+){{0,2}} (?:mij|me|ons)\b(?: \w+){{0,3}} bellen\b"
    r"|\b(?:bel|belt u) (?:mij|me|ons)\b"
    r"|\b(?:kan|kunnen|mag|zou) (?:er |daar |hier )?(?:ook |misschien |even )?iemand\b(?: \w+){0,5}"
    r" (?:langskomen|langs komen|meekijken|meedenken|naar ons \w+ komen)\b"
)
_ALSO_ABOUT_WORK = ("grens/ontslag", "grens/diagnose")
COACH_BUTTON = COACH.as_dict()
OPENING = "U wilt iemand spreken. Kies hieronder **Spreek een coach**, dan vraag ik een coach uit uw regio. Alvast dit:"


def asks_for_person(text: str) -> bool:
    """Whether the writer asks to speak to or be called by somebody."""
    return _ASKS.search(normalise(text)) is not None


def besides_coach(buttons: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The buttons without the one to a coach, which the caller puts in a place of its own."""
    return [dict(button) for button in buttons if button.get("choice") != COACH_BUTTON["choice"]]


def with_coach(message: dict[str, Any], text: str) -> dict[str, Any]:
    """An answer about work to ``text``; with the coach on top where the text asks for a person as well."""
    topic = str(message["topic"])
    about_work = topic.split("/")[0] not in NO_SUBJECT or topic in _ALSO_ABOUT_WORK
    if not about_work or not asks_for_person(text):
        return message
    return {**message, "text": f"{OPENING}\n\n{message['text']}", "buttons": [dict(COACH_BUTTON), *besides_coach(message["buttons"])]}
