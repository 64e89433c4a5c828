"""How a visitor's request stands, and taking it back."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.handoff import CANCEL_BUTTON
from actions.person import COACH_BUTTON
from actions.safely import SafeAction
from steunwijzer import calendar_nl, handoff
from steunwijzer.answers import answers, payload, topic_button

Events = list[dict[str, Any]]


def _offers() -> list[dict[str, Any]]:
    # "Zal ik een coach voor u vragen?" is answered by a plain yes, too
    return [{**COACH_BUTTON, "choice": {"topic": "coach/spreken", "yes": True}}, topic_button("coach/terugbellen")]


def _say_status(dispatcher: CollectingDispatcher, stand: handoff.Status, *, opening: str = "") -> None:
    still_open = stand.request is not None and stand.request.state in handoff.OPEN
    extra: dict[str, Any] = {"region": stand.request.region_name} if stand.request else {}
    dispatcher.utter_message(
        text=f"{opening}\n\n{stand.text}" if opening else stand.text,
        buttons=[CANCEL_BUTTON.as_dict()] if still_open else _offers(),
        topic="coach/status",
        handoff=stand.state,
        **extra,
    )


class CoachStatus(SafeAction):
    """``coach/status``: the truth about the newest request; with the choice ``cancel`` it takes the open one back."""

    def name(self) -> str:
        return "action_coach_status"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        choice = context.choice(tracker)
        wish = choice.get("cancel") if isinstance(choice, dict) else None
        if wish == "no":
            dispatcher.utter_message(text="Goed, uw verzoek blijft staan.", topic="coach/status")
        elif wish:
            await asyncio.to_thread(self._cancel, dispatcher, tracker.sender_id, sure=wish is True)
        else:
            _say_status(dispatcher, await asyncio.to_thread(handoff.status, tracker.sender_id))
        return []

    @staticmethod
    def _cancel(dispatcher: CollectingDispatcher, conversation_id: str, *, sure: bool) -> None:
        request = handoff.open_request(conversation_id)
        if request is None:
            _say_status(dispatcher, handoff.status(conversation_id), opening="Er staat nu geen verzoek open om in te trekken.")
            return
        if not sure:
            no = {"title": "Nee, laat staan", "payload": "Nee, laat staan", "choice": {"topic": "coach/status", "cancel": "no", "no": True}}
            yes = {**CANCEL_BUTTON.as_dict(), "choice": {"topic": "coach/status", "cancel": True, "yes": True}}
            dispatcher.utter_message(
                text="Wilt u uw verzoek aan de coach intrekken?", buttons=[yes, no], topic="coach/status", asks_for="choice"
            )
            return
        cancelled = handoff.cancel(request.id)
        sent = calendar_nl.moment_in_words(request.created)
        dispatcher.utter_message(
            text=f"Uw verzoek van {sent} is ingetrokken. De coach ziet dat en neemt geen contact op.",
            buttons=_offers(),
            topic="coach/status",
            handoff=cancelled.public_state,
            region=cancelled.region_name,
        )


class MyRequests(SafeAction):
    """``coach/mijn_aanvragen`` is for coaches; a visitor gets that explained, with the stand of an own request."""

    def name(self) -> str:
        return "action_my_requests"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        message = payload(answers()["coach/mijn_aanvragen"])
        stand = await asyncio.to_thread(handoff.status, tracker.sender_id)
        if stand.request is not None:
            message["text"] = f"{message['text']}\n\n{stand.text}"
        dispatcher.utter_message(**message, handoff=stand.state)
        return []
