"""Retention, and the removal of everything of one visitor."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
import time_machine
from sqlalchemy import text
from sqlalchemy.orm import Session
from typer.testing import CliRunner

from steunwijzer import cli_privacy, conversations, handoff, handoff_coach, handoff_reading, handoff_request, privacy, relay
from steunwijzer.db import session_scope
from steunwijzer.directory import import_coaches

COACHES = "code,naam,organisatie,regios\neen,Voorbeeld Een,Voorbeeld,Rivierenland\n"
START = datetime(2026, 11, 23, 13, 0, tzinfo=timezone.utc)


def visitor(*, closed: bool = True) -> tuple[str, str]:
    """A conversation with feedback, tracker events and a request with chat and notes; returns the ids of both."""
    conversation = conversations.start()
    conversations.append(conversation.id, "user", {"text": "hallo"})
    conversations.feedback(conversation.id, 1, "up")
    request = handoff.create(handoff_request.Draft("handoff", conversation.id, "Vraag", "Tiel", "AM10", ("GM0281",), phone="+31612345678"), "ja")
    handoff_coach.accept(request.id, "een")
    relay.from_visitor(conversation.id, "hallo coach")
    handoff_coach.add_note(request.id, "een", "notitie")
    if closed:
        handoff_coach.close(request.id, "een")
    with session_scope() as session:
        session.execute(
            text("CREATE TABLE IF NOT EXISTS events (id INTEGER, sender_id VARCHAR(255), timestamp DOUBLE PRECISION, data TEXT)")
        )
        session.execute(
            text("INSERT INTO events VALUES (1, :id, :at, '{}')"), {"id": conversation.id, "at": datetime.now(timezone.utc).timestamp()}
        )
    return conversation.id, request.id


def rows(name: str) -> int:
    with session_scope(reading=True) as session:
        return int(session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one())


def test_deleting_a_visitor_removes_everything_and_proves_it(any_database: str) -> None:
    import_coaches(COACHES)
    kept, kept_request = visitor()
    gone, gone_request = visitor(closed=False)
    proof = privacy.delete_visitor(gone)
    assert proof.complete, proof.remaining
    assert proof.removed["message"] >= 3
    assert proof.removed["request"] == proof.removed["note"] == proof.removed["events"] == 1
    assert conversations.get(gone) is None
    with pytest.raises(handoff_request.UnknownRequest):
        handoff_reading.get(gone_request)
    with pytest.raises(handoff_request.UnknownRequest):
        relay.from_coach(gone_request, "een", "bent u daar?")
    assert conversations.get(kept) is not None
    assert handoff_reading.get(kept_request).phone == "+31612345678"
    assert (rows("events"), rows("note"), rows("relay_message")) == (1, 1, 1)
    assert privacy.proof_of(proof.receipt, gone)
    assert not privacy.proof_of(proof.receipt, kept)
    assert privacy.delete_visitor(gone).complete


def test_the_audit_trail_stays_and_holds_no_content(any_database: str) -> None:
    import_coaches(COACHES)
    gone, request = visitor()
    privacy.delete_visitor(gone)
    assert [event.event for event in handoff_reading.audit(request)] == ["create", "accept", "note", "close"]
    with session_scope(reading=True) as session:
        everything = " ".join(str(row) for row in session.execute(text("SELECT * FROM audit_event")))
    assert gone not in everything
    assert "31612345678" not in everything
    assert "hallo" not in everything


def test_conversations_go_after_thirty_days_and_requests_half_a_year_after_closing(any_database: str) -> None:
    with time_machine.travel(START, tick=False) as clock:
        import_coaches(COACHES)
        closed, closed_request = visitor()
        _open, open_request = visitor(closed=False)
        clock.move_to(START + timedelta(days=29))
        assert privacy.purge().removed == {}
        clock.move_to(START + timedelta(days=31))
        fresh = conversations.start()
        report = privacy.purge()
        assert report.removed["conversation"] == 2
        assert report.removed["events"] == 2
        assert "conversation 2" in str(report)
        assert conversations.get(closed) is None
        assert conversations.get(fresh.id) is not None
        assert handoff_reading.get(closed_request).conversation_id is None
        clock.move_to(START + timedelta(days=185))
        assert privacy.purge().removed["request"] == 1
        with pytest.raises(handoff_request.UnknownRequest):
            handoff_reading.get(closed_request)
        # An open request is somebody's work: it stays until it is closed.
        assert handoff_reading.get(open_request).state == "accepted"


def test_a_conversation_in_use_stays(database: str) -> None:
    with time_machine.travel(START, tick=False) as clock:
        conversation = conversations.start()
        clock.move_to(START + timedelta(days=25))
        conversations.append(conversation.id, "user", {"text": "nog een vraag"})
        clock.move_to(START + timedelta(days=40))
        privacy.purge()
        assert conversations.get(conversation.id) is not None


def test_other_services_take_part(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "_PARTICIPANTS", {})

    class Drafts:
        def __init__(self) -> None:
            self.kept = {"a": 2}

        def purge(self, session: Session, now: datetime) -> dict[str, int]:
            return {"draft": 3}

        def delete(self, session: Session, conversation_id: str) -> dict[str, int]:
            return {"draft": self.kept.pop(conversation_id, 0)}

        def remaining(self, session: Session, conversation_id: str) -> dict[str, int]:
            return {"draft": self.kept.get(conversation_id, 0)}

    privacy.register("drafts", Drafts())
    proof = privacy.delete_visitor("a")
    assert proof.removed["draft"] == 2
    assert proof.complete
    assert privacy.purge().removed == {"draft": 3}


def test_the_command_says_what_went(database: str) -> None:
    with time_machine.travel(START - timedelta(days=60)):
        conversations.start()
    result = CliRunner().invoke(cli_privacy.app)
    assert result.exit_code == 0
    assert "conversation 1" in result.output
    assert "niets" in CliRunner().invoke(cli_privacy.app).output
