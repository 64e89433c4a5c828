"""Live chat over two server processes that share PostgreSQL and Redis: the visitor on one, the coach on the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from coaching import Desk
from serving import Server, Visitor
from visiting import conversation_of, line, messages

from steunwijzer import handoff_reading

PHONE = "06 12345678"


@pytest.fixture
def workers(postgres_database: str, redis_url: str, tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """Two processes, started at the same time on an empty database."""
    pair = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        pair.append(Server(tmp_path / name, database_url=postgres_database, redis_url=redis_url))
    with ThreadPoolExecutor() as pool:
        list(pool.map(Server.start, pair))
    yield pair[0], pair[1]
    for server in pair:
        server.stop()


def said(texts: list[dict[str, Any]], words: str) -> int:
    """How often something was said."""
    return sum(words == message["text"] for message in texts)


def heard(words: str) -> Callable[[dict[str, Any]], bool]:
    """Whether a frame brings these words."""
    return lambda frame: frame["type"] == "message" and frame["message"]["text"] == words


def test_a_live_chat_over_two_processes_and_a_kill(workers: tuple[Server, Server]) -> None:
    one, two = workers
    visitor, desk = Visitor(one.url), Desk(two)
    for text in ("ik wil een coach spreken in Tiel", PHONE, "Ja, stuur door"):
        visitor.say(text)
    with desk.live() as page, line(visitor, one) as chat:
        page.until(lambda frame: frame["type"] == "queue")
        request = next(row for row in desk.get("/requests").json()["waiting"] if row["place"] == "Tiel")["id"]
        assert desk.post(f"/requests/{request}/accept").status_code == 200
        chat.until(lambda frame: frame["type"] == "state" and frame["state"].get("live"))

        desk.post(f"/requests/{request}/messages", {"text": "Dag, vertel eens.", "id": "c1"})
        chat.until(heard("Dag, vertel eens."))
        page.until(lambda frame: frame.get("kind") == "delivered" and frame.get("to") == "visitor")
        page.say(type="typing", request=request)
        chat.until(lambda frame: frame["type"] == "typing")
        chat.send(type="typing")
        page.until(lambda frame: frame.get("kind") == "typing" and frame.get("sender") == "visitor")
        chat.send(type="send", id="v1", text="Hij durft niets te vragen.")
        chat.until(lambda frame: frame["type"] == "ack")
        page.until(lambda frame: frame.get("kind") == "message")
        assert said(desk.get(f"/requests/{request}/messages").json()["messages"], "Hij durft niets te vragen.") == 1

        # The coach's process dies. The visitor notices nothing, and what is said meanwhile waits for the coach.
        two.kill()
        chat.send(type="send", id="v2", text="Bent u er nog?")
        chat.until(lambda frame: frame["type"] == "ack" and frame["id"] == "v2")
    two.start()
    with desk.live() as page:
        assert said(desk.get(f"/requests/{request}/messages").json()["messages"], "Bent u er nog?") == 1
        with line(visitor, one) as chat:
            desk.post(f"/requests/{request}/messages", {"text": "Ja, ik ben er weer.", "id": "c2"})
            chat.until(heard("Ja, ik ben er weer."))

            # Now the visitor's process dies: the visitor goes on at the other one, with what was missed and nothing twice.
            seen = messages(visitor)[-1]["seq"]
            one.kill()
        desk.post(f"/requests/{request}/messages", {"text": "Spreek een vast vraagmoment af.", "id": "c3"})
        visitor.http.base_url = two.url
        with line(visitor, two, after=seen) as chat:
            chat.send(type="send", id="v2", text="Bent u er nog?")
            chat.send(type="send", id="v3", text="Dank u.")
            chat.until(lambda frame: frame["type"] == "ack" and frame["id"] == "v3")
            page.until(lambda frame: frame.get("kind") == "message")
    texts = messages(visitor)
    for words in ("Dag, vertel eens.", "Hij durft niets te vragen.", "Bent u er nog?", "Ja, ik ben er weer.",
                  "Spreek een vast vraagmoment af.", "Dank u."):  # fmt: skip
        assert said(texts, words) == 1, words
    assert [message["seq"] for message in texts] == list(range(1, len(texts) + 1))
    assert desk.post(f"/requests/{request}/close", {"reason": "done"}).status_code == 200
    assert handoff_reading.status(conversation_of(visitor)).state == "closed"
    assert visitor.say("mijn medewerker is snel afgeleid")["messages"][0]["from"] == "assistant"
