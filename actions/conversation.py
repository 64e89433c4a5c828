"""The conversation itself: take it along, have it removed, go on after a pause."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.flow import is_waiting
from actions.flow_forms import FLOW_STATE, flow_state, restore_events
from actions.phrases import DOCUMENT, plain
from actions.safely import SafeAction
from steunwijzer import papers, transcript_links
from steunwijzer.answers import answers, payload, topic_button
from steunwijzer.settings import get_settings

Events = list[dict[str, Any]]

DELETE = "bot/verwijderen"
KEEP = "bot/gesprek_bewaren"
_WITH_PAPER = frozenset({"werkafspraken/opstellen", "preventie/stappenplan"})  # topics of the message with which a paper comes


class DeleteData(SafeAction):
    """``bot/verwijderen``: says what goes, asks for certainty; the router removes everything after the turn and proves it."""

    def name(self) -> str:
        return "action_delete_data"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        choice = context.choice(tracker)
        wish = choice.get("delete") if isinstance(choice, dict) else None
        if wish == "yes":
            dispatcher.utter_message(text="Ik verwijder uw gegevens.", topic=DELETE, end="delete")
        elif wish == "no":
            waits = is_waiting(flow_state(tracker))
            dispatcher.utter_message(
                text="Goed, alles blijft staan. U kunt gewoon verder vragen.",
                buttons=[{"title": "Ga verder", "payload": "Ga verder"}] if waits else [],
                topic=DELETE,
            )
        else:
            yes = {
                "title": "Ja, verwijder alles",
                "payload": "Ja, verwijder alles",
                "choice": {"topic": DELETE, "delete": "yes", "yes": True},
            }
            no = {"title": "Nee, laat staan", "payload": "Nee, laat staan", "choice": {"topic": DELETE, "delete": "no", "no": True}}
            dispatcher.utter_message(
                text=f"{answers()[DELETE].text}\n\nWeet u het zeker? Een verzoek dat open staat, vervalt ook.",
                buttons=[yes, no, topic_button(KEEP)],
                topic=DELETE,
                asks_for="choice",
            )
        return []


def wants_paper(text: str, *, after: str | None) -> bool:
    """Whether a text asks for the paper that came with the topic said last, once more ("en in Word?")."""
    return after in _WITH_PAPER and DOCUMENT.fullmatch(plain(text)) is not None


class SaveConversation(SafeAction):
    """``bot/gesprek_bewaren``: the conversation as text and as PDF, or the paper that was just made ("en in Word?")."""

    def name(self) -> str:
        return "action_save_conversation"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        topic = str(context.last_answer(tracker).get("topic") or "")
        if wants_paper(context.said(tracker), after=topic):
            paper = await asyncio.to_thread(papers.latest, tracker.sender_id)
            if paper is not None:
                files = await asyncio.to_thread(papers.links, paper)
                dispatcher.utter_message(text="Hier is het document nog eens, als PDF en in Word.", files=files, topic=topic)
                return []
        days = get_settings().conversation_retention_days
        message = payload(answers()[KEEP])
        message["text"] = (
            f"Hier is dit gesprek om te bewaren of te printen. De links werken {days} dagen. "
            "Let op: wie de link heeft, kan het gesprek lezen."
        )
        dispatcher.utter_message(**message, files=transcript_links.links(tracker.sender_id))
        return []


class SessionStart(Action):
    """``action_session_start``: a new session keeps what is known, and an open flow stays on its step."""

    def name(self) -> str:
        return "action_session_start"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        kept = [
            SlotSet(name, value)
            for name, value in tracker.slots.items()
            if value is not None and name not in ("requested_slot", FLOW_STATE)
        ]
        state = flow_state(tracker)
        restored = restore_events(state) or ([SlotSet(FLOW_STATE, state)] if state else [])
        return [SessionStarted(), *kept, *restored, ActionExecuted("action_listen")]
