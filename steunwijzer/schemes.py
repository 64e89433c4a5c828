"""Which schemes may fit an employer's situation (kennis.md §5): what each brings, who applies where, what is certain and what is not.

Never a promise: nearly everything depends on the status of the person, which the employer may only ask after hiring. Amounts and terms were
checked on `CHECKED`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

CHECKED = date(2026, 11, 21)

Certainty = Literal["past vaak", "misschien", "navragen"]


@dataclass(frozen=True)
class Scheme:
    """A scheme that may fit: topic id for more, name, what it brings, who applies where, what is not certain, and how likely it fits."""

    topic: str
    name: str
    brings: str
    apply_at: str
    uncertain: str
    certainty: Certainty
    sources: tuple[str, ...]


_NO_RISK = (
    "regeling/no_riskpolis",
    "No-riskpolis",
    "Bij ziekte betaalt UWV een uitkering: 70 procent van het dagloon, de eerste 52 weken op verzoek 100 procent.",
    "U meldt de zieke werknemer bij UWV.",
    "UWV stelt vast of de werknemer eronder valt. Uw plichten bij ziekte blijven bestaan.",
    ("RR1", "NR1", "NR3"),
)
_WAGE_BENEFIT = (
    "regeling/loonkostenvoordeel",
    "Loonkostenvoordeel",
    "Banenafspraak: 1,01 euro per uur, hooguit 2.000 euro per jaar. Arbeidsgehandicapt: 3,05 euro per uur, hooguit 6.000 euro per jaar.",
    "Via uw loonaangifte bij de Belastingdienst.",
    "Welke voorwaarden en welke verklaring gelden, vraagt u na bij UWV of de Belastingdienst.",
    ("RR1", "RR2"),
)
_WAGE_SUBSIDY = (
    "regeling/loonkostensubsidie",
    "Loonkostensubsidie",
    "Het verschil tussen het minimumloon en wat iemand op de werkplek kan leveren, hooguit 70 procent van het minimumloon.",
    "Bij de gemeente, die ook de loonwaarde laat bepalen.",
    "Alleen voor wie onder de Participatiewet valt en het minimumloon niet kan verdienen.",
    ("RR1", "RR2", "LKS1"),
)
_DISPENSATION = (
    "regeling/loonkostensubsidie",
    "Loondispensatie (Wajong)",
    "U mag tijdelijk minder dan het minimumloon betalen.",
    "Bij UWV, dat het loon bepaalt.",
    "Zelf een lager loon afspreken mag niet.",
    ("RR1",),
)
_TRIAL = (
    "regeling/proefplaatsing",
    "Proefplaatsing",
    "Twee maanden proefdraaien met behoud van uitkering; met reden langer, samen tot zes maanden. U betaalt dan geen loon.",
    "Bij UWV of bij de gemeente, afhankelijk van de uitkering.",
    "U hebt de bedoeling om daarna een contract van ten minste zes maanden te geven, en een verzekering is nodig.",
    ("PP1", "PP2", "PP3"),
)
_COACH_EXTERNAL = (
    "regeling/jobcoach",
    "Jobcoach van buiten",
    "Begeleiding op de werkplek, vergoed, meestal tot drie jaar.",
    "Bij UWV of de gemeente, samen met de medewerker.",
    "Of het toegekend wordt, hangt af van de persoon.",
    ("JC2",),
)
_COACH_INTERNAL = (
    "regeling/jobcoach",
    "Een eigen collega als jobcoach",
    "Subsidie voor een opgeleide collega die begeleidt.",
    "Bij UWV of de gemeente.",
    "Er is een contract nodig van ten minste zes maanden en twaalf uur per week. Vraag de bedragen na bij UWV of de gemeente.",
    ("JC1",),
)
_WORKPLACE = (
    "regeling/werkplek",
    "Aanpassing van de werkplek",
    "Vergoeding van een voorziening, zoals een hulpmiddel of een verbouwing.",
    "Bij UWV of de gemeente. Wat meegenomen kan worden, vraagt de medewerker zelf aan.",
    "Vraag het aan voordat u iets koopt.",
    ("RR1", "RR2"),
)

QUESTIONS: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = (
    (
        "contract",
        "Wat voor contract gaat het worden?",
        (
            ("vast", "Vast"),
            ("tijdelijk", "Tijdelijk, zes maanden of meer"),
            ("kort", "Korter dan zes maanden"),
            ("geen", "Nog geen contract"),
        ),
    ),
    (
        "register",
        "Staat de medewerker in het doelgroepregister? Vraag dit pas na de start, niet in het sollicitatiegesprek.",
        (("ja", "Ja"), ("nee", "Nee"), ("onbekend", "Weet ik niet")),
    ),
    (
        "benefit",
        "Komt de medewerker uit een uitkering?",
        (
            ("uwv", "Ja, van UWV"),
            ("wajong", "Ja, Wajong"),
            ("gemeente", "Ja, van de gemeente"),
            ("geen", "Nee"),
            ("onbekend", "Weet ik niet"),
        ),
    ),
    ("adaptation", "Is er iets nodig aan de werkplek, zoals een hulpmiddel?", (("ja", "Ja"), ("nee", "Nee"))),
    (
        "coaching",
        "Is er begeleiding nodig op de werkplek?",
        (("buiten", "Ja, door iemand van buiten"), ("binnen", "Ja, door een eigen collega"), ("nee", "Nee")),
    ),
)
"""Key, question, and the choices (value, words)."""


def _scheme(row: tuple[str, str, str, str, str, tuple[str, ...]], certainty: Certainty) -> Scheme:
    topic, name, brings, apply_at, uncertain, sources = row
    return Scheme(topic, name, brings, apply_at, uncertain, certainty, sources)


def find(answers: Mapping[str, Any]) -> list[Scheme]:
    """The schemes that may fit, likeliest first. Unknown answers (missing, "onbekend") lead to "navragen", never to a no."""
    register, benefit = answers.get("register", "onbekend"), answers.get("benefit", "onbekend")
    contract = answers.get("contract", "")
    found: list[Scheme] = []
    by_benefit: Certainty = "misschien" if benefit in ("uwv", "wajong") else "navragen"
    if register == "ja":
        found += [_scheme(_NO_RISK, "past vaak"), _scheme(_WAGE_BENEFIT, "past vaak")]
    elif benefit in ("uwv", "wajong", "gemeente", "onbekend"):
        likely: Certainty = "past vaak" if benefit == "wajong" else by_benefit
        found += [_scheme(_NO_RISK, likely), _scheme(_WAGE_BENEFIT, by_benefit)]
    if benefit in ("gemeente", "onbekend"):
        found.append(_scheme(_WAGE_SUBSIDY, "misschien" if benefit == "gemeente" else "navragen"))
    if benefit == "wajong":
        found.append(_scheme(_DISPENSATION, "misschien"))
    if contract in ("geen", "") and benefit != "geen":
        found.append(_scheme(_TRIAL, "misschien" if benefit != "onbekend" else "navragen"))
    if answers.get("coaching") == "buiten":
        found.append(_scheme(_COACH_EXTERNAL, "misschien"))
    elif answers.get("coaching") == "binnen" and contract != "kort":
        found.append(_scheme(_COACH_INTERNAL, "misschien"))
    if answers.get("adaptation") == "ja":
        found.append(_scheme(_WORKPLACE, "misschien"))
    order = ("past vaak", "misschien", "navragen")
    return sorted(found, key=lambda scheme: order.index(scheme.certainty))
