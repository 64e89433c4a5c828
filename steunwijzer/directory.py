"""The directory of coaches: imported from a CSV file, asked for who serves a place, changed by coaches themselves.

The file has a header line with the columns of ``COLUMNS`` (in any order; ``,`` or ``;`` between them); several regions or gemeenten in one
cell are separated by ``|``. An import is all or nothing and can be repeated: a coach is recognised by the code.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from steunwijzer import calendar_nl, models, place_finder, regions
from steunwijzer.calendar_nl import AMSTERDAM, Hours
from steunwijzer.contact import valid_email, valid_phone
from steunwijzer.db import col, joined, utcnow

SAMPLE = regions.DATA / "sample_coaches.csv"
COLUMNS = (
    "code",
    "naam",
    "organisatie",
    "email",
    "telefoon",
    "teams",
    "regios",
    "gemeenten",
    "werkuren",
    "maximum",
    "afwezig_tot",
    "reserve",
)
REQUIRED = ("code", "naam", "organisatie")
DEFAULT_MAXIMUM = 5
_BY_TEAMS_ID = select(models.Coach.id).where(func.lower(models.Coach.teams_id) == bindparam("teams_id"))
_CODE = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")


class UnknownCoach(LookupError):
    """There is no coach with this code, or not any more."""


@dataclass(frozen=True)
class Coach:
    """A coach as the rest of the application sees one; ``regions`` and ``gemeenten`` hold CBS codes, ``hours`` None means the usual."""

    id: str
    name: str
    organisation: str
    email: str | None = None
    phone: str | None = None
    teams_id: str | None = None
    regions: frozenset[str] = frozenset()
    gemeenten: frozenset[str] = frozenset()
    hours: Hours | None = None
    max_open: int = DEFAULT_MAXIMUM
    away_until: datetime | None = None
    backup: bool = False
    present: bool = True
    active: bool = True
    last_asked: datetime | None = field(default=None, compare=False)

    def serves(self, region: str, gemeenten: Iterable[str] = ()) -> bool:
        """Whether this coach serves a place: the gemeente decides where the coach serves only some gemeenten of the region."""
        wanted = frozenset(gemeenten)
        if wanted and wanted <= self.gemeenten:
            return True
        limited = any(known.region.code == region for known in map(regions.gemeente, self.gemeenten) if known)
        return region in self.regions and not limited

    def covers_everything(self) -> bool:
        """A backup coach without region or gemeente stands in for the whole country."""
        return self.backup and not self.regions and not self.gemeenten

    def away(self, moment: datetime) -> bool:
        """Whether the coach is away, has switched off or has left at ``moment``."""
        return not self.active or not self.present or (self.away_until is not None and moment < self.away_until)

    def working(self, moment: datetime) -> bool:
        """Whether ``moment`` falls in the coach's working hours."""
        return calendar_nl.is_working_time(moment, self.hours)


@dataclass(frozen=True)
class Fault:
    """A mistake in the file: line number (the header is line 1), column, what is wrong, how to mend it. Dutch."""

    line: int
    column: str
    problem: str
    mend: str

    def __str__(self) -> str:
        where = f"Regel {self.line}, kolom {self.column}" if self.column else f"Regel {self.line}"
        return f"{where}: {self.problem}. {self.mend}."


@dataclass(frozen=True)
class ImportReport:
    """What an import did, or with ``dry_run`` would do. With ``faults`` nothing was changed."""

    dry_run: bool
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def ok(self) -> bool:
        """The file has no faults."""
        return not self.faults


class _Mistake(ValueError):
    def __init__(self, problem: str, mend: str) -> None:
        super().__init__(problem)
        self.problem, self.mend = problem, mend


def import_coaches(source: Path | str | bytes, *, dry_run: bool = False, complete: bool = False) -> ImportReport:
    """Import a file (a path, or its content). ``complete``: the file is the whole directory, so that coaches not in it are ended.

    Never raises for what stands in the file: every mistake is a ``Fault``. Raises ``OSError`` when the file cannot be read.
    """
    content = source.read_bytes() if isinstance(source, Path) else source
    coaches, faults = parse(_decoded(content) if isinstance(content, bytes) else content)
    if faults:
        return ImportReport(dry_run, faults=tuple(faults))
    with joined(None) as session:
        report = _store(session, coaches, complete, dry_run)
        if dry_run or not report.ok:
            session.rollback()
        return report


def parse(text: str) -> tuple[dict[int, Coach], list[Fault]]:
    """The coaches in a CSV text by line number, and every mistake in it."""
    lines = text.lstrip("\ufeff").splitlines(keepends=True)
    first = lines[0] if lines else ""
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO("".join(lines)), delimiter=delimiter, strict=True)
    faults: list[Fault] = []
    coaches: dict[int, Coach] = {}
    header: list[str] | None = None
    seen: dict[tuple[str, str], int] = {}
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip().lower() for cell in cells]
                faults += _header_faults(header, reader.line_num)
                if faults:
                    return {}, faults
                continue
            if len(cells) != len(header):
                faults.append(
                    Fault(
                        reader.line_num,
                        "",
                        f"deze regel heeft {len(cells)} kolommen in plaats van {len(header)}",
                        f"Controleer de scheidingstekens ({delimiter}) en zet tekst waar er een in staat tussen aanhalingstekens",
                    )
                )
                continue
            coach, mistakes = _coach(dict(zip(header, (cell.strip() for cell in cells), strict=True)), reader.line_num, seen)
            faults += mistakes
            if coach:
                coaches[reader.line_num] = coach
    except csv.Error:
        faults.append(Fault(reader.line_num, "", "deze regel is geen goede CSV", "Controleer de aanhalingstekens"))
    if header is None or (not coaches and not faults):
        faults.append(Fault(1, "", "het bestand bevat geen coaches", "Zet op regel 1 de kolomnamen en daaronder een coach per regel"))
    return coaches, faults


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Spreadsheets on Windows still save like this.
        return content.decode("cp1252", errors="replace")


def _header_faults(header: Sequence[str], line: int) -> list[Fault]:
    faults = [Fault(line, name, f"de kolom '{name}' ontbreekt", "Voeg deze kolom toe") for name in REQUIRED if name not in header]
    for name in header:
        if name not in COLUMNS:
            faults.append(Fault(line, name, f"de kolom '{name}' ken ik niet", f"Gebruik alleen: {', '.join(COLUMNS)}"))
        elif header.count(name) > 1:
            faults.append(Fault(line, name, f"de kolom '{name}' staat er vaker", "Haal de dubbele kolom weg"))
    return list(dict.fromkeys(faults))


def _coach(row: Mapping[str, str], line: int, seen: dict[tuple[str, str], int]) -> tuple[Coach | None, list[Fault]]:
    faults: list[Fault] = []

    def read(column: str, parse_cell: Callable[[str], Any], default: Any) -> Any:
        cell = row.get(column, "")
        try:
            if not cell:
                if column in REQUIRED:
                    raise _Mistake("deze kolom is leeg", "Vul hem in")
                return default
            value = parse_cell(cell)
            if column in ("code", "email", "teams"):
                earlier = seen.setdefault((column, str(value).casefold()), line)
                if earlier != line:
                    raise _Mistake(f"'{cell}' staat ook op regel {earlier}", "Geef elke coach een eigen waarde")
            return value
        except _Mistake as mistake:
            faults.append(Fault(line, column, mistake.problem, mistake.mend))
            return default

    coach = Coach(
        id=read("code", _code, ""),
        name=read("naam", _text(120), ""),
        organisation=read("organisatie", _text(200), ""),
        email=read("email", _email, None),
        phone=read("telefoon", _phone, None),
        teams_id=read("teams", _text(200), None),
        regions=read("regios", _regions, frozenset()),
        gemeenten=read("gemeenten", _gemeenten, frozenset()),
        hours=read("werkuren", _hours, None),
        max_open=read("maximum", _maximum, DEFAULT_MAXIMUM),
        away_until=read("afwezig_tot", _away, None),
        backup=read("reserve", _yes_no, False),
    )
    unreadable = any(fault.column in ("regios", "gemeenten") for fault in faults)
    if not coach.regions and not coach.gemeenten and not coach.backup and not unreadable:
        faults.append(
            Fault(
                line,
                "regios",
                "er staat geen regio of gemeente",
                "Vul bij regios of gemeenten in waar de coach werkt, of zet ja bij reserve",
            )
        )
    return (None if faults else coach), faults


def _code(cell: str) -> str:
    if not _CODE.fullmatch(cell.lower()):
        raise _Mistake(f"'{cell}' is geen goede code", "Gebruik kleine letters, cijfers, punten en streepjes, zonder spaties")
    return cell.lower()


def _text(longest: int) -> Callable[[str], str]:
    def parse_cell(cell: str) -> str:
        if len(cell) > longest:
            raise _Mistake(f"deze tekst is langer dan {longest} tekens", "Maak hem korter")
        return " ".join(cell.split())

    return parse_cell


def _email(cell: str) -> str:
    email = valid_email(cell)
    if email is None or " " in cell:
        raise _Mistake(f"'{cell}' is geen goed e-mailadres", "Schrijf het als naam@organisatie.nl")
    return email


def _phone(cell: str) -> str:
    phone = valid_phone(cell)
    if phone is None:
        raise _Mistake(
            f"'{cell}' is geen goed telefoonnummer", "Schrijf een Nederlands nummer van 10 cijfers, of begin met + en de landcode"
        )
    return phone


def _cells(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _regions(cell: str) -> frozenset[str]:
    codes = set()
    for part in _cells(cell):
        found = regions.region(part)
        if found is None:
            offered = place_finder.find_place(part)
            hint = f"Bedoelt u {offered.place.region.name}" if offered.place else "Gebruik een van de 35 namen uit regions.csv"
            raise _Mistake(f"'{part}' is geen arbeidsmarktregio", f"{hint}; scheid meer regio's met |")
        codes.add(found.code)
    return frozenset(codes)


def _gemeenten(cell: str) -> frozenset[str]:
    codes = set()
    for part in _cells(cell):
        found = regions.gemeente(part)
        if found is None:
            offered = place_finder.find_place(part)
            near = [option.gemeenten[0].name for option in (offered.options or (offered.place,)) if option and option.gemeenten]
            hint = f"Bedoelt u {' of '.join(near)}" if near else "Gebruik de naam van een gemeente van nu"
            raise _Mistake(f"'{part}' is geen gemeente", f"{hint}; scheid meer gemeenten met |")
        codes.add(found.code)
    return frozenset(codes)


def _hours(cell: str) -> Hours:
    try:
        return calendar_nl.parse_hours(cell)
    except ValueError as mistake:
        raise _Mistake(str(mistake), "Schrijf de werkuren als ma-vr 9:00-17:00") from None


def _maximum(cell: str) -> int:
    if not cell.isdecimal() or int(cell) > 1000:
        raise _Mistake(f"'{cell}' is geen aantal", "Schrijf een heel getal, bijvoorbeeld 5; 0 betekent dat de coach nu niets aanneemt")
    return int(cell)


def _away(cell: str) -> datetime:
    for style in ("%Y-%m-%d", "%d-%m-%Y"):
        try:
            return datetime.strptime(cell, style).replace(tzinfo=AMSTERDAM)
        except ValueError:
            continue
    raise _Mistake(f"'{cell}' is geen datum", "Schrijf de eerste dag waarop de coach er weer is, als 2027-01-31")


def _yes_no(cell: str) -> bool:
    if cell.lower() not in ("ja", "nee"):
        raise _Mistake(f"'{cell}' is geen ja of nee", "Schrijf ja of nee")
    return cell.lower() == "ja"


def _store(session: Session, lines: Mapping[int, Coach], complete: bool, dry_run: bool) -> ImportReport:
    known = {coach.id: coach for coach in _load(session)}
    faults = _taken_elsewhere(lines, known)
    if faults:
        return ImportReport(dry_run, faults=tuple(faults))
    # What coaches set themselves is not the file's to change: their switch, and an absence that the file does not mention.
    current = {code: replace(coach, present=True) for code, coach in known.items()}
    coaches = [
        replace(coach, away_until=known[coach.id].away_until) if coach.away_until is None and coach.id in known else coach
        for coach in lines.values()
    ]
    added = [coach for coach in coaches if coach.id not in known]
    changed = [coach for coach in coaches if coach.id in known and current[coach.id] != coach]
    ended = [code for code, coach in known.items() if complete and coach.active and code not in {coach.id for coach in coaches}]
    organisations = {row.name: row for row in session.execute(select(models.Organisation)).scalars()}
    for name in {coach.organisation for coach in coaches} - organisations.keys():
        organisations[name] = models.Organisation(name=name)
        session.add(organisations[name])
    session.flush()
    for coach in changed:
        # Two coaches may swap an address: free it first.
        row = session.get(models.Coach, coach.id)
        row.email = row.teams_id = None
    session.flush()
    for coach in [*added, *changed]:
        row = session.get(models.Coach, coach.id) or models.Coach(id=coach.id)
        row.name, row.organisation_id, row.email, row.phone = coach.name, organisations[coach.organisation].id, coach.email, coach.phone
        row.teams_id, row.max_open, row.away_until, row.backup = coach.teams_id, coach.max_open, coach.away_until, coach.backup
        row.hours, row.active = _hours_to_json(coach.hours), True
        session.add(row)
        session.flush()
        session.query(models.CoachArea).filter(models.CoachArea.coach_id == coach.id).delete()
        session.add_all(models.CoachArea(coach_id=coach.id, code=code) for code in sorted(coach.regions | coach.gemeenten))
    for code in ended:
        session.get(models.Coach, code).active = False
    session.flush()
    touched = {coach.id for coach in [*added, *changed]}
    return ImportReport(
        dry_run,
        added=tuple(coach.id for coach in added),
        changed=tuple(coach.id for coach in changed),
        unchanged=tuple(coach.id for coach in coaches if coach.id not in touched),
        ended=tuple(ended),
    )


def _taken_elsewhere(lines: Mapping[int, Coach], known: Mapping[str, Coach]) -> list[Fault]:
    """Addresses in the file that belong to a coach who is in the directory but not in the file."""
    in_file = {coach.id for coach in lines.values()}
    faults = []
    for column, attribute in (("email", "email"), ("teams", "teams_id")):
        owner = {getattr(coach, attribute): coach.id for coach in known.values() if coach.id not in in_file and getattr(coach, attribute)}
        for line, coach in lines.items():
            value = getattr(coach, attribute)
            if value in owner:
                problem = f"'{value}' hoort al bij coach {owner[value]}"
                faults.append(Fault(line, column, problem, "Neem die coach ook op in het bestand, of geef een ander adres"))
    return faults


def ensure_sample() -> ImportReport | None:
    """Fill an empty directory with the fictional sample; None when there are coaches already."""
    with joined(None, reading=True) as session:
        if session.execute(select(func.count()).select_from(models.Coach)).scalar_one():
            return None
    return import_coaches(SAMPLE)


def coaches(*, include_ended: bool = False) -> list[Coach]:
    """Everybody in the directory, by name."""
    with joined(None, reading=True) as session:
        return [coach for coach in _load(session) if coach.active or include_ended]


def coach(coach_id: str, *, session: Session | None = None) -> Coach:
    """The coach with this code. Raises ``UnknownCoach``."""
    with joined(session, reading=True) as own:
        found = _load(own, models.Coach.id == coach_id)
    if not found:
        raise UnknownCoach(coach_id)
    return found[0]


def coach_by_teams_id(teams_id: str) -> Coach | None:
    """The active coach with this Teams (Entra object) id, without regard to case."""
    with joined(None, reading=True) as session:
        # for every message in Teams, most of them from somebody who is no coach
        found = session.execute(_BY_TEAMS_ID, {"teams_id": teams_id.lower()}).scalars().all()
        return next((each for each in _load(session, col(models.Coach.id).in_(found)) if each.active), None) if found else None


def coach_by_email(email: str) -> Coach | None:
    """The active coach with this e-mail address, without regard to case."""
    return _only(func.lower(models.Coach.email) == email.strip().lower())


def serving(region: str, gemeenten: Iterable[str] = (), *, session: Session | None = None) -> list[Coach]:
    """Active coaches who serve the place, backups included, by name."""
    with joined(session, reading=True) as own:
        wanted = tuple(gemeenten)
        return [each for each in _load(own) if each.active and (each.serves(region, wanted) or each.covers_everything())]


def set_away(coach_id: str, until: date | datetime | None) -> Coach:
    """Away until (not including) a Dutch date or a moment; None: back. Raises ``UnknownCoach``."""
    moment = until if isinstance(until, datetime) or until is None else datetime.combine(until, time(0), AMSTERDAM)
    return _change(coach_id, away_until=moment)


def set_present(coach_id: str, present: bool) -> Coach:
    """The coach's own switch: takes requests now, or not; switching on also ends an absence. Raises ``UnknownCoach``."""
    return _change(coach_id, present=present, **({"away_until": None} if present else {}))


def set_maximum(coach_id: str, maximum: int) -> Coach:
    """How many open requests the coach wants at most. Raises ``UnknownCoach``, ``ValueError`` for a negative number."""
    if maximum < 0:
        raise ValueError("the maximum is zero or more")
    return _change(coach_id, max_open=maximum)


def _change(coach_id: str, **values: Any) -> Coach:
    with joined(None) as session:
        row = session.get(models.Coach, coach_id)
        if row is None or not row.active:
            raise UnknownCoach(coach_id)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(
            models.AuditEvent(
                at=utcnow(), actor=f"coach:{coach_id}", event="coach.changed", subject=coach_id, detail={"what": sorted(values)}
            )
        )
        session.flush()
        return _load(session, models.Coach.id == coach_id)[0]


def _only(condition: Any) -> Coach | None:
    with joined(None, reading=True) as session:
        found = [each for each in _load(session, condition) if each.active]
    return found[0] if found else None


def _load(session: Session, *conditions: Any) -> list[Coach]:
    rows = session.execute(
        select(models.Coach, models.Organisation.name)
        .join(models.Organisation, models.Organisation.id == models.Coach.organisation_id)
        .where(*conditions)
        .order_by(models.Coach.name, models.Coach.id)
    ).all()
    areas: dict[str, set[str]] = {row.id: set() for row, _organisation in rows}
    for area in session.execute(select(models.CoachArea).where(col(models.CoachArea.coach_id).in_(list(areas)))).scalars():
        areas[area.coach_id].add(area.code)
    return [
        Coach(
            id=row.id,
            name=row.name,
            organisation=organisation,
            email=row.email,
            phone=row.phone,
            teams_id=row.teams_id,
            regions=frozenset(code for code in areas[row.id] if code.startswith("AM")),
            gemeenten=frozenset(code for code in areas[row.id] if code.startswith("GM")),
            hours=_hours_from_json(row.hours),
            max_open=row.max_open,
            away_until=row.away_until,
            backup=row.backup,
            present=row.present,
            active=row.active,
            last_asked=row.last_asked,
        )
        for row, organisation in rows
    ]


def _hours_to_json(hours: Hours | None) -> dict[str, Any] | None:
    if hours is None:
        return None
    return {str(day): [[start.isoformat("minutes"), end.isoformat("minutes")] for start, end in periods] for day, periods in hours.items()}


def _hours_from_json(stored: Mapping[str, Any] | None) -> Hours | None:
    if stored is None:
        return None
    return {
        int(day): tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in periods) for day, periods in stored.items()
    }
