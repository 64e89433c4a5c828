"""A small real server that keeps the website contract (DESIGN §5) with canned messages, for the tests of the widget.

It serves `connectors/static` as the application does, counts Content-Security-Policy reports, and on demand drops
connections, refuses sockets, limits the rate or forgets sessions. Control goes over `/test/…`, which only this server has.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, Header, Request, Response, WebSocket, WebSocketDisconnect
from fastapi.responses import JSONResponse

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "connectors" / "static"
sys.path.insert(0, str(ROOT))
from connectors.assets import Assets

POLICY = "; ".join(
    (
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
        "report-uri /test/csp",
    )
)
MAX_LENGTH = 2000
GREETING = (
    "Goedendag. Ik ben Steunwijzer, een digitale assistent. Ik help u met vragen over werk en psychische kwetsbaarheid.\n\n"
    "Wij bewaren dit gesprek 30 dagen. Noem geen naam van uw medewerker. Waar gaat uw vraag over?"
)
ANSWER = (
    "Begin klein: spreek voor vandaag **één taak** af en zeg vooraf wanneer die goed genoeg is.\n\n"
    "- **Maak ‘goed’ zichtbaar.** “Tien dozen, label leesbaar, klaar om drie uur. Dan is het goed.”\n"
    "- **Geef een vast vraagmoment**, bijvoorbeeld om tien en om twee uur. Dan hoeft vragen geen moed te kosten.\n"
    "- **Corrigeer onder vier ogen en over de taak**, en noem ook wat goed ging.\n\n"
    "Kijk na twee weken samen terug: wat gaat nu makkelijker?"
)
CRISIS = (
    "Is er nu direct gevaar? Bel **112**.\n\n"
    "Denkt iemand aan zelfdoding? Bel **113** of 0800-0113 (gratis, dag en nacht), of chat op 113.nl. "
    "U kunt zelf ook bellen om te overleggen.\n\n"
    "Blijf bij hem of haar en zorg dat diegene niet alleen is."
)
SOURCES = [
    {"title": "Werkgeversgids psychische kwetsbaarheid (nagekeken 21 november 2026)", "url": "https://example.org/gids"},
    {"title": "Arboportaal: psychosociale arbeidsbelasting", "url": "https://example.org/arbo"},
]


def empty_state() -> dict[str, Any]:
    """The state of a conversation in which nothing is open."""
    return {
        "topic": None, "confidence": 0.0, "flow": None, "step": None, "asks_for": None, "region": None,
        "handoff": "none", "crisis": False,
    }  # fmt: skip


def buttons(*titles: str) -> list[dict[str, str]]:
    """Choices whose value is what they say."""
    return [{"title": t, "value": t} for t in titles]


@dataclass
class Session:
    """One visitor: messages in order, the state, client ids already stored, and open sockets."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=empty_state)
    ids: dict[str, int] = field(default_factory=dict)
    sockets: set[WebSocket] = field(default_factory=set)
    feedback: list[dict[str, Any]] = field(default_factory=list)
    created_with: dict[str, Any] = field(default_factory=dict)

    def add(self, who: str, text: str, **more: Any) -> dict[str, Any]:
        message = {"seq": len(self.messages) + 1, "from": who, "text": text, "buttons": [], "sources": [], **more}
        self.messages.append(message)
        return message


@dataclass
class Control:
    """What the test switches on."""

    sockets_allowed: bool = True
    down: bool = False
    limited: int = 0
    delay: float = 0.0
    reports: list[Any] = field(default_factory=list)


def reply(session: Session, text: str) -> None:
    """Adds the canned answer to `text` and sets the state; keywords choose which."""
    said = text.lower()
    state = session.state = {**session.state, "asks_for": None, "step": None, "flow": None, "crisis": False, "topic": None}
    add = session.add
    if session.state["handoff"] == "accepted" and "dood" not in said:
        return
    if said.startswith("echo"):
        add("assistant", text)
    elif "dood" in said or "gevaar" in said:
        state |= {"crisis": True, "topic": "grens/crisis"}
        add("assistant", CRISIS)
    elif "mens spreken" in said:
        state |= {"flow": "handoff", "asks_for": "place", "step": {"number": 1, "of": 3}}
        add("assistant", "Dat kan. In welke plaats werkt uw bedrijf? Een postcode mag ook.")
    elif "tiel" in said:
        state |= {"flow": "handoff", "asks_for": "contact", "step": {"number": 2, "of": 3}, "region": "Rivierenland"}
        add("assistant", "Tiel hoort bij arbeidsmarktregio Rivierenland. Hoe kan de coach u bereiken? "
                         "Een telefoonnummer of e-mailadres is genoeg.", buttons=buttons("Liever niet"))  # fmt: skip
    elif said.startswith("06") or "@" in said or "aanpassen" in said:
        state |= {"flow": "handoff", "asks_for": "consent", "step": {"number": 3, "of": 3}, "region": "Rivierenland"}
        card = {"kind": "consent", "title": "Dit sturen we naar Voorbeeldcoach Rivierenland", "lines": [
            {"label": "Onderwerp", "value": "Medewerker in het magazijn durft geen hulp te vragen.", "edit": "onderwerp aanpassen"},
            {"label": "Plaats", "value": "Tiel", "edit": "plaats aanpassen"},
            {"label": "Contact", "value": "06 12345678", "edit": "contact aanpassen"},
        ]}  # fmt: skip
        add("assistant", "Mag ik dit sturen naar Voorbeeldcoach Rivierenland?\n\n"
                         "- Waar het over gaat: Medewerker in het magazijn durft geen hulp te vragen.\n- Plaats: Tiel\n"
                         "- Contact: 06 12345678\n\nWe bewaren het tot zes maanden na afloop.", card=card,
            buttons=buttons("Ja, stuur door", "Aanpassen", "Nee"))  # fmt: skip
    elif said.startswith("ja, stuur door"):
        state |= {"handoff": "requested", "region": "Rivierenland", "wait": "U krijgt hier meestal binnen tien minuten antwoord",
                  "hours": "op werkdagen van 9.00 tot 17.00 uur"}  # fmt: skip
        add("assistant", "Verstuurd om 14.05 uur. U kunt intussen gewoon doorvragen.")
    elif "stappenplan" in said:
        state |= {"flow": "prevention", "asks_for": "step_answer", "step": {"number": 2, "of": 6}}
        add("assistant", "**Wat ziet u op een gewone werkdag?** Noem één moment waarop het misgaat.",
            buttons=buttons("Vergaderingen lopen uit", "Taken blijven liggen", "Iets anders"))  # fmt: skip
    elif "datum" in said:
        state |= {"flow": "werkafspraken", "asks_for": "date", "step": {"number": 5, "of": 6}}
        add("assistant", "Wanneer bespreekt u deze afspraken opnieuw?")
    elif "samenvatting" in said:
        card = {"kind": "summary", "title": "Werkafspraken", "lines": [
            {"label": "Wat het werk vraagt", "value": "Tien orders per uur verzamelen.", "edit": "wat het werk vraagt aanpassen"},
            {"label": "Wat helpt", "value": "Twee vaste vraagmomenten per dag.", "edit": "wat helpt aanpassen"},
        ]}  # fmt: skip
        files = [{"title": "Werkafspraken", "url": "/v1/files/voorbeeld", "type": "application/pdf"},
                 {"title": "Bewerkbaar in Word", "url": "/v1/files/voorbeeld2", "type": "docx"}]  # fmt: skip
        add("assistant", "Dit zijn uw werkafspraken.", card=card, files=files)
    elif "plan in stappen" in said:
        card = {"kind": "steps", "title": "Uw plan", "lines": [
            {"label": "Vandaag:", "value": "spreek één taak af."}, {"label": "Deze week:", "value": "plan twee vraagmomenten."},
        ]}  # fmt: skip
        add("assistant", "Dit is uw plan.", card=card)
    elif "lang" in said:
        add("assistant", "\n\n".join(f"Alinea {n}. {ANSWER}" for n in range(1, 6)), sources=SOURCES)
    elif "kort" in said:
        add("assistant", "Kort antwoord.")
    else:
        state |= {"topic": "faalangst/omgaan", "confidence": 0.91}
        add("assistant", ANSWER, sources=SOURCES,
            buttons=buttons("Hoe begin ik het gesprek?", "Wat kan ik beter niet doen?", "Spreek een coach"))  # fmt: skip


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error in the shape of RFC 9457."""
    body = {"type": "about:blank", "status": status, "detail": detail}
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def create_app() -> FastAPI:
    """The server, with state of its own."""
    app = FastAPI(title="contract")
    sessions: dict[str, Session] = {}
    control = Control()

    def find(authorization: str) -> Session | None:
        return sessions.get(authorization.removeprefix("Bearer "))

    async def push(session: Session, frame: dict[str, Any], skip: WebSocket | None = None) -> None:
        for ws in list(session.sockets):
            if ws is not skip:
                with contextlib.suppress(Exception):
                    await ws.send_json(frame)

    async def push_from(session: Session, first: int) -> None:
        for message in session.messages[first:]:
            await push(session, {"type": "message", "message": message})
        await push(session, {"type": "state", "state": session.state})

    @app.middleware("http")
    async def guard(request: Request, call_next: Any) -> Response:
        if control.down and request.url.path.startswith("/v1/"):
            return problem(503, "De server is even niet bereikbaar.")
        response: Response = await call_next(request)
        response.headers["Content-Security-Policy"] = POLICY
        return response

    @app.post("/v1/sessions", status_code=201)
    async def create(request: Request) -> Any:
        session = Session()
        with contextlib.suppress(ValueError):
            session.created_with = await request.json()
        token = secrets.token_urlsafe(16)
        sessions[token] = session
        session.add("assistant", GREETING, buttons=buttons("Faalangstig gedrag", "Impulsief gedrag", "Concentratieproblemen"))
        return {"token": token, "messages": session.messages, "state": session.state}

    def store(session: Session, body: dict[str, Any]) -> tuple[int, int]:
        """Stores once per client id; returns the sequence number and how many messages there were before."""
        before = len(session.messages)
        known = session.ids.get(body.get("id", ""))
        if known is not None:
            return known, before
        message = session.add("user", body["text"], **({"id": body["id"]} if "id" in body else {}))
        if "id" in body:
            session.ids[body["id"]] = message["seq"]
        return message["seq"], before

    def refusal(body: dict[str, Any]) -> tuple[int, str] | None:
        text = str(body.get("text", "")).strip()
        if not text:
            return 422, "Uw bericht is leeg. Typ eerst een vraag."
        if len(text) > MAX_LENGTH:
            return 413, "Uw bericht is te lang. Maak het korter dan 2000 tekens."
        if control.limited > 0:
            control.limited -= 1
            return 429, "U stuurt veel berichten achter elkaar. Wacht een paar tellen; uw bericht gaat daarna vanzelf mee."
        return None

    @app.post("/v1/messages")
    async def post(request: Request, authorization: str = Header("")) -> Any:
        session = find(authorization)
        if session is None:
            return problem(401, "Uw gesprek is verlopen. Begin een nieuw gesprek.")
        body = await request.json()
        refused = refusal(body)
        if refused:
            return problem(*refused, {"Retry-After": "1"})
        seq, before = store(session, body)
        if len(session.messages) > before:
            reply(session, body["text"])
            await push_from(session, before)
        return {"messages": session.messages[before + 1 :] if len(session.messages) > before else session.messages[seq:],
                "state": session.state}  # fmt: skip

    @app.get("/v1/messages")
    async def messages(after: int = 0, authorization: str = Header("")) -> Any:
        session = find(authorization)
        if session is None:
            return problem(401, "Uw gesprek is verlopen. Begin een nieuw gesprek.")
        return {"messages": session.messages[after:], "state": session.state}

    @app.get("/v1/transcript")
    async def transcript(format: str = "text", authorization: str = Header("")) -> Any:
        session = find(authorization)
        if session is None:
            return problem(401, "Uw gesprek is verlopen. Begin een nieuw gesprek.")
        if format == "pdf":
            return Response(b"%PDF-1.7\n%%EOF\n", media_type="application/pdf")
        return Response("\n\n".join(f"{m['from']}: {m['text']}" for m in session.messages), media_type="text/plain")

    @app.delete("/v1/session")
    async def delete(authorization: str = Header("")) -> Any:
        session = sessions.pop(authorization.removeprefix("Bearer "), None)
        if session is None:
            return problem(401, "Uw gesprek is verlopen. Begin een nieuw gesprek.")
        return {"detail": f"Verwijderd: {len(session.messages)} berichten. Er staat niets meer van dit gesprek bij ons."}

    @app.post("/v1/feedback", status_code=204)
    async def feedback(request: Request, authorization: str = Header("")) -> Response:
        session = find(authorization)
        if session is None:
            return problem(401, "Uw gesprek is verlopen. Begin een nieuw gesprek.")
        session.feedback.append(await request.json())
        return Response(status_code=204)

    @app.get("/v1/files/{name}")
    async def file(name: str) -> Response:
        return Response(f"bestand {name}", media_type="text/plain", headers={"Content-Disposition": "attachment"})

    @app.websocket("/v1/ws")
    async def ws(ws: WebSocket) -> None:
        if not control.sockets_allowed or control.down:
            await ws.close(1013)
            return
        await ws.accept()
        session: Session | None = None
        try:
            hello = await ws.receive_json()
            session = sessions.get(hello.get("token"))
            if session is None:
                await ws.send_json({"type": "error", "status": 401, "detail": "Uw gesprek is verlopen."})
                await ws.close(4401)
                return
            for message in session.messages[hello.get("after", 0) :]:
                await ws.send_json({"type": "message", "message": message})
            await ws.send_json({"type": "state", "state": session.state})
            session.sockets.add(ws)
            while True:
                frame = await ws.receive_json()
                if frame["type"] == "ping":
                    await ws.send_json({"type": "pong"})
                elif frame["type"] == "send":
                    refused = refusal(frame)
                    if refused:
                        await ws.send_json(
                            {"type": "error", "status": refused[0], "detail": refused[1], "id": frame["id"], "retry_after": 1}
                        )
                        continue
                    seq, before = store(session, frame)
                    await ws.send_json({"type": "ack", "id": frame["id"], "seq": seq})
                    if len(session.messages) > before:
                        await push(session, {"type": "message", "message": session.messages[before]}, skip=ws)
                        if control.delay:
                            await asyncio.sleep(control.delay)
                        reply(session, frame["text"])
                        await push_from(session, before + 1)
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            if session is not None:
                session.sockets.discard(ws)

    # --- what only the tests may do

    @app.post("/test/csp", status_code=204)
    async def csp(request: Request) -> Response:
        control.reports.append(await request.json())
        return Response(status_code=204)

    @app.get("/test/all")
    async def everything() -> Any:
        return {
            "reports": control.reports,
            "sessions": [
                {"token": t, "messages": s.messages, "feedback": s.feedback, "created_with": s.created_with, "sockets": len(s.sockets)}
                for t, s in sessions.items()
            ],
        }

    @app.post("/test/control")
    async def switch(request: Request) -> Any:
        for name, value in (await request.json()).items():
            setattr(control, name, value)
        return {}

    @app.post("/test/drop")
    async def drop() -> Any:
        """Breaks every socket without a closing frame's courtesy, as a dead network does."""
        count = 0
        for session in sessions.values():
            for socket in list(session.sockets):
                with contextlib.suppress(Exception):
                    await socket.close(1012)
                    count += 1
        return {"dropped": count}

    @app.post("/test/forget")
    async def forget() -> Any:
        """Lets every session expire."""
        open_sockets = [ws for s in sessions.values() for ws in s.sockets]
        sessions.clear()
        for socket in open_sockets:
            with contextlib.suppress(Exception):
                await socket.close(4401)
        return {}

    @app.post("/test/say")
    async def say(request: Request) -> Any:
        """Adds a message from outside (a coach) to the newest session, and changes its state."""
        body = await request.json()
        session = list(sessions.values())[-1]
        before = len(session.messages)
        session.state = {**session.state, **body.get("state", {})}
        if "text" in body:
            session.add(body.get("from", "coach"), body["text"], **body.get("more", {}))
        await push_from(session, before)
        if body.get("typing"):
            await push(session, {"type": "typing", "from": "coach"})
        return {}

    app.mount("/", Assets(directory=STATIC, html=True))
    return app


def main() -> None:
    """Serves on the port given."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8099)
    uvicorn.run(create_app(), port=parser.parse_args().port, ws="wsproto", log_level="warning")


if __name__ == "__main__":
    main()
