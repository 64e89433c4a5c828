"""WCAG 2.2 AA: axe-core in every state, keyboard alone, the accessibility tree, reflow, spacing, contrast modes."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from browser import Server, Visit
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from states import STATES

SIZES = ((320, 640), (768, 1024), (1280, 900))
FITS = (
    "return document.documentElement.scrollWidth <= innerWidth && "
    "[...r.querySelectorAll('.panel,.log,.foot,.head')].every(e => e.scrollWidth <= e.clientWidth + 1)"
)
SPACING = "*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important} p{margin-bottom:2em!important}"


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing(visit: Visit, state: str) -> None:
    """Each state at 320, 768 and 1280 px, light and dark; nothing sticks out sideways."""
    STATES[state](visit)
    problems: dict[str, Any] = {}
    for width, height in SIZES:
        visit.size(width, height)
        for theme in ("light", "dark"):
            visit.media(prefers_color_scheme=theme, prefers_reduced_motion="reduce")
            time.sleep(0.15)
            found = visit.axe()
            if found:
                problems[f"{width} {theme}"] = found
            assert visit.js(FITS), f"{width} px: something sticks out"
    visit.server.control(down=False)
    assert not problems, json.dumps(problems, indent=1)[:3000]


@pytest.mark.parametrize("state", ["answer", "consent", "coach", "contact", "bubble"])
def test_targets_are_large_enough(visit: Visit, state: str) -> None:
    """At least 24 × 24 px (2.5.8) for everything one can press, except links within a sentence."""
    visit.size(320, 640)
    STATES[state](visit)
    small = visit.js(
        "return [...r.querySelectorAll('button,summary,input,textarea,.files a,#acute a')].filter(e=>e.checkVisibility())"
        ".map(e=>[e.innerText||e.className,e.getBoundingClientRect()]).filter(([,b])=>b.height<24||b.width<24)"
        ".map(([t,b])=>t+' '+b.width+'x'+b.height)"
    )
    assert small == []


@pytest.mark.parametrize("state", ["answer", "consent", "coach", "bubble"])
def test_at_400_percent_zoom_everything_can_be_reached(visit: Visit, state: str) -> None:
    """1280 × 1024 at 400 % is 320 × 256: one scrolling column, in which the input can be brought into view."""
    visit.size(320, 256)
    STATES[state](visit)
    assert visit.js(FITS)
    visit.js("c.input.scrollIntoView({block:'center'})")
    box = visit.js("const b=c.input.getBoundingClientRect();return [b.top,b.bottom]")
    assert box[0] >= 0
    assert box[1] <= 256
    visit.js("r.querySelector('.msg:last-child').scrollIntoView()")
    top = visit.js("return r.querySelector('.msg:last-child').getBoundingClientRect().top")
    assert -1 <= top < 256


def test_text_spacing_of_the_reader_fits(visit: Visit) -> None:
    """1.4.12: line height 1.5, letters .12 em, words .16 em, paragraphs 2 em."""
    visit.size(320, 640)
    STATES["consent"](visit)
    visit.js("const s=new CSSStyleSheet();s.replaceSync(arguments[0]);r.adoptedStyleSheets=[...r.adoptedStyleSheets,s]", SPACING)
    time.sleep(0.2)
    assert visit.js(FITS)
    cut = visit.js(
        "return [...r.querySelectorAll('button,.text,dd span,label')]"
        ".filter(e=>e.checkVisibility()&&e.clientWidth>0&&e.scrollWidth>e.clientWidth+1).map(e=>e.innerText)"
    )
    assert cut == []


def test_forced_colours_keep_every_border(visit: Visit) -> None:
    STATES["chosen"](visit)
    visit.media(forced_colors="active", prefers_color_scheme="dark")
    names = [".text", ".choice", ".send", "textarea", ".tools button"]
    widths = visit.js("return arguments[0].map(s=>parseFloat(getComputedStyle(r.querySelector(s)).borderTopWidth))", names)
    assert all(w >= 1 for w in widths), widths


def test_reduced_motion_moves_nothing(visit: Visit) -> None:
    visit.open()
    assert visit.js("return getComputedStyle(r.querySelector('.send')).transitionDuration") == "0s"
    visit.say("Wat helpt")
    assert visit.js("return r.getAnimations().length") == 0


def tab(visit: Visit, wanted: str, limit: int = 40, *, back: bool = False) -> None:
    """Presses Tab until the focus is on something whose text, label or id contains `wanted`."""
    for _ in range(limit):
        if back:
            ActionChains(visit.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
        else:
            visit.keys(Keys.TAB)
        name = visit.js("const e=r.activeElement;return e ? [e.id,e.getAttribute('aria-label'),e.innerText].join(' ') : ''")
        if wanted in name:
            style, width = visit.js("const s=getComputedStyle(r.activeElement);return [s.outlineStyle,parseFloat(s.outlineWidth)]")
            assert (style, width >= 2) == ("solid", True), f"{wanted}: the focus does not show"
            return
    pytest.fail(f"Tab never reached {wanted!r}")


def test_a_whole_visit_with_the_keyboard_alone(visit: Visit, server: Server) -> None:
    visit.open("/demo/gemeente.html", wait=False)
    visit.until(lambda: visit.shown(".launcher"), "the launcher")
    tab(visit, "Vraag het Steunwijzer")
    visit.keys(Keys.ENTER)
    visit.until(lambda: visit.texts("assistant"), "the greeting")
    assert visit.focus() == "text"
    visit.keys("Maak een stappenplan", Keys.ENTER)
    visit.until(lambda: len(visit.texts("assistant")) == 2, "the step")
    visit.settle()
    tab(visit, "Taken blijven liggen", back=True)
    visit.keys(Keys.ENTER)
    visit.until(lambda: len(visit.texts("assistant")) == 3, "the next answer")
    assert "Taken blijven liggen" in visit.js("return r.activeElement.innerText"), "the focus stays at what was said"
    tab(visit, "Bronnen")
    visit.keys(Keys.ENTER)
    assert visit.js("return r.querySelector('.msg:last-child details').open")
    tab(visit, "Dit antwoord helpt")
    visit.keys(Keys.SPACE)
    visit.until(lambda: server.session()["feedback"], "the vote")
    tab(visit, "Menu", back=True)
    visit.keys(Keys.ENTER)
    assert visit.shown("#menu")
    visit.keys(Keys.ESCAPE)
    assert not visit.shown("#menu")
    assert visit.focus() == "Menu"
    assert visit.shown(".panel")
    visit.keys(Keys.ENTER)
    tab(visit, "Verwijder mijn gegevens")
    visit.keys(Keys.ENTER)
    visit.until(lambda: visit.shown("dialog.ask"), "the dialog")
    visit.keys(Keys.ESCAPE)
    visit.until(lambda: not visit.shown("dialog.ask"), "the dialog to close")
    assert visit.focus() == "Menu"
    assert visit.shown(".panel"), "Escape closes one thing at a time"
    visit.keys(Keys.ESCAPE)
    visit.until(lambda: visit.shown(".launcher") and not visit.shown(".panel"), "the launcher")
    assert "Vraag het Steunwijzer" in visit.js("return r.activeElement.innerText")


def tree(visit: Visit) -> list[tuple[str, str]]:
    """Role and name of every node that a screen reader gets."""
    nodes = visit.cdp("Accessibility.getFullAXTree")["nodes"]
    return [(n["role"]["value"], n.get("name", {}).get("value", "")) for n in nodes if not n["ignored"] and "role" in n]


def test_a_screen_reader_gets_the_whole_visit(visit: Visit) -> None:
    STATES["greeting"](visit)
    nodes = tree(visit)
    assert ("log", "Gesprek") in nodes
    assert ("region", "Chat met Steunwijzer, digitale assistent") in nodes
    assert ("heading", "Steunwijzer") in nodes
    assert ("textbox", "Uw bericht") in nodes
    for name in ("Menu", "Spreek een mens", "Acute hulp", "Verstuur", "Faalangstig gedrag"):
        assert ("button", name) in nodes, name
    visit.say("Mijn medewerker durft niets te vragen")
    nodes = tree(visit)
    assert ("list", "Keuzes") in nodes
    assert ("DisclosureTriangle", "Bronnen (2)") in nodes
    assert ("button", "Dit antwoord helpt") in nodes
    assert ("button", "Dit antwoord helpt niet") in nodes
    visit.say("Maak een stappenplan")
    assert ("progressbar", "Voortgang") in tree(visit)
    visit.say("Tiel")
    nodes = tree(visit)
    assert ("textbox", "Telefoonnummer of e-mailadres") in nodes
    assert ("group", "Ik geef mijn") in nodes
    assert ("radio", "Telefoon") in nodes
    assert ("radio", "E-mail") in nodes
    visit.say("06 12345678")
    nodes = tree(visit)
    assert ("group", "Dit sturen we naar Voorbeeldcoach Rivierenland") in nodes
    assert ("button", "Wijzig: Contact") in nodes
    visit.click(".choice", "Ja, stuur door")
    visit.until(lambda: visit.shown(".banner"), "the banner")
    time.sleep(0.2)
    assert "Uw aanvraag is verstuurd" in visit.js("return c.polite.textContent")
    assert ("StaticText", "Gekozen: ") in tree(visit) or any("Gekozen" in name for _, name in tree(visit))
    visit.js("c.input.value='';c.submit()")
    assert any(role == "alert" for role, _ in tree(visit))
    unnamed = [role for role, name in tree(visit) if role in {"button", "link", "textbox", "radio"} and not name.strip()]
    assert unnamed == []


def test_live_regions_and_language(visit: Visit) -> None:
    visit.open()
    regions = "[role=status],[role=alert],[role=log],[aria-live]"
    found = visit.js("return [...r.querySelectorAll(arguments[0])].map(e=>e.className+' '+(e.role||e.ariaLive))", regions)
    assert sorted(found) == ["busy status", "error alert", "log log", "net status", "sr polite"]
    assert visit.js("return c.panel.lang") == "nl"
    visit.server.say(**{"from": "assistant"}, text="Please write in Dutch.", more={"lang": "en"})
    visit.until(lambda: len(visit.texts()) == 2, "the message")
    assert visit.js("return r.querySelector('.msg:last-child').lang") == "en"


def test_on_a_phone_the_bubble_is_modal_and_gives_the_focus_back(visit: Visit) -> None:
    visit.size(375, 667)
    visit.open("/demo/gemeente.html", wait=False)
    visit.click(".launcher")
    visit.until(lambda: visit.texts("assistant"), "the greeting")
    assert visit.js("return c.panel.matches(':modal')")
    visit.keys(Keys.ESCAPE)
    visit.until(lambda: visit.shown(".launcher"), "the launcher")
    assert "Vraag het Steunwijzer" in visit.js("return r.activeElement.innerText")
