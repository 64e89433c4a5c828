"""The states of the widget that are checked and photographed: each a function that brings a visit there."""

from __future__ import annotations

import time
from collections.abc import Callable

from browser import Visit

COACH = {"handoff": "accepted", "coach": {"name": "Anja Voorbeeld", "role": "IPS-coach"}}


def greeting(visit: Visit) -> None:
    visit.open()
    visit.settle()


def answer(visit: Visit) -> None:
    greeting(visit)
    visit.say("Mijn medewerker durft niets te vragen")


def sources_and_feedback(visit: Visit) -> None:
    answer(visit)
    visit.click("details summary", "Bronnen")
    visit.click(".thumb[aria-label='Dit antwoord helpt niet']")
    time.sleep(0.2)
    visit.js("r.querySelector('.thumbs form').scrollIntoView({block:'center'})")


def menu(visit: Visit) -> None:
    answer(visit)
    visit.click(".quiet", "Menu")


def step(visit: Visit) -> None:
    greeting(visit)
    visit.say("Maak een stappenplan")


def chosen(visit: Visit) -> None:
    step(visit)
    visit.click(".choice", "Taken blijven liggen")
    visit.until(lambda: len(visit.texts("assistant")) == 3, "the answer")


def contact(visit: Visit) -> None:
    greeting(visit)
    visit.say("Ik wil een mens spreken")
    visit.say("Tiel")


def consent(visit: Visit) -> None:
    contact(visit)
    visit.say("06 12345678")


def date(visit: Visit) -> None:
    greeting(visit)
    visit.say("Welke datum")


def files(visit: Visit) -> None:
    greeting(visit)
    visit.say("Geef de samenvatting")


def requested(visit: Visit) -> None:
    consent(visit)
    visit.say("Ja, stuur door")


def coach(visit: Visit) -> None:
    greeting(visit)
    visit.say("Kort graag")
    visit.server.say(text="Goedemiddag, ik ben Anja. Ik lees even mee. Wat is er vandaag gebeurd?", more=COACH["coach"], state=COACH)
    visit.until(lambda: visit.texts("coach"), "the coach")
    visit.js("c.input.value='Hij liep boos weg.';c.submit()")
    visit.settle()
    visit.server.say(typing=True)
    visit.until(lambda: visit.text(".busy"), "typing")


def crisis(visit: Visit) -> None:
    greeting(visit)
    visit.say("Hij zegt dat hij dood wil")


def error(visit: Visit) -> None:
    answer(visit)
    visit.js("c.input.value='';c.submit()")


def offline(visit: Visit) -> None:
    answer(visit)
    visit.server.control(down=True)
    visit.server.drop()
    visit.until(lambda: not visit.js("return c.line.live"), "a broken connection")
    visit.js("c.input.value='Kan een coach meekijken?';c.submit()")
    visit.until(lambda: visit.text(".net"), "the notice", 12)


def confirm(visit: Visit) -> None:
    answer(visit)
    visit.click(".quiet", "Menu")
    visit.click(".item", "Verwijder mijn gegevens")


def ended(visit: Visit) -> None:
    answer(visit)
    visit.js("c.finish('Het gesprek is beëindigd.', true)")


def privacy(visit: Visit) -> None:
    greeting(visit)
    visit.click(".privacy summary")


def bubble_closed(visit: Visit) -> None:
    visit.open("/demo/gemeente.html", wait=False)
    visit.until(lambda: visit.shown(".launcher"), "the launcher")


def bubble(visit: Visit) -> None:
    bubble_closed(visit)
    visit.click(".launcher")
    visit.until(lambda: visit.texts("assistant"), "the greeting")
    visit.say("Mijn medewerker durft niets te vragen")


def inline(visit: Visit) -> None:
    visit.open("/demo/kleurrijk.html")
    visit.settle()
    visit.say("Mijn medewerker durft niets te vragen")


STATES: dict[str, Callable[[Visit], None]] = {
    f.__name__: f
    for f in (
        greeting, answer, sources_and_feedback, menu, step, chosen, contact, consent, date, files, requested, coach, crisis,
        error, offline, confirm, ended, privacy, bubble_closed, bubble, inline,
    )
}  # fmt: skip
