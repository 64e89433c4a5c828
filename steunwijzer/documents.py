"""Papers to download: tagged PDF (PDF/UA) from Typst templates, Word with python-docx, calendar files with icalendar.

Pure rendering: a dataclass of `agreements`, `prevention` or `reports` in, bytes out. Text is passed to Typst as JSON strings, so nothing
that a user typed is ever read as markup.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any, Literal

import typst
from docx import Document as WordDocument
from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from steunwijzer.agreements import Agreement
from steunwijzer.dutch_dates import day_text
from steunwijzer.openness import Aid
from steunwijzer.prevention import CHECKED, Plan, progress_talks

TEMPLATES = Path(__file__).resolve().parent / "templates"

Format = Literal["pdf", "docx", "ics", "csv"]
MEDIA_TYPES: dict[Format, str] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar",
    "csv": "text/csv",
}

_FONT, _SMALL = "Arial", Pt(9)
_PAPER_FOOTER = "Gemaakt met Steunwijzer. Gaat over werk, niet over gezondheid."
_PAGE_WIDTH = 17.2
"""Room between the margins of a Word page, in cm."""


@dataclass(frozen=True)
class Appointment:
    """A day for the calendar; `uid` stays the same when the paper is made again, so that the calendar replaces it."""

    uid: str
    day: date
    title: str
    text: str = ""
    days_before: int = 1


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """A tagged PDF/UA-1 from `templates/<template>.typ`; `data` needs at least title, description and footer."""
    return _typst(template, data, "pdf", pdf_standards=["ua-1"])


def png(template: str, data: dict[str, Any], ppi: float = 80) -> bytes:
    """The first page as a picture, for looking at a template."""
    pages: Any = _typst(template, data, "png", ppi=ppi)
    return bytes(pages[0] if isinstance(pages, list) else pages)


def _typst(template: str, data: dict[str, Any], kind: Literal["pdf", "png"], **options: Any) -> Any:
    source, inputs = str(TEMPLATES / f"{template}.typ"), {"data": json.dumps(data)}
    return typst.compile(source, root=str(TEMPLATES), format=kind, sys_inputs=inputs, **options)


# --- werkafspraken ------------------------------------------------------------------------------------------------------------------


def agreement_data(agreement: Agreement) -> dict[str, Any]:
    """What the template `werkafspraken` prints."""
    where = f"Voor werk in: {agreement.trade}. " if agreement.trade else ""
    return {
        "title": "Werkafspraken",
        "subtitle": f"{where}Gemaakt op {day_text(agreement.created)}",
        "description": "Werkafspraken tussen werkgever en medewerker",
        "footer": _PAPER_FOOTER,
        "lines": [{"heading": heading, "text": text} for heading, text in agreement.lines],
        "review": day_text(agreement.review).capitalize() if agreement.review else "",
    }


def agreement_pdf(agreement: Agreement) -> bytes:
    """The werkafspraken as a tagged PDF."""
    return pdf("werkafspraken", agreement_data(agreement))


def agreement_word(agreement: Agreement) -> bytes:
    """The werkafspraken as an editable Word file with real headings."""
    data = agreement_data(agreement)
    word = _word(data)
    for line in data["lines"]:
        word.add_heading(line["heading"], level=2)
        for part in line["text"].split("\n") if line["text"] else ():
            word.add_paragraph(part)
        for _ in range(0 if line["text"] else 2):
            _to_fill_in(word.add_paragraph(), "", _PAGE_WIDTH)
    word.add_heading("Samen terugkijken", level=2)
    if data["review"]:
        word.add_paragraph(data["review"])
    else:
        _to_fill_in(word.add_paragraph(), "Datum:", 8)
    word.add_heading("Akkoord", level=2)
    word.add_paragraph("Wij maken deze afspraken samen. Ze gaan over werk. Wie iets wil veranderen, zegt het.")
    table = word.add_table(rows=1, cols=2)
    # Both signatures stay on one page.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    for cell, who in zip(table.rows[0].cells, ("Medewerker", "Werkgever"), strict=True):
        cell.paragraphs[0].add_run(who).bold = True
        for label, room in (("Naam:", 4), ("Datum:", 4), ("Handtekening:", 16)):
            line = cell.add_paragraph()
            line.paragraph_format.space_before = Pt(room)
            _ruled(line, label)
    return _word_bytes(word)


def agreement_calendar(agreement: Agreement, uid: str) -> bytes | None:
    """The review as a calendar file; None without a review date."""
    if agreement.review is None:
        return None
    text = "Kijk samen terug op de werkafspraken: wat gaat nu makkelijker, wat past u aan?"
    return calendar([Appointment(f"{uid}-terugkijken", agreement.review, "Terugkijken op de werkafspraken", text)])


# --- prevention plan ------------------------------------------------------------------------------------------------------------------


def plan_data(plan: Plan) -> dict[str, Any]:
    """What the template `plan` prints."""
    return {
        "title": "Plan: samen aan het werk blijven",
        "subtitle": f"Gemaakt op {day_text(plan.created)}",
        "description": "Stappenplan om uitval te voorkomen, met data",
        "footer": _PAPER_FOOTER,
        "steps": [{**asdict(step), "when": day_text(step.when, weekday=False) if step.when else ""} for step in plan.steps],
        "timeline": [
            {"week": f"week {d.week}" if d.week else "dag 1", "day": day_text(d.day), "text": d.text + ("" if d.certain else "\u00a0*")}
            for d in plan.timeline
        ],
        "notes": list(plan.notes),
        "sources": f"Naar de handreikingen van AWVN / De Normaalste Zaak en HAN. Nagekeken op {day_text(CHECKED, weekday=False)}.",
    }


def plan_pdf(plan: Plan) -> bytes:
    """The plan as a tagged PDF of one page."""
    return pdf("plan", plan_data(plan))


def plan_word(plan: Plan) -> bytes:
    """The plan as an editable Word file."""
    data = plan_data(plan)
    word = _word(data)
    table = _word_table(word, ("Klaar", "Stap", "Wat u doet en afspreekt", "Wanneer"), (1.6, 3.1, 8.9, 3.6))
    for step in data["steps"]:
        cells = table.add_row().cells
        cells[0].text = "☑ ja" if step["done"] else "☐"
        cells[1].paragraphs[0].add_run(f"{step['number']}. {step['name']}").bold = True
        if step["own"]:
            cells[2].text = step["own"]
        else:
            _ruled(cells[2].paragraphs[0])
        cells[2].add_paragraph().add_run(step["how"]).font.size = _SMALL
        if step["sentence"]:
            said = cells[2].add_paragraph().add_run(f"„{step['sentence']}”")
            said.italic, said.font.size = True, _SMALL
        if step["when"]:
            cells[3].text = step["when"]
        else:
            _ruled(cells[3].paragraphs[0])
    if data["timeline"]:
        word.add_heading("Data bij ziekte (Wet verbetering poortwachter)", level=2)
        dates = _word_table(word, ("Week", "Uiterlijk", "Wat"), (2.6, 5.0, 9.6))
        for row in data["timeline"]:
            for cell, text in zip(dates.add_row().cells, (row["week"], row["day"], row["text"]), strict=True):
                cell.paragraphs[0].add_run(text).font.size = _SMALL
    word.add_heading("Let op", level=2)
    for note in data["notes"]:
        word.add_paragraph(note, style="List Bullet")
    word.add_paragraph().add_run(data["sources"]).font.size = _SMALL
    return _word_bytes(word)


def plan_calendar(plan: Plan, uid: str) -> bytes | None:
    """The talk, the review and, in case of illness, the coming Poortwachter dates; None when there is no date at all."""
    appointments = [
        Appointment(f"{uid}-stap-{step.number}", step.when, _STEP_APPOINTMENTS[step.number])
        for step in plan.steps
        if step.when is not None and step.number in _STEP_APPOINTMENTS
    ]
    appointments += [
        Appointment(f"{uid}-week-{d.week}", d.day, d.text, "" if d.certain else "Vraag de datum na bij UWV of uw arbodienst.", 7)
        for d in plan.timeline
        if d.day >= plan.created
    ]
    if plan.timeline:
        talks = [day for day in progress_talks(plan.timeline[0].day) if day >= plan.created]
        appointments += [
            Appointment(f"{uid}-voortgang-{day.isoformat()}", day, "Voortgang bespreken (elke zes weken)", "Wat lukt al, wat past u aan?", 2)
            for day in talks
        ]
    return calendar(appointments) if appointments else None


_STEP_APPOINTMENTS = {2: "Gesprek over het werk", 6: "Terugkijken op de afspraken"}


# --- aid for the conversation about openness --------------------------------------------------------------------------------------


def aid_data(aid: Aid) -> dict[str, Any]:
    """What the template `aid` prints."""
    return {
        "title": aid.title,
        "subtitle": "",
        "description": "Hulp bij het gesprek over openheid op het werk",
        "footer": _PAPER_FOOTER,
        "intro": aid.intro,
        "sections": [{"heading": heading, "opening": opening, "points": list(points)} for heading, opening, points in aid.sections],
        "sources": aid.sources,
    }


def aid_pdf(aid: Aid) -> bytes:
    """The aid as a tagged PDF of one page."""
    return pdf("aid", aid_data(aid))


def aid_word(aid: Aid) -> bytes:
    """The aid as an editable Word file."""
    data = aid_data(aid)
    word = _word(data)
    word.add_paragraph(data["intro"])
    for section in data["sections"]:
        word.add_heading(section["heading"], level=2)
        if section["opening"]:
            word.add_paragraph(section["opening"])
        for point in section["points"]:
            word.add_paragraph(point, style="List Bullet")
    word.add_paragraph(data["sources"])
    return _word_bytes(word)


# --- calendar and tables ------------------------------------------------------------------------------------------------------------


def calendar(appointments: Sequence[Appointment]) -> bytes:
    """All-day appointments with a reminder, as RFC 5545 text. Titles name no person and no illness."""
    from icalendar import Alarm, Calendar, Event

    made = Calendar()
    made.add("prodid", "-//Steunwijzer//NL")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    stamp = datetime.now(timezone.utc)
    for appointment in sorted(appointments, key=lambda a: a.day):
        event = Event()
        event.add("uid", f"{appointment.uid}@steunwijzer")
        event.add("dtstamp", stamp)
        event.add("dtstart", appointment.day)
        event.add("summary", appointment.title)
        event.add("transp", "TRANSPARENT")
        if appointment.text:
            event.add("description", appointment.text)
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", appointment.title)
        alarm["trigger"] = f"-P{appointment.days_before}D"
        event.add_component(alarm)
        made.add_component(event)
    return bytes(made.to_ical())


def csv_bytes(header: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A CSV file for Dutch spreadsheets: semicolons, UTF-8 with byte order mark, no cell that a spreadsheet would run as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


# --- Word -----------------------------------------------------------------------------------------------------------------------------


def _word(data: dict[str, Any]) -> Any:
    word = WordDocument()
    word.core_properties.title = data["title"]
    word.core_properties.author = "Steunwijzer"
    word.core_properties.language = "nl-NL"
    normal = word.styles["Normal"]
    # Arial has a stand-in with the same widths on every system, so that a page stays a page.
    normal.font.name, normal.font.size = _FONT, Pt(10.5)
    normal.paragraph_format.space_after = Pt(4)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "nl-NL")
    normal.element.get_or_add_rPr().append(language)
    section = word.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.9)
    section.top_margin = section.bottom_margin = Cm(1.7)
    section.footer.paragraphs[0].add_run(data["footer"]).font.size = _SMALL
    for level, size, before in ((1, 17, 0), (2, 11.5, 9)):
        heading = word.styles[f"Heading {level}"]
        heading.font.name, heading.font.size = _FONT, Pt(size)
        heading.font.color.rgb = RGBColor(0x0B, 0x5C, 0x6B)
        fonts = heading.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            # A theme's font would win from the one named above.
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(before), Pt(3)
    word.add_heading(data["title"], level=1)
    if data.get("subtitle"):
        word.add_paragraph(data["subtitle"])
    return word


def _to_fill_in(paragraph: Any, label: str, end: float) -> None:
    """A dotted line to write on, up to `end` cm, in the paragraph; a tab, so that it never runs over the edge."""
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(end), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    paragraph.add_run(f"{label} \t" if label else "\t")


def _ruled(paragraph: Any, label: str = "") -> None:
    """The same inside a table, where a dotted tab is not drawn everywhere: a dotted line under the paragraph."""
    if label:
        paragraph.add_run(label)
    borders = OxmlElement("w:pBdr")
    # "between" as well: paragraphs with the same borders count as one block.
    for side in ("bottom", "between"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "dotted"), ("sz", "4"), ("space", "1"), ("color", "4A5A61")):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # The schema wants the borders right after the style, before spacing and tabs.
    properties = paragraph._p.get_or_add_pPr()
    properties.insert(1 if properties.pStyle is not None else 0, borders)


def _word_table(word: Any, header: Sequence[str], widths: Sequence[float]) -> Any:
    table = word.add_table(rows=1, cols=len(header))
    table.style = "Table Grid"
    table.autofit = False
    for cell, text, width in zip(table.rows[0].cells, header, widths, strict=True):
        cell.paragraphs[0].add_run(text).bold = True
        cell.width = Cm(width)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", "E6F0F2")):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    # The first row is announced as the header by screen readers and repeats on a next page.
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    return table


def _word_bytes(word: Any) -> bytes:
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()
