"""The day and time of a call, in words: "morgen om 15 uur", "vrijdag na 4", "zo snel mogelijk"."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from actions.flow import Button
from steunwijzer import calendar_nl, handoff_consent
from steunwijzer.dutch_dates import parse_day, time_words

_NOT_THEN = re.compile(r"\b(?:niet|geen|nooit|behalve)\b")
_SOON = re.compile(
    r".*\b(?:zo (?:snel|spoedig|gauw) mogelijk|asap|z\.?s\.?m|maakt (?:me |mij )?niet uit|wanneer (?:dan )?ook|elke dag|altijd"
    r"|eerste (?:werkdag|gelegenheid)|snel|direct|nu|meteen|liefst vandaag nog)\b.*"
)
_PART_OF_DAY = re.compile(
    r"(ochtend|middag|(?:na|voor|om|rond|vanaf|tussen) (?:half |kwart (?:over|voor) )?[\w.:]+(?: uur)?(?: en [\w.:]+(?: uur)?)?)",
    re.IGNORECASE,
)
_BARE_CLOCK = re.compile(r"(?<![\d.,:/-])(?:\d{1,2}[:.]\d{2}(?: ?(?:uur|u)\b)?|\d{1,2} ?(?:uur|u)\b)(?!\d|[-/.]\d| per\b)", re.IGNORECASE)
NAMES_DAY = re.compile(r"\b(?:(?:over)?morgen|vandaag|(?:maan|dins|woens|donder|vrij|zater|zon)dag)(?:ochtend|middag|avond)\b", re.IGNORECASE)
ONLY_NOT = re.compile(r"\bniet (?=(?:voor|na|om|rond|tussen|vanaf|'?s)\b)")
_MORNING = re.compile(r"(?:maan|dins|woens|donder|vrij|zater|zon)dag ?morgen\b|\bovermorgen ?morgen\b|'s morgens", re.IGNORECASE)


def day_buttons() -> list[Button]:
    first = handoff_consent.callback_day()
    days = (first, calendar_nl.next_working_day(first))
    soon = Button("Zo snel mogelijk", "Zo snel mogelijk", {"day": "soon"})
    return [soon, *(Button(_day(day).capitalize(), calendar_nl.day_in_words(day), {"day": day.isoformat()}) for day in days)]


def _day(day: date) -> str:
    return "vandaag" if day == calendar_nl.today() else calendar_nl.day_in_words(day)


def day_value(text: str) -> dict[str, Any] | str | None:
    """A wanted day ({date, wanted, note}) from words; a text says why the day cannot be; None when no day is named."""
    first, *others = re.split(r"\s+of\s+", text)
    if others and (found := day_of(first)) is not None:
        also = [(day_of(other) or {}).get("wanted") or time_words(other) for other in others]
        ways = dict.fromkeys(str(way) for way in (found["wanted"], *also) if way)
        return {**found, "wanted": " of ".join(ways)}
    today = calendar_nl.today()
    day = parse_day(text, today) or next((found for found in (parse_day(part, today) for part in _date_words(text)) if found), None)
    if day is None:
        if _SOON.fullmatch(text.lower().strip(" .!")):
            return {"date": None, "wanted": f"zo snel mogelijk, uiterlijk {calendar_nl.day_in_words(handoff_consent.callback_day())}", "note": ""}
        return None
    if day < today:
        return f"{calendar_nl.day_in_words(day).capitalize()} is al geweest. Welke dag wordt het?"
    if (day - today).days > 90:
        return "Die dag ligt ver weg. Noem een dag in de komende drie maanden."
    kept = handoff_consent.callback_day(day)
    note = ""
    if kept != day:
        holiday = calendar_nl.holiday(day)
        why = f"is het {holiday}" if holiday else "werken de coaches niet" if not calendar_nl.is_working_day(day) else "lukt het niet meer"
        note = f"{_day(day).capitalize()} {why}. Het wordt {calendar_nl.day_in_words(kept)}."
    part = _part_of_day(text) if kept == day else ""
    return {"date": kept.isoformat(), "wanted": f"{calendar_nl.day_in_words(kept)}{part}", "note": note}


def day_of(text: str) -> dict[str, Any] | None:
    """The day in a part of a sentence ("woensdagochtend" in "dinsdag na 17.00 of woensdagochtend"), or None."""
    found = day_value(text) if _date_words(text) or NAMES_DAY.search(text) else None
    return found if isinstance(found, dict) and found["date"] else None


def clock_words(text: str) -> str | None:
    """A wished time in words; beside a day also a bare one ("maandag 9:00", "dinsdag 10 uur")."""
    words = time_words(text)
    if words is not None:
        return words
    bare = _BARE_CLOCK.search(text) if _date_words(text) else None
    return f"om {bare[0].strip()}" if bare else None


def not_then(text: str) -> bool:
    """Whether a text says when it does not suit, and no more than that ("niet op maandag"; "niet voor 9 uur" says when it does)."""
    return bool(_NOT_THEN.search(ONLY_NOT.sub("", text.lower())))


def moment(text: str) -> str:
    """The day or time that a text names, in words; empty when it names none."""
    day, wish = day_of(text), clock_words(text)
    return str(at_time(day, wish)["wanted"]) if day else wish or ""


def at_time(day: dict[str, Any], wish: str | None) -> dict[str, Any]:
    """The wanted day with a time that was said apart from it."""
    wanted = str(day["wanted"])
    if not wish or wish in wanted or re.search(r"\bin de (?:ochtend|middag|avond)\b|\b(?:na|om|rond|vanaf|tussen) ", wanted):
        return day
    return {**day, "wanted": f"{wanted}{',' if wanted.startswith('zo snel') else ''} {wish}"}


def _date_words(text: str) -> list[str]:
    """Pieces of a sentence that may name a day."""
    from nlu.entities import find

    return [text[m.start : m.end] for m in find(text) if m.kind == "date"] + [
        re.sub(r"(?:ochtend|middag|avond|morgen)$", "", text[m.start : m.end], flags=re.IGNORECASE) for m in find(text) if m.kind == "date"
    ]


def _part_of_day(text: str) -> str:
    if _MORNING.search(text):
        return " in de ochtend"
    match = _PART_OF_DAY.search(text)
    words = clock_words(text) or (match[1].lower() if match else "")
    if not words:
        return ""
    words = words.removeprefix("in de ").removeprefix("de ") if words.endswith(("ochtend", "middag")) else words
    return f" in de {words}" if words in ("ochtend", "middag") else f" {words}"
