"""What a step accepts: a button in whatever words, a yes or no, a day, a text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from actions.flow import Button, Message, Problem, State, Step, Validator
from actions.phrases import NO, YES, plain
from steunwijzer.dutch_dates import Prefer, day_text, parse_day
from steunwijzer.masking import LABELS, mask

COMMAND_CONFIDENCE = 0.7
"""Confidence from which a dialogue topic (stop, skip, yes, no) counts when the words themselves are in no list here."""
MAX_ANSWER = 600
"""Longest answer in characters that a step keeps."""


def is_yes(message: Message) -> bool:
    """Whether a message is a yes, by its words or, with confidence, by its topic."""
    return bool(YES.fullmatch(plain(message.text))) or (
        message.topic == "dialoog/ja" and message.confidence >= COMMAND_CONFIDENCE and not NO.match(plain(message.text))
    )


def is_no(message: Message) -> bool:
    """Whether a message is a no, by its words or, with confidence, by its topic."""
    return bool(NO.fullmatch(plain(message.text))) or (message.topic == "dialoog/nee" and message.confidence >= COMMAND_CONFIDENCE)


def gives_contact(message: Message) -> bool:
    """Whether a message holds a telephone number or an e-mail address, or the place where one was taken out."""
    given = message.metadata.get("contact") or {}
    masked = mask(message.text).text
    return bool(given.get("phone") or given.get("email")) or any(LABELS[kind] in masked for kind in ("phone", "email"))


def short(message: Message, words: int) -> bool:
    """Whether a message has at most so many words."""
    return len(message.text.split()) <= words


def says(message: Message, topic: str, words: int) -> bool:
    """Whether a message of at most so many words is, with confidence, of a topic."""
    return message.topic == topic and message.confidence >= COMMAND_CONFIDENCE and short(message, words)


def match_button(step: Step, message: Message) -> Button | None:
    """The button that a message means: by its stored choice, its words, its number or place in the row, or nearly its words."""
    return exact_button(step, message) or _near_button(step, message)


def exact_button(step: Step, message: Message) -> Button | None:
    """The button that a message means by its stored choice, its words, or its number or place in the row."""
    for button in step.buttons:
        if message.choice is not None and button.choice is not None and button.choice == message.choice:
            return button
    said = plain(message.text).rstrip("?")
    for button in step.buttons:
        if said in (plain(button.payload).rstrip("?"), plain(button.title).rstrip("?")):
            return button
    number = re.fullmatch(r"(?:optie |nummer |nr\.? |keuze |de )?(\d)(?:e|de|ste)?", said)
    ordinals = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "laatste": len(step.buttons)}
    place = int(number[1]) if number else ordinals.get(said.removeprefix("de "), 0)
    return step.buttons[place - 1] if 1 <= place <= len(step.buttons) else None


def _near_button(step: Step, message: Message) -> Button | None:
    said = plain(message.text).rstrip("?")
    # Nearly the words only where there are enough of them: "tja" is not "ja".
    words = [(plain(text), b) for b in step.buttons for text in dict.fromkeys((b.title, b.payload)) if len(plain(text)) > 3]
    if len(said) < 4 or not words:
        return None
    likeness: dict[int, float] = {}
    for text, b in words:
        likeness[id(b)] = max(likeness.get(id(b), 0.0), fuzz.WRatio(said, text))
    scored = sorted(((likeness[id(b)], b) for b in step.buttons if id(b) in likeness), key=lambda pair: -pair[0])
    best = scored[0]
    clear = len(scored) == 1 or best[0] - scored[1][0] >= 8
    return best[1] if best[0] >= 86 and clear and len(said.split()) <= 6 else None


def by_first_word(step: Step, message: Message) -> Button | None:
    """The only button that begins with the same 'ja' or 'nee': 'nee alleen ik' means 'Nee, ik doe dit zelf'."""
    said = plain(message.text)
    first = "ja" if YES.fullmatch(said) or re.match(r"ja\b", said) else "nee" if NO.fullmatch(said) or re.match(r"nee\b", said) else None
    found = [b for b in step.buttons if first and re.match(rf"{first}\b", plain(b.title))]
    return found[0] if len(found) == 1 else None


def choice_value(step: Step) -> Validator:
    """A validator for a step of buttons: gives the choice of the button (or its payload)."""

    def validate(text: str, message: Message) -> Any:
        button = exact_button(step, message)
        heard = step.hears(text, message) if button is None and step.hears is not None else None
        if heard is not None:
            return heard
        button = button or _near_button(step, message) or by_first_word(step, message)
        if button is not None:
            return button.choice if button.choice is not None else button.payload
        if len(step.buttons) == 2 and step.buttons[0].choice is True and step.buttons[1].choice is False:
            if is_yes(message):
                return True
            if is_no(message):
                return False
        return Problem("Kies een van de knoppen, of typ het nummer ervan.", step.buttons)

    return validate


def date_value(today: Callable[[], date], prefer: Prefer = "future", latest_days: int = 730, buttons: Sequence[Button] = ()) -> Validator:
    """A validator for a day: gives an ISO date; refuses a day on the wrong side of today or further than `latest_days` away."""

    def validate(text: str, message: Message) -> Any:
        now = today()
        if isinstance(message.choice, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", message.choice):
            return message.choice
        day = parse_day(text, now, prefer)
        if day is None:
            return Problem("Welke dag is dat? Typ bijvoorbeeld '14 december' of 'over twee weken'.", buttons)
        if prefer == "future" and day < now:
            return Problem(f"{day_text(day).capitalize()} is al geweest. Welke dag wordt het?", buttons)
        if prefer == "past" and day > now:
            return Problem(f"{day_text(day).capitalize()} moet nog komen. Welke dag was het?", buttons)
        if abs((day - now).days) > latest_days:
            return Problem(f"{day_text(day).capitalize()} ligt ver weg. Noem een dag die dichterbij ligt.", buttons)
        return day.isoformat()

    return validate


def text_value(text: str, message: Message) -> Any:
    """The default for a free-text step: the text itself, when it says something."""
    said = re.sub(r"[ \t]+", " ", text).strip()
    if len(re.findall(r"[^\W\d_]", said)) < 2 or YES.fullmatch(plain(said)) or NO.fullmatch(plain(said)):
        return Problem("Kunt u dat in een paar woorden zeggen? U kunt ook overslaan.", (Button("Overslaan", "Overslaan"),))
    if len(said) > MAX_ANSWER:
        return Problem(f"Dat is lang voor één antwoord. Zeg het in hooguit {MAX_ANSWER // 6} woorden.")
    return said


def means_choice(step: Step, message: Message) -> bool:
    """Whether a text fits what a step asks for, more than that it takes any words."""
    if exact_button(step, message) is not None or (step.kind == "choice" and _near_button(step, message) is not None):
        return True
    if step.hears is not None and step.hears(message.text, message) is not None:
        return True
    return step.kind in ("date", "score") and step.validate is not None and not isinstance(step.validate(message.text, message), Problem)


def picked(state: State, message: Message) -> Message:
    """The message as if its text had been typed, when it picks one of the texts offered last by number ('2', 'de tweede')."""
    offered: list[str] = state.get("offered") or []
    step = Step("offered", "", "choice", buttons=tuple(Button(text, text) for text in offered))
    button = match_button(step, message) if offered else None
    return replace(message, text=button.payload, topic=None, confidence=0.0) if button is not None else message
