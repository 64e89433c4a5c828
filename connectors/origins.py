"""Which pages of other websites may talk to this server: those in ``allowed_origins``, besides our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import HTTPConnection

from steunwijzer.settings import get_settings


def is_own(connection: HTTPConnection) -> bool:
    """Whether a request comes from a page of this server, or from no page at all (a program, which names no origin)."""
    origin = connection.headers.get("origin")
    own = {connection.headers.get("host", ""), urlsplit(get_settings().public_url).netloc}
    return origin is None or urlsplit(origin).netloc in own


def may_connect(connection: HTTPConnection) -> bool:
    """Whether a WebSocket may be opened: browsers check no CORS for those, so the server does."""
    return is_own(connection) or connection.headers["origin"] in get_settings().origins


def install(app: FastAPI) -> None:
    """Let pages of the allowed websites read the answers of ``/v1``; without such websites no header is sent at all.

    Cookies are never allowed along: the coach desk, which has one, stays out of reach of other websites.
    """
    allowed = get_settings().origins
    if allowed:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=allowed,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=["Retry-After"],
            max_age=600,
        )
