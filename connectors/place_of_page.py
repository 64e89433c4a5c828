"""The place that the page around the chat names (``<steunwijzer-chat place="Tiel">``): used as a guess, and said when it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from steunwijzer import conversations, place_finder
from steunwijzer.conversations import PAGE_PLACE


def keep(conversation_id: str, state: Mapping[str, Any], text: str) -> dict[str, Any]:
    """Store the place with a new conversation and give its state.

    One certain place fills the region; a name of several places is kept to be asked about; what is no Dutch place is dropped.
    """
    found = place_finder.find_place(text)
    if found.kind == "found" and found.place:
        kept = {**state, PAGE_PLACE: found.place.label, "region": found.place.region.name}
    elif found.kind in ("choose", "confirm"):
        kept = {**state, PAGE_PLACE: text.strip()}
    else:
        return dict(state)
    conversations.save(conversation_id, state=kept)
    return kept
