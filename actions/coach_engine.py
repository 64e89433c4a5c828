"""How the flow of a request to a coach takes what people type: a correction, a question in between, another day, a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions import coach_words
from actions.call_day import NAMES_DAY, ONLY_NOT, at_time, clock_words, day_buttons, day_of, day_value, not_then
from actions.coach_flow import BY_PHONE, CoachFlow, belongs, names_place, office, option_of, place_value, region_name, told_place
from actions.flow import Button, Message, Outcome, Reply, State, Step, is_waiting, new_state
from actions.flow_engine import Engine
from actions.flow_forms import lookup_answer
from actions.flow_values import is_no, is_yes
from actions.phrases import CORRECTION, NO, STOP, YES, is_question, plain, wants_resume
from actions.subject import UNKNOWN, about
from steunwijzer import calendar_nl, handoff_consent, place_finder
from steunwijzer.dutch_dates import time_words
from steunwijzer.handoff_request import Preview
from steunwijzer.known_contact import NAME_LABEL
from steunwijzer.masking import LABELS
from steunwijzer.rewording import reword

NOT_THIS_PLACE = "Nee, een andere plaats"
NO_PLACE = "Daar lees ik geen plaats in. Ik zoek nu een coach bij u in de buurt. In welke gemeente is het werk? De postcode mag ook."
_SURE_IT_ASKS_AGAIN = 0.9
_LONGEST_PLACE_NAME = 4  # words; a message of more that names no place is about something else
_WORKS_IN = re.compile(r"\b(?:werkt|zit|staat) (?:\w+ ){0,2}(?:in|te|bij)\b")  # not "hij komt uit Tiel"
_TIME_WORDS = 10  # … and of at most so many words that names a day or time, the moment of the call
_PLACE_WORDS = 8  # a message of at most so many words that names a place corrects the place
_OTHER_WORDS = {
    "place": "Ik herken dit niet als plaats. Typ alleen de naam van de gemeente, of de vier cijfers van de postcode. Stoppen kan ook: zeg 'stop'.",
    "contact": "Typ alleen uw telefoonnummer (10 cijfers) of uw mailadres. Wilt u dat niet geven? Zeg dan 'liever niet'.",
    "day": "Ik lees hier geen dag in. U kunt een dag typen, of 'zo snel mogelijk'. Wilt u liever een mail? Zeg dan 'liever mail'.",
    "consent": "Er is nog niets verstuurd. Zeg 'ja' om het te sturen, 'aanpassen' om iets te wijzigen, of 'nee' om niets te sturen. "
    "Een ander nummer, een andere dag of een ander onderwerp mag u ook gewoon typen.",
}
"""What is said instead of the same question for the second time in a row, per step."""
_A_COACH = (
    "Een coach denkt met u mee over het werk: wat u ziet, wat u kunt zeggen en welke afspraken of regelingen passen. "
    "De coach behandelt niemand en vraagt niet naar medische gegevens."
)
_WHAT_FOR = (
    "Met uw nummer of mailadres kan de coach u bereiken. Met de plaats vind ik de coach van uw regio. Alleen de coach krijgt dit, "
    "en pas als u 'ja' zegt."
)
_TOLD = "Dat heb ik bij het onderwerp gezet."
_REST_OF_NO = re.compile(r"^(?:(?:nee+|ja|wacht|sorry|oh|ok[eé]?)[,. ]+)+(?:maar |toch )*", re.IGNORECASE)
OTHER_COACH = (
    "U krijgt een coach die in uw regio werkt; zelf kiezen kan hier niet. "
    "Zet uw wens bij het onderwerp, dan leest de coach die. Zeg daarvoor 'onderwerp aanpassen'."
)
_EDIT = re.compile(
    r"(?:(?:nee|ja),? (?:maar )?)?(?:ik wil (?:iets |het |dit |wat )?)?"
    r"(?:(?:iets |dit |het |wat )?(?:aanpassen|wijzigen|veranderen|corrigeren)"
    r"|(?:dat |dit |het |er )?(?:klopt (?:iets )?niet(?: helemaal)?)|pas (?:het |dit )?aan|wijzig|verander)"
)
_WRONG = re.compile(r"\b(?:verkeerd|fout|ander|nieuw|klopt niet|niet goed)")
_MORE = re.compile(
    r"(?:en |ja,? )?(?:mag|kan|wil) ik (?:er )?(?:nog |ook |nog ook )?(?:wat|iets|dingen|een ding)?(?: ook| nog)* ?(?:er)?(?:bij|aan toe|toe)"
    r" ?(?:zetten|schrijven|voegen|vertellen|toevoegen)?|(?:ik wil )?(?:nog )?(?:iets|wat) toevoegen"
)
_REFUSES = re.compile(
    r".*\b(?:liever niet|geen (?:contact\w*|nummer|telefoon\w*|gegevens|mail\w*|e-mail\w*)"
    r"|zonder (?:nummer|contact\w*|gegevens|telefoon\w*)|(?:geef|wil|deel|zeg) .{0,40}\bniet|anoniem"
    r"|hier (?:in de )?chat\w*|alleen chatten|(?:wil|liever) .{0,20}chatten).*",
    re.DOTALL,
)
_BY_MAIL = re.compile(r"\b(?:e-?)?mail(?:en|tje)?\b")


# --- the engine on these flows ------------------------------------------------------------------------------------------------------


class CoachEngine(Engine):
    """`actions.flow_engine.Engine` with what a place, contact data and consent need: questions back, corrections at any step, a fresh consent."""

    flow: CoachFlow
    nothing_done = "Er is niets verstuurd. "

    def __init__(self, flow: CoachFlow) -> None:
        super().__init__(flow, lookup_answer)
        self._shown: Preview | None = None
        self._handlers = {"place": self._place, "contact": self._contact, "day": self._wanted_day, "consent": self._consent}

    def _keys(self, state: State) -> dict[str, Any]:
        keys = super()._keys(state)
        place = state["answers"].get("place")
        if place:
            keys["region"] = region_name(place)
        return keys

    def question(self, state: State, lead: str = "", again: bool = False) -> Reply:
        step = self.open_step(state)
        if step is None or step.key != "consent":
            reply = super().question(state, lead, again)
            return replace(reply, extra={**reply.extra, "topic": self.flow.topic})
        # Who would get it is looked up once, so that text, card and digest speak of the same coach.
        answers = state["answers"]
        self._shown = self.flow.preview(self.flow.draft(answers))
        state["consented"] = self.flow.digest(answers, self._shown)
        reply = super().question(state, lead, again)
        return replace(reply, extra={**reply.extra, "topic": self.flow.topic, "card": self.flow.card(answers, self._shown)})

    def _text(self, step: Step, state: State) -> str:
        return self.flow.consent(state["answers"], self._shown) if step.key == "consent" else super()._text(step, state)

    def start(self, context: Mapping[str, Any] | None = None, parked: State | None = None) -> Outcome:
        """Begins; a place that has to be asked back ("welk Bergen?") is asked at once."""
        known = context or {}
        told = told_place(known)
        state = new_state(self.flow.name, self.flow.prefill({**known, "told": told}), parked)
        lead = self.flow.opening(state["answers"])
        step = self.open_step(state)
        if told is None or step is None or step.key != "place":
            return self._ask(state, lead=lead)
        outcome = self._place(state, step, Message(told[0]))
        first, *rest = outcome.messages
        return replace(outcome, messages=(replace(first, text=f"{lead} {first.text}"), *rest))

    # -- leaving and skipping

    def _leave(self, state: State, topic: str) -> Outcome:
        if topic not in ("coach/spreken", "coach/terugbellen"):
            return super()._leave(state, topic)
        if topic == self.flow.topic:
            return self._ask(state, lead="Dat kan. Ik heb alleen dit nog van u nodig.", again=True)
        # The other way to a coach takes this one's place: nothing is parked, what was said goes along.
        state["status"] = "moved"
        return Outcome((), state, True, "left", topic)

    def _contact_is_no_answer(self, state: State) -> Outcome | None:
        return None  # here it is

    def _in_between(self, state: State, step: Step, message: Message) -> Outcome | None:
        told = self._contact_marks(message) or step.key != "place" and coach_words.wants_mail(message.text)
        if message.topic == self.flow.topic or told or step.key == "consent" and self._about_consent(message):
            return None
        if (
            message.topic in ("coach/spreken", "coach/terugbellen")
            and step.key == "place"
            and place_finder.find_place(message.text).kind != "unknown"
        ):
            return None
        return super()._in_between(state, step, message)

    def _command(self, state: State, step: Step, message: Message) -> Outcome | None:
        if step.key == "consent" and coach_words.DO_NOT_SEND.fullmatch(plain(message.text)):
            return None  # "liever niet" is a no here, not a question to skip
        if message.topic == "dialoog/stop" and names_place(message) and not STOP.fullmatch(plain(message.text)):
            message = replace(message, topic=None, confidence=0.0)  # "nee, laat Delft maar staan"
        return self._aside(state, step, message) or super()._command(state, step, message)

    def _aside(self, state: State, step: Step, message: Message) -> Outcome | None:
        """What is said beside the answer to the open step, at any step: a short answer, and the question again."""
        said = plain(message.text).rstrip("? ")
        if not said:
            return self._ask(state, lead=" ".join(part for part in (step.why, step.how or step.example) if part), again=True)
        if coach_words.EMPLOYEE.fullmatch(said):
            return self._for_employees(state)
        if step.key != "consent" and not state.get("places") and coach_words.WITHDRAW.fullmatch(said):
            return self._stop(state)
        if step.key in state["answers"] and not state.get("places") and self._keeps(step, message):
            state["at"] = None
            return self._ask(state, lead="Dat blijft zo.")
        if step.key != "subject" and coach_words.is_insult(message.text):
            lead = f"Vervelend dat dit niet goed gaat. Zeg 'stop' om te stoppen. Of neem contact op met {office()}."
            return self._ask(state, lead=lead, again=True)
        knows = step.key == "contact" and self.flow._enough(state["answers"].get("known") or {})
        if coach_words.SEND.fullmatch(said) and step.key in ("place", "contact", "day") and not YES.fullmatch(said) and not knows:
            return self._ask(state, lead="Er gaat nog niets weg. Ik heb eerst dit nog nodig.", again=True)
        if coach_words.FREE.fullmatch(said) and (answer := self.lookup("ips/kosten")) is not None:
            return self._ask(state, lead=str(answer.text).split("\n\n")[0], again=True)
        if coach_words.COACH_NUMBER.fullmatch(said) or coach_words.ORDERS.search(said) and coach_words.COACHS_NUMBER.search(said):
            lead = f"Het nummer van de coach geef ik hier niet. De coach neemt contact met u op. Zelf contact opnemen kan met {office()}."
            return self._ask(state, lead=lead, again=True)
        if step.key != "consent" and coach_words.WHICH_COACH.fullmatch(said):
            return self._ask(state, lead="Ik zoek de coach die bij uw plaats hoort. U ziet wie dat is voordat er iets weggaat.", again=True)
        if coach_words.OTHER_COACH.fullmatch(said):
            return self._ask(state, lead=OTHER_COACH, again=True)
        if step.key in ("contact", "day", "consent") and names_place(message) and coach_words.KEEP_PLACE.fullmatch(said):
            return self._place({**state, "at": "place"}, self._by_key(state)["place"], message)
        return None

    @staticmethod
    def _about_consent(message: Message) -> bool:
        """Whether a message answers the last question, or asks about what it shows, whatever the model makes of it."""
        said = plain(message.text).rstrip("? ")
        reads = (coach_words.SHOW, coach_words.SEND, coach_words.WITHDRAW)
        return is_yes(message) or is_no(message) or CoachEngine._about_time(message) or any(pattern.fullmatch(said) for pattern in reads)

    @staticmethod
    def _about_time(message: Message) -> bool:
        """Whether a short message names a day or time, and not what somebody does then ("hij is er morgen niet")."""
        told = bool(message.entity("date") or time_words(message.text) or NAMES_DAY.search(message.text))
        return told and len(message.text.split()) <= _TIME_WORDS and not coach_words.is_about_somebody(message.text)

    @staticmethod
    def _keeps(step: Step, message: Message) -> bool:
        """Whether a step that was opened again stays as it was: "ja", "ga verder", or the button of the step that it was opened from."""
        said = plain(message.text)
        goes_on = wants_resume(message.text) or coach_words.SEND.fullmatch(said) or said == "ja, stuur door"
        return bool(goes_on or step.key != "contact" and is_yes(message))

    def _for_employees(self, state: State) -> Outcome:
        """Somebody who asks for himself, or for a relative, is not whom the coach is for: the flow ends with who does help."""
        answer = lookup_answer("grens/werknemer")
        return self._stopped(state, answer.text, "grens/werknemer")

    def _skip(self, state: State, step: Step) -> Outcome:
        if step.key == "contact":
            return self._refused(state, step)
        if step.key == "day":
            return self._wanted_day(state, step, Message("zo snel mogelijk"))
        return super()._skip(state, step)

    def _change(self, state: State, message: Message) -> Outcome | None:
        """Also: 'nee, ik bedoel Culemborg', whatever step is open."""
        step = self.open_step(state)
        correction = CORRECTION.fullmatch(message.text.strip())
        said = correction["text"] if correction else message.text
        refused = re.match(r"(?:nee|niet|sorry|wacht|oeps)\b", plain(message.text)) and names_place(message)
        if step is not None and step.key != "place" and "place" in state["answers"] and (correction or (refused and step.key != "subject")):
            kind = place_finder.find_place(said).kind
            if kind in ("found", "choose", "foreign") or (kind == "confirm" and correction):
                state["at"] = "place"
                place_step = self._by_key(state)["place"]
                return self._place(state, place_step, replace(message, text=said))
        if correction and step is not None and step.key in ("day", "consent"):
            corrected = replace(message, text=said)
            if step.key == "consent" and (other_time := self._other_time(state, corrected)) is not None:
                return other_time
            if step.key == "day" and day_value(said) is not None:
                return self._wanted_day(state, step, corrected)
        return super()._change(state, message)

    def _change_to(self, state: State, target: Step, message: Message) -> Outcome | None:
        """The new words go where an answer to that step goes; consent is never given in passing."""
        return None if target.key == "consent" else self._answer({**state, "at": target.key}, target, message)

    # -- answers

    def _answer(self, state: State, step: Step, message: Message) -> Outcome:
        handler = self._handlers.get(step.key)
        return handler(state, step, message) if handler else super()._answer(state, step, message)

    def _take(self, state: State, step: Step, value: Any, lead: str = "") -> Outcome:
        """Stores a value that was read already; a ``lead`` says more than that something was changed."""
        if lead:
            state["answers"].pop(step.key, None)
        return self._store(state, replace(step, kind="choice", done_text=lead, validate=lambda text, message: value), Message(""))

    def _again(self, state: State, text: str, buttons: Sequence[Button] = ()) -> Outcome:
        """Asks once more; the same words twice in a row help nobody, so the second time it says what else can be said."""
        step = self.open_step(state)
        other = _OTHER_WORDS.get(step.key if step else "")
        if other and state.get("problems") and state.get("asked_back") == text:
            text = other
        state["asked_back"] = text
        state["problems"] = state.get("problems", 0) + 1
        return self._say(state, text, buttons, {"topic": self.flow.topic})

    def _place(self, state: State, step: Step, message: Message) -> Outcome:
        offered: list[str] = state.get("places") or []
        state["places"] = []
        marks = self._contact_marks(message)
        if marks:
            self._know(state, marks)
            if not self._by_mail(marks):
                state["answers"]["contact"] = marks
        named = place_finder.find_place(message.text).kind in ("found", "choose", "foreign")
        if marks or named:
            self._wishes(state, message)
        if named:
            self._tell(state, message)
        if plain(message.text) == plain(NOT_THIS_PLACE) or is_no(message) and not named:
            return self._again(state, "Welke plaats is het dan? Noem de gemeente of de postcode.")
        confirmed = offered[0] if len(offered) == 1 and is_yes(message) else None
        text = confirmed or option_of(offered, message.text) or message.text
        found = place_finder.find_place(text)
        if found.kind == "found" and found.place:
            value = place_value(found.place)
            return self._take(state, step, value, self._first_number(message, belongs(value)))
        if marks and found.kind == "unknown":
            return self._ask(state, lead="Dank u, dat heb ik genoteerd.", again=True)
        asks_again = message.topic == self.flow.topic and message.confidence >= _SURE_IT_ASKS_AGAIN
        if found.kind == "unknown" and not asks_again and self._tell(state, message):
            return self._again(state, f"{_TOLD} {NO_PLACE}", (Button("Stoppen", "Stoppen"),))
        if found.kind == "unknown" and (asks_again or len(message.text.split()) > _LONGEST_PLACE_NAME):
            return self._again(state, NO_PLACE, (Button("Stoppen", "Stoppen"),))
        labels = [option.label for option in found.options]
        state["places"], state["offered"] = labels, labels
        if found.kind == "confirm":
            buttons: tuple[Button, ...] = (Button(f"Ja, {labels[0]}", labels[0]), Button(NOT_THIS_PLACE, NOT_THIS_PLACE))
        else:
            buttons = tuple(Button(label, label) for label in labels)
            buttons += (Button("Een andere plaats", NOT_THIS_PLACE),) if labels else ()
        outcome = self._again(state, found.question, buttons)
        if found.kind == "unknown" and state["problems"] >= 3:
            reply = Reply(
                f"Komt u er niet uit? Neem dan contact op met {office()}. Of typ de vier cijfers van de postcode.",
                extra={**self._keys(state), "topic": self.flow.topic},
            )
            return replace(outcome, messages=(*outcome.messages, reply))
        return outcome

    @staticmethod
    def _contact_marks(message: Message) -> dict[str, bool]:
        given = message.metadata.get("contact") or {}
        marks = {key: bool(given.get(key)) for key in ("phone", "email", "name")}
        return marks if marks["phone"] or marks["email"] else {}

    @staticmethod
    def _know(state: State, marks: Mapping[str, bool]) -> None:
        """Contact data stays known when the flow begins again."""
        state["answers"]["known"] = dict(marks)
        state["prefilled"] = sorted({*state["prefilled"], "known"})

    @staticmethod
    def _tell(state: State, message: Message) -> bool:
        """Adds to the subject what a message tells about somebody at work; gives whether it did."""
        subject = str(state["answers"]["subject"])
        if coach_words.ORDERS.search(plain(message.text)):
            return False
        told = coach_words.subject_said(message.text) or coach_words.told_about_work(message.text)
        # what the model takes a message for is no subject unless the message tells about somebody
        if told is None and message.metadata.get("told_beside") and coach_words.is_about_somebody(message.text):
            told = about([str(message.metadata["told_beside"])])
        if told is None or told in subject:
            return False
        state["answers"]["subject"] = told if subject == UNKNOWN else f"{subject} {told}"
        return True

    def _wishes(self, state: State, message: Message) -> str:
        """Keeps a time or day at which to call that is said beside something else; gives it in words."""
        by_phone = self.flow.kind == "callback" or BY_PHONE.search(plain(message.text))
        if not by_phone or not_then(message.text):
            return ""
        day = day_of(message.text)
        wish = clock_words(message.text)
        if self.flow.kind == "callback":
            if day:
                state["answers"]["day"] = at_time(day, wish)
        elif day:
            wish = str(at_time(day, wish)["wanted"])
        if wish:
            state["answers"]["time"] = wish
        return str(day["wanted"]) if day else wish or ""

    @staticmethod
    def _first_number(message: Message, lead: str = "") -> str:
        """Says that of two telephone numbers the first is kept."""
        if message.text.count(LABELS["phone"]) < 2:
            return lead
        note = "Ik geef één telefoonnummer door: het eerste. Wilt u liever het andere? Typ dan alleen dat nummer."
        return f"{lead} {note}".strip()

    def _contact(self, state: State, step: Step, message: Message) -> Outcome:
        marks, known = self._contact_marks(message), state["answers"].get("known") or {}
        said = plain(message.text)
        wish = self._wishes(state, message)
        if marks:
            self._know(state, marks)
            return self._contact_given(state, step, marks, self._first_number(message))
        if NAME_LABEL in message.text and (message.metadata.get("contact") or {}).get("name"):
            for kept in ("known", "contact"):
                if kept in state["answers"]:
                    state["answers"][kept] = {**state["answers"][kept], "name": True}
            if "contact" in state["answers"] or known and self.flow._enough(known):
                state["at"] = None
                return self._ask(state, lead="Dank u, uw naam staat erbij.", again=True)
            lead = "Dank u, uw naam heb ik genoteerd. Op welk telefoonnummer of e-mailadres kan de coach u bereiken?"
            return self._again(state, lead, step.buttons)
        problem = (message.metadata.get("contact") or {}).get("problem")
        if known and self.flow._enough(known):
            if said in ("nee, iets anders", "iets anders", "ander nummer", "nee, een ander nummer") or is_no(message):
                state["answers"].pop("known")
                return self._ask(state, again=True)
            if is_yes(message) or said == "ja, dat klopt":
                return self._contact_given(state, step, known)
        if coach_words.wants_mail(message.text):
            return self._again(state, "Op welk e-mailadres mag de coach u mailen?")
        if _REFUSES.fullmatch(said) or is_no(message):
            return self._refused(state, step)
        if wish or _BY_MAIL.search(said) or BY_PHONE.search(said):
            noted = f"Genoteerd: {wish}. " if wish else ""
            return self._again(state, f"{noted}Op welk {'e-mailadres' if _BY_MAIL.search(said) else 'telefoonnummer'} kan dat?")
        if not names_place(message) and self._tell(state, message):
            return self._ask(state, lead=_TOLD, again=True)
        no_number = not re.search(r"[\d@]", said) or re.search(r"\bpostcode\b|\b[1-9]\d{3} ?[a-z]{2}$", said)
        if names_place(message) and len(said.split()) <= _PLACE_WORDS and no_number:
            return self._place({**state, "at": "place"}, self._by_key(state)["place"], message)
        return self._again(
            state,
            problem or "Ik zie geen telefoonnummer of e-mailadres. Een van de twee is genoeg.",
            (Button("Liever niet", "Liever niet"),),
        )

    def _contact_given(self, state: State, step: Step, marks: Mapping[str, bool], lead: str = "") -> Outcome:
        if self._by_mail(marks):
            lead = "Zonder telefoonnummer kan de coach niet bellen. Ik vraag of de coach u mailt."
        return self._take(state, step, dict(marks), lead)

    def _by_mail(self, marks: Mapping[str, bool]) -> bool:
        return self.flow.kind == "callback" and not marks.get("phone")

    def _refused(self, state: State, step: Step) -> Outcome:
        if self.flow.kind == "callback":
            buttons = (Button("Chat met een coach", "Ik wil een coach spreken"), Button("Stop", "Stop"))
            return self._again(
                state,
                f"Zonder telefoonnummer kan de coach niet bellen. U kunt hier chatten, of zelf contact opnemen met {office()}.",
                buttons,
            )
        place = state["answers"]["place"]
        shown = handoff_consent.preview("handoff", str(place["region"]), tuple(place["gemeenten"]))
        lead = "Dat hoeft niet. U chat dan hier met de coach."
        if not shown.available:
            lead += f" U kunt ook zelf contact opnemen met {office()}."
        return self._take(state, step, {"phone": False, "email": False, "name": False, "chat": True}, lead)

    def _by_mail_instead(self, state: State, message: Message) -> Outcome | None:
        """'liever mail' where a call was meant: to the address that is known, else that is asked."""
        given = self._contact_marks(message)
        if not (given.get("email") and not given.get("phone")) and not coach_words.wants_mail(message.text):
            return None
        known = state["answers"].get("known") or state["answers"].get("contact") or {}
        marks = {"phone": False, "email": True, "name": bool((state["answers"].get("contact") or {}).get("name"))}
        step = self._by_key(state)["contact"]
        state["answers"].pop("day", None)
        state["prefilled"] = [key for key in state["prefilled"] if key != "day"]
        if given.get("email") or known.get("email"):
            state["answers"]["known"] = {**known, "email": True}
            return self._take({**state, "at": "contact"}, step, marks, "Goed, dan vraag ik of de coach u mailt.")
        state["at"] = "contact"
        return self._again(state, "Op welk e-mailadres mag de coach u mailen?")

    def _wanted_day(self, state: State, step: Step, message: Message) -> Outcome:
        mailed = self._by_mail_instead(state, message)
        if mailed is not None:
            return mailed
        marks = self._contact_marks(message)
        if marks:
            both = {**state["answers"]["contact"], **{key: True for key, said in marks.items() if said}}
            self._know(state, both)
            state["answers"]["contact"] = both
            return self._ask(state, lead=self._first_number(message) or "Dank u, dat heb ik genoteerd.", again=True)
        chosen = message.choice.get("day") if isinstance(message.choice, Mapping) else None
        value = day_value("zo snel mogelijk" if chosen == "soon" else str(chosen or message.text))
        if isinstance(value, dict) and chosen is None and not_then(message.text):
            return self._again(state, "Welke dag of tijd komt dan wel uit?", step.buttons)
        if isinstance(value, dict):
            value = at_time(value, clock_words(message.text) or state["answers"].get("time"))
            return self._take(state, step, value, str(value["note"]) or f"Genoteerd: {value['wanted']}.")
        if value is None and (wish := clock_words(message.text)):
            state["answers"]["time"] = wish
            return self._ask(state, lead=f"Genoteerd: {wish}.", again=True)
        if value is None and self._tell(state, message):
            return self._ask(state, lead=_TOLD, again=True)
        return self._again(
            state, value or "Welke dag is dat? Typ bijvoorbeeld 'dinsdag' of '14 december'. 'Zo snel mogelijk' mag ook.", step.buttons
        )

    def _consent(self, state: State, step: Step, message: Message) -> Outcome:
        said = plain(message.text)
        marks = self._contact_marks(message)
        if marks:
            self._know(state, marks)
            lead = self._first_number(message)
            return self._contact_given({**state, "at": "contact"}, self._by_key(state)["contact"], marks, lead)
        if NAME_LABEL in message.text and (message.metadata.get("contact") or {}).get("name"):
            state["answers"]["contact"] = {**state["answers"]["contact"], "name": True}
            return self._ask(state, lead="Dank u, uw naam staat erbij.")
        if self._refuses(message):
            return self._not_sent(state, step)
        early = self._asked_of_request(state, message) or self._changed_at_consent(state, message)
        if early is not None:
            return early
        if coach_words.SHOW.fullmatch(said.rstrip("? ")):
            return self._ask(state, lead="Dit gaat naar de coach, als u 'ja' zegt.", again=True)
        if _MORE.fullmatch(said.rstrip("? ")):
            return self._say(state, "Ja. Schrijf maar wat erbij moet, zonder namen. Dan zet ik het bij het onderwerp.", step.buttons)
        if _EDIT.fullmatch(said):
            return self._what_to_change(state)
        if said == "ja, stuur door" or coach_words.SEND.fullmatch(said) or YES.fullmatch(said) or self._agrees(message):
            if state.get("consented") != self.flow.digest(state["answers"]):
                why = "Er is intussen iets veranderd. " if state.get("consented") else ""
                return self._ask(state, lead=f"{why}Kijkt u dit nog eens na.")
            return self._take(state, step, "yes")
        other_time = self._other_time(state, message)
        if other_time is not None:
            return other_time
        about_work = _WORKS_IN.search(said) or not coach_words.is_about_somebody(message.text)
        if names_place(message) and len(said.split()) <= _PLACE_WORDS and about_work:
            return self._place({**state, "at": "place"}, self._by_key(state)["place"], message)
        if self._tell(state, message):
            return self._ask(state, lead=_TOLD)
        if not is_question(message.text) and (reword(message.text) is not None or coach_words.names_only(message.text)):
            # an illness or a name goes to no coach; the step of the subject says what can be written instead
            return self._store({**state, "at": "subject"}, self._by_key(state)["subject"], message)
        if said.startswith("nee"):
            return self._what_to_change(state)
        if is_no(message):
            return self._not_sent(state, step)
        return self._again(state, "Mag ik dit doorsturen naar de coach? Zeg 'ja', 'aanpassen' of 'nee'.", step.buttons)

    @staticmethod
    def _agrees(message: Message) -> bool:
        """A yes in words that are in no list; with a day or place in it ("doe maar vrijdag") it changes something first."""
        return is_yes(message) and not CoachEngine._about_time(message) and not names_place(message)

    @staticmethod
    def _refuses(message: Message) -> bool:
        """A no that says nothing else; "nee vrijdag" changes something."""
        return any(pattern.fullmatch(plain(message.text)) for pattern in (NO, coach_words.DO_NOT_SEND, coach_words.WITHDRAW))

    def _not_sent(self, state: State, step: Step) -> Outcome:
        """Nothing is sent; what was filled in waits for somebody who thinks better of it, unless another flow waits already."""
        if is_waiting(state.get("parked")):
            return self._take(state, step, "no")
        text = f"Goed, ik stuur niets. U kunt gewoon verder vragen, of zelf contact opnemen met {office()}. Toch wel? Uw gegevens heb ik nog."
        state["status"] = "stopped"
        extra = {"flow": None, "step": None, "asks_for": None, "topic": self.flow.topic}
        again = Button("Toch wel", "Toch wel", {"topic": self.flow.topic, "yes": True})
        return Outcome((Reply(text, (again,), extra),), state, True, "stopped")

    def _what_to_change(self, state: State) -> Outcome:
        buttons = [
            Button("Het onderwerp", "Onderwerp aanpassen"),
            Button("De plaats", "Plaats aanpassen"),
            Button("Het contact", "Contact aanpassen"),
        ]
        buttons += [Button("De dag", "Dag aanpassen")] if "day" in state["answers"] else []
        state["consented"] = None  # a "ja" to this question sends nothing
        return self._say(state, "Wat wilt u aanpassen?", (*buttons, Button("Niets sturen", "Nee")))

    def _asked_of_request(self, state: State, message: Message) -> Outcome | None:
        """A question about the request gets a short answer, and the request once more."""
        answers = state["answers"]
        draft = self.flow.draft(answers)
        shown, wanted = self.flow.preview(draft), draft.wanted
        of = f" van {shown.organisation}" if shown.organisation else ""

        def first_lines(topic: str) -> str:
            answer = self.lookup(topic)
            return str(answer.text).split("\n\n")[0] if answer is not None else ""

        said = {
            "what for": _WHAT_FOR,
            "who": f"Dat is {shown.recipient}{of}, of een andere coach in de regio.",
            "what": _A_COACH,
            "costs": first_lines("ips/kosten"),
            "when": shown.expectation,
            "which day": f"Er staat nu: {wanted}." if wanted else shown.expectation,
        }
        lead = " ".join(dict.fromkeys(said[kind] for kind in coach_words.asked_of(message.text)))
        return self._ask(state, lead=lead, again=True) if lead else None

    def _changed_at_consent(self, state: State, message: Message) -> Outcome | None:
        """What is changed in so many words: another subject, mail instead of a call, a line that is named, another day."""
        other = coach_words.other_subject(message.text)
        if other is not None:
            subject = replace(message, text=other, topic=None, confidence=0.0)
            return self._store({**state, "at": "subject"}, self._by_key(state)["subject"], subject)
        contact = state["answers"].get("contact") or {}
        if (contact.get("phone") or not contact.get("email")) and coach_words.wants_mail(message.text):
            return self._by_mail_instead(state, message)
        part = coach_words.part_named(message.text)
        if part in state["answers"]:
            state["at"] = part
            if part == "contact" and _WRONG.search(plain(message.text)):
                state["answers"].pop("known", None)  # no use asking whether it is right
            return self._ask(state)
        rest = _REST_OF_NO.sub("", message.text)
        if rest != message.text and (day_value(rest) is not None or time_words(rest)):
            return self._other_time(state, replace(message, text=rest), certain=True)
        return None

    def _other_time(self, state: State, message: Message, *, certain: bool = False) -> Outcome | None:
        """Another day or time at the last moment: 'kan het ook woensdag?', 'nee, donderdag ochtend', 'of smiddags na melken'."""
        said = plain(message.text).rstrip("? ")
        day = day_value(message.text) if certain or message.entity("date") or NAMES_DAY.search(message.text) else None
        wish = clock_words(message.text)
        short = certain and len(said.split()) <= _TIME_WORDS and not coach_words.is_about_somebody(said)
        if not (short or self._about_time(message)) or not (day or wish):
            return None
        answers = state["answers"]
        if wish and ONLY_NOT.search(said):
            wish = f"niet {wish}"
        if not_then(said):
            state["at"] = "day" if "day" in answers else None
            state["consented"] = None
            return self._say(state, "Welke dag of tijd komt dan wel uit?", day_buttons(), {"topic": self.flow.topic})
        if "day" in answers:
            step = self._by_key(state)["day"]
            if day is not None:
                answers.pop("time", None)
                return self._wanted_day({**state, "at": "day"}, step, message)
            kept = answers["day"]
            first = calendar_nl.day_in_words(date.fromisoformat(kept["date"])) if kept["date"] else "zo snel mogelijk,"
            also = said.startswith(("of ", "en ", "ook "))
            beside = ONLY_NOT.search(said) is not None
            wanted = f"{kept['wanted']} of {wish}" if also else f"{kept['wanted']}, {wish}" if beside else f"{first} {wish}"
            return self._take({**state, "at": "day"}, step, {**kept, "wanted": wanted}, f"Genoteerd: {wanted}.")
        if (answers.get("contact") or {}).get("phone") or (answers.get("contact") or {}).get("email"):
            if isinstance(day, str):
                return self._again(state, day)
            wanted = str(at_time(day, wish)["wanted"]) if isinstance(day, dict) else str(wish)
            answers["time"] = wanted
            return self._ask(state, lead=f"Genoteerd: {wanted}.")
        return None
