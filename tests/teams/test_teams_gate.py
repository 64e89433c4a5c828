"""Which requests get in: a table of bad ones, each with the right status and without any effect."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import jwt
import pytest
from bot_here import FixedToken, Parrot, bot
from cryptography.hazmat.primitives import serialization
from microsoft import APP_ID, TENANT, Client
from sqlalchemy import func, select

from steunwijzer import models
from steunwijzer.db import session_scope


def _public_pem(teams: Client) -> bytes:
    return teams.teams.key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _hs256(teams: Client) -> str:
    """Signed with the published key as if it were a secret: the classic confusion. PyJWT refuses to make it, so it is put together."""
    import base64
    import hashlib
    import hmac

    def part(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    head = part(json.dumps({"alg": "HS256", "typ": "JWT", "kid": "k1"}).encode())
    claims = {"iss": "https://api.botframework.com", "aud": APP_ID, "exp": int(time.time()) + 600, "serviceurl": teams.teams.service_url}
    signed = head + b"." + part(json.dumps(claims).encode())
    return (signed + b"." + part(hmac.new(_public_pem(teams), signed, hashlib.sha256).digest())).decode()


def _token(**change: Any) -> Callable[[Client], httpx.Response]:
    return lambda teams: teams.post(teams.activity(text="hallo"), teams.teams.token(**change))


def _changed(**change: Any) -> Callable[[Client], httpx.Response]:
    return lambda teams: teams.post(teams.activity(text="hallo") | change)


def _raw(content: bytes, content_type: str = "application/json", **headers: str) -> Callable[[Client], httpx.Response]:
    def send(teams: Client) -> httpx.Response:
        sent = {"Authorization": f"Bearer {teams.teams.token()}", "Content-Type": content_type, **headers}
        return teams.http.post(f"{teams.url}/api/messages", content=content, headers=sent)

    return send


def _authorization(value: str | None) -> Callable[[Client], httpx.Response]:
    def send(teams: Client) -> httpx.Response:
        headers = {"Authorization": value} if value is not None else {}
        return teams.http.post(f"{teams.url}/api/messages", json=teams.activity(text="hallo"), headers=headers)

    return send


BAD: dict[str, tuple[int, Callable[[Client], httpx.Response]]] = {
    "no token": (401, _authorization(None)),
    "basic instead of bearer": (401, _authorization("Basic aGFsbG86aGFsbG8=")),
    "not a token": (401, _authorization("Bearer hallo")),
    "bearer without token": (401, _authorization("Bearer")),
    "other issuer": (401, _token(iss="https://sts.windows.net/other/")),
    "no issuer": (401, _token(drop=("iss",))),
    "other audience": (401, _token(aud="99999999-2222-3333-4444-555555555555")),
    "audience among others": (401, _token(aud=[APP_ID, "other"])),
    "other key": (401, lambda teams: teams.post(teams.activity(text="hallo"), teams.teams.token(key=teams.teams.other_key))),
    "unknown key id": (401, _token(kid="k9")),
    "no key id": (401, _token(kid=None)),
    "unsigned": (401, lambda teams: teams.post(teams.activity(text="hallo"), jwt.encode({"aud": APP_ID}, None, "none", {"kid": "k1"}))),
    "other algorithm": (401, _token(algorithm="RS512")),
    "public key as secret": (401, lambda teams: teams.post(teams.activity(text="hallo"), _hs256(teams))),
    "expired": (401, _token(exp=int(time.time()) - 3600)),
    "no expiry": (401, _token(drop=("exp",))),
    "not yet valid": (401, _token(nbf=int(time.time()) + 3600)),
    "no service address in the token": (403, _token(drop=("serviceurl",))),
    "other service address in the token": (403, _token(serviceurl="https://smba.trafficmanager.net/emea/")),
    "service address that may not be used": (
        403,
        lambda teams: teams.post(
            teams.activity(text="hallo", serviceUrl="https://evil.example/"), teams.teams.token(serviceurl="https://evil.example/")
        ),
    ),
    "key that is not endorsed for Teams": (
        403,
        lambda teams: teams.post(teams.activity(text="hallo"), teams.teams.token(key=teams.teams.other_key, kid="k2")),
    ),
    "other channel": (403, _changed(channelId="webchat")),
    "other tenant": (403, _changed(channelData={"tenant": {"id": "99999999-bbbb-cccc-dddd-eeeeeeeeeeee"}})),
    "no tenant": (403, _changed(channelData={}, conversation={"id": "a:coach-1", "conversationType": "personal"})),
    "no JSON": (400, _raw(b"{hallo")),
    "JSON that is no object": (400, _raw(b"[1, 2]")),
    "JSON without end": (400, _raw(b"[" * 100_000)),
    "broken text encoding": (400, _raw(b'{"type": "\xff\xfe"}')),
    "no type": (400, _changed(type=None)),
    "no conversation": (400, _changed(conversation=None)),
    "message without id": (400, _changed(id="")),
    "other kind of content": (415, _raw(b"hallo", "text/plain")),
    "too large": (413, _raw(b'{"type":"message","text":"' + b"a" * 300_000 + b'"}')),
    "other method": (405, lambda teams: teams.http.get(f"{teams.url}/api/messages")),
}


@pytest.fixture
def untouched(teams: Client, parrot: Parrot) -> Any:
    """Checks after the test that nothing happened: nothing stored, nothing asked, nothing sent."""

    yield
    time.sleep(0.05)
    assert parrot.asked == []
    assert teams.teams.taken == []
    with session_scope(reading=True) as session:
        for table in (models.TeamsReference, models.TeamsActivity, models.OutboxRow, models.Conversation):
            assert session.execute(select(func.count()).select_from(table)).scalar_one() == 0


def test_bad_requests_are_refused_without_effect(teams: Client, untouched: None) -> None:
    wrong = {}
    for name, (status, send) in BAD.items():
        answer = send(teams)
        if answer.status_code != status:
            wrong[name] = (answer.status_code, status)
        elif status != 405:
            assert answer.headers["content-type"].startswith("application/problem+json"), name
    assert wrong == {}
    assert len(BAD) >= 25


def test_unknown_things_are_accepted_and_never_an_error(teams: Client, parrot: Parrot) -> None:
    odd: list[dict[str, Any]] = [
        {"entities": "geen lijst"},
        {"entities": [None, 3, {"type": "nieuw", "x": [1]}, {"type": "mention", "mentioned": "wie", "text": 5}]},
        {"entities": {"type": "mention"}},
        {"attachments": "x", "value": "y"},
        {"from": {"id": "29:coach-1", "aadObjectId": 7}},
        {"locale": 5, "timestamp": "gisteren", "textFormat": {}},
        {"text": None, "attachments": [{"contentType": "image/gif"}]},
    ]
    for values in odd:
        assert teams.post(teams.activity(text="hallo") | values).status_code == 202, values
    for kind in ("messageReaction", "typing", "event", "heelNieuw", "endOfConversation", "messageUpdate", "messageDelete"):
        assert teams.post(teams.activity(type=kind, text="hallo")).status_code == 202
    assert teams.post(teams.activity(type="conversationUpdate", membersAdded="x")).status_code == 202
    assert teams.post(teams.activity(type="invoke", name="composeExtension/query")).status_code == 501
    assert teams.post(teams.activity(type="invoke", name="adaptiveCard/action", value="x")).json()["statusCode"] == 400
    teams.wait(lambda: len(parrot.asked) == 6)


def test_a_message_that_comes_twice_is_answered_once(teams: Client, parrot: Parrot) -> None:
    activity = teams.activity(text="hallo")
    for _ in range(3):
        assert teams.post(activity).status_code == 202
    teams.say("nog iets")
    teams.wait(lambda: teams.texts() == ["Je zei: hallo", "Je zei: nog iets"])
    assert [text for _, text in parrot.asked] == ["hallo", "nog iets"]


def test_a_press_that_comes_twice_gets_the_same_answer_and_does_nothing_more(teams: Client, ask_for_coach: Callable[..., Any]) -> None:
    teams.install()
    request = ask_for_coach()
    accepted = teams.press("accept", activity_id="druk-1", request=request.id)
    assert accepted.json()["type"] == "application/vnd.microsoft.card.adaptive"
    noted = teams.press("note", activity_id="druk-2", request=request.id, note="Belt liever na drie uur")
    for _ in range(2):
        assert teams.press("accept", activity_id="druk-1", request=request.id).json() == accepted.json()
        assert teams.press("note", activity_id="druk-2", request=request.id, note="Belt liever na drie uur").json() == noted.json()
    with session_scope(reading=True) as session:
        notes = session.execute(select(models.Note.text)).scalars().all()
        events = session.execute(select(models.AuditEvent.event).where(models.AuditEvent.subject == request.id)).scalars().all()
    assert notes == ["Belt liever na drie uur"]
    assert events.count("accept") == 1


def test_new_keys_are_read_when_a_token_names_one_but_not_for_every_stranger(teams: Client) -> None:
    before = teams.teams.key_reads
    for number in range(5):
        assert teams.post(teams.activity(text="hallo"), teams.teams.token(kid=f"vreemd-{number}")).status_code == 401
    assert teams.teams.key_reads <= before + 1


def test_it_is_off_without_an_app_id(database: str) -> None:
    with bot(Parrot(), FixedToken()) as url:
        answer = httpx.post(f"{url}/api/messages", json={})
    assert answer.status_code == 503
    assert "STEUNWIJZER_TEAMS_APP_ID" in answer.json()["detail"]


def test_it_is_off_without_a_tenant(teams_settings: Callable[..., None]) -> None:
    """Without one, every tenant in the world would be let in."""
    teams_settings(teams_tenant_id="")
    with bot(Parrot(), FixedToken()) as url:
        answer = httpx.post(f"{url}/api/messages", json={})
    assert answer.status_code == 503
    assert "STEUNWIJZER_TEAMS_TENANT_ID" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("headers", "change", "status"),
    [
        ({}, {}, 202),
        ({"X-Forwarded-For": "203.0.113.5"}, {}, 403),
        ({"Host": "steunwijzer.example.org"}, {}, 403),
        ({}, {"serviceUrl": "https://smba.trafficmanager.net/emea/"}, 403),
        ({}, {"serviceUrl": "http://127.0.0.1.example.org/"}, 403),
        ({}, {"channelId": "emulator"}, 403),
    ],
)
def test_anonymous_mode_is_for_this_machine_only(
    teams_settings: Callable[..., None], microsoft_side: Any, headers: dict[str, str], change: dict[str, str], status: int
) -> None:
    teams_settings(teams_anonymous="true")
    with bot(Parrot(), FixedToken()) as url:
        client = Client(url, microsoft_side)
        answer = httpx.post(f"{url}/api/messages", json=client.activity(text="hallo") | change, headers=headers)
    assert answer.status_code == status


def test_anonymous_mode_is_refused_outside_development(settings: Callable[..., None]) -> None:
    from steunwijzer.settings import get_settings

    settings(teams_anonymous="true", environment="production", secret_key="x" * 40)
    with pytest.raises(ValueError, match="TEAMS_ANONYMOUS"):
        get_settings()


def test_tenant_may_be_written_in_capitals(teams: Client) -> None:
    activity = teams.activity(text="hallo", channelData={"tenant": {"id": TENANT.upper()}})
    assert teams.post(activity).status_code == 202
