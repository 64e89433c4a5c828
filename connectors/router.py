"""Who owns a conversation, and what happens to a message.

The router, not Rasa, knows whether the assistant or a coach answers. It keeps the order within a conversation, stores every message
before it is handled, recognises a pressed button, masks personal data before Rasa sees the text, and looks for a crisis whoever owns the
conversation.
"""

from __future__ import annotations

import asyncio
import logging
import re
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from actions import aftermath, danger_answers, people, situations
from actions.coach_flow import office
from actions.phrases import plain
from connectors import danger, turns
from connectors.bot import Bot, Reply, kept_as
from connectors.choices import CANCELS, START_OF_FLOW, button_choice, command_choice, in_flow, ordinal_choice, request_waits, without_lead
from connectors.in_conversation import read_in_conversation
from connectors.parses import parse_for_intent, parse_for_topic, still_doubted
from connectors.state import EMPTY_STATE, live_state
from connectors.turns import topic_of_conversation
from nlu import entities
from nlu.topics import (
    CRISIS,
    FALLBACK_INTENT,
    OTHER_BEHAVIOUR,
    OUT_OF_SCOPE,
    START_INTENTS,
    TOPICS,
    is_crisis,
    is_leant_on,
    ranking_of,
    topic_of,
)
from steunwijzer import conversations, handoff, handoff_reading, handoff_request, known_contact, privacy, relay
from steunwijzer.answers import answers, payload, topic_button
from steunwijzer.bus import get_bus
from steunwijzer.conversations import Conversation, Message
from steunwijzer.masking import mask
from steunwijzer.settings import get_settings

logger = logging.getLogger(__name__)

WELCOME = (
    "Goedendag. Ik ben Steunwijzer, een digitale assistent. Ik help werkgevers bij werk en psychische kwetsbaarheid. "
    "Wat speelt er bij u?\n\n"
    "Ik ben geen mens; u kunt altijd om een coach vragen. Dit gesprek wordt na 30 dagen gewist. Noem liever geen namen of diagnoses."
)
_WELCOME_TOPICS = ("faalangst/omgaan", "preventie/stappenplan", "regeling/overzicht", "coach/spreken")
MASKED_NOTE = "Ik heb {what} uit uw bericht gehaald en niet bewaard. Deel zulke gegevens alleen als ik erom vraag."
_MASKED_NAMES = {
    "email": "een e-mailadres",
    "iban": "een rekeningnummer",
    "card": "een kaartnummer",
    "bsn": "een burgerservicenummer",
    "phone": "een telefoonnummer",
    "person": "een naam",
}
# what a visitor may hand over without being told off: the coach flows ask for it
_CONTACT_KINDS = frozenset({"phone", "email", "person"})
_STATE_PER_TURN = ("topic", "confidence", "asks_for", "step", "flow")
_SURE_AFTER_LEAD = 0.4  # below it the conversation tells more than the words after "nee, "
_DANGER_OVER = {"danger": 0, "danger_aside": 0, "danger_kind": None, "danger_unsure": False}
_ASIDES = 2  # questions about something else, after which danger is taken to be over
_MOST_TOPICS = 8
_RECENT = 3  # topics of which the same words again would be noticed
_BARE_COMMAND = 3  # words; more can tell something besides
_FEW = 6  # words that only point at somebody, whatever they resemble
_OF_SOMEBODY = ("vervolg/", "grens/", "openheid/", "privacy/", "coach/", "preventie/", "regeling/", "dialoog/")
_SURE_OF_PART = 0.4  # of the behaviour in one half of a message
CRISIS_ALERT = "Let op: in dit bericht kan sprake zijn van direct gevaar. De bezoeker ziet nu de nummers 112 en 113. Reageer zelf ook."
DELETED = "Uw gesprek, verzoeken en andere gegevens zijn verwijderd. Bewijsnummer: {receipt}. Dit gesprek is nu gesloten."
NOT_DELETED = "Niet alles kon worden verwijderd. Probeer het nog eens, of neem contact op met {office}."
_COMMAND = re.compile(r"^[\s/]+")


class EmptyMessage(ValueError):
    """There is nothing to answer in this message."""


class TooLong(ValueError):
    """The message is longer than the setting allows."""


@dataclass(frozen=True)
class Handled:
    """A handled message: the visitor's own as stored, the replies, and the state after it.

    ``ended``: everything of the visitor was removed at his own wish; the replies are stored nowhere.
    """

    own: Message
    replies: list[Message]
    state: dict[str, Any]
    ended: bool = False


def clean(text: str) -> str:
    """A visitor's text is never a command: leading slashes and control characters go.

    Raises:
        EmptyMessage: when nothing is left.
        TooLong: when it is longer than ``max_message_length``.
    """
    if len(text) > get_settings().max_message_length:
        raise TooLong
    visible = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)
    stripped = _COMMAND.sub("", visible).strip()
    if not stripped:
        raise EmptyMessage
    return stripped


def contract(message: Message) -> dict[str, Any]:
    """A stored message in the form of the HTTP contract (DESIGN §5)."""
    stored = message.payload
    shown: dict[str, Any] = {"seq": message.seq, "from": message.sender, "text": stored.get("text", "")}
    shown["buttons"] = [{"title": b["title"], "value": b["value"]} for b in stored.get("buttons") or []]
    shown["sources"] = stored.get("sources") or []
    shown.update({key: stored[key] for key in ("card", "files", "checked", "name", "lang") if stored.get(key)})
    if (stored.get("card") or {}).get("kind") == "handoff":
        # Not a card to read but the mark of a change of hands.
        shown["system"] = True
        del shown["card"]
    if message.sender == "coach" and stored.get("coach"):
        shown["name"] = stored["coach"]
    if message.sender == "user" and message.client_id:
        shown["id"] = message.client_id
    shown["at"] = message.created.isoformat()
    return shown


def use_of(messages: list[dict[str, Any]], parse: Mapping[str, Any], *, asked: bool) -> tuple[str, str] | None:
    """What a turn adds to the counts of use: ("topic" or "unanswered", topic id), or None.

    A miss counts for the topic that it resembles most. ``asked`` is false within a guided flow: there only a question in between counts,
    not what the words of a step's answer resemble, nor the end of the flow, which was counted at its start.
    """
    if any(message.get("offered_choices") for message in messages):
        ranking = ranking_of(parse)
        return ("unanswered", ranking[0][0]) if ranking else None
    told = next((str(message["topic"]) for message in messages if message.get("topic") in TOPICS), None)
    understood = topic_of(parse)[0]
    topic = told or understood if asked or told == understood else None
    return ("topic", topic) if topic and not topic.startswith("dialoog/") else None


class Router:
    """Takes messages of visitors, one at a time per conversation."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self._locks: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    def _lock(self, conversation_id: str) -> asyncio.Lock:
        lock = self._locks.get(conversation_id)
        if lock is None:
            lock = self._locks[conversation_id] = asyncio.Lock()
        return lock

    async def start(self) -> tuple[Conversation, list[Message], dict[str, Any]]:
        """A new conversation with the assistant's first words."""
        state = dict(EMPTY_STATE)
        conversation = await asyncio.to_thread(conversations.start, state=state)
        welcome = {"text": WELCOME, "buttons": [_stored(topic_button(topic)) for topic in _WELCOME_TOPICS]}
        message = await asyncio.to_thread(conversations.append, conversation.id, "assistant", welcome)
        return conversation, [message], state

    async def handle(self, conversation_id: str, text: str, *, client_id: str | None = None) -> Handled:
        """Store a visitor's message, have it answered, store the answers.

        A ``client_id`` seen before gives the earlier result again and does nothing else.

        Raises:
            EmptyMessage, TooLong: see :func:`clean`; nothing is stored.
            conversations.UnknownConversation: when it does not exist (any more).
        """
        text = clean(text)
        lock = self._lock(conversation_id)
        async with lock:
            turn = await asyncio.to_thread(turns.begin, conversation_id, text, client_id)
            if turn.with_coach:
                handled = await self._to_coach(turn.conversation, text, client_id)
                if handled is not None:
                    return handled
                turn = await asyncio.to_thread(turns.begin, conversation_id, text, client_id, coach_left=True)
            if turn.earlier:
                return Handled(turn.own, turn.earlier, turn.state)
            return await self._answer(turn, text)

    async def _to_coach(self, conversation: Conversation, text: str, client_id: str | None) -> Handled | None:
        """Give a message to the coach who owns the conversation; a crisis is answered here as well, and the coach is warned.

        None when the coach has just left: the assistant answers then.
        """
        try:
            sent = await asyncio.to_thread(relay.from_visitor, conversation.id, text, client_id=client_id)
        except handoff_request.NotPossible:
            return None
        own = (await asyncio.to_thread(conversations.after, conversation.id, (sent.conversation_seq or 1) - 1, limit=1))[0]
        if sent.repeated:
            earlier = await asyncio.to_thread(conversations.replies, conversation.id, own.seq)
            return Handled(own, earlier, await asyncio.to_thread(live_state, conversation))
        crisis = is_crisis(await self.bot.parse(text))
        state = {**EMPTY_STATE, **conversation.state, "flow": None, "step": None, "asks_for": None, "crisis": crisis}
        state.update(topic=CRISIS if crisis else None, confidence=1.0 if crisis else 0.0)
        messages = [_stored_payload({**payload(answers()[CRISIS]), "buttons": []})] if crisis else []
        if crisis and conversation.request_id:
            await asyncio.to_thread(relay.alert, conversation.request_id, CRISIS_ALERT)
        return Handled(own, *await asyncio.to_thread(turns.finish, own, messages, state, conversation.flow))

    async def _answer(self, turn: turns.Begun, text: str) -> Handled:
        conversation, own, state = turn.conversation, turn.own, turn.state
        _, choice = button_choice(turn.recent, text)
        worry = False
        if not choice:
            choice, worry = await self._typed_choice(turn, text)
        if in_flow(conversation) and request_waits(state) and CANCELS.fullmatch(plain(text)):
            return await self._cancelled(conversation, own, state)
        whom = None
        if choice is None and not in_flow(conversation):
            # after an answer that only says where to go instead, it is still about the same one
            whom = people.meant(text, people.of_state(state), state.get("last_topic")) or state.get("whom")
        masked = mask(text)
        contact_asked = state.get("asks_for") in ("contact", "consent")
        contact, problem = known_contact.read(text, with_name=contact_asked)
        mended = None if contact else known_contact.mended(text, known_contact.of_state(state))
        contact = mended or contact
        safe_text = known_contact.without_name(masked.text) if contact.name else masked.text
        metadata: dict[str, Any] = {
            "context": {
                "topic": state.get("last_topic"),
                "part": state.get("last_part") or 0,
                "danger": state.get("danger") or 0,
                "danger_kind": state.get("danger_kind"),
                "behaviour": whom,
                "said": (state.get("topics") or [])[-_RECENT:],
            },
            "choice": choice,
            # yes or no, never the number or address itself: Rasa keeps this
            "contact": {"phone": bool(contact.phone), "email": bool(contact.email), "problem": problem if contact_asked else None},
            "place_asked": state.get("asks_for") == "place",
        }
        if contact or contact.name:
            key = known_contact.OTHER_KEY if state.get("of_other") else known_contact.STATE_KEY
            beside = mended is not None or known_contact.is_beside(text)
            known = known_contact.joined(known_contact.of_state(state, key), contact, instead=contact_asked and not beside)
            metadata["contact"]["name"] = bool(known.name)
            if contact_asked and beside:
                metadata["contact"].update(phone=bool(known.phone), email=bool(known.email))
            # before the turn: the actions read it from the conversation
            await asyncio.to_thread(conversations.save, conversation.id, state={**conversation.state, key: known.kept()})
            if key == known_contact.STATE_KEY:
                state[key] = known.kept()
        parse_data, situation = self._chosen(choice, safe_text), situations.told_in(text, state.get("last_topic"))
        if choice is None and not in_flow(conversation) and not state.get("danger"):
            told = await self._in_situation(conversation, situation, text, safe_text, metadata)
            led_in = None if metadata["choice"] else await self._led_in(text, safe_text)
            parse_data = led_in or told
            if not metadata["choice"]:
                parse_data = await self._of_two(conversation, parse_data, text, safe_text, metadata)
            if not metadata["choice"] and led_in is None and whom is None:
                parse_data = await read_in_conversation(self.bot, turn, parse_data, text, safe_text)
        if whom and metadata["choice"] is None and not state.get("danger"):
            parse_data = parse_data or await self.bot.parse(text, conversation.id)
            meant_topic = topic_of(parse_data)[0] or ""
            few = len(text.split()) <= _FEW and not meant_topic.startswith((*_OF_SOMEBODY, f"{whom}/"))
            if meant_topic in ("", OUT_OF_SCOPE) or few:
                parse_data = still_doubted(parse_for_topic(safe_text, f"{whom}/omgaan"), parse_data)
        just_over = state.get("topic") == CRISIS and not state.get("danger") and not in_flow(conversation)
        if just_over and choice is None and metadata["choice"] is None:
            parse_data = await self._when_back(conversation, parse_data, text, safe_text)
        if isinstance(choice, Mapping) and choice.get("safe"):
            return await self._about_danger(conversation, own, state, "over")
        if state.get("danger") and parse_data is None and not in_flow(conversation):
            parsed = await self.bot.parse(text, conversation.id)
            meant = danger.meaning(text, parsed, int(state["danger"]), unsure=bool(state.get("danger_unsure")))
            if meant is not None and meant != "goes on":
                return await self._about_danger(conversation, own, state, meant, text)
            parse_data = kept_as(safe_text, parsed) if meant is None or is_crisis(parsed) else parse_for_topic(safe_text, CRISIS)
        reply = await self.bot.reply(conversation.id, safe_text, raw_text=text, metadata=metadata, parse_data=parse_data)
        if reply.end == "delete":
            return await self._deleted(conversation.id, own)
        messages = reply.messages or [dict(_stored_payload(payload(answers()[OUT_OF_SCOPE])))]
        messages = known_contact.filled(messages, known_contact.of_state(state))
        note = [kind for kind in masked.kinds if not contact_asked and kind not in _CONTACT_KINDS]
        if note:
            messages.insert(0, {"text": MASKED_NOTE.format(what=" en ".join(_MASKED_NAMES[kind] for kind in note))})
        if state.get("danger") and not is_crisis(reply.parse):
            messages.insert(0, {"text": danger.ASIDE, "buttons": [_stored(danger.DANGER_BUTTON), _stored(danger.SAFE_BUTTON)]})
        elif (worry or reply.parse.get("worry")) and not is_crisis(reply.parse):
            messages.insert(0, {"text": danger.WORRY, "buttons": [_stored(danger.DANGER_BUTTON)]})
        died = situation == situations.DIED
        if is_crisis(reply.parse) and not died:
            messages[-1] = {**messages[-1], "buttons": [*(messages[-1].get("buttons") or []), _stored(danger.SAFE_BUTTON)]}
        state = self._state(state, reply, messages)
        understood, _ = topic_of(reply.parse)
        if choice is None and state["topic"] and understood in (state["topic"], OTHER_BEHAVIOUR):  # in own words, not by a button
            state["people"] = people.told(people.of_state(state), state["topic"], safe_text)
        asked = metadata["choice"]
        if isinstance(asked, Mapping) and asked.get("people"):
            state["people"] = asked["people"]
        state["whom"] = whom if str(state["topic"] or "").startswith("grens/") else None
        if isinstance(choice, Mapping) and choice.get("compared"):
            state["compared"] = choice["compared"]
        if state["crisis"]:
            state["danger_kind"] = danger_answers.kind_of(text, state.get("danger_kind"))
            state["danger_unsure"] = bool(state.get("danger_unsure")) and choice is None  # the button says that there is danger
        if (reply.parse.get("intent") or {}).get("name") == START_INTENTS["situation"] and state["topic"] == situations.WEARY:
            state.update(danger=max(1, int(state.get("danger") or 0)), danger_kind=danger_answers.SELF)
        if died:  # what follows is about those who are left
            state["danger"] = 0
        use = use_of(messages, reply.parse, asked=not in_flow(conversation))
        return Handled(own, *await asyncio.to_thread(turns.finish, own, messages, state, reply.flow, use))

    async def _typed_choice(self, turn: turns.Begun, text: str) -> tuple[Any, bool]:
        """What a text chooses that is no button's: one by its number, or a command; None where its words tell of danger.

        Beside it whether danger is in doubt, so that the numbers stand above what is answered.
        """
        picked = None if in_flow(turn.conversation) else ordinal_choice(turn.recent, text)
        if picked and not picked.get("something_else"):
            return picked, False
        command = command_choice(text, turn.conversation, turn.state)
        # some commands are found in the middle of a sentence ("die andere wil …"): then the rest of it counts first
        parsed = await self.bot.parse(text, turn.conversation.id) if command is not None and len(text.split()) > _BARE_COMMAND else {}
        if is_crisis(parsed):
            return None, False
        return command or picked, bool(parsed.get("worry"))

    async def _cancelled(self, conversation: Conversation, own: Message, state: dict[str, Any]) -> Handled:
        """Take the request back in the middle of a guided flow, which stays on its step."""
        request = await asyncio.to_thread(handoff_reading.open_request, conversation.id)
        if request is not None:
            await asyncio.to_thread(handoff.cancel, request.id)
        messages = [{"text": "Uw verzoek aan de coach is ingetrokken. De vraag hierboven staat nog open.", "topic": "coach/status"}]
        state = {**state, "topic": "coach/status", "confidence": 1.0, "crisis": False}
        return Handled(own, *await asyncio.to_thread(turns.finish, own, messages, state, conversation.flow))

    async def _led_in(self, text: str, safe_text: str) -> dict[str, Any] | None:
        """How a message is understood without the "nee, ik bedoel" before it; None when there is none, or the rest says too little."""
        rest = without_lead(text)
        if rest is None:
            return None
        parsed = await self.bot.parse(rest)
        topic, sure = topic_of(parsed)
        if topic is None or sure < _SURE_AFTER_LEAD or topic.startswith("dialoog/") or is_crisis(parsed):
            return None
        return kept_as(safe_text, parsed)

    async def _when_back(self, conversation: Conversation, parsed: dict[str, Any] | None, text: str, safe_text: str) -> dict[str, Any] | None:
        """How a message right after danger is understood: "and if she comes again?" is about coming back, not about the behaviour of before."""
        parsed = parsed or kept_as(safe_text, await self.bot.parse(text, conversation.id))
        topic = topic_of(parsed)[0] or ""
        if not topic.startswith("vervolg/") or not aftermath.names_somebody(text):
            return parsed
        about = "preventie/gesprek" if topic == "vervolg/gesprek" else "preventie/terugval"
        return still_doubted(parse_for_topic(safe_text, about), parsed)

    async def _of_two(
        self, conversation: Conversation, parsed: dict[str, Any] | None, text: str, safe_text: str, metadata: dict[str, Any]
    ) -> dict[str, Any] | None:
        """How a message is understood that may tell of two people with different behaviour ("de een durft niks en de ander …").

        ``parsed``, and what is given back, is None for a message of which nothing was understood yet; one that is read here is not read again.
        """
        parts = people.clauses(safe_text)
        if len(parts) < 2:
            return parsed
        parsed = parsed or kept_as(safe_text, await self.bot.parse(text, conversation.id))
        if is_crisis(parsed):
            return parsed
        found = [(part, topic_of(await self.bot.parse(part))) for part in parts]
        told: list[people.Person] = []
        for part, (topic, sure) in found:
            if topic and sure >= _SURE_OF_PART:
                told = people.told(told, topic, part)
        if len(told) < 2:
            return parsed
        metadata["choice"] = {"start": "about_answer", "about": "people", "people": told}
        return self._chosen(metadata["choice"], safe_text)

    async def _in_situation(
        self, conversation: Conversation, situation: str | None, text: str, safe_text: str, metadata: dict[str, Any]
    ) -> dict[str, Any] | None:
        """How a message that tells of a situation is understood; ``metadata`` gets the situation where its answer fits better than the topic's."""
        if situation is None:
            return None
        parsed = await self.bot.parse(text, conversation.id)
        if not situations.fits(situation, text, parsed):
            return kept_as(safe_text, parsed)
        metadata["choice"] = {"start": "situation", "situation": situation}
        chosen = self._chosen(metadata["choice"], safe_text)
        return still_doubted(chosen, parsed) if chosen else None

    async def _about_danger(
        self, conversation: Conversation, own: Message, state: dict[str, Any], meant: danger.Meaning, text: str = ""
    ) -> Handled:
        """Answer a message after one about danger that needs no understanding by the model."""
        flow = conversation.flow or {}
        state = {**state, **{key: EMPTY_STATE[key] for key in _STATE_PER_TURN}}
        about_self = state.get("danger_kind") == danger_answers.SELF
        if meant in ("over", "died"):
            resume = START_OF_FLOW.get(str(flow.get("flow"))) if flow.get("status") == "paused" else None
            message = danger.died() if meant == "died" else danger.over(text, resume, about_self=about_self)
            state.update({**_DANGER_OVER, "topic": message.get("topic"), "crisis": False})
        elif meant == "help comes":
            message = danger.lasting(danger.HELP_COMES)
            state.update(topic=CRISIS, confidence=1.0, crisis=True)
        else:
            message = danger.lasting(danger.STILL_YOURSELF) if about_self else danger.lasting()
            state.update(topic=CRISIS, confidence=1.0, crisis=True, danger=int(state.get("danger") or 0) + 1)
        return Handled(own, *await asyncio.to_thread(turns.finish, own, [_stored_payload(message)], state, conversation.flow))

    async def _deleted(self, conversation_id: str, own: Message) -> Handled:
        """Remove everything after the turn that asked for it; the proof is said but stored nowhere with the visitor."""
        proof = await asyncio.to_thread(privacy.delete_visitor, conversation_id)
        words = DELETED.format(receipt=proof.receipt) if proof.complete else NOT_DELETED.format(office=office())
        said = Message(conversation_id, own.seq + 1, "assistant", {"text": words, "topic": "bot/verwijderen"}, None, own.seq, proof.at)
        get_bus().publish(topic_of_conversation(conversation_id), {"type": "deleted"})
        return Handled(own, [said], {**EMPTY_STATE, "topic": "bot/verwijderen", "confidence": 1.0}, ended=True)

    async def forget(self, conversation_id: str) -> privacy.DeletionProof:
        """Remove everything of a visitor, Rasa's tracker included; gives the proof."""
        async with self._lock(conversation_id):
            proof = await asyncio.to_thread(privacy.delete_visitor, conversation_id)
        get_bus().publish(topic_of_conversation(conversation_id), {"type": "deleted"})
        return proof

    @staticmethod
    def _chosen(choice: Any, text: str) -> dict[str, Any] | None:
        if isinstance(choice, Mapping):
            if choice.get("topic") in TOPICS:
                found = [{"entity": m.kind, "value": m.value, "start": m.start, "end": m.end} for m in entities.find(text)]
                return parse_for_topic(text, str(choice["topic"]), found)
            if choice.get("something_else"):
                return parse_for_intent(text, FALLBACK_INTENT)
            if choice.get("start") in START_INTENTS:
                return parse_for_intent(text, START_INTENTS[choice["start"]])
        return None

    @staticmethod
    def _state(before: dict[str, Any], reply: Reply, messages: list[dict[str, Any]]) -> dict[str, Any]:
        state = {**before, **{key: EMPTY_STATE[key] for key in _STATE_PER_TURN}}
        state.pop("of_other", None)
        understood, confidence = topic_of(reply.parse)
        told = next((m["topic"] for m in messages if m.get("topic")), None)
        state.update(topic=told or understood, confidence=round(confidence, 4), crisis=is_crisis(reply.parse))
        in_row, aside = int(before.get("danger") or 0), int(before.get("danger_aside") or 0)
        if state["crisis"]:
            unsure = danger.unsure_after(bool(before.get("danger_unsure")), in_row, reply.parse)
            state.update(danger=in_row + 1, danger_aside=0, danger_unsure=unsure)
        elif in_row and not str(understood or "").startswith("dialoog/"):  # thanks or a goodbye does not end it, nor does one other question
            over = aside + 1 >= _ASIDES
            state.update(_DANGER_OVER if over else {"danger_aside": aside + 1})
        state.update(reply.state)
        for topic in (m["topic"] for m in messages if m.get("topic") in TOPICS):
            state["topics"] = [*(one for one in state.get("topics") or [] if one != topic), topic][-_MOST_TOPICS:]
        if told and is_leant_on(str(told)):
            state["last_topic"] = told
            state["last_part"] = next((m.get("part", 0) for m in messages if m.get("topic") == told), 0)
        return state


def _stored(button: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": button["title"], "value": button["payload"], "choice": button.get("choice")}


def _stored_payload(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "buttons": [_stored(button) for button in message.get("buttons") or []]}
