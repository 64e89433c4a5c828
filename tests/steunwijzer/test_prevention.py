"""The prevention plan and its documents."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from steunwijzer import prevention

TODAY = date(2026, 11, 21)


def test_six_steps_in_the_order_of_the_handreiking() -> None:
    plan = prevention.build({}, TODAY)
    assert [step.name for step in plan.steps] == [
        "Signaleren",
        "Het gesprek",
        "Het werk bekijken",
        "Afspraken",
        "Hulp en rollen",
        "Volgen en bijstellen",
    ]
    assert all(step.why and step.how for step in plan.steps)
    assert plan.timeline == ()


def test_illness_gives_the_dates_from_the_first_day() -> None:
    plan = prevention.build({"ill": "yes", "first_day": "2026-10-05", "hr": "no"}, TODAY)
    days = {d.week: d.day for d in plan.timeline}
    assert days[0] == date(2026, 10, 5)
    assert days[6] == date(2026, 11, 16)
    assert days[8] == date(2026, 11, 30)
    assert days[42] == date(2027, 7, 26)
    assert days[52] == date(2027, 10, 4)
    assert days[104] == date(2028, 10, 2)
    assert {d.week for d in plan.timeline if not d.certain} == {88, 93, 104}
    assert any("Zonder HR" in note for note in plan.notes)
    assert any("UWV" in note for note in plan.notes)


def test_no_illness_no_first_day_no_timeline() -> None:
    assert prevention.build({"ill": "no", "first_day": "2026-10-05"}, TODAY).timeline == ()
    assert prevention.build({"ill": "yes"}, TODAY).timeline == ()


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_deadlines_are_whole_weeks_after_the_first_day(first_day: date) -> None:
    deadlines = prevention.poortwachter(first_day)
    assert [d.day for d in deadlines] == sorted(d.day for d in deadlines)
    assert all(d.day == first_day + timedelta(weeks=d.week) for d in deadlines)
    talks = prevention.progress_talks(first_day)
    assert all((later - earlier).days == 42 for earlier, later in zip(talks, talks[1:], strict=False))


def test_the_next_duty() -> None:
    found = prevention.next_deadline(date(2026, 10, 5), TODAY)
    assert found is not None
    assert found.week == 8
    assert prevention.next_deadline(date(2020, 1, 1), TODAY) is None


def test_a_conversation_that_was_held_is_ticked() -> None:
    plan = prevention.build({"talk": "done", "signal": "vaak te laat", "review": "2026-12-04"}, TODAY)
    assert [step.done for step in plan.steps] == [True, True, False, False, False, False]
    assert plan.steps[5].when == date(2026, 12, 4)
