"""The hand-off to a coach and the call-back: place, contact, (day,) consent; then the request is made (DESIGN §4). The actions of Rasa."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import flow_forms
from actions.coach_engine import CoachEngine
from actions.coach_flow import CANCEL_BUTTON, CallbackFlow, CoachFlow, HandoffFlow
from actions.context import said, told_beside
from actions.flow import State, is_waiting
from actions.flow_engine import Engine
from actions.flow_forms import AskFlow, SubmitFlow, ValidateFlow, flow_state
from actions.phrases import wants_resume
from steunwijzer import handoff_reading

Events = list[dict[str, Any]]


HANDOFF = HandoffFlow()
CALLBACK = CallbackFlow()


def _remember_place(events: Events) -> Events:
    """The place of the flow also in the slot ``place``, for later."""
    for event in events:
        if event.get("event") == "slot" and event.get("name") == flow_forms.FLOW_STATE and isinstance(event.get("value"), dict):
            place = (event["value"].get("answers") or {}).get("place")
            return [*events, SlotSet("place", place["label"])] if place else events
    return events


class _Validate(ValidateFlow):
    flow: CoachFlow

    @property
    def engine(self) -> Engine:
        return CoachEngine(self.flow)

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        latest = dict(tracker.latest_message or {})
        # what the model ranks is known here only, not where the engine reads the message
        tracker.latest_message = {**latest, "metadata": {**(latest.get("metadata") or {}), "told_beside": told_beside(tracker)}}
        return _remember_place(await super().run(dispatcher, tracker, domain))


class _Ask(AskFlow):
    flow: CoachFlow

    @property
    def engine(self) -> Engine:
        return CoachEngine(self.flow)

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """As any flow, but one open request per conversation is enough, and what the other way to a coach knew goes along."""
        state = flow_state(tracker)
        if state is not None and state.get("flow") == self.flow.name and state.get("status") == "open":
            return await super().run(dispatcher, tracker, domain)
        open_request = handoff_reading.open_request(tracker.sender_id)
        if open_request is not None:
            stand = handoff_reading.status(tracker.sender_id)
            dispatcher.utter_message(
                text=f"Er staat al een verzoek van u open. {stand.text}",
                buttons=[CANCEL_BUTTON.as_dict()],
                handoff=stand.state,
                region=open_request.region_name,
                topic="coach/status",
            )
            kept = state if is_waiting(state) else None
            return [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet(flow_forms.FLOW_STATE, kept)]
        if state is not None and self._goes_along(state, said(tracker)):
            context = {**flow_forms.context_of(tracker), "earlier_answers": state["answers"]}
            outcome = self.engine.start(context, parked=state.get("parked"))
            flow_forms.utter(dispatcher, outcome.messages)
            return _remember_place([SlotSet(flow_forms.FLOW_STATE, {**outcome.state, "said": False})])
        return _remember_place(await super().run(dispatcher, tracker, domain))


    def _goes_along(self, state: State, text: str) -> bool:
        """Whether what was filled in for a coach earlier goes along: it moved here, was not sent, or waits and more is said than to go on."""
        if state.get("flow") not in (HANDOFF.name, CALLBACK.name) or not state.get("answers"):
            return False
        mine = state["flow"] == self.flow.name
        return state.get("status") in ("moved", "stopped") or is_waiting(state) and not (mine and wants_resume(text))


class _Submit(SubmitFlow):
    flow: CoachFlow

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Nothing to finish when the flow never began, because a request is open already."""
        state = flow_state(tracker)
        if state is not None and state.get("flow") != self.flow.name:
            return [SlotSet(flow_forms.ANSWER, None)]
        return await super().run(dispatcher, tracker, domain)


class ValidateHandoffForm(_Validate):
    """`validate_handoff_form`."""

    flow = HANDOFF


class AskHandoff(_Ask):
    """`action_ask_handoff_form_answer`."""

    flow = HANDOFF


class SubmitHandoff(_Submit):
    """`action_submit_handoff`."""

    flow = HANDOFF


class ValidateCallbackForm(_Validate):
    """`validate_callback_form`."""

    flow = CALLBACK


class AskCallback(_Ask):
    """`action_ask_callback_form_answer`."""

    flow = CALLBACK


class SubmitCallback(_Submit):
    """`action_submit_callback`."""

    flow = CALLBACK
