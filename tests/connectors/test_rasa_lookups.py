"""Looking rules and events up gives what Rasa finds by asking all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.domain import State
from rasa.shared.core.events import Event, SlotSet
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


def test_the_same_kinds_of_event(bot: Bot) -> None:
    for kind in all_subclasses(Event):
        first = next(each for each in all_subclasses(Event) if each.type_name == kind.type_name)
        assert Event.resolve_by_type(kind.type_name) is first
    assert Event.resolve_by_type("slot") is SlotSet
    with pytest.raises(ValueError, match="nonsense"):
        Event.resolve_by_type("nonsense")
