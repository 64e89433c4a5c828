"""Dutch working days and hours: weekends and public holidays, in Europe/Amsterdam, right in the nights that the clock changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import holidays

from steunwijzer.db import utcnow
from steunwijzer.settings import get_settings

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
DAY_CODES = ("ma", "di", "wo", "do", "vr", "za", "zo")
MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_SEARCH_DAYS = 60

# Working hours: per day of the week (0 is Monday) the periods in which somebody works, in Dutch wall-clock time.
Hours = Mapping[int, Sequence[tuple[time, time]]]


@lru_cache(maxsize=8)
def _holidays(year: int) -> dict[date, str]:
    return dict(holidays.country_holidays("NL", years=year, language="nl"))


def holiday(day: date) -> str | None:
    """The name of the Dutch public holiday on ``day``, or None."""
    return _holidays(day.year).get(day)


def default_hours() -> Hours:
    """Monday to Friday, from the settings."""
    settings = get_settings()
    return {day: ((settings.work_start, settings.work_end),) for day in range(5)}


def is_working_day(day: date, hours: Hours | None = None) -> bool:
    """Somebody with these hours works on ``day``: it has hours and is no public holiday."""
    return bool((hours or default_hours()).get(day.weekday())) and holiday(day) is None


def next_working_day(after: date, hours: Hours | None = None) -> date:
    """The first working day after ``after``. Raises ``ValueError`` when the hours hold none."""
    day = after
    for _ in range(_SEARCH_DAYS):
        day += timedelta(days=1)
        if is_working_day(day, hours):
            return day
    raise ValueError("no working day within sixty days")


def is_working_time(moment: datetime | None = None, hours: Hours | None = None) -> bool:
    """Whether ``moment`` (aware; default now) falls in working hours."""
    return any(start <= (moment or utcnow()) < end for start, end in _periods(_local(moment or utcnow()).date(), hours))


def next_working_moment(moment: datetime | None = None, hours: Hours | None = None) -> datetime:
    """``moment`` itself when it is in working hours, else the start of the next period. Aware."""
    moment = moment or utcnow()
    day = _local(moment).date()
    for offset in range(_SEARCH_DAYS):
        for start, end in _periods(day + timedelta(days=offset), hours):
            if moment < end:
                return max(moment, start)
    raise ValueError("no working hours within sixty days")


def add_working_minutes(moment: datetime, minutes: float, hours: Hours | None = None) -> datetime:
    """The moment at which ``minutes`` of working time have passed since ``moment``: the clock stands still outside the hours."""
    left = timedelta(minutes=minutes)
    day = _local(moment).date()
    # Arithmetic in a zone with summer time counts wall-clock hours; in UTC it counts real ones.
    moment = moment.astimezone(timezone.utc)
    for offset in range(_SEARCH_DAYS):
        for start, end in _periods(day + timedelta(days=offset), hours):
            begin = max(moment, start)
            if begin >= end:
                continue
            if begin + left <= end:
                return begin + left
            left -= end - begin
    raise ValueError("not enough working hours within sixty days")


def day_in_words(day: date) -> str:
    """``maandag 28 december``."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def moment_in_words(moment: datetime, now: datetime | None = None) -> str:
    """``vandaag om 14.05 uur``, ``morgen om 9.00 uur``, ``maandag 28 december om 9.00 uur``; Dutch time."""
    local, today = _local(moment), _local(now or utcnow()).date()
    days = (local.date() - today).days
    day = {0: "vandaag", 1: "morgen", -1: "gisteren"}.get(days) or day_in_words(local.date())
    return f"{day} om {clock(moment)}"


def clock(moment: datetime) -> str:
    """``14.05 uur``, Dutch time."""
    local = _local(moment)
    return f"{local.hour}.{local.minute:02d} uur"


def today() -> date:
    """The date in the Netherlands now."""
    return _local(utcnow()).date()


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(AMSTERDAM)


def _periods(day: date, hours: Hours | None) -> list[tuple[datetime, datetime]]:
    """Working periods of ``day`` as moments in UTC, so that their length is real time also when the clock changes."""
    if not is_working_day(day, hours):
        return []
    return [
        (datetime.combine(day, start, AMSTERDAM).astimezone(timezone.utc), datetime.combine(day, end, AMSTERDAM).astimezone(timezone.utc))
        for start, end in (hours or default_hours())[day.weekday()]
    ]


def parse_hours(text: str) -> dict[int, tuple[tuple[time, time], ...]]:
    """Working hours as people write them in the coach file: ``ma-vr 9:00-17:00; wo 9:00-12:00`` (a later part replaces an earlier).

    Raises ``ValueError`` with a Dutch explanation.
    """
    hours: dict[int, tuple[tuple[time, time], ...]] = {}
    for part in filter(None, (piece.strip() for piece in text.lower().split(";"))):
        days, _, periods = part.partition(" ")
        selected = _days(days)
        parsed = tuple(_period(period) for period in periods.replace(" en ", ",").split(",") if period.strip())
        if not parsed:
            raise ValueError(f"bij '{part}' ontbreken de uren; schrijf bijvoorbeeld ma-vr 9:00-17:00")
        if any(one[1] > two[0] for one, two in pairwise(parsed)):
            raise ValueError(f"de uren in '{part}' overlappen of staan niet op volgorde")
        hours |= dict.fromkeys(selected, parsed)
    if not hours:
        raise ValueError("er staan geen werkuren; schrijf bijvoorbeeld ma-vr 9:00-17:00")
    return hours


def _days(text: str) -> list[int]:
    days: list[int] = []
    for piece in text.split(","):
        first, _, last = piece.partition("-")
        if first not in DAY_CODES or (last and last not in DAY_CODES):
            raise ValueError(f"'{piece}' is geen dag; gebruik ma, di, wo, do, vr, za of zo")
        start, end = DAY_CODES.index(first), DAY_CODES.index(last or first)
        if end < start:
            raise ValueError(f"'{piece}' loopt terug; schrijf bijvoorbeeld ma-vr")
        days += range(start, end + 1)
    return days


def _period(text: str) -> tuple[time, time]:
    try:
        first, last = (piece.strip().replace(".", ":") for piece in text.split("-"))
        start, end = (
            time.fromisoformat(f"{int(hour):02d}:{minute}") for hour, _, minute in (piece.partition(":") for piece in (first, last))
        )
    except ValueError:
        raise ValueError(f"'{text.strip()}' is geen tijd; schrijf bijvoorbeeld 9:00-17:00") from None
    if start >= end:
        raise ValueError(f"'{text.strip()}' eindigt voor het begint")
    return start, end
