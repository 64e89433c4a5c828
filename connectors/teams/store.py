"""Chats in Teams, what came in, and which message holds which card: the tables behind this connector."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import bindparam, delete, func, null, or_, select, update
from sqlalchemy.orm import Session

from connectors.teams.activities import Incoming, restored
from steunwijzer import conversations, directory, models, outbox, privacy
from steunwijzer.db import col, insert_into, joined, utcnow
from steunwijzer.settings import get_settings

CHANNEL = "teams"
ACTIVITY_DAYS = 7
RECOVER_AFTER = timedelta(seconds=60)
# When somebody was here last is kept to the hour: a message need not be a change.
SEEN_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Reference:
    """A chat in Teams that messages can be sent to."""

    id: int
    conversation_id: str
    kind: str
    tenant_id: str
    user_id: str
    object_id: str
    bot_id: str
    service_url: str
    chat_id: str | None
    request_id: str | None
    blocked: str | None

    @property
    def personal(self) -> bool:
        """A chat of one person with the bot."""
        return self.kind == "personal"

    @property
    def suggests(self) -> bool:
        """Whether buttons may be suggested actions: those send bare words, which would go to the employer a coach is chatting with."""
        return self.personal and self.request_id is None


@dataclass(frozen=True)
class Card:
    """A message about a request: its card, or (``kind`` "chat") words of the visitor."""

    reference_id: int
    activity_id: str
    request_id: str
    coach_id: str
    kind: Literal["card", "chat"] = "card"


def remember(activity: Incoming) -> Reference:
    """Keep where this chat is; a chat that writes again is not blocked any more."""
    now = utcnow()
    values = {
        "kind": activity.kind,
        "tenant_id": activity.tenant,
        "user_id": activity.user_id,
        "object_id": activity.object_id,
        "bot_id": activity.bot_id,
        "service_url": activity.service_url,
        "blocked": None,
        "seen": now,
    }
    # An activity of the service itself names no person: who wrote last stays known.
    news = {name: value for name, value in values.items() if value or name == "blocked"}
    this = {"conversation": activity.conversation_id}
    with joined(None, reading=True) as session:
        row = session.execute(_BY_CONVERSATION, this).first()
    if row is not None and row.seen > now - SEEN_EVERY and all(getattr(row, name) == news[name] for name in news.keys() - {"seen"}):
        return _reference(row)
    with joined(None) as session:
        # Of two workers with the first message of a chat, one is first.
        keep = _keeping(session.get_bind().dialect.name, tuple(news))
        session.execute(keep, {**values, "conversation_id": activity.conversation_id, "created": now})
        return _reference(session.execute(_BY_CONVERSATION, this).one())


_CHATS = models.TeamsReference.__table__
_BY_CONVERSATION = select(_CHATS).where(_CHATS.c.conversation_id == bindparam("conversation"))


@lru_cache
def _keeping(dialect: str, news: tuple[str, ...]) -> Any:
    """Keep a new chat, or the ``news`` about a known one."""
    kept = insert_into(_CHATS, dialect)
    return kept.on_conflict_do_update(index_elements=[_CHATS.c.conversation_id], set_={name: kept.excluded[name] for name in news})


def reference(reference_id: int) -> Reference | None:
    """The chat with this number."""
    with joined(None, reading=True) as session:
        row = session.get(models.TeamsReference, reference_id)
        return _reference(row) if row else None


def personal_chat(coach: directory.Coach) -> Reference | None:
    """The coach's own chat with the bot, the one used last; None when the coach has not installed it (or removed it)."""
    if not coach.teams_id:
        return None
    table = models.TeamsReference
    query = select(table).where(table.object_id == coach.teams_id.lower(), table.kind == "personal", col(table.blocked).is_(None))
    tenant = (get_settings().teams_tenant_id or "").lower()
    if tenant:
        query = query.where(table.tenant_id == tenant)
    with joined(None, reading=True) as session:
        row = session.execute(query.order_by(col(table.seen).desc(), col(table.id).desc()).limit(1)).scalar_one_or_none()
        return _reference(row) if row else None


def block(conversation_id: str, reason: str) -> None:
    """Nothing can be sent to this chat (uninstalled, blocked by the user, removed), nor to the threads of this channel."""
    table = models.TeamsReference.conversation_id
    here = or_(table == conversation_id, col(table).startswith(f"{conversation_id};", autoescape=True))
    _update(here, blocked=reason[:60], request_id=None)


def start_chat(reference_id: int) -> str:
    """A new conversation with the assistant, which belongs to this chat from now on; gives its id."""
    with joined(None) as session:
        made = conversations.start(session=session).id
        session.execute(_BELONGS, {"reference": reference_id, "made": made})
    return made


_BELONGS = update(_CHATS).where(_CHATS.c.id == bindparam("reference")).values(chat_id=bindparam("made"))


def set_request(reference_id: int, request_id: str | None) -> None:
    """The request whose visitor the coach is chatting with in this chat."""
    _update(models.TeamsReference.id == reference_id, request_id=request_id)


def _update(condition: Any, *, session: Session | None = None, **values: Any) -> None:
    with joined(session) as own:
        own.execute(update(models.TeamsReference).where(condition).values(**values).execution_options(synchronize_session=False))


# What came in ---------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Receipt:
    """Whether an activity is new; for one that came before, what it was answered with (invokes)."""

    new: bool
    response: dict[str, Any] | None = None


def receive(activity: Incoming) -> Receipt:
    """Note that an activity came in, before anything is done with it. An activity without id counts as new."""
    if not activity.id:
        return Receipt(True)
    values = {"conversation_id": activity.conversation_id, "activity_id": activity.id, "received": utcnow(), "payload": activity.masked()}
    with joined(None) as session:
        if session.execute(_coming(session.get_bind().dialect.name), values).rowcount:
            return Receipt(True)
        known = session.get(models.TeamsActivity, (activity.conversation_id, activity.id))
        return Receipt(False, dict(known.response) if known is not None and known.response else None)


def handled(activity: Incoming, response: dict[str, Any] | None = None, *, session: Session | None = None) -> None:
    """The activity is dealt with: its text goes, its id stays so that a repetition does nothing."""
    with joined(session) as own:
        own.execute(_HANDLED, {"chat": activity.conversation_id, "which": activity.id, "now": utcnow(), "answer": response})


_ACTIVITIES = models.TeamsActivity.__table__
_HANDLED = (
    update(_ACTIVITIES)
    .where(_ACTIVITIES.c.conversation_id == bindparam("chat"), _ACTIVITIES.c.activity_id == bindparam("which"))
    .values(handled=bindparam("now"), payload=null(), response=bindparam("answer"))
)


@lru_cache
def _coming(dialect: str) -> Any:
    return insert_into(_ACTIVITIES, dialect).on_conflict_do_nothing()


def unfinished(now: datetime | None = None) -> list[Incoming]:
    """Activities that a stopped process had acknowledged but not dealt with, oldest first; each is given to one caller."""
    table, now = models.TeamsActivity, now or utcnow()
    with joined(None) as session:
        rows = session.execute(
            select(table)
            .where(col(table.handled).is_(None), table.received < now - RECOVER_AFTER)
            .order_by(table.received)
            .limit(100)
            .with_for_update(skip_locked=True)
        ).scalars()
        found = []
        for row in rows:
            row.received = now
            if row.payload:
                found.append(restored(row.payload))
        return found


# What a conversation says by itself -------------------------------------------------------------------------------------------------


_OF_CHAT = select(models.TeamsReference.id).where(models.TeamsReference.chat_id == bindparam("chat"))


@conversations.when_said_by_itself
def _said_by_itself(session: Session, message: conversations.Message) -> None:
    """Somebody in Teams whom the public assistant helps reads what a coach writes, and who answers now, in the same chat.

    Answers to a message leave with that message's turn; what answers none has nobody who sends it. The row of the outbox is part of the
    transaction that stores the message.
    """
    found = session.execute(_OF_CHAT, {"chat": message.conversation_id}).scalar()
    if found is not None:
        outbox.add(
            session,
            key=f"teams-said:{found}:{message.conversation_id}:{message.seq}",
            channel=CHANNEL,
            kind="teams.reply",
            recipient=str(found),
            payload={"reference": found, "conversation": message.conversation_id, "seq": message.seq, "part": "text"},
        )


# Cards ----------------------------------------------------------------------------------------------------------------------------


def add_card(card: Card, key: str) -> None:
    """Keep that a message shows a request; the same message twice is kept once.

    ``key`` is that of the delivery. When the visitor had the data removed while the message was on its way, it is emptied at once.
    """
    with joined(None) as session:
        # Locked: a removal that runs now waits, and then finds this card.
        if session.get(models.Request, card.request_id, with_for_update={"read": True}) is None:
            _erase(session, card, f"{key}:{card.activity_id}")
        elif session.get(models.TeamsCard, (card.reference_id, card.activity_id)) is None:
            session.add(
                models.TeamsCard(
                    reference_id=card.reference_id,
                    activity_id=card.activity_id,
                    request_id=card.request_id,
                    coach_id=card.coach_id,
                    kind=card.kind,
                    created=utcnow(),
                )
            )


def _erase(session: Session, card: Any, key: str) -> None:
    outbox.add(
        session,
        key=f"teams-erase:{key}"[:200],
        channel=CHANNEL,
        kind="teams.erase",
        recipient=str(card.reference_id),
        payload={"reference": card.reference_id, "activity": card.activity_id, "card": card.kind == "card"},
    )


def cards(request_id: str, coach_id: str) -> list[tuple[Card, Reference]]:
    """The messages that show this request to this coach, oldest first."""
    table = models.TeamsCard
    with joined(None, reading=True) as session:
        rows = session.execute(
            select(table, models.TeamsReference)
            .join(models.TeamsReference, models.TeamsReference.id == table.reference_id)
            .where(table.request_id == request_id, table.coach_id == coach_id, table.kind == "card")
            .order_by(table.created, table.activity_id)
        ).all()
        return [(Card(row.reference_id, row.activity_id, row.request_id, row.coach_id, row.kind), _reference(chat)) for row, chat in rows]


def _reference(row: Any) -> Reference:
    return Reference(**{name: getattr(row, name) for name in Reference.__dataclass_fields__})


# Retention ------------------------------------------------------------------------------------------------------------------------


class _Retention:
    """Handled activities go after a week; chats nobody used for the retention period go, unless a coach's own.

    A visitor who has the data removed must not live on in Teams: every message about the request is emptied there.
    """

    def purge(self, session: Session, now: datetime) -> dict[str, int]:
        old = now - timedelta(days=get_settings().conversation_retention_days)
        coaches = select(models.Coach.teams_id).where(col(models.Coach.active).is_(True), col(models.Coach.teams_id).is_not(None))
        known = {each.lower() for (each,) in session.execute(coaches)}
        stale = select(models.TeamsReference.id, models.TeamsReference.object_id).where(models.TeamsReference.seen < old)
        gone = [identity for identity, owner in session.execute(stale) if owner not in known]
        activities = session.execute(delete(models.TeamsActivity).where(models.TeamsActivity.received < now - timedelta(days=ACTIVITY_DAYS)))
        for identity in gone:
            session.execute(delete(models.TeamsReference).where(models.TeamsReference.id == identity))
        return {"teams_activity": int(activities.rowcount), "teams_reference": len(gone)}

    def delete(self, session: Session, conversation_id: str) -> dict[str, int]:
        shown = (
            session.execute(
                select(models.TeamsCard)
                .join(models.Request, models.Request.id == models.TeamsCard.request_id)
                .where(models.Request.conversation_id == conversation_id)
            )
            .scalars()
            .all()
        )
        for row in shown:
            _erase(session, row, f"{row.reference_id}:{row.activity_id}")
            session.delete(row)
        session.flush()
        return {"teams_card": len(shown)}

    def remaining(self, session: Session, conversation_id: str) -> dict[str, int]:
        left = (
            select(func.count())
            .select_from(models.TeamsCard)
            .join(models.Request, models.Request.id == models.TeamsCard.request_id)
            .where(models.Request.conversation_id == conversation_id)
        )
        return {"teams_card": int(session.execute(left).scalar_one())}


privacy.register("teams", _Retention())
