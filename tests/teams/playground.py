"""Microsoft's Agents Playground: the real client, headless, driven over its own HTTP and WebSocket."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import websocket
from serving import free_port

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
PLAYGROUND = MODULES / "@microsoft" / "m365agentsplayground" / "cli.js"
BOT_ID = "00000000-0000-0000-0000-00000000000011"
TENANT = "00000000-0000-0000-0000-0000000000001"
PERSON = "user-id-0"
OBJECT_ID = "00000000-0000-0000-0000-0000000000020"


def node_modules() -> Path:
    """The packages of ``package-lock.json``; installs them once. Skips with the reason where that cannot be done."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("Node.js and npm are not installed: they are needed for Microsoft's own client (apt-get install npm)")
    if not PLAYGROUND.exists():
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HERE, capture_output=True, text=True, timeout=280)
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["?"])[-1]
            pytest.skip(f"npm cannot install Microsoft's client (is the registry reachable?): {reason}")
    return MODULES


class Playground:
    """One person in Teams, in a personal chat with the bot. ``messages`` is what stands there now, in order, by id."""

    def __init__(self, url: str, conversation: str) -> None:
        self.url, self.conversation = url, conversation
        self.http = httpx.Client(base_url=url, timeout=30)
        self.frames: list[dict[str, Any]] = []
        self._socket = websocket.create_connection(f"ws{url.removeprefix('http')}/_ws_conversation/v1/conversations/stream", timeout=120)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            while True:
                self.frames.append(json.loads(self._socket.recv()))
        except (websocket.WebSocketException, OSError, ValueError):
            return

    def close(self) -> None:
        self._socket.close()
        self.http.close()

    @property
    def messages(self) -> dict[str, dict[str, Any]]:
        """What the bot said, by message id, as it stands now (updates applied)."""
        found: dict[str, dict[str, Any]] = {}
        for frame in list(self.frames):
            message = frame.get("message") or {}
            if message.get("from", {}).get("id") == BOT_ID:
                found[message["messageId"]] = message
        return found

    def texts(self) -> list[str]:
        """The texts of the bot, in order."""
        return [each["text"] for each in self.messages.values() if each.get("text")]

    def cards(self) -> dict[str, dict[str, Any]]:
        """The cards of the bot by message id, as they stand now."""
        return {identity: each["attachments"][0]["content"] for identity, each in self.messages.items() if each.get("attachments")}

    def install(self) -> None:
        self.http.post(f"/_debug/conversation/{self.conversation}/installation", json={}).raise_for_status()

    def say(self, text: str) -> None:
        body = {"text": text, "textFormat": "plain", "from": {"id": PERSON}}
        self.http.post(f"/_conversation/v1/conversations/{self.conversation}/messages", json=body).raise_for_status()

    def execute(self, message_id: str, action: dict[str, Any], **inputs: Any) -> dict[str, Any]:
        """Press an ``Action.Execute``; gives the bot's answer."""
        value = {"action": {"type": "Action.Execute", "verb": action["verb"], "data": {**action["data"], **inputs}}, "trigger": "manual"}
        body = {"name": "adaptiveCard/action", "value": value, **self._at(message_id)}
        return self.http.post("/_conversation/v1/invoke", json=body).raise_for_status().json()

    def submit(self, message_id: str, action: dict[str, Any]) -> None:
        """Press an ``Action.Submit``."""
        self.http.post("/_conversation/v1/submit", json={"value": action["data"], **self._at(message_id)}).raise_for_status()

    def _at(self, message_id: str) -> dict[str, Any]:
        return {"from": {"id": PERSON}, "conversation": {"id": self.conversation}, "replyToId": message_id}

    def wait(self, check: Callable[[], Any], seconds: float = 40.0) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = check()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"This did not happen within {seconds} s. Frames: {json.dumps(self.frames)[-3000:]}")


@contextmanager
def playground(endpoint: str, folder: Path, conversation: str = "persoonlijk-gesprek") -> Iterator[Playground]:
    """The playground on a free port, talking to the bot at ``endpoint``."""
    node_modules()
    port = free_port()
    command = ["node", str(PLAYGROUND), "start", "-e", endpoint, "-c", "msteams", "-p", str(port), "--conversation-id", conversation]
    environment = {**os.environ, "HOME": str(folder)}
    with (folder / "playground.log").open("wb") as log:
        process = subprocess.Popen([*command, "--disable-telemetry"], cwd=folder, stdout=log, stderr=log, env=environment)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{url}/_debug/ping", timeout=2).text == "pong":
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        client = Playground(url, conversation)
        try:
            yield client
        finally:
            client.close()
    finally:
        process.terminate()
        process.wait(15)
