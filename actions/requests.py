"""How a visitor's request stands, taking it back, and correcting it after it was sent."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import about_answer, context
from actions.call_day import moment
from actions.coach_flow import CANCEL_BUTTON, office
from actions.flow import Button
from actions.flow_forms import flow_state
from actions.handoff import CALLBACK, HANDOFF
from actions.person import COACH_BUTTON
from actions.safely import SafeAction
from steunwijzer import calendar_nl, handoff, handoff_reading, handoff_request, known_contact
from steunwijzer.answers import answers, payload, topic_button
from steunwijzer.known_contact import CONTACT

Events = list[dict[str, Any]]


def _offers() -> list[dict[str, Any]]:
    # "Zal ik een coach voor u vragen?" is answered by a plain yes, too
    return [{**COACH_BUTTON, "choice": {"topic": "coach/spreken", "yes": True}}, topic_button("coach/terugbellen")]


def _say_status(dispatcher: CollectingDispatcher, stand: handoff_request.Status, *, opening: str = "") -> None:
    still_open = stand.request is not None and stand.request.state in handoff_request.OPEN
    extra: dict[str, Any] = {"region": stand.request.region_name} if stand.request else {}
    dispatcher.utter_message(
        text=f"{opening}\n\n{stand.text}" if opening else stand.text,
        buttons=[CANCEL_BUTTON.as_dict()] if still_open else _offers(),
        topic="coach/status",
        handoff=stand.state,
        **extra,
    )


def _say_unsent(dispatcher: CollectingDispatcher, state: Mapping[str, Any]) -> None:
    """A request that was begun but not sent: what was filled in is still there."""
    topic = HANDOFF.topic if state["flow"] == HANDOFF.name else CALLBACK.topic
    on = Button("Ja, ga verder met mijn verzoek", "Ja, ga verder met mijn verzoek", {"topic": topic, "yes": True})
    text = "Nee, uw verzoek is nog niet verstuurd. Wat u hebt ingevuld, heb ik nog. Zullen we daarmee verdergaan?"
    dispatcher.utter_message(text=text, buttons=[on.as_dict()], topic="coach/status", handoff="none")


def _unsent(tracker: Tracker) -> Mapping[str, Any] | None:
    """What waits of a request to a coach that was not sent, or None."""
    state: Mapping[str, Any] = flow_state(tracker) or {}
    begun = state.get("flow") in (HANDOFF.name, CALLBACK.name) and state.get("status") in ("paused", "stopped")
    return state if begun and state.get("order") else None


def _reachable(request: handoff_request.Request, known: str) -> str:
    """How the coach can reach the visitor; contact data as placeholder, or else only its end."""
    if not request.contact:
        return "Bij uw verzoek staat geen telefoonnummer of e-mailadres; u chat hier met de coach."
    if request.contact == known:
        return f"De coach kan u bereiken op {CONTACT}."
    ways = [f"een telefoonnummer dat eindigt op {request.phone[-2:]}"] if request.phone else []
    ways += ["een e-mailadres"] if request.email else []
    return f"Bij uw verzoek staat {' en '.join(ways)}."


class CoachStatus(SafeAction):
    """``coach/status``: the truth about the newest request.

    With the choice ``cancel`` it takes the open one back; with ``contact`` ("new", "ask", "show") it changes or says how the visitor can be
    reached; with ``redo`` it adds the day or time that is named, or says how anything else of it can be changed.
    """

    def name(self) -> str:
        return "action_coach_status"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        choice = context.choice(tracker)
        wish = choice.get("cancel") if isinstance(choice, dict) else None
        if wish == "no":
            dispatcher.utter_message(text="Goed, uw verzoek blijft staan.", topic="coach/status")
        elif wish:
            await asyncio.to_thread(self._cancel, dispatcher, tracker.sender_id, sure=wish is True)
        elif isinstance(choice, dict) and (choice.get("contact") or choice.get("redo")):
            given = ((tracker.latest_message or {}).get("metadata") or {}).get("contact") or {}
            if choice.get("redo") and (wish := moment(context.said(tracker))):
                await asyncio.to_thread(self._wish, dispatcher, tracker.sender_id, wish)
                return []
            await asyncio.to_thread(self._correct, dispatcher, tracker.sender_id, choice.get("contact"), given)
        else:
            stand = await asyncio.to_thread(handoff_reading.status, tracker.sender_id)
            unsent = _unsent(tracker)
            if unsent is not None and (stand.request is None or stand.request.state not in handoff_request.OPEN):
                _say_unsent(dispatcher, unsent)
                return []
            # "hoe lang duurt de aanvraag?" after a scheme is not about a request that was never made
            if stand.request is not None or choice or not about_answer.said_from_last(dispatcher, tracker):
                _say_status(dispatcher, stand)
        return []

    @staticmethod
    def _correct(dispatcher: CollectingDispatcher, conversation_id: str, contact: str | None, given: Mapping[str, Any]) -> None:
        request = handoff_reading.open_request(conversation_id)
        if request is None:
            _say_status(dispatcher, handoff_reading.status(conversation_id), opening="Er staat nu geen verzoek open om te wijzigen.")
            return
        say = {"topic": "coach/status", "handoff": request.public_state, "region": request.region_name}
        cancel = CANCEL_BUTTON.as_dict()
        if contact is None:
            who = "Zeg het tegen de coach, of trek" if request.state == "accepted" else "Trek"
            fixed = "De plaats, de dag en het onderwerp van een verstuurd verzoek kan ik niet wijzigen."
            text = f"{fixed} {who} het verzoek in en doe het opnieuw."
            dispatcher.utter_message(text=text, buttons=[cancel], **say)
            return
        known = known_contact.of_conversation(conversation_id)
        phone = known.phone if given.get("phone") else None
        email = known.email if given.get("email") else None
        if contact == "new" and (phone or email):
            try:
                request = handoff.change_contact(request.id, phone=phone, email=email)
            except handoff_request.HandoffError as problem:
                text = f"{problem.detail} Ik heb niets gewijzigd. U kunt ook contact opnemen met {office()}."
                dispatcher.utter_message(text=text, **say)
                return
            text = f"Ik heb het gewijzigd. {_reachable(request, known.shown)} De coach ziet dat bij uw verzoek."
            dispatcher.utter_message(text=text, buttons=[cancel], **say)
        elif contact == "show":
            text = f"{_reachable(request, known.shown)} Klopt dat niet? Typ dan het juiste nummer of e-mailadres."
            dispatcher.utter_message(text=text, buttons=[cancel], asks_for="contact", **say)
        else:
            text = "Typ het nieuwe telefoonnummer of e-mailadres. Dan zet ik het bij uw verzoek."
            dispatcher.utter_message(text=text, buttons=[cancel], asks_for="contact", **say)

    @staticmethod
    def _wish(dispatcher: CollectingDispatcher, conversation_id: str, wish: str) -> None:
        request = handoff_reading.open_request(conversation_id)
        if request is None:
            _say_status(dispatcher, handoff_reading.status(conversation_id), opening="Er staat nu geen verzoek open om te wijzigen.")
            return
        say: dict[str, Any] = {"topic": "coach/status", "handoff": request.public_state, "region": request.region_name}
        try:
            handoff.add_wish(request.id, wish)
        except handoff_request.HandoffError as problem:
            dispatcher.utter_message(text=f"{problem.detail} Ik heb niets gewijzigd. U kunt ook contact opnemen met {office()}.", **say)
            return
        text = f"Ik heb uw wens bij het verzoek gezet: {wish}. De coach ziet dat, en kijkt of het lukt."
        dispatcher.utter_message(text=text, buttons=[CANCEL_BUTTON.as_dict()], **say)

    @staticmethod
    def _cancel(dispatcher: CollectingDispatcher, conversation_id: str, *, sure: bool) -> None:
        request = handoff_reading.open_request(conversation_id)
        if request is None:
            _say_status(dispatcher, handoff_reading.status(conversation_id), opening="Er staat nu geen verzoek open om in te trekken.")
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
        stand = await asyncio.to_thread(handoff_reading.status, tracker.sender_id)
        if stand.request is not None:
            message["text"] = f"{message['text']}\n\n{stand.text}"
        dispatcher.utter_message(**message, handoff=stand.state)
        return []
