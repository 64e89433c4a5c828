"""What a coach does from Teams: buttons of a card, typed commands, messages to the visitor. Thin: services do the work.

Everything here may be done twice with the same effect as once: Teams repeats what was not answered in time, and people press twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from connectors.teams import cards, store, texts
from connectors.teams.commands import Command
from connectors.teams.store import CHANNEL, Reference
from steunwijzer import calendar_nl, conversations, directory, handoff_coach, handoff_reading, handoff_request, outbox, relay
from steunwijzer.db import session_scope
from steunwijzer.directory import Coach
from steunwijzer.handoff_request import HandoffError, Request, UnknownRequest
from steunwijzer.settings import get_settings

CALL_BACK = "Ik heb uw vraag aangenomen en bel u terug op het nummer dat u gaf."


@dataclass(frozen=True)
class Outcome:
    """What came of it: the card as it is now, words for the coach, and further messages to send (payloads of ``sender.add``)."""

    card: dict[str, Any] | None = None
    notice: str | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)


def coach_of(chat: Reference, object_id: str) -> Coach | None:
    """The active coach in the directory who is this person: Entra object id, in the tenant of this bot."""
    tenant = (get_settings().teams_tenant_id or "").lower()
    if not object_id or (tenant and chat.tenant_id != tenant):
        return None
    return directory.coach_by_teams_id(object_id)


# Buttons --------------------------------------------------------------------------------------------------------------------------


def press(coach: Coach, chat: Reference, verb: str, data: Mapping[str, Any], key: str) -> Outcome:
    """A button of a card. ``key`` identifies the press: the same one again does nothing more."""
    if not chat.personal:
        return Outcome(notice=texts.ONLY_PERSONAL)
    request_id = data.get("request")
    action = _VERBS.get(verb)
    if action is None or not isinstance(request_id, str):
        return Outcome(cards.notice_card(texts.OUTDATED), texts.OUTDATED)
    try:
        notice = action(coach, chat, request_id, data, key)
        refused = False
    except UnknownRequest:
        return Outcome(cards.notice_card(texts.ERASED), texts.ERASED)
    except (HandoffError, directory.UnknownCoach) as problem:
        notice, refused = getattr(problem, "detail", texts.OUTDATED), True
    if verb == "show" and not refused:
        return Outcome(cards.requests_card(coach), None, [{"request": request_id, "coach": coach.id}])
    request = handoff_reading.get(request_id)
    now = store.reference(chat.id)
    return Outcome(cards.request_card(request, coach, current=now is not None and now.request_id == request.id), notice)


def _accept(coach: Coach, chat: Reference, request_id: str, data: Mapping[str, Any], key: str) -> str | None:
    request = handoff_coach.accept(request_id, coach.id)
    if request.kind == "callback" or request.conversation_id is None:
        return f"De aanvraag is van jou. Contact: {request.contact or 'staat niet bij de aanvraag'}."
    return _chat_with(coach, chat, request, key)


def _chat_with(coach: Coach, chat: Reference, request: Request, key: str) -> str:
    store.set_request(chat.id, request.id)
    for other in {chat.request_id, request.id} - {None}:
        _refresh(coach, str(other), key)
    return f"Je chat nu met {cards.who(request)}. Wat je hier typt, gaat naar de werkgever."


def _chat(coach: Coach, chat: Reference, request_id: str, data: Mapping[str, Any], key: str) -> str | None:
    request = handoff_reading.get(request_id)
    if request.conversation_id is None or request.coach_id != coach.id or not _coach_owns(request):
        request = handoff_coach.resume(request_id, coach.id)
    return _chat_with(coach, chat, request, key)


def _call_back(coach: Coach, chat: Reference, request_id: str, data: Mapping[str, Any], key: str) -> str | None:
    request = handoff_coach.accept(request_id, coach.id)
    if request.conversation_id is not None and request.kind == "handoff":
        relay.from_coach(request_id, coach.id, CALL_BACK, client_id=f"call-back:{coach.id}")
        if _coach_owns(request):
            handoff_coach.give_back(request_id, coach.id)
    return f"De aanvraag is van jou. Bel: {request.contact}. De werkgever weet dat je belt."


def _pass_on(coach: Coach, chat: Reference, request_id: str, data: Mapping[str, Any], key: str) -> str | None:
    to = data.get("to")
    request = handoff_coach.pass_on(request_id, coach.id, to if isinstance(to, str) and to else None)
    _leave(chat, request_id)
    taken = directory.coach(request.coach_id).name if request.coach_id else "de andere coaches in de regio"
    return f"Doorgegeven aan {taken}."


def _give_back(coach: Coach, chat: Reference, request_id: str, data: Mapping[str, Any], key: str) -> str | None:
    request = handoff_reading.get(request_id)
    if request.coach_id != coach.id or request.state != "accepted" or _coach_owns(request):
        handoff_coach.give_back(request_id, coach.id)
    _leave(chat, request_id)
    _refresh(coach, request_id, key)
    return "De assistent antwoordt de werkgever weer. De aanvraag blijft van jou."


def _note(coach: Coach, chat: Reference, request_id: str, data: Mapping[str, Any], key: str) -> str | None:
    note = data.get("note")
    _own(request_id, coach)
    handoff_coach.add_note(request_id, coach.id, note if isinstance(note, str) else "")
    return "De notitie is bewaard. De werkgever ziet die niet."


def _close(coach: Coach, chat: Reference, request_id: str, data: Mapping[str, Any], key: str) -> str | None:
    _own(request_id, coach)
    handoff_coach.close(request_id, coach.id)
    _leave(chat, request_id)
    return "De aanvraag is afgesloten. Je praat weer met de assistent."


def _show(coach: Coach, chat: Reference, request_id: str, data: Mapping[str, Any], key: str) -> str | None:
    handoff_reading.get(request_id)
    return None


_VERBS = {
    "accept": _accept,
    "call_back": _call_back,
    "pass_on": _pass_on,
    "chat": _chat,
    "give_back": _give_back,
    "note": _note,
    "close": _close,
    "show": _show,
}


def _own(request_id: str, coach: Coach) -> None:
    if handoff_reading.get(request_id).coach_id != coach.id:
        raise handoff_request.NotAllowed("Deze aanvraag staat niet bij jou.")


def _coach_owns(request: Request) -> bool:
    conversation = conversations.get(request.conversation_id) if request.conversation_id else None
    return conversation is not None and conversation.owner == "coach" and conversation.request_id == request.id


def _leave(chat: Reference, request_id: str) -> None:
    if chat.request_id == request_id:
        store.set_request(chat.id, None)


def _refresh(coach: Coach, request_id: str, key: str) -> None:
    """Have the coach's own cards of a request made again; services do that themselves for changes of state."""
    with session_scope() as session:
        outbox.add(
            session,
            key=f"teams-refresh:{key}:{request_id}",
            channel=CHANNEL,
            kind="request.changed",
            recipient=coach.id,
            payload={"coach": coach.id},
            request_id=request_id,
        )


# Typed ----------------------------------------------------------------------------------------------------------------------------


def command(coach: Coach, chat: Reference, typed: Command, key: str) -> list[dict[str, Any]]:
    """A typed command (all but ``/vraag``); gives the messages to send."""
    if not chat.personal:
        return [{"text": texts.ONLY_PERSONAL}]
    if typed.name in ("requests", "placements", "help"):
        return [{"card": typed.name, "coach": coach.id}]
    if typed.name == "present":
        directory.set_present(coach.id, True)
        waiting = len(handoff_reading.queue(coach.id))
        more = f" Er {'wacht' if waiting == 1 else 'wachten'} nu {waiting} in je werkgebied; typ 'mijn aanvragen'." if waiting else ""
        return [{"text": f"Je staat op beschikbaar en krijgt weer aanvragen.{more}"}]
    if typed.name == "away":
        return [{"text": _away(coach, typed)}]
    if typed.name == "unknown":
        return [{"text": "Die opdracht ken ik niet; ik heb niets verstuurd. Typ 'help' voor alles wat kan."}]
    return [{"text": _in_chat(coach, chat, typed, key)}]


def _away(coach: Coach, typed: Command) -> str:
    if not typed.words:
        directory.set_present(coach.id, False)
        return "Je staat op afwezig en krijgt geen aanvragen. Weer terug? Typ: beschikbaar."
    if typed.until is None or typed.until <= calendar_nl.today():
        return "Die dag begrijp ik niet. Schrijf bijvoorbeeld 'afwezig tot vrijdag' of 'afwezig tot en met 2 december'."
    directory.set_away(coach.id, typed.until)
    day = calendar_nl.day_in_words(typed.until)
    return f"Je staat op afwezig tot {day}. Vanaf die dag krijg je weer aanvragen. Eerder terug? Typ: beschikbaar."


def _in_chat(coach: Coach, chat: Reference, typed: Command, key: str) -> str:
    if chat.request_id is None:
        return texts.NO_CHAT
    verb = {"note": "note", "close": "close", "give_back": "give_back"}[typed.name]
    if verb == "note" and not typed.text:
        return "De notitie is leeg. Schrijf bijvoorbeeld: /notitie belt liever na drie uur."
    return press(coach, chat, verb, {"request": chat.request_id, "note": typed.text}, key).notice or texts.TROUBLE


def to_visitor(coach: Coach, chat: Reference, words: str, client_id: str) -> str | None:
    """A coach's plain typing to the visitor of this chat; gives what to tell the coach, None when it was sent."""
    if len(words) > get_settings().max_message_length:
        return texts.TOO_LONG
    try:
        request = handoff_reading.get(str(chat.request_id))
        if request.state != "accepted" or request.coach_id != coach.id or not _coach_owns(request):
            raise handoff_request.NotPossible("")
        relay.from_coach(request.id, coach.id, words, client_id=client_id)
        return None
    except HandoffError:
        store.set_request(chat.id, None)
        return "Je bericht is niet verstuurd: dit gesprek met de werkgever is niet meer open. Typ 'mijn aanvragen' voor wat er nu is."


def follow(chat: Reference, request_id: str) -> None:
    """The coach gets a visitor's message and chats with nobody here: the answer that is typed next is meant for this visitor."""
    if chat.request_id is None:
        store.set_request(chat.id, request_id)
