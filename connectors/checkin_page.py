"""The page behind a mailed check-in link: eight questions as a plain form, without script; the link works once."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from steunwijzer import checkins, placements
from steunwijzer.checkin_rules import FACTORS, SCALE
from steunwijzer.follow_up import CHECKIN_PATH
from steunwijzer.placements import Checkin, Placement
from steunwijzer.rewording import find_medical, without_medical
from steunwijzer.settings import PROJECT_ROOT

_MAX_WORDS = 200
_MAX_FORM = 16 * 1024
_pages = Environment(loader=FileSystemLoader(PROJECT_ROOT / "connectors" / "templates"), autoescape=True)


def checkin_page() -> APIRouter:
    """The routes `GET` and `POST /check-in/{token}`; all work on the database happens in a thread."""
    router = APIRouter(prefix=CHECKIN_PATH, include_in_schema=False)

    @router.get("/{token}")
    async def show(token: str) -> HTMLResponse:
        return await asyncio.to_thread(_show, token)

    @router.post("/{token}")
    async def send(token: str, request: Request) -> HTMLResponse:
        body = await request.body()
        if len(body) > _MAX_FORM:
            return _page("Check-in", ["Dit formulier is te groot."], status=413)
        return await asyncio.to_thread(_send, token, parse_qs(body.decode("utf-8", "replace")))

    return router


def _page(title: str, lines: list[str], status: int = 200, **values: Any) -> HTMLResponse:
    html = _pages.get_template("checkin.html").render(title=title, lines=lines, **values)
    return HTMLResponse(html, status, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def _open(token: str) -> tuple[Checkin, Placement] | HTMLResponse:
    try:
        return checkins.by_token(token)
    except placements.PlacementError as problem:
        return _page("Check-in", [str(problem)], status=410)


def _form(checkin: Checkin, placement: Placement, **values: Any) -> HTMLResponse:
    mirror = checkin.view == "employee"
    factors = [
        {
            "key": factor.key,
            "question": factor.mirror if mirror else factor.question,
            "choices": list({**SCALE, **({} if mirror else {1: factor.low, 5: factor.high})}.items()),
        }
        for factor in FACTORS
    ]
    lines = ["Kies bij elke regel een cijfer. Overslaan mag. Noem geen namen en niets over gezondheid."]
    if mirror:
        seen = "Je leidinggevende en de coach zien" if placement.alert_coach else "Je leidinggevende ziet"
        lines = ["Kies bij elke regel een cijfer. Overslaan mag.", f"{seen} je cijfers. Verder niemand. Meedoen is vrij."]
    title = "Hoe gaat het op je werk?" if mirror else f"Check-in: {placement.nickname}"
    return _page(title, lines, factors=factors, mirror=mirror, **{"given": {}, "words_given": {}, **values})


def _show(token: str) -> HTMLResponse:
    found = _open(token)
    return found if isinstance(found, HTMLResponse) else _form(*found)


def _send(token: str, form: dict[str, list[str]]) -> HTMLResponse:
    found = _open(token)
    if isinstance(found, HTMLResponse):
        return found
    checkin, placement = found
    mirror = checkin.view == "employee"
    if mirror and form.get("leave"):
        return _leave(checkin)
    given = {f.key: int(form[f.key][0]) for f in FACTORS if form.get(f.key, [""])[0] in {str(value) for value in SCALE}}
    # Of the employee only the figures are kept: the employer sees the answers.
    words = {} if mirror else {f.key: _words(form.get(f"why_{f.key}")) for f in FACTORS}
    if not given:
        return _form(checkin, placement, problem="Kies ten minste bij één vraag een cijfer.")
    try:
        result = checkins.answer(
            checkin.id,
            given,
            words={key: text for key, text in words.items() if text},
            wish=None if mirror else _words(form.get("wish")) or None,
        )
    except placements.PlacementError as problem:
        return _page("Check-in", [str(problem)], status=410)
    if result is None:
        return _page("Dank je wel", ["Je antwoorden zijn bewaard. Bespreek ze gerust met je leidinggevende of coach."])
    return _page("Dank u wel", [f"Uitkomst: {result.colour}. {result.advice}"], reasons=list(result.reasons))


def _leave(checkin: Checkin) -> HTMLResponse:
    try:
        checkins.leave(checkin.id)
    except placements.PlacementError as problem:
        return _page("Check-in", [str(problem)], status=410)
    return _page("Je doet niet meer mee", ["We hebben je mailadres en je antwoorden gewist. Je krijgt geen vragen meer."])


def _words(values: list[str] | None) -> str:
    """An explanation without medical terms, as in the chat."""
    text = (values or [""])[0].strip()[:_MAX_WORDS]
    return (without_medical(text) or "") if find_medical(text) else text
