"""Live chat: numbered on both sides, stored once, told to listeners; also between two processes over Redis."""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from steunwijzer import bus, conversations, handoff, handoff_coach, handoff_request, relay
from steunwijzer.bus import LocalBus, RedisBus
from steunwijzer.directory import import_coaches
from steunwijzer.handoff_request import NotAllowed, NotPossible, UnknownRequest

ROOT = Path(__file__).resolve().parents[2]
COACHES = """code,naam,organisatie,regios
een,Voorbeeld Een,Voorbeeld,Rivierenland
twee,Voorbeeld Twee,Voorbeeld,Rivierenland
"""


@pytest.fixture
def chat(any_database: str) -> tuple[str, str]:
    """An accepted request: ids of conversation and request."""
    import_coaches(COACHES)
    conversation = conversations.start()
    request = handoff.create(handoff_request.Draft("handoff", conversation.id, "Vraag", "Tiel", "AM10", ("GM0281",)), "ja")
    handoff_coach.accept(request.id, "een")
    return conversation.id, request.id


def test_both_sides_see_the_same_in_order(chat: tuple[str, str]) -> None:
    conversation, request = chat
    relay.from_visitor(conversation, "Hallo", client_id="1")
    relay.from_coach(request, "een", "Dag, met Een", client_id="1")
    again = relay.from_visitor(conversation, "Hallo", client_id="1")
    assert again.repeated
    assert again.seq == 1
    assert [(message.seq, message.sender, message.text) for message in relay.after(request)] == [
        (1, "visitor", "Hallo"),
        (2, "coach", "Dag, met Een"),
    ]
    visible = conversations.transcript(conversation)
    assert [message.sender for message in visible] == ["assistant", "user", "coach"]
    assert visible[2].payload["coach"] == "Voorbeeld Een"
    assert [message.seq for message in relay.after(request, 1)] == [2]


def test_what_was_said_to_the_assistant_is_not_said_again_to_the_coach(chat: tuple[str, str]) -> None:
    conversation, request = chat
    conversations.append(conversation, "user", {"text": "eerder"}, client_id="x")
    assert relay.from_visitor(conversation, "eerder", client_id="x").repeated
    assert relay.after(request) == []


def test_delivered_is_told_once(chat: tuple[str, str]) -> None:
    conversation, request = chat
    relay.from_visitor(conversation, "een")
    relay.from_coach(request, "een", "twee")
    assert relay.delivered(request, 2, to="coach") == 1
    assert relay.delivered(request, 2, to="coach") == 0
    assert [message.delivered is not None for message in relay.after(request)] == [True, False]


def test_only_the_coach_of_an_open_chat_may_write(chat: tuple[str, str]) -> None:
    conversation, request = chat
    with pytest.raises(NotAllowed):
        relay.from_coach(request, "twee", "hallo")
    with pytest.raises(UnknownRequest):
        relay.from_coach("weg", "een", "hallo")
    with pytest.raises(conversations.UnknownConversation):
        relay.from_visitor("weg", "hallo")
    handoff_coach.close(request, "een")
    with pytest.raises(NotPossible):
        relay.from_coach(request, "een", "hallo")
    with pytest.raises(NotPossible):
        relay.from_visitor(conversation, "hallo")


def test_many_at_once_leave_no_gap(chat: tuple[str, str]) -> None:
    conversation, request = chat

    def write(index: int) -> None:
        if index % 2:
            relay.from_visitor(conversation, str(index), client_id=str(index // 4))
        else:
            relay.from_coach(request, "een", str(index), client_id=str(index // 4))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(80)))
    assert [message.seq for message in relay.after(request)] == list(range(1, 41))


def test_listeners_hear_what_happens(chat: tuple[str, str]) -> None:
    conversation, request = chat

    async def listen() -> list[tuple[str, bus.Event]]:
        async with bus.get_bus().subscribe(f"request:{request}", f"conversation:{conversation}") as events:
            await asyncio.to_thread(relay.from_visitor, conversation, "hallo")
            relay.typing(request, conversation, sender="coach")
            return [await asyncio.wait_for(events.get(), 5) for _ in range(4)]

    heard = asyncio.run(listen())
    assert (f"request:{request}", {"kind": "message", "seq": 1}) in heard
    assert (f"conversation:{conversation}", {"kind": "typing", "sender": "coach"}) in heard


def test_a_slow_listener_keeps_the_newest_hints() -> None:
    async def run() -> bus.Event:
        local = LocalBus()
        async with local.subscribe("t") as events:
            for index in range(bus.QUEUE_LENGTH + 5):
                local.publish("t", {"n": index})
            await asyncio.sleep(0.1)
            return (await events.get())[1]

    assert asyncio.run(run()) == {"n": 5}


PUBLISH = """
import sys
from steunwijzer.bus import RedisBus
RedisBus(sys.argv[1]).publish("conversation:a", {"kind": "message", "seq": 7})
"""


def test_another_process_hears_it_over_redis(redis_url: str) -> None:
    async def run() -> tuple[str, bus.Event]:
        listening = RedisBus(redis_url)
        try:
            async with listening.subscribe("conversation:a") as events:
                await asyncio.create_subprocess_exec(sys.executable, "-c", PUBLISH, redis_url, cwd=ROOT)
                return await asyncio.wait_for(events.get(), 60)
        finally:
            listening.close()

    assert asyncio.run(run()) == ("conversation:a", {"kind": "message", "seq": 7})


def test_without_redis_this_process_still_hears_it() -> None:
    async def run() -> bus.Event:
        broken = RedisBus("redis://127.0.0.1:1/0")
        async with broken._local.subscribe("t") as events:
            await asyncio.to_thread(broken.publish, "t", {"n": 1})
            return (await asyncio.wait_for(events.get(), 5))[1]

    assert asyncio.run(run()) == {"n": 1}
