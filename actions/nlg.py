"""Rasa's responses from the answer files: editing an answer neither retrains nor reloads a model.

``domain.yml`` knows every response only by its title. What is said stands in ``data/answers``, with sources and next questions.
"""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from actions.person import with_coach
from nlu.topics import topic_of_intent
from steunwijzer import papers
from steunwijzer.answers import answers, payload

OPENNESS = "openheid/coral"
"""The answer that brings the aid for the conversation about openness; its links are signed, the paper is made at a download."""


class AnswerBank(NaturalLanguageGenerator):
    """Turns ``utter_<topic>`` into the answer of that topic."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        self._domain = domain

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any) -> dict[str, Any] | None:
        topic = topic_of_intent(utter_action.removeprefix("utter_"))
        answer = answers().get(topic or "")
        if answer is None:
            return None
        spoken = tracker.latest_message
        message = with_coach(payload(answer), str(spoken.text or "") if spoken else "")
        if topic == OPENNESS:
            message["files"] = papers.openness_links()
        return message
