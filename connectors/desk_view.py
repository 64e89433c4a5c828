"""What the coach desk shows, as JSON: requests without contact data until they are accepted, the whole request for who has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from steunwijzer import conversations, directory, handoff_reading, handoff_request, placement_overview, regions, relay
from steunwijzer.answers import answers
from steunwijzer.contact import shown_phone
from steunwijzer.db import utcnow
from steunwijzer.directory import Coach
from steunwijzer.handoff_request import Request
from steunwijzer.settings import PROJECT_ROOT

CANNED = PROJECT_ROOT / "data" / "desk" / "canned.yml"
_WAITING = handoff_request.WAITING


class CannedAnswer(BaseModel):
    """An answer that coaches give often; ``{coach}`` and ``{organisatie}`` are filled in."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=60)
    text: str = Field(min_length=1, max_length=1000)


@lru_cache(maxsize=2)
def _canned(path: Path, changed: float) -> tuple[CannedAnswer, ...]:
    content = yaml.safe_load(path.read_text("utf-8"))
    return tuple(TypeAdapter(list[CannedAnswer]).validate_python(content["canned"]))


def canned(coach: Coach) -> list[dict[str, str]]:
    """The canned answers with this coach's name in them, as the file stands now."""
    names = {"{coach}": coach.name, "{organisatie}": coach.organisation}
    return [{"title": each.title, "text": _filled(each.text, names)} for each in _canned(CANNED, CANNED.stat().st_mtime)]


def _filled(text: str, names: Mapping[str, str]) -> str:
    for key, value in names.items():
        text = text.replace(key, value)
    return text


def person(coach: Coach) -> dict[str, Any]:
    """A coach as the desk shows one to the coach in question."""
    now = utcnow()
    return {
        "id": coach.id,
        "name": coach.name,
        "organisation": coach.organisation,
        "present": coach.present,
        "away_until": coach.away_until.isoformat() if coach.away_until and coach.away_until > now else None,
        "working": coach.working(now),
        "area": area(coach),
        "max_open": coach.max_open,
    }


def area(coach: Coach) -> list[str]:
    """The names of the regions and gemeenten that a coach serves."""
    found = [regions.region(code) for code in sorted(coach.regions)]
    places = [regions.gemeente(code) for code in sorted(coach.gemeenten)]
    return [each.name for each in found if each] + [each.shown_as for each in places if each]


def names() -> dict[str, str]:
    """The name of everybody who is or was in the directory, by code."""
    return {coach.id: coach.name for coach in directory.coaches(include_ended=True)}


def summary(row: Request, coach: Coach, known: Mapping[str, str]) -> dict[str, Any]:
    """A request as it stands in a list: nothing that identifies the visitor."""
    return {
        "id": row.id,
        "kind": row.kind,
        "state": row.state,
        "region": row.region_name,
        "place": row.place,
        # That somebody wants a coach is no news here.
        "topic": answers().title(row.topic) if row.topic and not row.topic.startswith("coach/") else None,
        "subject": row.subject,
        "created": row.created.isoformat(),
        "accepted": row.accepted.isoformat() if row.accepted else None,
        "closed": row.closed.isoformat() if row.closed else None,
        "close_reason": row.close_reason,
        "due": row.due.isoformat() if row.due else None,
        "promised": row.promised.isoformat() if row.promised else None,
        "wanted": row.wanted,
        "wanted_date": row.wanted_date.isoformat() if row.wanted_date else None,
        "asked": known.get(row.coach_id or ""),
        "for_me": row.coach_id == coach.id,
        "mine": owns(row, coach),
    }


def unread(row: Request) -> int:
    """How many messages of the visitor no page of the coach has shown yet."""
    return sum(each.sender == "visitor" and each.delivered is None for each in said(row.id))


def said(request_id: str) -> list[relay.RelayMessage]:
    """The whole live chat of a request, however long."""
    found: list[relay.RelayMessage] = []
    while more := relay.after(request_id, found[-1].seq if found else 0):
        found += more
    return found


def owns(row: Request, coach: Coach) -> bool:
    """Whether the request is this coach's own: taken and not passed on; finished ones included."""
    return row.coach_id == coach.id and row.accepted is not None


def may_see(row: Request, coach: Coach) -> bool:
    """Whether a coach may open a request: an own one, or a waiting one that this coach may take."""
    if row.coach_id == coach.id:
        return True
    return row.state in _WAITING and (coach.backup or coach.serves(row.region, row.gemeenten))


def detail(row: Request, coach: Coach) -> dict[str, Any]:
    """A request opened: contact, chat, notes and what happened only for the coach whose it is."""
    known = names()
    shown = summary(row, coach, known)
    shown.update(contact=None, chat="none", messages=[], notes=[], events=events(row, known))
    if not shown["mine"]:
        return shown
    shown["contact"] = {
        "name": row.name,
        "phone": row.phone,
        "phone_shown": shown_phone(row.phone) or None,
        "email": row.email,
    }
    shown["chat"] = chat_state(row)
    shown["messages"] = [message(each) for each in said(row.id)]
    shown["notes"] = [
        {"id": each.id, "by": known.get(each.coach_id, each.coach_id), "text": each.text, "at": each.created.isoformat()}
        for each in handoff_reading.notes(row.id)
    ]
    return shown


def chat_state(row: Request) -> str:
    """``open``: the coach answers; ``paused``: the assistant does, for now; ``gone``: the visitor's data is removed; else ``none``."""
    if row.kind != "handoff" or row.state != "accepted":
        return "none"
    conversation = conversations.get(row.conversation_id) if row.conversation_id else None
    if conversation is None:
        return "gone"
    return "open" if conversation.owner == "coach" and conversation.request_id == row.id else "paused"


def message(each: relay.RelayMessage) -> dict[str, Any]:
    """One message of a live chat."""
    return {
        "seq": each.seq,
        "from": each.sender,
        "text": each.text,
        "id": each.client_id if each.sender == "coach" else None,
        "at": each.created.isoformat(),
        "delivered": each.delivered.isoformat() if each.delivered else None,
    }


_EVENTS: Mapping[str, str] = {
    "create": "Verstuurd door de werkgever",
    "accept": "Aangenomen",
    "decline": "Kan niet",
    "expire": "Geen reactie op tijd",
    "reassign": "Gevraagd",
    "pass_on": "Doorgegeven",
    "give_back": "Teruggegeven aan de assistent",
    "resume": "Gesprek hervat",
    "cancel": "Ingetrokken door de werkgever",
    "close": "Afgesloten",
    "contact": "Contactgegevens gewijzigd door de werkgever",
    "wish": "Wens toegevoegd door de werkgever",
    "note": "Notitie gemaakt",
}


def events(row: Request, known: Mapping[str, str]) -> list[dict[str, Any]]:
    """What happened to a request, in Dutch, with who did it."""
    shown = []
    for each in handoff_reading.audit(row.id):
        if each.event not in _EVENTS:
            continue
        who = each.detail.get("coach") if each.event == "reassign" else each.actor.partition("coach:")[2]
        shown.append({"at": each.at.isoformat(), "what": _EVENTS[each.event], "by": known.get(str(who)) if who else None})
    return shown


def colleague(each: Coach, row: Request) -> dict[str, Any]:
    """A colleague to whom a request can be passed on."""
    now = utcnow()
    return {
        "id": each.id,
        "name": each.name,
        "organisation": each.organisation,
        "serves": each.serves(row.region, row.gemeenten) or each.covers_everything(),
        "away": each.away(now),
        "working": each.working(now),
    }


def placement(each: placement_overview.Overview) -> dict[str, Any]:
    """A placement; how it goes only when the employer agreed that the coach is told."""
    shared = each.placement.alert_coach
    last = each.checkins[-1] if each.checkins and shared else None
    found = regions.region(each.placement.region)
    return {
        "id": each.placement.id,
        "nickname": each.placement.nickname,
        "region": found.name if found else each.placement.region,
        "started": each.placement.started.isoformat(),
        "ended": each.placement.ended.isoformat() if each.placement.ended else None,
        "shared": shared,
        "colour": each.colour if shared else None,
        "last": last.due.isoformat() if last else None,
        "reasons": list(last.reasons) if last else [],
        "next_due": each.next_due.isoformat() if each.next_due else None,
    }
