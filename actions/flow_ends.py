"""How a guided flow ends before its last step: a stop, a pause, a finish with what there is, a crisis."""

from __future__ import annotations

import re

from actions.flow import COACH, START_TOPICS, Button, Message, Outcome, Reply, State, Step, is_waiting, new_state
from actions.flow_base import FlowBase
from actions.flow_values import match_button, says
from actions.phrases import AGAIN, DONE, FINISH, PAUSE, STOP, plain

_SIGN = re.compile(r"\b(?:zeg|roep|steek|leg|teken|hand|kaart|gebaar|woord|bord|knop|signaal)\w*")


class Ends(FlowBase):
    """The part of the engine that ends the flow, or begins it again."""

    def _ended(self, state: State, step: Step, message: Message) -> Outcome | None:
        """Stop, a pause, 'ik ben klaar', from the start again."""
        said = plain(message.text)
        if PAUSE.fullmatch(said):
            return self._pause(state)
        if FINISH.fullmatch(said) and match_button(step, message) is None:
            return self._finish_now(state, step)
        if DONE.fullmatch(said):
            return None if step.closes else self._done_already(state, step)
        # "even stop zeggen" is an answer to which sign you agree on.
        if STOP.fullmatch(said) or (says(message, "dialoog/stop", 5) and not (step.kind == "free_text" and _SIGN.search(said))):
            return self._stop(state)
        if AGAIN.fullmatch(said) or says(message, "dialoog/opnieuw", 5):
            known = {key: state["answers"][key] for key in state["prefilled"] if key in state["answers"]}
            fresh = new_state(self.flow.name, known, state.get("parked"))
            return self._ask(fresh, lead="We beginnen opnieuw.")
        return None

    def _stop(self, state: State) -> Outcome:
        """The end on request: answers that were given wait, as with a pause, for one word is easily said."""
        start = START_TOPICS.get(self.flow.name)
        restart = (Button("Opnieuw beginnen", self.flow.title, {"topic": start, "afresh": True}),) if start else ()
        if not state["order"] or is_waiting(state.get("parked")):
            text = f"Goed, we stoppen. {self.nothing_done}U kunt gewoon verder vragen."
            return self._stopped(state, text, "dialoog/stop", (*restart, COACH))
        text = f"Goed, we stoppen. {self.nothing_done}Ik houd uw antwoorden vast. Zeg 'ga verder' als u door wilt. U kunt ook gewoon verder vragen."
        # a plain "toch wel" right after it goes on, too
        go_on = Button("Ga verder", "Ga verder", {"topic": start, "yes": True} if start else None)
        return self._set_aside(state, text, (go_on, *restart, COACH))

    def _stopped(self, state: State, text: str, topic: str, buttons: tuple[Button, ...] = ()) -> Outcome:
        """The end without a result: nothing of the answers is kept, a flow that waits for this one stays."""
        stopped = {**new_state(self.flow.name), "status": "stopped", "parked": state.get("parked")}
        extra = {"flow": None, "step": None, "asks_for": None, "topic": topic}
        return Outcome((Reply(text, buttons, extra),), stopped, True, "stopped")

    def _pause(self, state: State) -> Outcome:
        text = "Goed, we stoppen even. Ik houd uw antwoorden vast. Zeg 'ga verder' als u weer tijd hebt."
        return self._set_aside(state, text, (Button("Ga verder", "Ga verder"),))

    def _set_aside(self, state: State, text: str, buttons: tuple[Button, ...]) -> Outcome:
        """The flow waits with its answers."""
        state["status"] = "paused"
        extra = {"flow": None, "step": None, "asks_for": None, "topic": "dialoog/stop"}
        return Outcome((Reply(text, buttons, extra),), state, True, "paused")

    def _done_already(self, state: State, step: Step) -> Outcome:
        """'Klaar' before the end: perhaps a wish to stop, perhaps only a word about this question; nothing is thrown away unasked."""
        if step.kind == "consent":
            return self._ask(state, lead="Bijna klaar. Dit moet ik nog van u weten.", again=True)
        number, of = self.position(state)
        left = of - number + 1
        more = f"Er zijn nog {left} vragen" if left > 1 else "Er is nog één vraag"
        state["asked"] = "stop"
        text = f"{more}. Wilt u stoppen? Verder mag ook; vragen overslaan kan. Of zeg 'maak maar af', dan doe ik het met wat er is."
        return self._say(state, text, (Button("Stoppen", "Stoppen"), Button("Verder", "Verder"), Button("Maak maar af", "Maak maar af")))

    def _finish_now(self, state: State, step: Step) -> Outcome:
        """The paper with what there is: the rest is skipped, except where the user has to agree to something."""
        opened, state["at"] = step.key, None
        left: Step | None
        while (left := self.open_step(state)) is not None:
            if left.closes:
                state["answers"][left.key] = left.buttons[0].choice
            elif left.allow_skip and (left.kind != "consent" or left.key == opened):
                state["skipped"] = [*state["skipped"], left.key]
            else:
                return self._ask(state, lead="Goed. Dit moet ik nog van u weten.", again=True)
        return self._ask(state)

    def _crisis(self, state: State) -> Outcome:
        state["status"] = "paused"
        answer = self.lookup("grens/crisis")
        replies = (Reply(answer.text, extra={"topic": "grens/crisis", "flow": None, "step": None, "asks_for": None}),) if answer else ()
        return Outcome(replies, state, True, "crisis")
