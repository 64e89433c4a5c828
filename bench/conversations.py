"""How often a message in the middle of a conversation is taken for the right topic: alone, and read in its conversation.

    .venv/bin/python -m bench.conversations           # message by message, each after the right answer to those before it
    .venv/bin/python -m bench.conversations --whole   # how often the assistant as a whole answers on a right topic, first messages included

Each line of ``bench/conversations_a.jsonl`` and ``_b.jsonl`` is a conversation of writers whose conversations nobody trains on; the two files are by
different writers. ``accept`` lists the topics whose answer is right for who knows the whole conversation, best first.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.bot import Bot, newest_model
from nlu.conversation_examples import Said, Turn, turns_of
from nlu.in_conversation import Before, ConversationModel, Ranking, added_up, before_answer
from steunwijzer.evaluation import interval, wilson
from steunwijzer.settings import get_settings

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Read:
    """A later message, its readings, and the answer before it."""

    turn: Turn
    readings: tuple[Ranking, ...]
    before: Before

    def right_alone(self) -> bool:
        """Whether the message alone, a follow-up looked up, is about a right topic."""
        shares = added_up(self.readings[0], self.before)
        return max(shares, key=lambda topic: shares[topic], default=None) in self.turn.right

    def right(self, rank: Callable[[str, Sequence[Ranking], Before], Ranking]) -> bool:
        """Whether a way of reading it in its conversation finds a right topic."""
        ranking = rank(self.turn.text, self.readings, self.before)
        return bool(ranking) and ranking[0][0] in self.turn.right


def read_turns(path: Path, bot: Bot) -> Iterator[Read]:
    """The later messages of the conversations in a file, each after the right answer to the messages before it."""
    for line in path.open(encoding="utf-8"):
        told = [Said(turn["text"], tuple(turn["accept"])) for turn in json.loads(line)["turns"]]
        for turn in turns_of(told):
            yield Read(turn, tuple(bot.rank_now(text) for text in turn.readings), before_answer(turn.last_topic, turn.earlier))


async def _answered(path: Path, bot: Bot) -> list[bool]:
    """Whether the assistant answered each message of the conversations in a file on a right topic."""
    from connectors.router import Router

    router = Router(bot)
    right: list[bool] = []
    for line in path.open(encoding="utf-8"):
        conversation, _, _ = await router.start()
        for turn in json.loads(line)["turns"]:
            handled = await router.handle(conversation.id, turn["text"])
            right.append(handled.state["topic"] in turn["accept"])
    return right


def whole() -> None:
    """Let the assistant answer all conversations, in a database of its own."""
    from connectors.trackers import LiveTrackerStore
    from steunwijzer.db import migrate

    with tempfile.TemporaryDirectory() as folder:
        os.environ["STEUNWIJZER_DATABASE"] = f"sqlite:///{folder}/talk.db"
        get_settings.cache_clear()
        migrate()
        bot = Bot(newest_model(HERE.parent / "models"), tracker_store=LiveTrackerStore())
        right = [one for name in "ab" for one in asyncio.run(_answered(HERE / f"conversations_{name}.jsonl", bot))]
        print(f"answered on a right topic {interval(wilson(sum(right), len(right)))}")
        bot.close()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--whole", action="store_true")
    if parser.parse_args().whole:
        whole()
        return
    bot = Bot(newest_model(HERE.parent / "models"))
    turns = [turn for name in "ab" for turn in read_turns(HERE / f"conversations_{name}.jsonl", bot)]
    thumb = ConversationModel()
    for name, right in (
        ("alone", [turn.right_alone() for turn in turns]),
        ("by rules of thumb", [turn.right(lambda text, readings, before: thumb.rank(text, None, readings, before)) for turn in turns]),
        ("in its conversation", [turn.right(bot.reread) for turn in turns]),
    ):
        print(f"{name:25} {interval(wilson(sum(right), len(right)))}")
    bot.close()


if __name__ == "__main__":
    main()
