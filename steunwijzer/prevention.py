"""The prevention plan: six steps in the order of the handreikingen, adapted to the situation (kennis.md §2.2, §2.4, §2.6, §2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

CHECKED = date(2026, 11, 21)
"""Day on which the duties and dates below were checked."""

Illness = Literal["no", "yes", "partly"]


@dataclass(frozen=True)
class Deadline:
    """A date of the Wet verbetering poortwachter. `certain` is false where the sources differ: check with UWV."""

    day: date
    week: int
    text: str
    certain: bool = True


@dataclass(frozen=True)
class PlanStep:
    """One step of the plan: what, why, how, a sentence to say, the employer's own words, the day, and whether it is done."""

    number: int
    name: str
    why: str
    how: str
    sentence: str
    own: str = ""
    when: date | None = None
    done: bool = False


@dataclass(frozen=True)
class Plan:
    """The whole plan; `timeline` is empty unless the employee has called in sick."""

    created: date
    steps: tuple[PlanStep, ...]
    timeline: tuple[Deadline, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = field(default=())


# (week, text, certain): kennis.md §2.7. A week counts full weeks after the first day of illness.
_DUTIES: tuple[tuple[int, str, bool], ...] = (
    (6, "Probleemanalyse door bedrijfsarts of arbodienst; u legt een dossier aan", True),
    (8, "Plan van aanpak, samen met de medewerker", True),
    (42, "Ziekmelding bij UWV", True),
    (52, "Eerstejaarsevaluatie van het plan van aanpak", True),
    (88, "Re-integratieverslag afronden; UWV stuurt de WIA-brief", False),
    (93, "Uiterste moment voor de WIA-aanvraag door de medewerker", False),
    (104, "Einde van de loondoorbetaling, als UWV de inspanning genoeg vindt", False),
)
_TALK_EVERY_WEEKS = 6


def poortwachter(first_day: date) -> list[Deadline]:
    """The dates that follow from the first day of illness, in order, without the six-weekly talks (`progress_talks`)."""
    start = Deadline(first_day, 0, "Ziekmelding; u meldt het aan de arbodienst of bedrijfsarts")
    return [start, *(Deadline(first_day + timedelta(weeks=week), week, text, certain) for week, text, certain in _DUTIES)]


def progress_talks(first_day: date, until_week: int = 104) -> list[date]:
    """The days of the six-weekly talks about progress, from the plan of aanpak in week 8 on."""
    return [first_day + timedelta(weeks=week) for week in range(8 + _TALK_EVERY_WEEKS, until_week, _TALK_EVERY_WEEKS)]


def next_deadline(first_day: date, today: date) -> Deadline | None:
    """The first duty that is still to come."""
    return next((d for d in poortwachter(first_day) if d.day >= today), None)


STEP_NAMES = ("Signaleren", "Het gesprek", "Het werk bekijken", "Afspraken", "Hulp en rollen", "Volgen en bijstellen")

_WHY = (
    "Wie vroeg kijkt, kan nog veel voorkomen. Let op gedrag en werk, niet op de oorzaak.",
    "Signalen zijn lastig te duiden. Vragen werkt beter dan gissen.",
    "Vaak helpt een kleine verandering in het werk al.",
    "Eén of twee afspraken zijn vol te houden, en u ziet of ze werken.",
    "U hoeft het niet alleen te doen.",
    "Eén meting zegt weinig. Kijk naar de lijn.",
)
_HOW = (
    "Schrijf twee of drie voorbeelden op: wat, wanneer, welk gevolg voor het werk.",
    "Een kwartier, op een rustig moment, onder vier ogen. Vraag niet naar ziekte.",
    "Kijk samen naar tempo, taken, hulp, sfeer en wat energie geeft.",
    "Spreek af wie wat doet, voor twee tot vier weken.",
    "Spreek af wie u belt en wanneer.",
    "Zet een vast moment in de agenda en pas de afspraak aan als het nodig is.",
)
_SENTENCES = {
    "faalangst": "Ik zie dat je veel nakijkt. Waar zit voor jou de spanning?",
    "impulsiviteit": "Gisteren ging het te snel en moest het over. Wat had jou op dat moment geholpen?",
    "concentratie": "De laatste drie klussen bleven half af. Wat leidt je hier het meest af?",
    "": "Ik zie dat het anders gaat dan een maand geleden. Hoe gaat het met je werk?",
}
_ILL_SENTENCE = "Ik bel om te horen hoe het gaat. Je hoeft niets over je ziekte te zeggen. Zullen we elke week even bellen?"

HELP_TEXT: dict[str, str] = {
    "bedrijfsarts": "Bedrijfsarts of arbodienst: mag ook zonder ziekmelding meedenken. Alleen de bedrijfsarts kent de medische kant.",
    "coach": "IPS-trajectbegeleider of jobcoach: bel zelf, wacht niet op de volgende afspraak.",
    "collega": "Een collega als vast aanspreekpunt, bijvoorbeeld na een Harrietraining.",
    "hr": "HR: bewaakt het proces en de regelingen, zonder medische gegevens.",
    "niemand": "Nog niemand gekozen: uw Werkcentrum of Werkgeversservicepunt denkt mee.",
}


def opening_sentence(behaviour: str | None, ill: bool) -> str:
    """A sentence to open the conversation with; at illness it is about contact."""
    return _ILL_SENTENCE if ill else _SENTENCES.get(behaviour or "", _SENTENCES[""])


def build(answers: Mapping[str, Any], today: date) -> Plan:
    """The plan from the answers of the flow (`actions.prevention`); what was skipped becomes an empty line to fill in."""
    ill: Illness = answers.get("ill", "no")
    first_day = date.fromisoformat(answers["first_day"]) if ill != "no" and answers.get("first_day") else None
    talk = answers.get("talk")
    talked = talk == "done"
    talk_day = date.fromisoformat(talk) if talk and not talked else None
    review = date.fromisoformat(answers["review"]) if answers.get("review") else None
    sentence = opening_sentence(answers.get("behaviour"), ill != "no")
    help_key = str(answers.get("help") or "")
    own = (
        answers.get("signal"),
        "Het gesprek is gevoerd." if talked else None,
        answers.get("work"),
        answers.get("agreement"),
        HELP_TEXT.get(help_key, help_key),
        answers.get("follow"),
    )
    said = (
        "", sentence, "Welke taak kost je nu het meest? En waar krijg je energie van?", "Zullen we dit twee weken proberen?",
        "Wil je dat ik de trajectbegeleider bel, of doe jij dat?", "Wat gaat nu makkelijker dan twee weken geleden?",
    )  # fmt: skip
    steps = tuple(
        PlanStep(
            number=index + 1,
            name=name,
            why=_WHY[index],
            how=_HOW[index],
            sentence=said[index],
            own=str(own[index] or ""),
            when=talk_day if index == 1 else review if index == 5 else None,
            done=(index == 0 and bool(own[0])) or (index == 1 and talked) or (index == 3 and bool(own[3])),
        )
        for index, name in enumerate(STEP_NAMES)
    )
    return Plan(today, steps, tuple(poortwachter(first_day)) if first_day else (), tuple(_notes(answers, first_day)), _sources(ill))


def _notes(answers: Mapping[str, Any], first_day: date | None) -> list[str]:
    notes = ["Leg geen klachten, diagnoses of vermoedens vast. Alleen wat u zag en wat is afgesproken."]
    if answers.get("hr") == "no":
        notes.append("Zonder HR doet u dit zelf. De arbodienst, het Werkcentrum of Werkgeversservicepunt kan meedenken.")
    if first_day is not None:
        notes.append("Bespreek de voortgang vanaf het plan van aanpak elke zes weken.")
        notes.append("Met een sterretje: de bronnen verschillen. Vraag de datum na bij UWV of uw arbodienst.")
    return notes


def _sources(ill: Illness) -> tuple[str, ...]:
    return ("PR1", "PR2", "PR4", "S001", "WVP1", "WVP2", "WVP3") if ill != "no" else ("PR1", "PR2", "PR4", "S001")
