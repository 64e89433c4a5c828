"""A message read after what was said before it in the conversation (:mod:`nlu.in_conversation`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions import about_answer, compare
from actions.answering import goes_to_team, names_team
from actions.flow import LEAVING_TOPICS
from connectors.bot import Bot, kept_as
from connectors.parses import parse_for_topic, still_doubted
from connectors.turns import Begun
from nlu.in_conversation import ON_PEOPLE, area_of, before_answer, readings_of, resolved, without
from nlu.topics import BEHAVIOURS, MORE, OTHER_BEHAVIOUR, OUT_OF_SCOPE, STARTS_STEPS, is_crisis, ranking_of, topic_of
from steunwijzer.answers import answers
from steunwijzer.conversations import Message

_OF_OTHERS = re.compile(r"\b(?:ander\w*|bij|iemand|mensen|types?|collega\w*|juist|ook)\b", re.IGNORECASE)
_SURE_OF_ITSELF = 0.6
_SURE_OF_STEPS = 0.75  # in a conversation they never start because they would fit ("en als hij boos wordt?" after advice on a talk)
_LIKELY_HERE = 0.3  # what starts something must also be likely after the last answer ("nee niemand geraakt", "hij zit er nu vijf maanden")
_FEW = 3  # words
_CLEAR = 0.9  # a follow-up on a behaviour, or a question about the assistant, that the last answer adds nothing to
_SURE = 0.4  # of a topic that a message gets from its conversation only


def text_before(recent: Sequence[Message]) -> str | None:
    """What the visitor said last; None at the start."""
    said = (message.payload.get("text") for message in reversed(recent) if message.sender == "user")
    return next((str(text) for text in said if text), None)


def _says_it_all(text: str, parsed: Mapping[str, Any], topics: Sequence[str], last_topic: str) -> bool:
    """Whether nothing need be read into a message: a few words of yes or no, a wish for somebody, a question about the assistant, a plain
    follow-up, another behaviour, the team, a scheme, a bare "what does that cost".
    """
    topic, sure = topic_of(parsed)
    area = area_of(topic or "")
    if topic == OTHER_BEHAVIOUR:
        return bool(_OF_OTHERS.search(text)) or any(entity["entity"] == "behaviour" for entity in parsed["entities"])
    if area == "vervolg":  # on the behaviour of before, maybe after a detour
        of_behaviour = any(area_of(each) in BEHAVIOURS for each in topics)
        detour = area_of(last_topic) not in BEHAVIOURS
        talk = topic == "vervolg/gesprek" and last_topic.startswith(ON_PEOPLE)  # "hoe vraag ik dat?": the talk with somebody
        return goes_to_team(text) or talk and sure >= _SURE_OF_ITSELF or of_behaviour and sure >= (_SURE_OF_ITSELF if detour else _CLEAR)
    return (
        area == "dialoog" and sure >= _SURE_OF_ITSELF and len(text.split()) <= _FEW
        or topic in LEAVING_TOPICS and topic not in STARTS_STEPS and sure >= _SURE_OF_ITSELF
        or area == "bot" and sure >= _CLEAR
        or topic == "openheid/team" and names_team(text)
        or topic is not None and sure >= _SURE_OF_ITSELF and compare.names(topic, text)
        or topic == "ips/kosten" and about_answer.is_bare(text)  # an answer finds out what it is that costs
    )


def _starts_something(topic: str, sure: float) -> bool:
    """Whether the message alone surely wants what is no subject: a form, a yes, a thank-you."""
    return topic.startswith("dialoog/") and sure >= _SURE_OF_ITSELF or topic in STARTS_STEPS and sure >= _SURE_OF_STEPS


def _is_spent(topic: str, part: int, text: str) -> bool:
    """Whether the last answer has nothing more to say, and nothing about this."""
    answer = answers().get(topic)
    return answer is not None and part >= len(answer.more) and about_answer.reply(answer, text) is None


async def read_in_conversation(bot: Bot, turn: Begun, parsed: dict[str, Any] | None, text: str, safe_text: str) -> dict[str, Any] | None:
    """How a message is understood after the last answer; ``parsed`` (None: not yet) where that makes no difference.

    Danger is judged on the message alone, and what starts something of its own is never read into it.
    """
    said, last_topic = text_before(turn.recent), turn.state.get("last_topic")
    if said is None or not last_topic:
        return parsed
    parsed = parsed or kept_as(safe_text, await bot.parse(text, turn.conversation.id))
    alone = ranking_of(parsed)
    if is_crisis(parsed) or not alone or _says_it_all(text, parsed, turn.state.get("topics") or [], last_topic):
        return parsed
    before = before_answer(last_topic, turn.state.get("topics") or [])
    _, after_last = readings_of(said, text)
    ranking = bot.reread(text, (alone, await bot.rank(after_last)), before)
    wanted, sure_alone = alone[0]
    if _starts_something(wanted, sure_alone) and dict(ranking).get(wanted, 0.0) >= _LIKELY_HERE:
        return parsed
    ranking = without(STARTS_STEPS, ranking)
    if not ranking:
        return parsed
    if ranking[0][0] == last_topic and _is_spent(last_topic, int(turn.state.get("last_part") or 0), text):
        others = without({last_topic}, ranking)
        if others and others[0][0] != OUT_OF_SCOPE and others[0][1] >= _SURE:
            ranking = others
    topic, sure = ranking[0]
    known = topic == resolved(wanted, last_topic) and topic_of(parsed)[0] is not None
    about_answer_itself = topic == last_topic and wanted.startswith("vervolg/") and wanted != MORE
    if known and not about_answer_itself or topic in LEAVING_TOPICS or sure < _SURE:
        return parsed
    meant = MORE if topic == last_topic else topic
    read = still_doubted(parse_for_topic(safe_text, meant, parsed["entities"], sure=sure, ranking=ranking), parsed)
    return {**read, "leans": meant == MORE}
