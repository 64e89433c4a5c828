"""A question or another wish in the middle of a guided flow, and an answer that belongs to another step."""

from __future__ import annotations

import re

from actions.flow import LEAVING_TOPICS, START_TOPICS, Button, Message, Outcome, Problem, Reply, State, Step
from actions.flow_base import FlowBase
from actions.flow_values import COMMAND_CONFIDENCE, match_button, means_choice, short
from actions.phrases import asks, asks_at_end, is_question, plain
from actions.subject import NO_SUBJECT
from nlu.topics import OUT_OF_SCOPE, WITHOUT_BEHAVIOUR

QUESTION_CONFIDENCE = 0.45
"""A message shaped like a question is answered as one from this confidence of its topic on."""
ASIDE_CONFIDENCE = 0.3
"""The same at a step with choices, a day or the like: what is a question in so many words, is no answer there."""
STATEMENT_CONFIDENCE = 0.92
"""A message shaped like a statement leaves a free-text step only when its topic is at least this certain and is a command."""
BESIDE_CONFIDENCE = 0.75
"""What is no answer to a step with choices, a day or the like, nor worded as a question, is about its topic from this confidence on."""

_ABOUT_SOMEBODY = frozenset({"prevention", "werkafspraken", "checkin"})
_TELLS_SOMETHING = 3  # words
_OTHERWISE = "anders"  # a guess for what is none of the choices, which later words may still mend
KEEP = "Ja, bewaar dit als antwoord"
WAS_QUESTION = "Nee, het was een vraag"
_OWN_WISH = re.compile(
    r"(?:(?:mag|kan|kun|kunt|wil|wilt|zou) (?:ik|je|jij|u|we|wij|iemand|er)\b|ik wil (?!dat\b|niet\b)"
    r"|ik zou (?:graag|wel)|graag\b|laat me|bel (?:me|mij|maar)"
    r"|geef me|verbind|spreek\b|start\b|doe maar)"
)
_ERASE = re.compile(r"\b(?:verwijder\w*|wis\w*|gooi\w*|delete\w*|vergeet|haal)\b.*\b(?:mijn|van (?:mij|me|ons)|over (?:mij|me|ons)|onze)\b")
# "ik bel terug" tells what the employer does.
_OWN_DEED = re.compile(r"(?:dan |die |dat )?(?:ik|we|wij) (?!wil|wou|zou|kan|kun|mag|moet|heb|zoek|praat liever|spreek liever)")
_SOME_DAY = re.compile(
    r"\b(?:snel|spoedig|gauw|direct|meteen|nu|dag|week|vandaag|morgen|overmorgen|(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*)\b"
)
_NO_WISH = re.compile(r"(?:er is |we hebben |ik heb |hij heeft |zij heeft |ze heeft |nog |er komt )*(?:geen|niet|nooit)\b")
_WISH_WORD = re.compile(r"\b(?:ik wil|ik zou|kan ik|mag ik|graag|liever|bel|spreek|spreken|terugbellen|verbind|geef me|laat)\b")


class Aside(FlowBase):
    """The part of the engine for what is no answer to the open step: a question is answered in between, another wish is followed."""

    def _in_between(self, state: State, step: Step, message: Message) -> Outcome | None:
        topic, sure = message.topic, message.confidence
        if message.choice is not None or match_button(step, message) is not None:
            return None
        if topic in LEAVING_TOPICS and topic is not None and sure >= COMMAND_CONFIDENCE and self._is_wish(step, message):
            if topic == START_TOPICS.get(self.flow.name):
                return self._ask(state, lead="Daar zijn we al mee bezig.", again=True)
            return self._leave(state, topic)
        asked = asks(message.text) or step.kind != "free_text" and asks_at_end(message.text)
        if not asked and not is_question(message.text):
            return None
        area = topic.split("/")[0] if topic else ""
        if step.may_be_question and sure < STATEMENT_CONFIDENCE:
            return None
        if topic and area == "vervolg" and self.lookup(about := f"{state['answers'].get('behaviour')}/{topic.partition('/')[2]}") is not None:
            topic, area = about, about.split("/")[0]  # what it follows on is known here
        elif topic and area == "vervolg" and self.flow.name in _ABOUT_SOMEBODY and topic.partition("/")[2] in WITHOUT_BEHAVIOUR:
            topic = WITHOUT_BEHAVIOUR[topic.partition("/")[2]]
            area = topic.split("/")[0]
        menu = area == "vervolg" and step.kind != "free_text"  # asks which behaviour, where that is what the step asks itself
        # a refusal in the middle of a step sounds as if the answer was wrong
        told = topic != OUT_OF_SCOPE and area != "dialoog" and not menu and sure >= QUESTION_CONFIDENCE
        if topic and told and (step.kind == "free_text" or topic not in LEAVING_TOPICS):
            answered = self._answered(state, topic)
            if answered is not None:
                return answered
        if step.kind == "free_text":
            return None if step.may_be_question else self._answer_or_question(state, message.text)
        if not asked or self._accepts(step, message):
            return None
        if topic and area not in ("dialoog", "vervolg", "grens", "coach") and sure >= ASIDE_CONFIDENCE:
            answered = self._answered(state, topic)
            if answered is not None:
                return answered
        known = self.from_last(message)
        if known is not None:
            return self._ask(state, Reply(known, extra=self._keys(state)), lead="Terug naar de stappen.", again=True)
        return self._ask(state, lead="Dat weet ik niet; een coach kan er met u over meedenken. Eerst nog deze vraag.", again=True)

    def _answered(self, state: State, topic: str) -> Outcome | None:
        answer = self.lookup(topic)
        if answer is None:
            return None
        sources = [{"title": source.title, "url": source.url} for source in getattr(answer, "sources", ()) or ()]
        extra = {"topic": topic, "sources": sources, **self._keys(state)}
        return self._ask(state, Reply(answer.text, extra=extra), lead="Terug naar de stappen.", again=True)

    def _answer_or_question(self, state: State, text: str) -> Outcome:
        state["pending"] = text
        return self._say(
            state,
            "Is dit uw antwoord op de vraag, of een vraag aan mij?",
            (Button("Mijn antwoord", KEEP), Button("Een vraag", WAS_QUESTION)),
        )

    @staticmethod
    def _accepts(step: Step, message: Message) -> bool:
        """Whether the step takes a message that is worded as a question; a step that is read elsewhere may, when it names a day or place."""
        if step.kind == "choice":
            return means_choice(step, message)
        if step.kind == "score":
            return bool(re.search(r"(?<![\d.,])[1-5](?![\d.,])", message.text))  # "geldt dat ook voor een oproepkracht" gives no figure
        if step.validate is not None:
            return not isinstance(step.validate(message.text, message), Problem)
        return step.kind != "date" or bool(message.entity("date")) or bool(_SOME_DAY.search(plain(message.text)))

    @staticmethod
    def _is_wish(step: Step, message: Message) -> bool:
        """In a free-text step only an outspoken wish leaves the flow: 'ze wil niet met een coach praten' is an answer.

        Nor is 'geen coach' a wish for one, at any step.
        """
        said = plain(message.text)
        if _NO_WISH.match(said):
            return False
        if step.kind not in ("free_text", "score"):
            return True
        if message.topic == "bot/verwijderen":
            return message.confidence >= STATEMENT_CONFIDENCE and bool(_ERASE.search(said))
        if _OWN_DEED.match(said):
            return False
        outspoken = message.confidence >= STATEMENT_CONFIDENCE and short(message, 6) and bool(_WISH_WORD.search(said))
        return bool(_OWN_WISH.match(said)) or outspoken

    def _leave(self, state: State, topic: str) -> Outcome:
        state["status"] = "paused"
        text = f"We bewaren uw antwoorden. Eerst {LEAVING_TOPICS[topic]}. Zeg 'ga verder' om hier terug te komen."
        if topic == "bot/verwijderen":
            text = f"Eerst {LEAVING_TOPICS[topic]}. Wilt u toch niets verwijderen? Zeg dan 'ga verder' om hier terug te komen."
        return Outcome((Reply(text, extra={"flow": None, "step": None, "asks_for": None}),), state, True, "left", topic)

    def _heard_elsewhere(self, state: State, step: Step, message: Message) -> Outcome | None:
        """What is no answer here, but one to a question with choices that is still to come ('ze komt uit de bijstand'), is kept there."""
        if step.kind != "choice":
            return None
        for other in self.steps(state):
            known = other.key in state["skipped"] or (
                other.key in state["answers"] and other.key not in state["prefilled"] and state["answers"][other.key] != _OTHERWISE
            )
            value = other.hears(message.text, message) if other.hears is not None and not known and other.key != step.key else None
            if value is not None and value != state["answers"].get(other.key):
                state["answers"][other.key] = value
                state["order"] = [*state["order"], other.key]
                return self._ask(state, lead=f"Genoteerd bij {other.label}: {other.shown(value)}.", again=True)
        return None

    def _beside(self, state: State, step: Step, message: Message) -> Outcome | None:
        """What the step cannot use and is surely about a subject ('en als hij ziek wordt') gets the answer to that, and the step again."""
        topic = message.topic or "dialoog/weet_niet"
        about = step.kind not in ("free_text", "score") and topic not in LEAVING_TOPICS and topic.split("/")[0] not in NO_SUBJECT
        enough = message.confidence >= BESIDE_CONFIDENCE and len(message.text.split()) >= _TELLS_SOMETHING
        return self._answered(state, topic) if about and enough else None
