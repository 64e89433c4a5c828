"""The coach desk: a page with the queue, the coach's own requests, live chat, notes and availability, and the API behind it.

Everything that changes something needs the session cookie and the form token of that session; what a coach may see or do is decided here
and by the services, never by the page.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, FastAPI, Request, Response, WebSocket
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from pyrate_limiter import Duration
from sqlalchemy.exc import IntegrityError

from connectors import desk_session, desk_view
from connectors.desk_reports import desk_reports
from connectors.desk_session import acting, signed_in
from connectors.desk_socket import serve_socket
from connectors.limits import RateLimit
from connectors.problems import Problem
from steunwijzer import calendar_nl, desk_access, directory, handoff_coach, handoff_reading, handoff_request, placement_overview, placements, relay
from steunwijzer.bus import publish
from steunwijzer.directory import Coach
from steunwijzer.settings import get_settings

logger = logging.getLogger(__name__)

STATIC = Path(__file__).with_name("static") / "desk"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
_BAD_LINKS_PER_MINUTE = 20
NO_ANSWER_NOTE = "Gebeld, geen gehoor."


def _private(response: Response) -> None:
    response.headers["Cache-Control"] = "no-store"


SignedIn = Annotated[Coach, Depends(signed_in)]
Acting = Annotated[Coach, Depends(acting)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")


class TokenIn(_Body):
    """The token of a sign-in link."""

    token: Annotated[str, Field(min_length=1, max_length=300)]


class AvailabilityIn(_Body):
    """``present``: takes requests; ``until``: away until (not including) this date."""

    present: bool
    until: date | None = None


class PassOnIn(_Body):
    """``to``: the code of a colleague; without it the next in line is asked."""

    to: Annotated[str | None, Field(max_length=60)] = None


class CloseIn(_Body):
    """Why a request is finished."""

    reason: Literal["done", "no_answer", "other"] = "done"


class CalledIn(_Body):
    """What came of a call."""

    reached: bool
    note: Annotated[str, Field(max_length=2000)] = ""


class MessageIn(_Body):
    """A message to the visitor; ``id`` is the page's own id, so that sending again never doubles it."""

    text: Annotated[str, Field(max_length=4000)]
    id: Annotated[str, Field(min_length=1, max_length=80)]


class NoteIn(_Body):
    """A note that visitors never see."""

    text: Annotated[str, Field(max_length=2000)]


def install(app: FastAPI) -> None:
    """Add the desk to the application: page, API, WebSocket, sign-in; in development also the sample coaches when there are none."""
    if desk_session.oidc_configured():
        from connectors.desk_oidc import mount_oidc

        mount_oidc(app)
    app.include_router(_pages())
    app.include_router(_api())
    app.include_router(desk_reports())
    _sample()


def _sample() -> None:
    if get_settings().environment != "development":
        return
    try:
        report = directory.ensure_sample()
    except IntegrityError:
        # Another process that started at the same time was first.
        return
    if report is not None:
        logger.info(
            "De lijst met coaches was leeg: %d voorbeeldcoaches (verzonnen) ingelezen. Aanmelden op de werkplek: steunwijzer desk link",
            len(report.added),
        )


def _pages() -> APIRouter:
    pages = APIRouter(include_in_schema=False)

    @pages.get("/desk")
    async def page() -> FileResponse:
        return FileResponse(STATIC / "index.html", headers={"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"})

    @pages.get("/desk/")
    @pages.get("/desk/index.html")
    async def elsewhere() -> RedirectResponse:
        return RedirectResponse("../desk", 308)

    @pages.websocket("/desk/ws")
    async def socket(connection: WebSocket) -> None:
        await serve_socket(connection)

    return pages


def _try(step: Callable[[], handoff_request.Request]) -> handoff_request.Request:
    """Do a step of a request; what is not possible becomes an error with the reason."""
    try:
        return step()
    except handoff_request.UnknownRequest as problem:
        raise Problem(404, problem.detail) from problem
    except handoff_request.NotAllowed as problem:
        raise Problem(403, problem.detail) from problem
    except handoff_request.HandoffError as problem:
        raise Problem(409, problem.detail) from problem
    except directory.UnknownCoach as problem:
        raise Problem(404, "Deze collega staat niet (meer) in de lijst met coaches. Kies een ander.") from problem


def _visible(request_id: str, coach: Coach) -> handoff_request.Request:
    row = _try(lambda: handoff_reading.get(request_id))
    if desk_view.may_see(row, coach):
        return row
    if row.state == "accepted" and row.coach_id:
        raise Problem(409, f"{directory.coach(row.coach_id).name} heeft deze aanvraag al aangenomen.")
    raise Problem(403, "Deze aanvraag is niet (meer) voor jou.")


def _own(request_id: str, coach: Coach) -> handoff_request.Request:
    row = _try(lambda: handoff_reading.get(request_id))
    if not desk_view.owns(row, coach):
        raise Problem(403, "Dit kan alleen de coach die de aanvraag heeft aangenomen.")
    return row


def _api() -> APIRouter:
    api = APIRouter(prefix="/desk/api", tags=["werkplek"], dependencies=[Depends(_private)])
    _door(api)
    _lists(api)
    _steps(api)
    _talk(api)
    return api


def _door(api: APIRouter) -> None:
    failures = RateLimit("desk", _BAD_LINKS_PER_MINUTE, Duration.MINUTE)

    @api.get("/signin", summary="Hoe een coach zich kan aanmelden")
    async def ways() -> dict[str, Any]:
        return {"oidc": desk_session.oidc_configured()}

    @api.post("/session", summary="Meld je aan met een link")
    def enter(given: TokenIn, request: Request, response: Response) -> dict[str, Any]:
        desk_session.own_page(request)
        if desk_session.FORM_HEADER not in request.headers:
            raise Problem(403, "Open de aanmeldlink in je browser.")
        try:
            session = desk_access.redeem(given.token)
        except desk_access.LinkRefused as problem:
            # Only what fails is counted: a good link works, however often somebody else at the same address tries.
            if not failures.allows(request.client.host if request.client else "?"):
                raise Problem(429, "Er is hier veel geprobeerd. Wacht een minuut en probeer het opnieuw.", retry_after=60) from problem
            raise Problem(401, problem.detail) from problem
        desk_session.set_cookie(response, session)
        return _me(session.coach, session.secret)

    @api.delete("/session", status_code=204, summary="Meld je af")
    def leave(coach: Acting, request: Request) -> Response:
        desk_access.sign_out(desk_session.secret_of(request))
        response = Response(status_code=204)
        desk_session.clear_cookie(response)
        return response

    @api.get("/me", summary="Wie je bent")
    def me(coach: SignedIn, request: Request) -> dict[str, Any]:
        return _me(coach, desk_session.secret_of(request))

    @api.put("/me/availability", summary="Beschikbaar, of afwezig tot een datum")
    def availability(given: AvailabilityIn, coach: Acting) -> dict[str, Any]:
        if given.present:
            changed = directory.set_present(coach.id, True)
        elif given.until is None:
            changed = directory.set_present(coach.id, False)
        elif given.until <= calendar_nl.today():
            raise Problem(422, "Kies een dag na vandaag: de eerste dag dat je er weer bent.")
        else:
            directory.set_present(coach.id, True)
            changed = directory.set_away(coach.id, given.until)
        publish(f"coach:{coach.id}", kind="availability")
        return desk_view.person(changed)


def _me(coach: Coach, secret: str) -> dict[str, Any]:
    return {"coach": desk_view.person(coach), "form": desk_access.form_token(secret), "canned": desk_view.canned(coach)}


def _lists(api: APIRouter) -> None:
    @api.get("/requests", summary="Wat wacht en wat van jou is")
    def requests(coach: SignedIn) -> dict[str, Any]:
        known = desk_view.names()
        return {
            "coach": desk_view.person(coach),
            "waiting": [desk_view.summary(row, coach, known) for row in handoff_reading.queue(coach.id)],
            "mine": [{**desk_view.summary(row, coach, known), "unread": desk_view.unread(row)} for row in handoff_reading.mine(coach.id)],
        }

    @api.get("/history", summary="Wat je hebt afgerond")
    def history(coach: SignedIn) -> dict[str, Any]:
        known = desk_view.names()
        return {"requests": [desk_view.summary(row, coach, known) for row in handoff_reading.history(coach.id)]}

    @api.get("/placements", summary="Plaatsingen die je volgt")
    def followed(coach: SignedIn) -> dict[str, Any]:
        return {"placements": [desk_view.placement(each) for each in placement_overview.overviews(placements.of_coach(coach.id))]}

    @api.get("/requests/{request_id}", summary="Eén aanvraag")
    def one(request_id: str, coach: SignedIn) -> dict[str, Any]:
        return desk_view.detail(_visible(request_id, coach), coach)

    @api.get("/requests/{request_id}/colleagues", summary="Aan wie je kunt doorgeven")
    def colleagues(request_id: str, coach: SignedIn) -> dict[str, Any]:
        row = _visible(request_id, coach)
        others = [desk_view.colleague(each, row) for each in directory.coaches() if each.id != coach.id]
        return {"colleagues": sorted(others, key=lambda each: (not each["serves"], each["away"], each["name"]))}


def _steps(api: APIRouter) -> None:
    @api.post("/requests/{request_id}/accept", summary="Neem aan")
    def accept(request_id: str, coach: Acting) -> dict[str, Any]:
        return desk_view.detail(_try(lambda: handoff_coach.accept(request_id, coach.id)), coach)

    @api.post("/requests/{request_id}/decline", summary="Zeg dat je niet kunt")
    def decline(request_id: str, coach: Acting) -> dict[str, Any]:
        return _elsewhere(_try(lambda: handoff_coach.decline(request_id, coach.id)))

    @api.post("/requests/{request_id}/pass_on", summary="Geef door")
    def pass_on(request_id: str, given: PassOnIn, coach: Acting) -> dict[str, Any]:
        return _elsewhere(_try(lambda: handoff_coach.pass_on(request_id, coach.id, given.to)))

    @api.post("/requests/{request_id}/close", summary="Sluit af")
    def close(request_id: str, given: CloseIn, coach: Acting) -> dict[str, Any]:
        _own(request_id, coach)
        return desk_view.detail(_try(lambda: handoff_coach.close(request_id, coach.id, reason=given.reason)), coach)

    @api.post("/requests/{request_id}/give_back", summary="Geef terug aan de assistent")
    def give_back(request_id: str, coach: Acting) -> dict[str, Any]:
        return desk_view.detail(_try(lambda: handoff_coach.give_back(request_id, coach.id)), coach)

    @api.post("/requests/{request_id}/resume", summary="Hervat het gesprek")
    def resume(request_id: str, coach: Acting) -> dict[str, Any]:
        return desk_view.detail(_try(lambda: handoff_coach.resume(request_id, coach.id)), coach)

    @api.post("/requests/{request_id}/called", summary="Er is teruggebeld")
    def called(request_id: str, given: CalledIn, coach: Acting) -> dict[str, Any]:
        row = _own(request_id, coach)
        if row.state != "accepted":
            raise Problem(409, "Deze aanvraag is al afgesloten.")
        note = given.note.strip() or ("" if given.reached else NO_ANSWER_NOTE)
        if note:
            handoff_coach.add_note(request_id, coach.id, note)
        if given.reached:
            row = _try(lambda: handoff_coach.close(request_id, coach.id, reason="done"))
        else:
            publish(f"request:{request_id}", kind="note")
        return desk_view.detail(row, coach)


def _elsewhere(row: handoff_request.Request) -> dict[str, Any]:
    """Who has the request now that the coach let it go."""
    return {"asked": directory.coach(row.coach_id).name if row.coach_id else None}


def _talk(api: APIRouter) -> None:
    @api.get("/requests/{request_id}/messages", summary="Berichten na een nummer")
    def read(request_id: str, coach: SignedIn, after: int = 0) -> dict[str, Any]:
        _own(request_id, coach)
        return {"messages": [desk_view.message(each) for each in relay.after(request_id, after)]}

    @api.post("/requests/{request_id}/messages", summary="Stuur een bericht naar de bezoeker")
    def say(request_id: str, given: MessageIn, coach: Acting) -> dict[str, Any]:
        row = _own(request_id, coach)
        text = given.text.strip()
        if not text:
            raise Problem(422, "Je bericht is leeg. Typ eerst iets.")
        if len(text) > get_settings().max_message_length:
            raise Problem(413, f"Je bericht is te lang. Gebruik ten hoogste {get_settings().max_message_length} tekens.")
        earlier = next((each for each in desk_view.said(request_id) if each.sender == "coach" and each.client_id == given.id), None)
        if earlier is None and desk_view.chat_state(row) != "open":
            raise Problem(409, "Dit gesprek is niet open. Je bericht is niet verstuurd.")
        try:
            return desk_view.message(earlier or relay.from_coach(request_id, coach.id, text, client_id=given.id))
        except handoff_request.NotAllowed as problem:
            raise Problem(403, problem.detail) from problem
        except handoff_request.HandoffError as problem:
            raise Problem(409, problem.detail) from problem

    @api.post("/requests/{request_id}/notes", summary="Maak een notitie")
    def note(request_id: str, given: NoteIn, coach: Acting) -> dict[str, Any]:
        row = _own(request_id, coach)
        try:
            handoff_coach.add_note(request_id, coach.id, given.text)
        except handoff_request.HandoffError as problem:
            raise Problem(422, problem.detail) from problem
        publish(f"request:{request_id}", kind="note")
        return desk_view.detail(row, coach)
