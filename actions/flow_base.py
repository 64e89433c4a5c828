"""What every part of the engine of the guided flows builds on: which step is open, and how it is asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from actions.flow import ASKS_FOR, PUBLIC_FLOWS, Button, Flow, Lookup, Message, Outcome, Reply, State, Step


class FlowBase(ABC):
    """The flow that is led, and where it stands.

    `lookup` gives the text of an answer for a question asked in between; `from_last` what the answer given before the flow holds about it.
    """

    nothing_done = ""
    """What did not happen when the flow is stopped, as a sentence with a space after it."""

    def __init__(self, flow: Flow, lookup: Lookup | None = None, from_last: Callable[[Message], str | None] | None = None) -> None:
        self.flow = flow
        self.lookup = lookup or (lambda topic: None)
        self.from_last = from_last or (lambda message: None)
        self._listed: tuple[dict[str, Any], list[Step]] | None = None

    # -- where are we

    def steps(self, state: State) -> list[Step]:
        """The flow's steps for the answers in `state`; made once for the same answers."""
        if self._listed is None or self._listed[0] != state["answers"]:
            self._listed = dict(state["answers"]), self.flow.steps(state["answers"])
        return self._listed[1]

    def _by_key(self, state: State) -> dict[str, Step]:
        return {step.key: step for step in self.steps(state)}

    def open_step(self, state: State) -> Step | None:
        """The step that waits for an answer, or None when all are answered."""
        steps = self.steps(state)
        for step in steps:
            if step.key == state.get("at"):
                return step
        for step in steps:
            if step.key not in state["answers"] and step.key not in state["skipped"]:
                return step
        return None

    def position(self, state: State) -> tuple[int, int]:
        """(number, of) of the open step, not counting what was known beforehand."""
        step = self.open_step(state)
        counted = [s.key for s in self.steps(state) if s.key not in state["prefilled"] or (step and s.key == step.key)]
        return (counted.index(step.key) + 1 if step else len(counted), len(counted))

    def _keys(self, state: State) -> dict[str, Any]:
        step = self.open_step(state)
        if step is None or state["status"] != "open":
            return {"flow": None, "step": None, "asks_for": None}
        number, of = self.position(state)
        name = self.flow.name if self.flow.name in PUBLIC_FLOWS else None
        keys = {"flow": name, "step": {"number": number, "of": of}, "asks_for": step.asks_for or ASKS_FOR[step.kind]}
        return {**keys, "of_other": True} if step.of_other else keys

    # -- what is said

    def question(self, state: State, lead: str = "", again: bool = False) -> Reply:
        """The open step as a reply: 'Stap 2 van 6. …', with its buttons and a way to skip."""
        step = self.open_step(state)
        if step is None:
            return Reply(lead, extra=self._keys(state))
        number, of = self.position(state)
        parts = [lead] if lead else []
        parts.append(f"**Stap {number} van {of}.** {self._text(step, state)}" if of > 1 else self._text(step, state))
        if step.details and not again:
            parts.append(step.details)
        known = state["answers"].get(step.key)
        if known is not None:
            parts.append(f"Nu staat er: {step.shown(known)}")
        return Reply("\n\n".join(parts), self._buttons(step, state), {**step.extra, **self._keys(state)})

    def _text(self, step: Step, state: State) -> str:
        return step.text(state["answers"])

    def _buttons(self, step: Step, state: State) -> tuple[Button, ...]:
        buttons = list(step.buttons)
        if state["answers"].get(step.key) is not None:
            buttons.append(Button("Zo laten", "Zo laten"))
        if step.allow_skip:
            buttons.append(Button("Weet ik niet", "Weet ik niet"))
        return tuple(buttons)

    def _ask(self, state: State, *before: Reply, lead: str = "", again: bool = False) -> Outcome:
        state["pending"], state["offered"], state["asked"] = None, [], None
        if self.open_step(state) is None:
            state["status"] = "done"
            return Outcome((*before, *((Reply(lead, extra=self._keys(state)),) if lead else ())), state, True, "done")
        return Outcome((*before, self.question(state, lead, again)), state, False)

    def _say(self, state: State, text: str, buttons: Sequence[Button] = (), extra: Mapping[str, Any] | None = None) -> Outcome:
        return Outcome((Reply(text, tuple(buttons), {**(extra or {}), **self._keys(state)}),), state, False)

    @abstractmethod
    def _store(self, state: State, step: Step, message: Message) -> Outcome:
        """Keeps what a message says as the answer to a step, or says why it is none."""
