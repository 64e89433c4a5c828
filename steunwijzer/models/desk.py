"""Signing in to the coach desk: one-time links and sessions. Neither table holds what opens the door, only what recognises it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, String

from steunwijzer.db import Base, UtcDateTime


class DeskLink(Base):
    """A sign-in link that was made for a coach; ``used`` when somebody came in with it."""

    __tablename__ = "desk_link"
    __table_args__ = (Index(None, "expires"),)

    id: str = Column(String(43), primary_key=True)
    coach_id: str = Column(String(60), ForeignKey("coach.id", ondelete="CASCADE"), nullable=False)
    created: datetime = Column(UtcDateTime, nullable=False)
    expires: datetime = Column(UtcDateTime, nullable=False)
    used: datetime | None = Column(UtcDateTime)


class DeskSession(Base):
    """A coach who is signed in; ``id`` is the SHA-256 of the secret in the cookie, in hexadecimal."""

    __tablename__ = "desk_session"
    __table_args__ = (Index(None, "expires"),)

    id: str = Column(String(64), primary_key=True)
    coach_id: str = Column(String(60), ForeignKey("coach.id", ondelete="CASCADE"), nullable=False)
    created: datetime = Column(UtcDateTime, nullable=False)
    expires: datetime = Column(UtcDateTime, nullable=False)
