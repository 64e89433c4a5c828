"""How often a message in the middle of a conversation is taken for the right topic: alone, and read in its conversation.

    .venv/bin/python -m bench.conversations           # measures, each half with weights fitted on the other half
    .venv/bin/python -m bench.conversations --fit     # also fits the weights of nlu/in_conversation.py on both, and prints them
    .venv/bin/python -m bench.conversations --whole   # how often the assistant as a whole answers on a right topic, first messages included

Each line of ``bench/conversations_a.jsonl`` and ``_b.jsonl`` is a conversation; the halves are by different writers. ``accept`` lists the topics
whose answer is right for who knows the whole conversation, best first.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from connectors.bot import Bot, newest_model
from connectors.in_conversation import EARLIER, before_answer
from nlu.in_conversation import WEIGHTS, Before, Ranking, length_class, reread
from steunwijzer.evaluation import interval, wilson
from steunwijzer.settings import get_settings

HERE = Path(__file__).parent
_NO_SUBJECT = ("dialoog/", "bot/", "grens/")
_LEAST = 1e-3
_SHRINK = 0.02


@dataclass(frozen=True)
class Turn:
    """A later message of a conversation: its three readings, the answer before it, and the topics that would be right."""

    text: str
    alone: Ranking
    after_last: Ranking
    after_first: Ranking
    before: Before
    accept: Sequence[str]

    def read(self, weights: Mapping[str, tuple[float, float, float]]) -> list[tuple[str, float]]:
        """The topics as :func:`nlu.in_conversation.reread` ranks them."""
        return reread(self.text, self.alone, self.after_last, self.after_first, before=self.before, weights=weights)


def turns_of(path: Path, bot: Bot) -> Iterator[Turn]:
    """The later messages of the conversations in a file, each after the right answer to the messages before it."""
    for line in path.open(encoding="utf-8"):
        told = json.loads(line)["turns"]
        last: str | None = None
        for place, (earlier, turn) in enumerate(pairwise(told), 1):
            right = str(earlier["accept"][0])
            last = last if right.startswith(_NO_SUBJECT) else right
            if last is None:
                continue
            text = str(turn["text"])
            first = str(told[max(0, place - EARLIER)]["text"])
            read = [bot.rank_now(one) for one in (text, f"{earlier['text']} {text}", f"{first} {text}")]
            yield Turn(text, read[0], read[1], read[2], before_answer(last), turn["accept"])


def share_right(turns: Sequence[Turn], weights: Mapping[str, tuple[float, float, float]] | None) -> tuple[int, int]:
    """How many messages get a right topic, of how many; ``weights`` None: from the message alone, its follow-ups resolved."""
    alone = {name: (0.0, 0.0, 0.0) for name in WEIGHTS}
    ranked = [turn.read(alone if weights is None else weights) for turn in turns]
    return sum(1 for turn, ranking in zip(turns, ranked, strict=True) if ranking and ranking[0][0] in turn.accept), len(turns)


def fitted(turns: Sequence[Turn]) -> dict[str, tuple[float, float, float]]:
    """The weights under which the right topics are likeliest, kept small."""
    from scipy.optimize import minimize

    names = list(WEIGHTS)
    found = np.zeros((len(names), 3))
    for column in range(3):
        some = [turn for turn in turns if length_class(turn.text) == column]

        def loss(values: npt.NDArray[np.float64], column: int = column, some: Sequence[Turn] = some) -> float:
            weights = {name: (float(value),) * 3 for name, value in zip(names, values, strict=True)}
            told = [sum(share for topic, share in turn.read(weights) if topic in turn.accept) for turn in some]
            return float(-np.log(np.array(told) + _LEAST).mean() + _SHRINK * np.square(values).mean())

        found[:, column] = minimize(loss, np.zeros(len(names)), method="L-BFGS-B", options={"maxiter": 40}).x
    return {name: tuple(round(float(value), 1) for value in row) for name, row in zip(names, found, strict=True)}  # type: ignore[misc]


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
    """Measure, or fit and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--whole", action="store_true")
    wanted = parser.parse_args()
    if wanted.whole:
        whole()
        return
    bot = Bot(newest_model(HERE.parent / "models"))
    halves = [list(turns_of(HERE / f"conversations_{name}.jsonl", bot)) for name in "ab"]
    both = [*halves[0], *halves[1]]
    alone = share_right(both, None)
    read = np.sum([share_right(half, fitted(other)) for half, other in (halves, halves[::-1])], axis=0)
    for name, counted in (("alone", alone), ("in its conversation", read), ("the same, weights in use", share_right(both, WEIGHTS))):
        print(f"{name:25} {interval(wilson(int(counted[0]), int(counted[1])))}")
    if wanted.fit:
        print("\n".join(f'    "{name}": {values},' for name, values in fitted(both).items()))
    bot.close()


if __name__ == "__main__":
    main()
