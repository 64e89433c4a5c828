"""The thin rasa_sdk classes on top of `actions.flow_engine`: one form per flow, one slot `flow_state` for everything.

A flow's module subclasses three classes and sets `flow`:

    class ValidateCheckinForm(ValidateFlow): flow = CHECKIN        # action `validate_checkin_form`
    class AskCheckin(AskFlow): flow = CHECKIN                      # action `action_ask_checkin_form_answer`
    class SubmitCheckin(SubmitFlow): flow = CHECKIN                # action `action_submit_checkin`

`flow` is a `GuidedFlow`: a `Flow` with `finish(answers, context)`. The form has one required slot, `answer`, which is never kept: it is
set only to end the form. Every class catches every exception, because one that escapes loses the turn before the tracker is saved.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Protocol

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, ActiveLoop, FollowupAction, SlotSet, UserUttered
from rasa_sdk.executor import CollectingDispatcher

from actions.context import choice, said, told_beside
from actions.flow import Answers, Button, Flow, Message, Outcome, Reply, State, is_waiting
from actions.flow_engine import Engine
from actions.phrases import wants_resume
from steunwijzer import conversations

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]

FLOW_STATE = "flow_state"
ANSWER = "answer"
INTERRUPTED = "interrupted"
"""How a flow ended that a coach came in between: it waits, and the message is handled as if no flow were open."""
TROUBLE = "Er ging iets mis aan onze kant. Uw antwoorden zijn bewaard. Probeer het nog eens, of zeg 'stop'."

LEAVE_ACTIONS: dict[str, str] = {
    "coach/spreken": "handoff_form",
    "coach/terugbellen": "callback_form",
    "preventie/stappenplan": "prevention_form",
    "werkafspraken/opstellen": "werkafspraken_form",
    "opvolging/checkin": "checkin_form",
    "bot/verwijderen": "action_delete_data",
    "coach/mijn_aanvragen": "action_my_requests",
}
"""What runs when the user leaves a flow for another topic (the keys are those of `LEAVING_TOPICS`)."""


class GuidedFlow(Flow, Protocol):
    """A flow that knows what to do with its answers when all steps are done."""

    def finish(self, answers: Answers, context: Mapping[str, Any]) -> list[Reply]:
        """Stores or makes what the flow is for and says so.

        `context` holds the slots of the conversation plus `conversation_id` and `skipped` (step keys). May block: runs in a thread.
        """


def lookup_answer(topic: str) -> Any:
    """The answer text of a topic, for a question in the middle; None when there is none."""
    from steunwijzer.answers import answers

    return answers().get(topic)


def said_before(message: Message) -> str | None:
    """What the answer given before the flow holds about a short question in the middle of it ("waar vraag je dat aan?"), or None."""
    from actions.about_answer import reply
    from steunwijzer.answers import answers

    answer = answers().get(str((message.metadata.get("context") or {}).get("topic") or ""))
    told = reply(answer, message.text, only_found=True) if answer is not None else None
    return str(told["text"]) if told else None


def message_of(tracker: Tracker) -> Message:
    """The latest message as the engine sees it."""
    from nlu.topics import is_crisis, topic_of

    latest: Mapping[str, Any] = tracker.latest_message or {}
    topic, confidence = topic_of(latest)
    sent = latest.get("metadata")
    metadata: Mapping[str, Any] = {**(sent if isinstance(sent, Mapping) else {}), "conversation_id": tracker.sender_id}
    return Message(
        str(latest.get("text") or ""),
        topic,
        confidence,
        tuple(latest.get("entities") or ()),
        _own_choice(metadata.get("choice")),
        is_crisis(latest),
        metadata,
    )


def _own_choice(choice: Any) -> Any:
    """The JSON behind a button of a step; a button that leads to a topic has made itself known as that topic already."""
    return None if isinstance(choice, Mapping) and (not choice or "topic" in choice) else choice


def context_of(tracker: Tracker) -> dict[str, Any]:
    """What the conversation knows already: all filled slots, the latest message, what it tells beside a request, and the conversation's id."""
    slots = {key: value for key, value in tracker.slots.items() if value is not None and key != FLOW_STATE}
    if not slots.get("place") and (named := conversations.page_place(tracker.sender_id)):
        slots.update(place=named, page_place=True)
    return {**slots, "conversation_id": tracker.sender_id, "message": message_of(tracker), "told_beside": told_beside(tracker)}


def utter(dispatcher: CollectingDispatcher, replies: tuple[Reply, ...] | list[Reply]) -> None:
    """Says the replies, with their buttons and extra keys."""
    for reply in replies:
        dispatcher.utter_message(text=reply.text, buttons=[b.as_dict() for b in reply.buttons], **dict(reply.extra))


def flow_state(tracker: Tracker) -> State | None:
    """The flow state in the conversation, or None."""
    state = tracker.get_slot(FLOW_STATE)
    return state if isinstance(state, dict) else None


def wants_afresh(tracker: Tracker) -> bool:
    """Whether the button was pressed that begins a flow again although it waits."""
    pressed = choice(tracker)
    return isinstance(pressed, Mapping) and bool(pressed.get("afresh"))


class _FlowAction(Action, ABC):
    """Shared by the three actions of a flow; abstract, so that rasa_sdk does not register the base classes."""

    pattern = ""

    @property
    @abstractmethod
    def flow(self) -> GuidedFlow:
        """The flow that this action serves."""

    def name(self) -> str:
        """The action's name in the domain."""
        return self.pattern.format(self.flow.name)

    @property
    def engine(self) -> Engine:
        """The engine on this flow, with the assistant's answers for questions in the middle."""
        return Engine(self.flow, lookup_answer, said_before)


class ValidateFlow(_FlowAction):
    """`validate_<flow>_form`: gives the raw message to the engine and says what comes of it."""

    pattern = "validate_{}_form"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Sets `flow_state`; sets `answer` only when the flow has ended, so that the form ends too."""
        state = flow_state(tracker)
        try:
            mine = state is not None and state.get("flow") == self.flow.name and state.get("status") == "open"
            if state is None or not mine or _activated_now(tracker, f"{self.flow.name}_form"):
                return [SlotSet(ANSWER, None)]  # `action_ask_…` starts or resumes the flow
            if await asyncio.to_thread(_interrupted, tracker.sender_id):
                message = message_of(tracker)
                if not wants_resume(message.text):
                    return [SlotSet(ANSWER, INTERRUPTED), SlotSet(FLOW_STATE, {**state, "status": "paused", "ended": {"by": INTERRUPTED}})]
                outcome = self.engine.resume(state)
                utter(dispatcher, outcome.messages)
                return _events(outcome)
            outcome = self.engine.advance(state, message_of(tracker))
            utter(dispatcher, outcome.messages)
            return _events(outcome)
        except Exception:
            logger.exception("flow %s: the message could not be handled", self.flow.name)
            dispatcher.utter_message(text=TROUBLE)
            return [SlotSet(ANSWER, None), SlotSet(FLOW_STATE, {**state, "said": True} if state else None)]


def _interrupted(conversation_id: str) -> bool:
    """Whether a coach was in the conversation since the flow's last step: then this message is no answer to it."""
    conversation = conversations.get(conversation_id)
    flow = (conversation.flow if conversation else None) or {}
    return flow.get("status") == "paused" and bool(flow.get("interrupted"))


def _said_again(tracker: Tracker, topic: str | None = None) -> Events:
    """The latest message once more, now that no form takes it for an answer; ``topic`` is what the flow took it for."""
    from nlu.topics import base_intent_of

    latest = dict(tracker.latest_message or {})
    if topic is not None:
        latest["intent"] = {"name": base_intent_of(topic), "confidence": 1.0}
    said = UserUttered(latest.get("text"), latest, input_channel=latest.get("input_channel"))
    return [ActionExecuted("action_listen"), {**said, "metadata": latest.get("metadata")}]


def _moved_on(tracker: Tracker, topic: str) -> Events:
    """To what the user asked for instead.

    Another form is a follow-up. An action is not: no rule has it after a submit, so the policies would go on with fallbacks until Rasa
    breaks the turn off without listening again. Said again outside a form, the message gets there by its own rule.
    """
    action = LEAVE_ACTIONS[topic]
    return [FollowupAction(action)] if action.endswith("_form") else _said_again(tracker, topic)


def _activated_now(tracker: Tracker, form: str) -> bool:
    """Whether the form became active in this turn: the message that started it is no answer to its first step."""
    if (tracker.active_loop or {}).get("name") != form:
        return True
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "active_loop" and event.get("name") == form:
            return True
    return False


def _events(outcome: Outcome) -> Events:
    if not outcome.done:
        # `said`: the question stands already, so that `action_ask_…` in the same turn keeps silent.
        return [SlotSet(ANSWER, None), SlotSet(FLOW_STATE, {**outcome.state, "said": True})]
    ended = {"by": outcome.ended, "leave_to": outcome.leave_to}
    return [SlotSet(ANSWER, outcome.ended), SlotSet(FLOW_STATE, {**outcome.state, "said": False, "ended": ended})]


class AskFlow(_FlowAction):
    """`action_ask_<flow>_form_answer`: starts or resumes the flow when its form becomes active, else keeps silent."""

    pattern = "action_ask_{}_form_answer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Starts afresh; takes up again what was parked or broken off by a crisis message."""
        try:
            state = flow_state(tracker)
            mine = state is not None and state.get("flow") == self.flow.name
            if state is not None and mine and state.get("status") == "open" and state.get("said"):
                return [SlotSet(FLOW_STATE, {**state, "said": False})]
            afresh = wants_afresh(tracker)
            if state is not None and mine and is_waiting(state) and not afresh:
                outcome = self.engine.resume(state)
            else:
                outcome = self.engine.start(context_of(tracker), parked=state if is_waiting(state) and not (mine and afresh) else None)
            utter(dispatcher, outcome.messages)
            return [SlotSet(FLOW_STATE, {**outcome.state, "said": False})]
        except Exception:
            logger.exception("flow %s: could not be started", self.flow.name)
            dispatcher.utter_message(text="Dat lukt nu niet door een fout aan onze kant. Probeer het straks nog eens.")
            return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet(FLOW_STATE, None)]


class SubmitFlow(_FlowAction):
    """`action_submit_<flow>`: runs after the form; finishes the flow, or moves on to what the user asked instead."""

    pattern = "action_submit_{}"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Says the result, offers a parked flow again, clears the slots."""
        state = flow_state(tracker)
        clear: Events = [SlotSet(ANSWER, None)]
        try:
            if state is None:
                return clear
            ended = (state.get("ended") or {}).get("by")
            if ended in ("crisis", "paused"):
                return clear
            if ended == INTERRUPTED:
                return [*clear, SlotSet(FLOW_STATE, {**state, "ended": None, "said": False}), *_said_again(tracker)]
            if ended == "left":
                return [*clear, *_moved_on(tracker, state["ended"]["leave_to"])]
            if ended == "done":
                context = {**context_of(tracker), "skipped": list(state["skipped"])}
                utter(dispatcher, await asyncio.to_thread(self.flow.finish, state["answers"], context))
            parked = state.get("parked")
            if is_waiting(parked):
                dispatcher.utter_message(
                    text="U was nog met iets anders bezig. Zullen we daarmee verdergaan?",
                    buttons=[Button("Ga verder", "Ga verder").as_dict(), Button("Nee, niet nu", "Nee").as_dict()],
                )
            kept = state if ended == "stopped" and state["answers"] and not is_waiting(parked) else parked
            return [*clear, SlotSet(FLOW_STATE, kept)]
        except Exception:
            logger.exception("flow %s: could not be finished", self.flow.name)
            dispatcher.utter_message(
                text="Dit is niet gelukt door een fout aan onze kant. Uw antwoorden zijn bewaard. Zeg 'ga verder' om het nog eens te doen.",
                buttons=[Button("Ga verder", "Ga verder").as_dict()],
            )
            again = {**state, "status": "paused", "at": state["order"][-1] if state["order"] else None} if state else None
            return [*clear, SlotSet(FLOW_STATE, again)]


def waiting_form(state: Any) -> str | None:
    """The form of a flow that can be taken up again, or None."""
    return f"{state['flow']}_form" if is_waiting(state) else None


def resume_events(tracker: Tracker) -> Events:
    """Events that take up the waiting flow when the latest message asks for it; empty when it does not or nothing waits."""
    form = waiting_form(flow_state(tracker))
    return [FollowupAction(form)] if form and wants_resume(said(tracker)) else []


def restore_events(state: Any) -> Events:
    """Events for `action_session_start`: a new session drops the active form, this puts an open flow back on its step."""
    form = waiting_form(state)
    if form is None or state["status"] != "open":
        return []
    return [SlotSet(FLOW_STATE, state), ActiveLoop(form), SlotSet("requested_slot", ANSWER)]


class ActionFlowResume(Action):
    """`action_flow_resume`: 'ga verder' outside a form."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_flow_resume"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Takes up the waiting flow, or says that nothing is open."""
        form = waiting_form(flow_state(tracker))
        if form is not None:
            return [FollowupAction(form)]
        dispatcher.utter_message(text="Er staat niets open om mee verder te gaan. Waar kan ik u mee helpen?")
        return []
