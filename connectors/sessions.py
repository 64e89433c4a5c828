"""Session tokens: signed, random, expiring. A token names one conversation and nothing else."""

from __future__ import annotations

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from steunwijzer.settings import get_settings


class InvalidToken(Exception):
    """The token was not made here, or was tampered with."""


class ExpiredToken(InvalidToken):
    """The token is older than a session may be."""


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(get_settings().secret_key.get_secret_value(), salt="steunwijzer.session")


def token_for(conversation_id: str) -> str:
    """A token for a conversation."""
    return str(_signer().dumps(conversation_id))


def conversation_of(token: str) -> str:
    """The conversation of a token.

    Raises:
        ExpiredToken: when it is older than ``session_days``.
        InvalidToken: when it is anything else than a token of this server.
    """
    try:
        value = _signer().loads(token, max_age=get_settings().session_days * 86_400)
    except SignatureExpired as expired:
        raise ExpiredToken from expired
    except BadSignature as forged:
        raise InvalidToken from forged
    if not isinstance(value, str):
        raise InvalidToken
    return value
