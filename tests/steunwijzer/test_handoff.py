"""Requests: transitions, choice of coach, expiry, promises, what the visitor is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from steunwijzer import (
    calendar_nl,
    conversations,
    db,
    directory,
    handoff,
    handoff_coach,
    handoff_consent,
    handoff_reading,
    handoff_request,
    models,
    outbox,
    relay,
)
from steunwijzer.directory import import_coaches
from steunwijzer.handoff_request import TRANSITIONS, AlreadyTaken, Draft, HandoffError, NotAllowed, NotPossible, UnknownRequest

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = datetime(2026, 11, 23, 14, 5, tzinfo=AMSTERDAM)

COACHES = """code,naam,organisatie,email,regios,gemeenten,werkuren,maximum,reserve
een,Voorbeeld Een,Voorbeeld-ggz,een@example.org,Rivierenland,,ma-vr 9:00-17:00,3,
twee,Voorbeeld Twee,Voorbeeld-ggz,twee@example.org,Rivierenland,,ma-vr 9:00-17:00,3,
buren,Voorbeeld Buren,Voorbeeld-ggz,buren@example.org,,Buren,ma-vr 9:00-17:00,3,
twente,Voorbeeld Twente,Voorbeeld-ggz,twente@example.org,Twente,,ma-vr 9:00-17:00,3,
reserve,Voorbeeld Reserve,Voorbeeld-ggz,reserve@example.org,,,ma-vr 9:00-17:00,50,ja
"""
TIEL = {"place": "Tiel", "region": "AM10", "gemeenten": ("GM0281",)}


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


@pytest.fixture
def coaches(any_database: str) -> None:
    assert import_coaches(COACHES).ok


def draft(kind: str = "handoff", **values: object) -> Draft:
    base: dict[str, object] = {"subject": "Medewerker durft geen hulp te vragen", "phone": "+31612345678", **TIEL} | values
    base.setdefault("conversation_id", conversations.start().id)
    return Draft(kind=kind, **base)  # type: ignore[arg-type]


def create(kind: str = "handoff", **values: object) -> handoff_request.Request:
    made = draft(kind, **values)
    return handoff.create(made, handoff_consent.consent_text(made, handoff_consent.preview(made.kind, made.region, made.gemeenten)))


def test_a_whole_hand_off(coaches: None, clock: time_machine.Coordinates) -> None:
    request = create()
    assert (request.state, request.public_state, request.coach_id) == ("requested", "requested", "een")
    status = handoff_reading.status(str(request.conversation_id))
    assert status.state == "requested"
    assert "vandaag om 14.05 uur verstuurd aan Voorbeeld Een" in status.text
    assert "vandaag om 15.05 uur" in status.text
    assert [row.id for row in handoff_reading.queue("een")] == [request.id]
    accepted = handoff_coach.accept(request.id, "een")
    assert (accepted.state, accepted.coach_id) == ("accepted", "een")
    conversation = conversations.get(str(request.conversation_id))
    assert conversation is not None
    assert (conversation.owner, conversation.request_id) == ("coach", request.id)
    relay.from_visitor(conversation.id, "Hallo", client_id="v1")
    relay.from_coach(request.id, "een", "Goedemiddag", client_id="c1")
    handoff_coach.add_note(request.id, "een", "Terugbellen op 06-12345678")
    assert handoff_reading.notes(request.id)[0].text == "Terugbellen op [telefoonnummer]"
    handoff_coach.give_back(request.id, "een")
    conversation = conversations.get(conversation.id)
    assert conversation is not None
    assert conversation.owner == "bot"
    with pytest.raises(NotPossible):
        relay.from_visitor(conversation.id, "Bent u er nog?")
    handoff_coach.resume(request.id, "een")
    closed = handoff_coach.close(request.id, "een")
    assert (closed.state, closed.close_reason) == ("closed", "done")
    conversation = conversations.get(conversation.id)
    assert conversation is not None
    assert (conversation.owner, conversation.request_id) == ("bot", None)
    said = [(message.sender, message.payload["text"]) for message in conversations.transcript(conversation.id)]
    assert [sender for sender, _ in said] == ["assistant", "user", "coach", "assistant", "assistant", "assistant"]
    assert "U praat nu met Voorbeeld Een van Voorbeeld-ggz" in said[0][1]
    assert [event.event for event in handoff_reading.audit(request.id)] == ["create", "accept", "note", "give_back", "resume", "close"]
    assert handoff_reading.history("een")[0].id == request.id
    assert handoff_reading.mine("een") == []


def test_consent_shows_exactly_what_goes_where(coaches: None, clock: time_machine.Coordinates) -> None:
    made = draft(name="Voorbeeld Werkgever", email="w@example.org", subject="Bel mij op 0612345678 over Jan")
    words = handoff_consent.consent_text(made, handoff_consent.preview("handoff", "AM10", ("GM0281",)))
    assert "Voorbeeld Een van Voorbeeld-ggz" in words
    assert "06 12345678 en w@example.org" in words
    assert "Tiel (regio Rivierenland)" in words
    assert "zes maanden" not in words
    assert "6 maanden" in words
    assert "0612345678 over" not in words
    request = handoff.create(made, words)
    assert request.consent == words
    assert "0612345678" not in request.subject


def test_nothing_is_sent_without_consent_or_a_way_to_call(database: str) -> None:
    import_coaches(COACHES)
    with pytest.raises(NotPossible):
        handoff.create(draft(), " ")
    with pytest.raises(NotPossible):
        handoff.create(draft("callback", phone=None), "ja")
    assert handoff.create(draft(phone=None), "ja").contact == ""


def test_sending_twice_makes_one_request(coaches: None) -> None:
    made = draft(key="flow-1")
    assert handoff.create(made, "ja").id == handoff.create(made, "ja").id
    assert len(handoff_reading.queue("een")) == 1


def test_the_coach_with_the_fewest_and_then_the_longest_ago(coaches: None, clock: time_machine.Coordinates) -> None:
    chosen = []
    for _ in range(7):
        chosen.append(create().coach_id)
        clock.shift(timedelta(seconds=1))
    assert chosen == ["een", "twee", "een", "twee", "een", "twee", "reserve"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (TIEL, "een"),
        ({"place": "Buren", "region": "AM10", "gemeenten": ("GM0214",)}, "buren"),
        ({"place": "Enschede", "region": "AM05", "gemeenten": ("GM0153",)}, "twente"),
        ({"place": "Goes", "region": "AM24", "gemeenten": ("GM0664",)}, "reserve"),
    ],
)
def test_who_serves_the_place(database: str, clock: time_machine.Coordinates, place: dict[str, object], expected: str) -> None:
    import_coaches(COACHES)
    assert create(**place).coach_id == expected


def test_away_and_full_coaches_are_passed_over(database: str, clock: time_machine.Coordinates) -> None:
    import_coaches(COACHES)
    directory.set_away("een", date(2026, 12, 1))
    directory.set_maximum("twee", 0)
    assert create().coach_id == "reserve"
    clock.move_to(datetime(2026, 12, 1, 10, tzinfo=AMSTERDAM))
    assert create().coach_id == "een"


def test_nobody_at_work_gives_a_promise_for_the_next_working_day(database: str, clock: time_machine.Coordinates) -> None:
    import_coaches(COACHES)
    clock.move_to(datetime(2026, 12, 24, 18, 0, tzinfo=AMSTERDAM))
    shown = handoff_consent.preview("handoff", "AM10", ("GM0281",))
    assert not shown.available
    assert "maandag 28 december" in shown.expectation
    request = create()
    assert request.state == "requested"
    assert request.due == request.promised == datetime(2026, 12, 28, 10, 0, tzinfo=AMSTERDAM)
    # Nothing expires over Christmas.
    for day in (25, 26, 27):
        clock.move_to(datetime(2026, 12, day, 12, tzinfo=AMSTERDAM))
        assert handoff.tick() == 0
    clock.move_to(datetime(2026, 12, 28, 10, 0, 1, tzinfo=AMSTERDAM))
    assert handoff.tick() == 1


def test_nobody_in_the_directory_loses_nothing(database: str, clock: time_machine.Coordinates) -> None:
    request = create()
    assert (request.state, request.coach_id) == ("requested", None)
    assert "de coaches van regio Rivierenland" in handoff_reading.status(str(request.conversation_id)).text
    import_coaches(COACHES)
    clock.move_to(datetime(2026, 11, 24, 9, 0, 1, tzinfo=AMSTERDAM))
    assert handoff.tick() == 1
    assert handoff_reading.get(request.id).coach_id == "reserve"


def test_a_call_back_is_promised_on_a_working_day(database: str, clock: time_machine.Coordinates) -> None:
    import_coaches(COACHES)
    assert handoff_consent.callback_day(date(2026, 12, 25)) == date(2026, 12, 28)
    assert handoff_consent.callback_day(date(2026, 11, 26)) == date(2026, 11, 26)
    assert handoff_consent.callback_day(date(2020, 1, 1)) == date(2026, 11, 24)
    request = create("callback", wanted="vrijdagochtend", wanted_date=date(2026, 11, 27))
    handoff_coach.accept(request.id, request.coach_id or "")
    conversation = conversations.get(str(request.conversation_id))
    assert conversation is not None
    assert conversation.owner == "bot"
    assert "vrijdagochtend" in handoff_reading.status(conversation.id).text


def test_no_answer_goes_to_the_backup_and_stays_requested_for_the_visitor(coaches: None, clock: time_machine.Coordinates) -> None:
    request = create()
    clock.shift(timedelta(minutes=59))
    assert handoff.tick() == 0
    clock.shift(timedelta(minutes=1, seconds=1))
    assert handoff.tick() == 1
    after = handoff_reading.get(request.id)
    assert (after.state, after.coach_id, after.round) == ("requested", "reserve", 2)
    status = handoff_reading.status(str(request.conversation_id))
    assert status.state == "requested"
    assert "langer dan we zeiden" in status.text
    assert [event.event for event in handoff_reading.audit(request.id)] == ["create", "expire", "reassign"]


def test_decline_asks_the_next_until_nobody_is_left_and_then_again_on_the_next_day(coaches: None, clock: time_machine.Coordinates) -> None:
    request = create()
    asked = []
    while (current := handoff_reading.get(request.id)).coach_id:
        asked.append(current.coach_id)
        handoff_coach.decline(request.id, current.coach_id)
    assert asked == ["een", "twee", "reserve"]
    assert current.state == "declined"
    assert current.public_state == "requested"
    assert request.id in [row.id for row in handoff_reading.queue("een")]
    clock.move_to(datetime(2026, 11, 24, 9, 0, 1, tzinfo=AMSTERDAM))
    assert handoff.tick() == 1
    assert handoff_reading.get(request.id).state == "requested"


def test_two_coaches_one_wins(coaches: None) -> None:
    request = create()
    handoff_coach.accept(request.id, "twee")
    assert handoff_coach.accept(request.id, "twee").coach_id == "twee"
    with pytest.raises(AlreadyTaken, match="Voorbeeld Twee heeft deze aanvraag al"):
        handoff_coach.accept(request.id, "een")
    assert len([event for event in handoff_reading.audit(request.id) if event.event == "accept"]) == 1


def test_only_those_who_may(coaches: None) -> None:
    request = create()
    with pytest.raises(NotAllowed):
        handoff_coach.accept(request.id, "twente")
    with pytest.raises(directory.UnknownCoach):
        handoff_coach.accept(request.id, "niemand")
    with pytest.raises(NotAllowed):
        handoff_coach.decline(request.id, "twee")
    handoff_coach.accept(request.id, "een")
    for step in (handoff_coach.close, handoff_coach.give_back, handoff_coach.resume, handoff_coach.pass_on):
        with pytest.raises(NotAllowed):
            step(request.id, "twee")
    with pytest.raises(UnknownRequest):
        handoff_coach.accept("weg", "een")


def test_pass_on_to_a_colleague(coaches: None) -> None:
    request = create()
    handoff_coach.accept(request.id, "een")
    passed = handoff_coach.pass_on(request.id, "een", "twee")
    assert (passed.state, passed.coach_id) == ("requested", "twee")
    conversation = conversations.get(str(request.conversation_id))
    assert conversation is not None
    assert conversation.owner == "bot"
    handoff_coach.accept(request.id, "twee")
    assert handoff_reading.get(request.id).coach_id == "twee"


def test_the_visitor_cancels(coaches: None) -> None:
    request = create()
    handoff_coach.accept(request.id, "een")
    assert handoff.cancel(request.id).public_state == "cancelled"
    assert handoff.cancel(request.id).state == "cancelled"
    assert handoff_reading.status(str(request.conversation_id)).state == "cancelled"
    with pytest.raises(NotPossible, match="ingetrokken"):
        handoff_coach.accept(request.id, "een")
    assert handoff_reading.open_request(str(request.conversation_id)) is None


def test_the_visitor_changes_how_he_is_reached(coaches: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("steunwijzer.mail.configured", lambda: True)
    request = create("callback")
    changed = handoff.change_contact(request.id, phone="+31687654321")
    assert (changed.phone, changed.email, changed.state) == ("+31687654321", None, "requested")
    mails = [each.kind for each in outbox.of_request(request.id)]
    assert "request.contact" not in mails, "who has not taken it reads it with the request"
    handoff_coach.accept(request.id, "een")
    handoff.change_contact(request.id, email="jan@bedrijf.nl")
    handoff.change_contact(request.id, email="jan@bedrijf.nl")
    assert [each.kind for each in outbox.of_request(request.id)].count("request.contact") == 1
    assert handoff_reading.get(request.id).contact == "06 87654321 en jan@bedrijf.nl"
    handoff.cancel(request.id)
    with pytest.raises(NotPossible):
        handoff.change_contact(request.id, phone="+31612345678")


def test_status_without_request(database: str) -> None:
    assert handoff_reading.status(conversations.start().id).state == "none"


def test_a_clock_that_jumps_four_hours_loses_nothing(coaches: None, clock: time_machine.Coordinates) -> None:
    request = create()
    clock.shift(timedelta(hours=4))
    handoff.tick()
    assert handoff_reading.get(request.id).state in ("requested", "expired")
    clock.shift(timedelta(hours=-4))
    handoff.tick()
    handoff_coach.accept(request.id, "een")
    assert handoff_reading.get(request.id).state == "accepted"


class Requests(RuleBasedStateMachine):
    """Random steps of coaches, the visitor and time: the table is obeyed, and what must always hold, holds."""

    coach_codes = st.sampled_from(["een", "twee", "buren", "twente", "reserve"])

    def __init__(self) -> None:
        super().__init__()
        self.clock = time_machine.travel(MONDAY, tick=False)
        self.now = self.clock.start()
        with db.session_scope() as session:
            for table in (models.Request, models.RequestAsked, models.AuditEvent, models.OutboxRow):
                session.query(table).delete()
        self.request = create()
        # Which steps may come depends on their number alone: a replay may not hang on what the database held.
        self.steps = 0

    def attempt(self, step: object, event: str, *args: str) -> None:
        self.steps += 1
        before = handoff_reading.get(self.request.id)
        try:
            step(self.request.id, *args)  # type: ignore[operator]
        except HandoffError:
            after = handoff_reading.get(self.request.id)
            assert after == before
        else:
            after = handoff_reading.get(self.request.id)
            repeated = after == before
            assert repeated or (before.state, event) in TRANSITIONS

    @rule(coach=coach_codes)
    def accept(self, coach: str) -> None:
        self.attempt(handoff_coach.accept, "accept", coach)

    @rule(coach=coach_codes)
    def decline(self, coach: str) -> None:
        self.attempt(handoff_coach.decline, "decline", coach)

    @rule(coach=coach_codes, to=coach_codes)
    def pass_on(self, coach: str, to: str) -> None:
        state = handoff_reading.get(self.request.id).state
        self.attempt(handoff_coach.pass_on, "pass_on" if state == "accepted" else "decline", coach, to)

    @rule(coach=coach_codes)
    def give_back(self, coach: str) -> None:
        self.attempt(handoff_coach.give_back, "give_back", coach)

    @rule(coach=coach_codes)
    def resume(self, coach: str) -> None:
        self.attempt(handoff_coach.resume, "resume", coach)

    @precondition(lambda self: self.steps > 3)
    @rule(coach=coach_codes)
    def close(self, coach: str) -> None:
        self.attempt(handoff_coach.close, "close", coach)

    @precondition(lambda self: self.steps > 5)
    @rule()
    def cancel(self) -> None:
        self.attempt(handoff.cancel, "cancel")

    @rule(hours=st.integers(min_value=-4, max_value=40))
    def time_passes(self, hours: int) -> None:
        self.now.shift(timedelta(hours=hours))
        handoff.tick()

    @invariant()
    def always(self) -> None:
        request = handoff_reading.get(self.request.id)
        conversation = conversations.get(str(request.conversation_id))
        assert conversation is not None
        if conversation.owner == "coach":
            assert request.state == "accepted"
            assert conversation.request_id == request.id
        if request.state == "accepted":
            assert request.coach_id
            assert request.accepted
            assert request.due is None
        if request.state in ("closed", "cancelled"):
            assert conversation.owner == "bot"
            assert request.closed
        if request.state in ("requested", "declined", "expired"):
            assert request.due is not None
            assert not request.accepted
            assert request.id in {row.id for row in handoff_reading.queue("reserve")}
        events = handoff_reading.audit(request.id)
        state: str | None = None
        for event in events:
            assert event.before == state
            if event.event not in ("create", "note"):
                assert TRANSITIONS[(event.before, event.event)] == event.after  # type: ignore[index]
            state = event.after
        assert state == request.state

    def teardown(self) -> None:
        self.clock.stop()


def test_random_steps_obey_the_transition_table(database: str) -> None:
    import_coaches(COACHES)
    run_state_machine_as_test(
        Requests,
        settings=settings(max_examples=25, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)),
    )


def test_every_state_has_a_word_for_the_visitor() -> None:
    states = {state for state, _ in TRANSITIONS} | set(TRANSITIONS.values())
    assert states == set(handoff_request.PUBLIC)
    assert not {state for state, _ in TRANSITIONS} & {"closed", "cancelled"}
    assert calendar_nl.clock(MONDAY) == "14.05 uur"
