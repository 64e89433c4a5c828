"""The coaches: who they are, where and when they work, how to reach them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, false, true

from steunwijzer.db import Base, UtcDateTime


class Organisation(Base):
    """An organisation that employs coaches."""

    __tablename__ = "organisation"

    id: int = Column(Integer, primary_key=True)
    name: str = Column(String(200), nullable=False, unique=True)


class Coach(Base):
    """A coach. ``hours`` maps the day of the week ("0" is Monday) to periods; None means the usual hours of the settings.

    ``active`` is false for coaches who are no longer in the directory: their requests stay readable. ``present`` is their own switch,
    ``backup`` marks who is asked when nobody else answers.
    """

    __tablename__ = "coach"
    __table_args__ = (CheckConstraint("max_open >= 0", name="max_open"),)

    id: str = Column(String(60), primary_key=True)
    name: str = Column(String(120), nullable=False)
    organisation_id: int = Column(Integer, ForeignKey("organisation.id"), nullable=False)
    email: str | None = Column(String(254), unique=True)
    phone: str | None = Column(String(20))
    teams_id: str | None = Column(String(200), unique=True)
    hours: dict[str, Any] | None = Column(JSON(none_as_null=True))
    max_open: int = Column(Integer, nullable=False)
    away_until: datetime | None = Column(UtcDateTime)
    present: bool = Column(Boolean, nullable=False, default=True, server_default=true())
    backup: bool = Column(Boolean, nullable=False, default=False, server_default=false())
    active: bool = Column(Boolean, nullable=False, default=True, server_default=true())
    last_asked: datetime | None = Column(UtcDateTime)


class CoachArea(Base):
    """A region (CBS code AM…) or gemeente (GM…) that a coach serves. Gemeenten of a region limit the coach to those in it."""

    __tablename__ = "coach_area"
    __table_args__ = (Index(None, "code"),)

    coach_id: str = Column(String(60), ForeignKey("coach.id", ondelete="CASCADE"), primary_key=True)
    code: str = Column(String(6), primary_key=True)
