"""Conversations of visitors: what was said, by whom, and what the visitor thought of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from steunwijzer.db import Base, UtcDateTime


class Conversation(Base):
    """One visitor's conversation. ``owner`` says who answers; ``request_id`` the request that a coach took."""

    __tablename__ = "conversation"
    __table_args__ = (CheckConstraint("owner IN ('bot', 'coach')", name="owner"), Index(None, "last_seen"))

    id: str = Column(String(43), primary_key=True)
    created: datetime = Column(UtcDateTime, nullable=False)
    last_seen: datetime = Column(UtcDateTime, nullable=False)
    owner: str = Column(String(8), nullable=False, default="bot")
    request_id: str | None = Column(String(43))
    last_seq: int = Column(Integer, nullable=False, default=0)
    state: dict[str, Any] = Column(JSON, nullable=False, default=dict)
    flow: dict[str, Any] | None = Column(JSON(none_as_null=True))


class Message(Base):
    """One message; ``seq`` counts from 1 per conversation, ``reply_to`` is the seq of the message that it answers."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "client_id"),
        CheckConstraint("sender IN ('assistant', 'coach', 'user')", name="sender"),
    )

    conversation_id: str = Column(String(43), ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    seq: int = Column(Integer, primary_key=True, autoincrement=False)
    sender: str = Column(String(9), nullable=False)
    payload: dict[str, Any] = Column(JSON, nullable=False)
    client_id: str | None = Column(String(100))
    reply_to: int | None = Column(Integer)
    created: datetime = Column(UtcDateTime, nullable=False)


class Feedback(Base):
    """A thumb up or down for one message, with the reason in the visitor's words (masked)."""

    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("rating IN ('up', 'down')", name="rating"),)

    conversation_id: str = Column(String(43), ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True)
    seq: int = Column(Integer, primary_key=True, autoincrement=False)
    rating: str = Column(String(4), nullable=False)
    reason: str | None = Column(Text)
    created: datetime = Column(UtcDateTime, nullable=False)
