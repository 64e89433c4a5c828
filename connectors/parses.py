"""How a message is understood when its words alone do not say: a pressed button, a situation, the conversation before it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from nlu.topics import RETRIEVAL_INTENTS, STEERING, base_intent_of


def parse_for_topic(
    text: str, topic: str, entities: list[dict[str, Any]] | None = None, *, sure: float = 1.0, ranking: Sequence[tuple[str, float]] = ()
) -> dict[str, Any]:
    """What understanding would have given had it been ``sure`` of a topic; ``ranking`` holds the likeliest ones when there are others."""
    intent = base_intent_of(topic)
    selector: dict[str, Any] = {"all_retrieval_intents": list(RETRIEVAL_INTENTS)}
    if topic not in STEERING:
        selector[intent] = {
            "response": {"responses": [], "confidence": sure, "intent_response_key": topic, "utter_action": f"utter_{topic}"},
            "ranking": [{"confidence": sure, "intent_response_key": topic}],
        }
    return {
        "text": text,
        "intent": {"name": intent, "confidence": sure},
        "entities": entities or [],
        "intent_ranking": [{"name": intent, "confidence": sure}],
        "topics": [{"topic": each, "confidence": round(likely, 4)} for each, likely in ranking or ((topic, sure),)],
        "response_selector": selector,
    }


def still_doubted(chosen: dict[str, Any], parsed: Mapping[str, Any]) -> dict[str, Any]:
    """What a message is taken for instead of how it was ``parsed``; a doubt about danger stays, so that the numbers stand above the answer."""
    return {**chosen, "worry": True} if parsed.get("worry") else chosen


def parse_for_intent(text: str, intent: str) -> dict[str, Any]:
    """What understanding gives for an intent that is no topic: a message that is not recognised, a button that starts a flow."""
    return {
        "text": text,
        "intent": {"name": intent, "confidence": 1.0},
        "entities": [],
        "intent_ranking": [],
        "topics": [],
        "response_selector": {"all_retrieval_intents": list(RETRIEVAL_INTENTS)},
    }
