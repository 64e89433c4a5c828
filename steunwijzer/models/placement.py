"""Placements with their check-ins, papers made in the guided flows, reminders, and counts for the learning view."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint, false

from steunwijzer.db import Base, UtcDateTime


class Placement(Base):
    """A job that is followed. No name of the employee: ``nickname`` is what the employer calls the job.

    ``alert_coach`` is the consent to let the coach look along and to tell the coach about a red check-in; ``consent`` holds the wording
    that was agreed to.
    """

    __tablename__ = "placement"
    __table_args__ = (Index(None, "region"), Index(None, "coach_id"), Index(None, "conversation_id"))

    id: str = Column(String(43), primary_key=True)
    conversation_id: str | None = Column(String(43), ForeignKey("conversation.id", ondelete="SET NULL"))
    nickname: str = Column(String(60), nullable=False)
    region: str = Column(String(4), nullable=False)
    coach_id: str | None = Column(String(60))
    started: date = Column(Date, nullable=False)
    created: datetime = Column(UtcDateTime, nullable=False)
    ended: date | None = Column(Date)
    employer_email: str | None = Column(String(254))
    employee_email: str | None = Column(String(254))
    alert_coach: bool = Column(Boolean, nullable=False, default=False, server_default=false())
    consent: str = Column(Text, nullable=False)
    consent_at: datetime = Column(UtcDateTime, nullable=False)


class Checkin(Base):
    """One check-in: due on a day, asked once, answered at most once.

    ``view`` says who answers. ``scores`` maps a factor to 1–5 (left out when skipped), ``words`` a factor to the explanation. ``colour`` is
    what the rules gave, ``base`` the colour without the rule about two orange ones in a row. ``extra`` marks one planned after a signal.
    """

    __tablename__ = "checkin"
    __table_args__ = (
        UniqueConstraint("placement_id", "view", "due"),
        CheckConstraint("view IN ('employer', 'employee')", name="view"),
        CheckConstraint("colour IS NULL OR colour IN ('groen', 'oranje', 'rood')", name="colour"),
        Index(None, "placement_id", "due"),
    )

    id: str = Column(String(43), primary_key=True)
    placement_id: str = Column(String(43), ForeignKey("placement.id", ondelete="CASCADE"), nullable=False)
    view: str = Column(String(8), nullable=False, default="employer")
    due: date = Column(Date, nullable=False)
    extra: bool = Column(Boolean, nullable=False, default=False, server_default=false())
    asked: datetime | None = Column(UtcDateTime)
    answered: datetime | None = Column(UtcDateTime)
    missed: bool = Column(Boolean, nullable=False, default=False, server_default=false())
    scores: dict[str, Any] = Column(JSON, nullable=False, default=dict)
    words: dict[str, Any] = Column(JSON, nullable=False, default=dict)
    wish: str | None = Column(Text)
    base: str | None = Column(String(6))
    colour: str | None = Column(String(6))
    reasons: list[str] = Column(JSON, nullable=False, default=list)


class Paper(Base):
    """What a guided flow made, as data: rendered again at each download. Goes with its conversation."""

    __tablename__ = "paper"
    __table_args__ = (CheckConstraint("kind IN ('agreement', 'plan', 'placement')", name="kind"), Index(None, "created"))

    id: str = Column(String(43), primary_key=True)
    conversation_id: str | None = Column(String(43), ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    kind: str = Column(String(10), nullable=False)
    content: dict[str, Any] = Column(JSON, nullable=False)
    created: datetime = Column(UtcDateTime, nullable=False)


class Reminder(Base):
    """A mail about a review date, asked for with consent; the address goes when it is sent."""

    __tablename__ = "reminder"
    __table_args__ = (Index(None, "due", "sent"),)

    id: str = Column(String(43), primary_key=True)
    paper_id: str = Column(String(43), ForeignKey("paper.id", ondelete="CASCADE"), nullable=False, index=True)
    due: date = Column(Date, nullable=False)
    email: str | None = Column(String(254))
    consent_at: datetime = Column(UtcDateTime, nullable=False)
    sent: datetime | None = Column(UtcDateTime)


class UsageCount(Base):
    """How often something was used in a month, in a region ("" when unknown): topics, unanswered questions, werkafspraken. Counts only."""

    __tablename__ = "usage_count"
    __table_args__ = (CheckConstraint("kind IN ('topic', 'unanswered', 'agreement')", name="kind"),)

    kind: str = Column(String(10), primary_key=True)
    key: str = Column(String(120), primary_key=True)
    region: str = Column(String(4), primary_key=True, default="")
    month: date = Column(Date, primary_key=True)
    count: int = Column(Integer, nullable=False, default=0)
