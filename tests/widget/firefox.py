"""Firefox without a driver program: WebDriver BiDi, spoken over its own WebSocket."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import websocket

ENTER, TAB, SHIFT, ESCAPE = "\ue007", "\ue004", "\ue008", "\ue00c"


def binary() -> str | None:
    """Firefox, under the name that Debian or others give it, or None."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One tab of a running Firefox; the part of selenium's driver that ``browser.Visit`` uses."""

    def __init__(self, port: int) -> None:
        self._connection = websocket.create_connection(f"ws://127.0.0.1:{port}/session", timeout=60, suppress_origin=True)
        self._number = 0
        self.errors: list[str] = []
        self.command("session.new", capabilities={})
        self.command("session.subscribe", events=["log.entryAdded"])
        # The window that Firefox starts with is never in front when headless, and its buttons ignore the keyboard.
        self._tab = self.command("browsingContext.create", type="window")["context"]

    def command(self, method: str, /, **parameters: Any) -> Any:
        """Sends a command and waits for its result; errors in the page's console are noted meanwhile."""
        self._number += 1
        self._connection.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            frame = json.loads(self._connection.recv())
            if frame.get("method") == "log.entryAdded" and frame["params"]["level"] == "error":
                self.errors.append(str(frame["params"]["text"]))
            if frame.get("id") == self._number:
                if frame["type"] == "error":
                    raise RuntimeError(f"{method}: {frame['error']}: {frame['message']}")
                return frame["result"]

    def get(self, url: str) -> None:
        self.command("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def refresh(self) -> None:
        self.command("browsingContext.reload", context=self._tab, wait="complete")

    def execute_script(self, script: str, *arguments: Any) -> Any:
        """Runs the body of a function in the page; what it gives must be JSON."""
        body = f"JSON.stringify((function(){{{script}}}).apply(null,{json.dumps(arguments)})??null)"
        ran = self.command("script.evaluate", expression=body, target={"context": self._tab}, awaitPromise=True, userActivation=True)
        if ran["type"] == "exception":
            raise RuntimeError(ran["exceptionDetails"]["text"])
        return json.loads(ran["result"]["value"])

    def size(self, width: int, height: int) -> None:
        self.command("browsingContext.setViewport", context=self._tab, viewport={"width": width, "height": height})

    def keys(self, text: str, *, shift: bool = False) -> None:
        """Presses keys, as a keyboard would."""
        presses = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        if shift:
            presses = [{"type": "keyDown", "value": SHIFT}, *presses, {"type": "keyUp", "value": SHIFT}]
        self.command("input.performActions", context=self._tab, actions=[{"type": "key", "id": "keyboard", "actions": presses}])

    def screenshot(self) -> bytes:
        return base64.b64decode(self.command("browsingContext.captureScreenshot", context=self._tab)["data"])

    def close(self) -> None:
        self._connection.close()


@contextmanager
def firefox(profile: Path) -> Iterator[Firefox]:
    """A headless Firefox with an empty profile in this folder."""
    program = binary()
    assert program is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen([program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", str(port)], **quiet)
    try:
        yield _connected(port)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connected(port: int) -> Firefox:
    end = time.monotonic() + 90
    while True:
        try:
            return Firefox(port)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
