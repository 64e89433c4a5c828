"""A coach's browser at the desk, for the tests in Chromium."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from serving import ROOT, Server

from steunwijzer import desk_access

sys.path.insert(0, str(ROOT / "tests" / "widget"))
from browser import AXE, Visit

__all__ = ["SIZES", "Page", "Visit", "chromium"]

SIZES = ((1280, 900), (390, 844), (320, 640))


@contextmanager
def chromium() -> Iterator[webdriver.Chrome]:
    """Headless Chromium with its console logged."""
    options = Options()
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    for switch in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars", "window-size=1280,900"):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")))
    driver.set_script_timeout(60)
    try:
        yield driver
    finally:
        driver.quit()


class Page:
    """The desk in a browser."""

    def __init__(self, driver: webdriver.Chrome, server: Server) -> None:
        self.driver = driver
        self.url = f"{server.url}/desk"
        self.size(1280, 900)
        self.theme("light")

    def enter(self, coach_id: str, *, at: str = "aanvragen") -> None:
        """Sign in with a fresh link."""
        self.driver.get("about:blank")
        self.driver.get(f"{self.url}#in={desk_access.make_link(coach_id).token}")
        self.until("return document.querySelector('.presence')", "the desk")
        self.go(at)

    def go(self, fragment: str) -> None:
        self.js("location.hash = '#' + arguments[0]", fragment)
        self.until("return document.querySelector('.list h2') && !document.body.innerText.includes('Wordt geladen')", fragment)

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def until(self, script: str, what: str, *arguments: Any, seconds: float = 45) -> Any:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = self.js(script, *arguments)
            if value:
                return value
            time.sleep(0.05)
        pytest.fail(f"waited {seconds} s in vain for {what}; the page says:\n{self.text()}")

    def sees(self, words: str, inside: str = "body") -> None:
        """Wait until the page shows these words."""
        self.until("return document.querySelector(arguments[1])?.innerText.includes(arguments[0])", words, words, inside)

    def text(self, selector: str = "body") -> str:
        return str(self.js("return document.querySelector(arguments[0])?.innerText ?? ''", selector))

    def press(self, label: str) -> None:
        """Press a button or link by its text, as a pointer would."""
        self.until(
            "const e=[...document.querySelectorAll('button,a')].find(e=>e.checkVisibility()&&e.textContent.trim()===arguments[0]);"
            "e?.click();return !!e",
            label,
            label,
        )

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def new_line(self) -> None:
        """Shift and Enter together."""
        ActionChains(self.driver).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()

    def focus(self) -> str:
        """The text or label of what has the focus."""
        return str(self.js("const e=document.activeElement;return e.labels?.[0]?.innerText||e.innerText||e.tagName"))

    def size(self, width: int, height: int) -> None:
        parameters = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", parameters)

    def theme(self, theme: str) -> None:
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})

    def axe(self) -> list[Any]:
        """Violations of WCAG 2.2 A and AA and of the best practices, by axe-core."""
        if not self.js("return !!window.axe"):
            self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE + ";0"})
        found: list[Any] = self.driver.execute_async_script(
            "const done=arguments[0];axe.run(document,{resultTypes:['violations']}).then("
            "x=>done(x.violations.map(v=>[v.id,...v.nodes.map(n=>n.target.flat().join(' ')+': '+n.failureSummary)])),e=>done([String(e)]))"
        )
        return found

    def sticks_out(self) -> list[str]:
        """What is wider than the window."""
        found: list[str] = self.js(
            "return document.documentElement.scrollWidth<=innerWidth?[]:[...document.querySelectorAll('body *')]"
            ".filter(e=>e.getBoundingClientRect().right>innerWidth+1).map(e=>e.className||e.tagName)"
        )
        return found

    def complaints(self) -> list[str]:
        """Errors in the console, such as a broken content policy; refused requests are not errors."""
        return [entry["message"] for entry in self.driver.get_log("browser") if "Failed to load resource" not in entry["message"]]
