"""The trained Rasa model in this process: its own thread and event loop, the actions beside it.

Rasa classifies on the CPU and blocks its event loop while it does. Forty messages at once stalled a loop that was shared with the web server for
2.3 seconds; with an own thread the server keeps answering within 16 milliseconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import logging
import re
import threading
import time
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import structlog

from connectors import lean
from nlu.in_conversation import Before, Ranking
from nlu.parts import parts
from nlu.topics import ranking_of

T = TypeVar("T")
logger = logging.getLogger(__name__)

_MOMENT, _MOMENT_FORMAT = re.compile(r"\d{8}-\d{6}"), "%Y%m%d-%H%M%S"


class ModelError(RuntimeError):
    """There is no model that can be used; the text says what to do (Dutch)."""


def trained_models(folder: Path) -> list[Path]:
    """The models, oldest first: by the moment that Rasa writes in front of a name, as copying files gives them new times; else by the file's time."""
    return sorted(folder.glob("*.tar.gz"), key=_trained)


def newest_model(folder: Path) -> Path:
    """The model trained last.

    Raises:
        ModelError: when the folder holds none.
    """
    models = trained_models(folder)
    if not models:
        raise ModelError(f"In {folder} staat geen getraind model. Draai eerst 'make train'.")
    return models[-1]


def _trained(model: Path) -> tuple[str, float]:
    named, written = _MOMENT.match(model.name), model.stat().st_mtime
    return (named.group() if named else time.strftime(_MOMENT_FORMAT, time.localtime(written)), written)


def quiet_rasa() -> None:
    """Rasa 3.6 logs every message with its text at debug level through structlog unless told otherwise."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for name in ("rasa", "rasa_sdk", "apscheduler", "matplotlib"):
        logging.getLogger(name).setLevel(logging.WARNING)


_ARENA_MAX = -8  # glibc's M_ARENA_MAX


def _one_heap() -> None:
    """Threads of this process share one heap: one for each, as glibc gives them, holds on to 20 MB and is of no use beside Python's lock."""
    option = getattr(ctypes.CDLL(None), "mallopt", None)
    if option is not None:
        option(_ARENA_MAX, 1)


def _give_back_memory() -> None:
    """What loading a model needed for a moment goes back to the system; glibc would keep 40 MB of it for itself."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
    # what is loaded stays: looking through it for rubbish made somebody wait 0.1 s every hundred messages
    gc.freeze()


@dataclass(frozen=True)
class Reply:
    """One turn: messages as stored payloads, the state they set, and how the visitor's message was understood."""

    messages: list[dict[str, Any]]
    state: dict[str, Any]
    parse: dict[str, Any]
    flow: dict[str, Any] | None
    end: str | None = None


def kept_as(text: str, parsed: Mapping[str, Any]) -> dict[str, Any]:
    """How another text was understood, for the ``text`` that is kept instead: without the contact data that were in the other one."""
    return {**parsed, "text": text, "entities": [e for e in parsed["entities"] if e["entity"] not in ("phone", "email")]}


class Bot:
    """A loaded agent. Calls are thread-safe; the caller keeps the order of messages within a conversation."""

    def __init__(self, model: Path, *, tracker_store: Any = None, lock_store: Any = None) -> None:
        self.model = model
        _one_heap()
        self._stores = (tracker_store, lock_store)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="rasa", daemon=True)
        self._thread.start()
        # One at a time: two would only take the core of Rasa's thread.
        self._encoding = ThreadPoolExecutor(1, "encoder")
        self._agent: Any = self._wait(self._load(model))

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _load(self, model: Path) -> Any:
        lean.prepare()
        from rasa.core import processor
        from rasa.core.agent import Agent

        from actions.nlg import AnswerBank
        from connectors import rasa_lookups
        from connectors.graph_runner import DirectRunner
        from connectors.local_actions import LocalActions

        quiet_rasa()
        processor.DaskGraphRunner = DirectRunner
        rasa_lookups.install()
        tracker_store, lock_store = self._stores
        agent = Agent(generator=AnswerBank(), action_endpoint=LocalActions(), tracker_store=tracker_store, lock_store=lock_store)
        try:
            agent.load_model(str(model))
        except Exception as problem:
            raise ModelError(f"Model {model.name} kan niet worden geladen: {problem}. Draai 'make train'.") from problem
        if not agent.is_ready():
            raise ModelError(f"Model {model.name} is niet bruikbaar. Draai 'make train'.")
        from nlu.sentence_encoder import encoder

        encoder()
        _give_back_memory()
        return agent

    def reload(self, model: Path) -> None:
        """Take a newer model; conversations go on, for the tracker store stays.

        Raises:
            ModelError: when the new model cannot be used; the old one then stays.
        """
        fresh = self._wait(self._load(model))
        fresh.tracker_store = self._agent.tracker_store
        fresh.processor.tracker_store = self._agent.tracker_store
        fresh.lock_store = self._agent.lock_store
        fresh.processor.lock_store = self._agent.lock_store
        self._agent, self.model = fresh, model
        gc.unfreeze()
        gc.collect()  # the old model
        _give_back_memory()

    async def parse(self, text: str, conversation: str | None = None) -> dict[str, Any]:
        """How a text is understood, as the next message of a ``conversation`` or without one."""
        await self._encode([text, *parts(text)])
        if conversation is not None:
            return await self._elsewhere(self._understand(self._agent, conversation, text, text))
        return await self._elsewhere(self._agent.parse_message(text))

    async def rank(self, text: str) -> list[tuple[str, float]]:
        """The likeliest topics of a text, best first; danger is not looked for in its parts."""
        await self._encode([text])
        return await self._elsewhere(self._topics_of(text))

    async def _topics_of(self, text: str) -> list[tuple[str, float]]:
        from rasa.core.channels.channel import UserMessage

        from nlu.topic_classifier import TOPICS_ONLY

        return ranking_of(await self._agent.processor.parse_message(UserMessage(text, metadata={TOPICS_ONLY: True})))

    def reread(self, text: str, readings: Sequence[Ranking], before: Before) -> list[tuple[str, float]]:
        """The topics of a message after an answer, from its :meth:`rank` alone and after the message before; best first."""
        from nlu.topic_classifier import TopicClassifier

        classifier: TopicClassifier = self._agent.processor.graph_runner.component(TopicClassifier)
        return classifier.reread(text, readings, before)

    def rank_now(self, text: str) -> list[tuple[str, float]]:
        """:meth:`rank` for callers without an event loop."""
        return self._wait(self._topics_of(text))

    def parse_now(self, text: str) -> dict[str, Any]:
        """:meth:`parse` for callers without an event loop."""
        parsed: dict[str, Any] = self._wait(self._agent.parse_message(text))
        return parsed

    async def reply(
        self,
        conversation: str,
        text: str,
        *,
        raw_text: str | None = None,
        metadata: Mapping[str, Any] | None = None,
        parse_data: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Handle one message of a conversation.

        ``raw_text`` is what is understood when ``text``, which is kept, had personal data taken out. ``parse_data`` replaces
        understanding (a pressed button); ``metadata`` travels with the message to the actions.
        """
        if parse_data is None:
            await self._encode([raw_text or text, *parts(raw_text or text)])
        return await self._elsewhere(self._handle(conversation, text, raw_text or text, dict(metadata or {}), parse_data))

    async def _handle(
        self, conversation: str, text: str, raw_text: str, metadata: dict[str, Any], parse_data: Mapping[str, Any] | None
    ) -> Reply:
        from rasa.core.channels.channel import UserMessage

        from connectors.output import TurnOutput
        from connectors.trackers import LiveTrackerStore

        output = TurnOutput()
        agent = self._agent
        live = self._stores[0] if isinstance(self._stores[0], LiveTrackerStore) else None
        with live.turn(conversation) if live is not None else contextlib.nullcontext():
            parsed = dict(parse_data) if parse_data else await self._understand(agent, conversation, text, raw_text)
            message = UserMessage(text, output, conversation, parse_data=parsed, input_channel="website", metadata=metadata)
            await agent.handle_message(message)
            tracker = (live.alive(conversation) if live is not None else None) or await agent.tracker_store.retrieve(conversation)
        flow = tracker.get_slot("flow_state") if tracker and "flow_state" in tracker.slots else None
        return Reply(output.turn.messages, output.turn.state, parsed, flow, output.turn.end)

    @staticmethod
    async def _understand(agent: Any, conversation: str, text: str, raw_text: str) -> dict[str, Any]:
        from rasa.core.channels.channel import UserMessage

        tracker = await agent.tracker_store.retrieve(conversation)
        parsed: dict[str, Any] = await agent.processor.parse_message(UserMessage(raw_text, sender_id=conversation), tracker)
        return parsed if raw_text == text else kept_as(text, parsed)

    async def _encode(self, texts: Sequence[str]) -> None:
        """The half of understanding that needs no Python: beside Rasa's thread, in the order of arrival."""
        from nlu.sentence_encoder import encode_ahead

        await asyncio.get_running_loop().run_in_executor(self._encoding, encode_ahead, texts)

    async def _elsewhere(self, work: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return await asyncio.wrap_future(future)

    def close(self) -> None:
        """Stop the thread."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
        self._encoding.shutdown(wait=False)
