"""Sending to Teams, on the Microsoft 365 Agents SDK: its activity, connector client, token acquisition and outbound host check.

The SDK takes 3 s of CPU to import: ``load`` does that beside the start of a server that has Teams. Nothing outside this module knows it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from connectors.teams.auth import CHANNEL, is_loopback
from steunwijzer.db import utcnow
from steunwijzer.settings import Settings

log = logging.getLogger(__name__)

SCOPE = "https://api.botframework.com"
TIMEOUT_SECONDS = 15.0
# The SDK cuts conversation ids at 150 characters; Teams has longer ones.
_LONGEST_ID = 10_000


@dataclass(frozen=True)
class Destination:
    """A chat: where its connector is, its id, and which bot speaks."""

    service_url: str
    conversation_id: str
    bot_id: str


class SendError(Exception):
    """Teams did not take the message: HTTP's ``status`` (0: no connection), Teams' own ``code``, ``retry_after`` in seconds."""

    def __init__(self, status: int, code: str = "", retry_after: float | None = None) -> None:
        super().__init__(f"teams {status} {code}".strip())
        self.status = status
        self.code = code
        self.retry_after = retry_after


class NobodyKnows(Exception):
    """The connection broke after the message left: it may have arrived."""


class Connector(Protocol):
    """The way to Teams. ``activity`` is the JSON of the Bot Connector protocol without addresses."""

    async def send(self, to: Destination, activity: Mapping[str, Any]) -> str:
        """Send a message; gives its id. Raises ``SendError``, ``NobodyKnows``."""

    async def update(self, to: Destination, activity_id: str, activity: Mapping[str, Any]) -> None:
        """Replace a message that was sent. Raises ``SendError``, ``NobodyKnows``."""

    async def close(self) -> None:
        """Close connections."""


class TokenSource(Protocol):
    """Gives the token with which the bot identifies itself to Teams."""

    async def token(self, *, renew: bool = False) -> str:
        """A valid token; ``renew`` when the last one was refused."""


class NoToken:
    """For the Agents Playground, which wants none."""

    async def token(self, *, renew: bool = False) -> str:
        """Nothing."""
        return ""


class MicrosoftToken:
    """Client credentials of the single-tenant app registration, by the SDK (MSAL keeps the token until it expires)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._provider: Any = None

    async def token(self, *, renew: bool = False) -> str:
        """A token for the Bot Connector. Raises ``SendError`` (401) when Entra gives none."""
        try:
            if self._provider is None:
                self._provider = await asyncio.to_thread(self._make)
            return str(await self._provider.get_access_token(SCOPE, [f"{SCOPE}/.default"], renew))
        except Exception as problem:
            # MSAL raises many kinds; whichever it is, nothing was sent and it can be tried again.
            log.warning("Entra gave no token: %s", type(problem).__name__)
            raise SendError(401, "NoToken") from problem

    def _make(self) -> Any:
        from microsoft_agents.authentication.msal import MsalAuth
        from microsoft_agents.hosting.core import AgentAuthConfiguration
        from microsoft_agents.hosting.core.authorization.auth_types import AuthTypes

        secret = self._settings.teams_app_secret
        return MsalAuth(
            AgentAuthConfiguration(
                auth_type=AuthTypes.client_secret,
                client_id=self._settings.teams_app_id,
                tenant_id=self._settings.teams_tenant_id,
                client_secret=secret.get_secret_value() if secret else None,
            )
        )


class AgentsConnector:
    """The SDK's connector client, one HTTP session per service address."""

    def __init__(self, tokens: TokenSource) -> None:
        self._tokens = tokens
        self._sessions: dict[str, Any] = {}

    async def send(self, to: Destination, activity: Mapping[str, Any]) -> str:
        """Send a message; gives its id."""
        response = await self._call(to, "send_to_conversation", to.conversation_id, activity)
        return str(response.id or "")

    async def update(self, to: Destination, activity_id: str, activity: Mapping[str, Any]) -> None:
        """Replace a message that was sent."""
        await self._call(to, "update_activity", to.conversation_id, {**activity, "id": activity_id}, activity_id)

    async def close(self) -> None:
        """Close connections."""
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()

    async def _call(self, to: Destination, operation: str, conversation: str, activity: Mapping[str, Any], *ids: str) -> Any:
        import aiohttp

        conversations, model, session = await self._client(to.service_url)
        body = model.model_validate(
            {
                **activity,
                "channelId": CHANNEL,
                "serviceUrl": to.service_url,
                "from": {"id": to.bot_id},
                "conversation": {"id": to.conversation_id},
            }
        )
        for renew in (False, True):
            token = await self._tokens.token(renew=renew)
            if token:
                session.headers["Authorization"] = f"Bearer {token}"
            try:
                return await getattr(conversations, operation)(conversation, *ids, body)
            except aiohttp.ClientResponseError as problem:
                if problem.status == 401 and token and not renew:
                    continue
                raise SendError(problem.status, _code(problem.message), _retry_after(problem.headers)) from problem
            except aiohttp.ClientConnectorError as problem:
                raise SendError(0, "NoConnection") from problem
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError, json.JSONDecodeError) as problem:
                raise NobodyKnows(type(problem).__name__) from problem
        raise SendError(401, "Refused")

    async def _client(self, service_url: str) -> tuple[Any, Any, Any]:
        from microsoft_agents.activity import Activity
        from microsoft_agents.hosting.core.connector.client.connector_client import ConversationsOperations

        session = self._sessions.get(service_url)
        if session is None or session.closed:
            session = self._sessions[service_url] = _session(service_url)
        return ConversationsOperations(session, max_conversation_id_length=_LONGEST_ID), Activity, session


def load() -> None:
    """Import the SDK's parts, so that the first message need not wait for them."""
    import aiohttp  # noqa: F401

    # It logs every message that it sends, at a level that is usually on.
    logging.getLogger("microsoft_agents").setLevel(logging.WARNING)
    from microsoft_agents.activity import Activity  # noqa: F401
    from microsoft_agents.hosting.core.connector.client.connector_client import ConversationsOperations  # noqa: F401
    from microsoft_agents.hosting.core.security import OutboundHostValidator  # noqa: F401


def _session(service_url: str) -> Any:
    import aiohttp
    from microsoft_agents.hosting.core.security import OutboundHostValidator

    options = {
        "base_url": service_url.rstrip("/") + "/",
        "timeout": aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
        "headers": {"Accept": "application/json"},
    }
    address = urlsplit(service_url)
    # Which hosts are allowed is decided at the gate; the validator refuses private addresses behind a public name.
    validator = OutboundHostValidator([address.hostname or ""], enabled=not is_loopback(address.hostname))
    return validator.client(options)


def _code(message: str) -> str:
    """Teams' own code in an error body; the rest of the body is not kept."""
    try:
        body = json.loads(message)
        found = body.get("error", body).get("code") or ""
        inner = body.get("error", body).get("innerHttpError")
        if isinstance(inner, Mapping) and isinstance(inner.get("body"), Mapping):
            found = inner["body"].get("subCode") or found
    except (ValueError, AttributeError):
        return ""
    return found if isinstance(found, str) and re.fullmatch(r"\w{1,60}", found) else ""


def _retry_after(headers: Any) -> float | None:
    """Seconds to wait, which HTTP lets a server say as a number or as a moment."""
    value = str((headers or {}).get("Retry-After") or "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return max(0.0, (moment.astimezone(timezone.utc) - utcnow()).total_seconds())
