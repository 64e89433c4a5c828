"""Rasa's responses from the answer files: editing an answer neither retrains nor reloads a model.

``domain.yml`` knows every response only by its title. What is said stands in ``data/answers``, with sources and next questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from actions import about_answer, compare, danger_answers
from actions.person import with_coach
from actions.phrases import is_question
from nlu.topics import BEHAVIOURS, CRISIS, topic_of_intent
from steunwijzer import papers
from steunwijzer.answers import Answer, answers, further_part, payload

_LIMIT_OF_CONTRACTS = "grens/ontslag"
_COSTS_OF_IPS = "ips/kosten"
_COSTS = tuple(f"{behaviour}/" for behaviour in BEHAVIOURS) + ("preventie/", "situatie/", "werkafspraken/")
"""After these "wat kost dat?" is about what is to be changed or arranged."""
_SURE_OF_NEW = 0.6  # below this "en hoe lang loopt dat?" is about the answer before rather than the start of another subject
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
        text = str(spoken.text or "") if spoken else ""
        about = dict((spoken.metadata if spoken else None) or {})
        sure = float((spoken.intent if spoken else {}).get("confidence") or 0.0)
        again = _said_before(answer, text, about, sure)
        if again is not None:
            return again
        named = about_answer.further_on(answer, text) if not about.get("choice") else None
        message = with_coach(payload(answer, f"{named}\n\n{answer.text}" if named else None), text)
        if topic == OPENNESS:
            message["files"] = papers.openness_links()
        return message


def _said_before(answer: Answer, text: str, about: Mapping[str, Any], sure: float) -> dict[str, Any] | None:
    """What to say instead of the same words twice in a row, and to a short question that is answered better out of the answer before.

    ``about`` is what travels with the message: ``context`` (the topic and part said last, and what was said about danger before)
    and ``choice`` (the pressed button); ``sure`` is the confidence of the topic.
    """
    context = about.get("context") or {}
    if answer.topic == CRISIS:
        return danger_answers.message(text, context)
    if about.get("choice"):
        return None
    before = answers().get(str(context.get("topic") or ""))
    if before is None:
        return None
    if answer.topic == _LIMIT_OF_CONTRACTS:
        return about_answer.reply(before, text) or (further_part(answer, int(context.get("part") or 0)) if before.topic == answer.topic else None)
    if answer.topic == _COSTS_OF_IPS and before.topic.startswith(_COSTS) and about_answer.is_bare(text):
        return payload(answers()["regeling/werkplek" if before.topic.endswith("/aanpassen") else "regeling/overzicht"])
    if before.topic != answer.topic:
        if answer.topic in (context.get("said") or ()) and not is_question(text):  # who tells more wants no repetition
            return further_part(answer, 0)
        if about_answer.is_bare(text):
            return about_answer.reply(before, text)
        named = compare.names(answer.topic, text)
        leans = sure < _SURE_OF_NEW or not named and (about_answer.leans(text) or about_answer.asks_enough(text))
        return about_answer.reply(before, text, only_found=True) if leans else None
    return about_answer.reply(answer, text) or further_part(answer, int(context.get("part") or 0))

