"""The check-in: its questions, the rules for early signals (kennis.md §8.3 and §8.4), and the days on which it is asked."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Colour = Literal["groen", "oranje", "rood"]
Scores = Mapping[str, int]

LOWEST, HIGHEST = 1, 5
SCALE = {1: "helemaal niet", 2: "matig", 3: "redelijk", 4: "goed", 5: "zeer goed"}


@dataclass(frozen=True)
class Factor:
    """One subject of the check-in: the question to the employer, the mirror statement for the employee, what 1 and 5 mean."""

    key: str
    label: str
    question: str
    mirror: str
    low: str = "helemaal niet"
    high: str = "zeer goed"


FACTORS: tuple[Factor, ...] = (
    Factor("tasks", "Taken", "Hoe goed passen de taken nu bij wat deze medewerker kan en wil?", "Ik kan mijn taken aan."),
    Factor("guidance", "Begeleiding", "Hoe goed lukt het om de begeleiding te geven die nodig is?", "Ik krijg de hulp die ik nodig heb."),
    Factor("mood", "Sfeer", "Hoe is de sfeer en de samenwerking in het team?", "Ik hoor erbij."),
    Factor(
        "load",
        "Belasting",
        "Hoe goed is het werk vol te houden voor de medewerker, volgens u?",
        "Ik houd energie over.",
        "duidelijk te zwaar",
        "goed vol te houden",
    ),
    Factor(
        "presence",
        "Aanwezigheid",
        "Hoe was de aanwezigheid in de afgelopen periode?",
        "Ik kom naar mijn werk zoals afgesproken.",
        "veel uitval",
        "zoals afgesproken",
    ),
    Factor("agreements", "Afspraken", "Hoe goed houden jullie je allebei aan de werkafspraken?", "Wat we afspreken, doen we."),
    Factor("coach", "Contact met de coach", "Hoe goed is het contact met de trajectbegeleider of jobcoach?", "Ik kan mijn coach bereiken."),
    Factor(
        "outlook",
        "Verwachting",
        "Hoe groot is de kans dat deze plek over zes maanden nog goed loopt?",
        "Ik denk dat ik hier over een half jaar nog werk.",
        "zeer klein",
        "zeer groot",
    ),
)
FACTOR: dict[str, Factor] = {factor.key: factor for factor in FACTORS}
WEIGHTY = ("load", "presence", "outlook")
"""Factors where 2 or lower is red at once (questions 4, 5 and 8 of kennis.md §8.3)."""
_GREEN_MEAN = 3.5


@dataclass(frozen=True)
class Assessment:
    """What the rules say: `base` without and `colour` with the rule about two orange ones in a row; why, in Dutch; what to do."""

    base: Colour
    colour: Colour
    reasons: tuple[str, ...]

    @property
    def advice(self) -> str:
        """What to do now."""
        return ADVICE[self.colour]


ADVICE: dict[str, str] = {
    "groen": "Ga zo door en zeg wat er goed gaat. Tot de volgende check-in.",
    "oranje": "Voer binnen een week een gesprek en pas één werkafspraak aan.",
    "rood": "Overleg binnen twee werkdagen met de trajectbegeleider of jobcoach, en zo nodig met de bedrijfsarts.",
}


def assess(scores: Scores, known_before: Scores | None = None, base_before: Colour | None = None) -> Assessment:
    """The colour of one check-in (kennis.md §8.4).

    `scores` holds the answered factors (1–5); a factor that is left out counts as a signal, not as a zero. `known_before` holds the last
    score per factor from earlier check-ins, `base_before` the base colour of the check-in before this one.

    Raises:
        ValueError: for an unknown factor or a score outside 1–5.
    """
    for key, score in scores.items():
        if key not in FACTOR or not LOWEST <= score <= HIGHEST:
            raise ValueError(f"{key}: {score}")
    red = [f"{FACTOR[key].label}: {score}" for key, score in scores.items() if score == LOWEST or (key in WEIGHTY and score <= 2)]
    orange = [f"{FACTOR[key].label}: {score}" for key, score in scores.items() if score == 2 and key not in WEIGHTY]
    before = known_before or {}
    fallen = [key for key, score in scores.items() if key in before and before[key] - score >= 1]
    orange += [f"{FACTOR[key].label}: van {before[key]} naar {scores[key]}" for key in fallen]
    missing = [factor.label for factor in FACTORS if factor.key not in scores]
    if missing:
        orange.append("Niet beantwoord: " + ", ".join(missing) if scores else "Niet ingevuld")
    if scores and sum(scores.values()) / len(scores) < _GREEN_MEAN:
        orange.append("Gemiddelde onder 3,5")
    base: Colour = "rood" if red else "oranje" if orange else "groen"
    twice = base == "oranje" and base_before == "oranje"
    reasons = (*red, *orange, *(("Twee keer oranje na elkaar",) if twice else ()))
    return Assessment(base, "rood" if twice else base, reasons)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def schedule(started: date) -> list[date]:
    """The days of the check-ins: weekly in the first month, fortnightly in months two and three, then monthly up to a year."""
    weekly = [started + timedelta(weeks=week) for week in range(1, 5)]
    fortnightly = [started + timedelta(weeks=week) for week in range(6, 13, 2)]
    monthly = [add_months(started, month) for month in range(4, 13)]
    return [*weekly, *fortnightly, *monthly]
