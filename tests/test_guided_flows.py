"""Guided flows over the real server: papers are downloaded and opened, a restart of the server loses no step."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import httpx
import pytest
from docx import Document
from icalendar import Calendar
from pypdf import PdfReader
from serving import Server, Visitor
from sqlalchemy import select
from sqlalchemy import text as sql

from actions.flow_forms import LEAVE_ACTIONS
from steunwijzer import models
from steunwijzer.checkin_rules import FACTORS
from steunwijzer.db import session_scope


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


# flow: what is said before the restart, what after it, and what must then stand there: also what was said before
FLOWS: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "prevention": (
        ("ik wil stap voor stap uitval voorkomen", "Snel afgeleid", "nee", "Ja"),
        ("de bonnen blijven liggen", "wijzig HR"),
        ("Stap 3 van 9", "Nu staat er: Ja"),
    ),
    "werkafspraken": (
        ("ik wil werkafspraken opstellen", "keuken of horeca", "Snel afgeleid"),
        ("elke ochtend staan de salades klaar voor elf uur", "wijzig stap 1"),
        ("Stap 1 van", "Nu staat er: keuken of horeca"),
    ),
    "checkin": (
        ("ik wil een check-in doen over de medewerker die hier geplaatst is", "4", "5"),
        ("matig, er is vaak ruzie", "terug", "terug"),
        ("Stap 2 van 10", "Nu staat er: 5 (zeer goed)"),
    ),
    "handoff": (("ik wil een coach spreken", "Tiel"), ("06 12345678",), ("Plaats: Tiel", "06 12345678")),
    "callback": (("kan een coach mij terugbellen", "Zutphen"), ("06 12345678", "zo snel mogelijk"), ("Plaats: Zutphen", "06 12345678")),
}


IN_FLOW: dict[str, tuple[str, ...]] = {
    **{flow: before for flow, (before, *_) in FLOWS.items()},
    "schemes": ("op welke regelingen heb ik recht", "Welke regelingen passen bij mij?"),
    "preventie aan het begin": ("ik wil stap voor stap uitval voorkomen",),
}
# topic: what is said, the flow that then runs (None: an action that only says something)
LEAVING: dict[str, tuple[str, str | None]] = {
    "coach/spreken": ("ik wil een coach spreken", "handoff"),
    "coach/terugbellen": ("kan een coach mij terugbellen", "callback"),
    "preventie/stappenplan": ("ik wil stap voor stap uitval voorkomen", "prevention"),
    "werkafspraken/opstellen": ("ik wil werkafspraken opstellen", "werkafspraken"),
    "opvolging/checkin": ("ik wil een check-in doen over de medewerker die hier geplaatst is", "checkin"),
    "bot/verwijderen": ("wis mijn gegevens", None),
    "coach/mijn_aanvragen": ("ik wil mijn openstaande verzoeken zien", None),
}


@pytest.mark.parametrize("topic", LEAVING)
@pytest.mark.parametrize("flow", IN_FLOW)
def test_leaving_any_flow_for_anything_is_said_once_and_danger_is_still_heard(flow: str, topic: str, visitor: Visitor) -> None:
    assert set(LEAVING) == set(LEAVE_ACTIONS)
    for text in IN_FLOW[flow]:
        visitor.say(text)
    text, leads_to = LEAVING[topic]
    body = visitor.say(text)
    said = [message["text"] for message in body["messages"]]
    assert len(said) <= 2, said
    assert not any("Ik weet niet zeker wat u bedoelt" in each for each in said)
    assert leads_to == body["state"]["flow"] or leads_to == flow.split()[0], said
    body = visitor.say("hij zegt net dat hij niet meer wil leven")
    assert body["state"]["crisis"] is True
    assert "113" in body["messages"][0]["text"]


@pytest.mark.parametrize("flow", IN_FLOW)
def test_the_question_before_removing_is_answered_in_any_way_within_a_flow(flow: str, visitor: Visitor) -> None:
    for text in (*IN_FLOW[flow], "verwijder mijn gegevens"):
        body = visitor.say(text)
    assert [button["title"] for button in body["messages"][-1]["buttons"]][:2] == ["Ja, verwijder alles", "Nee, laat staan"]
    assert visitor.say("wat is de no-riskpolis?")["state"]["topic"] == "regeling/no_riskpolis"
    for text in ("verwijder mijn gegevens", "nee"):
        body = visitor.say(text)
    assert "alles blijft staan" in body["messages"][-1]["text"]
    assert "**Stap" in visitor.say("ga verder")["messages"][-1]["text"]
    visitor.say("verwijder mijn gegevens")
    assert "zijn verwijderd" in visitor.say("ja")["messages"][-1]["text"]


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Visitor]]:
    """A visitor in the middle of every flow, one who stopped and one whom danger interrupted; the server was killed and started again."""
    server = Server(tmp_path_factory.mktemp("restarted")).start()
    try:
        visitors = {name: Visitor(server.url) for name in (*FLOWS, "stopped", "danger")}
        for name, (before, *_) in FLOWS.items():
            for text in before:
                visitors[name].say(text)
        for name, end in (("stopped", "stop"), ("danger", "hij zegt net dat hij niet meer wil leven")):
            for text in (*FLOWS["werkafspraken"][0], end):
                visitors[name].say(text)
        server.kill()
        server.start()
        yield visitors
    finally:
        server.stop()


@pytest.mark.parametrize("flow", FLOWS)
def test_a_restart_in_the_middle_loses_nothing(flow: str, restarted: dict[str, Visitor]) -> None:
    visitor, (_, after, shown) = restarted[flow], FLOWS[flow]
    for text in after:
        body = visitor.say(text)
        assert body["state"]["flow"] == flow
    for words in shown:
        assert words in "\n".join(message["text"] for message in body["messages"])


def test_what_was_stopped_goes_on_or_starts_afresh_after_a_restart(restarted: dict[str, Visitor]) -> None:
    body = restarted["stopped"].say("ik wil werkafspraken opstellen")
    assert body["state"]["step"]["number"] == 3
    assert restarted["stopped"].say("opnieuw")["state"]["step"]["number"] == 1


def test_what_danger_interrupted_is_taken_up_on_request_after_a_restart(restarted: dict[str, Visitor]) -> None:
    assert restarted["danger"].say("dank je wel")["state"]["flow"] is None
    body = restarted["danger"].say("ga verder")
    assert body["state"]["flow"] == "werkafspraken"
    assert body["state"]["step"]["number"] == 3


def test_addresses_reach_the_placement_and_nothing_else(application: Server, visitor: Visitor, settings: Callable[..., None]) -> None:
    """The employee's and the employer's address: in the placement, not in a message, not readable in the flow."""
    settings(database_url=application.database_url)
    scores = ("4",) * len(FACTORS)
    for text in ("ik wil een check-in doen over de medewerker die hier geplaatst is", *scores, "vaste tijden", "ja", "bezorger wijk"):
        visitor.say(text)
    for text in ("twee weken geleden", "Tiel", "nee", "Ja, de medewerker wil dat", "medewerker@voorbeeldbedrijf.nl"):
        visitor.say(text)
    with session_scope(reading=True) as session:
        events = "".join(str(row[0]) for row in session.execute(sql("SELECT data FROM events WHERE data LIKE '%bezorger wijk%'")))
        assert "bezorger wijk" in events
        assert "voorbeeldbedrijf" not in events
    body = visitor.say("baas@voorbeeldbedrijf.nl")
    assert "Uitkomst: groen" in body["messages"][-1]["text"]
    with session_scope(reading=True) as session:
        rows = session.execute(select(models.Placement).where(models.Placement.nickname == "bezorger wijk")).scalars().all()
        [(employee, employer, consent)] = [(row.employee_email, row.employer_email, row.consent) for row in rows]
    assert (employee, employer) == ("medewerker@voorbeeldbedrijf.nl", "baas@voorbeeldbedrijf.nl")
    assert "zelf ook meedoet" in consent
    assert "meekijken" not in consent
    assert "voorbeeldbedrijf" not in visitor.http.get("/v1/transcript").text
