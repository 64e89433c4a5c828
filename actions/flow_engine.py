"""The one engine of the guided flows (DESIGN §3): what an incoming message means at the open step, and what is said.

The core is pure: `Engine.start(context)`, `Engine.advance(state, message)` and `Engine.resume(state)` take and give plain JSON-able
state and know neither Rasa nor a database. `actions/flow_forms.py` puts the thin rasa_sdk classes on top.
What a state holds stands in `actions/flow.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.flow import Button, Message, Outcome, Problem, Reply, State, Step, new_state
from actions.flow_aside import KEEP, WAS_QUESTION, Aside
from actions.flow_changes import Changes
from actions.flow_ends import Ends
from actions.flow_values import by_first_word, choice_value, exact_button, gives_contact, is_no, is_yes, match_button, picked, says, text_value
from actions.phrases import (
    BACK,
    DOCUMENT,
    EXAMPLE,
    GRUMBLE,
    HOW,
    PROGRESS,
    RECALLS,
    RESULT,
    SKIP,
    WAIT,
    WHY,
    number_of,
    plain,
    resumes_at_end,
    wants_coach,
    wants_resume,
)
from steunwijzer.rewording import find_medical

_COACH_TOPIC = {"speak": "coach/spreken", "call": "coach/terugbellen"}
CALL_ME = "Ja, laat een coach mij bellen"
_CHOOSE = "Kies wat het beste past. Weet u het niet? Zeg dan 'weet ik niet'."


class Engine(Ends, Changes, Aside):
    """Leads one flow."""

    # -- entry points

    def start(self, context: Mapping[str, Any] | None = None, parked: State | None = None) -> Outcome:
        """Begins the flow afresh; `context` is what the conversation already told, `parked` a flow that waits."""
        state = new_state(self.flow.name, self.flow.prefill(context or {}), parked)
        return self._ask(state, lead=self.flow.opening(state["answers"]))

    def resume(self, state: State) -> Outcome:
        """Takes a waiting flow up again at its open step."""
        state = {**state, "status": "open", "problems": 0}
        return self._ask(state, lead="We gaan verder waar we waren.")

    def advance(self, state: State, message: Message) -> Outcome:
        """What `message` does to the flow in `state` (which is not changed)."""
        state = {**state, "answers": dict(state["answers"]), "skipped": list(state["skipped"]), "order": list(state["order"])}
        if message.crisis or message.topic == "grens/crisis":
            return self._crisis(state)
        step = self.open_step(state)
        if step is None:
            state["status"] = "done"
            return Outcome((), state, True, "done")
        message = picked(state, message)
        return self._command(state, step, message) or self._in_between(state, step, message) or self._answer(state, step, message)

    # -- what a message asks of the flow, rather than answers

    def _command(self, state: State, step: Step, message: Message) -> Outcome | None:
        said = plain(message.text)
        if match_button(step, message) is not None and message.choice is not None:
            return None
        if wants_resume(said) or (state.get("asked") == "stop" and is_no(message)):
            return self._ask(state, lead="Goed, we gaan verder.", again=True)
        if state.get("asked") == "stop" and is_yes(message):
            return self._stop(state)
        if state.get("asked") == "coach" and (is_yes(message) or said == plain(CALL_ME)):
            return self._leave(state, "coach/terugbellen")
        if state.get("asked") == "coach" and is_no(message):
            return self._ask(state, lead="Goed, we gaan verder.", again=True)
        if (way := wants_coach(said)) is not None:
            return self._leave(state, _COACH_TOPIC[way])
        if step.kind not in ("contact", "consent") and gives_contact(message):
            return self._contact_is_no_answer(state)
        if said == plain(WAS_QUESTION) and state.get("pending"):
            return self._ask(state, lead="Dan heb ik uw vraag niet goed begrepen. Stel hem gerust nog eens, in andere woorden.", again=True)
        if said == plain(KEEP) and state.get("pending"):
            return self._store(state, step, Message(state["pending"]))
        return self._ended(state, step, message) or self._moved(state, step, message)

    def _contact_is_no_answer(self, state: State) -> Outcome | None:
        """A number or address is on no paper: who gives it here, perhaps wants to be called."""
        state["asked"] = "coach"
        return self._say(
            state,
            "Een telefoonnummer of e-mailadres zet ik hier niet bij. Wilt u dat een coach contact met u opneemt? Uw antwoorden blijven staan.",
            (Button(CALL_ME, CALL_ME), Button("Nee, verder", "Nee")),
        )

    def _moved(self, state: State, step: Step, message: Message) -> Outcome | None:
        """Back, on, another answer to an earlier step, a word about the step, skip."""
        said = plain(message.text)
        if BACK.fullmatch(said):
            return self._back(state, step)
        if said == "zo laten" and step.key in state["answers"]:
            state["at"] = None
            return self._ask(state, lead="Dat blijft zo.")
        if step.kind == "free_text" and resumes_at_end(said) == "perhaps":
            return self._answer_or_question(state, message.text)
        moved = self._skip_by_number(state, step, said) or self._change(state, message)
        if moved is not None:
            return moved
        if match_button(step, message) is not None:
            return None
        told = self._about(state, step, said)
        if told is not None:
            return told
        if by_first_word(step, message) is None and (
            SKIP.fullmatch(said) or (says(message, "dialoog/weet_niet", 8) and " maar " not in f" {said} ")
        ):
            return self._skip(state, step)
        if self._declines(state, step, message):
            return self._skip(state, step)
        return None

    def _about(self, state: State, step: Step, said: str) -> Outcome | None:
        """What the user says about the question or the steps, rather than in answer to it."""
        explained = step.how or step.example or ("" if step.kind == "free_text" else step.why or _CHOOSE)
        if (recalled := RECALLS.fullmatch(said)) is not None:
            return self._recalled(state, number_of(recalled["number"]))
        result = getattr(self.flow, "result", "")
        if DOCUMENT.fullmatch(said) and result and not step.closes:
            return self._ask(state, Reply(f"{result} Wilt u niet alle vragen doen? Zeg dan 'maak maar af'.", extra=self._keys(state)), again=True)
        for pattern, text in ((WHY, step.why), (EXAMPLE, step.example), (HOW, explained), (RESULT, result)):
            if pattern.fullmatch(said) and text:
                return self._ask(state, Reply(text, extra=self._keys(state)), again=True)
        number, of = self.position(state)
        if PROGRESS.fullmatch(said):
            left = of - number
            to_come = "Dit is de laatste vraag." if not left else "Hierna komt nog één vraag." if left == 1 else f"Hierna komen nog {left} vragen."
            lead = f"We zijn bij stap {number} van {of}. {to_come}"
            return self._ask(state, lead=lead, again=True)
        if GRUMBLE.fullmatch(said):
            way = "U kunt deze vraag overslaan, of stoppen." if step.allow_skip else "U kunt ook stoppen."
            return self._ask(state, lead=f"Dat begrijp ik. We zijn bij stap {number} van {of}. {way}", again=True)
        if WAIT.fullmatch(said):
            return self._ask(state, lead="Neem rustig de tijd.", again=True)
        return None

    @staticmethod
    def _declines(state: State, step: Step, message: Message) -> bool:
        """Whether a bare no skips the step: 'nee' names no day and no address."""
        if step.kind not in ("date", "contact") or step.validate is None or not step.allow_skip or step.key in state["answers"]:
            return False
        return is_no(message) and (by_first_word(step, message) is None or bool(state.get("problems")))

    # -- an answer

    def _answer(self, state: State, step: Step, message: Message) -> Outcome:
        return self._store(state, step, message)

    def _store(self, state: State, step: Step, message: Message) -> Outcome:
        value: Any
        if step.kind == "date" and message.choice is None and re.fullmatch(r"(?:optie |nummer )?\d", plain(message.text)):
            # A bare figure is the number of a button, not a day of the month.
            button = match_button(step, message)
            message = replace(message, choice=button.choice) if button is not None else message
        if step.kind == "free_text":
            button = match_button(step, message)
            if button is not None:
                message = replace(message, text=button.payload)
            bare = is_yes(message) or is_no(message)
            value = message.text.strip() if step.no_is_answer and bare else (step.validate or text_value)(message.text, message)
        else:
            value = (step.validate or choice_value(step))(message.text, message)
        if isinstance(value, Problem) and not value.understood:
            elsewhere = self._heard_elsewhere(state, step, message) or self._beside(state, step, message)
            if elsewhere is not None:
                return elsewhere
        if isinstance(value, Problem):
            state["problems"] = state.get("problems", 0) + 1
            buttons = value.buttons or step.buttons
            if step.allow_skip and state["problems"] >= 2 and all(plain(b.payload) not in ("overslaan", "weet ik niet") for b in buttons):
                buttons = (*buttons, Button("Overslaan", "Overslaan"))
            if state["problems"] >= 3:
                # Somebody who is lost gets a way out.
                buttons = (*buttons, Button("Vorige vraag", "Vorige vraag"), Button("Stoppen", "Stoppen"))
            state["offered"] = [button.payload for button in value.buttons if button.choice is None and button.payload != "Overslaan"]
            return self._say(state, value.text, buttons, value.extra)
        corrected = step.key in state["answers"]
        state["answers"][step.key] = value
        guessed = step.hears is not None and exact_button(step, message) is None
        state["answers"].pop(f"{step.key}_words", None)
        if guessed and step.keeps_words and not find_medical(message.text):
            state["answers"][f"{step.key}_words"] = message.text.strip()
        state["order"] = [key for key in state["order"] if key != step.key] + [step.key]
        state["skipped"] = [key for key in state["skipped"] if key != step.key]
        state["at"] = None
        state["problems"] = 0
        guessed = guessed and self.open_step(state) is not None  # after the last step there is no way back
        return self._ask(state, lead=f"Aangepast: {step.shown(value)}" if corrected else self._echo(step, value, guessed))

    @staticmethod
    def _echo(step: Step, value: Any, guessed: bool = False) -> str:
        """A read-back where the engine interpreted the words, so that a misreading is seen at once."""
        noted = f"Genoteerd: {step.shown(value)}." if step.kind in ("date", "score") else ""
        if guessed and any(button.choice == value for button in step.buttons):
            noted = f"Ik ga uit van: {step.shown(value)}. Klopt dat niet? Zeg dan 'terug'."
        return " ".join(part for part in (step.done_text, noted) if part)
