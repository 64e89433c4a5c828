"""Whole conversations from ``tests/conversations/*.yml``, over HTTP against the real server.

A turn says something and names what must come of it: ``topic``, ``flow``, ``step``, ``asks_for``, ``region``, ``handoff`` and ``crisis`` are
compared with the state; every text under ``says`` must be in the replies and none under ``never``; ``buttons`` and ``files`` must all be
offered; ``sourced: true`` wants at least one source, ``sourced: false`` none beside the text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from serving import Visitor

FOLDER = Path(__file__).with_name("conversations")
_STATE = ("topic", "flow", "asks_for", "region", "handoff", "crisis")


def _conversations() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yml")):
        for conversation in yaml.safe_load(path.read_text("utf-8")):
            found.append(pytest.param(conversation, id=f"{path.stem}: {conversation['name']}"))
    return found


@pytest.mark.parametrize("conversation", _conversations())
def test_conversation(conversation: dict[str, Any], visitor: Visitor) -> None:
    for number, turn in enumerate(conversation["turns"], 1):
        body = visitor.say(turn["say"])
        where = f"beurt {number} ({turn['say']!r}): {[m['text'] for m in body['messages']]} {body['state']}"
        for key in _STATE:
            if key in turn:
                assert body["state"][key] == turn[key], where
        if "step" in turn:
            assert (body["state"]["step"] or {}).get("number") == turn["step"], where
        text = "\n".join(message["text"] for message in body["messages"])
        assert text, where
        for wanted in turn.get("says", []):
            assert wanted.lower() in text.lower(), where
        for unwanted in turn.get("never", []):
            assert unwanted.lower() not in text.lower(), where
        offered = [button["title"] for message in body["messages"] for button in message["buttons"]]
        for button in turn.get("buttons", []):
            assert button in offered, where
        files = [file["title"] for message in body["messages"] for file in message.get("files") or []]
        for file in turn.get("files", []):
            assert file in files, where
        if "sourced" in turn:
            assert any(message["sources"] for message in body["messages"]) == turn["sourced"], where
