"""How long a coach in Teams waits: from the message to the first reply leaving, for twenty chats at once, with the real server and model.

    .venv/bin/python -m bench.teams

The server runs in a process of its own, in anonymous mode; replies are taken by a connector in this process. Each wait is printed beside the
CPU time that one message costs, because on a busy machine the first says more about the machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import uvicorn
from fastapi import FastAPI, Request

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
from serving import free_port, serving

from connectors.teams.texts import TROUBLE

CHATS = 20
ROUNDS = 3
QUESTIONS = ("mijn medewerker durft niets te vragen", "hij vergeet steeds wat we afspreken", "wat is een no-riskpolis", "hoe voorkom ik uitval")


def main() -> None:
    """Measure and print."""
    arrived: dict[str, float] = {}
    apologies: list[str] = []
    connector, port = FastAPI(), free_port()

    @connector.post("/v3/conversations/{conversation}/activities")
    async def take(conversation: str, request: Request) -> dict[str, str]:
        if (await request.json()).get("text") == TROUBLE:
            apologies.append(conversation)
        arrived.setdefault(conversation, time.monotonic())
        return {"id": uuid.uuid4().hex}

    taker = uvicorn.Server(uvicorn.Config(connector, host="127.0.0.1", port=port, log_level="error", ws="none"))
    threading.Thread(target=taker.run, daemon=True).start()
    with serving(Path(tempfile.mkdtemp()), teams_app_id="bench", teams_anonymous="true") as server:
        assert server.process is not None
        process = psutil.Process(server.process.pid)
        # The server closes a connection that is idle for five seconds.
        http = httpx.Client(base_url=server.url, timeout=60, limits=httpx.Limits(keepalive_expiry=1))

        def ask(conversation: str, text: str) -> tuple[float, float]:
            start = time.monotonic()
            http.post("/api/messages", json=_activity(conversation, text, port)).raise_for_status()
            return start, time.monotonic() - start

        for number in range(4):
            ask(f"warm-{number}", QUESTIONS[number])
            _until(lambda number=number: f"warm-{number}" in arrived)
        for number in range(2 * ROUNDS):
            # First rounds of chats that never wrote before, then the chats of the first round again.
            new = number < ROUNDS
            chats = [f"{number if new else 0}-{chat}" for chat in range(CHATS)]
            for chat in chats:
                arrived.pop(chat, None)
            used = sum(process.cpu_times()[:2])
            with ThreadPoolExecutor(CHATS) as pool:
                asked = dict(zip(chats, pool.map(ask, chats, [QUESTIONS[(index + number) % 4] for index in range(CHATS)]), strict=True))
            _until(lambda chats=chats: all(chat in arrived for chat in chats))
            used = sum(process.cpu_times()[:2]) - used
            waits = sorted(arrived[chat] - asked[chat][0] for chat in chats)
            print(
                f"{CHATS} {'nieuwe' if new else 'bekende'} chats tegelijk: bevestigd na {max(each for _, each in asked.values()):.2f} s (langste), "
                f"antwoord na {statistics.median(waits):.2f} s (mediaan), {waits[-1]:.2f} s (langste); {1000 * used / CHATS:.0f} ms CPU per bericht",
                flush=True,
            )
            # What is sent behind the first reply must not be in the way of the next round, nor use up its share of Microsoft's limits.
            time.sleep(2)
        alone = []
        for number in range(10):
            start, _ = ask(f"alone-{number}", QUESTIONS[number % 4])
            _until(lambda number=number: f"alone-{number}" in arrived)
            alone.append(arrived[f"alone-{number}"] - start)
        print(f"één chat: antwoord na {statistics.median(alone):.2f} s (mediaan), {max(alone):.2f} s (langste)")
    if apologies:
        sys.exit(f"{len(apologies)} berichten zijn niet beantwoord: deze tijden tellen niet")


def _activity(conversation: str, text: str, port: int) -> dict[str, Any]:
    return {
        "type": "message",
        "id": uuid.uuid4().hex,
        "channelId": "msteams",
        "serviceUrl": f"http://127.0.0.1:{port}",
        "from": {"id": f"29:{conversation}", "aadObjectId": conversation},
        "conversation": {"id": conversation, "conversationType": "personal", "tenantId": "bench"},
        "recipient": {"id": "28:bench"},
        "text": text,
    }


def _until(check: Any, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise TimeoutError("no reply")
        time.sleep(0.002)


if __name__ == "__main__":
    main()
