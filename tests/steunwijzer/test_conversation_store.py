"""Conversations: numbering, repetition, masking, deletion."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from steunwijzer import conversations
from steunwijzer.conversations import UnknownConversation


def test_messages_are_numbered_and_read_back(any_database: str) -> None:
    conversation = conversations.start(state={"topic": None})
    asked = conversations.append(conversation.id, "user", {"text": "hoe help ik hem"}, client_id="c1")
    answers = conversations.append_all(
        conversation.id, [("assistant", {"text": "Begin klein.", "buttons": []}), ("assistant", {"text": "Spreek af."})], reply_to=asked.seq
    )
    assert [asked.seq, *[answer.seq for answer in answers]] == [1, 2, 3]
    assert [message.payload["text"] for message in conversations.after(conversation.id, 1)] == ["Begin klein.", "Spreek af."]
    assert [message.seq for message in conversations.replies(conversation.id, 1)] == [2, 3]
    assert len(conversations.transcript(conversation.id)) == 3


def test_a_repeated_client_id_is_stored_once(any_database: str) -> None:
    conversation = conversations.start()
    first = conversations.append(conversation.id, "user", {"text": "hallo"}, client_id="x")
    again = conversations.append(conversation.id, "user", {"text": "hallo"}, client_id="x")
    assert (again.seq, again.repeated, first.repeated) == (first.seq, True, False)
    assert conversations.append(conversation.id, "user", {"text": "nog iets"}, client_id="y").seq == 2


def test_writers_at_once_leave_no_gap_and_no_double(any_database: str) -> None:
    conversation = conversations.start()

    def write(index: int) -> int:
        # Every second write repeats an earlier client id.
        return conversations.append(conversation.id, "user", {"text": "x"}, client_id=str(index // 2)).seq

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(write, range(80)))
    assert sorted(set(numbers)) == list(range(1, 41))
    assert [message.seq for message in conversations.transcript(conversation.id)] == list(range(1, 41))


def test_personal_numbers_are_masked_and_said(database: str) -> None:
    conversation = conversations.start()
    message = conversations.append(conversation.id, "user", {"text": "bel 06-12345678, bsn 111222333"})
    assert message.payload["text"] == "bel [telefoonnummer], bsn [burgerservicenummer]"
    assert message.payload["masked"] == ["phone", "bsn"]


def test_state_flow_and_owner_are_kept(any_database: str) -> None:
    conversation = conversations.start()
    conversations.save(conversation.id, state={"topic": "a/b"}, flow={"flow": "handoff", "step": 1})
    conversations.set_owner(conversation.id, "coach", "r1")
    kept = conversations.get(conversation.id)
    assert kept is not None
    assert (kept.state, kept.flow, kept.owner, kept.request_id) == ({"topic": "a/b"}, {"flow": "handoff", "step": 1}, "coach", "r1")
    conversations.save(conversation.id, flow=None)
    kept = conversations.get(conversation.id)
    assert kept is not None
    assert kept.flow is None
    assert kept.state == {"topic": "a/b"}


def test_delete_removes_everything_and_counts(any_database: str) -> None:
    conversation = conversations.start()
    conversations.append(conversation.id, "assistant", {"text": "dag"})
    conversations.feedback(conversation.id, 1, "down", "mijn nummer is 0612345678")
    conversations.feedback(conversation.id, 1, "up")
    assert conversations.delete(conversation.id) == {"feedback": 1, "message": 1, "conversation": 1}
    assert conversations.get(conversation.id) is None
    assert conversations.after(conversation.id) == []
    with pytest.raises(UnknownConversation):
        conversations.append(conversation.id, "user", {"text": "nog iets"})


def test_unknown_conversations_are_refused(database: str) -> None:
    with pytest.raises(UnknownConversation):
        conversations.append("weg", "user", {"text": "hallo"})
    with pytest.raises(UnknownConversation):
        conversations.transcript("weg")
    with pytest.raises(UnknownConversation):
        conversations.feedback("weg", 1, "up")
    with pytest.raises(UnknownConversation):
        conversations.set_owner("weg", "coach")
