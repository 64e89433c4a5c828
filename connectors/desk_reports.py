"""Reports at the coach desk: per placement and per region, as a page, a PDF and a table.

A coach sees the placements that the coach follows, when the employer agreed to that, and the regions that the coach serves; only a backup
coach for the whole country sees them all. What is too small to show is hidden by `steunwijzer.reports`, not here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

from connectors.desk_session import secret_of, signed_in
from connectors.problems import Problem
from steunwijzer import desk_access, placement_overview, placements, regions, reports
from steunwijzer.directory import Coach
from steunwijzer.documents import MEDIA_TYPES
from steunwijzer.settings import PROJECT_ROOT

PATH = "/desk/rapporten"
_HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_URGENCY = ("rood", "oranje", "groen", None)
_NOT_YOURS = "Deze regio hoort niet bij jouw werkgebied."
_UNKNOWN = "Deze plaatsing is er niet, of je volgt haar niet."
_NOT_SHARED = "De werkgever deelt de check-ins van deze plaatsing niet met je."

_pages = Environment(loader=FileSystemLoader(PROJECT_ROOT / "connectors" / "templates"), autoescape=True)

Format = Literal["pdf", "csv"]
SignedIn = Annotated[Coach, Depends(signed_in)]


def desk_reports() -> APIRouter:
    """The routes under `/desk/rapporten`."""
    router = APIRouter(prefix=PATH, include_in_schema=False)

    @router.get("")
    @router.get("/")
    def overview(request: Request) -> Response:
        coach = _visitor(request)
        return _sign_in() if coach is None else _index(coach)

    @router.get("/regio/{code}")
    def region(code: str, request: Request) -> Response:
        coach = _visitor(request)
        return _sign_in() if coach is None else _region(code, coach)

    @router.get("/regio/{code}/{fmt}")
    def region_file(code: str, fmt: Format, coach: SignedIn) -> Response:
        report = _region_report(code, coach)
        body = reports.region_pdf(report) if fmt == "pdf" else reports.region_csv(report)
        return _file(body, f"regio-{report.region or 'nederland'}", fmt)

    @router.get("/plaatsing/{placement_id}")
    def placement(placement_id: str, request: Request) -> Response:
        coach = _visitor(request)
        return _sign_in() if coach is None else _placement(placement_id, coach)

    @router.get("/plaatsing/{placement_id}/{fmt}")
    def placement_file(placement_id: str, fmt: Format, coach: SignedIn) -> Response:
        report = _placement_report(placement_id, coach)
        body = reports.placement_pdf(report) if fmt == "pdf" else reports.placement_csv(report)
        return _file(body, "plaatsing", fmt)

    return router


def own_regions(coach: Coach) -> list[regions.Region]:
    """The regions that a coach serves, whole or in part, by name."""
    if coach.covers_everything():
        found = set(regions.regions())
    else:
        parts = (regions.gemeente(code) for code in coach.gemeenten)
        codes = coach.regions | {part.region.code for part in parts if part}
        found = {each for code in codes if (each := regions.region(code))}
    return sorted(found, key=lambda each: each.name)


def _visitor(request: Request) -> Coach | None:
    return desk_access.coach_of(secret_of(request))


def _sign_in() -> Response:
    return RedirectResponse("/desk", 303, _HEADERS)


def _page(template: str, **values: Any) -> HTMLResponse:
    return HTMLResponse(_pages.get_template(template).render(path=PATH, **values), headers=_HEADERS)


def _file(body: bytes, name: str, fmt: Format) -> Response:
    headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}.{fmt}"'}
    return Response(body, media_type=MEDIA_TYPES[fmt], headers=headers)


def _region_report(code: str, coach: Coach) -> reports.RegionReport:
    if code == "alle":
        if not coach.covers_everything():
            raise Problem(403, _NOT_YOURS)
        return reports.region_report(None)
    found = regions.region(code)
    if found is None:
        raise Problem(404, "Deze regio bestaat niet.")
    if found not in own_regions(coach):
        raise Problem(403, _NOT_YOURS)
    return reports.region_report(found.code)


def _placement_report(placement_id: str, coach: Coach) -> reports.PlacementReport:
    try:
        report = reports.placement_report(placement_id)
    except placements.PlacementError as problem:
        raise Problem(404, _UNKNOWN) from problem
    # The same answer for somebody else's placement as for none: nobody learns by guessing what is there.
    if report.overview.placement.coach_id != coach.id:
        raise Problem(404, _UNKNOWN)
    if not report.overview.placement.alert_coach:
        raise Problem(403, _NOT_SHARED)
    return report


def _index(coach: Coach) -> Response:
    followed = placement_overview.overviews(p for p in placements.of_coach(coach.id) if p.alert_coach)
    followed.sort(key=lambda each: (_URGENCY.index(each.colour), each.placement.nickname.lower()))
    return _page("report_index.html", title="Rapporten", regions=own_regions(coach), everything=coach.covers_everything(), placements=followed)


def _region(code: str, coach: Coach) -> Response:
    report = _region_report(code, coach)
    return _page("report_region.html", files=f"{PATH}/regio/{report.region or 'alle'}", **reports.region_data(report))


def _placement(placement_id: str, coach: Coach) -> Response:
    report = _placement_report(placement_id, coach)
    data = reports.placement_data(report)
    lines = [{**factor, "points": _points(factor["scores"])} for factor in data["factors"]]
    return _page("report_placement.html", files=f"{PATH}/plaatsing/{placement_id}", **{**data, "factors": lines})


def _points(scores: Sequence[int]) -> list[tuple[float, float]]:
    """Where the scores of a line (1–5) stand in a picture of 120 by 36."""
    step = 110 / max(1, len(scores) - 1)
    return [(round(5 + index * step, 1) if len(scores) > 1 else 60.0, 33 - 7.5 * (score - 1)) for index, score in enumerate(scores)]
