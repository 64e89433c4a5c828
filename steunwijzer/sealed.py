"""Contact data that has to wait inside a guided flow: readable only for this installation, never as plain text in a tracker."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

from steunwijzer.settings import get_settings


def _fernet() -> Fernet:
    secret = get_settings().secret_key.get_secret_value()
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"steunwijzer-sealed:{secret}".encode()).digest()))


def seal(text: str) -> str:
    """`text` encrypted with the installation's secret key."""
    return _fernet().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed; None when it was sealed with another key or is no seal at all."""
    try:
        return _fernet().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
