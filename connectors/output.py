"""What Rasa says in one turn, as messages and state of the HTTP contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rasa.core.channels.channel import OutputChannel

STATE_KEYS = ("flow", "step", "asks_for", "region", "handoff", "of_other")
# what is kept of a message; `offered_choices` marks a miss for `steunwijzer review`
_MESSAGE_KEYS = ("sources", "card", "files", "topic", "checked", "part", "lang", "offered_choices")


@dataclass
class Turn:
    """Messages of one turn (payloads as stored), what they say about the state, and how the conversation must ``end`` ("delete"), if so."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    end: str | None = None


class TurnOutput(OutputChannel):
    """Collects every response whole: Rasa's own collecting channel drops metadata and splits on blank lines."""

    def __init__(self) -> None:
        self.turn = Turn()

    @classmethod
    def name(cls) -> str:
        return "website"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        payload: dict[str, Any] = {"text": message.get("text") or ""}
        buttons = [
            {
                "title": str(button.get("title") or ""),
                "value": str(button.get("payload") or button.get("title") or ""),
                **({"choice": button["choice"]} if button.get("choice") is not None else {}),
            }
            for button in message.get("buttons") or []
        ]
        if buttons:
            payload["buttons"] = buttons
        payload.update({key: message[key] for key in _MESSAGE_KEYS if message.get(key)})
        self.turn.end = message.get("end") or self.turn.end
        for key in STATE_KEYS:
            if key in message:
                self.turn.state[key] = message[key]
        if payload["text"] or payload.get("card") or payload.get("files"):
            self.turn.messages.append(payload)
