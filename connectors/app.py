"""The web application: one process with the model, the website's channel and the pages."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from connectors import desk, lean, origins, problems
from connectors.assets import Assets
from connectors.bot import Bot, newest_model
from connectors.checkin_page import checkin_page
from connectors.guard import Guard
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
_STOPPING_SECONDS = 5.0


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
    app.add_middleware(Guard)
    origins.install(app)
    app.include_router(website(router))
    app.include_router(teams(router))
    app.include_router(checkin_page())
    desk.install(app)
    _operations(app)
    _pages(app)
    return app


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
