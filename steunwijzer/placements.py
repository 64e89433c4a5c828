"""Placements and their check-ins: schedule, scores in words, the rules for early signals (kennis.md §8.3 and §8.4), links by mail."""

from __future__ import annotations

import calendar
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Literal

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from steunwijzer import mail, models, outbox
from steunwijzer.db import col, joined, utcnow
from steunwijzer.settings import get_settings

View = Literal["employer", "employee"]
Colour = Literal["groen", "oranje", "rood"]
Scores = Mapping[str, int]

LOWEST, HIGHEST = 1, 5
SCALE = {1: "helemaal niet", 2: "matig", 3: "redelijk", 4: "goed", 5: "zeer goed"}
MISSED_AFTER_DAYS = 7
EXTRA_AFTER_DAYS = 7
GAP = 2
"""A difference between both views of this many points or more is to be discussed."""
NEAR_DAYS = 14
"""Both views are compared when their check-ins were due within this many days of each other."""


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


# --- the rules ------------------------------------------------------------------------------------------------------------------------


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


# --- when ---------------------------------------------------------------------------------------------------------------------------------


def _add_months(day: date, months: int) -> date:
    index = day.month - 1 + months
    year, month = day.year + index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def schedule(started: date) -> list[date]:
    """The days of the check-ins: weekly in the first month, fortnightly in months two and three, then monthly up to a year."""
    weekly = [started + timedelta(weeks=week) for week in range(1, 5)]
    fortnightly = [started + timedelta(weeks=week) for week in range(6, 13, 2)]
    monthly = [_add_months(started, month) for month in range(4, 13)]
    return [*weekly, *fortnightly, *monthly]


# --- words ------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Score:
    """A score read from words. `sure` is false when the words could mean something else: show it and let the user choose."""

    value: int
    sure: bool
    words: str


_NUMBER_WORDS = {"een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5}
_VERY = r"(?:heel|erg|zeer|hartstikke|super|echt|enorm|ontzettend|bijzonder|uiterst|verrassend|keigoed|kei|boven verwachting)"
# First match wins: from outspoken to mild, and "niet goed" before "goed".
_SCORE_WORDS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1, (
        r"helemaal niet(?:s)?\b(?! slecht)", "heel slecht", "erg slecht", "zeer slecht", "dramatisch", "rampzalig", "waardeloos",
        "vreselijk",
        r"nooit\b(?! (?:ziek|te laat|afwezig|problemen|gemist))", "een ramp", "hopeloos", "onhoudbaar", "zeer klein", "duidelijk te zwaar",
        "veel te zwaar", "veel uitval", "bijna nooit", "totaal niet", r"niks\b", "loopt vast",
    )),
    (5, (
        "kan niet beter", "niets te klagen", "niks te klagen", r"nooit (?:ziek|te laat|afwezig|problemen|gemist)",
        r"geen (?:dag|dienst|enkele dag) gemist", r"altijd (?:aanwezig|op tijd|er)",
    )),
    (3, ("niet slecht", "niet verkeerd", "valt mee", "niet gek")),
    (4, (r"niet (?:te |zo |echt )?zwaar",)),
    (2, (
        rf"niet (?:zo |al te |echt |heel |erg |altijd |lekker |{_VERY} )*"
        r"(?:goed|lekker|best|top|fijn|ideaal|geweldig|soepel|makkelijk|denderend)",
        "onvoldoende", r"matig\w*", "moeizaam", r"stroef\w*", "tegenvallend", "valt tegen", r"minder\b", "mwah", "meh", r"k[ao]n (?:wat )?beter",
        "moet beter", r"zwak\w*", r"lastig\w*", "weinig", r"vaak (?:ziek|afwezig|te laat|weg)", "meldt zich vaak ziek", r"klein\b",
        r"zwaar\b", "slordig", r"denk (?:het |ik |van )*niet", "betwijfel", "loopt niet", "gaat niet", "gespannen", "zorgelijk", "onrustig",
    )),
    (1, (r"slecht\w*", r"beroerd\w*")),
    (5, (
        rf"{_VERY} (?:goed|fijn|lekker|tevreden|prettig|soepel|blij|groot|netjes)", "uitstekend", "perfect", "fantastisch", "geweldig",
        r"super\w*", r"\btop\w*", "prachtig", "voortreffelijk", "zeer groot", "vlekkeloos", "uitmuntend", "helemaal goed",
        "boven verwachting", "keigoed", "har[td]?stikke goed",
    )),
    (3, (
        r"redelijk\w*", "gaat wel", "gaat net", "voldoende", "gemiddeld", r"ok(?:e|é|ay)?\b", "wisselend", "zo zo", "neutraal",
        "gewoontjes", "middelmatig", "soms wel soms niet", "fifty", r"half (?:om )?half", "kon minder", "op en af", "misschien", "hoop het",
    )),
    (4, (
        "gaat best", "best wel",
        r"\bgoed\w*", "prima", "lekker", "fijn", "tevreden", "soepel", "netjes", "prettig", "naar wens", r"groot\b", "zoals afgesproken",
        "positief", "gezellig", "in orde", r"denk (?:het |ik |van )*wel", "loopt wel", "vol te houden", "aanwezig", "op tijd",
    )),
)  # fmt: skip
_SCORE_PATTERNS = tuple((value, re.compile("|".join(patterns))) for value, patterns in _SCORE_WORDS)


def read_score(text: str, factor: Factor | None = None) -> Score | None:
    """A score of 1–5 from an answer in words or figures ('hartstikke goed', 'matig, ze meldt zich vaak ziek', 'een 4'); None when unclear.

    The words at the ends of the scale of `factor` give 1 and 5. A mark out of ten is halved and not sure. With "maar" the words before it
    count, and the score is not sure; nor is a bare "slecht", which can be 1 or 2.
    """
    words = re.sub(r"\s+", " ", text.lower().strip(" .!"))
    if factor is not None and words in (factor.low, factor.high):
        return Score(LOWEST if words == factor.low else HIGHEST, True, text.strip())
    of_ten = re.search(r"\b(10|[6-9])(?:[,.]\d)?\s*(?:/|van de|uit|op)?\s*(?:10|tien)?\b", words)
    of_five = r"(?:\s*(?:/|van de|uit|op)\s*(?:5|vijf))?"
    figure = re.search(rf"(?<![\d,.])([1-5]){of_five}(?!\d|\s*(?:keer|dagen|dag|uur|weken|week|maal|van de 10|/ ?10))", words)
    in_word = re.fullmatch(r"(?:een |'n |de |doe maar (?:een )?|ik geef (?:een )?)?(een|één|twee|drie|vier|vijf)", words)
    bare = re.fullmatch(rf"(?:een |'n |doe maar (?:een )?|ik geef (?:een )?|cijfer )?[1-5]{of_five}(?:\s*[,.:(-].*)?", words)
    if bare and figure:
        return Score(int(figure[1]), True, text.strip())
    if in_word:
        return Score(_NUMBER_WORDS[in_word[1]], True, text.strip())
    marked = re.search(r"\b(?:een|cijfer|/|van de|uit|10|tien)\b|^\d", words) and not re.search(r"uur|dagen|keer|weken", words)
    if of_ten and marked:
        return Score(max(LOWEST, min(HIGHEST, round(int(of_ten[1]) / 2))), False, text.strip())
    head, _, tail = words.partition(" maar ")
    for part, sure in ((head, not tail), (tail, False)):
        hits = [(value, found.start()) for value, pattern in _SCORE_PATTERNS if (found := pattern.search(part))]
        if hits:
            doubt = re.fullmatch(r"(?:gewoon )?(?:slecht|beroerd)\w*", part) is not None
            return Score(hits[0][0], sure and not doubt, text.strip())
    return Score(int(figure[1]), False, text.strip()) if figure else None


# --- stored placements ----------------------------------------------------------------------------------------------------------------


class PlacementError(LookupError):
    """A placement, check-in or link that is not there or not valid; the text is for the reader, in Dutch."""


@dataclass(frozen=True)
class Placement:
    """A job that is followed, without the employee's name."""

    id: str
    nickname: str
    region: str
    coach_id: str | None
    started: date
    ended: date | None
    alert_coach: bool
    """The employer agreed that the coach looks along and is told when a check-in is red."""
    employer_email: str | None
    employee_email: str | None


@dataclass(frozen=True)
class Checkin:
    """One check-in as it stands."""

    id: str
    placement_id: str
    view: View
    due: date
    extra: bool
    asked: datetime | None
    answered: datetime | None
    missed: bool
    scores: dict[str, int]
    words: dict[str, str]
    wish: str | None
    base: Colour | None
    colour: Colour | None
    reasons: tuple[str, ...]


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


def _placement(row: models.Placement) -> Placement:
    return Placement(row.id, row.nickname, row.region, row.coach_id, row.started, row.ended, row.alert_coach, row.employer_email, row.employee_email)


def _checkin(row: models.Checkin) -> Checkin:
    return Checkin(
        row.id, row.placement_id, row.view, row.due, row.extra, row.asked, row.answered, row.missed, dict(row.scores), dict(row.words),  # type: ignore[arg-type]
        row.wish, row.base, row.colour, tuple(row.reasons),  # type: ignore[arg-type]
    )  # fmt: skip


def _new_checkin(placement_id: str, view: View, due: date, **values: Any) -> models.Checkin:
    return models.Checkin(id=secrets.token_urlsafe(24), placement_id=placement_id, view=view, due=due, scores={}, words={}, reasons=[], **values)


def register(
    *,
    nickname: str,
    region: str,
    started: date,
    consent: str,
    conversation_id: str | None = None,
    coach_id: str | None = None,
    employer_email: str | None = None,
    employee_email: str | None = None,
    alert_coach: bool = False,
    session: Session | None = None,
) -> Placement:
    """Follow a placement from now on, with all its check-ins planned. `region` is a CBS code, `consent` the wording agreed to.

    Raises:
        ValueError: without a nickname or consent.
    """
    if not nickname.strip() or not consent.strip():
        raise ValueError("een bijnaam voor de plek en toestemming zijn nodig")
    with joined(session) as own:
        now = utcnow()
        known = conversation_id and own.get(models.Conversation, conversation_id) is not None
        row = models.Placement(
            id=secrets.token_urlsafe(24), conversation_id=conversation_id if known else None, nickname=nickname.strip()[:60], region=region,
            coach_id=coach_id, started=started, created=now, employer_email=employer_email, employee_email=employee_email,
            alert_coach=alert_coach, consent=consent, consent_at=now,
        )  # fmt: skip
        own.add(row)
        own.flush()
        views: tuple[View, ...] = ("employer", "employee") if employee_email else ("employer",)
        # Days that had passed at registration are not asked any more.
        own.add_all(_new_checkin(row.id, view, due) for view in views for due in schedule(started) if due >= now.date())
        own.flush()
        return _placement(row)


def get(placement_id: str, *, session: Session | None = None) -> Placement:
    """The placement.

    Raises:
        PlacementError: it is not there (any more).
    """
    with joined(session, reading=True) as own:
        row = own.get(models.Placement, placement_id)
        if row is None:
            raise PlacementError("Deze plaatsing is er niet (meer).")
        return _placement(row)


def _where(condition: Any) -> list[Placement]:
    with joined(None, reading=True) as session:
        rows = session.execute(select(models.Placement).where(condition).order_by(models.Placement.started, models.Placement.id)).scalars()
        return [_placement(row) for row in rows]


def of_coach(coach_id: str) -> list[Placement]:
    """The placements that a coach follows, running and ended."""
    return _where(models.Placement.coach_id == coach_id)


def of_conversation(conversation_id: str) -> list[Placement]:
    """The placements that a visitor registered in this conversation."""
    return _where(models.Placement.conversation_id == conversation_id)


def of_region(region: str | None = None) -> list[Placement]:
    """The placements of a region, or all of them."""
    return _where(models.Placement.region == region if region else col(models.Placement.id).isnot(None))


def end(placement_id: str, day: date) -> None:
    """Stop following; check-ins that were planned after `day` are dropped."""
    with joined(None) as session:
        session.execute(update(models.Placement).where(models.Placement.id == placement_id).values(ended=day))
        session.execute(
            delete(models.Checkin).where(
                models.Checkin.placement_id == placement_id,
                col(models.Checkin.due) > day,
                col(models.Checkin.answered).is_(None),
                col(models.Checkin.missed).is_(False),
            )
        )


def forget(conversation_id: str, *, session: Session | None = None) -> int:
    """Delete every placement of a visitor with all check-ins ("verwijder mijn gegevens"); gives how many placements went."""
    with joined(session) as own:
        ids = list(own.execute(select(models.Placement.id).where(models.Placement.conversation_id == conversation_id)).scalars())
        own.execute(delete(models.Checkin).where(col(models.Checkin.placement_id).in_(ids)))
        own.execute(delete(models.Placement).where(col(models.Placement.id).in_(ids)))
        return len(ids)


def purge(ended_before: date, *, session: Session | None = None) -> int:
    """Delete placements that ended, or ran out of check-ins, before a day; gives how many."""
    with joined(session) as own:
        rows = own.execute(select(models.Placement)).scalars()
        ids = [row.id for row in rows if (row.ended or _add_months(row.started, 13)) < ended_before]
        own.execute(delete(models.Checkin).where(col(models.Checkin.placement_id).in_(ids)))
        own.execute(delete(models.Placement).where(col(models.Placement.id).in_(ids)))
        return len(ids)


# --- asking and answering -------------------------------------------------------------------------------------------------------------


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(get_settings().secret_key.get_secret_value(), salt="steunwijzer-checkin")


def checkin_token(checkin_id: str) -> str:
    """The signed token of the link in the mail; it works until the check-in is answered or missed."""
    return str(_serializer().dumps(checkin_id))


def ask_due(today: date, *, session: Session | None = None) -> list[Checkin]:
    """Ask every check-in that is due and not asked yet, each once, and note those that nobody answered in time. Meant to run daily.

    With several overdue for one placement (the server was down) only the newest is asked. Asking means a mail in the outbox where an
    address is known, and being `open_checkin` in the chat.
    """
    with joined(session) as own:
        _note_missed(own, today)
        query = (
            select(models.Checkin, models.Placement)
            .join(models.Placement, models.Placement.id == models.Checkin.placement_id)
            .where(
                col(models.Checkin.asked).is_(None),
                col(models.Checkin.answered).is_(None),
                col(models.Checkin.missed).is_(False),
                col(models.Checkin.due) <= today,
                (col(models.Placement.ended).is_(None)) | (col(models.Placement.ended) >= today),
            )
            .order_by(models.Checkin.due)
        )
        newest: dict[tuple[str, str], tuple[models.Checkin, models.Placement]] = {}
        for row, placement in own.execute(query):
            passed = newest.get((row.placement_id, row.view))
            if passed is not None:
                passed[0].missed = True
            newest[row.placement_id, row.view] = (row, placement)
        now = utcnow()
        for row, placement in newest.values():
            row.asked = now
            address = placement.employer_email if row.view == "employer" else placement.employee_email
            if address:
                mail.enqueue(own, key=f"checkin:{row.id}", kind="checkin", recipient=address, payload={"checkin_id": row.id})
        own.flush()
        return [_checkin(row) for row, _ in newest.values()]


def _note_missed(session: Session, today: date) -> None:
    query = (
        select(models.Checkin)
        .where(
            col(models.Checkin.asked).isnot(None),
            col(models.Checkin.answered).is_(None),
            col(models.Checkin.missed).is_(False),
            col(models.Checkin.due) <= today - timedelta(days=MISSED_AFTER_DAYS),
        )
        .order_by(models.Checkin.due)
    )
    for row in session.execute(query).scalars().all():
        row.missed = True
        if row.view == "employer":
            _apply(session, row, session.get(models.Placement, row.placement_id), today)


def open_checkin(placement_id: str, today: date) -> Checkin:
    """The check-in to answer in the chat now: the one that is due, else the next one within three days, else an extra one of today.

    Raises:
        PlacementError: there is no such placement.
    """
    get(placement_id)
    with joined(None) as session:
        query = (
            select(models.Checkin)
            .where(
                models.Checkin.placement_id == placement_id,
                models.Checkin.view == "employer",
                col(models.Checkin.answered).is_(None),
                col(models.Checkin.missed).is_(False),
                col(models.Checkin.due) <= today + timedelta(days=3),
            )
            .order_by(col(models.Checkin.due).desc())
        )
        row = session.execute(query).scalars().first()
        if row is None:
            same_day = select(models.Checkin).where(
                models.Checkin.placement_id == placement_id, models.Checkin.view == "employer", models.Checkin.due == today
            )
            taken = session.execute(same_day).scalars().first()
            if taken is not None:
                return _checkin(taken)
            row = _new_checkin(placement_id, "employer", today, extra=True)
            session.add(row)
            session.flush()
        return _checkin(row)


def by_token(token: str) -> tuple[Checkin, Placement]:
    """The check-in behind a mailed link.

    Raises:
        PlacementError: the link is forged, used or too late.
    """
    try:
        checkin_id = _serializer().loads(token)
    except BadSignature as error:
        raise PlacementError("Deze link klopt niet. Open hem vanuit de mail.") from error
    with joined(None, reading=True) as session:
        row = session.get(models.Checkin, checkin_id)
        if row is None:
            raise PlacementError("Deze check-in is er niet meer.")
        if row.answered is not None:
            raise PlacementError("Deze check-in is al ingevuld. Een link werkt één keer.")
        if row.missed:
            raise PlacementError("Deze check-in is verlopen. U krijgt vanzelf een nieuwe.")
        return _checkin(row), _placement(session.get(models.Placement, row.placement_id))


def answer(
    checkin_id: str,
    scores: Scores,
    *,
    words: Mapping[str, str] | None = None,
    wish: str | None = None,
    today: date | None = None,
    session: Session | None = None,
) -> Assessment | None:
    """Store the answers of a check-in, once, and apply the rules; the assessment is None for the employee's view.

    Raises:
        PlacementError: it was answered already, or is not there.
        ValueError: a score is not 1–5.
    """
    for key, score in scores.items():
        if key not in FACTOR or not LOWEST <= score <= HIGHEST:
            raise ValueError(f"{key}: {score}")
    with joined(session) as own:
        taken = own.execute(
            update(models.Checkin)
            .where(models.Checkin.id == checkin_id, col(models.Checkin.answered).is_(None), col(models.Checkin.missed).is_(False))
            .values(answered=utcnow(), scores=dict(scores), words=dict(words or {}), wish=wish)
            .execution_options(synchronize_session=False)
        )
        if not taken.rowcount:
            raise PlacementError("Deze check-in is al ingevuld of verlopen.")
        query = select(models.Checkin, models.Placement).join(models.Placement, models.Placement.id == models.Checkin.placement_id)
        found = own.execute(query.where(models.Checkin.id == checkin_id).execution_options(populate_existing=True))
        row, placement = found.one()
        return _apply(own, row, placement, today or utcnow().date()) if row.view == "employer" else None


def _apply(session: Session, row: models.Checkin, placement: models.Placement, today: date) -> Assessment:
    """Colour a check-in, plan an extra one after a signal, and alert the coach at red when there is consent."""
    everything = session.execute(
        select(
            models.Checkin.id,
            models.Checkin.due,
            models.Checkin.scores,
            models.Checkin.base,
            models.Checkin.answered,
            models.Checkin.missed,
        )
        .where(models.Checkin.placement_id == row.placement_id, models.Checkin.view == row.view)
        .order_by(models.Checkin.due)
    ).all()
    before = [each for each in everything if each.base is not None and each.due < row.due]
    known: dict[str, int] = {}
    for earlier in before:
        known.update(earlier.scores)
    assessment = assess(row.scores, known, before[-1].base if before else None)
    row.base, row.colour, row.reasons = assessment.base, assessment.colour, list(assessment.reasons)
    if assessment.colour != "groen" and placement.ended is None:
        until = today + timedelta(days=EXTRA_AFTER_DAYS)
        coming = [e for e in everything if e.id != row.id and row.due < e.due <= until and e.answered is None and not e.missed]
        taken = coming or any(each.due == until for each in everything)
        if not taken and until <= schedule(placement.started)[-1]:
            session.add(_new_checkin(row.placement_id, "employer", until, extra=True))
    if assessment.colour == "rood" and placement.alert_coach and placement.coach_id:
        _alert(session, row, placement)
    session.flush()
    return assessment


def _alert(session: Session, row: models.Checkin, placement: models.Placement) -> None:
    """Tell the coach on every way that reaches them: a card in Teams, a mail."""
    coach = session.get(models.Coach, placement.coach_id)
    if coach is None or not coach.active:
        return
    payload: dict[str, object] = {"placement_id": placement.id, "checkin_id": row.id}
    if coach.teams_id and get_settings().teams_app_id:
        outbox.add(session, key=f"placement-red:{row.id}:teams", channel="teams", kind="placement_red", recipient=coach.id, payload=payload)
    if coach.email:
        mail.enqueue(session, key=f"placement-red:{row.id}:mail", kind="placement_red", recipient=coach.email, payload=payload)


def leave(checkin_id: str) -> None:
    """The employee takes part no longer: the address goes, and everything that the employee answered or would be asked.

    Raises:
        PlacementError: there is no such check-in, or it is the employer's.
    """
    with joined(None) as session:
        row = session.get(models.Checkin, checkin_id)
        if row is None or row.view != "employee":
            raise PlacementError("Deze check-in is er niet meer.")
        session.execute(update(models.Placement).where(models.Placement.id == row.placement_id).values(employee_email=None))
        session.execute(delete(models.Checkin).where(models.Checkin.placement_id == row.placement_id, models.Checkin.view == "employee"))


# --- looking back -----------------------------------------------------------------------------------------------------------------------


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
                rows[row.placement_id].append(_checkin(row))
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
