"""Ten real answers per free-text step: each is kept as the answer, whatever subject the understanding model takes it for."""

from __future__ import annotations

from typing import Any

import pytest

from actions.checkin import CHECKIN
from actions.flow import Message, new_state
from actions.flow_engine import Engine
from actions.prevention import PREVENTION
from actions.werkafspraken import WERKAFSPRAKEN
from steunwijzer.checkin_rules import FACTORS

FLOWS = {flow.name: flow for flow in (PREVENTION, WERKAFSPRAKEN, CHECKIN)}
SCORED: dict[str, Any] = {f.key: {"score": 4, "words": ""} for f in FACTORS}
BEFORE: dict[str, dict[str, Any]] = {
    "prevention": {"behaviour": "faalangst", "ill": "no", "hr": "no"},
    "werkafspraken": {"trade": "horeca", "behaviour": "concentratie"},
    "checkin": {"known": [], "placement": "new", **SCORED, "mood": {"score": 2, "words": ""}, "consent": True},
}
ANSWERS: dict[str, dict[str, list[str]]] = {
    "prevention": {
        "signal": [
            "vergaderingen lopen uit",
            "hij komt sinds oktober drie keer per week te laat",
            "ze zegt steeds sorry en vraagt of het goed is",
            "minder contact met collega's, zit alleen in de bus",
            "kort lontje tegen klanten",
            "wil niet meer met haar coach praten",
            "telefoon opnemen lukt niet meer",
            "meer fouten in de kassa, trager",
            "heeft geen dag vrij genomen dit jaar",
            "stopt halverwege een klus en begint aan iets anders",
        ],
        "work": [
            "de balie op zaterdag",
            "alles tegelijk: telefoon, mail en klanten",
            "tempo aan de lijn is te hoog sinds de nieuwe machine",
            "geen idee hebben wat eerst moet, de planning wisselt steeds",
            "de avonddiensten",
            "herrie van de zaagmachine",
            "twee bazen die iets anders zeggen",
            "rapporteren aan het eind van de dag",
            "hulp vragen durft hij niet dus loopt vast",
            "is er vaak alleen voor",
        ],
        "agreement": [
            "elke ochtend tien minuten samen de dag doornemen",
            "een taak per keer",
            "ik bel hem niet meer in het weekend",
            "twee weken geen kassa",
            "vragen stellen mag altijd tussen 10 en 11",
            "we stoppen om vier uur",
            "een collega kijkt mee bij nieuwe klussen",
            "mail alleen om 9 en om 3 uur",
            "begint een uur later",
            "wat klaar is gaat van het bord",
        ],
    },
    "werkafspraken": {
        "needs": [
            "tien dozen inpakken voor elf uur",
            "klanten te woord staan en afrekenen",
            "netjes werken, niet snel",
            "op tijd beginnen en de sleutel halen",
            "wat op de bon staat en niks anders",
            "samenwerken met twee anderen",
            "elke dag de kas schoon en water geven",
            "mails beantwoorden binnen een dag",
            "kan het niet alleen, moet met z'n tweeën",
            "concentratie bij het tellen",
        ],
        "strengths": [
            "hij is vriendelijk",
            "werkt netjes en is eerlijk",
            "weet alles van planten",
            "is er altijd op tijd",
            "de vaste gasten lopen met haar weg",
            "snel in hoofdrekenen",
            "blijft rustig als het druk is",
            "kan goed alleen werken",
            "veel eigenlijk, vooral het inpakken",
            "maakt af wat ze begint",
        ],
        "helps": [
            "een rustig hoekje",
            "koptelefoon op",
            "elke ochtend een lijstje",
            "niet storen tot tien uur",
            "1 en 2",
            "even lopen tussendoor",
            "vaste maat bij het laden",
            "een klok met een timer",
            "dat ik zeg wat ik verwacht",
            "ik wil dat hij zelf de coach belt",
        ],
        "employee": [
            "zegt het als het te veel wordt",
            "vinkt af",
            "vraagt om tien uur wat er nog moet",
            "legt telefoon weg",
            "belt voor acht uur af",
            "komt op tijd",
            "loopt even naar buiten",
            "leest de bon hardop",
            "stopt met de machine als er iemand achter staat",
            "niks bijzonders, gewoon zeggen als het niet gaat",
        ],
        "employer": [
            "ik geef een ding tegelijk",
            "elke vrijdag een kwartier praten",
            "ik zorg dat er niemand stoort",
            "rooster een week vooraf",
            "compliment geven als het goed gaat",
            "ik spreek de collega's aan",
            "zet de volgorde op het bord",
            "we bellen de jobcoach als het niet lukt",
            "geen extra klussen erbij",
            "vraagt wat er nodig is",
        ],
        "contact": [
            "Els van de ochtendploeg",
            "de voorman",
            "ikzelf",
            "chef keuken",
            "de mentor",
            "de jobcoach op dinsdag en anders ik",
            "mijn vrouw doet de planning",
            "de buddy",
            "teamleider B",
            "wie er dienst heeft aan de balie",
        ],
        "signal": [
            "gele kaart op tafel en dan vijf minuten pauze",
            "hij zegt stop en gaat naar buiten",
            "hand opsteken",
            "appje naar mij",
            "even naar de kantine",
            "ze zet haar pet af",
            "ik tik op tafel en we stoppen even",
            "hij belt de coach",
            "tien minuten wandelen en dan opnieuw beginnen",
            "de deur dicht betekent niet storen",
        ],
        "proof": [
            "minder fouten",
            "drie weken op tijd",
            "hij lacht weer",
            "de bestelling klopt",
            "geen ruzie op de vloer",
            "alles afgevinkt",
            "zelf vragen stellen",
            "klanten zijn tevreden",
            "dat ik niet meer hoef te bellen",
            "een maand zonder uitval",
        ],
    },
    "checkin": {
        "why_mood": [
            "er is gedoe met een collega",
            "ze zit alleen in de pauze",
            "hij snauwt naar anderen",
            "team wisselt elke week",
            "veel geroddel op de vloer",
            "de nieuwe chef is streng",
            "praat met niemand",
            "er was een botsing over het rooster",
            "niemand wil met hem rijden",
            "vraagt steeds bevestiging en dat irriteert",
        ],
        "wish": [
            "vaste tijden",
            "een vaste maat",
            "meer uitleg aan het team",
            "iemand die meekijkt op de werkvloer",
            "minder uren in december",
            "een rustige plek",
            "dat de jobcoach vaker belt",
            "niks, het loopt",
            "hulp bij het rooster",
            "weten wie ik bel als het misgaat",
        ],
        "nickname": [
            "inpakker ochtend",
            "kas 3",
            "de man van de boot",
            "zaterdaghulp",
            "afwas",
            "groen team",
            "balie Tiel",
            "plek 12",
            "hulp magazijn",
            "chauffeur bestelbus",
        ],
    },
}
CASES = [(flow, step, text) for flow, steps in ANSWERS.items() for step, texts in steps.items() for text in texts]


def open_at(flow: str, step: str) -> tuple[Engine, dict[str, Any]]:
    """The flow with `step` open and everything before it skipped."""
    engine = Engine(FLOWS[flow], lambda topic: type("Answer", (), {"text": "antwoord", "sources": ()}))
    state = new_state(flow, BEFORE[flow])
    keys = [s.key for s in FLOWS[flow].steps(state["answers"])]
    state["skipped"] = [key for key in keys[: keys.index(step)] if key not in state["answers"]]
    opened = engine.open_step(state)
    assert opened is not None
    assert opened.key == step
    return engine, state


def test_ten_answers_for_every_free_text_step() -> None:
    assert all(len(set(texts)) == 10 for steps in ANSWERS.values() for texts in steps.values())
    for name, flow in FLOWS.items():
        free = {step.key for step in flow.steps({**BEFORE[name], "review": "2026-12-01"}) if step.kind == "free_text"}
        assert free == set(ANSWERS[name]), name


@pytest.mark.parametrize(("flow", "step", "text"), CASES)
@pytest.mark.parametrize(
    ("topic", "confidence"),
    [
        (None, 0.0),
        ("preventie/werkdruk", 0.97),
        ("dialoog/stop", 0.6),
        ("coach/spreken", 0.85),
        ("regeling/jobcoach", 0.9),
        ("faalangst/omgaan", 0.99),
    ],
)
def test_a_real_answer_is_kept(flow: str, step: str, text: str, topic: str | None, confidence: float) -> None:
    engine, state = open_at(flow, step)
    outcome = engine.advance(state, Message(text, topic, confidence))
    assert outcome.state["answers"].get(step), outcome.messages[-1].text
    assert outcome.ended in (None, "done")


@pytest.mark.parametrize(("flow", "step"), [(flow, step) for flow, steps in ANSWERS.items() for step in steps])
@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("wat is de no-riskpolis?", "regeling/no_riskpolis"),
        ("hoe breng ik dat?", "vervolg/gesprek"),
        ("mag ik vragen wat hij heeft?", "privacy/vragen"),
        ("wie betaalt de jobcoach", "regeling/jobcoach"),
    ],
)
def test_a_question_is_answered_in_every_free_text_step(flow: str, step: str, text: str, topic: str) -> None:
    engine, state = open_at(flow, step)
    outcome = engine.advance(state, Message(text, topic, 0.8))
    assert outcome.messages[0].text == "antwoord"
    assert outcome.state["answers"] == state["answers"]
    assert outcome.messages[-1].extra["step"] is not None
