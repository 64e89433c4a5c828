"""Links to a conversation on paper: signed, for reading only, and valid no longer than the conversation is kept."""

from __future__ import annotations

from typing import Literal

from itsdangerous import BadSignature, URLSafeTimedSerializer

from steunwijzer.papers import FILES_PATH
from steunwijzer.settings import get_settings

Format = Literal["text", "pdf"]
_FORMATS: tuple[tuple[Format, str, str], ...] = (
    ("pdf", "Dit gesprek (PDF)", "application/pdf"),
    ("text", "Dit gesprek (tekst)", "text/plain"),
)


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(get_settings().secret_key.get_secret_value(), salt="steunwijzer-transcript")


def links(conversation_id: str) -> list[dict[str, str]]:
    """The ``files`` of a message: title, url and type per format."""
    return [
        {"title": title, "url": f"{FILES_PATH}/{_serializer().dumps([conversation_id, fmt])}", "type": media_type}
        for fmt, title, media_type in _FORMATS
    ]


def open_link(token: str) -> tuple[str, Format] | None:
    """Conversation and format of a link; None when it is no link to a conversation, or too old."""
    try:
        conversation_id, fmt = _serializer().loads(token, max_age=get_settings().conversation_retention_days * 86_400)
    except (BadSignature, ValueError, TypeError):
        return None
    return (str(conversation_id), fmt) if fmt in ("text", "pdf") else None
