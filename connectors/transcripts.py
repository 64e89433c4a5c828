"""A conversation on paper: plain text, or a tagged PDF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import typst

from steunwijzer.answers import dutch_date
from steunwijzer.conversations import Message

_WHO = {"assistant": "Steunwijzer (digitale assistent)", "coach": "Coach", "user": "U"}
_TEMPLATE = Path(__file__).with_name("transcript.typ")
_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def _who(message: Message) -> str:
    name = message.payload.get("name")
    return f"{name} (coach)" if message.sender == "coach" and name else _WHO[message.sender]


def as_text(messages: Sequence[Message]) -> str:
    """The conversation as plain text, with who, when and the sources."""
    parts = ["Gesprek met Steunwijzer\n"]
    for message in messages:
        moment = message.created.astimezone(_AMSTERDAM)
        lines = [f"[{moment:%d-%m-%Y %H.%M}] {_who(message)}:", str(message.payload.get("text", "")).replace("**", "")]
        sources = message.payload.get("sources") or []
        if sources:
            lines.append("Bronnen: " + "; ".join(f"{s['title']}" + (f" ({s['url']})" if s.get("url") else "") for s in sources))
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def as_pdf(messages: Sequence[Message]) -> bytes:
    """The conversation as an accessible PDF (PDF/UA-1)."""
    rows = [
        {
            "who": _who(message),
            "when": f"{dutch_date(message.created.astimezone(_AMSTERDAM).date())}, {message.created.astimezone(_AMSTERDAM):%H.%M} uur",
            "paragraphs": [p for p in str(message.payload.get("text", "")).replace("**", "").split("\n") if p.strip()],
            "sources": [s["title"] for s in message.payload.get("sources") or []],
        }
        for message in messages
    ]
    pdf = typst.compile(str(_TEMPLATE), sys_inputs={"rows": json.dumps(rows)}, pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("typst gave no single document")
    return pdf
