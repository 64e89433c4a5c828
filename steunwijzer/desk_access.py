"""Who may come in at the coach desk: one-time sign-in links and sessions, only for active coaches of the directory.

A link is a signed number; what it opens and whether it was used stands in the database, so that it opens once. Of a session the database
keeps only a hash: whoever reads the table cannot sign in with it.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from itsdangerous import BadSignature, SignatureExpired, Signer, URLSafeTimedSerializer
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from steunwijzer import directory, models
from steunwijzer.db import joined, utcnow
from steunwijzer.directory import Coach
from steunwijzer.settings import get_settings

LINK_MINUTES = 15
SESSION_HOURS = 12


class LinkRefused(Exception):
    """The link opens nothing; ``detail`` says why, in Dutch."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True)
class Link:
    """A sign-in link as it is given to a coach."""

    url: str
    token: str
    expires: datetime


@dataclass(frozen=True)
class SignedIn:
    """A new session: ``secret`` belongs in the cookie and nowhere else."""

    secret: str
    coach: Coach
    expires: datetime


def make_link(coach_id: str, *, public_url: str | None = None) -> Link:
    """A link that signs this coach in once, within fifteen minutes. Raises ``directory.UnknownCoach`` for who is not in the directory.

    The token stands behind the ``#``: it never reaches a log, a proxy or a page that is linked to.
    """
    now = utcnow()
    with joined(None) as session:
        if not directory.coach(coach_id, session=session).active:
            raise directory.UnknownCoach(coach_id)
        row = models.DeskLink(id=secrets.token_urlsafe(24), coach_id=coach_id, created=now, expires=now + timedelta(minutes=LINK_MINUTES))
        session.add(row)
    token = str(_serializer().dumps(row.id))
    base = (public_url or get_settings().public_url).rstrip("/")
    return Link(f"{base}/desk#in={quote(token)}", token, row.expires)


def redeem(token: str) -> SignedIn:
    """Use a link: it gives a session once. Raises ``LinkRefused``."""
    try:
        identity = _serializer().loads(token, max_age=LINK_MINUTES * 60)
    except SignatureExpired:
        raise LinkRefused(f"Deze aanmeldlink is ouder dan {LINK_MINUTES} minuten. Vraag een nieuwe link.") from None
    except BadSignature:
        raise LinkRefused("Deze aanmeldlink klopt niet. Kopieer de hele link, of vraag een nieuwe.") from None
    now = utcnow()
    with joined(None) as session:
        used = session.execute(
            update(models.DeskLink)
            .where(models.DeskLink.id == identity, models.DeskLink.used == None, models.DeskLink.expires > now)  # noqa: E711
            .values(used=now)
            .execution_options(synchronize_session=False)
        ).rowcount
        if not used:
            raise LinkRefused("Deze aanmeldlink is al gebruikt of verlopen. Vraag een nieuwe link.")
        coach_id = session.get(models.DeskLink, identity).coach_id
        return _begin(session, coach_id, "link")


def sign_in(coach_id: str, *, way: str) -> SignedIn:
    """A session for a coach whom somebody else vouches for (``way``: for the audit trail). Raises ``LinkRefused``."""
    with joined(None) as session:
        return _begin(session, coach_id, way)


def coach_of(secret: str | None) -> Coach | None:
    """The coach of a session, or None when it has ended, has expired or the coach has left the directory."""
    if not secret:
        return None
    with joined(None, reading=True) as session:
        row = session.get(models.DeskSession, _hash(secret))
        if row is None or row.expires <= utcnow():
            return None
        coach = directory.coach(row.coach_id, session=session)
        return coach if coach.active else None


def sign_out(secret: str) -> None:
    """End a session; ending it twice is no error."""
    with joined(None) as session:
        session.execute(
            delete(models.DeskSession).where(models.DeskSession.id == _hash(secret)).execution_options(synchronize_session=False)
        )


def form_token(secret: str) -> str:
    """What a page of this session sends along with everything that changes something: another site cannot know it."""
    return Signer(_key(), salt="steunwijzer.desk.form").get_signature(secret).decode()


def _begin(session: Session, coach_id: str, way: str) -> SignedIn:
    coach = directory.coach(coach_id, session=session)
    if not coach.active:
        raise LinkRefused("Je staat niet (meer) in de lijst met coaches. Vraag het de beheerder.")
    now = utcnow()
    for table in (models.DeskLink, models.DeskSession):
        session.execute(delete(table).where(table.expires <= now).execution_options(synchronize_session=False))
    secret = secrets.token_urlsafe(32)
    expires = now + timedelta(hours=SESSION_HOURS)
    session.add(models.DeskSession(id=_hash(secret), coach_id=coach_id, created=now, expires=expires))
    session.add(models.AuditEvent(at=now, actor=f"coach:{coach_id}", event="desk.signin", subject=coach_id, detail={"way": way}))
    return SignedIn(secret, coach, expires)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _key() -> str:
    return get_settings().secret_key.get_secret_value()


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_key(), salt="steunwijzer.desk.link")
