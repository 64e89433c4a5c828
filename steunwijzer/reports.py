"""Reports: per placement for the employer, per region for the network, and what the assistant learned. No cell under five people.

A cell is a number about placements. It is hidden when it rests on fewer than `MINIMUM` placements; when hiding one cell of a row would let
a reader subtract it from the total, the next smallest cell is hidden too.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from steunwijzer import checkin_rules, documents, models, placement_overview, placements
from steunwijzer.calendar_nl import MONTHS
from steunwijzer.checkin_rules import FACTORS
from steunwijzer.db import col, insert_into, joined, utcnow
from steunwijzer.dutch_dates import day_text
from steunwijzer.placement_overview import Overview
from steunwijzer.regions import region as region_of

MINIMUM = 5
HIDDEN = "niet getoond"
COLOURS = ("groen", "oranje", "rood")

Cell = int | None
"""A count, or None when it is hidden."""


def hide_small(counts: Mapping[str, int]) -> dict[str, Cell]:
    """The counts with small ones hidden, so that neither they nor their sum can be worked out from the total.

    Zero is shown: it says nothing about anybody. Counts of 1–4 are hidden; when exactly one is hidden, the smallest other count is hidden
    as well.
    """
    hidden = {key for key, count in counts.items() if 0 < count < MINIMUM}
    if hidden and sum(counts[key] for key in hidden) < MINIMUM:
        others = sorted((count, key) for key, count in counts.items() if key not in hidden and count > 0)
        if others:
            hidden.add(others[0][1])
    if len(hidden) == 1:
        others = sorted((count, key) for key, count in counts.items() if key not in hidden and count > 0)
        hidden.update(key for _, key in others[:1])
    return {key: None if key in hidden else count for key, count in counts.items()}


def shown(cell: Cell | float) -> str:
    """A cell in words."""
    if cell is None:
        return HIDDEN
    return f"{cell:.1f}".replace(".", ",") if isinstance(cell, float) else str(cell)


# --- per placement --------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlacementReport:
    """The report for one employer: their own placement, without the employee's name."""

    created: date
    overview: Overview


def placement_report(placement_id: str) -> PlacementReport:
    """The report of a placement.

    Raises:
        placements.PlacementError: it is not there.
    """
    return PlacementReport(utcnow().date(), placement_overview.overview(placement_id))


def placement_data(report: PlacementReport) -> dict[str, Any]:
    """What the template `placement` prints."""
    found = report.overview
    last = found.checkins[-1] if found.checkins else None
    factors = []
    for factor in FACTORS:
        line = found.line(factor.key)
        trend = found.trend(factor.key)
        factors.append(
            {
                "label": factor.label,
                "scores": [score for _, score in line],
                "spoken": f"{factor.label}: " + (", ".join(f"{day_text(day, False)} {score}" for day, score in line) or "nog geen cijfer"),
                "last": str(line[-1][1]) if line else "–",
                "mirror": str(found.mirrors[-1].scores.get(factor.key, "–")) if found.mirrors else "–",
                "trend": "–" if trend is None else ("gelijk" if trend == 0 else f"{'omhoog' if trend > 0 else 'omlaag'} ({trend:+d})"),
                "words": last.words.get(factor.key, "") if last else "",
            }
        )
    return {
        "title": f"Overzicht: {found.placement.nickname}",
        "subtitle": f"Gestart op {day_text(found.placement.started, False)}. Gemaakt op {day_text(report.created, False)}.",
        "description": "Check-ins van een plaatsing",
        "footer": "Gemaakt met Steunwijzer. Zonder naam van de medewerker en zonder gegevens over gezondheid.",
        "colour": found.colour or "",
        "advice": checkin_rules.ADVICE[found.colour] if found.colour else "Er is nog geen check-in ingevuld.",
        "reasons": list(last.reasons) if last else [],
        "count": len(found.checkins),
        "factors": factors,
        "has_mirror": bool(found.mirrors),
        "mirror_day": day_text(found.mirrors[-1].due, False) if found.mirrors else "",
        "gaps": [f"{checkin_rules.FACTOR[key].label}: verschil van {abs(gap)} punten. Bespreek dit samen." for key, gap in found.gaps.items()],
        "history": [
            {
                "day": day_text(c.due, False),
                "colour": c.colour or "",
                "mean": shown(sum(c.scores.values()) / len(c.scores)) if c.scores else "–",
                "why": "; ".join(c.reasons) or "–",
            }
            for c in found.checkins
        ],
        "next": day_text(found.next_due) if found.next_due else "",
    }


def placement_pdf(report: PlacementReport) -> bytes:
    """The report as a tagged PDF with a line per factor."""
    return documents.pdf("placement", placement_data(report))


def placement_csv(report: PlacementReport) -> bytes:
    """Every check-in on a line."""
    header = ["datum", "kleur", *(factor.label for factor in FACTORS), "reden"]
    rows = [
        [c.due.isoformat(), c.colour or "", *(c.scores.get(factor.key, "") for factor in FACTORS), "; ".join(c.reasons)]
        for c in report.overview.checkins
    ]
    return documents.csv_bytes(header, rows)


# --- per region -------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """A month in a report: how many placements were measured, the colour of each one's last check-in, and the mean per factor."""

    month: date
    measured: Cell
    colours: dict[str, Cell]
    means: dict[str, float | None]


@dataclass(frozen=True)
class RegionReport:
    """A region (or all of them): counts of placements. None stands for a hidden cell."""

    region: str | None
    name: str
    created: date
    placements: Cell
    running: Cell
    colours: dict[str, Cell]
    means: dict[str, float | None]
    months: tuple[Period, ...]
    topics: tuple[tuple[str, int], ...]
    unanswered: tuple[tuple[str, int], ...]
    agreements: tuple[tuple[str, int], ...]


def _means(checkins: Sequence[tuple[str, Mapping[str, int]]]) -> dict[str, float | None]:
    """Mean per factor over (placement id, scores); None when fewer than five placements gave a score."""
    means: dict[str, float | None] = {}
    for factor in FACTORS:
        scores = [(placement, s[factor.key]) for placement, s in checkins if factor.key in s]
        enough = len({placement for placement, _ in scores}) >= MINIMUM
        means[factor.key] = sum(score for _, score in scores) / len(scores) if enough else None
    return means


def _cell(count: int) -> Cell:
    return None if 0 < count < MINIMUM else count


def region_report(region: str | None, today: date | None = None) -> RegionReport:
    """The report of a region by its CBS code, or of the whole country with None."""
    day = today or utcnow().date()
    found = placement_overview.overviews(placements.of_region(region))
    last = {o.placement.id: o.checkins[-1] for o in found if o.checkins}
    months: dict[date, dict[str, placements.Checkin]] = defaultdict(dict)
    for overview in found:
        for checkin in overview.checkins:
            months[checkin.due.replace(day=1)][overview.placement.id] = checkin
    running = sum(o.placement.ended is None for o in found)
    both = hide_small({"running": running, "ended": len(found) - running})
    named = region_of(region) if region else None
    return RegionReport(
        region=region,
        name=named.name if named else region or "Heel Nederland",
        created=day,
        placements=_cell(len(found)),
        running=both["running"] if _cell(len(found)) is not None else None,
        colours=_colours(list(last.values())),
        means=_means([(key, c.scores) for key, c in last.items()]),
        months=tuple(_period(month, rows) for month, rows in sorted(months.items())),
        topics=usage("topic", region),
        unanswered=usage("unanswered", region),
        agreements=usage("agreement", region),
    )


def _colours(checkins: Sequence[placements.Checkin]) -> dict[str, Cell]:
    counted = Counter(c.colour for c in checkins)
    counts = {colour: counted[colour] for colour in COLOURS}  # type: ignore[index]
    if sum(counts.values()) < MINIMUM:
        return {colour: None if counts[colour] else 0 for colour in COLOURS} if not any(counts.values()) else dict.fromkeys(COLOURS)
    return hide_small(counts)


def _period(month: date, rows: Mapping[str, placements.Checkin]) -> Period:
    return Period(month, _cell(len(rows)), _colours(list(rows.values())), _means([(key, c.scores) for key, c in rows.items()]))


def region_rows(report: RegionReport) -> list[list[str]]:
    """The report as rows of a table: month, measured, colours, means."""
    rows = []
    for period in report.months:
        cells: list[Cell | float] = [period.measured, *(period.colours[colour] for colour in COLOURS), *period.means.values()]
        rows.append([period.month.strftime("%Y-%m"), *(shown(cell) for cell in cells)])
    return rows


REGION_HEADER = ["maand", "gemeten", *COLOURS, *(factor.label for factor in FACTORS)]


def region_csv(report: RegionReport) -> bytes:
    """One line per month; hidden cells say "niet getoond"."""
    return documents.csv_bytes(REGION_HEADER, region_rows(report))


def region_data(report: RegionReport) -> dict[str, Any]:
    """What the template `region` prints, and what a page can show."""
    titles = _titles()
    return {
        "title": f"Plaatsingen in {report.name[0].lower() + report.name[1:] if report.region is None else report.name}",
        "subtitle": (
            f"Gemaakt op {day_text(report.created, False)}. Aantallen onder de {MINIMUM} worden niet getoond, en soms een ander aantal "
            "ook niet, zodat niemand ze kan uitrekenen."
        ),
        "description": "Aantallen, kleuren en gemiddelden per maand",
        "footer": "Gemaakt met Steunwijzer. Alleen aantallen; niemand is te herkennen.",
        "placements": shown(report.placements),
        "running": shown(report.running),
        "colours": [{"name": colour, "count": shown(report.colours[colour])} for colour in COLOURS],
        "means": [{"label": factor.label, "mean": shown(report.means[factor.key])} for factor in FACTORS],
        "months": [
            {"month": f"{MONTHS[period.month.month - 1]} {period.month.year}", "cells": row[1:5]}
            for period, row in zip(report.months, region_rows(report), strict=True)
        ],
        "topics": [{"name": titles.get(key, key), "count": str(count)} for key, count in report.topics],
        "unanswered": [{"name": titles.get(key, key), "count": str(count)} for key, count in report.unanswered],
        "agreements": [{"name": key, "count": str(count)} for key, count in report.agreements],
    }


def region_pdf(report: RegionReport) -> bytes:
    """The region's report as a tagged PDF."""
    return documents.pdf("region", region_data(report))


def _titles() -> dict[str, str]:
    from steunwijzer.answers import answers

    return {topic: answer.title for topic, answer in answers().items()}


# --- what is used -------------------------------------------------------------------------------------------------------------------------


def count_use(kind: str, key: str, region: str = "", *, session: Session | None = None) -> None:
    """Count one use of a topic, an unanswered topic or a werkafspraak in this month. Never pass a visitor's own words as `key`."""
    month = utcnow().date().replace(day=1)
    code = region_of(region).code if region and region_of(region) else ""  # type: ignore[union-attr]
    with joined(session) as own:
        own.execute(_counting(own.get_bind().dialect.name), {"kind": kind, "key": key[:120], "region": code, "month": month})


@lru_cache
def _counting(dialect: str) -> Any:
    """One statement: two visitors who are first in a month at the same moment do not collide."""
    row = insert_into(models.UsageCount.__table__, dialect).values(count=1)
    return row.on_conflict_do_update(index_elements=row.table.primary_key, set_={"count": models.UsageCount.count + 1})


def usage(kind: str, region: str | None = None, limit: int = 10) -> tuple[tuple[str, int], ...]:
    """The most used keys with their counts; counts under five are left out."""
    with joined(None, reading=True) as session:
        query = select(models.UsageCount).where(models.UsageCount.kind == kind)
        if region:
            query = query.where(col(models.UsageCount.region) == region)
        totals: Counter[str] = Counter()
        for row in session.execute(query).scalars():
            totals[row.key] += row.count
    return tuple((key, count) for key, count in totals.most_common() if count >= MINIMUM)[:limit]
