"""Guided flows over the real server: papers are downloaded and opened, a restart of the server loses no step."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
from docx import Document
from icalendar import Calendar
from pypdf import PdfReader
from serving import Server, Visitor


def test_papers_of_the_plan_open(visitor: Visitor) -> None:
    visitor.say("ik wil stap voor stap uitval voorkomen")
    body = {}
    for text in (
        "Snel afgeleid",
        "nee",
        "weet ik niet",
        "de bonnen blijven liggen",
        "morgen",
        "de balie",
        "1",
        "nog niemand",
        "over twee weken",
    ):
        body = visitor.say(text)
    files = {file["type"]: file["url"] for message in body["messages"] for file in message.get("files") or []}
    assert len(files) == 3
    plain = httpx.Client(base_url=str(visitor.http.base_url))
    contents = {kind: plain.get(url).raise_for_status().content for kind, url in files.items()}
    assert "de bonnen blijven liggen" in PdfReader(io.BytesIO(contents["application/pdf"])).pages[0].extract_text()
    word = next(content for kind, content in contents.items() if "wordprocessing" in kind)
    assert "de bonnen blijven liggen" in Document(io.BytesIO(word)).tables[0].rows[1].cells[2].text
    assert len(Calendar.from_ical(contents["text/calendar"]).walk("VEVENT")) == 2
    forged = next(iter(files.values()))[:-3] + "abc"
    assert plain.get(forged).status_code == 404


def test_a_restart_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path).start()
    try:
        visitor = Visitor(server.url)
        visitor.say("ik wil werkafspraken opstellen")
        visitor.say("keuken of horeca")
        visitor.say("Snel afgeleid")
        server.kill()
        server.start()
        body = visitor.say("elke ochtend staan de salades klaar voor elf uur")
        assert body["state"]["flow"] == "werkafspraken"
        assert body["state"]["step"]["number"] == 4
        assert visitor.say("terug")["messages"][0]["text"].count("salades klaar") == 1
    finally:
        server.stop()
