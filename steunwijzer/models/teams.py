"""What Teams needs to be remembered: where to send to, what was handled, and which message holds which request card."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, Integer, String

from steunwijzer.db import Base, UtcDateTime


class TeamsReference(Base):
    """One chat in Teams: personal, group, or a thread of a channel (its id then ends in ``;messageid=…``).

    ``user_id`` and ``object_id`` (Entra) are who wrote last; in a personal chat the only one. ``chat_id`` is the conversation with the assistant,
    ``request_id`` the request whose visitor the coach is chatting with here. ``blocked`` says why nothing can be sent any more.
    """

    __tablename__ = "teams_reference"
    __table_args__ = (
        CheckConstraint("kind IN ('personal', 'groupChat', 'channel')", name="kind"),
        Index(None, "object_id"),
        Index(None, "seen"),
    )

    id: int = Column(Integer, primary_key=True)
    conversation_id: str = Column(String(400), nullable=False, unique=True)
    kind: str = Column(String(9), nullable=False)
    tenant_id: str = Column(String(64), nullable=False)
    user_id: str = Column(String(200), nullable=False)
    object_id: str = Column(String(64), nullable=False)
    bot_id: str = Column(String(200), nullable=False)
    service_url: str = Column(String(400), nullable=False)
    chat_id: str | None = Column(String(43), ForeignKey("conversation.id", ondelete="SET NULL"))
    request_id: str | None = Column(String(43), ForeignKey("request.id", ondelete="SET NULL"))
    blocked: str | None = Column(String(60))
    created: datetime = Column(UtcDateTime, nullable=False)
    seen: datetime = Column(UtcDateTime, nullable=False)


class TeamsActivity(Base):
    """That an activity came in, so that the same one is never handled twice. ``payload`` is kept (masked) only until it is handled.

    ``response`` is what an invoke was answered with: a repetition gets the same answer.
    """

    __tablename__ = "teams_activity"
    __table_args__ = (Index(None, "handled", "received"),)

    conversation_id: str = Column(String(400), primary_key=True)
    activity_id: str = Column(String(200), primary_key=True)
    received: datetime = Column(UtcDateTime, nullable=False)
    handled: datetime | None = Column(UtcDateTime)
    payload: dict[str, Any] | None = Column(JSON(none_as_null=True))
    response: dict[str, Any] | None = Column(JSON(none_as_null=True))


class TeamsCard(Base):
    """A message in Teams about a request: its card (``card``), to be brought up to date, or words of the visitor (``chat``).

    Both are emptied when the visitor has the data removed.
    """

    __tablename__ = "teams_card"
    __table_args__ = (CheckConstraint("kind IN ('card', 'chat')", name="kind"), Index(None, "request_id"))

    reference_id: int = Column(Integer, ForeignKey("teams_reference.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    activity_id: str = Column(String(200), primary_key=True)
    request_id: str = Column(String(43), ForeignKey("request.id", ondelete="CASCADE"), nullable=False)
    coach_id: str = Column(String(60), ForeignKey("coach.id"), nullable=False)
    kind: str = Column(String(4), nullable=False)
    created: datetime = Column(UtcDateTime, nullable=False)
