"""Signing in at the desk with OpenID Connect, against a small real provider that signs real tokens."""

from __future__ import annotations

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from coaching import FIRST
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from serving import Server, free_port, serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "werkplek", "geheim-van-de-werkplek"


class Provider:
    """Gives out codes and tokens; ``changes`` spoil what stands in the token, ``key`` signs it."""

    def __init__(self) -> None:
        self.port = free_port()
        self.issuer = f"http://127.0.0.1:{self.port}"
        self.published = RSAKey.generate_key(2048, {"kid": "een", "use": "sig", "alg": "RS256"})
        self.key = self.published
        self.changes: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        routes = [
            Route("/.well-known/openid-configuration", self.metadata),
            Route("/authorize", self.authorize),
            Route("/token", self.token, methods=["POST"]),
            Route("/jwks", self.jwks),
        ]
        self.server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=self.port, log_level="error", ws="none"))

    async def metadata(self, request: Request) -> Response:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        return JSONResponse(
            {"issuer": self.issuer, "id_token_signing_alg_values_supported": ["RS256"]}
            | {name: f"{self.issuer}/{path}" for name, path in paths.items()}
        )

    async def jwks(self, request: Request) -> Response:
        return JSONResponse(KeySet([self.published]).as_dict(private=False))

    async def authorize(self, request: Request) -> Response:
        self.asked = dict(request.query_params)
        return RedirectResponse(f"{self.asked['redirect_uri']}?code=eenmalig&state={self.asked['state']}")

    async def token(self, request: Request) -> Response:
        form = parse_qs((await request.body()).decode())
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest()).decode().rstrip("=")
        expected = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if challenge != self.asked["code_challenge"] or request.headers.get("authorization") != expected:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 60, "nonce": self.asked["nonce"]}
        claims |= {"email": FIRST, "email_verified": True} | self.changes
        signed = jwt.encode({"alg": "RS256", "kid": "een"}, claims, self.key)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": signed})


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    running = Provider()
    thread = threading.Thread(target=running.server.run, daemon=True)
    thread.start()
    while not running.server.started:
        time.sleep(0.02)
    yield running
    running.server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def organisation(provider: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose coaches sign in with their organisation's account."""
    folder = tmp_path_factory.mktemp("oidc")
    with serving(folder, oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET) as server:
        yield server


@pytest.fixture(autouse=True)
def honest(provider: Provider) -> None:
    provider.changes, provider.key = {}, provider.published


def sign_in(server: Server, browser: httpx.Client, spoil: Callable[[str], str] = str) -> httpx.Response:
    """Go through the sign-in as a browser does; ``spoil`` changes the query with which the provider sends it back."""
    begun = browser.get(f"{server.url}/desk/oidc/login")
    assert begun.status_code == 302
    back = browser.get(begun.headers["location"])
    # The public address of the server is the default one; the test server listens elsewhere.
    return browser.get(f"{server.url}{urlsplit(back.headers['location']).path}?{spoil(urlsplit(back.headers['location']).query)}")


def test_a_coach_comes_in(organisation: Server, provider: Provider) -> None:
    assert httpx.get(f"{organisation.url}/desk/api/signin").json() == {"oidc": True}
    with httpx.Client() as browser:
        entered = sign_in(organisation, browser)
        assert entered.headers["location"].endswith("/desk")
        cookie = next(value for value in entered.headers.get_list("set-cookie") if value.startswith("steunwijzer_desk=")).lower()
        assert "samesite=strict" in cookie
        assert "httponly" in cookie
        assert provider.asked["code_challenge_method"] == "S256"
        assert browser.get(f"{organisation.url}/desk/api/me").json()["coach"]["name"] == "Voorbeeldcoach Rivierenland"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"email": "niemand@example.org"}, "onbekend"),
        ({"email_verified": False}, "onbekend"),
        ({"email": None}, "onbekend"),
        ({"nonce": "anders"}, "mislukt"),
        ({"aud": "een-ander"}, "mislukt"),
        ({"iss": "https://kwaad.example"}, "mislukt"),
        ({"exp": 1}, "mislukt"),
    ],
)
def test_who_is_no_coach_or_has_a_bad_token_stays_out(
    organisation: Server, provider: Provider, changes: dict[str, Any], fault: str
) -> None:
    provider.changes = changes
    with httpx.Client() as browser:
        assert sign_in(organisation, browser).headers["location"].endswith(f"/desk#fout={fault}")
        assert browser.get(f"{organisation.url}/desk/api/me").status_code == 401


def test_another_key_or_state_is_refused(organisation: Server, provider: Provider) -> None:
    with httpx.Client() as browser:
        other_state = sign_in(organisation, browser, lambda query: query.replace("state=", "state=x"))
        assert other_state.headers["location"].endswith("#fout=mislukt")
        provider.key = RSAKey.generate_key(2048, {"kid": "een", "use": "sig", "alg": "RS256"})
        assert sign_in(organisation, browser).headers["location"].endswith("#fout=mislukt")
        assert browser.get(f"{organisation.url}/desk/api/me").status_code == 401


def test_the_answer_of_one_browser_does_not_sign_in_another(organisation: Server) -> None:
    with httpx.Client() as browser, httpx.Client() as other:
        begun = browser.get(f"{organisation.url}/desk/oidc/login")
        back = browser.get(begun.headers["location"])
        stolen = other.get(f"{organisation.url}/desk/oidc/callback?{urlsplit(back.headers['location']).query}")
        assert stolen.headers["location"].endswith("#fout=mislukt")
        assert other.get(f"{organisation.url}/desk/api/me").status_code == 401
