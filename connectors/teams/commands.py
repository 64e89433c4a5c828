"""What a coach types to the bot besides questions: commands, recognised by their whole text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from steunwijzer.dutch_dates import parse_day

Name = Literal["requests", "present", "away", "placements", "help", "note", "close", "give_back", "ask", "unknown"]

_PLAIN: dict[str, Name] = {
    "mijn aanvragen": "requests",
    "aanvragen": "requests",
    "mijn verzoeken": "requests",
    "plaatsingen": "placements",
    "mijn plaatsingen": "placements",
    "help": "help",
    "hulp": "help",
}
_SLASHED: dict[str, Name] = {
    "sluit": "close",
    "sluiten": "close",
    "sluit af": "close",
    "afsluiten": "close",
    "terug": "give_back",
    "terug naar assistent": "give_back",
    "terug naar de assistent": "give_back",
}
_PRESENT = re.compile(r"(?:(?:ik )?ben )?(?:(?:nu )?weer )?(?:beschikbaar|terug)|(?:ik )?ben er weer")
_HELP = re.compile(
    r"(?:wat|welke (?:commando'?s|opdrachten|woorden)) (?:kan|kunnen|mag) (?:ik|we) (?:hier |nu )?(?:nog |allemaal |zoal |zo )*(?:hier )?"
    r"(?:typen|intypen|tikken|gebruiken|invoeren)"
    r"|(?:de |lijst met |welke )?(?:commando'?s|opdrachten)(?: zijn er| heb je| ken je)?"
)
_AWAY = re.compile(r"(?:ik ben )?(?:afwezig|niet beschikbaar)(?:\s+(?P<until>tot(?:\s+en\s+met)?|t/m|t\.?e\.?m\.?)\s+(?P<day>.+))?")
_TEXT = re.compile(r"/\s*(?P<name>notitie|vraag)\b[:\s]*(?P<text>.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """A command: ``text`` follows ``/notitie`` and ``/vraag``; ``until`` is the first day back, ``words`` that day as typed."""

    name: Name
    text: str = ""
    until: date | None = None
    words: str = ""


def read(text: str, today: date) -> Command | None:
    """The command that a text is as a whole, or None when it is an ordinary message. ``unknown``: a slash with something else behind it."""
    with_text = _TEXT.match(text.strip())
    if with_text:
        return Command("note" if with_text["name"].lower() == "notitie" else "ask", text=with_text["text"].strip())
    slashed = text.strip().startswith("/")
    words = _plain(text)
    if words in _PLAIN:
        return Command(_PLAIN[words])
    if slashed and words in _SLASHED:
        return Command(_SLASHED[words])
    if _HELP.fullmatch(words):
        return Command("help")
    if words != "terug" and _PRESENT.fullmatch(words):
        return Command("present")
    away = _AWAY.fullmatch(words)
    if away:
        return _away(away, today)
    return Command("unknown", words=words) if slashed and words else None


def _away(found: re.Match[str], today: date) -> Command:
    words = found["day"] or ""
    day = parse_day(words, today) if words else None
    if day is not None and found["until"] != "tot":
        # "tot en met vrijdag": back on the day after.
        day += timedelta(days=1)
    return Command("away", until=day, words=words)


def _plain(text: str) -> str:
    """Lower case, without accents, leading slashes, closing punctuation and double spaces."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(bare.lower().split()).lstrip("/ ").rstrip(" .!?")
