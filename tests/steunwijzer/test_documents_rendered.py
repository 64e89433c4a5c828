"""What a reader sees: Word files opened with LibreOffice, PDFs drawn with Poppler; text there, pages as many as meant, nothing blank."""

from __future__ import annotations

import io
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from steunwijzer import agreements, checkin_rules, checkins, documents, placements, prevention, reports
from steunwijzer.checkin_rules import FACTORS
from steunwijzer.openness import AID

TODAY = date(2026, 11, 21)
AGREEMENT = agreements.build(
    {
        "trade": "horeca", "needs": "Elke dag de lunch klaar voor twaalf uur.", "strengths": "Is goed met vaste klanten.",
        "helps": "Eén opdracht tegelijk, op papier.\nBegint aan de koude kant.", "employee": "Vinkt elke stap af.", "contact": "De chef",
        "employer": "Geeft de opdracht op papier.", "signal": "Zegt 'pauze'.", "proof": "Drie dagen alles afgevinkt.",
        "review": "2026-12-11",
    },
    TODAY,
)  # fmt: skip
EMPTY = agreements.build({}, TODAY)
ILL = prevention.build(
    {
        "behaviour": "faalangst", "ill": "yes", "first_day": "2026-10-05", "hr": "no", "signal": "Drie keer te laat.", "talk": "2026-11-24",
        "work": "Balie en telefoon tegelijk.", "agreement": "Vragen gaan om tien uur.", "help": "coach", "review": "2026-12-11",
    },
    TODAY,
)  # fmt: skip
BLANK_PLAN = prevention.build({}, TODAY)

# name: the file, and words that must be read in it
WORD = {
    "werkafspraken": (documents.agreement_word(AGREEMENT), ("Wat helpt", "Begint aan de koude kant.", "Handtekening:", "Vrijdag 11 december 2026")),
    "formulier": (documents.agreement_word(EMPTY), ("Wat het werk vraagt", "Datum:", "Werkgever")),
    "plan": (documents.plan_word(ILL), ("Drie keer te laat.", "☑", "maandag 30 november 2026", "Let op", "Klaar")),
    "leeg-plan": (documents.plan_word(BLANK_PLAN), ("Signaleren", "Volgen en bijstellen")),
    "openheid": (documents.aid_word(AID), ("Vijf vragen voor de medewerker", "Wat u vastlegt")),
}


def needed(*programs: str) -> None:
    """Skip with the reason when a program is missing."""
    packages = {"soffice": "libreoffice-writer", "pdftoppm": "poppler-utils"}
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: apt-get install {packages[program]}")


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every Word file, opened by LibreOffice and saved as PDF."""
    needed("soffice")
    folder = tmp_path_factory.mktemp("word")
    for name, (content, _) in WORD.items():
        (folder / f"{name}.docx").write_bytes(content)
    # A profile of its own: another LibreOffice that runs would take the work over.
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *(str(folder / f"{name}.docx") for name in WORD)], check=True, capture_output=True, timeout=240)
    return {name: folder / f"{name}.pdf" for name in WORD}


def shades(pdf: bytes, tmp_path: Path) -> list[tuple[float, float]]:
    """Per page, at 50 dots per inch: the part of the dots that is not white, and of those in the outer half centimetre."""
    needed("pdftoppm")
    (tmp_path / "in.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "50", "-gray", str(tmp_path / "in.pdf"), str(tmp_path / "page")], check=True, timeout=60)
    found = []
    for path in sorted(tmp_path.glob("page*.pgm")):
        kind, size, most, dots = path.read_bytes().split(b"\n", 3)
        assert (kind, most) == (b"P5", b"255")
        width, height = (int(part) for part in size.split())
        ink = [x for x, dot in enumerate(dots) if dot < 200]
        edge = [x for x in ink if x % width < 10 or x % width > width - 10 or x // width < 10 or x // width > height - 10]
        found.append((len(ink) / (width * height), len(edge) / (width * height)))
        path.unlink()
    return found


def looked_at(pdf: bytes, tmp_path: Path, pages: int) -> None:
    """As many pages as meant, each with something on it, and nothing that runs off the paper."""
    seen = shades(pdf, tmp_path)
    assert len(seen) == pages
    for ink, edge in seen:
        assert 0.004 < ink < 0.3
        assert edge == 0


@pytest.mark.parametrize("name", WORD)
def test_word_opens_in_libreoffice_on_one_page(name: str, opened: dict[str, Path], tmp_path: Path) -> None:
    pdf = opened[name].read_bytes()
    text = " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())
    for words in WORD[name][1]:
        assert words in text
    looked_at(pdf, tmp_path, pages=1)


@pytest.mark.parametrize(
    ("pdf", "pages"),
    [
        (documents.agreement_pdf(AGREEMENT), 1), (documents.agreement_pdf(EMPTY), 1), (documents.plan_pdf(ILL), 1),
        (documents.plan_pdf(BLANK_PLAN), 1), (documents.aid_pdf(AID), 1),
    ],
    ids=["agreement", "form", "plan", "blank plan", "aid"],
)  # fmt: skip
def test_a_pdf_is_drawn_and_not_blank(pdf: bytes, pages: int, tmp_path: Path) -> None:
    looked_at(pdf, tmp_path, pages)


def test_reports_are_drawn_and_not_blank(database: str, tmp_path: Path) -> None:
    """Empty, and full: a whole year of check-ins of one placement, and six placements in a region."""
    start = TODAY - timedelta(days=370)
    made = [placements.register(nickname=f"Plek {n}", region="AM10", started=start, consent="ja") for n in range(6)]
    empty = reports.placement_report(made[0].id)
    looked_at(reports.placement_pdf(empty), tmp_path, 1)
    looked_at(reports.region_pdf(reports.region_report("AM09")), tmp_path, 1)
    for placement in made:
        for number, day in enumerate(checkin_rules.schedule(start)):
            checkin = checkins.open_checkin(placement.id, day)
            scores = {factor.key: 2 + (number + place) % 4 for place, factor in enumerate(FACTORS)}
            checkins.answer(checkin.id, scores, words={"mood": "zit vaak alleen in de pauze"}, today=day)
    looked_at(reports.placement_pdf(reports.placement_report(made[0].id)), tmp_path, 2)
    looked_at(reports.region_pdf(reports.region_report("AM10")), tmp_path, 1)
