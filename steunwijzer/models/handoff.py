"""Requests to coaches and everything around them: who was asked, notes, live chat, deliveries, audit."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from steunwijzer.db import Base, UtcDateTime


class Request(Base):
    """A hand-off or call-back request. ``coach_id`` is who is asked (requested) or who took it (accepted and later)."""

    __tablename__ = "request"
    __table_args__ = (
        CheckConstraint("kind IN ('handoff', 'callback')", name="kind"),
        CheckConstraint("state IN ('requested', 'accepted', 'declined', 'expired', 'cancelled', 'closed')", name="state"),
        UniqueConstraint("conversation_id", "key"),
        Index(None, "state", "due"),
        Index(None, "coach_id", "state"),
        Index(None, "region"),
    )

    id: str = Column(String(43), primary_key=True)
    kind: str = Column(String(8), nullable=False)
    state: str = Column(String(9), nullable=False)
    conversation_id: str | None = Column(String(43), ForeignKey("conversation.id", ondelete="SET NULL"))
    key: str | None = Column(String(100))
    created: datetime = Column(UtcDateTime, nullable=False)
    changed: datetime = Column(UtcDateTime, nullable=False)
    subject: str = Column(Text, nullable=False)
    topic: str | None = Column(String(80))
    place: str = Column(String(120), nullable=False)
    region: str = Column(String(4), nullable=False)
    gemeenten: list[str] = Column(JSON, nullable=False)
    name: str | None = Column(String(120))
    phone: str | None = Column(String(20))
    email: str | None = Column(String(254))
    wanted: str | None = Column(String(200))
    wanted_date: date | None = Column(Date)
    consent: str = Column(Text, nullable=False)
    coach_id: str | None = Column(String(60), ForeignKey("coach.id"))
    round: int = Column(Integer, nullable=False, default=0)
    due: datetime | None = Column(UtcDateTime)
    promised: datetime | None = Column(UtcDateTime)
    accepted: datetime | None = Column(UtcDateTime)
    closed: datetime | None = Column(UtcDateTime)
    close_reason: str | None = Column(String(20))
    last_relay: int = Column(Integer, nullable=False, default=0, server_default="0")


class RequestAsked(Base):
    """That a coach was asked for a request, and what came of it (asked, accepted, declined, expired, taken)."""

    __tablename__ = "request_asked"

    request_id: str = Column(String(43), ForeignKey("request.id", ondelete="CASCADE"), primary_key=True)
    round: int = Column(Integer, primary_key=True, autoincrement=False)
    coach_id: str = Column(String(60), ForeignKey("coach.id"), nullable=False)
    asked: datetime = Column(UtcDateTime, nullable=False)
    outcome: str = Column(String(9), nullable=False, default="asked")


class Note(Base):
    """A note of a coach about a request; visitors never see it."""

    __tablename__ = "note"

    id: int = Column(Integer, primary_key=True)
    request_id: str = Column(String(43), ForeignKey("request.id", ondelete="CASCADE"), nullable=False, index=True)
    coach_id: str = Column(String(60), ForeignKey("coach.id"), nullable=False)
    text: str = Column(Text, nullable=False)
    created: datetime = Column(UtcDateTime, nullable=False)


class RelayMessage(Base):
    """One message of a live chat; ``seq`` counts from 1 per request, ``conversation_seq`` is its number in the conversation."""

    __tablename__ = "relay_message"
    __table_args__ = (
        UniqueConstraint("request_id", "sender", "client_id"),
        CheckConstraint("sender IN ('visitor', 'coach', 'system')", name="sender"),
    )

    request_id: str = Column(String(43), ForeignKey("request.id", ondelete="CASCADE"), primary_key=True)
    seq: int = Column(Integer, primary_key=True, autoincrement=False)
    sender: str = Column(String(7), nullable=False)
    text: str = Column(Text, nullable=False)
    client_id: str | None = Column(String(100))
    conversation_seq: int | None = Column(Integer)
    created: datetime = Column(UtcDateTime, nullable=False)
    delivered: datetime | None = Column(UtcDateTime)


class OutboxRow(Base):
    """A message that must leave (mail, Teams); written with what caused it, sent after the commit. ``payload`` holds ids, no content."""

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'claimed', 'sending', 'sent', 'failed', 'uncertain', 'dropped')", name="state"),
        Index(None, "state", "next_try"),
    )

    id: int = Column(Integer, primary_key=True)
    key: str = Column(String(200), nullable=False, unique=True)
    channel: str = Column(String(20), nullable=False)
    kind: str = Column(String(40), nullable=False)
    recipient: str = Column(String(254), nullable=False)
    payload: dict[str, Any] = Column(JSON, nullable=False)
    request_id: str | None = Column(String(43), ForeignKey("request.id", ondelete="CASCADE"), index=True)
    state: str = Column(String(9), nullable=False, default="waiting")
    attempts: int = Column(Integer, nullable=False, default=0)
    created: datetime = Column(UtcDateTime, nullable=False)
    next_try: datetime = Column(UtcDateTime, nullable=False)
    claim: str | None = Column(String(43))
    claimed_until: datetime | None = Column(UtcDateTime)
    sent: datetime | None = Column(UtcDateTime)
    error: str | None = Column(String(200))


class AuditEvent(Base):
    """What happened, when and by whom, without any content; outlives what it is about."""

    __tablename__ = "audit_event"
    __table_args__ = (Index(None, "subject"), Index(None, "at"))

    id: int = Column(Integer, primary_key=True)
    at: datetime = Column(UtcDateTime, nullable=False)
    actor: str = Column(String(80), nullable=False)
    event: str = Column(String(40), nullable=False)
    subject: str = Column(String(80), nullable=False)
    before: str | None = Column(String(20))
    after: str | None = Column(String(20))
    detail: dict[str, Any] = Column(JSON, nullable=False, default=dict)
