"""An aid for the conversation about openness: the questions of CORAL in own words, and the employer's side (kennis.md §6.1–§6.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

CHECKED = date(2026, 11, 21)


@dataclass(frozen=True)
class Aid:
    """A sheet of paper: sections with a heading, an opening line and points."""

    title: str
    intro: str
    sections: tuple[tuple[str, str, tuple[str, ...]], ...]
    sources: str


AID = Aid(
    title="Gesprekshulp: wat vertel je op het werk?",
    intro=(
        "De medewerker kiest zelf wat hij vertelt, aan wie en wanneer. Niets vertellen mag ook. "
        "Loop de vragen alleen samen door als hij dat wil."
    ),
    sections=(
        (
            "Vijf vragen voor de medewerker",
            "Denk er vooraf over na, alleen of met je begeleider.",
            (
                "Waarom wil ik iets vertellen? Om hulp te krijgen, voor rust, of om iets uit te leggen?",
                "Wie moet het weten? Misschien alleen de leidinggevende, of één collega, of niemand.",
                "Hoeveel is genoeg? Vaak is één werkafspraak al voldoende, zonder de reden.",
                "Wanneer komt het uit: bij de start, na het inwerken, of pas als het nodig is?",
                "Hoe zeg ik het: zelf, samen met mijn begeleider, kort, op papier?",
            ),
        ),
        (
            "Wat de werkgever wel vraagt",
            "",
            (
                "Wat heb je nodig om je werk goed te doen?",
                "Welke taken lukken goed en welke kosten veel?",
                "Waar krijg je energie van?",
                "Wie mag wat weten, en wie vertelt het?",
            ),
        ),
        (
            "Wat de werkgever niet vraagt",
            "",
            (
                "Welke ziekte of diagnose iemand heeft.",
                "Welke medicijnen of behandeling iemand krijgt, en van wie.",
                "Hoe vaak iemand vroeger ziek was.",
            ),
        ),
        (
            "Wat u vastlegt",
            "",
            (
                "Wel: werkafspraken, uren, taken, hulp en de datum waarop u samen terugkijkt.",
                "Niet: ziekte, medicijnen, behandeling of vermoedens. Ook niet in een agenda, mail of chat.",
                "Hoort u toch iets? Luister, bedank, en ga terug naar het werk. Schrijf het niet op en vertel het niet door.",
            ),
        ),
    ),
    sources=(
        "Naar de keuzehulp CORAL 2.0 (Samen Sterk zonder Stigma, Tranzo, Phrenos) en de regels van de Autoriteit Persoonsgegevens, "
        "in eigen woorden. Nagekeken op 21 november 2026."
    ),
)
