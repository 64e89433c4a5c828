"""A visitor's browser on a page with the widget, and the controls of the contract server."""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import axe_selenium_python
import pytest
from selenium.webdriver.common.action_chains import ActionChains

# The package brings an old axe-core; AXE_CORE names the file of a newer one.
BUNDLED = Path(axe_selenium_python.__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
AXE = Path(os.environ.get("AXE_CORE", BUNDLED)).read_text(encoding="utf-8")
HOST = "const c=document.querySelector('steunwijzer-chat'),r=c.shadowRoot;"


class Server:
    """The running contract server and its controls."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def _call(self, path: str, body: dict[str, Any] | None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            content = response.read()
        return json.loads(content) if content else None

    def control(self, **values: Any) -> None:
        self._call("/test/control", values)

    def say(self, **body: Any) -> None:
        self._call("/test/say", body)

    def drop(self) -> None:
        self._call("/test/drop", {})

    def forget(self) -> None:
        self._call("/test/forget", {})

    def all(self) -> dict[str, Any]:
        result: dict[str, Any] = self._call("/test/all", None)
        return result

    def session(self) -> dict[str, Any]:
        """The newest session."""
        result: dict[str, Any] = self.all()["sessions"][-1]
        return result


class Visit:
    """A visitor's browser on a page with the widget."""

    def __init__(self, driver: Any, server: Server) -> None:
        self.driver = driver  # selenium's own types have gaps
        self.server = server

    def forget(self) -> None:
        """Empties the browser's storage: the next page is opened by a new visitor."""
        self.driver.get(self.server.url + "/icon.svg")
        self.cdp("Storage.clearDataForOrigin", origin=self.server.url, storageTypes="all")

    def size(self, width: int, height: int) -> None:
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def media(self, **features: str) -> None:
        named = [{"name": k.replace("_", "-"), "value": v} for k, v in features.items()]
        self.cdp("Emulation.setEmulatedMedia", features=named)

    def cdp(self, command: str, /, **parameters: Any) -> Any:
        return self.driver.execute_cdp_cmd(command, parameters)

    def open(self, path: str = "/", *, wait: bool = True) -> None:
        self.driver.get(self.server.url + path)
        if wait:
            self.until(lambda: self.texts("assistant"), "the greeting")

    def js(self, script: str, *arguments: Any) -> Any:
        """Runs a script in which `c` is the widget and `r` its shadow root."""
        return self.driver.execute_script(HOST + script, *arguments)

    def until(self, condition: Callable[[], Any], what: str, seconds: float = 20.0) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.03)
        pytest.fail(f"waited {seconds} s in vain for {what}")

    def texts(self, who: str = "") -> list[str]:
        script = "return [...r.querySelectorAll(arguments[0])].map(e=>e.innerText)"
        result: list[str] = self.js(script, f".msg.{who} .text" if who else ".msg .text")
        return result

    def text(self, selector: str) -> str:
        result: str = self.js("return r.querySelector(arguments[0])?.innerText ?? ''", selector)
        return result

    def shown(self, selector: str) -> bool:
        return bool(self.js("return !!r.querySelector(arguments[0])?.checkVisibility()", selector))

    def click(self, selector: str, text: str = "") -> None:
        """Clicks the first visible element that matches, as a pointer would."""
        find = "return [...r.querySelectorAll(arguments[0])].find(e=>e.checkVisibility()&&e.textContent.includes(arguments[1]))"
        element = self.until(lambda: self.js(find, selector, text), f"{selector} {text}")
        self.js("arguments[0].click()", element)

    def say(self, text: str, answers: int = 1) -> None:
        """Types and sends, and waits for that many messages of the assistant."""
        before = len(self.texts("assistant"))
        self.js("c.input.value=arguments[0];c.submit()", text)
        self.until(lambda: len(self.texts("assistant")) >= before + answers, f"an answer to {text!r}")
        self.settle()

    def settle(self) -> None:
        """Waits until nothing is under way."""
        self.until(lambda: self.js("return !c.line.outbox.length && c.line.live"), "an empty outbox")
        time.sleep(0.05)

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def focus(self) -> str:
        """What has the focus, inside the shadow root: id, class or text."""
        result: str = self.js("const e=r.activeElement;return e ? (e.id||e.innerText||e.className) : ''")
        return result

    def axe(self) -> list[dict[str, Any]]:
        """Violations of WCAG 2.2 A and AA and of the best practices, by axe-core."""
        if not self.driver.execute_script("return !!window.axe"):
            self.cdp("Runtime.evaluate", expression=AXE + ";0")
        found: list[dict[str, Any]] = self.driver.execute_async_script(
            "const done=arguments[0];axe.run(document,{resultTypes:['violations']}).then("
            "x=>done(x.violations.map(v=>({id:v.id,nodes:v.nodes.map(n=>n.target.flat().join(' ')+': '+n.failureSummary)}))),"
            "e=>done([{id:String(e),nodes:[]}]))"
        )
        return found
