"""One shape for every error: ``application/problem+json`` (RFC 9457) with a Dutch ``detail`` that says what to do."""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

logger = logging.getLogger(__name__)

_TITLES = {
    400: "Onjuist verzoek",
    401: "Niet aangemeld",
    403: "Niet toegestaan",
    404: "Niet gevonden",
    405: "Niet toegestaan",
    409: "Dat kan nu niet",
    410: "Bestaat niet meer",
    413: "Te groot",
    415: "Onbekend soort inhoud",
    422: "Niet te verwerken",
    429: "Te veel verzoeken",
    500: "Fout bij ons",
    503: "Nu niet beschikbaar",
}
_DETAILS = {
    404: "Deze pagina of dit gesprek bestaat niet. Controleer het adres of begin een nieuw gesprek.",
    405: "Dit adres kent deze actie niet. Kijk op /docs wat er kan.",
    500: "Er ging bij ons iets mis. Probeer het over een minuut opnieuw. Is er direct gevaar? Bel 112.",
}


class Problem(HTTPException):
    """An error to show: HTTP status and a Dutch explanation."""

    def __init__(self, status: int, detail: str, *, retry_after: int | None = None) -> None:
        super().__init__(status, detail, headers={"Retry-After": str(retry_after)} if retry_after else None)
        self.retry_after = retry_after


def response(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error in this shape, for code that answers a request itself."""
    body = {"type": "about:blank", "title": _TITLES.get(status, "Fout"), "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Answer every error of the application in this shape."""

    @app.exception_handler(HTTPException)
    async def _http(request: Request, problem: HTTPException) -> JSONResponse:
        known = isinstance(problem, Problem)
        detail = str(problem.detail) if known else _DETAILS.get(problem.status_code, "Dit verzoek kan niet worden uitgevoerd.")
        return response(problem.status_code, detail, dict(problem.headers) if problem.headers else None)

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, problem: RequestValidationError) -> JSONResponse:
        if any(error["type"] == "json_invalid" for error in problem.errors()):
            return response(400, "Het verzoek is geen geldige JSON. Stuur bijvoorbeeld {\"text\": \"hallo\"}.")
        fields = ", ".join(sorted({".".join(str(part) for part in error["loc"][1:]) or "inhoud" for error in problem.errors()}))
        return response(422, f"Deze velden ontbreken of hebben een verkeerde waarde: {fields}. Kijk op /docs hoe het moet.")

    @app.exception_handler(Exception)
    async def _unexpected(request: Request, problem: Exception) -> JSONResponse:
        logger.error("Onverwachte fout bij %s %s", request.method, request.url.path, exc_info=problem)
        return response(500, _DETAILS[500])
