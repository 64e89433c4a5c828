"""The one engine of the guided flows (DESIGN §3): which step is open, what an incoming message means there, what is said.

The core is pure: `Engine.start(context)`, `Engine.advance(state, message)` and `Engine.resume(state)` take and give plain JSON-able
state and know neither Rasa nor a database. `actions/flow_forms.py` puts the thin rasa_sdk classes on top.

State (a JSON object): `flow` name; `status` "open" | "paused" | "stopped" | "done"; `at` key of a step that was reopened by hand, or
null; `answers` {step key: value}; `skipped` [step keys]; `order` [step keys in the order in which the user gave them]; `pending` text
that is perhaps an answer; `problems` misses in a row on the open step; `prefilled` [step keys that were known beforehand];
`offered` texts that can be picked by number; `asked` "stop" after the question whether to stop, "coach" after the one whether a coach
should call; `parked` the state of a flow that waits for this one, or null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal, Protocol, overload

from rapidfuzz import fuzz

from actions.phrases import (
    AGAIN,
    BACK,
    CHANGE_INTO,
    CHANGES,
    CORRECTION,
    DOCUMENT,
    DONE,
    EXAMPLE,
    FINISH,
    GRUMBLE,
    HOW,
    MEANT,
    NO,
    PAUSE,
    PERHAPS_MEANT,
    PROGRESS,
    RECALLS,
    RESULT,
    SKIP,
    SKIP_STEP,
    STOP,
    WAIT,
    WHY,
    YES,
    asks,
    asks_at_end,
    is_question,
    number_of,
    plain,
    resumes_at_end,
    wants_coach,
    wants_resume,
)
from actions.subject import NO_SUBJECT
from nlu.topics import OUT_OF_SCOPE, WITHOUT_BEHAVIOUR
from steunwijzer.dutch_dates import Prefer, day_text, parse_day
from steunwijzer.masking import LABELS, mask
from steunwijzer.rewording import find_medical

Kind = Literal["free_text", "choice", "date", "score", "place", "contact", "consent"]
State = dict[str, Any]
Answers = Mapping[str, Any]

ASKS_FOR: dict[Kind, str] = {
    "free_text": "step_answer", "choice": "choice", "date": "date", "score": "step_answer", "place": "place", "contact": "contact",
    "consent": "consent",
}  # fmt: skip

PUBLIC_FLOWS = frozenset({"prevention", "werkafspraken", "checkin", "handoff", "callback"})
"""Names that the HTTP contract knows (DESIGN §5); another flow shows its steps without a name."""

_ABOUT_SOMEBODY = frozenset({"prevention", "werkafspraken", "checkin"})
_TELLS_SOMETHING = 3  # words
_OTHERWISE = "anders"  # a guess for what is none of the choices, which later words may still mend
QUESTION_CONFIDENCE = 0.45
"""A message shaped like a question is answered as one from this confidence of its topic on."""
ASIDE_CONFIDENCE = 0.3
"""The same at a step with choices, a day or the like: what is a question in so many words, is no answer there."""
STATEMENT_CONFIDENCE = 0.92
"""A message shaped like a statement leaves a free-text step only when its topic is at least this certain and is a command."""
BESIDE_CONFIDENCE = 0.75
"""What is no answer to a step with choices, a day or the like, nor worded as a question, is about its topic from this confidence on."""
COMMAND_CONFIDENCE = 0.7
"""Confidence from which a dialogue topic (stop, skip, yes, no) counts when the words themselves are in no list here."""
MAX_ANSWER = 600
"""Longest answer in characters that a step keeps."""

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


_START_TOPICS = {
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


_COACH_TOPIC = {"speak": "coach/spreken", "call": "coach/terugbellen"}
CALL_ME = "Ja, laat een coach mij bellen"

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

_KEEP = "Ja, bewaar dit als antwoord"
_WAS_QUESTION = "Nee, het was een vraag"
_OWN_WISH = re.compile(
    r"(?:(?:mag|kan|kun|kunt|wil|wilt|zou) (?:ik|je|jij|u|we|wij|iemand|er)\b|ik wil (?!dat\b|niet\b)"
    r"|ik zou (?:graag|wel)|graag\b|laat me|bel (?:me|mij|maar)"
    r"|geef me|verbind|spreek\b|start\b|doe maar)"
)
_ERASE = re.compile(r"\b(?:verwijder\w*|wis\w*|gooi\w*|delete\w*|vergeet|haal)\b.*\b(?:mijn|van (?:mij|me|ons)|over (?:mij|me|ons)|onze)\b")
_SIGN = re.compile(r"\b(?:zeg|roep|steek|leg|teken|hand|kaart|gebaar|woord|bord|knop|signaal)\w*")
# "ik bel terug" tells what the employer does.
_OWN_DEED = re.compile(r"(?:dan |die |dat )?(?:ik|we|wij) (?!wil|wou|zou|kan|kun|mag|moet|heb|zoek|praat liever|spreek liever)")
_SOME_DAY = re.compile(
    r"\b(?:snel|spoedig|gauw|direct|meteen|nu|dag|week|vandaag|morgen|overmorgen|(?:maan|dins|woens|donder|vrij|zater|zon)dag\w*)\b"
)
_CHOOSE = "Kies wat het beste past. Weet u het niet? Zeg dan 'weet ik niet'."
_SAME_LABEL = 80
"""How much the name that a user gives a step must be like its label, of 100."""
_SHORT_CORRECTION = 3
"""A bare 'nee, magazijn' corrects the last answer when it has at most so many words."""
_NO_WISH = re.compile(r"(?:er is |we hebben |ik heb |hij heeft |zij heeft |ze heeft |nog |er komt )*(?:geen|niet|nooit)\b")
_WISH_WORD = re.compile(r"\b(?:ik wil|ik zou|kan ik|mag ik|graag|liever|bel|spreek|spreken|terugbellen|verbind|geef me|laat)\b")


def is_yes(message: Message) -> bool:
    """Whether a message is a yes, by its words or, with confidence, by its topic."""
    return bool(YES.fullmatch(plain(message.text))) or (
        message.topic == "dialoog/ja" and message.confidence >= COMMAND_CONFIDENCE and not NO.match(plain(message.text))
    )


def is_no(message: Message) -> bool:
    """Whether a message is a no, by its words or, with confidence, by its topic."""
    return bool(NO.fullmatch(plain(message.text))) or (message.topic == "dialoog/nee" and message.confidence >= COMMAND_CONFIDENCE)


def gives_contact(message: Message) -> bool:
    """Whether a message holds a telephone number or an e-mail address, or the place where one was taken out."""
    given = message.metadata.get("contact") or {}
    masked = mask(message.text).text
    return bool(given.get("phone") or given.get("email")) or any(LABELS[kind] in masked for kind in ("phone", "email"))


def _short(message: Message, words: int) -> bool:
    return len(message.text.split()) <= words


def _says(message: Message, topic: str, words: int) -> bool:
    return message.topic == topic and message.confidence >= COMMAND_CONFIDENCE and _short(message, words)


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


# --- what a step accepts ----------------------------------------------------------------------------------------------------------


def match_button(step: Step, message: Message) -> Button | None:
    """The button that a message means: by its stored choice, its words, its number or place in the row, or nearly its words."""
    return exact_button(step, message) or _near_button(step, message)


def exact_button(step: Step, message: Message) -> Button | None:
    """The button that a message means by its stored choice, its words, or its number or place in the row."""
    for button in step.buttons:
        if message.choice is not None and button.choice is not None and button.choice == message.choice:
            return button
    said = plain(message.text).rstrip("?")
    for button in step.buttons:
        if said in (plain(button.payload).rstrip("?"), plain(button.title).rstrip("?")):
            return button
    number = re.fullmatch(r"(?:optie |nummer |nr\.? |keuze |de )?(\d)(?:e|de|ste)?", said)
    ordinals = {"eerste": 1, "tweede": 2, "derde": 3, "vierde": 4, "laatste": len(step.buttons)}
    place = int(number[1]) if number else ordinals.get(said.removeprefix("de "), 0)
    return step.buttons[place - 1] if 1 <= place <= len(step.buttons) else None


def _near_button(step: Step, message: Message) -> Button | None:
    said = plain(message.text).rstrip("?")
    # Nearly the words only where there are enough of them: "tja" is not "ja".
    words = [(plain(text), b) for b in step.buttons for text in dict.fromkeys((b.title, b.payload)) if len(plain(text)) > 3]
    if len(said) < 4 or not words:
        return None
    likeness: dict[int, float] = {}
    for text, b in words:
        likeness[id(b)] = max(likeness.get(id(b), 0.0), fuzz.WRatio(said, text))
    scored = sorted(((likeness[id(b)], b) for b in step.buttons if id(b) in likeness), key=lambda pair: -pair[0])
    best = scored[0]
    clear = len(scored) == 1 or best[0] - scored[1][0] >= 8
    return best[1] if best[0] >= 86 and clear and len(said.split()) <= 6 else None


def _by_first_word(step: Step, message: Message) -> Button | None:
    """The only button that begins with the same 'ja' or 'nee': 'nee alleen ik' means 'Nee, ik doe dit zelf'."""
    said = plain(message.text)
    first = "ja" if YES.fullmatch(said) or re.match(r"ja\b", said) else "nee" if NO.fullmatch(said) or re.match(r"nee\b", said) else None
    found = [b for b in step.buttons if first and re.match(rf"{first}\b", plain(b.title))]
    return found[0] if len(found) == 1 else None


def choice_value(step: Step) -> Validator:
    """A validator for a step of buttons: gives the choice of the button (or its payload)."""

    def validate(text: str, message: Message) -> Any:
        button = exact_button(step, message)
        heard = step.hears(text, message) if button is None and step.hears is not None else None
        if heard is not None:
            return heard
        button = button or _near_button(step, message) or _by_first_word(step, message)
        if button is not None:
            return button.choice if button.choice is not None else button.payload
        if len(step.buttons) == 2 and step.buttons[0].choice is True and step.buttons[1].choice is False:
            if is_yes(message):
                return True
            if is_no(message):
                return False
        return Problem("Kies een van de knoppen, of typ het nummer ervan.", step.buttons)

    return validate


def date_value(today: Callable[[], date], prefer: Prefer = "future", latest_days: int = 730, buttons: Sequence[Button] = ()) -> Validator:
    """A validator for a day: gives an ISO date; refuses a day on the wrong side of today or further than `latest_days` away."""

    def validate(text: str, message: Message) -> Any:
        now = today()
        if isinstance(message.choice, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", message.choice):
            return message.choice
        day = parse_day(text, now, prefer)
        if day is None:
            return Problem("Welke dag is dat? Typ bijvoorbeeld '14 december' of 'over twee weken'.", buttons)
        if prefer == "future" and day < now:
            return Problem(f"{day_text(day).capitalize()} is al geweest. Welke dag wordt het?", buttons)
        if prefer == "past" and day > now:
            return Problem(f"{day_text(day).capitalize()} moet nog komen. Welke dag was het?", buttons)
        if abs((day - now).days) > latest_days:
            return Problem(f"{day_text(day).capitalize()} ligt ver weg. Noem een dag die dichterbij ligt.", buttons)
        return day.isoformat()

    return validate


def text_value(text: str, message: Message) -> Any:
    """The default for a free-text step: the text itself, when it says something."""
    said = re.sub(r"[ \t]+", " ", text).strip()
    if len(re.findall(r"[^\W\d_]", said)) < 2 or YES.fullmatch(plain(said)) or NO.fullmatch(plain(said)):
        return Problem("Kunt u dat in een paar woorden zeggen? U kunt ook overslaan.", (Button("Overslaan", "Overslaan"),))
    if len(said) > MAX_ANSWER:
        return Problem(f"Dat is lang voor één antwoord. Zeg het in hooguit {MAX_ANSWER // 6} woorden.")
    return said


def _means_choice(step: Step, message: Message) -> bool:
    """Whether a text fits what a step asks for, more than that it takes any words."""
    if exact_button(step, message) is not None or (step.kind == "choice" and _near_button(step, message) is not None):
        return True
    if step.hears is not None and step.hears(message.text, message) is not None:
        return True
    return step.kind in ("date", "score") and step.validate is not None and not isinstance(step.validate(message.text, message), Problem)


def _picked(state: State, message: Message) -> Message:
    """The message as if its text had been typed, when it picks one of the texts offered last by number ('2', 'de tweede')."""
    offered: list[str] = state.get("offered") or []
    step = Step("offered", "", "choice", buttons=tuple(Button(text, text) for text in offered))
    button = match_button(step, message) if offered else None
    return replace(message, text=button.payload, topic=None, confidence=0.0) if button is not None else message


# --- the engine ---------------------------------------------------------------------------------------------------------------------


class Engine:
    """Leads one flow.

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
        message = _picked(state, message)
        return self._command(state, step, message) or self._in_between(state, step, message) or self._answer(state, step, message)

    # -- what ends or moves the flow

    def _crisis(self, state: State) -> Outcome:
        state["status"] = "paused"
        answer = self.lookup("grens/crisis")
        replies = (Reply(answer.text, extra={"topic": "grens/crisis", "flow": None, "step": None, "asks_for": None}),) if answer else ()
        return Outcome(replies, state, True, "crisis")

    def _stop(self, state: State) -> Outcome:
        """The end on request: answers that were given wait, as with a pause, for one word is easily said."""
        start = _START_TOPICS.get(self.flow.name)
        restart = (Button("Opnieuw beginnen", self.flow.title, {"topic": start, "afresh": True}),) if start else ()
        if not state["order"] or is_waiting(state.get("parked")):
            text = f"Goed, we stoppen. {self.nothing_done}U kunt gewoon verder vragen."
            return self._stopped(state, text, "dialoog/stop", (*restart, COACH))
        text = f"Goed, we stoppen. {self.nothing_done}Ik houd uw antwoorden vast. Zeg 'ga verder' als u door wilt. U kunt ook gewoon verder vragen."
        # a plain "toch wel" right after it goes on, too
        go_on = Button("Ga verder", "Ga verder", {"topic": start, "yes": True} if start else None)
        return self._set_aside(state, text, (go_on, *restart, COACH))

    def _set_aside(self, state: State, text: str, buttons: tuple[Button, ...]) -> Outcome:
        """The flow waits with its answers."""
        state["status"] = "paused"
        extra = {"flow": None, "step": None, "asks_for": None, "topic": "dialoog/stop"}
        return Outcome((Reply(text, buttons, extra),), state, True, "paused")

    def _stopped(self, state: State, text: str, topic: str, buttons: tuple[Button, ...] = ()) -> Outcome:
        """The end without a result: nothing of the answers is kept, a flow that waits for this one stays."""
        stopped = {**new_state(self.flow.name), "status": "stopped", "parked": state.get("parked")}
        extra = {"flow": None, "step": None, "asks_for": None, "topic": topic}
        return Outcome((Reply(text, buttons, extra),), stopped, True, "stopped")

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
        if said == plain(_WAS_QUESTION) and state.get("pending"):
            return self._ask(state, lead="Dan heb ik uw vraag niet goed begrepen. Stel hem gerust nog eens, in andere woorden.", again=True)
        if said == plain(_KEEP) and state.get("pending"):
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
        if STOP.fullmatch(said) or (_says(message, "dialoog/stop", 5) and not (step.kind == "free_text" and _SIGN.search(said))):
            return self._stop(state)
        if AGAIN.fullmatch(said) or _says(message, "dialoog/opnieuw", 5):
            known = {key: state["answers"][key] for key in state["prefilled"] if key in state["answers"]}
            fresh = new_state(self.flow.name, known, state.get("parked"))
            return self._ask(fresh, lead="We beginnen opnieuw.")
        return None

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
        if _by_first_word(step, message) is None and (
            SKIP.fullmatch(said) or (_says(message, "dialoog/weet_niet", 8) and " maar " not in f" {said} ")
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
        return is_no(message) and (_by_first_word(step, message) is None or bool(state.get("problems")))

    def _pause(self, state: State) -> Outcome:
        text = "Goed, we stoppen even. Ik houd uw antwoorden vast. Zeg 'ga verder' als u weer tijd hebt."
        return self._set_aside(state, text, (Button("Ga verder", "Ga verder"),))

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
        return self._store(state, step, other) if _means_choice(step, other) else None

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
        return self._store({**state, "at": last.key}, last, other) if _means_choice(last, other) else None

    def _skip(self, state: State, step: Step) -> Outcome:
        if not step.allow_skip:
            return self._ask(state, lead=step.why or "Deze vraag is nodig om verder te gaan. U kunt ook stoppen.", again=True)
        state["answers"].pop(step.key, None)
        if step.key not in state["skipped"]:
            state["skipped"].append(step.key)
        state["at"] = None
        state["problems"] = 0
        return self._ask(state, lead=step.skipped_text)

    # -- a question or another wish in the middle

    def _in_between(self, state: State, step: Step, message: Message) -> Outcome | None:
        topic, sure = message.topic, message.confidence
        if message.choice is not None or match_button(step, message) is not None:
            return None
        if topic in LEAVING_TOPICS and topic is not None and sure >= COMMAND_CONFIDENCE and self._is_wish(step, message):
            if topic == _START_TOPICS.get(self.flow.name):
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
            (Button("Mijn antwoord", _KEEP), Button("Een vraag", _WAS_QUESTION)),
        )

    @staticmethod
    def _accepts(step: Step, message: Message) -> bool:
        """Whether the step takes a message that is worded as a question; a step that is read elsewhere may, when it names a day or place."""
        if step.kind == "choice":
            return _means_choice(step, message)
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
        outspoken = message.confidence >= STATEMENT_CONFIDENCE and _short(message, 6) and bool(_WISH_WORD.search(said))
        return bool(_OWN_WISH.match(said)) or outspoken

    def _leave(self, state: State, topic: str) -> Outcome:
        state["status"] = "paused"
        text = f"We bewaren uw antwoorden. Eerst {LEAVING_TOPICS[topic]}. Zeg 'ga verder' om hier terug te komen."
        if topic == "bot/verwijderen":
            text = f"Eerst {LEAVING_TOPICS[topic]}. Wilt u toch niets verwijderen? Zeg dan 'ga verder' om hier terug te komen."
        return Outcome((Reply(text, extra={"flow": None, "step": None, "asks_for": None}),), state, True, "left", topic)

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

    @staticmethod
    def _echo(step: Step, value: Any, guessed: bool = False) -> str:
        """A read-back where the engine interpreted the words, so that a misreading is seen at once."""
        noted = f"Genoteerd: {step.shown(value)}." if step.kind in ("date", "score") else ""
        if guessed and any(button.choice == value for button in step.buttons):
            noted = f"Ik ga uit van: {step.shown(value)}. Klopt dat niet? Zeg dan 'terug'."
        return " ".join(part for part in (step.done_text, noted) if part)
