"""A real server in a process of its own, and a visitor who talks to it over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
STEUNWIJZER = Path(sys.executable).with_name("steunwijzer")


def free_port() -> int:
    """A port on loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """A running server: its address, its database, and the means to stop it roughly or kindly."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.database_url = settings.pop("database_url", f"sqlite:///{folder / 'server.db'}")
        self._folder = folder
        self._environment = {
            **os.environ,
            "STEUNWIJZER_DATABASE_URL": self.database_url,
            "STEUNWIJZER_RATE_PER_MINUTE": "100000",
            "STEUNWIJZER_RATE_SESSIONS_PER_HOUR": "100000",
            "PYTHONWARNINGS": "ignore",
            **{f"STEUNWIJZER_{name.upper()}": value for name, value in settings.items()},
        }
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Start and wait until it is ready.

        Raises:
            RuntimeError: with the log, when it stops or is not ready within a minute and a half.
        """
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [str(STEUNWIJZER), "serve", "--port", str(self.port)], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200:
                    return self
            except httpx.TransportError:
                time.sleep(0.1)
        raise RuntimeError(f"De server is niet gestart:\n{self.log.read_text()[-4000:]}")

    def kill(self) -> None:
        """``kill -9``."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Server]:
    """A server for as long as the block lasts."""
    server = Server(folder, **settings).start()
    try:
        yield server
    finally:
        server.stop()


class Visitor:
    """Somebody who chats with the server."""

    def __init__(self, url: str, **about: object) -> None:
        """``about``: what the page around the chat knows, such as ``place``."""
        self.http = httpx.Client(base_url=url, timeout=60)
        started = self.http.post("/v1/sessions", json=about) if about else self.http.post("/v1/sessions")
        assert started.status_code == 201, started.text
        body = started.json()
        self.token: str = body["token"]
        self.welcome: list[dict[str, Any]] = body["messages"]
        self.state: dict[str, Any] = body["state"]
        self.http.headers["Authorization"] = f"Bearer {self.token}"

    def say(self, text: str, *, client_id: str | None = None) -> dict[str, Any]:
        """Send a message; gives the reply's body and remembers the state."""
        answered = self.http.post("/v1/messages", json={"text": text, **({"id": client_id} if client_id else {})})
        assert answered.status_code == 200, answered.text
        body: dict[str, Any] = answered.json()
        self.state = body["state"]
        return body

    def close(self) -> None:
        self.http.close()
