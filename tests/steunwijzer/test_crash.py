"""Several processes at once, and processes that are killed at any moment: nothing acknowledged is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from crash_worker import STEPS, new_request, take_all, visit
from mailserver import mailserver

from steunwijzer import conversations, db, handoff_reading, handoff_request, mail, models, outbox, relay
from steunwijzer.directory import import_coaches
from steunwijzer.outbox import Dispatcher

# On each of the two databases.
KILLS = 100
COACHES = """code,naam,organisatie,email,regios,werkuren,maximum
een,Voorbeeld Een,Voorbeeld,een@example.org,Rivierenland,ma-zo 0:00-23:59,1000
twee,Voorbeeld Twee,Voorbeeld,twee@example.org,Rivierenland,ma-zo 0:00-23:59,1000
"""

ROOT = Path(__file__).resolve().parents[2]
# Processes are forked from a clean one that has everything imported: starting two hundred of them takes no time.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["crash_worker"])
os.environ["PYTHONPATH"] = os.pathsep.join([*(str(folder) for folder in (ROOT, ROOT / "tests")), os.environ.get("PYTHONPATH", "")])


def test_a_thousand_requests_taken_by_two_coaches_from_two_processes(any_database: str) -> None:
    import_coaches(COACHES)
    conversation = conversations.start()
    now = db.utcnow()
    ids = [f"r{number}" for number in range(1000)]
    template = new_request(conversation.id, "template")
    values = {name: getattr(template, name) for name in handoff_request.Request.__dataclass_fields__}
    with db.session_scope() as session:
        session.add_all(
            models.Request(
                **{**values, "gemeenten": list(template.gemeenten), "id": each, "key": each, "conversation_id": None, "created": now}
            )
            for each in ids
        )
    barrier = processes.Barrier(2)
    pipes, workers = [], []
    for coach in ("een", "twee"):
        receive, send = processes.Pipe(duplex=False)
        worker = processes.Process(target=take_all, args=({"STEUNWIJZER_DATABASE_URL": any_database}, coach, ids, barrier, send))
        worker.start()
        pipes.append(receive)
        workers.append(worker)
    won = {coach: set(pipe.recv()) for coach, pipe in zip(("een", "twee"), pipes, strict=True)}
    for worker in workers:
        worker.join()
    assert not won["een"] & won["twee"]
    assert won["een"] | won["twee"] == set(ids)
    with db.session_scope(reading=True) as session:
        owners = dict(session.query(models.Request.id, models.Request.coach_id).filter(models.Request.id.in_(ids)))
        accepts = Counter(row.subject for row in session.query(models.AuditEvent).filter(models.AuditEvent.event == "accept"))
    assert all(owners[each] == coach for coach, mine in won.items() for each in mine)
    assert set(accepts.values()) == {1}


@pytest.mark.timeout(300)
def test_killed_at_a_hundred_random_moments(any_database: str, settings: Callable[..., None]) -> None:
    chance = random.Random(20261121)
    import_coaches(COACHES)
    done: dict[int, dict[str, str]] = {}
    steps: dict[int, set[str]] = {}
    with mailserver() as mailbox:
        environment = {
            "STEUNWIJZER_DATABASE_URL": any_database,
            "STEUNWIJZER_SMTP_URL": mailbox.url,
            "STEUNWIJZER_OUTBOX_LEASE_SECONDS": "0.3",
            "STEUNWIJZER_OUTBOX_FIRST_DELAY_SECONDS": "0.05",
            "STEUNWIJZER_OUTBOX_MAX_DELAY_SECONDS": "0.2",
        }
        settings(**{name.removeprefix("STEUNWIJZER_").lower(): value for name, value in environment.items()})
        number, step, known = 0, 0, {}
        kills = 0
        while kills < KILLS:
            receive, send = processes.Pipe(duplex=False)
            worker = processes.Process(target=visit, args=(environment, number, step, known, send), daemon=True)
            worker.start()
            send.close()
            assert receive.poll(20), "the process does not get on"
            until = time.monotonic() + chance.uniform(0, 0.25)
            killed = False
            while True:
                if not killed and time.monotonic() >= until:
                    worker.kill()
                    killed, kills = True, kills + 1
                try:
                    if not receive.poll(0.002):
                        continue
                    at, name, known = receive.recv()
                except (EOFError, OSError):
                    break
                done[at] = known
                steps.setdefault(at, set()).add(name)
                number, step = (at, STEPS.index(name) + 1) if name != STEPS[-1] else (at + 1, 0)
            worker.join()
        _settle()
        _check_messages(done, steps)
        _check_mail(Counter(message["Message-ID"] for message in mailbox.messages))


def _settle() -> None:
    """Let the outbox end: leases of killed processes run out, waits pass."""
    for _ in range(40):
        asyncio.run(Dispatcher({mail.CHANNEL: mail.send}).run_once())
        with db.session_scope(reading=True) as session:
            if not session.query(models.OutboxRow).filter(models.OutboxRow.state.in_(("waiting", "claimed", "sending"))).count():
                return
        time.sleep(0.1)
    raise AssertionError("the outbox does not come to rest")


def _check_messages(done: dict[int, dict[str, str]], steps: dict[int, set[str]]) -> None:
    assert len(done) >= 5
    for number, known in done.items():
        said = conversations.transcript(known["conversation"])
        texts = Counter(message.payload["text"] for message in said if message.sender != "assistant")
        assert [message.seq for message in said] == list(range(1, len(said) + 1))
        assert max(texts.values(), default=0) <= 1, "a message stands there twice"
        assert not (steps[number] & {"visitor", "visitor2", "coach", "coach2"}) - texts.keys(), "an acknowledged message is lost"
        assert "ask" not in steps[number] or texts["vraag"] == 1
        if "request" in steps[number]:
            request = handoff_reading.get(known["request"])
            assert request.conversation_id == known["conversation"]
            assert ("close" not in steps[number]) or request.state == "closed"
            events = Counter(event.event for event in handoff_reading.audit(request.id))
            assert events["create"] == 1
            assert events["accept"] <= 1
            assert events["close"] <= 1
            assert [message.seq for message in relay.after(request.id)] == list(range(1, len(relay.after(request.id)) + 1))
    with db.session_scope(reading=True) as session:
        per_conversation = Counter(row.conversation_id for row in session.query(models.Request))
    assert set(per_conversation.values()) == {1}


def _check_mail(arrived: Counter[str]) -> None:
    assert max(arrived.values()) == 1, "a mail arrived twice"
    with db.session_scope(reading=True) as session:
        rows = [(row.key, row.state) for row in session.query(models.OutboxRow).filter(models.OutboxRow.channel == mail.CHANNEL)]
    delivery = outbox.Delivery(0, "", mail.CHANNEL, "crash", "een@example.org", {}, None, 1, "")
    mail.writes("crash")(lambda each: mail.Mail("een@example.org", "x", "x"))
    for key, state in rows:
        identity = mail.message(outbox.Delivery(**{**vars(delivery), "key": key}))["Message-ID"]
        assert state != "sent" or arrived[identity] == 1, "a mail counts as sent and did not arrive"
        assert state not in ("dropped", "failed") or arrived[identity] == 0
    assert any(state == "sent" for _key, state in rows)
