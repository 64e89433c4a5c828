"""Run the web server."""

from __future__ import annotations

import logging
import sys

import uvicorn

from steunwijzer.settings import get_settings


def run(host: str, port: int, workers: int) -> None:
    """Serve until stopped; prints the address when the first request can be answered."""
    logging.basicConfig(level=get_settings().log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if workers > 1:
        uvicorn.run("connectors.app:create_app", factory=True, host=host, port=port, workers=workers, ws="wsproto", log_level="warning")
        return
    from connectors.app import create_app

    app = create_app()
    config = uvicorn.Config(app, host=host, port=port, ws="wsproto", log_level="warning", server_header=False)
    server = _Server(config)
    server.run()


class _Server(uvicorn.Server):
    """Says where it listens once it does."""

    async def startup(self, sockets: list | None = None) -> None:  # type: ignore[type-arg]
        await super().startup(sockets)
        if not self.should_exit:
            print(f"Steunwijzer luistert op http://{self.config.host}:{self.config.port}", flush=True)
