"""What a guided flow consists of (DESIGN §3): its steps and buttons, what comes in, what is said, and the state it is in.

What a step accepts stands in `actions/flow_values.py`, the engine that leads a flow in `actions/flow_engine.py`.

State (a JSON object): `flow` name; `status` "open" | "paused" | "stopped" | "done"; `at` key of a step that was reopened by hand, or
null; `answers` {step key: value}; `skipped` [step keys]; `order` [step keys in the order in which the user gave them]; `pending` text
that is perhaps an answer; `problems` misses in a row on the open step; `prefilled` [step keys that were known beforehand];
`offered` texts that can be picked by number; `asked` "stop" after the question whether to stop, "coach" after the one whether a coach
should call; `parked` the state of a flow that waits for this one, or null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Literal, Protocol, overload

from steunwijzer.dutch_dates import day_text

Kind = Literal["free_text", "choice", "date", "score", "place", "contact", "consent"]
State = dict[str, Any]
Answers = Mapping[str, Any]

ASKS_FOR: dict[Kind, str] = {
    "free_text": "step_answer", "choice": "choice", "date": "date", "score": "step_answer", "place": "place", "contact": "contact",
    "consent": "consent",
}  # fmt: skip

PUBLIC_FLOWS = frozenset({"prevention", "werkafspraken", "checkin", "handoff", "callback"})
"""Names that the HTTP contract knows (DESIGN §5); another flow shows its steps without a name."""

LEAVING_TOPICS: dict[str, str] = {
    "coach/spreken": "een gesprek met een coach",
    "coach/terugbellen": "een terugbelverzoek",
    "preventie/stappenplan": "de stappen voor preventie",
    "werkafspraken/opstellen": "de werkafspraken",
    "opvolging/checkin": "de check-in",
    "bot/verwijderen": "het verwijderen van uw gegevens",
    "coach/mijn_aanvragen": "uw aanvragen",
}
"""Topics that start something else; the open flow is parked for them and offered again afterwards."""

START_TOPICS = {
    "prevention": "preventie/stappenplan",
    "werkafspraken": "werkafspraken/opstellen",
    "checkin": "opvolging/checkin",
    "handoff": "coach/spreken",
    "callback": "coach/terugbellen",
}


@dataclass(frozen=True)
class Button:
    """A choice under a reply; `payload` is plain Dutch that the user could have typed, `choice` any JSON the server keeps with it."""

    title: str
    payload: str
    choice: Any = None

    def as_dict(self) -> dict[str, Any]:
        """The button as `dispatcher.utter_message` takes it."""
        button: dict[str, Any] = {"title": self.title, "payload": self.payload}
        if self.choice is not None:
            button["choice"] = self.choice
        return button


COACH = Button("Spreek een coach", "Ik wil een coach spreken", {"topic": "coach/spreken"})
"""To a coach, from anywhere."""


class Later(Sequence[Button]):
    """Buttons that are made when somebody looks at them: a step that is not open costs nothing."""

    def __init__(self, make: Callable[[], Sequence[Button]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> tuple[Button, ...]:
        return tuple(self._make())

    def __len__(self) -> int:
        return len(self._made)

    @overload
    def __getitem__(self, index: int) -> Button: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Button]: ...
    def __getitem__(self, index: int | slice) -> Button | Sequence[Button]:
        return self._made[index]


@dataclass(frozen=True)
class Reply:
    """One thing to say: text, buttons, and extra keys that travel to the website as they are (`card`, `files`, `topic`, …)."""

    text: str
    buttons: tuple[Button, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Message:
    """An incoming message as the engine sees it.

    `topic` and `confidence` come from the understanding model, `entities` are its dicts (entity, value, start, end), `choice` is the
    JSON behind a pressed button, `crisis` is true when safety is at stake; `metadata` is what the server sent along.
    """

    text: str
    topic: str | None = None
    confidence: float = 0.0
    entities: tuple[Mapping[str, Any], ...] = ()
    choice: Any = None
    crisis: bool = False
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def entity(self, name: str) -> Any:
        """The value of the first entity called `name`, or None."""
        return next((e.get("value") for e in self.entities if e.get("entity") == name), None)


@dataclass(frozen=True)
class Problem:
    """Why a text is no answer to the step, in Dutch, and what to press or say instead. Nothing is stored.

    ``understood``: the step knows what the words mean, so no other subject is looked for in them.
    """

    text: str
    buttons: Sequence[Button] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    understood: bool = False


Validator = Callable[[str, Message], Any]
"""`validate(text, message)` gives the value to store (any JSON value but None) or a `Problem`."""


@dataclass(frozen=True)
class Step:
    """One question of a flow.

    `question` is a text or a function of the answers so far. `why`, `how` and `example` are shown when the user asks for them ("waarom",
    "hoe dan", "voorbeeld"); `label` names the step in corrections ("wijzig de datum").
    `may_be_question` marks a free-text step whose honest answer can look like a question (a sentence to say out loud).
    `details` stands under the question the first time, `done_text` is said when the step is answered.
    `buttons` that cost something to work out come as `Later`.
    `no_is_answer` lets a bare "nee" or "ja" be the answer of a free-text step.
    `of_other`: the contact data that it asks for are not the visitor's own.
    `hears` reads one of the choices in other words ("ze komt uit de bijstand") and gives its value, or None.
    `keeps_words`: words that led to a choice, without being a button's, are kept in the answers under `<key>_words`.
    `closes`: the last look at the whole, where "klaar" means yes. `skipped_text` is said when the step is skipped.
    """

    key: str
    question: str | Callable[[Answers], str]
    kind: Kind = "free_text"
    label: str = ""
    details: str = ""
    done_text: str = ""
    why: str = ""
    how: str = ""
    example: str = ""
    buttons: Sequence[Button] = ()
    validate: Validator | None = None
    allow_skip: bool = True
    asks_for: str | None = None
    may_be_question: bool = False
    no_is_answer: bool = False
    of_other: bool = False
    hears: Validator | None = None
    keeps_words: bool = False
    closes: bool = False
    skipped_text: str = "Dat slaan we over."
    show: Callable[[Any], str] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def text(self, answers: Answers) -> str:
        """The question for these answers."""
        return self.question(answers) if callable(self.question) else self.question

    def shown(self, value: Any) -> str:
        """A stored value in words."""
        if self.show is not None:
            return self.show(value)
        if self.kind == "date" and isinstance(value, str):
            return day_text(date.fromisoformat(value))
        for button in self.buttons:
            if button.choice is not None and button.choice == value:
                return button.title
        return str(value)


class Flow(Protocol):
    """A guided flow. `name` is the flow's name in the contract (`prevention`, `werkafspraken`, `checkin`, `handoff`, `callback`)."""

    name: str
    title: str

    def steps(self, answers: Answers) -> list[Step]:
        """The steps for these answers, in order; answered steps must stay in the list as long as they apply."""

    def prefill(self, context: Mapping[str, Any]) -> dict[str, Any]:
        """Answers that are known already, from the conversation (`behaviour`, `region`, …)."""

    def opening(self, answers: Answers) -> str:
        """What is said before the first question."""


@dataclass(frozen=True)
class Outcome:
    """What a message leads to: what to say, the new state, and how the flow ended (`ended` is None while it is open).

    `ended` is "done" (all steps answered: call the flow's finish), "stopped", "paused", "crisis" or "left"; with "left", `leave_to` is the
    topic that the user asked for instead.
    """

    messages: tuple[Reply, ...]
    state: State
    done: bool
    ended: Literal["done", "stopped", "paused", "crisis", "left"] | None = None
    leave_to: str | None = None


class AnswerText(Protocol):
    """The part of `steunwijzer.answers.Answer` that the engine needs."""

    text: str
    sources: Sequence[Any]


Lookup = Callable[[str], Any]
"""`lookup(topic)` gives an object with `text` (and `sources`) or None."""


def new_state(flow: str, prefilled: Mapping[str, Any] | None = None, parked: State | None = None) -> State:
    """A fresh, open state of a flow."""
    known = dict(prefilled or {})
    return {
        "flow": flow,
        "status": "open",
        "at": None,
        "answers": known,
        "skipped": [],
        "order": [],
        "pending": None,
        "asked": None,
        "problems": 0,
        "offered": [],
        "prefilled": sorted(known),
        "parked": {**parked, "parked": None, "status": "paused"} if parked is not None else None,
    }


def is_waiting(state: Any) -> bool:
    """Whether `state` is that of a flow that can be taken up again."""
    return isinstance(state, dict) and state.get("status") in ("open", "paused") and isinstance(state.get("answers"), dict)
