"""A request to a coach: what it holds, the states it goes through, and why a step may not be possible.

``TRANSITIONS`` is the only place that says what may follow what. To the visitor a request that was declined or expired is still
requested: it only goes to another coach.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from steunwijzer import regions
from steunwijzer.contact import shown_phone

Kind = Literal["handoff", "callback"]
State = Literal["requested", "accepted", "declined", "expired", "cancelled", "closed"]
Event = Literal["accept", "decline", "expire", "reassign", "pass_on", "cancel", "close", "give_back", "resume"]
PublicState = Literal["none", "requested", "accepted", "closed", "cancelled"]

TRANSITIONS: Mapping[tuple[State, Event], State] = {
    ("requested", "accept"): "accepted",
    ("requested", "decline"): "declined",
    ("requested", "expire"): "expired",
    ("requested", "cancel"): "cancelled",
    ("declined", "reassign"): "requested",
    ("declined", "accept"): "accepted",
    ("declined", "cancel"): "cancelled",
    ("expired", "reassign"): "requested",
    ("expired", "accept"): "accepted",
    ("expired", "cancel"): "cancelled",
    ("accepted", "pass_on"): "declined",
    ("accepted", "give_back"): "accepted",
    ("accepted", "resume"): "accepted",
    ("accepted", "cancel"): "cancelled",
    ("accepted", "close"): "closed",
}
OPEN: tuple[State, ...] = ("requested", "accepted", "declined", "expired")
WAITING: tuple[State, ...] = ("requested", "declined", "expired")
PUBLIC: Mapping[State, PublicState] = {
    "requested": "requested",
    "declined": "requested",
    "expired": "requested",
    "accepted": "accepted",
    "closed": "closed",
    "cancelled": "cancelled",
}


class HandoffError(Exception):
    """A step that is not possible; ``detail`` says why, in Dutch, to show to whoever tried."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class UnknownRequest(HandoffError):
    """There is no such request (any more)."""


class NotPossible(HandoffError):
    """The transition table does not allow this step from the present state."""


class AlreadyTaken(NotPossible):
    """Another coach was first."""


class NotAllowed(HandoffError):
    """This coach may not do this with this request."""


@dataclass(frozen=True)
class Draft:
    """What a visitor wants to send, before consent. A call-back needs a telephone number (E.164); a hand-off may have no contact at all.

    ``key`` identifies the sending (for instance the id of the flow): the same key in the same conversation makes one request.
    """

    kind: Kind
    conversation_id: str
    subject: str
    place: str
    region: str
    gemeenten: tuple[str, ...] = ()
    topic: str | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    wanted: str | None = None
    wanted_date: date | None = None
    key: str | None = None


@dataclass(frozen=True)
class Preview:
    """Who would get the request now and when an answer may be expected. ``recipient`` is shown in the consent.

    ``available``: a coach is at work now. ``promised``: the latest moment of an answer (hand-off) or the day of the call (call-back).
    """

    recipient: str
    organisation: str | None
    coach_id: str | None
    available: bool
    promised: datetime
    expectation: str


@dataclass(frozen=True)
class Request:
    """A request as services and pages see it."""

    id: str
    kind: Kind
    state: State
    conversation_id: str | None
    created: datetime
    changed: datetime
    subject: str
    topic: str | None
    place: str
    region: str
    gemeenten: tuple[str, ...]
    name: str | None
    phone: str | None
    email: str | None
    wanted: str | None
    wanted_date: date | None
    consent: str
    coach_id: str | None
    round: int
    due: datetime | None
    promised: datetime | None
    accepted: datetime | None
    closed: datetime | None
    close_reason: str | None

    @property
    def public_state(self) -> PublicState:
        """What the visitor sees."""
        return PUBLIC[self.state]

    @property
    def contact(self) -> str:
        """Telephone number and e-mail address as a Dutch reader writes them; empty when there are none."""
        return " en ".join(part for part in (shown_phone(self.phone), self.email) if part)

    @property
    def region_name(self) -> str:
        """The name of the arbeidsmarktregio."""
        found = regions.region(self.region)
        return found.name if found else self.region


@dataclass(frozen=True)
class Status:
    """Where the request of a visitor stands: ``state`` for the contract, ``text`` in Dutch, the request when there is one."""

    state: PublicState
    text: str
    request: Request | None = None


@dataclass(frozen=True)
class Note:
    """A coach's note about a request."""

    id: int
    request_id: str
    coach_id: str
    text: str
    created: datetime


@dataclass(frozen=True)
class AuditEvent:
    """Something that happened to a request, without content."""

    at: datetime
    actor: str
    event: str
    before: str | None
    after: str | None
    detail: dict[str, Any]
