"""Sending to Teams when it does not go well: nothing is lost, nothing comes twice, and the order stays."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from bot_here import FixedToken, Parrot, bot
from microsoft import BOT, TENANT, Client, Microsoft
from sqlalchemy import select

from connectors.teams import store
from connectors.teams.activities import parse
from connectors.teams.connector import _retry_after
from steunwijzer import conversations, handoff, handoff_reading, handoff_request, models, outbox, relay
from steunwijzer.db import session_scope, utcnow

MakeRequest = Callable[..., handoff_request.Request]
BLOCKED = {"error": {"code": "ServiceError", "innerHttpError": {"statusCode": 403, "body": {"subCode": "MessageWritesBlocked"}}}}


def rows() -> list[Any]:
    with session_scope(reading=True) as session:
        return list(session.execute(select(models.OutboxRow).order_by(models.OutboxRow.id)).scalars())


def settled() -> bool:
    found = rows()
    return bool(found) and all(row.state not in ("waiting", "claimed", "sending") for row in found)


def said(teams: Client, person: str) -> list[str]:
    return [text.removeprefix("Je zei: ") for text in teams.texts(person)]


def test_half_of_all_sends_fail_and_nothing_is_lost_or_doubled(teams: Client) -> None:
    chance = random.Random(20261121)
    answers = [(429, {"Retry-After": "0"}, {}), (412, {}, {}), (502, {}, {}), (503, {}, {}), (500, {}, {})]
    teams.teams.fault = lambda call, method: chance.choice(answers) if chance.random() < 0.5 else None
    people = [f"vreemde-{number}" for number in range(4)]
    wanted = [f"bericht {number}" for number in range(8)]
    for words in wanted:
        for person in people:
            assert teams.say(words, person).status_code == 202
    teams.wait(lambda: all(len(said(teams, person)) == len(wanted) for person in people), seconds=90)
    teams.wait(settled)
    for person in people:
        assert said(teams, person) == wanted
    assert {row.state for row in rows()} == {"sent"}
    assert teams.teams.calls > len(people) * len(wanted) * 1.5


def test_a_connection_that_breaks_after_the_message_left_sends_it_no_second_time(teams: Client) -> None:
    teams.teams.fault = lambda call, method: "kept" if call == 1 else None
    teams.say("een")
    teams.wait(lambda: rows() and rows()[0].state == "uncertain")
    teams.say("twee")
    teams.wait(lambda: said(teams, "coach-1") == ["een", "twee"] and settled())
    assert [row.state for row in rows()] == ["uncertain", "sent"]


def test_a_message_that_is_too_early_waits_as_long_as_teams_asks_and_keeps_its_place(teams: Client) -> None:
    teams.teams.fault = lambda call, method: (429, {"Retry-After": "1"}, {}) if call == 1 else None
    start = time.monotonic()
    teams.say("een")
    teams.say("twee")
    teams.wait(lambda: said(teams, "coach-1") == ["een", "twee"])
    assert teams.teams.taken[0].at - start >= 0.9


@pytest.mark.parametrize(
    ("header", "at_least", "at_most"),
    [
        ("90", 89, 90),
        ("0", 0, 0),
        ("over drie uur", 10_700, 10_800),
        ("gauw", None, None),
        ("", None, None),
    ],
)
def test_how_long_teams_asks_to_wait(header: str, at_least: float | None, at_most: float | None) -> None:
    # Not when the tests are collected: that may be half an hour before this one runs.
    date = format_datetime(utcnow() + timedelta(hours=3), usegmt=True)
    wait = _retry_after({"Retry-After": date if header == "over drie uur" else header})
    assert wait is None if at_least is None else wait is not None and at_least <= wait <= (at_most or 0)


def test_an_answer_and_its_card_keep_their_order_when_the_first_is_refused(teams: Client) -> None:
    teams.teams.fault = lambda call, method: (429, {"Retry-After": "0.2"}, {}) if call <= 2 else None
    teams.say("een vraag met bron")
    teams.say("twee")
    teams.wait(lambda: len(teams.teams.taken) == 3 and settled())
    assert [bool(each.card) for each in teams.teams.taken] == [False, True, False]
    assert teams.teams.taken[2].text == "Je zei: twee"
    assert {row.state for row in rows()} == {"sent"}


def test_no_more_per_second_than_microsoft_allows(teams_settings: Callable[..., None], microsoft_side: Microsoft) -> None:
    teams_settings(teams_sends_per_second=5)
    with bot(Parrot(), FixedToken()) as url:
        teams = Client(url, microsoft_side)
        for number in range(12):
            teams.say(f"{number}", "druk")
        teams.wait(lambda: len(said(teams, "druk")) == 12, seconds=60)
    assert said(teams, "druk") == [str(number) for number in range(12)]
    moments = [each.at for each in microsoft_side.taken]
    for first, sixth in zip(moments, moments[5:], strict=False):
        assert sixth - first >= 0.9


def test_a_coach_who_blocked_the_bot_is_passed_over(teams: Client, ask_for_coach: MakeRequest) -> None:
    for person in ("coach-1", "coach-2"):
        teams.install(person)
    teams.wait(settled)
    teams.teams.fault = lambda call, method: (403, {}, BLOCKED)
    request = ask_for_coach()
    teams.wait(lambda: any(row.kind == "request.offered" and row.state == "failed" for row in rows()))
    teams.teams.fault = None
    with session_scope(reading=True) as session:
        assert "MessageWritesBlocked" in session.execute(select(models.TeamsReference.blocked)).scalars().all()
    assert handoff.tick() == 1
    assert handoff_reading.get(request.id).coach_id == "twee"
    teams.wait(lambda: any("Verzoek uit Tiel" in str(card) for card in teams.cards("coach-2")))
    # Who writes again is reachable again.
    teams.say("ik ben er weer")
    teams.wait(lambda: teams.texts())


@pytest.mark.parametrize(
    "leaving",
    [
        {"type": "installationUpdate", "action": "remove"},
        {"type": "conversationUpdate", "membersRemoved": [{"id": BOT}]},
        {
            "type": "conversationUpdate",
            "channelData": {"tenant": {"id": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}, "eventType": "channelDeleted"},
        },
    ],
)
def test_nothing_is_sent_after_an_uninstall(teams: Client, ask_for_coach: MakeRequest, leaving: dict[str, Any]) -> None:
    teams.install()
    before = len(teams.teams.taken)
    teams.post(teams.activity(**leaving))
    teams.wait(lambda: store.personal_chat(_coach()) is None)
    ask_for_coach()
    teams.wait(lambda: any(row.kind == "request.offered" and row.state == "failed" for row in rows()))
    assert len(teams.teams.taken) <= before + 1


def _coach() -> Any:
    from steunwijzer import directory

    return directory.coach("een")


def test_a_deleted_channel_takes_its_threads_along(teams: Client) -> None:
    thread = "19:kanaal@thread.tacv2;messageid=1700000000001"
    other = "19:kanaal2@thread.tacv2;messageid=1700000000002"
    for conversation in (thread, other):
        teams.say("hallo", conversation=conversation, kind="channel")
        teams.wait(lambda conversation=conversation: teams.teams.said(conversation))
    deleted = {"tenant": {"id": TENANT}, "eventType": "channelDeleted", "channel": {"id": "19:kanaal@thread.tacv2"}}
    # Teams reports it in the team's general channel.
    teams.post(teams.activity(type="conversationUpdate", conversation="19:algemeen@thread.tacv2", kind="channel", channelData=deleted))
    teams.wait(lambda: blocked(thread))
    assert not blocked(other)


def blocked(conversation: str) -> str | None:
    with session_scope(reading=True) as session:
        query = select(models.TeamsReference.blocked).where(models.TeamsReference.conversation_id == conversation)
        return session.execute(query).scalar_one()


def test_the_token_is_renewed_when_it_is_refused(teams: Client, tokens: FixedToken) -> None:
    teams.teams.fault = lambda call, method: (401, {}, {}) if call == 1 else None
    teams.say("hallo")
    teams.wait(lambda: said(teams, "coach-1") == ["hallo"])
    assert teams.teams.tokens == ["Bearer token-0", "Bearer token-1"]


def test_a_long_conversation_id_arrives_whole(teams: Client) -> None:
    long = "a:" + "x" * 250
    teams.say("hallo", conversation=long)
    teams.wait(lambda: teams.teams.said(long))


def test_a_message_larger_than_teams_takes_is_cut(teams: Client) -> None:
    from connectors.teams.sender import MAX_BYTES, _bounded, text_activity

    cut = _bounded(text_activity("é" * 80_000))
    assert len(str(cut).encode()) <= MAX_BYTES
    assert cut["text"].endswith("(ingekort)")


def test_what_a_stopped_process_acknowledged_is_answered_by_the_next(
    teams_settings: Callable[..., None], microsoft_side: Microsoft, monkeypatch: pytest.MonkeyPatch
) -> None:
    teams = Client("", microsoft_side)
    activity = parse(teams.activity(text="vraag voor de val"))
    assert store.receive(activity).new
    monkeypatch.setattr(store, "utcnow", lambda: utcnow() + store.RECOVER_AFTER * 2)
    with bot(Parrot(), FixedToken()) as url:
        teams.url = url
        teams.wait(lambda: said(teams, "coach-1") == ["vraag voor de val"])
    with session_scope(reading=True) as session:
        kept = session.execute(select(models.TeamsActivity)).scalars().one()
    assert kept.handled is not None
    assert kept.payload is None


def test_text_waits_masked_and_is_gone_when_it_is_answered(teams: Client, microsoft_side: Microsoft) -> None:
    activity = parse(teams.activity(text="mijn nummer is 0612345678", value={"verb": "note", "note": "bel 0612345678 na drie"}))
    store.receive(activity)
    with session_scope(reading=True) as session:
        kept = session.execute(select(models.TeamsActivity)).scalars().one()
    assert "0612345678" not in str(kept.payload)


def test_the_order_of_a_live_chat_survives_failures(teams: Client, ask_for_coach: MakeRequest) -> None:
    teams.install()
    conversation = conversations.start().id
    request = ask_for_coach(conversation_id=conversation)
    teams.wait(lambda: any("Verzoek uit Tiel" in str(card) for card in teams.cards()))
    teams.press("accept", request=request.id)
    chance = random.Random(7)
    teams.teams.fault = lambda call, method: (502, {}, {}) if chance.random() < 0.5 else None
    for number in range(8):
        relay.from_visitor(conversation, f"regel {number}", client_id=f"v{number}")
    teams.wait(lambda: sum("regel" in text for text in teams.texts()) == 8, seconds=60)
    teams.wait(lambda: all(each.delivered for each in relay.after(request.id)))
    assert [text[-len("regel 0</blockquote>") :][:7] for text in teams.texts() if "regel" in text] == [f"regel {number}" for number in range(8)]
    assert not [each for each in outbox.of_request(request.id) if each.not_delivered]


def test_twenty_chats_at_once_are_all_acknowledged_and_answered(teams: Client) -> None:
    """How quickly is measured by ``bench.teams`` with the real assistant, in a process of its own."""
    teams.say("opwarmen", "eerst")
    teams.wait(lambda: teams.texts("eerst"))
    people = [f"chat-{number}" for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda person: teams.say("hallo", person).status_code, people))
    assert statuses == [202] * 20
    teams.wait(lambda: all(teams.texts(person) == ["Je zei: hallo"] for person in people), seconds=60)
