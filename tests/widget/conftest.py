"""Chromium and the contract server for the tests of the chat widget."""

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

import pytest
from browser import Server, Visit
from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

HERE = Path(__file__).parent


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        port: int = s.getsockname()[1]
        return port


@contextmanager
def running_server() -> Iterator[Server]:
    """The contract server as a process of its own, on a free port."""
    port = free_port()
    process = subprocess.Popen([sys.executable, str(HERE / "contract_server.py"), "--port", str(port)])
    running = Server(port)
    for _ in range(400):
        try:
            running.all()
            break
        except OSError:
            time.sleep(0.05)
    try:
        yield running
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def chromium_driver() -> Iterator[webdriver.Chrome]:
    """Headless Chromium with its console and network logged."""
    options = Options()
    options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "hide-scrollbars", "window-size=1280,900"):
        options.add_argument("--" + argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(os.environ.get("CHROMEDRIVER", "/usr/bin/chromedriver")))
    driver.set_script_timeout(60)
    try:
        yield driver
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with running_server() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[webdriver.Chrome]:
    with chromium_driver() as driver:
        yield driver


@pytest.fixture
def visit(chromium: Any, server: Server) -> Iterator[Visit]:
    """A fresh visitor: nothing in storage, one tab, 1280 × 900, light."""
    for handle in chromium.window_handles[1:]:
        chromium.switch_to.window(handle)
        chromium.close()
    chromium.switch_to.window(chromium.window_handles[0])
    result = Visit(chromium, server)
    result.forget()
    server.control(sockets_allowed=True, down=False, limited=0, delay=0, reports=[])
    chromium.get_log("browser")
    chromium.get_log("performance")
    result.size(1280, 900)
    result.media(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    yield result
    chromium.get("about:blank")
