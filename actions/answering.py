"""Answers that depend on the conversation: follow-up questions, choices after a miss, yes and no outside a flow."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import about_answer, aftermath, context
from actions.coach_flow import CANCEL_BUTTON
from actions.person import COACH_BUTTON, besides_coach
from actions.phrases import NO, is_question, plain
from actions.safely import SafeAction
from nlu.topics import BEHAVIOURS, CRISIS, OTHER_BEHAVIOUR, OUT_OF_SCOPE, WITHOUT_BEHAVIOUR, ranking_of, topic_of
from steunwijzer import handoff_reading
from steunwijzer.answers import answers, further_part, payload, topic_button

Events = list[dict[str, Any]]

_HUMAN = {
    "faalangst": "faalangstig gedrag",
    "impulsiviteit": "impulsief gedrag",
    "concentratie": "moeite met concentratie",
}
_POINTS_AT = {
    "impulsiviteit": re.compile(r"\bte (?:snel|vlug|direct|druk)\b|\bhaastig\b|\bflapuit\b|\bbrutaal\b|\bongeduldig\b|\beerst doe\w*"),
    "concentratie": re.compile(r"\bafgeleid\b|\bvergeet\w*|\bvergete\w*|\bwarrig\b|\bslordig\b|\bdromerig\b|\baandacht\b"),
    "faalangst": re.compile(r"\bbang\b|\bonzeker\b|\bdurft\b|\bperfectionis\w*|\bstil\b|\bverlegen\b|\balles zelf\b"),
}
SOMETHING_ELSE = {"title": "Iets anders", "payload": "Iets anders", "choice": {"something_else": True}}
_OPEN_QUESTION = re.compile(r"\b(?:hoe|wat|welke?|waarom|waarmee|waarop)\b")
_NOT_EXACTLY = "Precies dat weet ik niet. Dit hoort er nog bij:"
_CHOICES_OFFERED = 3
# the coach has a button of its own, and a question about the assistant is asked in so many words
_NEVER_OFFERED = (CRISIS, "dialoog/", "vervolg/", "grens/", "coach/", "bot/", "opvolging/rapport")
_WORTH_OFFERING = 0.04
_LEANS = re.compile(r"\b(?:dat|dit|deze|daar(?:van|voor|mee|bij|over|na)?|ervan|ervoor|erbij|ermee|zoiets|zo'n)\b")
# After an answer that is not about behaviour a follow-up question counts as one about the behaviour of before from here on.
_SURE_AFTER_DETOUR = 0.6
_TELLS_MORE = 3  # words of a "nee" that explains something: the answer it is about stays at hand
_TEAM = re.compile(r"\b(?:team|collega'?s|ploeg|anderen|(?:de )?rest van)\b")
_OTHERS = r"(?:team|collega'?s|ploeg|rest|anderen|klanten|gasten|cli[eë]nten|leerlingen|ouders)"
_WITH_TEAM = re.compile(
    rf"\b(?:met|aan|tegen) (?:het|de|mijn|mn|ons|onze) (?:hele |rest van (?:de|het) )?{_OTHERS}\b"
    rf"|^(?:en |maar )*(?:het|de|mijn|onze) {_OTHERS}(?: dan)? ?\??$"
)
_ABOUT_SOMEBODY = ("preventie/", "situatie/", "grens/ontslag", CRISIS)
_LEANS_WITHIN = 6  # words: who writes more tells what it is about


def names_team(text: str) -> bool:
    """Whether a text speaks of the people who work beside somebody."""
    return bool(_TEAM.search(text.lower()))


def goes_to_team(text: str) -> bool:
    """Whether a text asks how something is brought to the people around somebody ("en met het team?")."""
    return bool(_WITH_TEAM.search(text.lower()))


def behaviour_buttons(question: str, *, leave_out: str | None = None) -> list[dict[str, Any]]:
    """One button per behaviour for the same question."""
    return [
        {
            "title": f"{_HUMAN[one][0].upper()}{_HUMAN[one][1:]}",
            "payload": f"Het gaat om {_HUMAN[one]}",
            "choice": {"topic": f"{one}/{question}"},
        }
        for one in BEHAVIOURS
        if one != leave_out
    ]


def say_topic(dispatcher: CollectingDispatcher, topic: str, *, opening: str = "", also: list[dict[str, str]] | None = None) -> None:
    """Utter the answer of a topic, after an opening sentence if there is one."""
    message = payload(answers()[topic], also=also)
    if opening:
        message["text"] = f"{opening}\n\n{message['text']}"
    dispatcher.utter_message(**message)


class FollowUp(SafeAction):
    """``vervolg/*``: a question that leans on what was said before."""

    def name(self) -> str:
        return "action_follow_up"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        topic, sure = topic_of(tracker.latest_message)
        asked = (topic or "vervolg/omgaan").partition("/")[2]
        if asked == "anders":
            leans = bool((tracker.latest_message or {}).get("leans"))
            in_answer = (leans or about_answer.asks_one_thing(context.said(tracker))) and about_answer.said_from_last(dispatcher, tracker)
            if in_answer:
                return []
            asked_of_it = leans and is_question(context.said(tracker))
            if asked_of_it and not _OPEN_QUESTION.search(context.said(tracker).lower()):
                return self._not_in_answer(dispatcher, tracker)
            return self._more(dispatcher, tracker, _NOT_EXACTLY if asked_of_it else "")
        known = context.behaviour(tracker)
        mentioned = context.mentioned_behaviour(tracker)
        behaviour = mentioned or known
        last_topic = str(context.last_answer(tracker).get("topic") or "")
        # the last answer was about something else than behaviour; one that only says where to go instead, was about the same person
        elsewhere = mentioned is None and context.last_question(tracker) is None and not (known and last_topic.startswith("grens/"))
        if elsewhere and context.last_answer(tracker) and about_answer.goes_on(context.said(tracker)):
            return self._more(dispatcher, tracker)
        if goes_to_team(context.said(tracker)):
            return self._about_somebody(dispatcher, tracker, "openheid/team")
        if elsewhere and about_answer.asks_one_thing(context.said(tracker)) and about_answer.said_from_last(dispatcher, tracker, only_found=True):
            return []
        if behaviour is None and asked in WITHOUT_BEHAVIOUR and last_topic.startswith(_ABOUT_SOMEBODY):
            return self._about_somebody(dispatcher, tracker, WITHOUT_BEHAVIOUR[asked])
        unsure = behaviour is None or sure < _SURE_AFTER_DETOUR
        if unsure and elsewhere and about_answer.said_from_last(dispatcher, tracker):
            return []
        if asked == "ander_gedrag" and self._meant_other(tracker, known):
            return self._other_behaviour(dispatcher, tracker, known)
        if asked == "ander_gedrag" and names_team(context.said(tracker)):
            return self._about_somebody(dispatcher, tracker, "openheid/team")
        if unsure and elsewhere and not last_topic.startswith("grens/") and _offered_nearby(dispatcher, tracker, leaning=False):
            return []
        if asked == "ander_gedrag":
            return self._other_behaviour(dispatcher, tracker, known)
        if behaviour is None:
            message = payload(answers()[f"vervolg/{asked}"])
            message["buttons"] = [*behaviour_buttons(asked), COACH_BUTTON]
            dispatcher.utter_message(**message, asks_for="behaviour")
            return []
        wanted, last = f"{behaviour}/{asked}", context.last_answer(tracker)
        if last.get("topic") == wanted and int(last.get("part") or 0) < len(answers()[wanted].more):
            return self._more(dispatcher, tracker)  # the same words again would not help
        if str(last.get("topic") or "").startswith(f"{behaviour}/") and _assumed_before(tracker, behaviour):
            say_topic(dispatcher, wanted)
            return [SlotSet("behaviour", behaviour)]
        return self._answer(dispatcher, behaviour, asked)

    def _answer(self, dispatcher: CollectingDispatcher, behaviour: str, question: str) -> Events:
        others = behaviour_buttons(question, leave_out=behaviour)
        say_topic(
            dispatcher,
            f"{behaviour}/{question}",
            opening=_assuming(behaviour),
            also=[{**button, "title": f"Nee, {button['title'][0].lower()}{button['title'][1:]}"} for button in others],
        )
        return [SlotSet("behaviour", behaviour)]

    def _about_somebody(self, dispatcher: CollectingDispatcher, tracker: Tracker, topic: str) -> Events:
        """The answer of a topic, or its next part where it was given last."""
        if context.last_answer(tracker).get("topic") == topic:
            return self._more(dispatcher, tracker)
        further = further_part(answers()[topic], 0) if topic in context.said_lately(tracker) else None
        if further is not None and not is_question(context.said(tracker)):
            dispatcher.utter_message(**further)
            return []
        say_topic(dispatcher, topic)
        return []

    def _other_behaviour(self, dispatcher: CollectingDispatcher, tracker: Tracker, known: str | None) -> Events:
        question = context.last_question(tracker) or "omgaan"
        mentioned = self._meant_other(tracker, known)
        if mentioned:
            say_topic(dispatcher, f"{mentioned}/{question}")
            return [SlotSet("behaviour", mentioned)]
        dispatcher.utter_message(
            text=answers()[OTHER_BEHAVIOUR].text,
            buttons=[*behaviour_buttons(question, leave_out=known), COACH_BUTTON],
            topic=OTHER_BEHAVIOUR,
            asks_for="behaviour",
        )
        return []

    def _meant_other(self, tracker: Tracker, known: str | None) -> str | None:
        """The other behaviour that a message names or points at, or None."""
        pointed = _pointed_at(context.said(tracker), leave_out=known)
        return context.mentioned_behaviour(tracker) or pointed or self._likeliest(tracker, leave_out=known)

    @staticmethod
    def _likeliest(tracker: Tracker, *, leave_out: str | None) -> str | None:
        """The behaviour that the words of the message point at, when one stands out."""
        totals = {one: 0.0 for one in BEHAVIOURS if one != leave_out}
        for topic, confidence in ranking_of(tracker.latest_message):
            area = topic.split("/")[0]
            if area in totals:
                totals[area] += confidence
        best = sorted(totals.items(), key=lambda pair: -pair[1])
        return best[0][0] if best[0][1] > 0.02 and best[0][1] > 2 * best[1][1] else None

    def _not_in_answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """A question that only yes, no or a name would answer, and the last answer does not tell: more of it would not help."""
        answer = about_answer.last(tracker)
        if answer is None:
            return self._more(dispatcher, tracker)
        dispatcher.utter_message(**about_answer.not_told(answer), part=int(context.last_answer(tracker).get("part") or 0))
        return []

    def _more(self, dispatcher: CollectingDispatcher, tracker: Tracker, opening: str = "") -> Events:
        answer = about_answer.last(tracker)
        part = int(context.last_answer(tracker).get("part") or 0)
        if answer is None:
            dispatcher.utter_message(
                text=answers()["vervolg/anders"].text,
                buttons=[*behaviour_buttons("omgaan"), COACH_BUTTON],
                topic="vervolg/anders",
                asks_for="behaviour",
            )
        elif (further := further_part(answer, part)) is not None:
            dispatcher.utter_message(**{**further, "text": f"{opening}\n\n{further['text']}" if opening else further["text"]})
        else:
            message = payload(answer, "Meer heb ik hier niet over. Een coach kan met u meedenken over uw eigen situatie.")
            message["buttons"] = [COACH_BUTTON, *besides_coach(message["buttons"])]
            dispatcher.utter_message(**message, part=part)
        return []


def _assuming(behaviour: str) -> str:
    return f"Ik ga uit van {_HUMAN[behaviour]}."


def _assumed_before(tracker: Tracker, behaviour: str) -> bool:
    """Whether the assistant said already which behaviour it assumes, and was not corrected: then once is enough."""
    for event in reversed(tracker.events):
        text = str(event.get("text") or "") if event.get("event") == "bot" else ""
        if text.startswith("Ik ga uit van "):
            return text.startswith(_assuming(behaviour))
    return False


def _pointed_at(text: str, *, leave_out: str | None) -> str | None:
    """The other behaviour that everyday words point at ("iemand die juist te snel is"), or None."""
    said = text.lower()
    return next((one for one, words in _POINTS_AT.items() if one != leave_out and words.search(said)), None)


def _offer(dispatcher: CollectingDispatcher, text: str, buttons: list[dict[str, Any]]) -> None:
    """Say that a message was not understood, with choices and the two ways out."""
    dispatcher.utter_message(text=text, buttons=[*buttons, SOMETHING_ELSE, COACH_BUTTON], offered_choices=True, asks_for="choice")


def _offered_nearby(dispatcher: CollectingDispatcher, tracker: Tracker, *, leaning: bool = True) -> bool:
    """Offer the next questions of the last answer when a short message leans on it ("hoe lang loopt dat?"); False when it does not.

    ``leaning`` false: it is known already that the message follows up on something.
    """
    text = context.said(tracker)
    answer = about_answer.last(tracker)
    if answer is None or leaning and (len(text.split()) > _LEANS_WITHIN or not _LEANS.search(text.lower())):
        return False
    nearby = besides_coach(payload(answer)["buttons"])[:_CHOICES_OFFERED]
    if nearby:
        _offer(dispatcher, "Ik weet niet zeker wat u bedoelt. Gaat het nog over het vorige antwoord? Kies dan hieronder.", nearby)
    return bool(nearby)


class OutOfScope(SafeAction):
    """``grens/buiten_bereik``: an honest refusal, unless the few words may well be about the answer just given."""

    def name(self) -> str:
        return "action_out_of_scope"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        said = context.said(tracker)
        about_somebody = len(said.split()) <= _LEANS_WITHIN and aftermath.names_somebody(said)  # "mag ze eerder weg"
        if not about_answer.said_from_last(dispatcher, tracker) and not _offered_nearby(dispatcher, tracker, leaning=not about_somebody):
            say_topic(dispatcher, OUT_OF_SCOPE)
        return []


class OfferChoices(SafeAction):
    """A message that was not understood: the likeliest topics by their human names; after two misses in a row the coach."""

    def name(self) -> str:
        return "action_offer_choices"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        if (context.choice(tracker) or {}).get("something_else"):
            dispatcher.utter_message(
                text="Vertel in één zin wat er speelt op het werk. Bijvoorbeeld: 'Mijn medewerker durft niets te vragen.'",
                buttons=[topic_button("bot/mogelijkheden"), COACH_BUTTON],
                offered_choices=True,
            )
            return []
        if context.gave_contact(tracker):
            return [FollowupAction("handoff_form")]
        if self._missed_before(tracker):
            dispatcher.utter_message(
                text="Hier heb ik nog geen goed antwoord op. Een coach kan met u meedenken. "
                "Of zeg het met andere woorden, dan probeer ik het nog eens.",
                buttons=[COACH_BUTTON, topic_button("bot/mogelijkheden")],
                offered_choices=True,
            )
            return []
        if about_answer.said_from_last(dispatcher, tracker) or _offered_nearby(dispatcher, tracker):
            return []
        likely = [
            topic
            for topic, confidence in ranking_of(tracker.latest_message)
            if confidence >= _WORTH_OFFERING and not topic.startswith(_NEVER_OFFERED)
        ][:_CHOICES_OFFERED]
        text = (
            "Ik weet niet zeker wat u bedoelt. Gaat het om een van deze onderwerpen?"
            if likely
            else ("Dat begrijp ik niet helemaal. Vertel in één zin wat er speelt op het werk.")
        )
        _offer(dispatcher, text, [topic_button(topic) for topic in likely] or [topic_button("bot/mogelijkheden")])
        areas = {topic.split("/")[0] for topic in likely}
        behaviour = context.mentioned_behaviour(tracker) or (areas.pop() if len(areas) == 1 else None)
        return [SlotSet("behaviour", behaviour)] if behaviour in BEHAVIOURS else []

    @staticmethod
    def _missed_before(tracker: Tracker) -> bool:
        users = 0
        for event in reversed(tracker.events):
            if event.get("event") == "user":
                users += 1
                if users == 2:
                    return False
            if event.get("event") == "bot" and users == 1:
                return bool((event.get("metadata") or {}).get("offered_choices"))
        return False


class YesNo(SafeAction):
    """``dialoog/ja``, ``nee``, ``weet_niet``, ``stop`` and ``opnieuw`` when no flow is open."""

    def name(self) -> str:
        return "action_dialogue"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        topic, _ = topic_of(tracker.latest_message)
        answer = answers()[topic or "dialoog/weet_niet"]
        message = payload(answer)
        about = about_answer.last(tracker)
        said = context.said(tracker)
        told_more = topic == "dialoog/nee" and len(said.split()) >= _TELLS_MORE and not NO.fullmatch(plain(said))
        if told_more:
            message["text"] = "Dat begrijp ik. Vertel gerust wat er speelt, of kies hieronder."
        if about is not None and (topic in ("dialoog/ja", "dialoog/weet_niet") or told_more):
            message["buttons"] = payload(about)["buttons"]
        if topic == "dialoog/stop" and await asyncio.to_thread(handoff_reading.open_request, tracker.sender_id) is not None:
            message["text"] = "Goed, we stoppen hier. Uw verzoek aan de coach blijft staan. U kunt het hieronder intrekken."
            message["buttons"] = [CANCEL_BUTTON.as_dict(), *message["buttons"]]
        dispatcher.utter_message(**message)
        return [SlotSet("behaviour", None)] if topic == "dialoog/opnieuw" else []
