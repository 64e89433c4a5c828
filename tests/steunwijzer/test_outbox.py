"""The outbox and mail: sent after the commit, retried, given up, never twice; with a real SMTP server."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

import pytest
import time_machine
from mailserver import Mailbox, mailserver

from steunwijzer import conversations, db, handoff, handoff_coach, handoff_reading, handoff_request, mail, models, outbox
from steunwijzer.directory import import_coaches
from steunwijzer.outbox import Delivery, Dispatcher, NotNeeded, PermanentFailure, TemporaryFailure

COACHES = """code,naam,organisatie,email,regios,werkuren,reserve
een,Voorbeeld Een,Voorbeeld,een@example.org,Rivierenland,ma-zo 0:00-23:59,
reserve,Voorbeeld Reserve,Voorbeeld,reserve@example.org,,ma-zo 0:00-23:59,ja
"""


@pytest.fixture
def mailbox(any_database: str, settings: Callable[..., None]) -> Iterator[Mailbox]:
    with mailserver() as box:
        settings(smtp_url=box.url, outbox_max_attempts=3, response_minutes=60)
        import_coaches(COACHES)
        yield box


@pytest.fixture
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(datetime(2026, 11, 23, 13, 0, tzinfo=timezone.utc), tick=False) as traveller:
        yield traveller


def send_due() -> int:
    return asyncio.run(Dispatcher({mail.CHANNEL: mail.send}).run_once())


def request() -> handoff_request.Request:
    conversation = conversations.start()
    return handoff.create(handoff_request.Draft("handoff", conversation.id, "Vraag", "Tiel", "AM10", ("GM0281",), phone="+31612345678"), "ja")


def add(key: str, channel: str = "test", **values: object) -> None:
    with db.session_scope() as session:
        outbox.add(session, key=key, channel=channel, kind="test", recipient="r", **values)  # type: ignore[arg-type]


def state(key: str) -> str:
    with db.session_scope(reading=True) as session:
        return str(session.query(models.OutboxRow.state).filter(models.OutboxRow.key == key).scalar())


def test_a_request_reaches_the_coach_by_mail_without_contact_data(mailbox: Mailbox, clock: time_machine.Coordinates) -> None:
    made = request()
    assert send_due() == 1
    (message,) = mailbox.messages
    assert (message["To"], message["Auto-Submitted"]) == ("een@example.org", "auto-generated")
    body = message.get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "Vraag" in body
    assert made.id in body
    assert "12345678" not in body
    assert "15.00 uur" in body
    assert [status.state for status in outbox.of_request(made.id)] == ["sent"]
    assert send_due() == 0
    assert len(mailbox.messages) == 1


def test_a_mail_that_came_too_late_is_dropped(mailbox: Mailbox, clock: time_machine.Coordinates) -> None:
    made = request()
    handoff_coach.accept(made.id, "een")
    assert send_due() == 1
    assert mailbox.messages == []
    assert outbox.of_request(made.id)[0].state == "dropped"


def test_cancelling_tells_the_coach(mailbox: Mailbox, clock: time_machine.Coordinates) -> None:
    made = request()
    send_due()
    handoff.cancel(made.id)
    send_due()
    assert [message["Subject"] for message in mailbox.messages] == ["Verzoek uit Tiel (Rivierenland)", "Ingetrokken: verzoek uit Tiel"]


def test_a_refusal_for_now_is_tried_again_later_with_the_same_message_id(mailbox: Mailbox, clock: time_machine.Coordinates) -> None:
    mailbox.refuse = ["451 try later", "451 try later"]
    made = request()
    send_due()
    assert send_due() == 0
    assert "kwam nog niet aan" in handoff_reading.status(str(made.conversation_id)).text
    clock.shift(timedelta(seconds=6))
    send_due()
    clock.shift(timedelta(seconds=6))
    assert send_due() == 0, "the second wait is longer"
    clock.shift(timedelta(seconds=6))
    send_due()
    assert len(mailbox.messages) == 1
    assert mailbox.messages[0]["Message-ID"].startswith("<")
    assert outbox.of_request(made.id)[0].attempts == 3


def test_a_request_that_cannot_be_delivered_goes_to_the_next_coach(mailbox: Mailbox, clock: time_machine.Coordinates) -> None:
    mailbox.refuse = ["550 no such user"]
    made = request()
    send_due()
    (status,) = outbox.of_request(made.id)
    assert status.state == "failed"
    assert status.not_delivered
    assert status.error == "smtp 550"
    assert outbox.undelivered() == [status]
    assert handoff.tick() == 1
    assert handoff_reading.get(made.id).coach_id == "reserve"
    send_due()
    assert [message["To"] for message in mailbox.messages] == ["reserve@example.org"]


def test_no_server_is_given_up_after_the_last_try(mailbox: Mailbox, clock: time_machine.Coordinates, settings: Callable[..., None]) -> None:
    settings(smtp_url="smtp://127.0.0.1:1")
    made = request()
    for _ in range(4):
        send_due()
        clock.shift(timedelta(minutes=5))
    assert outbox.of_request(made.id)[0].state == "failed"
    assert outbox.retry(outbox.of_request(made.id)[0].id)
    settings(smtp_url=mailbox.url)
    send_due()
    assert len(mailbox.messages) == 1


def test_without_mail_nothing_waits(any_database: str) -> None:
    import_coaches(COACHES)
    assert outbox.of_request(request().id) == []


def _add_and_fail() -> None:
    with db.session_scope() as session:
        outbox.add(session, key="never", channel="test", kind="test", recipient="r")
        raise RuntimeError


def test_a_key_is_sent_once_and_a_rollback_sends_nothing(any_database: str) -> None:
    add("k")
    add("k")
    with pytest.raises(RuntimeError):
        _add_and_fail()
    sent: list[str] = []

    async def sender(delivery: Delivery) -> None:
        sent.append(delivery.key)

    asyncio.run(Dispatcher({"test": sender}).run_once())
    assert sent == ["k"]


@pytest.mark.parametrize(
    ("error", "passed", "expected"),
    [
        (TemporaryFailure("x"), False, "waiting"),
        (TemporaryFailure("x"), True, "waiting"),
        (PermanentFailure("x"), True, "failed"),
        (NotNeeded("x"), False, "dropped"),
        (KeyError("x"), False, "waiting"),
        (KeyError("x"), True, "uncertain"),
        (outbox.Uncertain("x"), True, "uncertain"),
    ],
)
def test_what_becomes_of_a_failure(any_database: str, error: Exception, passed: bool, expected: str) -> None:
    add("k")

    async def sender(delivery: Delivery) -> None:
        if passed:
            await delivery.point_of_no_return()
        raise error

    asyncio.run(Dispatcher({"test": sender}).run_once())
    assert state("k") == expected


def test_a_wait_that_the_other_side_asks_for_is_respected(any_database: str, clock: time_machine.Coordinates) -> None:
    add("k")

    async def sender(delivery: Delivery) -> None:
        raise TemporaryFailure("throttled", retry_after=90)

    asyncio.run(Dispatcher({"test": sender}).run_once())
    clock.shift(timedelta(seconds=89))
    assert outbox.claim_due({"test"}) == []
    clock.shift(timedelta(seconds=2))
    assert len(outbox.claim_due({"test"})) == 1


def test_a_long_wait_that_the_other_side_asks_for_is_no_clock_set_back(any_database: str, clock: time_machine.Coordinates) -> None:
    add("k")

    async def sender(delivery: Delivery) -> None:
        raise TemporaryFailure("throttled", retry_after=3 * 3600)

    asyncio.run(Dispatcher({"test": sender}).run_once())
    assert outbox.next_due({"test"}) == 3 * 3600
    for _ in range(2):
        clock.shift(timedelta(minutes=89))
        assert outbox.claim_due({"test"}) == []
    clock.shift(timedelta(minutes=3))
    assert len(outbox.claim_due({"test"})) == 1


@pytest.mark.parametrize("asked", [10.0**12, float("inf"), -5.0])
def test_a_wait_out_of_all_reason_is_bounded(any_database: str, clock: time_machine.Coordinates, asked: float) -> None:
    add("k")

    async def sender(delivery: Delivery) -> None:
        raise TemporaryFailure("throttled", retry_after=asked)

    asyncio.run(Dispatcher({"test": sender}).run_once() if asked > 0 else outbox.send(outbox.claim_due({"test"})[0], sender))
    assert state("k") == "waiting"
    clock.shift(timedelta(days=1, seconds=1))
    assert len(outbox.claim_due({"test"})) == 1


def test_in_order_only_the_oldest_message_of_a_recipient_leaves(any_database: str) -> None:
    for key, recipient in (("a1", "a"), ("a2", "a"), ("b1", "b"), ("a3", "a")):
        with db.session_scope() as session:
            outbox.add(session, key=key, channel="test", kind="test", recipient=recipient)
    sent: list[str] = []

    async def sender(delivery: Delivery) -> None:
        if delivery.key == "a1" and delivery.attempt == 1:
            raise TemporaryFailure("x", retry_after=0)
        sent.append(delivery.key)

    def claim() -> list[Delivery]:
        return outbox.claim_due({"test"}, in_order=True)

    first = claim()
    assert [each.key for each in first] == ["a1", "b1"]
    assert claim() == []
    for each in first:
        asyncio.run(outbox.send(each, sender))
    while outbox.next_due({"test"}, in_order=True) == 0:
        for each in claim():
            asyncio.run(outbox.send(each, sender))
    assert sent == ["b1", "a1", "a2", "a3"]
    assert outbox.next_due({"test"}, in_order=True) is None


def claimed_at_birth(*keys: str) -> list[Delivery]:
    with db.session_scope() as session:
        return outbox.add_claimed(session, channel="test", recipient="r", kind="test", messages=[(key, {"n": key}) for key in keys])


def test_what_is_claimed_when_it_is_written_is_sent_by_nobody_else(any_database: str, clock: time_machine.Coordinates) -> None:
    first, second = claimed_at_birth("a", "b")
    assert (first.key, first.payload, second.attempt) == ("a", {"n": "a"}, 1)
    assert outbox.claim_due({"test"}) == []
    assert claimed_at_birth("c") == [], "the earlier ones are still on their way"
    asyncio.run(outbox.send(first, _takes))
    outbox.give_back([second])
    assert [state(key) for key in "abc"] == ["sent", "waiting", "waiting"]
    (again,) = outbox.claim_due({"test"}, in_order=True)
    assert (again.key, again.attempt) == ("b", 1)
    asyncio.run(outbox.send(again, _takes))
    asyncio.run(Dispatcher({"test": _takes}).run_once())
    assert claimed_at_birth("a") == [], "a key is sent once"
    assert [each.key for each in claimed_at_birth("d")] == ["d"]
    clock.shift(timedelta(minutes=2))
    assert [each.key for each in outbox.claim_due({"test"})] == ["d"], "the process that wrote it is gone"


async def _takes(delivery: Delivery) -> None:
    await delivery.point_of_no_return()


def test_what_a_dead_process_left_behind(any_database: str, clock: time_machine.Coordinates) -> None:
    add("before")
    (before,) = outbox.claim_due({"test"})
    add("after")
    (after,) = outbox.claim_due({"test"})
    asyncio.run(after.point_of_no_return())
    assert outbox.claim_due({"test"}) == []
    clock.shift(timedelta(minutes=2))
    (again,) = outbox.claim_due({"test"})
    assert again.key == "before"
    assert again.attempt == 2
    assert state("after") == "uncertain"
    # The process was not dead but slow: it may not send any more.
    with pytest.raises(NotNeeded):
        asyncio.run(before.point_of_no_return())


def test_a_clock_set_back_does_not_hold_up_messages(any_database: str, clock: time_machine.Coordinates) -> None:
    add("k")
    asyncio.run(Dispatcher({"test": _fails}).run_once())
    clock.shift(timedelta(hours=-4))
    assert len(outbox.claim_due({"test"})) == 1


async def _fails(delivery: Delivery) -> None:
    raise TemporaryFailure("x")


def test_waits_grow_to_a_maximum(settings: Callable[..., None]) -> None:
    waits = [outbox.backoff(attempt) for attempt in range(1, 15)]
    assert 4 < waits[0] < 6
    assert waits[3] > 30
    assert max(waits) <= 1800 * 1.1


def test_headers_cannot_be_smuggled_in(database: str) -> None:
    @mail.writes("smuggle")
    def write(delivery: Delivery) -> mail.Mail:
        return mail.Mail("a@example.org", "Hallo\r\nBcc: b@example.org", "tekst")

    delivery = Delivery(1, "k", "mail", "smuggle", "r", {}, None, 1, "c")
    assert mail.message(delivery)["Bcc"] is None
