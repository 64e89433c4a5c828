"""The widget on the application itself, at the address in STEUNWIJZER_TEST_URL (`make run` in another terminal)."""

from __future__ import annotations

import gzip
import os
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import Server, Visit

URL = os.environ.get("STEUNWIJZER_TEST_URL", "")
pytestmark = pytest.mark.skipif(not URL, reason="STEUNWIJZER_TEST_URL names no running application")


@pytest.fixture
def guest(chromium: Any) -> Iterator[Visit]:
    """A new visitor of the application."""
    visit = Visit(chromium, Server(urlsplit(URL).port or 8080))
    visit.forget()
    chromium.get_log("browser")
    visit.size(1280, 900)
    visit.media(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    yield visit
    chromium.get("about:blank")


def test_a_visit(guest: Visit) -> None:
    guest.open()
    assert "digitale assistent" in guest.texts("assistant")[0]
    guest.say("Mijn medewerker durft niets te vragen")
    assert guest.shown(".msg:last-child details")
    assert guest.axe() == []
    guest.click(".msg:last-child .choice")
    guest.until(lambda: len(guest.texts("assistant")) == 3, "the answer to a choice")
    guest.settle()
    before = guest.texts()
    guest.driver.refresh()
    guest.until(lambda: guest.texts() == before, "the same conversation after a reload")
    guest.click(".thumb")
    guest.until(lambda: "Bedankt" in guest.js("return c.polite.textContent"), "thanks for the vote")
    fetched = "return c.line.api('GET','transcript?format='+arguments[0],undefined,true).then(b=>[b.size,b.type])"
    assert guest.js(fetched, "text")[0] > 200
    assert guest.js(fetched, "pdf")[1] == "application/pdf"
    guest.click(".quiet", "Menu")
    guest.click(".item", "Verwijder mijn gegevens")
    guest.click("dialog.ask button", "Verwijder alles")
    guest.until(lambda: "verwijderd" in guest.text(".over"), "the deletion")
    assert guest.driver.execute_script("return Object.keys(localStorage)") == []
    assert [e for e in guest.driver.get_log("browser") if e["level"] == "SEVERE"] == []


def test_a_person_is_one_click_away(guest: Visit) -> None:
    guest.open()
    guest.click(".tools button", "Spreek een mens")
    guest.until(lambda: len(guest.texts("assistant")) >= 2, "the answer")
    guest.until(lambda: guest.js("return c.state.asks_for") == "place", "the question about the place")


def test_the_widget_travels_small(guest: Visit) -> None:
    request = urllib.request.Request(guest.server.url + "/widget.js", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as response:
        body = response.read()
        assert "require-trusted-types-for 'script'" in response.headers["Content-Security-Policy"]
    assert len(body) <= 15_000
    assert b"steunwijzer-chat" in gzip.decompress(body)
