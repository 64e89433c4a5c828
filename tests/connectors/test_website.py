"""The HTTP contract, from outside."""

from __future__ import annotations

import io
import json
from pathlib import Path

import httpx
import pytest
import websocket
from pypdf import PdfReader
from serving import Server, Visitor, serving


def test_a_session_begins_with_the_assistants_words(visitor: Visitor) -> None:
    first = visitor.welcome[0]
    assert first["seq"] == 1
    assert first["from"] == "assistant"
    assert "digitale assistent" in first["text"]
    assert "gewist" in first["text"]
    assert visitor.state["handoff"] == "none"
    assert visitor.state["topic"] is None


def test_a_reply_has_the_contracts_shape(visitor: Visitor) -> None:
    body = visitor.say("mijn medewerker durft niets te vragen")
    message = body["messages"][0]
    assert message["from"] == "assistant"
    assert message["sources"]
    assert set(message["sources"][0]) == {"title", "url"}
    assert set(message["buttons"][0]) == {"title", "value"}
    assert set(body["state"]) == {"topic", "confidence", "flow", "step", "asks_for", "region", "handoff", "crisis"}
    assert body["state"]["topic"] == "faalangst/omgaan"
    assert 0 < body["state"]["confidence"] <= 1


def test_sending_the_same_message_again_changes_nothing(visitor: Visitor) -> None:
    first = visitor.say("hallo", client_id="eerste")
    again = visitor.say("hallo", client_id="eerste")
    assert again["seq"] == first["seq"]
    assert again["messages"] == first["messages"]
    everything = visitor.http.get("/v1/messages").json()["messages"]
    assert [m["from"] for m in everything] == ["assistant", "user", "assistant"]
    assert [m["seq"] for m in everything] == [1, 2, 3]


def test_reading_after_a_number(visitor: Visitor) -> None:
    visitor.say("hallo")
    read = visitor.http.get("/v1/messages", params={"after": 1}).json()
    assert [m["seq"] for m in read["messages"]] == [2, 3]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b'{"text": 3}', 422),
        (b'{"text": ""}', 422),
        (b'{"text": "   "}', 422),
        (b'{"text": "///"}', 422),
        (b'{"message": "hallo"}', 422),
        (b'{"text": "\\u0000\\u0007"}', 422),
        (b'{"text": "' + b"a" * 5000 + b'"}', 413),
        (b'{"text": "' + b"a" * 100_000 + b'"}', 413),
        (b"\xff\xfe\x00binary", 400),
    ],
)
def test_bad_input_gets_a_dutch_explanation(visitor: Visitor, body: bytes, status: int) -> None:
    answered = visitor.http.post("/v1/messages", content=body, headers={"Content-Type": "application/json"})
    assert answered.status_code == status, answered.text
    assert answered.headers["content-type"].startswith("application/problem+json")
    problem = answered.json()
    assert problem["status"] == status
    assert len(problem["detail"]) > 20
    assert visitor.http.get("/v1/messages").json()["messages"][-1]["seq"] == 1


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer onzin", "Basic abc", "Bearer eyJhbGciOiJub25lIn0.e30."])
def test_without_a_valid_token_nothing_can_be_read(application: Server, header: str | None) -> None:
    headers = {"Authorization": header} if header is not None else {}
    for method, path in (("GET", "/v1/messages"), ("GET", "/v1/transcript"), ("DELETE", "/v1/session")):
        answered = httpx.request(method, application.url + path, headers=headers)
        assert answered.status_code == 401
        assert "gesprek" in answered.json()["detail"]


def test_a_changed_token_opens_no_other_conversation(application: Server, visitor: Visitor) -> None:
    other = Visitor(application.url)
    head, _, tail = visitor.token.partition(".")
    for forged in (other.token.split(".")[0] + "." + tail, visitor.token[:-2] + "xx", visitor.token + "a"):
        answered = httpx.get(f"{application.url}/v1/messages", headers={"Authorization": f"Bearer {forged}"})
        assert answered.status_code == 401
    other.close()


def test_transcript_as_text_and_pdf(visitor: Visitor) -> None:
    visitor.say("mijn medewerker durft niets te vragen")
    text = visitor.http.get("/v1/transcript").text
    assert "mijn medewerker durft niets te vragen" in text
    assert "Bronnen:" in text
    pdf = visitor.http.get("/v1/transcript", params={"format": "pdf"})
    reader = PdfReader(io.BytesIO(pdf.content))
    assert "durft niets te vragen" in "".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert visitor.http.get("/v1/transcript", params={"format": "docx"}).status_code == 422


def test_feedback(visitor: Visitor) -> None:
    visitor.say("hallo")
    assert visitor.http.post("/v1/feedback", json={"seq": 3, "value": "up"}).status_code == 204
    assert visitor.http.post("/v1/feedback", json={"seq": 3, "value": "down", "reason": "te vaag"}).status_code == 204
    assert visitor.http.post("/v1/feedback", json={"seq": 99, "value": "up"}).status_code == 404
    assert visitor.http.post("/v1/feedback", json={"seq": 3, "value": "misschien"}).status_code == 422


def test_deleting_removes_the_conversation(visitor: Visitor) -> None:
    visitor.say("mijn medewerker is snel afgeleid")
    removed = visitor.http.delete("/v1/session")
    assert removed.status_code == 200
    assert removed.json()["removed"]
    assert visitor.http.get("/v1/messages").status_code == 401
    assert visitor.http.post("/v1/messages", json={"text": "hallo"}).status_code == 401


def test_personal_data_is_not_kept(visitor: Visitor) -> None:
    body = visitor.say("zijn bsn is 111222333 en rekening NL91ABNA0417164300, hij durft niets te vragen")
    assert "burgerservicenummer" in body["messages"][0]["text"]
    kept = visitor.http.get("/v1/transcript").text
    assert "111222333" not in kept
    assert "NL91ABNA0417164300" not in kept


def test_conversation_goes_on_after_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        visitor = Visitor(server.url)
        visitor.say("mijn medewerker is snel afgeleid en vergeet alles")
        server.kill()
        server.start()
        assert visitor.say("en hoe breng ik dat?")["state"]["topic"] == "concentratie/gesprek"
        assert [m["seq"] for m in visitor.http.get("/v1/messages").json()["messages"]] == [1, 2, 3, 4, 5]
        log = server.log.read_text()
        assert "afgeleid" not in log
        assert "hoe breng ik dat" not in log


def test_a_visitors_own_message_carries_the_clients_id(visitor: Visitor) -> None:
    visitor.say("hallo", client_id="van-de-client")
    own = visitor.http.get("/v1/messages").json()["messages"][1]
    assert (own["from"], own["id"]) == ("user", "van-de-client")


def begun(server: Server, place: object) -> Visitor:
    """A visitor of a page that names a place."""
    visitor = Visitor(server.url, place=place)
    assert visitor.welcome[0]["from"] == "assistant"
    return visitor


def test_the_place_of_the_page_fills_the_region_and_is_not_asked_again(application: Server) -> None:
    visitor = begun(application, "Tiel")
    assert visitor.state["region"] == "Rivierenland"
    answered = visitor.say("ik wil een coach spreken")
    assert answered["state"]["asks_for"] == "contact"
    assert "Ik ga uit van Tiel (regio Rivierenland)" in answered["messages"][0]["text"]
    moved = visitor.say("nee, Assen")
    assert moved["state"]["region"] == "Groningen"
    assert moved["state"]["asks_for"] == "contact"
    visitor.close()


def test_what_the_visitor_says_beats_the_place_of_the_page(application: Server) -> None:
    visitor = begun(application, "Tiel")
    answered = visitor.say("ik wil een coach spreken in Almere")
    assert answered["state"]["region"] == "Flevoland"
    assert "Tiel" not in answered["messages"][0]["text"]
    visitor.close()


def test_who_is_my_coach_uses_the_place_of_the_page(application: Server) -> None:
    visitor = begun(application, "Tiel")
    assert "Rivierenland" in visitor.say("welke coach hoort bij ons?")["messages"][0]["text"]
    visitor.close()


def test_a_place_of_the_page_that_can_be_several_is_asked(application: Server) -> None:
    visitor = begun(application, "Bergen")
    assert visitor.state["region"] is None
    answered = visitor.say("ik wil een coach spreken")
    assert answered["state"]["asks_for"] == "place"
    assert any("Limburg" in button["title"] for button in answered["messages"][-1]["buttons"])
    visitor.close()


@pytest.mark.parametrize("place", ["Voorbeeldstad", "", "Antwerpen", None])
def test_a_page_that_names_no_dutch_place_does_no_harm(application: Server, place: object) -> None:
    visitor = begun(application, place)
    assert visitor.state["region"] is None
    assert visitor.say("ik wil een coach spreken")["state"]["asks_for"] == "place"
    visitor.close()


def opened(server: Server, origin: str | None) -> dict[str, object]:
    """What the WebSocket says first to a page of this origin."""
    connection = websocket.create_connection(server.url.replace("http", "ws") + "/v1/ws", timeout=15, suppress_origin=True,
                                             header=[f"Origin: {origin}"] if origin else [])  # fmt: skip
    try:
        connection.send(json.dumps({"type": "hello", "token": "x"}))
        frame: dict[str, object] = json.loads(connection.recv())
        return frame
    finally:
        connection.close()


def preflight(server: Server, origin: str) -> str | None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}
    return httpx.options(f"{server.url}/v1/messages", headers=asked).headers.get("access-control-allow-origin")


def test_pages_of_other_websites_are_kept_out(application: Server) -> None:
    assert opened(application, None)["status"] == 401
    assert opened(application, application.url)["status"] == 401
    for stranger in ("https://elders.example", "null"):
        with pytest.raises(websocket.WebSocketBadStatusException):
            opened(application, stranger)
        assert preflight(application, stranger) is None
        assert "access-control-allow-origin" not in httpx.get(f"{application.url}/v1/messages", headers={"Origin": stranger}).headers


def test_limits_are_kind(tmp_path: Path) -> None:
    friend = "https://www.gemeente.example"
    with serving(tmp_path, rate_per_minute="3", rate_sessions_per_hour="2", allowed_origins=f" {friend}/ , https://b.example") as server:
        visitor = Visitor(server.url)
        statuses = [visitor.http.post("/v1/messages", json={"text": "hallo"}).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = visitor.http.post("/v1/messages", json={"text": "hallo"})
        assert "112" in refused.json()["detail"]
        assert refused.headers["retry-after"]
        connection = websocket.create_connection(server.url.replace("http", "ws") + "/v1/ws", timeout=15, origin=friend)
        connection.send(json.dumps({"type": "hello", "token": visitor.token, "after": 99}))
        connection.send(json.dumps({"type": "send", "id": "a", "text": "hallo"}))
        frames = [json.loads(connection.recv()) for _ in range(2)]
        connection.close()
        error = next(frame for frame in frames if frame["type"] == "error")
        assert (error["status"], error["id"], str(error["retry_after"])) == (429, "a", refused.headers["retry-after"])
        assert preflight(server, friend) == friend
        assert preflight(server, "https://c.example") is None
        told = httpx.get(f"{server.url}/v1/messages", headers={"Origin": friend}).headers
        assert told["access-control-allow-origin"] == friend
        assert "retry-after" in told["access-control-expose-headers"].lower()
        assert "access-control-allow-credentials" not in told
        Visitor(server.url)
        assert httpx.post(f"{server.url}/v1/sessions").status_code == 429


def test_pages_and_operations(application: Server) -> None:
    page = httpx.get(application.url)
    assert "steunwijzer-chat" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "require-trusted-types-for 'script'" in policy
    assert httpx.get(f"{application.url}/healthz").json() == {"status": "ok"}
    assert "steunwijzer_http_requests_total" in httpx.get(f"{application.url}/metrics").text
    assert httpx.get(f"{application.url}/openapi.json").status_code == 200
    missing = httpx.get(f"{application.url}/bestaat-niet")
    assert missing.status_code == 404
    assert missing.headers["content-type"].startswith("application/problem+json")
