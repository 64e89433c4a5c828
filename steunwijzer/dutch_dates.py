"""Dutch wordings of a day ("over twee weken", "volgende week vrijdag", "eind van de maand") as a date.

`dateparser` reads most of it; what it misses in Dutch (numbers in words, "volgende week <dag>", parts of a month) is put in its
terms first. A wanted time of day stays in words (`time_words`); only whether it lies after working hours is read from it.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, time, timedelta
from typing import Literal

Prefer = Literal["future", "past"]

_NUMBERS = {
    "een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9, "tien": 10,
    "elf": 11, "twaalf": 12, "veertien": 14,
}  # fmt: skip
_WEEKDAYS = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"]
_WEEKDAY_SHORT = {"ma": 0, "di": 1, "wo": 2, "do": 3, "vr": 4, "vrij": 4, "za": 5, "zo": 6}
_MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]
_MONTH_NAMES = "|".join([*_MONTHS, *(month[:3] for month in _MONTHS), "mrt", "sept"])
_UNIT_DAYS = {"dag": 1, "dagen": 1, "week": 7, "weken": 7, "weekje": 7, "weekjes": 7}
_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)}|ma|di|wo|do|vr|vrij|za|zo)\b")


def _add_months(day: date, months: int) -> date:
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _weekday_number(word: str) -> int:
    return _WEEKDAYS.index(word) if word in _WEEKDAYS else _WEEKDAY_SHORT[word]


def _relative(text: str, today: date) -> date | None:
    """'over 3 weken', '2 maanden geleden', 'volgende week (vrijdag)', 'eind december'."""
    units = "dag|dagen|week|weken|weekje|weekjes|maand|maanden|jaar"
    ago = re.search(rf"\b(\d+)\s+({units})\s+(geleden|terug)\b", text)
    ahead = re.search(rf"\b(?:over|na|binnen)\s+(?:ongeveer\s+|zo'n\s+)?(\d+)\s+({units})\b", text)
    bare = re.fullmatch(rf"(\d+)\s+({units})", text)
    for found, sign in ((ago, -1), (ahead, 1), (bare, 1)):
        if found:
            count, unit = sign * min(int(found[1]), 3650), found[2]
            if unit in _UNIT_DAYS:
                return today + timedelta(days=count * _UNIT_DAYS[unit])
            return _add_months(today, count * (12 if unit == "jaar" else 1))
    monday = today - timedelta(days=today.weekday())
    weekday = _WEEKDAY.search(text)
    for words, weeks in (("volgende week", 1), ("komende week", 1), ("afgelopen week", -1), ("vorige week", -1), ("deze week", 0)):
        if words in text:
            if weekday:
                return monday + timedelta(days=7 * weeks + _weekday_number(weekday[1]))
            return today + timedelta(days=7 * weeks) if weeks else monday + timedelta(days=4)
    if "volgende maand" in text:
        return _add_months(today, 1)
    if "vorige maand" in text:
        return _add_months(today, -1)
    part = re.search(rf"\b(begin|half|medio|eind|einde)(?:\s+van)?\s+(de maand|deze maand|{'|'.join(_MONTHS)})\b", text)
    if part:
        month = today.month if part[2].endswith("maand") else _MONTHS.index(part[2]) + 1
        year = today.year + (1 if month < today.month else 0)
        last = calendar.monthrange(year, month)[1]
        return date(year, month, {"begin": 1, "half": 15, "medio": 15}.get(part[1], last))
    return None


def _absolute(words: str, today: date, prefer: Prefer) -> date | None:
    """'14 december (2026)', '14-12', '2026-12-14', 'de 14e'."""
    iso = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", words)
    of_month = re.fullmatch(r"de (\d{1,2})", words)
    try:
        if iso:
            return date(int(iso[1]), int(iso[2]), int(iso[3]))
        if of_month:
            day = today.replace(day=int(of_month[1]))
            if prefer == "future":
                return day if day >= today else _add_months(day, 1)
            return day if day <= today else _add_months(day, -1)
    except ValueError:
        return None
    named = re.search(rf"\b\d{{1,2}}\s+({_MONTH_NAMES})\b(?:\s+\d{{4}})?|\b\d{{1,2}}[-/.]\d{{1,2}}(?:[-/.]\d{{2,4}})?\b", words)
    if named is None:
        return None
    import dateparser  # its import compiles a second's worth of patterns

    settings = {
        "PREFER_DATES_FROM": prefer,
        "DATE_ORDER": "DMY",
        "RELATIVE_BASE": datetime(today.year, today.month, today.day, 12),  # noqa: DTZ001 (dateparser wants it naive)
        "REQUIRE_PARTS": ["day", "month"],
        "PARSERS": ["custom-formats", "absolute-time", "relative-time"],
    }
    found = dateparser.parse(named[0], languages=["nl"], settings=settings)
    return found.date() if found else None


def parse_day(text: str, today: date, prefer: Prefer = "future") -> date | None:
    """The day that `text` names, seen from `today`; None when no day can be read.

    `prefer` says where a day without a year ("14 december", "vrijdag") lies.
    """
    words = text.lower().strip(" .!?,")
    words = re.sub(r"\bachtste\b", "8", words)
    words = re.sub(r"\b(" + "|".join(_NUMBERS) + r")\b", lambda m: str(_NUMBERS[m[1]]), words)
    words = re.sub(r"^(?:op|vanaf|sinds|per|uiterlijk|doe maar|liever|liefst|nee|rond|ongeveer)\s+", "", words)
    words = re.sub(r"\b(\d{1,2})\s?(?:e|de|ste)\b", r"\1", words)
    if not words or len(words) > 80:
        return None
    absolute = _absolute(words, today, prefer)
    if absolute is not None:
        return absolute
    if "overmorgen" in words:
        return today + timedelta(days=2)
    if "eergisteren" in words:
        return today - timedelta(days=2)
    if "morgen" in words and "vanmorgen" not in words:
        return today + timedelta(days=1)
    if "gisteren" in words:
        return today - timedelta(days=1)
    if re.search(r"\b(vandaag|vanmorgen|vanochtend|vanmiddag|nu)\b", words):
        return today
    relative = _relative(words, today)
    if relative is not None:
        return relative
    weekday = re.fullmatch(rf"(?:(?:a\.?s\.?|aanstaande|komende|deze|afgelopen|vorige)\s+)?{_WEEKDAY.pattern}", words)
    if weekday:
        back = prefer == "past" or "afgelopen" in words or "vorige" in words
        distance = (_weekday_number(weekday[1]) - today.weekday()) % 7
        return today + timedelta(days=(distance - 7 if distance else 0) if back else (distance or 7))
    return None


def day_text(day: date, weekday: bool = True) -> str:
    """'vrijdag 4 december 2026'."""
    words = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{_WEEKDAYS[day.weekday()]} {words}" if weekday else words


_HOURS = {
    "eenen": 1, "tweeën": 2, "tweeen": 2, "drieën": 3, "drieen": 3, "vieren": 4, "vijven": 5, "zessen": 6, "zevenen": 7, "achten": 8,
    "negenen": 9, "tienen": 10, "elven": 11, "twaalven": 12, **_NUMBERS,
}  # fmt: skip
_MOMENTS = r"(?:het |de )?(?:melken|lunch|pauze|werk(?:tijd)?|eten|winkeltijd|kantoortijd|sluitingstijd|schooltijd)"
_HOUR = (
    r"(?:half |kwart (?:over|voor) )?(?:\d{1,2}(?:[.:]\d{2})?(?!\d|[-/.]\d)(?: ?uur\b| ?u\b)?"
    rf"|(?!(?:een|één)\b(?! uur))(?:{'|'.join(_HOURS)})\b(?: uur)?)"
)
_PART = (
    r"(?:'?s ?(?:ochtends|morgens|middags|avonds)|(?:in de|de|eind van de|einde van de|begin van de) (?:ochtend|middag|avond)"
    r"|buiten (?:werktijd|kantoortijd(?:en)?))"
)
_AFTER_TIME = (
    r"(?=$|[,.;:!?)]| (?:of|en|graag|aub|op|bel\w*|kan|mag|maar|liefst|liever|dan|is|ben"
    r"|want|als|pas|bedoel\w*|dus|toch|gebeld|terug\w*|be(?:reik|schik)baar|'?s)\b)"
)
_CLOCK = re.compile(
    rf"\b(na|vanaf|om|rond|tussen) (half |kwart (?:over|voor) )?(?:(\d{{1,2}})(?:[.:](\d{{2}}))?|({'|'.join(_HOURS)})\b)"
)
_TIME = re.compile(
    rf"(?<![\w'])(?:{_PART}(?: (?:na|voor|om|rond|vanaf) (?:{_HOUR}|{_MOMENTS}))?"
    rf"|(?:pas |het liefst |liefst )?(?:na|voor|om|rond|vanaf) (?:{_HOUR}|{_MOMENTS})"
    rf"|tussen {_HOUR} en {_HOUR}){_AFTER_TIME}"
)


def time_words(text: str) -> str | None:
    """The wanted time of day in a text, in its own words ("na vijven", "'s middags na melken"); None when it names none."""
    found = _TIME.search(text.lower().replace("’", "'"))
    if found is None:
        return None
    return re.sub(r"^'?s ?(?=(?:ochtends|morgens|middags|avonds)\b)", "'s ", found[0])


def is_after(words: str, end: time) -> bool:
    """Whether wanted times in words ("na vijven", "na 17.00", "'s avonds") can only be kept after the working day's ``end``."""
    said = words.lower()
    if re.search(r"avond|\bna (?:het |de )?(?:werk(?:tijd)?|winkeltijd|kantoortijd|sluitingstijd)\b|\bbuiten (?:werktijd|kantoortijd)", said):
        return True
    for found in _CLOCK.finditer(said):
        hour = int(found[3]) if found[3] else _HOURS[found[5]]
        # Nobody asks to be called at five in the morning.
        hour += 12 if hour < 8 else 0
        minutes = hour * 60 + int(found[4] or 0) + {"half ": -30, "kwart over ": 15, "kwart voor ": -15}.get(found[2] or "", 0)
        latest = end.hour * 60 + end.minute
        if minutes > latest or (minutes == latest and found[1] in ("na", "vanaf", "tussen")):
            return True
    return False
