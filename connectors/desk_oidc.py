"""Sign-in at the coach desk with the account of one's organisation; imported only when it is configured, for its libraries take a second."""

from __future__ import annotations

import logging
from typing import Any

from authlib.integrations.starlette_client import OAuth, OAuthError
from fastapi import FastAPI
from httpx import HTTPError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from connectors.desk_session import PATH, secure, set_cookie
from steunwijzer import desk_access, directory
from steunwijzer.desk_access import LinkRefused
from steunwijzer.directory import Coach
from steunwijzer.settings import get_settings

logger = logging.getLogger(__name__)


def mount_oidc(app: FastAPI) -> None:
    """Add sign-in by OpenID Connect under ``/desk/oidc``: authorisation code with PKCE, state and nonce."""
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
            redirect: Response = await oauth.desk.authorize_redirect(request, f"{base}{PATH}/oidc/callback")
        except (OAuthError, HTTPError) as problem:
            logger.warning("Aanmelden: de aanbieder is niet bereikbaar (%s)", type(problem).__name__)
            return RedirectResponse(f"{base}{PATH}#fout=aanbieder", 303)
        return redirect

    async def callback(request: Request) -> Response:
        try:
            token = await oauth.desk.authorize_access_token(request)
        except Exception as problem:
            # Whatever is wrong with what comes back (state, nonce, signature, audience, network): nobody is signed in.
            logger.warning("Aanmelden is geweigerd (%s)", type(problem).__name__)
            return RedirectResponse(f"{base}{PATH}#fout=mislukt", 303)
        coach = coach_of_claims(token.get("userinfo") or {})
        if coach is None:
            return RedirectResponse(f"{base}{PATH}#fout=onbekend", 303)
        try:
            session = desk_access.sign_in(coach.id, way="oidc")
        except LinkRefused:
            return RedirectResponse(f"{base}{PATH}#fout=onbekend", 303)
        response = RedirectResponse(f"{base}{PATH}", 303)
        set_cookie(response, session)
        return response

    # The state of the sign-in must come back with the redirect from the provider, which a strict cookie would not.
    cookie = Middleware(
        SessionMiddleware,
        secret_key=settings.secret_key.get_secret_value(),
        session_cookie="steunwijzer_oidc",
        max_age=600,
        path=f"{PATH}/oidc",
        same_site="lax",
        https_only=secure(),
    )
    app.mount(f"{PATH}/oidc", Starlette(routes=[Route("/login", begin), Route("/callback", callback)], middleware=[cookie]))


def coach_of_claims(claims: dict[str, Any]) -> Coach | None:
    """The active coach whom the provider means: by the Entra object id, else by an e-mail address that it does not call unverified."""
    if claims.get("oid"):
        found = directory.coach_by_teams_id(str(claims["oid"]))
        if found:
            return found
    if claims.get("email") and claims.get("email_verified", True) in (True, "true"):
        return directory.coach_by_email(str(claims["email"]))
    return None
