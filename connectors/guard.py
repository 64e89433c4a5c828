"""Around every answer of the server: a limit on what is sent in, headers that keep a browser strict, and a count.

A plain ASGI wrapper: Starlette's ``@app.middleware("http")`` starts a task group and two streams for each request, a millisecond of Python.
"""

from __future__ import annotations

from prometheus_client import Counter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from connectors import problems

MAX_BODY = 64 * 1024
"""Bytes that a request to ``/v1`` may say that it brings."""
_REQUESTS = Counter("steunwijzer_http_requests", "Verzoeken per soort antwoord", ["status"])
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'; form-action 'self'; "
        "object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_FREE = ("/docs", "/openapi")  # their page brings scripts of its own


class Guard:
    """The application with the guard around it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is no HTTP passes untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]

        async def strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                _REQUESTS.labels(f"{message['status'] // 100}xx").inc()
                if not path.startswith(_FREE):
                    headers = MutableHeaders(scope=message)
                    for name, value in _HEADERS.items():
                        headers.setdefault(name, value)
            await send(message)

        length = Headers(scope=scope).get("content-length", "0")
        if length.isdigit() and int(length) > MAX_BODY and path.startswith("/v1"):
            await problems.response(413, "Dit verzoek is te groot. Stuur een korter bericht.")(scope, receive, strict)
        else:
            await self._app(scope, receive, strict)
