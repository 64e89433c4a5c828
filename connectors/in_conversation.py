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
from nlu.in_conversation import ON_PEOPLE, Before, reread, resolved, without
from nlu.topics import BEHAVIOURS, MORE, OTHER_BEHAVIOUR, OUT_OF_SCOPE, STARTS_STEPS, is_crisis, ranking_of, topic_of
from steunwijzer.answers import answers, payload
from steunwijzer.conversations import Message

EARLIER = 4
"""How many messages of the visitor are looked back at most."""
_OF_OTHERS = re.compile(r"\b(?:ander\w*|bij|iemand|mensen|types?|collega\w*|juist|ook)\b", re.IGNORECASE)
_SURE_OF_ITSELF = 0.6
_SURE_OF_STEPS = 0.75  # in a conversation they never start because they would fit ("en als hij boos wordt?" after advice on a talk)
_SURE = 0.4  # of a topic that a message gets from its conversation only


def before_answer(topic: str) -> Before:
    """The topic of the last answer with its next questions."""
    answer = answers().get(topic)
    choices = [button.get("choice") for button in payload(answer)["buttons"]] if answer is not None else []
    return Before(topic, frozenset(str(choice["topic"]) for choice in choices if isinstance(choice, dict) and choice.get("topic")))


def earlier_texts(recent: Sequence[Message]) -> list[str]:
    """What the visitor said in the last messages, oldest first; at most :data:`EARLIER`."""
    said = (message.payload.get("text") for message in recent if message.sender == "user")
    return [str(text) for text in said if text][-EARLIER:]


def _says_it_all(text: str, parsed: Mapping[str, Any], topics: Sequence[str], last_topic: str) -> bool:
    """Whether nothing need be read into a message: a sure yes or no, a wish, another behaviour, the team, a scheme, a bare "what does that cost"."""
    topic, sure = topic_of(parsed)
    area = (topic or "").split("/")[0]
    if topic == OTHER_BEHAVIOUR:
        return bool(_OF_OTHERS.search(text)) or any(entity["entity"] == "behaviour" for entity in parsed["entities"])
    if area == "vervolg":  # on the behaviour of before, maybe after a detour
        of_behaviour = any(each.split("/")[0] in BEHAVIOURS for each in topics)
        talk = topic == "vervolg/gesprek" and last_topic.startswith(ON_PEOPLE)  # "hoe vraag ik dat?": the talk with somebody
        return goes_to_team(text) or (of_behaviour or talk) and sure >= _SURE_OF_ITSELF
    return (
        (area == "dialoog" or topic in LEAVING_TOPICS) and sure >= (_SURE_OF_STEPS if topic in STARTS_STEPS else _SURE_OF_ITSELF)
        or topic == "openheid/team" and names_team(text)
        or topic is not None and sure >= _SURE_OF_ITSELF and compare.names(topic, text)
        or topic == "ips/kosten" and about_answer.is_bare(text)  # an answer finds out what it is that costs
    )


def _is_spent(topic: str, part: int, text: str) -> bool:
    """Whether the last answer has nothing more to say, and nothing about this."""
    answer = answers().get(topic)
    return answer is not None and part >= len(answer.more) and about_answer.reply(answer, text) is None


async def read_in_conversation(bot: Bot, turn: Begun, parsed: dict[str, Any] | None, text: str, safe_text: str) -> dict[str, Any] | None:
    """How a message is understood after the last answer; ``parsed`` (None: not yet) where that makes no difference.

    Danger is judged on the message alone, and what starts something of its own is never read into it.
    """
    said, last_topic = earlier_texts(turn.recent), turn.state.get("last_topic")
    if not said or not last_topic:
        return parsed
    parsed = parsed or kept_as(safe_text, await bot.parse(text, turn.conversation.id))
    alone = ranking_of(parsed)
    if is_crisis(parsed) or not alone or _says_it_all(text, parsed, turn.state.get("topics") or [], last_topic):
        return parsed
    earlier = [await bot.rank(f"{one} {text}") for one in dict.fromkeys((said[-1], said[0]))]
    ranking = reread(text, alone, earlier[0], earlier[-1], before=before_answer(last_topic))
    asked_for = {topic for topic, sure in alone[:1] if sure >= _SURE_OF_STEPS}
    ranking = without(STARTS_STEPS - asked_for, ranking)
    if not ranking:
        return parsed
    if ranking[0][0] == last_topic and _is_spent(last_topic, int(turn.state.get("last_part") or 0), text):
        others = without({last_topic}, ranking)
        if others and others[0][0] != OUT_OF_SCOPE and others[0][1] >= _SURE:
            ranking = others
    topic, sure = ranking[0]
    likeliest = alone[0][0]
    known = topic == resolved(likeliest, last_topic) and topic_of(parsed)[0] is not None
    about_answer_itself = topic == last_topic and likeliest.startswith("vervolg/") and likeliest != MORE
    if known and not about_answer_itself or topic in LEAVING_TOPICS or sure < _SURE:
        return parsed
    meant = MORE if topic == last_topic else topic
    read = still_doubted(parse_for_topic(safe_text, meant, parsed["entities"], sure=sure, ranking=ranking), parsed)
    return {**read, "leans": meant == MORE}
