"""The web application: one process with the model, the website's channel and the pages."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest
from sqlalchemy import text

from connectors import desk, lean, origins, problems
from connectors.assets import Assets
from connectors.bot import Bot, newest_model
from connectors.checkin_page import checkin_page
from connectors.problems import Problem
from connectors.router import Router
from connectors.teams.app import teams
from connectors.website import website
from steunwijzer import background
from steunwijzer.db import migrate, session_scope
from steunwijzer.settings import PROJECT_ROOT

logger = logging.getLogger(__name__)

STATIC = Path(__file__).with_name("static")
MODELS = PROJECT_ROOT / "models"
_MAX_BODY = 64 * 1024
_STOPPING_SECONDS = 5.0
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


def create_app(model: Path | None = None) -> FastAPI:
    """The application around a model (default: the newest in ``models/``)."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        stop = asyncio.Event()
        work = asyncio.create_task(background.run(stop, app.state.senders))
        yield
        stop.set()
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(work, _STOPPING_SECONDS)
        bot.close()

    migrate()
    lean.prepare()
    from connectors.trackers import LiveTrackerStore

    bot = Bot(model or newest_model(MODELS), tracker_store=LiveTrackerStore())
    router = Router(bot)
    app = FastAPI(title="Steunwijzer", version="1", lifespan=lifespan, description="Gespreksassistent over werk en psychische kwetsbaarheid.")
    app.state.bot, app.state.router = bot, router
    # channels of the outbox besides mail; a channel that is mounted below adds its own
    app.state.senders = {}
    problems.install(app)
    _guard(app)
    origins.install(app)
    app.include_router(website(router))
    app.include_router(teams(router))
    app.include_router(checkin_page())
    desk.install(app)
    _operations(app)
    _pages(app)
    return app


def _guard(app: FastAPI) -> None:
    @app.middleware("http")
    async def guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        length = request.headers.get("content-length", "0")
        if length.isdigit() and int(length) > _MAX_BODY and request.url.path.startswith("/v1"):
            response: Response = problems._response(413, "Dit verzoek is te groot. Stuur een korter bericht.")
        else:
            response = await call_next(request)
        if not request.url.path.startswith(("/docs", "/openapi")):
            for name, value in _HEADERS.items():
                response.headers.setdefault(name, value)
        _REQUESTS.labels(f"{response.status_code // 100}xx").inc()
        return response


def _operations(app: FastAPI) -> None:
    @app.get("/healthz", include_in_schema=False)
    async def healthy() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz", include_in_schema=False)
    def ready() -> dict[str, str]:
        try:
            with session_scope(reading=True) as session:
                session.execute(text("SELECT 1"))
        except Exception as problem:
            raise Problem(503, "De database is niet bereikbaar.") from problem
        return {"status": "ok", "model": app.state.bot.model.name}

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


def _pages(app: FastAPI) -> None:
    app.mount("/", Assets(directory=STATIC, html=True), name="static")
