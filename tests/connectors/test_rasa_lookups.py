"""Looking rules and events up gives what Rasa finds by going through all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import State
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from connectors import rasa_lookups
from connectors.bot import Bot, newest_model
from steunwijzer.settings import PROJECT_ROOT

TALK = [
    "goedemorgen",
    "mijn medewerker durft niets te vragen",
    "en als hij boos wordt?",
    "ik wil het stappenplan preventie doorlopen",
    "Jan schuift alles voor zich uit",
    "wat is een no-riskpolis",
    "stop maar",
    "ik wil een mens spreken",
    "Assen",
    "blblbl",
]


@pytest.fixture(scope="module")
def bot() -> Iterator[Bot]:
    made = Bot(newest_model(PROJECT_ROOT / "models"))
    yield made
    made.close()


def test_the_same_rules_fit(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[int] = []

    def both(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
        quick = rasa_lookups.possible_keys(self, lookup, states)
        assert quick == rasa_lookups._ask_all(self, lookup, states)
        found.append(len(quick))
        return quick

    monkeypatch.setattr(RulePolicy, "_get_possible_keys", both)

    async def talk() -> None:
        for text in TALK:
            await bot.reply("rules", text)

    asyncio.run(talk())
    assert len(found) > 2 * len(TALK) and any(found) and not all(found)


def test_the_same_events_count(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    lengths: list[int] = []

    def both(self: DialogueStateTracker) -> list[Event]:
        quick = rasa_lookups.applied_events(self)
        every = rasa_lookups._go_through_all(self)
        assert len(quick) == len(every) and all(one is other for one, other in zip(quick, every, strict=True))
        lengths.append(len(every))
        return quick

    monkeypatch.setattr(DialogueStateTracker, "applied_events", both)

    async def talk() -> None:
        for text in [*TALK, *TALK]:
            await bot.reply("events", text)

    asyncio.run(talk())
    assert len(lengths) > 4 * len(TALK) and max(lengths) > 40


_KINDS = [
    lambda: ActionExecuted("form_a"),
    lambda: ActionExecuted("form_b"),
    lambda: ActionExecuted("action_listen"),
    lambda: ActionExecuted("utter_other"),
    lambda: ActiveLoop("form_a"),
    lambda: ActiveLoop("form_b"),
    lambda: ActiveLoop(None),
    lambda: ActionExecutionRejected("form_a"),
    lambda: SlotSet("x", 1),
    lambda: UserUttered("ja"),
    lambda: UserUtteranceReverted(),
    lambda: ActionReverted(),
    lambda: SessionStarted(),
    lambda: Restarted(),
]


@given(st.lists(st.tuples(st.sampled_from(_KINDS), st.booleans()), max_size=60))
def test_the_same_events_count_whatever_comes(steps: list[tuple[Callable[[], Event], bool]]) -> None:
    tracker = DialogueStateTracker("x", [])
    for make, asked in steps:
        tracker.events.append(make())
        if asked:
            assert [id(e) for e in rasa_lookups.applied_events(tracker)] == [id(e) for e in rasa_lookups._go_through_all(tracker)]
    tracker.events = tracker._create_events(list(tracker.events)[: len(steps) // 2])
    assert [id(e) for e in rasa_lookups.applied_events(tracker)] == [id(e) for e in rasa_lookups._go_through_all(tracker)]


def test_the_same_kinds_of_event(bot: Bot) -> None:
    for kind in all_subclasses(Event):
        first = next(each for each in all_subclasses(Event) if each.type_name == kind.type_name)
        assert Event.resolve_by_type(kind.type_name) is first
    assert Event.resolve_by_type("slot") is SlotSet
    with pytest.raises(ValueError, match="nonsense"):
        Event.resolve_by_type("nonsense")
