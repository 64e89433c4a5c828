"""The door of the coach desk: cookie, form token, origin and one-time link; OpenID Connect is in :mod:`connectors.desk_oidc`."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response

from connectors import origins
from connectors.problems import Problem
from steunwijzer import desk_access
from steunwijzer.desk_access import SESSION_HOURS, SignedIn
from steunwijzer.directory import Coach
from steunwijzer.settings import get_settings

COOKIE = "steunwijzer_desk"
FORM_HEADER = "X-Steunwijzer-Desk"
NOT_SIGNED_IN = "Je bent niet (meer) aangemeld. Meld je opnieuw aan, of vraag een nieuwe aanmeldlink."
PATH = "/desk"


def secret_of(connection: HTTPConnection) -> str:
    """The session secret in the cookie; empty when there is none."""
    return connection.cookies.get(COOKIE, "")


def signed_in(request: Request) -> Coach:
    """The coach behind this request.

    Raises:
        Problem: 401 when nobody is signed in.
    """
    coach = desk_access.coach_of(secret_of(request))
    if coach is None:
        raise Problem(401, NOT_SIGNED_IN)
    return coach


def acting(request: Request, coach: Annotated[Coach, Depends(signed_in)]) -> Coach:
    """The coach behind a request that changes something: only from our own page.

    Raises:
        Problem: 401 when nobody is signed in, 403 when another site may have made this request.
    """
    own_page(request)
    given = request.headers.get(FORM_HEADER, "")
    if not hmac.compare_digest(given.encode(), desk_access.form_token(secret_of(request)).encode()):
        raise Problem(403, "Dit verzoek kwam niet van je eigen werkplek. Laad de pagina opnieuw en probeer het nog een keer.")
    return coach


def own_page(connection: HTTPConnection) -> None:
    """Refuse what another site's page sends.

    Raises:
        Problem: 403.
    """
    if not origins.is_own(connection):
        raise Problem(403, "Dit verzoek kwam van een andere website. Open de werkplek zelf en probeer het nog een keer.")


def set_cookie(response: Response, session: SignedIn) -> None:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE, session.secret, max_age=SESSION_HOURS * 3600, path=PATH, secure=secure(), httponly=True, samesite="strict"
    )


def clear_cookie(response: Response) -> None:
    """Take the session away from the browser."""
    response.delete_cookie(COOKIE, path=PATH, secure=secure(), httponly=True, samesite="strict")


def secure() -> bool:
    return get_settings().public_url.startswith("https://")


def oidc_configured() -> bool:
    """Whether coaches can sign in with the account of their organisation."""
    settings = get_settings()
    return bool(settings.oidc_issuer and settings.oidc_client_id)
