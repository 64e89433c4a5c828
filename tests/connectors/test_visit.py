"""A whole visit in Chromium: the visitor's page and the coach's desk side by side, from the first question to the closed chat.

With ``SCREENSHOTS=docs/screenshots`` in the environment the steps are photographed there, both windows next to each other.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from coaching import clean_desk
from desk_page import Page, Visit, chromium
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from serving import Server

COACH = "rivierenland"
WIDTHS = (480, 1280)
HEIGHT = 860
PATIENCE = 45.0


@pytest.fixture(scope="module")
def browsers() -> Iterator[tuple[webdriver.Chrome, webdriver.Chrome]]:
    with chromium() as visitors, chromium() as coachs:
        yield visitors, coachs


@pytest.fixture
def server(application: Server, settings: Callable[..., None]) -> Server:
    settings(database_url=application.database_url)
    return application


@pytest.fixture
def visit(browsers: tuple[webdriver.Chrome, webdriver.Chrome], server: Server) -> Visit:
    visitor = Visit(browsers[0], server)
    visitor.forget()
    visitor.size(WIDTHS[0], HEIGHT)
    visitor.media(prefers_color_scheme="light", prefers_reduced_motion="reduce")
    return visitor


@pytest.fixture
def desk(browsers: tuple[webdriver.Chrome, webdriver.Chrome], server: Server) -> Page:
    clean_desk(COACH)
    page = Page(browsers[1], server)
    page.size(WIDTHS[1], HEIGHT)
    page.enter(COACH)
    return page


def photograph(name: str, visit: Visit, desk: Page) -> None:
    """Both windows next to each other, when screenshots are asked for."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return
    pictures = [Image.open(io.BytesIO(driver.get_screenshot_as_png())).convert("RGB") for driver in (visit.driver, desk.driver)]
    sheet = Image.new("RGB", (sum(WIDTHS) + 48, HEIGHT + 32), "#888")
    sheet.paste(pictures[0], (16, 16))
    sheet.paste(pictures[1], (WIDTHS[0] + 32, 16))
    sheet.quantize(200, dither=Image.Dither.NONE).save(Path(folder) / f"visit-{name}.png", optimize=True)


def last(visit: Visit, words: str, who: str = "") -> None:
    """Wait until one of the visitor's newest messages says this."""
    heard = "return [...r.querySelectorAll(arguments[0])].slice(-4).map(e=>e.innerText)"
    visit.until(lambda: any(words in text for text in visit.js(heard, f".msg.{who}" if who else ".msg")), f"{words!r}", seconds=PATIENCE)


def open_page(visit: Visit) -> None:
    visit.open(wait=False)
    visit.until(lambda: visit.texts("assistant"), "the greeting", seconds=PATIENCE)


def say(visit: Visit, text: str) -> None:
    """Type and send, and wait for an answer of the assistant."""
    before = len(visit.texts("assistant"))
    visit.js("c.input.value=arguments[0];c.submit()", text)
    visit.until(lambda: len(visit.texts("assistant")) > before, f"an answer to {text!r}", seconds=PATIENCE)
    visit.until(lambda: visit.js("return !c.line.outbox.length && c.line.live"), "an empty outbox", seconds=PATIENCE)


def test_from_question_to_closed_chat(visit: Visit, desk: Page) -> None:
    desk.sees("Er wacht niemand in je werkgebied.")
    open_page(visit)
    say(visit, "me nieuwe magazijnjongen durft niks te vragen, pakt alles verkeerd")
    say(visit, "kan er ook iemand meedenken, we zitten in tiel")
    say(visit, "06 12 34 56 78")
    last(visit, "Mag ik dit sturen")
    photograph("1-consent", visit, desk)
    visit.click("button", "Ja, stuur door")
    last(visit, "Verstuurd om")

    # The request appears by itself, without contact data; the coach takes it with the keyboard.
    item = "return [...document.querySelectorAll('.item')].find(e=>e.innerText.includes('Tiel'))"
    desk.until(item, "the request at the desk")
    desk.js(item + ".focus()")
    desk.keys(Keys.ENTER)
    desk.sees("Je ziet dit zodra je de aanvraag aanneemt", ".pane")
    assert "12345678" not in desk.text()
    photograph("2-waiting", visit, desk)
    desk.press("Aannemen")
    desk.until("return document.activeElement.dataset.key==='message'", "the message field")
    assert "06 12345678" in desk.text(".side")
    last(visit, "U praat nu met Voorbeeldcoach Rivierenland")

    # Both ways, with typing and delivery.
    desk.keys("Goedendag, u spreekt met Voorbeeldcoach Rivierenland.")
    visit.until(lambda: "typt" in visit.js("return r.textContent"), "that the coach is typing", seconds=PATIENCE)
    desk.keys(Keys.ENTER)
    last(visit, "Goedendag, u spreekt met", "coach")
    desk.sees("Afgeleverd", ".log")
    visit.js("c.input.value='Fijn. Hij vraagt nooit om hulp.';c.submit()")
    desk.sees("Fijn. Hij vraagt nooit om hulp.", ".log")
    visit.js("c.input.focus()")
    visit.keys("Gisteren")
    desk.sees("De werkgever typt", ".typing")
    photograph("3-chat", visit, desk)
    assert desk.axe() == []

    # The visitor leaves and comes back: nothing is lost, and the coach sees both.
    visit.driver.get("about:blank")
    desk.sees("De werkgever heeft de pagina verlaten", ".chatstate")
    desk.js("document.querySelector('[data-key=message]').focus()")
    desk.keys("Spreek een vast vraagmoment af.", Keys.ENTER)
    desk.sees("Verstuurd", ".log")
    open_page(visit)
    visit.until(lambda: "Spreek een vast vraagmoment af." in visit.texts("coach"), "the message of meanwhile", seconds=PATIENCE)
    desk.until("return document.querySelector('.chatstate').innerText===''", "the visitor's return")
    desk.until("return [...document.querySelectorAll('.own .meta')].every(e=>e.innerText.startsWith('Afgeleverd'))", "every delivery")

    # Back to the assistant for a while, and on again.
    desk.press("Teruggeven aan de assistent")
    last(visit, "U praat weer met de digitale assistent")
    say(visit, "wat kan ik beter niet doen?")
    assert "Wat kan ik beter niet" not in desk.text(".log")
    desk.press("Gesprek hervatten")
    last(visit, "U praat weer met Voorbeeldcoach Rivierenland")
    photograph("4-resumed", visit, desk)

    desk.press("Afsluiten")
    desk.sees("Waarom sluit je af?")
    desk.keys(Keys.ENTER)
    desk.sees("Dit gesprek is afgesloten.", ".pane")
    last(visit, "heeft het gesprek afgesloten")
    photograph("5-closed", visit, desk)
    say(visit, "en hoe begin ik het gesprek met hem?")
    desk.go("geschiedenis")
    desk.sees("Tiel", ".list")
    assert desk.complaints() == []


def test_a_crisis_in_the_chat_warns_both(visit: Visit, desk: Page) -> None:
    open_page(visit)
    say(visit, "ik wil een coach spreken in Tiel")
    say(visit, "06 12 34 56 78")
    visit.click("button", "Ja, stuur door")
    last(visit, "Verstuurd om")
    desk.until("const e=[...document.querySelectorAll('.item')].find(e=>e.innerText.includes('Tiel'));e?.click();return !!e", "the request")
    desk.press("Aannemen")
    desk.until("return document.activeElement.dataset.key==='message'", "the message field")
    visit.js("c.input.value='mijn medewerker zegt dat hij niet meer wil leven';c.submit()")
    last(visit, "113")
    desk.until("return document.querySelector('.warning')", "the warning at the desk")
    photograph("6-crisis", visit, desk)
    desk.press("Afsluiten")
    desk.sees("Waarom sluit je af?")
    desk.keys(Keys.ENTER)
    desk.sees("Dit gesprek is afgesloten.", ".pane")
