"""The HTTP contract, from outside."""

from __future__ import annotations

import io
from pathlib import Path

import httpx
import pytest
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


def test_limits_are_kind(tmp_path: Path) -> None:
    with serving(tmp_path, rate_per_minute="3", rate_sessions_per_hour="2") as server:
        visitor = Visitor(server.url)
        statuses = [visitor.http.post("/v1/messages", json={"text": "hallo"}).status_code for _ in range(5)]
        assert statuses == [200, 200, 200, 429, 429]
        refused = visitor.http.post("/v1/messages", json={"text": "hallo"})
        assert "112" in refused.json()["detail"]
        assert refused.headers["retry-after"]
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
