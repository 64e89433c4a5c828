"""Which region and coach belong to a place (``regio/zoeken``)."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.coach_flow import belongs, office, place_value
from actions.person import COACH_BUTTON
from actions.safely import SafeAction
from steunwijzer import conversations, directory, place_finder
from steunwijzer.answers import answers, payload, topic_button
from steunwijzer.place_result import Place

Events = list[dict[str, Any]]

TOPIC = "regio/zoeken"
ASK = "In welke plaats is het werk? Noem de gemeente, de plaats of de postcode."
_MOST_NAMES = 3
# What a question about a region ends in is the place, also when it is misspelt.
_NAMED = re.compile(
    r"\b(?:bij|in|uit|van|voor|te|rond|naar)\s+((?!mij\b|ons\b|onze\b|deze\b|mijn\b|welke\b)[\w'-]+(?:\s[\w'-]+){0,2})$", re.IGNORECASE
)
_OURS = re.compile(r"\b(?:mij|mijn|ons|onze|wij|we|ik|hier|deze)\b")
# "Kan er iemand meedenken, we zitten in Tiel" asks for a person; "wie is de coach in Tiel" asks who that is.
_WANTS_SOMEBODY = re.compile(
    r"\b(?:iemand|mens|persoon|coach|collega)\b(?! (?:is|werkt|hoort|heb|zit)\b).{0,25}"
    r"\b(?:meedenk\w*|denk\w* .{0,8}mee|meekijk\w*|help\w*|spreken|praten|sparren|langskom\w*|langs komen|overleg\w*)"
)


def place_button(label: str, title: str | None = None, *, yes: bool = False) -> dict[str, Any]:
    """A button that asks for the region of a place; with ``yes`` a plain "ja" means it too."""
    return {"title": title or label, "payload": label, "choice": {"topic": TOPIC, "place": label, **({"yes": True} if yes else {})}}


class FindRegion(SafeAction):
    """The region of the place in the message; else of the place said before when the question is about "us"; else asks."""

    def name(self) -> str:
        return "action_find_region"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        choice = context.choice(tracker)
        given = choice if isinstance(choice, dict) else {}
        if given.get("other"):
            dispatcher.utter_message(text=ASK, topic=TOPIC, asks_for="place")
            return []
        said = context.said(tracker)
        if not given and _WANTS_SOMEBODY.search(said.lower()):
            return [FollowupAction("handoff_form")]
        text = str(given.get("place") or said)
        found = place_finder.find_place(text)
        named = _NAMED.search(text.strip(" .?!"))
        if found.kind == "unknown" and named:
            found = place_finder.find_place(named[1])
        before = tracker.get_slot("place") or await asyncio.to_thread(conversations.page_place, tracker.sender_id)
        if found.kind == "unknown" and before and _OURS.search(text.lower()) and not self._names_something(tracker):
            found = place_finder.find_place(str(before[-1] if isinstance(before, list) else before))
        if found.kind == "found" and found.place:
            await asyncio.to_thread(self._tell, dispatcher, found.place)
            return [SlotSet("place", found.place.label)]
        if found.kind == "unknown" and context.gave_contact(tracker):
            return [FollowupAction("handoff_form")]
        if found.kind == "unknown" and not self._expected(tracker) and not self._names_something(tracker):
            message = payload(answers()[TOPIC])
            dispatcher.utter_message(**{**message, "buttons": []}, asks_for="place")
            return []
        labels = [option.label for option in found.options]
        other = {"title": "Een andere plaats", "payload": "Een andere plaats", "choice": {"topic": TOPIC, "other": True, "no": True}}
        if found.kind == "confirm":
            buttons = [place_button(labels[0], f"Ja, {labels[0]}", yes=True), other]
        else:
            buttons = [*map(place_button, labels), *([other] if labels else [])]
        dispatcher.utter_message(text=found.question, buttons=buttons, topic=TOPIC, asks_for="place")
        return []

    @staticmethod
    def _expected(tracker: Tracker) -> bool:
        """The assistant had just asked for a place."""
        return bool(((tracker.latest_message or {}).get("metadata") or {}).get("place_asked"))

    @staticmethod
    def _names_something(tracker: Tracker) -> bool:
        entities = (tracker.latest_message or {}).get("entities") or []
        return any(entity.get("entity") in ("place", "postcode", "region") for entity in entities)

    @staticmethod
    def _tell(dispatcher: CollectingDispatcher, place: Place) -> None:
        value = place_value(place)
        lines = [belongs(value)]
        gemeente = place.gemeente
        if gemeente is not None and gemeente.shown_as != place.name:
            lines[0] = f"{place.name} ligt in de gemeente {gemeente.shown_as} en hoort bij arbeidsmarktregio {place.region.spoken}."
        serving = [coach for coach in directory.serving(place.region.code, value["gemeenten"]) if not coach.backup]
        if serving:
            names = [f"{coach.name} ({coach.organisation})" for coach in serving[:_MOST_NAMES]]
            lines.append(f"Daar werkt {names[0]}." if len(serving) == 1 else f"Daar werken onder anderen {'; '.join(names)}.")
        else:
            lines.append(f"Voor deze plaats staat nu geen vaste coach in de lijst. Het reserveteam helpt u dan, of {office()}.")
        answer = payload(answers()[TOPIC])
        dispatcher.utter_message(
            text=" ".join(lines),
            buttons=[COACH_BUTTON, topic_button("coach/terugbellen"), topic_button("instrument/wsp")],
            sources=answer["sources"],
            checked=answer.get("checked"),
            topic=TOPIC,
            region=place.region.name,
        )
