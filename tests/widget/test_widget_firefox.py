"""The widget in Firefox, on the application itself. With SCREENSHOTS in the environment the pages are photographed there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import serving
from browser import Server, Visit
from firefox import ENTER, ESCAPE, TAB, Firefox, binary, firefox

pytestmark = pytest.mark.skipif(binary() is None, reason="Firefox is not installed: apt-get install firefox-esr")


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("profile")) as running:
        yield running
        running.close()


@pytest.fixture
def guest(fox: Firefox, application: serving.Server) -> Visit:
    visit = Visit(fox, Server(application.port))
    fox.size(1280, 900)
    fox.get(application.url + "/icon.svg")
    fox.execute_script("localStorage.clear();sessionStorage.clear()")
    fox.errors.clear()
    return visit


def photograph(fox: Firefox, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        (Path(folder) / f"firefox-{name}.png").write_bytes(fox.screenshot())


def pressed(visit: Visit, selector: str, text: str = "") -> None:
    find = "[...r.querySelectorAll(arguments[0])].find(e=>e.checkVisibility()&&e.textContent.includes(arguments[1]))"
    visit.until(lambda: visit.js(f"const e={find};e?.click();return !!e", selector, text), f"{selector} {text}")


def test_a_visit_with_the_keyboard(guest: Visit, fox: Firefox) -> None:
    guest.open()
    guest.js("c.input.focus()")
    fox.keys("mijn medewerker durft niets te vragen")
    fox.keys(ENTER)
    guest.until(lambda: len(guest.texts("assistant")) == 2, "the answer")
    guest.settle()
    assert guest.text(".msg:last-child summary").startswith("Bron")
    assert guest.js("return !c.line.http && c.line.ws.readyState") == 1
    photograph(fox, "answer")
    before = guest.texts()
    fox.refresh()
    guest.until(lambda: guest.texts() == before, "the same conversation after a reload")
    guest.js("r.querySelector('.msg:last-child .choice').focus()")
    fox.keys(ENTER)
    guest.until(lambda: len(guest.texts("assistant")) == 3, "the answer to a choice")
    guest.settle()
    guest.js("c.menuButton.focus()")
    fox.keys(ENTER)
    assert guest.shown("#menu")
    fox.keys(TAB)
    assert guest.focus() == "Opnieuw beginnen"
    fox.keys(ESCAPE)
    assert not guest.shown("#menu")
    assert guest.focus() == "Menu"
    assert fox.errors == []


def test_danger_opens_the_numbers(guest: Visit, fox: Firefox) -> None:
    guest.open()
    guest.say("mijn medewerker zegt dat hij niet meer wil leven")
    assert guest.shown("#acute")
    assert "113" in guest.texts("assistant")[-1]
    assert fox.errors == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (768, 900), (1280, 256)])
def test_nothing_sticks_out(guest: Visit, fox: Firefox, width: int, height: int) -> None:
    fox.size(width, height)
    guest.open()
    for text, asks_for in (("ik wil een coach spreken in Tiel", "contact"), ("06 12 34 56 78", "consent")):
        guest.say(text)
        guest.until(lambda wanted=asks_for: guest.js("return c.state.asks_for") == wanted, asks_for)  # type: ignore[misc]
    assert guest.js("return document.documentElement.scrollWidth") <= width
    wide = "return [...r.querySelectorAll('*')].filter(e=>e.getBoundingClientRect().right>innerWidth+1&&e.checkVisibility()).map(e=>e.className)"
    assert guest.js(wide) == []
    photograph(fox, f"consent-{width}")
    pressed(guest, ".msg:last-child .choice", "Nee")
    guest.until(lambda: not guest.js("return c.state.asks_for"), "the end of the request")


def test_the_bubble_on_a_host_page(guest: Visit, fox: Firefox) -> None:
    guest.open("/demo/gemeente.html", wait=False)
    pressed(guest, ".launcher")
    guest.until(lambda: guest.texts("assistant"), "the greeting")
    photograph(fox, "bubble")
    fox.keys(ESCAPE)
    guest.until(lambda: guest.shown(".launcher"), "the closed bubble")
    assert fox.errors == []
