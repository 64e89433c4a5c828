"""Back, on and over again in a guided flow: an earlier step, another answer to it, a step that is skipped."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import fuzz

from actions.flow import Message, Outcome, Reply, State, Step
from actions.flow_base import FlowBase
from actions.flow_values import exact_button, means_choice
from actions.phrases import CHANGE_INTO, CHANGES, CORRECTION, MEANT, PERHAPS_MEANT, SKIP_STEP, number_of, plain

_SAME_LABEL = 80
"""How much the name that a user gives a step must be like its label, of 100."""
_SHORT_CORRECTION = 3
"""A bare 'nee, magazijn' corrects the last answer when it has at most so many words."""


class Changes(FlowBase):
    """The part of the engine that moves between the steps and takes another answer to one."""

    def _back(self, state: State, step: Step) -> Outcome:
        keys = [s.key for s in self.steps(state) if s.key not in state["prefilled"] or s.key == step.key]
        place = keys.index(step.key)
        if place == 0:
            return self._ask(state, lead="Dit is de eerste stap.", again=True)
        state["at"] = keys[place - 1]
        state["problems"] = 0
        if state["at"] in state["skipped"]:
            state["skipped"].remove(state["at"])
        return self._ask(state, lead="Terug naar de vorige stap.")

    def _skip(self, state: State, step: Step) -> Outcome:
        if not step.allow_skip:
            return self._ask(state, lead=step.why or "Deze vraag is nodig om verder te gaan. U kunt ook stoppen.", again=True)
        state["answers"].pop(step.key, None)
        if step.key not in state["skipped"]:
            state["skipped"].append(step.key)
        state["at"] = None
        state["problems"] = 0
        return self._ask(state, lead=step.skipped_text)

    def _skip_by_number(self, state: State, step: Step, said: str) -> Outcome | None:
        """'stap 3 hoef ik niet'."""
        found = SKIP_STEP.fullmatch(said)
        if found is None:
            return None
        steps = [s for s in self.steps(state) if s.key not in state["prefilled"]]
        number = number_of(found["number"])
        if not 1 <= number <= len(steps):
            return self._ask(state, lead=f"Er zijn {len(steps)} stappen. Welke wilt u overslaan?", again=True)
        target = steps[number - 1]
        if target.key == step.key or target.key in state["answers"]:
            return self._skip(state, target)
        lead = "Die stap slaan we al over." if target.key in state["skipped"] else "Bij die stap zijn we nog niet. U kunt hem dan overslaan."
        return self._ask(state, lead=lead, again=True)

    def _recalled(self, state: State, number: int) -> Outcome:
        """'wat was stap 1 ook alweer': its question and answer, and the open step again."""
        steps = [s for s in self.steps(state) if s.key not in state["prefilled"]]
        if not 1 <= number <= len(steps):
            return self._ask(state, lead=f"Er zijn {len(steps)} stappen.", again=True)
        asked = steps[number - 1]
        known = state["answers"].get(asked.key)
        text = f"Stap {number}: {self._text(asked, state)}"
        if known is not None:
            text += f"\n\nNu staat er: {asked.shown(known)}\n\nWijzigen kan met 'wijzig stap {number}'."
        return self._ask(state, Reply(text, extra=self._keys(state)), again=True)

    def _change(self, state: State, message: Message) -> Outcome | None:
        """'wijzig stap 2', 'verander de datum', 'nee, ik bedoelde drie weken'."""
        correction = CORRECTION.fullmatch(message.text.strip()) or CORRECTION.fullmatch(plain(message.text))
        open_one = self._meant_here(state, message)
        if open_one is not None:
            return open_one
        if correction and state["order"]:
            key = state["order"][-1]
            last = self._by_key(state).get(key)
            if last is not None:
                return self._store({**state, "at": key}, last, Message(correction["text"].strip(), message.topic, 0.0, message.entities))
        changed = self._meant(state, message) or self._changed_into(state, message)
        if changed is not None:
            return changed
        found = (pattern.fullmatch(plain(message.text).rstrip("? ")) for pattern in CHANGES)
        change = next((match for match in found if match), None)
        if change is None:
            return None
        target = self._named(state, change)
        if not isinstance(target, Step):
            return target
        if target.key not in state["answers"] and target.key not in state["skipped"]:
            return self._ask(state, lead="Bij die stap zijn we nog niet.", again=True)
        if target.key in state["skipped"]:
            state["skipped"].remove(target.key)
        state["at"] = target.key
        state["problems"] = 0
        return self._ask(state)

    def _named(self, state: State, found: re.Match[str]) -> Step | Outcome | None:
        """The step whose number or label stands in a match of one of the patterns; what to say when there is no such number."""
        which = found.groupdict()
        if which.get("number"):
            steps = [s for s in self.steps(state) if s.key not in state["prefilled"]]
            number = number_of(which["number"].lower())
            if not 1 <= number <= len(steps):
                return self._ask(state, lead=f"Er zijn {len(steps)} stappen. Welke wilt u wijzigen?", again=True)
            return steps[number - 1]
        named = [s for s in self.steps(state) if s.label and fuzz.ratio(which["label"].lower(), s.label.lower()) >= _SAME_LABEL]
        return named[0] if named else None

    def _changed_into(self, state: State, message: Message) -> Outcome | None:
        """'wijzig stap 1: afgeleid', 'het aanspreekpunt moet de chef zijn': the new answer comes along."""
        into = CHANGE_INTO.fullmatch(message.text.strip())
        target = self._named(state, into) if into is not None else None
        if into is None or not isinstance(target, Step):
            return target if isinstance(target, Outcome) else None
        step = self.open_step(state)
        if target.key not in state["answers"] and target.key not in state["skipped"] and (step is None or step.key != target.key):
            return None
        said = replace(message, text=into["text"].strip(), topic=None, confidence=0.0, choice=None)
        return self._change_to(state, target, said)

    def _change_to(self, state: State, target: Step, message: Message) -> Outcome | None:
        return self._store({**state, "at": target.key}, target, message)

    def _meant_here(self, state: State, message: Message) -> Outcome | None:
        """'nee 2' after "Bedoelt u een 4?": the answer to the question that was just asked back."""
        step = self.open_step(state)
        said = plain(message.text)
        meant = CORRECTION.fullmatch(said) or MEANT.fullmatch(said) or PERHAPS_MEANT.fullmatch(said)
        if step is None or meant is None or not state.get("problems") or step.kind not in ("score", "choice", "date"):
            return None
        other = replace(message, text=meant["text"].strip(), topic=None, confidence=0.0, choice=None)
        return self._store(state, step, other) if means_choice(step, other) else None

    def _meant(self, state: State, message: Message) -> Outcome | None:
        """'nee wacht, magazijn' or 'magazijn bedoel ik': another answer to the last question, where it has such a choice."""
        last = self._by_key(state).get(state["order"][-1]) if state["order"] else None
        said = plain(message.text)
        sure = MEANT.fullmatch(said)
        meant = sure or PERHAPS_MEANT.fullmatch(said)
        if last is None or meant is None:
            return None
        text = meant["text"].strip()
        step = self.open_step(state)
        other = replace(message, text=text, topic=None, confidence=0.0, choice=None)
        if last.kind in ("free_text", "contact", "place"):
            return self._store({**state, "at": last.key}, last, other) if sure and last.kind == "free_text" else None
        bare_no = said.startswith("nee") and not re.match(r"nee[,. ]+(?:wacht|sorry|oeps|pardon)\b", said)
        if not sure and bare_no and step is not None and step.kind == "free_text":
            return None
        # "wacht, hij komt 4 keer te laat" is no new score.
        if not sure and (bare_no or last.kind in ("score", "date")) and len(text.split()) > _SHORT_CORRECTION:
            return None
        if step is not None and step.key != last.key and not sure and exact_button(step, message) is not None:
            return None
        return self._store({**state, "at": last.key}, last, other) if means_choice(last, other) else None
