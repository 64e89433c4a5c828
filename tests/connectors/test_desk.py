"""The coach desk from outside: a real server, coaches over HTTP and WebSocket, and people who try to get in."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import httpx
import pytest
import redis
import time_machine
import websocket
from coaching import ELSEWHERE, FIRST, SECOND, SECRET_PHONE, Desk, clean_desk, place_request
from fastapi import FastAPI
from serving import ROOT, STEUNWIJZER, Server, free_port, serving

from connectors import desk, sessions
from steunwijzer import conversations, desk_access, directory, handoff_reading, placements, relay
from steunwijzer.calendar_nl import AMSTERDAM, today


@pytest.fixture
def server(application: Server, settings: Callable[..., None]) -> Server:
    """The shared server; services called in the test see its database."""
    settings(database_url=application.database_url)
    clean_desk("rivierenland", "rivierenland-2")
    return application


@pytest.fixture
def coach(server: Server) -> Desk:
    return Desk(server, FIRST)


@pytest.fixture
def colleague(server: Server) -> Desk:
    return Desk(server, SECOND)


def in_terminal(server: Server, *words: str) -> str:
    """What ``steunwijzer desk link …`` prints."""
    environment = {**os.environ, "STEUNWIJZER_DATABASE_URL": server.database_url, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run([str(STEUNWIJZER), "desk", "link", *words], cwd=ROOT, env=environment, capture_output=True, text=True)
    return done.stdout + done.stderr


# Coming in


def test_a_fresh_machine_has_coaches_and_a_link_from_the_terminal_signs_one_in(server: Server) -> None:
    assert "voorbeeldcoaches (verzonnen) ingelezen" in server.log.read_text()
    assert FIRST in in_terminal(server)
    printed = in_terminal(server, FIRST.upper(), "--url", server.url)
    token = re.search(rf"{server.url}/desk#in=(\S+)", printed)
    assert token, printed
    nobody = Desk(server, None)
    entered = nobody.enter(token[1])
    assert entered.status_code == 200
    assert entered.json()["coach"]["name"] == "Voorbeeldcoach Rivierenland"
    cookie = entered.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("httponly", "samesite=strict", "path=/desk"))
    assert nobody.get("/me").json()["coach"]["area"] == ["Rivierenland"]


def test_the_terminal_says_who_is_not_a_coach(server: Server) -> None:
    printed = in_terminal(server, "niemand@example.org")
    assert "geen coach met het adres niemand@example.org" in printed
    assert "#in=" not in printed


def test_a_link_works_once_even_for_two_at_the_same_time(server: Server) -> None:
    token = desk_access.make_link("rivierenland").token
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: Desk(server, None).enter(token), range(6)))
    assert sorted(each.status_code for each in answers) == [200, 401, 401, 401, 401, 401]
    assert "al gebruikt" in next(each for each in answers if each.status_code == 401).json()["detail"]


def test_an_old_link_is_refused(server: Server) -> None:
    with time_machine.travel(time.time() - 16 * 60):
        token = desk_access.make_link("rivierenland").token
    refused = Desk(server, None).enter(token)
    assert refused.status_code == 401
    assert "15 minuten" in refused.json()["detail"]


@pytest.mark.parametrize(
    "forge", [lambda t: t[:-2] + "xx", lambda t: "a" + t, lambda t: t.split(".")[0], lambda _: "onzin", lambda _: "." * 200]
)
def test_a_forged_link_is_refused(server: Server, forge: Callable[[str], str]) -> None:
    refused = Desk(server, None).enter(forge(desk_access.make_link("rivierenland").token))
    assert refused.status_code == 401
    assert "klopt niet" in refused.json()["detail"]
    assert "set-cookie" not in refused.headers


def test_a_visitors_token_is_no_link(server: Server) -> None:
    token = sessions.token_for(conversations.start().id)
    assert Desk(server, None).enter(token).status_code == 401


def test_who_leaves_the_directory_is_out_at_once(server: Server) -> None:
    directory.import_coaches("code,naam,organisatie,email,regios\ntijdelijk,Voorbeeld Tijdelijk,Voorbeeld,tijdelijk@example.org,Twente\n")
    leaving = Desk(server, "tijdelijk@example.org")
    link = desk_access.make_link("tijdelijk").token
    assert leaving.get("/me").status_code == 200
    with directory.joined(None) as session:
        session.get(directory.models.Coach, "tijdelijk").active = False
    assert leaving.get("/me").status_code == 401
    assert leaving.get("/requests").status_code == 401
    assert Desk(server, None).enter(link).status_code == 401
    with pytest.raises(directory.UnknownCoach):
        desk_access.make_link("tijdelijk")


def test_signing_out_ends_the_session_itself(server: Server, coach: Desk) -> None:
    cookies = dict(coach.http.cookies)
    assert coach.send("DELETE", "/session").status_code == 204
    assert httpx.get(f"{server.url}/desk/api/me", cookies=cookies).status_code == 401


def test_nobody_gets_in_without_signing_in(server: Server) -> None:
    nobody = Desk(server, None)
    request = place_request()
    for path in ("/me", "/requests", "/history", "/placements", f"/requests/{request.id}", f"/requests/{request.id}/messages"):
        refused = nobody.get(path)
        assert refused.status_code == 401, path
        assert "aanmeldlink" in refused.json()["detail"]
        assert refused.headers["content-type"] == "application/problem+json"
    assert nobody.post(f"/requests/{request.id}/accept").status_code == 401
    with nobody.live() as live, pytest.raises((websocket.WebSocketException, ValueError)):
        live.until(lambda frame: True)
    nobody.http.cookies.set("steunwijzer_desk", "geraden", path="/desk")
    assert nobody.get("/me").status_code == 401


def test_another_site_cannot_act_for_a_coach(server: Server, coach: Desk, colleague: Desk) -> None:
    request = place_request()
    path = f"/requests/{request.id}/accept"
    for headers in ({}, {"X-Steunwijzer-Desk": ""}, {"X-Steunwijzer-Desk": "nieuw"}, {"X-Steunwijzer-Desk": colleague.form}):
        assert coach.http.post(path, headers=headers).status_code == 403
    assert coach.send("POST", path, Origin="https://kwaad.example").status_code == 403
    assert handoff_reading.get(request.id).state == "requested"
    with coach.live(origin="https://kwaad.example") as live, pytest.raises((websocket.WebSocketException, ValueError)):
        live.until(lambda frame: True)
    token = desk_access.make_link("rivierenland").token
    assert httpx.post(f"{server.url}/desk/api/session", json={"token": token}).status_code == 403
    assert coach.send("POST", path, Origin=server.url).status_code == 200


# Taking requests


def test_contact_is_seen_only_after_taking(coach: Desk, colleague: Desk) -> None:
    request = place_request(name="Mevrouw Voorbeeld", email="werkgever@example.org")
    waiting = coach.get("/requests")
    shown = next(each for each in waiting.json()["waiting"] if each["id"] == request.id)
    assert (shown["place"], shown["region"], shown["kind"]) == ("Tiel", "Rivierenland", "handoff")
    before = coach.get(f"/requests/{request.id}")
    for text in (waiting.text, before.text):
        assert not any(secret in text for secret in (SECRET_PHONE, "werkgever@example.org", "Mevrouw"))
    taken = coach.post(f"/requests/{request.id}/accept").json()
    assert taken["contact"] == {
        "name": "Mevrouw Voorbeeld", "phone": SECRET_PHONE, "phone_shown": "06 12345678", "email": "werkgever@example.org",
    }  # fmt: skip
    assert taken["chat"] == "open"
    assert coach.get("/requests").headers["cache-control"] == "no-store"
    refused = colleague.get(f"/requests/{request.id}")
    assert refused.status_code == 409
    assert refused.json()["detail"] == "Voorbeeldcoach Rivierenland heeft deze aanvraag al aangenomen."


def test_of_two_coaches_one_wins_and_the_other_hears_who(coach: Desk, colleague: Desk) -> None:
    for _ in range(5):
        path = f"/requests/{place_request().id}/accept"
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda desk, path=path: desk.post(path), (coach, colleague)))
        assert sorted(each.status_code for each in answers) == [200, 409]
        winner, loser = (coach, answers[1]) if answers[0].status_code == 200 else (colleague, answers[0])
        assert loser.json()["detail"] == f"{winner.me['name']} heeft deze aanvraag al aangenomen."
        winner.post(path.replace("accept", "close"), {"reason": "done"})


def test_a_coach_of_another_region_sees_nothing(server: Server) -> None:
    request = place_request()
    other = Desk(server, ELSEWHERE)
    assert request.id not in other.get("/requests").text
    assert other.get(f"/requests/{request.id}").status_code == 403
    assert other.post(f"/requests/{request.id}/accept").status_code == 403
    assert handoff_reading.get(request.id).state == "requested"


def test_only_the_owner_may_do_anything(coach: Desk, colleague: Desk) -> None:
    request = place_request()
    coach.post(f"/requests/{request.id}/accept")
    attempts = {
        "close": {"reason": "done"}, "give_back": None, "resume": None, "pass_on": {"to": None}, "called": {"reached": True},
        "notes": {"text": "x"}, "messages": {"text": "x", "id": "1"},
    }  # fmt: skip
    for step, body in attempts.items():
        assert colleague.post(f"/requests/{request.id}/{step}", body).status_code == 403, step
    assert colleague.get(f"/requests/{request.id}/messages").status_code == 403
    assert handoff_reading.get(request.id).state == "accepted"
    assert relay.after(request.id) == []
    assert handoff_reading.notes(request.id) == []


def test_unknown_and_broken_requests_are_explained(coach: Desk) -> None:
    for path in ("bestaat-niet", "%2e%2e", "x" * 300):
        missing = coach.get(f"/requests/{path}")
        assert missing.status_code == 404
        assert missing.json()["detail"]
    request = place_request()
    coach.post(f"/requests/{request.id}/accept")
    for body in ({}, {"text": 3, "id": "1"}, {"text": "hallo"}, {"text": "  ", "id": "1"}, {"text": "a" * 5000, "id": "1"}):
        assert coach.post(f"/requests/{request.id}/messages", body).status_code == 422
    assert coach.post(f"/requests/{request.id}/messages", {"text": "a" * 2500, "id": "1"}).status_code == 413
    assert coach.post(f"/requests/{request.id}/notes", {"text": "  "}).status_code == 422
    assert coach.post(f"/requests/{request.id}/pass_on", {"to": "onbekend"}).status_code == 404
    assert coach.post(f"/requests/{request.id}/close", {"reason": "zomaar"}).status_code == 422


def test_declining_and_passing_on(server: Server, coach: Desk, colleague: Desk) -> None:
    request = place_request()
    asked = handoff_reading.get(request.id).coach_id
    first, second = (coach, colleague) if asked == coach.me["id"] else (colleague, coach)
    assert second.post(f"/requests/{request.id}/decline").status_code == 403
    assert first.post(f"/requests/{request.id}/decline").status_code == 200
    second.post(f"/requests/{request.id}/accept")
    offered = second.get(f"/requests/{request.id}/colleagues").json()["colleagues"]
    assert second.me["id"] not in {each["id"] for each in offered}
    assert offered[0]["serves"]
    passed = second.post(f"/requests/{request.id}/pass_on", {"to": "groningen"})
    assert passed.json() == {"asked": "Voorbeeldcoach Groningen"}
    assert second.get(f"/requests/{request.id}").json()["contact"] is None
    far = Desk(server, ELSEWHERE)
    assert far.post(f"/requests/{request.id}/accept").json()["contact"]["phone"] == SECRET_PHONE


def test_a_call_back_from_no_answer_to_done(coach: Desk) -> None:
    request = place_request(kind="callback", wanted="maandag om 10 uur")
    taken = coach.post(f"/requests/{request.id}/accept").json()
    assert (taken["chat"], taken["wanted"]) == ("none", "maandag om 10 uur")
    missed = coach.post(f"/requests/{request.id}/called", {"reached": False}).json()
    assert missed["state"] == "accepted"
    assert missed["notes"][0]["text"] == "Gebeld, geen gehoor."
    done = coach.post(f"/requests/{request.id}/called", {"reached": True, "note": "Bezoek op dinsdag."}).json()
    assert (done["state"], [each["text"] for each in done["notes"]]) == ("closed", ["Gebeld, geen gehoor.", "Bezoek op dinsdag."])
    assert coach.post(f"/requests/{request.id}/called", {"reached": True}).status_code == 409
    finished = coach.get("/history").json()["requests"]
    assert next(each for each in finished if each["id"] == request.id)["close_reason"] == "done"


# Talking


def test_messages_go_both_ways_and_are_never_doubled(coach: Desk) -> None:
    request = place_request()
    coach.post(f"/requests/{request.id}/accept")
    assert request.conversation_id
    relay.from_visitor(request.conversation_id, "Goedemiddag", client_id="v1")
    sent = [coach.post(f"/requests/{request.id}/messages", {"text": "Dag!", "id": "c1"}).json() for _ in range(3)]
    assert sent[0] == sent[1] == sent[2]
    assert [(each["from"], each["text"]) for each in coach.get(f"/requests/{request.id}").json()["messages"]] == [
        ("visitor", "Goedemiddag"),
        ("coach", "Dag!"),
    ]
    assert [(each.sender, each.payload["text"]) for each in conversations.after(request.conversation_id)][-2:] == [
        ("user", "Goedemiddag"),
        ("coach", "Dag!"),
    ]
    relay.delivered(request.id, 2, to="visitor")
    assert coach.get(f"/requests/{request.id}/messages?after=1").json()["messages"][0]["delivered"]


def test_giving_back_pausing_and_closing(coach: Desk) -> None:
    request = place_request()
    conversation = str(request.conversation_id)
    coach.post(f"/requests/{request.id}/accept")
    assert coach.post(f"/requests/{request.id}/give_back").json()["chat"] == "paused"
    assert conversations.get(conversation).owner == "bot"  # type: ignore[union-attr]
    refused = coach.post(f"/requests/{request.id}/messages", {"text": "Nog iets", "id": "1"})
    assert refused.status_code == 409
    assert "niet verstuurd" in refused.json()["detail"]
    assert coach.post(f"/requests/{request.id}/resume").json()["chat"] == "open"
    assert coach.post(f"/requests/{request.id}/messages", {"text": "Nog iets", "id": "1"}).status_code == 200
    closed = coach.post(f"/requests/{request.id}/close", {"reason": "done"}).json()
    assert (closed["state"], closed["chat"]) == ("closed", "none")
    assert [each["what"] for each in closed["events"]] == [
        "Verstuurd door de werkgever", "Aangenomen", "Teruggegeven aan de assistent", "Gesprek hervat", "Afgesloten",
    ]  # fmt: skip
    assert coach.post(f"/requests/{request.id}/messages", {"text": "Te laat", "id": "2"}).status_code == 409


def test_when_the_visitor_removes_everything_the_desk_says_so(coach: Desk) -> None:
    request = place_request()
    coach.post(f"/requests/{request.id}/accept")
    conversations.delete(str(request.conversation_id))
    assert coach.get(f"/requests/{request.id}").json()["chat"] == "gone"
    assert coach.post(f"/requests/{request.id}/messages", {"text": "Hallo?", "id": "1"}).status_code == 409


def test_notes_are_masked_and_visitors_never_see_them(coach: Desk) -> None:
    request = place_request()
    coach.post(f"/requests/{request.id}/accept")
    noted = coach.post(f"/requests/{request.id}/notes", {"text": "Belt morgen vanaf 06 12345678."}).json()
    assert noted["notes"][0]["text"] == "Belt morgen vanaf [telefoonnummer]."
    assert noted["notes"][0]["by"] == "Voorbeeldcoach Rivierenland"
    assert not any("Belt morgen" in each.payload["text"] for each in conversations.after(str(request.conversation_id)))


def test_canned_answers_carry_the_coachs_name(coach: Desk) -> None:
    canned = coach.get("/me").json()["canned"]
    assert len(canned) >= 5
    assert "Voorbeeldcoach Rivierenland van Voorbeeld-ggz Oost" in canned[0]["text"]
    assert not any("{" in each["text"] for each in canned)


# Oneself


def test_own_availability(server: Server) -> None:
    coach = Desk(server, "twente@example.org")
    away = coach.send("PUT", "/me/availability", {"present": False, "until": "2031-01-06"}).json()
    assert datetime.fromisoformat(away["away_until"]) == datetime(2031, 1, 6, tzinfo=AMSTERDAM)
    assert directory.coach("twente").away(directory.utcnow())
    past = coach.send("PUT", "/me/availability", {"present": False, "until": today().isoformat()})
    assert (past.status_code, "na vandaag" in past.json()["detail"]) == (422, True)
    assert coach.send("PUT", "/me/availability", {"present": False}).json()["present"] is False
    back = coach.send("PUT", "/me/availability", {"present": True}).json()
    assert (back["present"], back["away_until"]) == (True, None)


def test_placements_show_how_it_goes_only_with_consent(server: Server, coach: Desk) -> None:
    kwargs = {"region": "AM10", "started": today(), "consent": "Ja", "coach_id": coach.me["id"]}
    open_one = placements.register(nickname="Magazijn", alert_coach=True, **kwargs)  # type: ignore[arg-type]
    closed_one = placements.register(nickname="Keuken", alert_coach=False, **kwargs)  # type: ignore[arg-type]
    shown = {each["id"]: each for each in coach.get("/placements").json()["placements"]}
    assert (shown[open_one.id]["shared"], shown[closed_one.id]["shared"]) == (True, False)
    assert shown[closed_one.id]["colour"] is None
    assert not {open_one.id, closed_one.id} & {each["id"] for each in Desk(server, ELSEWHERE).get("/placements").json()["placements"]}


# Live news


def test_news_of_the_queue_reaches_every_coach(coach: Desk, colleague: Desk) -> None:
    request = place_request()
    with colleague.live() as live:
        live.until(lambda frame: frame["type"] == "queue")
        coach.post(f"/requests/{request.id}/accept")
        live.until(lambda frame: frame["type"] == "queue" and frame.get("request") == request.id)
        live.say(type="ping")
        live.until(lambda frame: frame["type"] == "pong")


def test_a_second_page_of_the_same_coach_sees_what_was_said(coach: Desk) -> None:
    request = place_request()
    coach.post(f"/requests/{request.id}/accept")
    with coach.live() as live:
        live.until(lambda frame: frame["type"] == "request" and frame["id"] == request.id)
        coach.post(f"/requests/{request.id}/messages", {"text": "Dag", "id": "1"})
        live.until(lambda frame: frame.get("kind") == "message" and frame["id"] == request.id)
        coach.post(f"/requests/{request.id}/notes", {"text": "Notitie"})
        live.until(lambda frame: frame.get("kind") == "note" and frame["id"] == request.id)


def test_news_of_a_request_stays_with_its_coach(coach: Desk, colleague: Desk) -> None:
    request = place_request()
    coach.post(f"/requests/{request.id}/accept")
    assert request.conversation_id
    relay.from_visitor(request.conversation_id, "Hallo", client_id="1")
    with colleague.live() as live:
        live.say(type="seen", request=request.id, seq=1)
        live.say(type="typing", request=request.id)
        for odd in ({}, {"type": "onzin"}, {"type": "seen", "request": 3}, {"type": "seen", "request": request.id, "seq": "x" * 5000}):
            live.say(**odd)
        live.say(type="ping")
        live.until(lambda frame: frame["type"] == "pong")
        coach.post(f"/requests/{request.id}/messages", {"text": "Dag", "id": "1"})
        live.say(type="ping")
        heard: list[str] = []
        live.until(lambda frame: heard.append(frame["type"]) or frame["type"] == "pong")
        assert "request" not in heard
    assert relay.after(request.id)[0].delivered is None


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    """The address of a real Redis of one's own."""
    if shutil.which("redis-server") is None:
        pytest.skip("Redis is not installed: apt-get install redis-server")
    port = free_port()
    process = subprocess.Popen(
        ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    client = redis.Redis(port=port)
    for _ in range(100):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            time.sleep(0.05)
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    process.wait(10)


def test_two_workers_over_redis(tmp_path: Path, redis_url: str, settings: Callable[..., None]) -> None:
    """The coach's page hangs on one process, the visitor's words and typing come from another: this one."""
    with serving(tmp_path, redis_url=redis_url) as server:
        settings(database_url=server.database_url, redis_url=redis_url)
        coach = Desk(server, FIRST)
        with coach.live() as live:
            live.until(lambda frame: frame["type"] == "queue")
            request = place_request()
            live.until(lambda frame: frame["type"] == "queue" and frame.get("request") == request.id)
            coach.post(f"/requests/{request.id}/accept")
            live.until(lambda frame: frame["type"] == "request" and frame["id"] == request.id)
            conversation = str(request.conversation_id)
            relay.typing(request.id, conversation, sender="visitor")
            live.until(lambda frame: frame.get("kind") == "typing" and frame["sender"] == "visitor")
            relay.from_visitor(conversation, "Bent u daar?", client_id="1")
            live.until(lambda frame: frame.get("kind") == "message")
            assert coach.get("/requests").json()["mine"][0]["unread"] == 1
            live.say(type="seen", request=request.id, seq=1)
            live.until(lambda frame: frame.get("kind") == "delivered" and frame["to"] == "coach")
            assert coach.get("/requests").json()["mine"][0]["unread"] == 0
            relay.presence(request.id, conversation, sender="visitor", here=False)
            assert live.until(lambda frame: frame.get("kind") == "presence")["here"] is False
        log = server.log.read_text()
        assert not any(secret in log for secret in ("Bent u daar", SECRET_PHONE, "#in="))


def test_in_production_no_sample_coaches_are_imported(database: str, settings: Callable[..., None]) -> None:
    settings(environment="production", secret_key="a" * 40)
    desk.install(FastAPI())
    assert directory.coaches() == []
    settings(environment="development")
    desk.install(FastAPI())
    assert len(directory.coaches()) > 35


def test_the_page_is_locked_down(server: Server) -> None:
    page = httpx.get(f"{server.url}/desk")
    policy = page.headers["content-security-policy"]
    assert all(rule in policy for rule in ("script-src 'self'", "trusted-types 'none'", "frame-ancestors 'none'"))
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son[a-z]+=", page.text)
    assert httpx.get(f"{server.url}/desk/").headers["location"] == "../desk"
    script = httpx.get(f"{server.url}/desk/desk.js").text
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(", script)
    assert socket.gethostname() not in script
