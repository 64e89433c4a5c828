"""What is said while somebody may be in danger, and when it is over; what a message then means is read in ``actions/aftermath.py``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from actions import aftermath, danger_answers
from actions.situations import DIED
from nlu.topics import CRISIS, is_crisis
from steunwijzer.answers import answers, payload, topic_button

# said before the answer when a message might be about danger, but not surely enough to drop everything else for it
WORRY = (
    "Gaat het om gevaar voor iemand? Bel **112**. Denkt iemand aan zelfdoding? Bel **113** of **0800-0113**, gratis, dag en nacht, of chat op 113.nl."
)
STILL = "Ik blijf hierbij zolang er gevaar is. Is het voorbij? Zeg het, dan help ik verder met de rest."
STILL_YOURSELF = (
    "Ik lees nog mee. Hoe is het nu? Bel **113** of **0800-0113**, of chat op 113.nl. Gaat het mis, bel dan **112**. Gaat het weer? Zeg het gerust."
)
# said before an answer about something else, while the danger may still be there
ASIDE = "Is er nog gevaar? Bel dan eerst **112**, of **113** bij gedachten aan zelfdoding."
HELP_COMES = (
    "Goed dat er hulp komt. Doe wat de meldkamer of hulpverlener zegt, en let op de eigen veiligheid. Wordt het erger, bel dan weer **112**. "
    "Is het voorbij? Zeg het hier, dan gaan we verder."
)
SAFE = "Goed om te weten. Komt het gevaar terug, bel dan meteen **112**. Zorgen over zelfdoding: **113** of 0800-0113."
MISUNDERSTOOD = "Dan heb ik dat verkeerd begrepen. Stel de vraag gerust nog eens."
_OPEN = "Er staat nog iets open. Zeg 'ga verder' om daarmee door te gaan."
_ASKED_AFTER = 2  # answers about danger in a row, before the assistant asks whether it is still there

DANGER_BUTTON = {"title": "Ja, er is gevaar", "payload": "Ja, er is gevaar", "choice": {"topic": CRISIS}}
SAFE_BUTTON = {"title": "Het gevaar is voorbij", "payload": "Het gevaar is voorbij", "choice": {"safe": True}}

Meaning = Literal["over", "died", "help comes", "perhaps", "goes on"]


def meaning(text: str, parse: Mapping[str, Any], answered: int, *, unsure: bool = False) -> Meaning | None:
    """What a message means after ``answered`` answers about danger in a row; None: it is about something else.

    ``unsure``: none of the alarms was a sure one; what is unclear is then asked at once.
    """
    if aftermath.has_died(text):
        return "died"
    asked = danger_answers.asked(text)
    if asked != "gevaar/grap" and (aftermath.is_over(text) or not is_crisis(parse) and aftermath.was_meant_otherwise(text)):
        return "over"
    if aftermath.help_comes(text):
        return "help comes"
    if asked is not None or danger_answers.is_about_days_after(text):
        return "goes on"
    if not aftermath.belongs(parse, text, unsure=unsure):
        return None
    names_it = is_crisis(parse) or parse.get("worry")
    # asked every other time: the same question to every message would be a wall
    ask = answered % 2 == 1 if unsure else answered >= _ASKED_AFTER and answered % 2 == 0
    return "perhaps" if ask and not names_it else "goes on"


def unsure_after(before: bool, answered: int, parse: Mapping[str, Any]) -> bool:
    """Whether none of the alarms in a row was a sure one, after a message that belongs to the danger.

    ``before`` is what it was after the ``answered`` answers before this one; a message that only belongs to it changes nothing.
    """
    alarm = parse.get("unsure_alarm")
    return before if alarm is None else bool(alarm) and (before or not answered)


def lasting(words: str = f"{WORRY}\n\n{STILL}") -> dict[str, Any]:
    """The message while it is not over: a question, or other ``words``, with the way out."""
    return {"text": words, "topic": CRISIS, "buttons": [dict(DANGER_BUTTON), dict(SAFE_BUTTON)]}


def died() -> dict[str, Any]:
    """The message when the person it was about is dead."""
    return payload(answers()[DIED], f"Is er nog geen hulp bij? Bel **112**.\n\n{answers()[DIED].text}")


def over(text: str, resume: Mapping[str, Any] | None, *, about_self: bool = False) -> dict[str, Any]:
    """The message when it is over, or when there was none; ``resume`` is the choice that takes up the guided flow that waits.

    ``about_self``: the writer was in danger.
    """
    if aftermath.was_meant_otherwise(text):
        message: dict[str, Any] = {"text": MISUNDERSTOOD}
    elif about_self:
        message = payload(answers()[CRISIS], answers()[danger_answers.SELF].more[-1])
    else:
        message = payload(answers()[CRISIS], f"{SAFE}\n\n{answers()[CRISIS].more[-1]}")
    message["buttons"] = [topic_button("coach/spreken"), topic_button("bot/mogelijkheden")]
    if resume is not None:
        message["text"] += f"\n\n{_OPEN}"
        message["buttons"].insert(0, {"title": "Ga verder", "payload": "Ga verder", "choice": dict(resume)})
    return message
