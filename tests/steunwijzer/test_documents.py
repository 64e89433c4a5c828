"""Papers are opened and read back: text, tags, pages, calendar."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document
from icalendar import Calendar
from pypdf import PdfReader

from steunwijzer import agreements, documents, papers, prevention
from steunwijzer.openness import AID

TODAY = date(2026, 11, 21)
ANSWERS = {
    "trade": "horeca", "needs": "Elke dag de lunch klaar #let x = 1 $y$ *z*", "strengths": "Is goed met vaste klanten.",
    "helps": "Eén opdracht tegelijk.\nBegint aan de koude kant.", "contact": "De chef", "review": "2026-12-11",
}  # fmt: skip
AGREEMENT = agreements.build(ANSWERS, TODAY)
PLAN = prevention.build(
    {
        "behaviour": "faalangst", "ill": "yes", "first_day": "2026-10-05", "hr": "no", "signal": "Drie keer te laat.", "talk": "2026-11-24",
        "work": "Balie en telefoon tegelijk.", "agreement": "Vragen gaan om tien uur.", "help": "coach", "review": "2026-12-11",
    },
    TODAY,
)  # fmt: skip


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def tags_of(pdf: bytes) -> set[str]:
    """Every structure type in the tag tree."""
    found: set[str] = set()

    def walk(node: object) -> None:
        if hasattr(node, "get_object"):
            node = node.get_object()
        if isinstance(node, list):
            for part in node:
                walk(part)
        elif isinstance(node, dict):
            if "/S" in node:
                found.add(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    walk(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])
    return found


@pytest.mark.parametrize("pdf", [documents.agreement_pdf(AGREEMENT), documents.plan_pdf(PLAN)], ids=["agreement", "plan"])
def test_pdf_is_tagged_dutch_and_titled(pdf: bytes) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("nl")
    assert reader.metadata is not None
    assert reader.metadata.title
    assert {"/H1", "/H2"} & tags_of(pdf)
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode("utf-8", "ignore")


def test_agreement_says_what_was_agreed_and_leaves_room_to_sign() -> None:
    text = text_of(documents.agreement_pdf(AGREEMENT))
    for part in (
        "Werkafspraken",
        "Is goed met vaste klanten.",
        "De chef",
        "Vrijdag 11 december 2026",
        "Handtekening",
        "Medewerker",
        "Werkgever",
    ):
        assert part in text
    assert "#let x = 1 $y$ *z*" in text


def test_plan_is_one_page_also_when_it_is_full() -> None:
    long = {"signal": "Komt later, " * 20, "work": "De balie en de telefoon, " * 10, "agreement": "Vragen gaan om tien uur, " * 8}
    full = prevention.build({"ill": "yes", "first_day": "2026-10-05", "hr": "no", "help": "bedrijfsarts", **long}, TODAY)
    for plan in (PLAN, full, prevention.build({}, TODAY)):
        assert len(PdfReader(io.BytesIO(documents.plan_pdf(plan))).pages) == 1
    text = text_of(documents.plan_pdf(PLAN))
    for part in ("maandag 30 november 2026", "Plan van aanpak", "24 november 2026", "Drie keer te laat."):
        assert part in text
    assert {"/Table", "/TH", "/TD"} <= tags_of(documents.plan_pdf(PLAN))


def test_word_files_open_with_real_headings_and_table_header() -> None:
    word = Document(io.BytesIO(documents.agreement_word(AGREEMENT)))
    headings = [p.text for p in word.paragraphs if p.style.name.startswith("Heading")]
    assert headings[0] == "Werkafspraken"
    assert "Wat helpt" in headings
    assert "Akkoord" in headings
    plan = Document(io.BytesIO(documents.plan_word(PLAN)))
    assert len(plan.tables) == 2
    assert "tblHeader" in plan.tables[0].rows[0]._tr.xml
    assert plan.core_properties.language == "nl-NL"


def test_calendar_has_every_date_once_and_no_health() -> None:
    found = Calendar.from_ical(documents.plan_calendar(PLAN, "abc") or b"")
    events = [event for event in found.walk("VEVENT")]
    days = {(str(e["summary"]), e["dtstart"].dt) for e in events}
    assert ("Gesprek over het werk", date(2026, 11, 24)) in days
    assert ("Terugkijken op de afspraken", date(2026, 12, 11)) in days
    assert ("Plan van aanpak, samen met de medewerker", date(2026, 11, 30)) in days
    assert min(day for _, day in days) >= TODAY
    assert len({str(e["uid"]) for e in events}) == len(events)
    assert not any("ziekte" in f"{e.get('summary')} {e.get('description')}".lower() for e in events)
    assert all(e.walk("VALARM") for e in events)


def test_no_date_no_calendar() -> None:
    assert documents.plan_calendar(prevention.build({}, TODAY), "x") is None
    assert documents.agreement_calendar(agreements.build({}, TODAY), "x") is None
    review = Calendar.from_ical(documents.agreement_calendar(AGREEMENT, "x") or b"")
    assert [e["dtstart"].dt for e in review.walk("VEVENT")] == [date(2026, 12, 11)]


def test_the_aid_about_openness_is_one_page_and_downloadable(database: str) -> None:
    pdf = documents.aid_pdf(AID)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    text = text_of(pdf)
    assert "Vijf vragen voor de medewerker" in text
    assert "Wat de werkgever niet vraagt" in text
    assert {"/H1", "/H2", "/L", "/LI"} <= tags_of(pdf)
    files = [papers.open_link(link["url"].rsplit("/", 1)[1]) for link in papers.openness_links()]
    assert [file.name for file in files] == ["gesprekshulp-openheid.pdf", "gesprekshulp-openheid.docx"]
    assert Document(io.BytesIO(files[1].content)).paragraphs[0].text == AID.title


def test_csv_runs_no_formula() -> None:
    assert b"'=1+1" in documents.csv_bytes(["a"], [["=1+1"]])
    assert b";" in documents.csv_bytes(["a", "b"], [])
