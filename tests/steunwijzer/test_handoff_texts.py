"""Every text about a request, in every region and every state of the coaches: no doubled word, no crooked join."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import pytest
import time_machine

from actions.coach_flow import belongs, place_value, sent_text
from actions.handoff import CALLBACK, HANDOFF
from steunwijzer import conversations, handoff, handoff_coach, handoff_consent, handoff_reading, handoff_request, place_finder, regions
from steunwijzer.calendar_nl import AMSTERDAM
from steunwijzer.directory import import_coaches

Kind = Literal["handoff", "callback"]

HEAD = "code,naam,organisatie,email,regios,gemeenten,werkuren,maximum,afwezig_tot,reserve\n"
EVERYWHERE = "|".join(region.name for region in regions.regions())
COACHES = {
    "somebody": f"een,Voorbeeld Een,Voorbeeld-ggz,een@example.org,{EVERYWHERE},,ma-vr 9:00-17:00,1000,,\n"
    "twee,Voorbeeld Twee,Voorbeeld-ggz,twee@example.org,,,ma-vr 9:00-17:00,1000,,ja\n",
    "away": f"een,Voorbeeld Een,Voorbeeld-ggz,een@example.org,{EVERYWHERE},,ma-vr 9:00-17:00,1000,2026-12-01,\n",
    "full": f"een,Voorbeeld Een,Voorbeeld-ggz,een@example.org,{EVERYWHERE},,ma-vr 9:00-17:00,0,,\n",
    "one day": f"een,Voorbeeld Een,Voorbeeld-ggz,een@example.org,{EVERYWHERE},,wo 13:00-17:00,1000,,\n",
    "nobody": "",
}
MOMENTS = {
    "early": datetime(2026, 11, 23, 7, 0, tzinfo=AMSTERDAM),
    "at work": datetime(2026, 11, 23, 14, 5, tzinfo=AMSTERDAM),
    "nearly closed": datetime(2026, 11, 23, 16, 50, tzinfo=AMSTERDAM),
    "evening": datetime(2026, 11, 23, 20, 0, tzinfo=AMSTERDAM),
    "weekend": datetime(2026, 11, 21, 12, 0, tzinfo=AMSTERDAM),
    "holidays": datetime(2026, 12, 24, 18, 0, tzinfo=AMSTERDAM),
}
CROOKED = (
    re.compile(r"\b(\w+)[ ,:(]+\1\b", re.IGNORECASE),
    re.compile(r"regio \(?(?:regio|arbeidsmarktregio)\b", re.IGNORECASE),
    re.compile(r"\bop (?:vandaag|morgen|gisteren)\b"),
    re.compile(r"  | [.,;:]|\.\.|,\.|[{}]|\bNone\b"),
    re.compile(r"[.?] [a-z]"),
    re.compile(r"\) \("),
    re.compile(r"contact (?:met u )?op\b.*contact (?:met u )?op\."),
)


def crooked(text: str) -> list[str]:
    """What is wrong with a text."""
    return [match[0] for pattern in CROOKED if (match := pattern.search(text))]


def coaches(which: str) -> None:
    if which == "nobody":
        return
    checked = import_coaches(HEAD + COACHES[which])
    assert checked.ok, checked


def places(region: regions.Region) -> Iterator[dict[str, object]]:
    """The region as a whole, a place that bears its name when there is one, and one with a label of two parts."""
    for text in (f"regio {region.name}", region.name):
        found = place_finder.find_place(text)
        if found.place:
            yield place_value(found.place)
    yield {"name": "Tiel", "label": "Tiel (Gelderland)", "region": region.code, "gemeenten": []}


def faults(*names: str) -> list[tuple[str, list[str]]]:
    """Crooked texts of both flows in these regions."""
    wrong = []
    for region in (regions.region(name) for name in names):
        assert region
        for place in places(region):
            for flow in (HANDOFF, CALLBACK):
                answers = {
                    "key": "k",
                    "subject": "Hulp",
                    "place": place,
                    "contact": {"phone": True},
                    "day": {"date": None, "wanted": "maandag 30 november"},
                }
                card = flow.card(answers)
                said = [belongs(place), flow.consent(answers), card["title"], *(f"{each['label']}: {each['value']}" for each in card["lines"])]
                wrong += [(text, found) for text in said if (found := crooked(text))]
    return wrong


@pytest.mark.parametrize("which", ["somebody", "nobody"])
def test_in_every_region(database: str, which: str) -> None:
    with time_machine.travel(MOMENTS["at work"], tick=False):
        coaches(which)
        assert faults(*(region.name for region in regions.regions())) == []


@pytest.mark.parametrize("which", COACHES)
def test_at_every_moment(database: str, which: str) -> None:
    with time_machine.travel(MOMENTS["early"], tick=False) as clock:
        coaches(which)
        for moment in MOMENTS.values():
            clock.move_to(moment)
            assert faults("Regio Zwolle") == []


@pytest.mark.parametrize("kind", ["handoff", "callback"])
@pytest.mark.parametrize("which", COACHES)
@pytest.mark.parametrize("region", ["Regio Zwolle", "Rivierenland"])
def test_what_is_said_afterwards(database: str, which: str, kind: Kind, region: str) -> None:
    wrong = []

    def check(*texts: str) -> None:
        wrong.extend((text, found) for text in texts if (found := crooked(text)))

    with time_machine.travel(MOMENTS["at work"], tick=False) as clock:
        coaches(which)
        known = regions.region(region)
        assert known
        for phone in ("+31612345678", None) if kind == "handoff" else ("+31612345678",):
            conversation = conversations.start().id
            draft = handoff_request.Draft(kind, conversation, "Hulp", f"regio {region}", known.code, phone=phone, wanted="maandag 30 november")
            shown = handoff_consent.preview(kind, known.code)
            request = handoff.create(draft, handoff_consent.consent_text(draft, shown))
            check(sent_text(request, shown), handoff_reading.status(conversation).text)
            clock.shift(30 * 3600)
            check(handoff_reading.status(conversation).text)
            handoff.tick()
            check(handoff_reading.status(conversation).text)
            if request.coach_id:
                taken = handoff_reading.get(request.id).coach_id or request.coach_id
                handoff_coach.accept(request.id, taken)
                check(handoff_reading.status(conversation).text)
                if kind == "handoff":
                    handoff_coach.give_back(request.id, taken)
                    handoff_coach.resume(request.id, taken)
                handoff_coach.close(request.id, taken)
            else:
                handoff.cancel(request.id)
            check(handoff_reading.status(conversation).text, *(message.payload["text"] for message in conversations.transcript(conversation)))
            clock.move_to(MOMENTS["at work"])
    assert wrong == []


@pytest.mark.parametrize(
    ("which", "moment", "words"),
    [
        ("somebody", "early", "Er is nu geen coach aan het werk. Een coach neemt vandaag contact met u op, na 9.00 uur."),
        ("somebody", "evening", "Er is nu geen coach aan het werk. Een coach neemt op dinsdag 24 november contact met u op."),
        ("one day", "evening", "Er is nu geen coach aan het werk. Een coach neemt op woensdag 25 november contact met u op."),
        ("nobody", "at work", "Er is nu geen coach vrij. Een coach neemt op dinsdag 24 november contact met u op."),
    ],
)
def test_what_is_promised(database: str, which: str, moment: str, words: str) -> None:
    with time_machine.travel(MOMENTS[moment], tick=False):
        coaches(which)
        assert handoff_consent.preview("handoff", "AM10").expectation == words


def test_a_region_whose_name_begins_with_the_word(database: str) -> None:
    with time_machine.travel(MOMENTS["at work"], tick=False):
        shown = handoff_consent.preview("handoff", "AM36")
    assert shown.recipient == "de coaches van regio Zwolle"


def test_a_call_back_that_is_closed_was_no_chat(database: str) -> None:
    with time_machine.travel(MOMENTS["at work"], tick=False):
        coaches("somebody")
        ended = {}
        for reason in ("done", "no_answer", "other"):
            conversation = conversations.start().id
            draft = handoff_request.Draft("callback", conversation, "Hulp", "Tiel", "AM10", phone="+31612345678")
            request = handoff.create(draft, "ja")
            handoff_coach.accept(request.id, "een")
            handoff_coach.close(request.id, "een", reason=reason)
            ended[reason] = conversations.transcript(conversation)[-1].payload["text"]
    assert ended["done"] == "Voorbeeld Een heeft uw terugbelverzoek afgerond. Hebt u nog een vraag? Stel die gerust hier."
    assert ended["no_answer"].startswith("Voorbeeld Een kon u niet bereiken")
    assert ended["other"].startswith("Voorbeeld Een heeft uw terugbelverzoek afgesloten.")
    for text in ended.values():
        assert "gesprek" not in text
        assert "praat weer" not in text
