"""The widget on the application itself: the real page, the real assistant, a restart, and a page of another website."""

from __future__ import annotations

import gzip
import shutil
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import serving
from browser import Server, Visit

PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Een andere website</title>
<script src="{script}" defer></script></head><body><h1>Een andere website</h1>
<steunwijzer-chat mode="inline" server="{server}" place="Tiel"></steunwijzer-chat></body></html>"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: Any) -> None:
        """Nothing on the console."""


@contextmanager
def website(folder: Path) -> Iterator[str]:
    """The address of a website that serves this folder."""
    folder.mkdir(exist_ok=True)
    web = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{web.server_port}"
    finally:
        web.shutdown()
        web.server_close()


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[serving.Server, str, Path]]:
    """A server of one's own that lets one other website hold the chat; that website's address and folder."""
    folder = tmp_path_factory.mktemp("elsewhere")
    with website(folder / "site") as origin, serving.serving(folder, allowed_origins=origin) as server:
        yield server, origin, folder / "site"


@pytest.fixture
def guest_of(chromium: Any) -> Iterator[Callable[[int], Visit]]:
    """Gives a new visitor of the server on a port."""

    def arrive(port: int) -> Visit:
        visit = Visit(chromium, Server(port))
        visit.forget()
        chromium.get_log("browser")
        visit.size(1280, 900)
        visit.media(prefers_color_scheme="light", prefers_reduced_motion="reduce")
        return visit

    yield arrive
    chromium.get("about:blank")


@pytest.fixture
def guest(guest_of: Callable[[int], Visit], application: serving.Server) -> Visit:
    """A new visitor of the application."""
    return guest_of(application.port)


def complaints(visit: Visit) -> list[str]:
    """Errors in the browser's console."""
    errors = [entry["message"] for entry in visit.driver.get_log("browser") if entry["level"] == "SEVERE"]
    return [message for message in errors if "/favicon.ico" not in message]  # Chromium sometimes asks for one by itself


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
    assert complaints(guest) == []


def test_a_person_is_one_click_away(guest: Visit) -> None:
    guest.open()
    guest.click(".tools button", "Spreek een mens")
    guest.until(lambda: len(guest.texts("assistant")) >= 2, "the answer")
    guest.until(lambda: guest.js("return c.state.asks_for") == "place", "the question about the place")


def test_what_is_sent_to_a_coach_is_shown_once(guest: Visit) -> None:
    guest.open()
    for text, asks_for in (("Ik wil een coach spreken", "place"), ("Tiel", "contact"), ("06 12 34 56 78", "consent")):
        guest.say(text)
        guest.until(lambda wanted=asks_for: guest.js("return c.state.asks_for") == wanted, asks_for)  # type: ignore[misc]
    shown = guest.text(".msg:last-child")
    assert shown.count("06 12345678") == 1
    assert shown.count("Rivierenland)") == 1
    assert guest.js("return r.querySelectorAll('.msg:last-child .card button').length") == 3
    assert guest.axe() == []
    guest.click(".msg:last-child .choice", "Nee")
    guest.until(lambda: not guest.js("return c.state.asks_for"), "the end of the request")


def test_the_server_restarts_in_the_middle_of_a_chat(
    guest_of: Callable[[int], Visit], elsewhere: tuple[serving.Server, str, Path]
) -> None:
    server = elsewhere[0]
    guest = guest_of(server.port)
    guest.open()
    guest.say("Mijn medewerker is snel afgeleid en vergeet alles")
    before = guest.texts()
    server.kill()
    guest.until(lambda: not guest.js("return c.line.live"), "a broken connection")
    guest.js("c.input.value='en hoe breng ik dat?';c.submit()")
    guest.until(lambda: "geen verbinding" in guest.text(".net"), "the notice")
    assert guest.text(".msg:last-child .state") == "Wordt verstuurd"
    server.start()
    guest.until(lambda: len(guest.texts("assistant")) == 3, "the answer after the restart", 60)
    guest.settle()
    assert guest.texts()[:-1] == [*before, "en hoe breng ik dat?"]
    assert guest.js("return c.state.topic") == "concentratie/gesprek"
    assert guest.text(".net") == ""
    guest.driver.refresh()
    guest.until(lambda: len(guest.texts()) == 5, "the same conversation after a reload")


@pytest.mark.parametrize("script", ["{server}/widget.js", "widget.js"])
def test_on_a_page_of_another_website(
    guest_of: Callable[[int], Visit], elsewhere: tuple[serving.Server, str, Path], script: str
) -> None:
    """The script from the chat's server, or a copy on the website itself: the attribute `server` says where the chat is."""
    server, origin, site = elsewhere
    shutil.copy(serving.ROOT / "connectors" / "static" / "widget.js", site / "widget.js")
    (site / "index.html").write_text(PAGE.format(script=script.format(server=server.url), server=server.url), encoding="utf-8")
    visit = guest_of(int(origin.rpartition(":")[2]))
    visit.open("/index.html")
    assert visit.js("return c.state.region") == "Rivierenland"
    visit.say("Ik wil een coach spreken")
    assert "Ik ga uit van Tiel" in visit.texts("assistant")[-1]
    assert not visit.js("return c.line.http")
    assert visit.js("return c.line.ws.url").startswith(server.url.replace("http", "ws"))
    visit.click(".quiet", "Menu")
    visit.click(".item", "Verwijder mijn gegevens")
    visit.click("dialog.ask button", "Verwijder alles")
    visit.until(lambda: "verwijderd" in visit.text(".over"), "the deletion")
    assert complaints(visit) == []


def test_a_website_that_is_not_on_the_list_gets_no_chat(
    guest_of: Callable[[int], Visit], elsewhere: tuple[serving.Server, str, Path], tmp_path: Path
) -> None:
    server = elsewhere[0]
    with website(tmp_path) as origin:
        (tmp_path / "index.html").write_text(PAGE.format(script=f"{server.url}/widget.js", server=server.url), encoding="utf-8")
        visit = guest_of(int(origin.rpartition(":")[2]))
        visit.open("/index.html", wait=False)
        visit.until(lambda: "geen verbinding" in visit.text(".net"), "the notice")
        assert visit.texts() == []
        assert "CORS" in " ".join(complaints(visit))
        visit.driver.get("about:blank")


def test_the_widget_travels_small(guest: Visit) -> None:
    request = urllib.request.Request(guest.server.url + "/widget.js", headers={"Accept-Encoding": "gzip"})
    with urllib.request.urlopen(request) as response:
        body = response.read()
        assert "require-trusted-types-for 'script'" in response.headers["Content-Security-Policy"]
    assert len(body) <= 15_000
    assert b"steunwijzer-chat" in gzip.decompress(body)
