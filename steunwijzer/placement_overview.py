"""Looking back on a placement: its scores over time, and where both views differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from steunwijzer import models
from steunwijzer.checkin_rules import Colour
from steunwijzer.db import col, joined
from steunwijzer.placements import Checkin, Placement, checkin_of, get

GAP = 2
"""A difference between both views of this many points or more is to be discussed."""
NEAR_DAYS = 14
"""Both views are compared when their check-ins were due within this many days of each other."""


@dataclass(frozen=True)
class Overview:
    """A placement with all its check-ins that were answered or missed, oldest first, and where both views differ."""

    placement: Placement
    checkins: tuple[Checkin, ...]
    mirrors: tuple[Checkin, ...]
    next_due: date | None
    gaps: dict[str, int] = field(default_factory=dict)

    @property
    def colour(self) -> Colour | None:
        """The colour of the last check-in."""
        return self.checkins[-1].colour if self.checkins else None

    def line(self, factor: str) -> list[tuple[date, int]]:
        """The scores of one factor over time."""
        return [(c.due, c.scores[factor]) for c in self.checkins if factor in c.scores]

    def trend(self, factor: str) -> int | None:
        """Change over the last three scores of a factor; None when there are fewer: one measurement is noise."""
        values = [score for _, score in self.line(factor)][-3:]
        return values[-1] - values[0] if len(values) == 3 else None


def overview(placement_id: str) -> Overview:
    """The placement with its line per factor and both views.

    Raises:
        PlacementError: it is not there.
    """
    return overviews([get(placement_id)])[0]


def overviews(placements: Iterable[Placement]) -> list[Overview]:
    """The same for many placements, with one query for all check-ins."""
    wanted = list(placements)
    rows: dict[str, list[Checkin]] = {placement.id: [] for placement in wanted}
    with joined(None, reading=True) as session:
        query = select(models.Checkin).order_by(models.Checkin.due)
        if len(wanted) <= 500:
            query = query.where(col(models.Checkin.placement_id).in_(list(rows)))
        for row in session.execute(query).scalars():
            if row.placement_id in rows:
                rows[row.placement_id].append(checkin_of(row))
    return [_overview(placement, rows[placement.id]) for placement in wanted]


def _overview(placement: Placement, rows: Sequence[Checkin]) -> Overview:
    done = tuple(c for c in rows if c.view == "employer" and c.base is not None)
    mirrors = tuple(c for c in rows if c.view == "employee" and c.answered is not None)
    coming = [c.due for c in rows if c.view == "employer" and c.answered is None and not c.missed]
    answered = [c for c in done if c.answered is not None]
    gaps: dict[str, int] = {}
    # Both views of about the same time: comparing today with last summer says nothing.
    near = [c for c in answered if mirrors and abs((c.due - mirrors[-1].due).days) <= NEAR_DAYS]
    if near:
        mine, theirs = min(near, key=lambda c: abs((c.due - mirrors[-1].due).days)).scores, mirrors[-1].scores
        gaps = {key: mine[key] - theirs[key] for key in mine if key in theirs and abs(mine[key] - theirs[key]) >= GAP}
    return Overview(placement, done, mirrors, min(coming) if coming else None, gaps)
