"""The graph without Dask does what Dask does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

from connectors.bot import Bot, newest_model
from connectors.graph_runner import DirectRunner
from steunwijzer.settings import PROJECT_ROOT

TALK = ["goedemorgen", "mijn medewerker durft niets te vragen", "en als hij boos wordt?", "wat is een no-riskpolis", "ik wil een mens spreken"]


@pytest.fixture(scope="module")
def bot() -> Iterator[Bot]:
    made = Bot(newest_model(PROJECT_ROOT / "models"))
    yield made
    made.close()


def test_a_talk_goes_the_same_way(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    async def talk(who: str) -> list[tuple[list[dict[str, Any]], dict[str, Any]]]:
        replies = [await bot.reply(who, text) for text in TALK]
        return [(reply.messages, reply.state) for reply in replies]

    ours = asyncio.run(talk("zonder dask"))
    with monkeypatch.context() as patch:
        patch.setattr(DirectRunner, "run", DaskGraphRunner.run)
        assert asyncio.run(talk("met dask")) == ours


def test_what_is_missing_is_an_error(bot: Bot) -> None:
    processor = bot._agent.processor
    assert type(processor.graph_runner) is DirectRunner
    with pytest.raises(GraphRunError, match="Missing input"):
        processor.graph_runner.run(inputs={}, targets=[processor.model_metadata.nlu_target])
