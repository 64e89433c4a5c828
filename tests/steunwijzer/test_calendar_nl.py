"""Dutch working time: holidays, weekends, the nights that the clock changes."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steunwijzer import calendar_nl
from steunwijzer.calendar_nl import add_working_minutes, is_working_day, is_working_time, next_working_day, next_working_moment, parse_hours

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=AMSTERDAM)  # type: ignore[arg-type, misc]


def test_christmas_2026() -> None:
    assert is_working_day(date(2026, 12, 24))
    assert [is_working_day(date(2026, 12, day)) for day in (25, 26, 27)] == [False, False, False]
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 28)
    assert calendar_nl.holiday(date(2026, 12, 25)) == "Eerste Kerstdag"
    # Sixty working minutes from half past four on Thursday 24 December end on Monday.
    assert add_working_minutes(at(2026, 12, 24, 16, 30), 60) == at(2026, 12, 28, 9, 30)
    assert next_working_moment(at(2026, 12, 26, 12, 0)) == at(2026, 12, 28, 9, 0)


def test_king_day_new_year_and_liberation_day() -> None:
    assert next_working_day(date(2026, 4, 24)) == date(2026, 4, 28)
    assert next_working_day(date(2026, 12, 31)) == date(2027, 1, 4)
    assert is_working_day(date(2026, 5, 5))
    assert not is_working_day(date(2030, 5, 5))


def test_the_nights_that_the_clock_changes() -> None:
    night = parse_hours("ma-zo 0:00-6:00")
    # 29 March 2026 has no hour from two to three, 25 October has it twice.
    assert add_working_minutes(at(2026, 3, 29, 0, 0), 4 * 60, night) == at(2026, 3, 29, 5, 0)
    assert add_working_minutes(at(2026, 10, 25, 0, 0), 4 * 60, night) == at(2026, 10, 25, 3, 0)
    assert add_working_minutes(at(2026, 3, 28, 16, 0), 60) == at(2026, 3, 30, 10, 0)
    summer, winter = at(2026, 10, 23, 16, 30), at(2026, 10, 26, 9, 30)
    assert add_working_minutes(summer, 60) == winter
    assert winter.utcoffset() != summer.utcoffset()


def test_hours_of_ones_own() -> None:
    hours = parse_hours("ma-vr 9:00-12:30, 13:00-17:00; wo 9.00-12.00")
    assert hours[2] == ((time(9), time(12)),)
    assert is_working_time(at(2026, 11, 23, 13, 30), hours)
    assert not is_working_time(at(2026, 11, 23, 12, 45), hours)
    assert not is_working_time(at(2026, 11, 25, 14, 0), hours)
    assert add_working_minutes(at(2026, 11, 23, 12, 0), 60, hours) == at(2026, 11, 23, 13, 30)


@pytest.mark.parametrize(
    "text", ["", "ma", "maandag 9:00-17:00", "ma 9-", "ma 17:00-9:00", "ma 9:00-12:00,11:00-13:00", "vr-ma 9:00-10:00", "ma 9:61-10:00"]
)
def test_bad_hours_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parse_hours(text)


def test_words() -> None:
    now = at(2026, 11, 23, 14, 0)
    assert calendar_nl.moment_in_words(at(2026, 11, 23, 14, 5), now) == "vandaag om 14.05 uur"
    assert calendar_nl.moment_in_words(at(2026, 11, 24, 9, 0), now) == "morgen om 9.00 uur"
    assert calendar_nl.moment_in_words(at(2026, 12, 28, 9, 0), now) == "maandag 28 december om 9.00 uur"
    with pytest.raises(ValueError, match="time zone"):
        calendar_nl.clock(datetime(2026, 1, 1))  # noqa: DTZ001


@given(
    st.integers(min_value=1_577_836_800, max_value=2_051_222_400).map(lambda second: datetime.fromtimestamp(second, timezone.utc)),
    st.integers(min_value=1, max_value=2000),
)
def test_working_minutes_end_in_working_time_and_never_early(moment: datetime, minutes: int) -> None:
    end = add_working_minutes(moment, minutes)
    assert end >= moment + timedelta(minutes=minutes)
    assert is_working_time(end - timedelta(seconds=1))
    start = next_working_moment(moment)
    assert start >= moment
    assert is_working_time(start)
