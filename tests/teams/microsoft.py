"""Microsoft's side of Teams on this machine: a token issuer with published keys, and a connector that records or refuses what it gets."""

from __future__ import annotations

import asyncio
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import jwt
import uvicorn
import uvicorn.protocols.http.h11_impl
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from serving import free_port

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ISSUER = "https://api.botframework.com"
BOT = f"28:{APP_ID}"

# A fault gets the number of the call (from 1) and the method; None: no fault; "lost" and "kept": the connection breaks, before or after
# the message was taken.
Fault = Callable[[int, str], "tuple[int, dict[str, str], dict[str, Any]] | str | None"]


@dataclass
class Taken:
    """One message that the connector took; ``history`` holds earlier versions of an updated one."""

    conversation: str
    id: str
    body: dict[str, Any]
    at: float
    history: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return str(self.body.get("text") or "")

    @property
    def card(self) -> dict[str, Any] | None:
        attachments = self.body.get("attachments") or []
        return attachments[0]["content"] if attachments else None


class Microsoft:
    """The issuer and connector. ``taken`` is what a user would see, in order; ``calls`` counts every attempt."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.service_url = f"{self.url}/connector"
        self.key, self.other_key = (rsa.generate_private_key(65537, 2048) for _ in range(2))
        self.taken: list[Taken] = []
        self.tokens: list[str] = []
        self.calls = 0
        self.key_reads = 0
        self.fault: Fault | None = None
        # A new message that was taken is answered when this is set.
        self.answers_after: threading.Event | None = None
        self.published = [self._public("k1", self.key, ["msteams", "webchat"]), self._public("k2", self.other_key, ["webchat"])]
        self.app = self._app()

    @staticmethod
    def _public(kid: str, key: rsa.RSAPrivateKey, endorsements: list[str]) -> dict[str, Any]:
        made = jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
        return {**made, "kid": kid, "use": "sig", "endorsements": endorsements}

    def reset(self) -> None:
        self.taken.clear()
        self.tokens.clear()
        self.calls, self.fault, self.answers_after = 0, None, None

    def token(self, *, key: Any = None, kid: str | None = "k1", algorithm: str = "RS256", drop: tuple[str, ...] = (), **claims: Any) -> str:
        now = int(time.time())
        values = {"iss": ISSUER, "aud": APP_ID, "iat": now, "nbf": now - 10, "exp": now + 3600, "serviceurl": self.service_url} | claims
        values = {name: value for name, value in values.items() if name not in drop}
        return jwt.encode(values, self.key if key is None else key, algorithm=algorithm, headers={"kid": kid} if kid else {})

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.get("/openid")
        def openid() -> dict[str, str]:
            return {"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"}

        @app.get("/keys")
        def keys() -> dict[str, Any]:
            self.key_reads += 1
            return {"keys": self.published}

        @app.post("/connector/v3/conversations/{conversation}/activities")
        async def send(conversation: str, request: Request) -> Response:
            body = await request.json()
            fault = self._count(request)
            if fault in ("lost", None) or isinstance(fault, tuple):
                failed = await self._fail(request, fault)
                if failed is not None:
                    return failed
            made = Taken(conversation, uuid.uuid4().hex[:12], body, time.monotonic())
            self.taken.append(made)
            if fault == "kept":
                await self._hang_up(request)
            if self.answers_after is not None:
                await asyncio.to_thread(self.answers_after.wait, 15)
            return JSONResponse({"id": made.id}, 201)

        @app.put("/connector/v3/conversations/{conversation}/activities/{activity}")
        async def change(conversation: str, activity: str, request: Request) -> Response:
            body = await request.json()
            failed = await self._fail(request, self._count(request))
            if failed is not None:
                return failed
            for each in self.taken:
                if (each.conversation, each.id) == (conversation, activity):
                    each.history.append(each.body)
                    each.body = body
                    return JSONResponse({"id": activity})
            return JSONResponse({"error": {"code": "ActivityNotFoundInConversation"}}, 404)

        return app

    def _count(self, request: Request) -> Any:
        self.calls += 1
        self.tokens.append(request.headers.get("authorization", ""))
        return self.fault(self.calls, request.method) if self.fault else None

    async def _fail(self, request: Request, fault: Any) -> Response | None:
        if isinstance(fault, tuple):
            status, headers, body = fault
            return JSONResponse(body, status, headers)
        if fault == "lost":
            await self._hang_up(request)
        return None

    @staticmethod
    async def _hang_up(request: Request) -> None:
        # What stands below the request is the connection's transport; a test may break it.
        request.scope["hang_up"]()
        await asyncio.sleep(0.05)

    def said(self, conversation: str) -> list[Taken]:
        """What stands in a conversation, in order."""
        return [each for each in self.taken if each.conversation == conversation]


class _Breakable(uvicorn.protocols.http.h11_impl.H11Protocol):
    """HTTP whose connection an endpoint can break in the middle."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if getattr(self, "scope", None) is not None:
            self.scope["hang_up"] = self.transport.abort


@contextmanager
def running(app: Any, port: int, **options: Any) -> Iterator[None]:
    """An application on a real port, in a thread, until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none", **options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.01)
    assert server.started
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(15)


@contextmanager
def microsoft() -> Iterator[Microsoft]:
    port = free_port()
    made = Microsoft(port)
    with running(made.app, port, http=_Breakable):
        yield made


class Client:
    """What Teams does: posts activities to the bot, signed. One person by default."""

    def __init__(self, url: str, teams: Microsoft) -> None:
        self.url, self.teams = url, teams
        self.http = httpx.Client(timeout=30)

    def activity(self, **values: Any) -> dict[str, Any]:
        person = values.pop("person", "coach-1")
        conversation = values.pop("conversation", f"a:{person}")
        kind = values.pop("kind", "personal")
        return {
            "type": "message",
            "id": uuid.uuid4().hex,
            "channelId": "msteams",
            "serviceUrl": self.teams.service_url,
            "from": {"id": f"29:{person}", "name": person, "aadObjectId": f"object-{person}"},
            "conversation": {"id": conversation, "conversationType": kind, "tenantId": TENANT},
            "recipient": {"id": BOT, "name": "Steunwijzer"},
            "channelData": {"tenant": {"id": TENANT}},
            "entities": [{"type": "clientInfo", "locale": "nl-NL"}],
        } | values

    def post(self, activity: dict[str, Any], token: str | None = None) -> httpx.Response:
        signed = self.teams.token() if token is None else token
        return self.http.post(f"{self.url}/api/messages", json=activity, headers={"Authorization": f"Bearer {signed}"})

    def install(self, person: str = "coach-1", **values: Any) -> httpx.Response:
        """Install the app and wait for the welcome: what comes before it finds no chat to go to."""
        answer = self.post(self.activity(type="installationUpdate", action="add", person=person, **values))
        self.wait(lambda: self.teams.said(values.get("conversation", f"a:{person}")))
        return answer

    def say(self, text: str, person: str = "coach-1", **values: Any) -> httpx.Response:
        return self.post(self.activity(text=text, person=person, **values))

    def press(self, verb: str, person: str = "coach-1", *, activity_id: str | None = None, **data: Any) -> httpx.Response:
        value = {"action": {"type": "Action.Execute", "verb": verb, "data": {"verb": verb, **data}}, "trigger": "manual"}
        made = self.activity(type="invoke", name="adaptiveCard/action", value=value, person=person)
        return self.post(made | ({"id": activity_id} if activity_id else {}))

    def wait(self, check: Callable[[], Any], seconds: float = 15.0) -> Any:
        """Wait until ``check`` gives something."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = check()
            if found:
                return found
            time.sleep(0.02)
        shown = [(each.conversation, each.text[:80], bool(each.card)) for each in self.teams.taken]
        raise AssertionError(f"This did not happen within {seconds} s. The connector has: {shown}")

    def texts(self, person: str = "coach-1") -> list[str]:
        return [each.text for each in self.teams.said(f"a:{person}") if each.text]

    def cards(self, person: str = "coach-1") -> list[dict[str, Any]]:
        return [each.card for each in self.teams.said(f"a:{person}") if each.card]
