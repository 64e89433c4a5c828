"""The desk in Chromium: WCAG 2.2 AA, keyboard alone, narrow windows, nothing lost when the network fails, text stays text."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

import pytest
from coaching import FIRST, Desk, place_request
from desk_page import SIZES, Page, chromium
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from serving import Server

from steunwijzer import desk_access, handoff_coach, handoff_reading, handoff_request, placements, relay
from steunwijzer.calendar_nl import today

COACH = "rivierenland"


@pytest.fixture(scope="module")
def browser() -> Iterator[webdriver.Chrome]:
    with chromium() as driver:
        yield driver


@pytest.fixture
def server(application: Server, settings: Callable[..., None]) -> Server:
    settings(database_url=application.database_url)
    return application


@pytest.fixture
def page(browser: webdriver.Chrome, server: Server) -> Page:
    browser.get("about:blank")
    browser.delete_all_cookies()
    browser.get_log("browser")
    return Page(browser, server)


@pytest.fixture
def talking(server: Server) -> handoff_request.Request:
    """An accepted request in which both have said something."""
    request = handoff_coach.accept(place_request().id, COACH)
    relay.from_visitor(str(request.conversation_id), "Hij zegt altijd ja, maar vraagt nooit iets.", client_id="1")
    relay.from_coach(request.id, COACH, "Wat zei u toen u dat zag?", client_id="1")
    relay.alert(request.id, "De werkgever schreef iets dat op gevaar wijst.")
    handoff_coach.add_note(request.id, COACH, "Vast vraagmoment voorstellen.")
    return request


def checked(page: Page, state: str) -> None:
    """Axe finds nothing and nothing sticks out, at every width, light and dark."""
    problems = {}
    for width, height in SIZES:
        page.size(width, height)
        for theme in ("light", "dark"):
            page.theme(theme)
            time.sleep(0.1)
            found = page.axe()
            if found:
                problems[f"{state} {width} {theme}"] = found
        assert page.sticks_out() == [], f"{state} {width}"
    page.size(1280, 900)
    page.theme("light")
    assert not problems, json.dumps(problems, indent=1)[:3000]


def test_axe_finds_nothing_anywhere(page: Page, talking: handoff_request.Request) -> None:
    page.driver.get(page.url)
    page.sees("Je meldt je aan met een link")
    checked(page, "sign-in")
    waiting = place_request()
    call_back = handoff_coach.accept(place_request(kind="callback", wanted="maandag om 10 uur").id, COACH)
    handoff_coach.close(handoff_coach.accept(place_request().id, COACH).id, COACH)
    placements.register(nickname="Magazijn", region="AM10", started=today(), consent="Ja", coach_id=COACH, alert_coach=True)
    page.enter(COACH)
    checked(page, "list")
    page.go(talking.id)
    page.sees("Wat zei u toen u dat zag?")
    checked(page, "chat")
    page.press("Standaardantwoorden")
    checked(page, "canned answers")
    page.press("Afsluiten")
    checked(page, "close")
    page.press("Annuleren")
    page.press("Doorgeven")
    page.sees("Aan wie")
    checked(page, "pass on")
    page.press("Annuleren")
    page.go(waiting.id)
    page.sees("Je ziet dit zodra je de aanvraag aanneemt")
    checked(page, "waiting")
    page.go(call_back.id)
    page.sees("Geen gehoor")
    checked(page, "call-back")
    page.js("document.querySelector('.presence').click()")
    page.sees("Wil je nieuwe aanvragen krijgen?")
    checked(page, "availability")
    page.press("Annuleren")
    page.go("geschiedenis")
    checked(page, "history")
    page.go("plaatsingen")
    page.sees("Magazijn")
    checked(page, "placements")
    assert page.complaints() == []


def test_everything_can_be_pressed_with_a_finger(page: Page, talking: handoff_request.Request) -> None:
    page.enter(COACH)
    page.go(talking.id)
    page.sees("Wat zei u toen u dat zag?")
    page.size(390, 844)
    small = page.js(
        "return [...document.querySelectorAll('button,a,input,textarea,summary')].filter(e=>e.checkVisibility()&&!e.closest('.skip'))"
        ".map(e=>[e.innerText||e.className,e.getBoundingClientRect()]).filter(([,b])=>b.height&&(b.height<24||b.width<24)).map(([t])=>t)"
    )
    assert small == []


def test_a_request_from_list_to_closed_with_the_keyboard_alone(page: Page, server: Server) -> None:
    request = place_request(place="Culemborg")
    page.enter(COACH)
    page.until("return document.querySelector(`[data-key='${arguments[0]}']`)", "the request in the list", request.id)
    page.js("document.querySelector('.group a.item').focus()")
    for _ in range(60):
        if page.js("return document.activeElement.dataset.key") == request.id:
            break
        page.keys(Keys.TAB if page.js("return document.activeElement.parentElement.matches(':last-child')") else Keys.ARROW_DOWN)
    page.keys(Keys.ENTER)
    page.sees("Je ziet dit zodra je de aanvraag aanneemt", ".pane")
    assert page.focus() == "Chat · Culemborg"
    page.keys(Keys.TAB)
    assert page.focus() == "Aannemen"
    page.keys(Keys.ENTER)
    page.until("return document.activeElement.dataset.key==='message'", "the focus in the message field")
    assert page.focus() == "Bericht aan de werkgever"
    page.keys("Goedendag")
    page.new_line()
    page.keys("tweede regel", Keys.ENTER)
    page.sees("Verstuurd", ".log")
    assert relay.after(request.id)[-1].text == "Goedendag\ntweede regel"
    page.keys(Keys.TAB, Keys.ENTER)
    page.keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert "Dat duurt een paar minuten" in page.js("return document.activeElement.value")
    page.js("document.querySelector('[data-key=close]').focus()")
    page.keys(Keys.ENTER)
    page.sees("Waarom sluit je af?")
    page.keys(Keys.ARROW_DOWN, Keys.ENTER)
    page.sees("Geen gehoor", ".head")
    assert handoff_reading.get(request.id).close_reason == "no_answer"
    page.keys(Keys.ESCAPE)
    page.until("return !document.body.classList.contains('opened')", "the list")


def test_the_second_coach_reads_who_was_first(page: Page, server: Server) -> None:
    request = place_request()
    page.enter("rivierenland-2", at=request.id)
    page.sees("Aannemen", ".pane")
    # The other coach is faster than the news can travel.
    page.js("const real=window.fetch;window.fetch=(u,o)=>o?.method==='GET'||!o?.method?new Promise(()=>{}):real(u,o)")
    first = Desk(server, FIRST)
    assert first.post(f"/requests/{request.id}/accept").status_code == 200
    page.press("Aannemen")
    page.sees("Voorbeeldcoach Rivierenland heeft deze aanvraag al aangenomen.")


def test_what_a_visitor_types_stays_text(page: Page, talking: handoff_request.Request) -> None:
    nasty = "<img src=x onerror=alert(1)><script>document.title='kapot'</script> {coach} **vet** javascript:alert(1)"
    relay.from_visitor(str(talking.conversation_id), nasty, client_id="2")
    page.enter(COACH)
    page.go(talking.id)
    page.sees("<img src=x onerror=alert(1)>", ".log")
    assert page.js("return document.querySelectorAll('.log img,.log script,.log a').length") == 0
    assert "kapot" not in page.driver.title
    assert page.complaints() == []


def test_a_message_survives_a_failing_network(page: Page, talking: handoff_request.Request) -> None:
    page.enter(COACH)
    page.go(talking.id)
    page.until("return document.querySelector('[data-key=message]')", "the message field")
    page.js("window.real=window.fetch;window.fetch=(u,o)=>o?.method==='POST'?Promise.reject(new TypeError('netwerk')):real(u,o)")
    page.js("document.querySelector('[data-key=message]').focus()")
    page.keys("Dit mag niet weg", Keys.ENTER)
    page.sees("Wordt verstuurd", ".log")
    page.sees("Niet verstuurd", ".log")
    page.js("window.fetch=window.real")
    page.press("Probeer opnieuw")
    page.until("return [...document.querySelectorAll('.msg .meta')].at(-1).innerText.startsWith('Verstuurd')", "the message as sent")
    assert [each.text for each in relay.after(talking.id)].count("Dit mag niet weg") == 1


def test_a_draft_stays_while_other_requests_are_looked_at(page: Page, talking: handoff_request.Request) -> None:
    other = place_request()
    page.enter(COACH)
    page.go(talking.id)
    page.until("return document.querySelector('[data-key=message]')", "the message field")
    page.js("document.querySelector('[data-key=message]').focus()")
    page.keys("Half geschreven")
    page.go(other.id)
    page.sees("Je ziet dit zodra je de aanvraag aanneemt")
    page.go(talking.id)
    page.until("return document.querySelector('[data-key=message]')?.value==='Half geschreven'", "the draft")


def test_signing_out_leaves_nothing_on_the_screen(page: Page, talking: handoff_request.Request) -> None:
    page.enter(COACH)
    page.go(talking.id)
    page.sees("Wat zei u toen u dat zag?")
    page.press("Afmelden")
    page.sees("Je bent afgemeld.")
    assert "Wat zei u" not in page.text()
    page.driver.refresh()
    page.sees("Aanmelden")


def test_a_used_link_is_explained(page: Page, server: Server) -> None:
    page.enter(COACH)
    page.driver.delete_all_cookies()
    token = desk_access.make_link(COACH).token
    desk_access.redeem(token)
    page.driver.get("about:blank")
    page.driver.get(f"{page.url}#in={token}")
    page.sees("Deze aanmeldlink is al gebruikt of verlopen.")
    assert "in=" not in page.driver.current_url
