"""The door of the coach desk: cookie, form token, origin, one-time link and OpenID Connect."""

from __future__ import annotations

import hmac
import logging
from typing import Annotated, Any
from urllib.parse import urlsplit

from authlib.integrations.starlette_client import OAuth, OAuthError
from fastapi import Depends, FastAPI
from httpx import HTTPError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connectors.problems import Problem
from steunwijzer import desk_access, directory
from steunwijzer.desk_access import SESSION_HOURS, LinkRefused, SignedIn
from steunwijzer.directory import Coach
from steunwijzer.settings import get_settings

logger = logging.getLogger(__name__)

COOKIE = "steunwijzer_desk"
FORM_HEADER = "X-Steunwijzer-Desk"
NOT_SIGNED_IN = "Je bent niet (meer) aangemeld. Meld je opnieuw aan, of vraag een nieuwe aanmeldlink."
_PATH = "/desk"


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
    origin = connection.headers.get("origin")
    if origin is None:
        return
    own = {connection.headers.get("host", ""), urlsplit(get_settings().public_url).netloc}
    if urlsplit(origin).netloc not in own:
        raise Problem(403, "Dit verzoek kwam van een andere website. Open de werkplek zelf en probeer het nog een keer.")


def set_cookie(response: Response, session: SignedIn) -> None:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE, session.secret, max_age=SESSION_HOURS * 3600, path=_PATH, secure=_secure(), httponly=True, samesite="strict"
    )


def clear_cookie(response: Response) -> None:
    """Take the session away from the browser."""
    response.delete_cookie(COOKIE, path=_PATH, secure=_secure(), httponly=True, samesite="strict")


def _secure() -> bool:
    return get_settings().public_url.startswith("https://")


def oidc_configured() -> bool:
    """Whether coaches can sign in with the account of their organisation."""
    settings = get_settings()
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def mount_oidc(app: FastAPI) -> None:
    """Add sign-in by OpenID Connect under ``/desk/oidc`` when it is configured: authorisation code with PKCE, state and nonce."""
    if not oidc_configured():
        return
    settings = get_settings()
    oauth = OAuth()
    oauth.register(
        "desk",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value() if settings.oidc_client_secret else None,
        server_metadata_url=f"{str(settings.oidc_issuer).rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
    )
    base = settings.public_url.rstrip("/")

    async def begin(request: Request) -> Response:
        try:
            redirect: Response = await oauth.desk.authorize_redirect(request, f"{base}{_PATH}/oidc/callback")
        except (OAuthError, HTTPError) as problem:
            logger.warning("Aanmelden: de aanbieder is niet bereikbaar (%s)", type(problem).__name__)
            return RedirectResponse(f"{base}{_PATH}#fout=aanbieder", 303)
        return redirect

    async def callback(request: Request) -> Response:
        try:
            token = await oauth.desk.authorize_access_token(request)
        except Exception as problem:
            # Whatever is wrong with what comes back (state, nonce, signature, audience, network): nobody is signed in.
            logger.warning("Aanmelden is geweigerd (%s)", type(problem).__name__)
            return RedirectResponse(f"{base}{_PATH}#fout=mislukt", 303)
        coach = coach_of_claims(token.get("userinfo") or {})
        if coach is None:
            return RedirectResponse(f"{base}{_PATH}#fout=onbekend", 303)
        try:
            session = desk_access.sign_in(coach.id, way="oidc")
        except LinkRefused:
            return RedirectResponse(f"{base}{_PATH}#fout=onbekend", 303)
        response = RedirectResponse(f"{base}{_PATH}", 303)
        set_cookie(response, session)
        return response

    # The state of the sign-in must come back with the redirect from the provider, which a strict cookie would not.
    cookie = Middleware(
        SessionMiddleware,
        secret_key=settings.secret_key.get_secret_value(),
        session_cookie="steunwijzer_oidc",
        max_age=600,
        path=f"{_PATH}/oidc",
        same_site="lax",
        https_only=_secure(),
    )
    app.mount(f"{_PATH}/oidc", Starlette(routes=[Route("/login", begin), Route("/callback", callback)], middleware=[cookie]))


def coach_of_claims(claims: dict[str, Any]) -> Coach | None:
    """The active coach whom the provider means: by the Entra object id, else by an e-mail address that it does not call unverified."""
    if claims.get("oid"):
        found = directory.coach_by_teams_id(str(claims["oid"]))
        if found:
            return found
    if claims.get("email") and claims.get("email_verified", True) in (True, "true"):
        return directory.coach_by_email(str(claims["email"]))
    return None
