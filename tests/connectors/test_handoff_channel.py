"""From the visitor's wish to the live chat and back, over HTTP and WebSocket; the coach works through the services or the desk."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import httpx
import pytest
from coaching import Desk
from serving import Server, Visitor
from visiting import PHONE, accepted, asked, conversation_of, line, messages

from steunwijzer import conversations, directory, handoff_coach, handoff_reading, handoff_request, privacy, relay


@pytest.fixture
def server(application: Server, settings: Callable[..., None]) -> Server:
    """The shared server; services called in the test see its database."""
    settings(database_url=application.database_url)
    return application


# The request


def test_what_is_sent_is_what_was_shown(server: Server, visitor: Visitor) -> None:
    visitor.say("mijn medewerker durft niets te vragen")
    visitor.say("ik wil een coach spreken in Tiel")
    shown = visitor.say("ik ben Jan de Vries, 06 12345678 of jan@bedrijf.nl")["messages"][-1]
    card = shown["card"]
    assert card["kind"] == "consent"
    lines = {line["label"]: line["value"] for line in card["lines"]}
    assert handoff_reading.open_request(conversation_of(visitor)) is None
    visitor.say("ja")
    request = handoff_reading.open_request(conversation_of(visitor))
    assert request is not None
    assert lines["Onderwerp"] == request.subject
    assert "faalangstig gedrag" in request.subject
    assert lines["Contact"] == request.contact == "06 12345678 en jan@bedrijf.nl"
    assert lines["Naam"] == request.name == "Jan de Vries"
    assert request.place == "Tiel"
    assert request.region_name == "Rivierenland"
    assert request.phone == "+31612345678"
    assert request.coach_id
    assert directory.coach(request.coach_id).name in card["title"]
    for value in lines.values():
        assert value in shown["text"]
    assert request.consent.splitlines()[0] in shown["text"]


def test_contact_data_is_not_in_the_tracker_nor_in_the_visitors_messages(server: Server, visitor: Visitor) -> None:
    visitor.say("bel me op 06 12345678 als dat kan, wij zitten in Tiel")
    asked(visitor)
    kept = sqlite3.connect(server.database_url.removeprefix("sqlite:///"))
    events = " ".join(row[0] for row in kept.execute("SELECT data FROM events WHERE sender_id = ?", (conversation_of(visitor),)))
    kept.close()
    assert events
    for written in ("12345678", "12 34 56 78", "612345678"):
        assert written not in events
    assert all("12345678" not in m["text"] for m in messages(visitor) if m["from"] == "user")
    assert "12345678" not in server.log.read_text()


def test_two_visitors_have_their_own_request_and_coach(server: Server) -> None:
    one, two = Visitor(server.url), Visitor(server.url)
    first, second = asked(one, "Tiel"), asked(two, "Assen", "assen@bedrijf.nl")
    assert (first.region_name, second.region_name) == ("Rivierenland", "Groningen")
    assert first.conversation_id != second.conversation_id
    assert second.coach_id
    handoff_coach.accept(second.id, second.coach_id)
    assert one.http.get("/v1/messages").json()["state"]["handoff"] == "requested"
    state = two.http.get("/v1/messages").json()["state"]
    assert state["handoff"] == "accepted"
    assert state["region"] == "Groningen"
    assert state["coach"]["name"] == directory.coach(second.coach_id).name
    assert one.say("mijn medewerker is snel afgeleid")["messages"][0]["from"] == "assistant"
    assert two.say("mijn medewerker is snel afgeleid")["messages"] == []
    one.close()
    two.close()


def test_the_same_consent_twice_is_one_request(server: Server, visitor: Visitor) -> None:
    visitor.say("ik wil een coach spreken in Tiel")
    visitor.say(PHONE)
    first = visitor.say("Ja, stuur door", client_id="toestemming")
    again = visitor.say("Ja, stuur door", client_id="toestemming")
    assert first["messages"] == again["messages"]
    visitor.say("Ja, stuur door")
    with_this = [
        row
        for row in handoff_reading.queue(str(handoff_reading.open_request(conversation_of(visitor)).coach_id))
        if row.conversation_id == conversation_of(visitor)
    ]  # type: ignore[union-attr]
    assert len(with_this) == 1


def test_a_number_in_a_message_that_is_not_understood_is_a_wish_to_be_reached(server: Server, visitor: Visitor) -> None:
    state = visitor.say("ok doe dan maar hoor 0229-123456")["state"]
    assert state["flow"] in ("handoff", "callback")
    assert state["asks_for"] == "place"
    assert visitor.say("Hoorn (gemeente Hoorn)")["state"]["asks_for"] != "contact"
    assert handoff_reading.open_request(conversation_of(visitor)) is None


def test_without_yes_nothing_leaves(server: Server, visitor: Visitor) -> None:
    visitor.say("ik wil een coach spreken in Tiel")
    visitor.say(PHONE)
    for words in ("ja maar wat gebeurt er met mijn gegevens?", "misschien", "wacht even"):
        assert visitor.say(words)["state"]["asks_for"] == "consent", words
        assert handoff_reading.open_request(conversation_of(visitor)) is None


def test_the_stand_follows_the_service(server: Server, visitor: Visitor) -> None:
    request = asked(visitor)
    assert request.coach_id
    handoff_coach.decline(request.id, request.coach_id)
    told = visitor.say("wanneer belt er iemand?")["messages"][0]["text"]
    # who is asked next depends on the hour: a colleague, or on a free day the queue of the region
    assert "eerste coach kon niet" in told or "staat bij de coaches" in told
    assert visitor.state["handoff"] == "requested"
    fresh = handoff_reading.get(request.id)
    taker = fresh.coach_id or next(one.id for one in directory.coaches() if fresh.id in {row.id for row in handoff_reading.queue(one.id)})
    handoff_coach.accept(fresh.id, taker)
    handoff_coach.close(fresh.id, taker)
    assert visitor.say("hoe staat het met mijn aanvraag?")["state"]["handoff"] == "closed"
    assert visitor.say("ik wil een coach spreken")["state"]["flow"] == "handoff"


def test_taking_back_in_the_middle_of_another_flow(server: Server, visitor: Visitor) -> None:
    asked(visitor)
    started = visitor.say("Samen de stappen doorlopen")["state"]
    assert started["flow"] == "prevention"
    taken_back = visitor.say("trek mijn aanvraag in")
    assert taken_back["state"]["handoff"] == "cancelled"
    assert taken_back["state"]["flow"] == "prevention"


# The live chat


def test_live_chat_both_ways_with_marks_typing_and_delivery(server: Server, visitor: Visitor) -> None:
    request = asked(visitor)
    desk = Desk(server, directory.coach(str(request.coach_id)).email)
    with line(visitor, server) as chat, desk.live() as page:
        page.until(lambda f: f["type"] == "queue")
        assert desk.post(f"/requests/{request.id}/accept").status_code == 200
        joined = chat.until(lambda f: f["type"] == "message" and f["message"].get("system"))["message"]
        assert "Dit is een mens" in joined["text"]
        assert "card" not in joined
        state = chat.until(lambda f: f["type"] == "state" and f["state"]["handoff"] == "accepted")["state"]
        assert state["coach"]["name"]
        assert state["region"] == "Rivierenland"

        assert desk.post(f"/requests/{request.id}/messages", {"text": "Dag, vertel eens wat er speelt.", "id": "c1"}).status_code == 200
        heard = chat.until(lambda f: f["type"] == "message" and f["message"]["from"] == "coach")["message"]
        assert heard["text"] == "Dag, vertel eens wat er speelt."
        assert heard["name"] == state["coach"]["name"]
        page.until(lambda f: f.get("kind") == "delivered" and f.get("to") == "visitor")

        chat.send(type="typing")
        page.until(lambda f: f.get("kind") == "typing" and f.get("sender") == "visitor")
        page.say(type="typing", request=request.id)
        chat.until(lambda f: f["type"] == "typing" and f["from"] == "coach")

        chat.send(type="send", id="v1", text="Hij durft de telefoon niet op te nemen.")
        ack = chat.until(lambda f: f["type"] == "ack")
        page.until(lambda f: f.get("kind") == "message")
        said = desk.get(f"/requests/{request.id}/messages").json()["messages"]
        assert [m["text"] for m in said][-1] == "Hij durft de telefoon niet op te nemen."
        page.say(type="seen", request=request.id, seq=said[-1]["seq"])
        assert chat.until(lambda f: f["type"] == "delivered")["seq"] == ack["seq"]

        assert desk.post(f"/requests/{request.id}/close", {"reason": "done"}).status_code == 200
        left = chat.until(lambda f: f["type"] == "message" and f["message"].get("system"))["message"]
        assert "digitale assistent" in left["text"]
        chat.until(lambda f: f["type"] == "state" and f["state"]["handoff"] == "closed")
    answered = visitor.say("mijn medewerker is snel afgeleid")
    assert answered["messages"][0]["from"] == "assistant"
    assert answered["state"]["topic"] == "concentratie/omgaan"


def test_the_assistant_is_silent_while_a_coach_is_there_and_answers_after_give_back(server: Server, visitor: Visitor) -> None:
    request = accepted(visitor)
    coach = str(request.coach_id)
    body = visitor.say("mijn medewerker is snel afgeleid", client_id="a")
    assert body["messages"] == []
    assert visitor.say("mijn medewerker is snel afgeleid", client_id="a")["seq"] == body["seq"]
    assert [m.text for m in relay.after(request.id)] == ["mijn medewerker is snel afgeleid"]
    handoff_coach.give_back(request.id, coach)
    assert visitor.say("en hoe breng ik dat?")["messages"][0]["from"] == "assistant"
    handoff_coach.resume(request.id, coach)
    assert visitor.say("bent u daar?")["messages"] == []
    assert relay.after(request.id)[-1].text == "bent u daar?"


def test_a_guided_flow_waits_while_a_coach_is_there(server: Server, visitor: Visitor) -> None:
    request = asked(visitor)
    coach = str(request.coach_id)
    visitor.say("stappenplan om uitval te voorkomen")
    step = visitor.say("Snel afgeleid")["state"]
    assert step["flow"] == "prevention"
    handoff_coach.accept(request.id, coach)
    body = visitor.http.get("/v1/messages").json()
    assert (body["state"]["flow"], body["state"]["step"], body["state"]["live"]) == (None, None, True)
    visitor.say("dag, fijn dat u er bent")
    handoff_coach.close(request.id, coach)
    offer = messages(visitor)[-1]
    assert "verdergaan" in offer["text"]
    assert [button["title"] for button in offer["buttons"]] == ["Ga verder", "Nee, niet nu"]
    # What is said next is no answer to the step that was open ...
    answered = visitor.say("dank u wel voor de hulp")
    assert (answered["state"]["topic"], answered["state"]["flow"]) == ("dialoog/dank", None)
    assert visitor.say("mijn medewerker is snel afgeleid")["state"]["topic"] == "concentratie/omgaan"
    # ... which is still there for who wants it.
    again = visitor.say("ga verder")
    assert (again["state"]["flow"], again["state"]["step"]) == ("prevention", step["step"])
    assert again["messages"][0]["text"].startswith("We gaan verder waar we waren.")


def test_after_the_coach_the_flow_goes_on_with_one_tap(server: Server, visitor: Visitor) -> None:
    request = asked(visitor)
    visitor.say("stappenplan om uitval te voorkomen")
    step = visitor.say("Snel afgeleid")["state"]["step"]
    handoff_coach.accept(request.id, str(request.coach_id))
    handoff_coach.give_back(request.id, str(request.coach_id))
    assert messages(visitor)[-1]["buttons"][0]["value"] == "Ga verder"
    assert visitor.http.get("/v1/messages").json()["state"]["asks_for"] == "choice"
    state = visitor.say("Ga verder")["state"]
    assert (state["flow"], state["step"], state["live"]) == ("prevention", step, False)
    next_step = visitor.say("Weet ik niet")["state"]["step"]
    assert next_step["number"] == step["number"] + 1


def test_not_now_after_the_coach(server: Server, visitor: Visitor) -> None:
    request = asked(visitor)
    visitor.say("stappenplan om uitval te voorkomen")
    handoff_coach.accept(request.id, str(request.coach_id))
    handoff_coach.close(request.id, str(request.coach_id))
    declined = visitor.say("Nee")
    assert declined["state"]["flow"] is None
    assert declined["messages"]


def test_a_coach_who_will_call_is_not_in_the_chat(server: Server, visitor: Visitor) -> None:
    visitor.say("kan een coach mij terugbellen, we zitten in Tiel")
    visitor.say(PHONE)
    if visitor.state["asks_for"] == "date":
        visitor.say("zo snel mogelijk")
    visitor.say("Ja, stuur door")
    request = handoff_reading.open_request(conversation_of(visitor))
    assert request is not None
    assert request.kind == "callback"
    handoff_coach.accept(request.id, str(request.coach_id))
    state = visitor.http.get("/v1/messages").json()["state"]
    assert (state["handoff"], state["live"]) == ("accepted", False)
    assert visitor.say("mijn medewerker is snel afgeleid")["messages"][0]["from"] == "assistant"
    handoff_coach.close(request.id, str(request.coach_id))
    assert "uw terugbelverzoek afgerond" in messages(visitor)[-1]["text"]


def test_a_crisis_in_a_live_chat_is_answered_and_the_coach_is_warned(server: Server, visitor: Visitor) -> None:
    request = accepted(visitor)
    body = visitor.say("hij zegt net dat hij niet meer wil leven")
    assert body["state"]["crisis"] is True
    assert body["state"]["topic"] == "grens/crisis"
    assert "113" in body["messages"][0]["text"]
    told = relay.after(request.id)
    assert [m.sender for m in told] == ["visitor", "system"]
    assert "direct gevaar" in told[1].text
    assert all("direct gevaar kan" not in m["text"] for m in messages(visitor))
    assert visitor.say("dank u wel voor de hulp")["state"]["crisis"] is False


def test_personal_data_in_a_live_chat_is_masked(server: Server, visitor: Visitor) -> None:
    request = accepted(visitor)
    visitor.say("zijn bsn is 111222333")
    assert "111222333" not in relay.after(request.id)[-1].text


# Removing and keeping


def test_deleting_in_the_chat_is_confirmed_and_proved(server: Server, visitor: Visitor) -> None:
    asked(visitor)
    conversation = conversation_of(visitor)
    assert visitor.say("verwijder al mijn gegevens")["state"]["topic"] == "bot/verwijderen"
    assert "blijft staan" in visitor.say("nee")["messages"][0]["text"]
    visitor.say("verwijder al mijn gegevens")
    gone = visitor.say("Ja, verwijder alles")["messages"][0]["text"]
    receipt = gone.split("Bewijsnummer: ")[1].split(".")[0]
    assert privacy.proof_of(receipt, conversation)
    assert visitor.http.get("/v1/messages").status_code == 401
    assert conversations.get(conversation) is None
    assert handoff_reading.latest(conversation) is None
    kept = sqlite3.connect(server.database_url.removeprefix("sqlite:///"))
    assert kept.execute("SELECT count(*) FROM events WHERE sender_id = ?", (conversation,)).fetchone() == (0,)
    kept.close()


def test_deleting_over_http_removes_the_request_too(server: Server, visitor: Visitor) -> None:
    request = asked(visitor)
    body = visitor.http.delete("/v1/session").json()
    assert body["removed"]["request"] == 1
    assert not any(body["remaining"].values())
    assert privacy.proof_of(body["receipt"], conversation_of(visitor))
    with pytest.raises(handoff_request.UnknownRequest):
        handoff_reading.get(request.id)


def test_the_conversation_to_take_along(server: Server, visitor: Visitor) -> None:
    visitor.say("mijn medewerker durft niets te vragen")
    files = visitor.say("kan ik dit gesprek bewaren?")["messages"][0]["files"]
    by_type = {file["type"]: httpx.get(server.url + file["url"], timeout=60) for file in files}
    assert by_type["application/pdf"].content.startswith(b"%PDF")
    assert "mijn medewerker durft niets te vragen" in by_type["text/plain"].text
    forged = httpx.get(server.url + files[0]["url"][:-3] + "abc")
    assert forged.status_code == 404
    assert "Link" in forged.json()["detail"] or "link" in forged.json()["detail"]
    visitor.http.delete("/v1/session")
    assert httpx.get(server.url + files[0]["url"]).status_code == 404
