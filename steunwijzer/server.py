"""Run the web server."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import uvicorn

from steunwijzer import logs
from steunwijzer.settings import get_settings

if TYPE_CHECKING:
    from fastapi import FastAPI

# Understanding computes on one thread while others read and write the database in many small steps. By default Python lets it go on for
# 5 ms at each step, so that a transaction holds the database's lock ten times as long as it needs.
SWITCH_SECONDS = 0.0005


def run(host: str, port: int, workers: int) -> None:
    """Serve until stopped; prints the address when the first request can be answered."""
    if workers > 1:
        uvicorn.run(
            f"{__name__}:application", factory=True, host=host, port=port, workers=workers, ws="wsproto", log_level="warning", log_config=None
        )
        return
    app = application()
    config = uvicorn.Config(app, host=host, port=port, ws="wsproto", log_level="warning", log_config=None, server_header=False)
    server = _Server(config)
    server.run()


def application() -> FastAPI:
    """The application in a process of its own."""
    logs.configure(get_settings().log_level)
    sys.setswitchinterval(SWITCH_SECONDS)
    from connectors.app import create_app

    return create_app()


class _Server(uvicorn.Server):
    """Says where it listens once it does."""

    async def startup(self, sockets: list | None = None) -> None:  # type: ignore[type-arg]
        await super().startup(sockets)
        if not self.should_exit:
            print(f"Steunwijzer luistert op http://{self.config.host}:{self.config.port}", flush=True)
