"""Reports at the coach desk over HTTP: behind the sign-in, only what is the coach's own, nothing about fewer than five."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import httpx
import pytest
from coaching import ELSEWHERE, FIRST, SECOND, Desk
from desk_page import Page, chromium
from pypdf import PdfReader
from serving import Server

from steunwijzer import checkins, placements, reports
from steunwijzer.checkin_rules import FACTORS
from steunwijzer.regions import region

NATIONAL = "reserve-landelijk@example.org"
RIVIERENLAND = region("Rivierenland").code  # type: ignore[union-attr]
GRONINGEN = region("Groningen").code  # type: ignore[union-attr]
DAY = date(2026, 3, 2)


@pytest.fixture
def server(application: Server, settings: Callable[..., None]) -> Server:
    """The shared server; services called in the test see its database."""
    settings(database_url=application.database_url)
    return application


def browser(server: Server, email: str | None = FIRST) -> httpx.Client:
    """Pages as a coach's browser gets them, without following redirects."""
    cookies = Desk(server, email).http.cookies if email else None
    return httpx.Client(base_url=f"{server.url}/desk/rapporten", cookies=cookies, timeout=60)


def followed(coach: str = "rivierenland", code: str = RIVIERENLAND, *, share: bool = True, **scores: int) -> placements.Placement:
    placement = placements.register(nickname="Inpakker <ochtend>", region=code, started=DAY, consent="ja", coach_id=coach, alert_coach=share)
    for week in range(3):
        day = DAY + timedelta(weeks=week)
        checkin = checkins.open_checkin(placement.id, day)
        given = {**dict.fromkeys((f.key for f in FACTORS), 4), **(scores if week == 2 else {})}
        checkins.answer(checkin.id, given, words={"load": "om drie uur op"}, today=day)
    return placement


@pytest.fixture
def shared(server: Server) -> Iterator[placements.Placement]:
    placement = followed(load=2)
    yield placement
    placements.purge(date(2100, 1, 1))


def test_nobody_gets_in_without_signing_in(server: Server, shared: placements.Placement) -> None:
    nobody = browser(server, None)
    for path in ("", f"/regio/{RIVIERENLAND}", f"/plaatsing/{shared.id}"):
        page = nobody.get(path)
        assert page.status_code == 303
        assert page.headers["location"] == "/desk"
    for path in (f"/regio/{RIVIERENLAND}/pdf", f"/plaatsing/{shared.id}/csv"):
        assert nobody.get(path).status_code == 401


def test_a_placement_as_page_pdf_and_table(server: Server, shared: placements.Placement) -> None:
    coach = browser(server)
    assert f"/desk/rapporten/plaatsing/{shared.id}" in coach.get("").text
    page = coach.get(f"/plaatsing/{shared.id}")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "Inpakker &lt;ochtend&gt;" in page.text
    assert page.text.count("<polyline") == len(FACTORS)
    for words in ("Belasting: 2 maart 2026 4, 9 maart 2026 4, 16 maart 2026 2", "om drie uur op", "omlaag (-2)", "rood"):
        assert words in page.text
    pdf = coach.get(f"/plaatsing/{shared.id}/pdf")
    assert pdf.headers["content-disposition"] == 'attachment; filename="plaatsing.pdf"'
    assert "om drie uur op" in PdfReader(io.BytesIO(pdf.content)).pages[0].extract_text()
    table = list(csv.reader(io.StringIO(coach.get(f"/plaatsing/{shared.id}/csv").content.decode("utf-8-sig")), delimiter=";"))
    assert [row[:2] for row in table[1:]] == [["2026-03-02", "groen"], ["2026-03-09", "groen"], ["2026-03-16", "rood"]]


def test_somebody_elses_placement_looks_like_none(server: Server, shared: placements.Placement) -> None:
    for other in (SECOND, ELSEWHERE, NATIONAL):
        coach = browser(server, other)
        for form in ("", "/pdf", "/csv"):
            found = coach.get(f"/plaatsing/{shared.id}{form}")
            unknown = coach.get(f"/plaatsing/bestaat-niet{form}")
            assert found.status_code == unknown.status_code == 404
            assert found.json()["detail"] == unknown.json()["detail"]


def test_without_the_employers_consent_the_own_coach_sees_nothing(server: Server) -> None:
    placement = followed(share=False)
    coach = browser(server)
    try:
        assert placement.id not in coach.get("").text
        for form in ("", "/pdf", "/csv"):
            refused = coach.get(f"/plaatsing/{placement.id}{form}")
            assert refused.status_code == 403
            assert "om drie uur op" not in refused.text
    finally:
        placements.purge(date(2100, 1, 1))


@pytest.mark.parametrize("form", ["", "/pdf", "/csv"])
def test_only_the_own_region(server: Server, form: str) -> None:
    assert browser(server).get(f"/regio/{RIVIERENLAND}{form}").status_code == 200
    assert browser(server).get(f"/regio/{GRONINGEN}{form}").status_code == 403
    assert browser(server).get(f"/regio/alle{form}").status_code == 403
    assert browser(server).get(f"/regio/AM99{form}").status_code == 404
    national = browser(server, NATIONAL)
    assert [national.get(f"/regio/{code}{form}").status_code for code in (RIVIERENLAND, GRONINGEN, "alle")] == [200] * 3


def test_the_list_holds_the_own_region_only(server: Server) -> None:
    page = browser(server).get("").text
    assert "Rivierenland" in page
    assert "Groningen" not in page
    assert browser(server, NATIONAL).get("").text.count("/desk/rapporten/regio/") == 36


def test_fewer_than_five_stay_hidden_in_every_form(server: Server) -> None:
    coach = browser(server, ELSEWHERE)
    try:
        for _ in range(4):
            followed("groningen", GRONINGEN, load=2)
        assert "Plaatsingen: <strong>niet getoond</strong>" in coach.get(f"/regio/{GRONINGEN}").text
        pdf = PdfReader(io.BytesIO(coach.get(f"/regio/{GRONINGEN}/pdf").content)).pages[0].extract_text()
        assert "niet getoond" in pdf
        table = coach.get(f"/regio/{GRONINGEN}/csv").content.decode("utf-8-sig").splitlines()
        assert set(table[1].split(";")[1:]) == {reports.HIDDEN}
        followed("groningen", GRONINGEN)
        page = coach.get(f"/regio/{GRONINGEN}").text
        assert "Plaatsingen: <strong>5</strong>" in page
        # Four are red and one is green: neither may show, nor be worked out from the total.
        assert '<span class="colour rood">rood</span></th><td>niet getoond</td>' in page
        assert '<span class="colour groen">groen</span></th><td>niet getoond</td>' in page
    finally:
        placements.purge(date(2100, 1, 1))


def test_the_pages_are_accessible_and_reached_from_the_desk(server: Server, shared: placements.Placement) -> None:
    try:
        browsers = chromium()
        driver = browsers.__enter__()
    except Exception as missing:  # selenium raises several kinds when the browser is not there
        pytest.skip(f"Chromium is not installed: apt-get install chromium chromium-driver ({type(missing).__name__})")
    try:
        desk = Page(driver, server)
        desk.enter("rivierenland", at="plaatsingen")
        link = f"document.querySelector('a[href$=\"{shared.id}\"]')"
        desk.until(f"return {link}", "the placement")
        desk.js(f"{link}.click()")
        desk.until("return document.querySelector('svg polyline')", "the report")
        for path in (f"/plaatsing/{shared.id}", f"/regio/{RIVIERENLAND}", ""):
            driver.get(f"{server.url}/desk/rapporten{path}")
            assert desk.axe() == []
            desk.size(320, 640)
            assert desk.js("return document.documentElement.scrollWidth") <= 320
            desk.size(1280, 900)
    finally:
        browsers.__exit__(None, None, None)
