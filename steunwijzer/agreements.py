"""Werkafspraken: what the builder suggests and what stands on paper (DESIGN §7, kennis.md §6.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

DATA = Path(__file__).resolve().parents[1] / "data" / "werkafspraken" / "suggestions.yml"
GENERAL = "algemeen"
ROLES = ("employee", "employer", "signal", "proof")

LINES: dict[str, str] = {
    "needs": "Wat het werk vraagt",
    "strengths": "Wat goed gaat",
    "helps": "Wat helpt",
    "employee": "Wat de medewerker doet",
    "employer": "Wat de werkgever doet",
    "contact": "Vast aanspreekpunt",
    "signal": "Teken en pauze",
    "proof": "Waaraan we zien dat het werkt",
}
"""The lines of the paper in their order: step key and heading."""


@dataclass(frozen=True)
class Agreement:
    """Werkafspraken as they go on paper. `lines` holds (heading, text or empty); empty lines are printed as room to write."""

    created: date
    lines: tuple[tuple[str, str], ...]
    review: date | None
    trade: str | None = None


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    return data


def trades() -> dict[str, str]:
    """Trade id and its name in Dutch."""
    return dict(_data()["trades"])


def trade_of(text: str) -> str | None:
    """The trade that a text names in other words than ours ("bakkerij"), or None."""
    words = text.lower()
    return next((trade for trade, stems in _data()["trade_words"].items() if any(stem in words for stem in stems)), None)


def suggestions(behaviour: str | None, trade: str | None, limit: int = 4) -> list[str]:
    """What helps, for this behaviour and trade: the trade's own line first, at most `limit` lines."""
    table = _data()["suggestions"]
    found = table.get(behaviour or GENERAL, table[GENERAL])
    lines = [*found.get(trade or "", []), *found[GENERAL]]
    return lines[:limit]


def role_suggestions(behaviour: str | None, role: str) -> list[str]:
    """Example lines for a `role` of ROLES.

    Raises:
        KeyError: for an unknown role.
    """
    table = _data()["roles"]
    lines: list[str] = table.get(behaviour or GENERAL, table[GENERAL])[role]
    return lines


def known_lines(lines: Iterable[str]) -> list[str]:
    """Those of `lines` that are suggestions of ours, so that counting them tells nothing about anybody."""
    ours = {line for table in _data()["suggestions"].values() for row in table.values() for line in row}
    ours |= {line for table in _data()["roles"].values() for row in table.values() for line in row}
    return [line for line in lines if line in ours]


def build(answers: Mapping[str, Any], today: date) -> Agreement:
    """The agreement from the answers of the builder; skipped lines stay empty."""
    review = answers.get("review")
    return Agreement(
        created=today,
        lines=tuple((heading, str(answers.get(key) or "")) for key, heading in LINES.items()),
        review=date.fromisoformat(review) if review else None,
        trade=trades().get(answers.get("trade", "")),
    )


def preview(agreement: Agreement) -> str:
    """The agreement as text, for the last check in the conversation."""
    from steunwijzer.dutch_dates import day_text

    rows = [f"- **{heading}:** {text}" for heading, text in agreement.lines if text]
    if agreement.review:
        rows.append(f"- **Samen terugkijken:** {day_text(agreement.review)}")
    return "\n".join(rows) if rows else "Er is nog niets ingevuld; u krijgt een leeg formulier om samen in te vullen."
