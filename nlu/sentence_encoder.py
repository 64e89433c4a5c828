"""Dense featurizer for Rasa on the sentence encoder, with a cache from text to vector on disk."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tqdm import tqdm

from nlu.e5 import E5, EncoderUnavailable, Floats
from steunwijzer.settings import get_settings

logger = logging.getLogger(__name__)

NAME = "SentenceEncoder"
_WIDTH = len(E5.described) * E5.dimension
_AT_ONCE = 16


@lru_cache(maxsize=1)
def encoder() -> E5 | None:
    """The process-wide encoder, or None where it is switched off or its wheel is not installed (the classifier then goes by n-grams alone)."""
    if not get_settings().sentence_encoder:
        return None
    try:
        return E5()
    except EncoderUnavailable as problem:
        logger.warning("Zinnen-encoder niet beschikbaar: %s", problem)
        return None


_ahead: dict[str, Floats] = {}
_MOST_AHEAD = 64


def encode_ahead(text: str) -> None:
    """Encode a message that :class:`SentenceEncoder` is about to get; takes no part in Rasa's thread, so messages at once use every core."""
    model = encoder()
    if model is not None and text not in _ahead:
        vector = model.describe([text])[0]
        for forgotten in list(_ahead)[: max(0, len(_ahead) - _MOST_AHEAD + 1)]:  # what nobody came for
            _ahead.pop(forgotten, None)
        _ahead[text] = vector


def _described(model: E5, text: str) -> Floats:
    ready = _ahead.pop(text, None)
    return ready if ready is not None else model.describe([text])[0]


class VectorCache:
    """Text to vector, kept in one ``.npz`` file; keys are hashes, so the file holds no message."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Floats] = {}
        if path.exists():
            try:
                with np.load(path) as stored:
                    if stored["version"] == E5.version and stored["vectors"].shape[1] == _WIDTH:
                        self._known = dict(zip(stored["keys"].tolist(), stored["vectors"]))
            except (OSError, ValueError, KeyError):
                logger.warning("%s is onleesbaar en wordt opnieuw gemaakt.", path)

    @staticmethod
    def _key(text: str) -> str:
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

    def vectors(self, texts: Sequence[str], model: E5) -> Floats:
        """Descriptions of the texts (:meth:`nlu.e5.E5.describe`); what is new is encoded, shortest first, and stored."""
        fresh = sorted({text for text in texts if self._key(text) not in self._known}, key=len)
        batches = [fresh[start : start + _AT_ONCE] for start in range(0, len(fresh), _AT_ONCE)]
        # threads, not processes: encoding releases the interpreter, and the weights are shared
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            encoded = pool.map(model.describe, batches)
            shown = tqdm(encoded, "Zinnen coderen", len(batches), unit=f"×{_AT_ONCE}", mininterval=2, disable=len(batches) < 2)
            for batch, vectors in zip(batches, shown):
                self._known.update(zip(map(self._key, batch), vectors.astype(np.float16)))
        if fresh:
            self._save()
        return np.stack([self._known[self._key(text)] for text in texts]).astype(np.float32)

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(f".{os.getpid()}.npz")
        np.savez(partial, version=E5.version, keys=np.array(list(self._known)), vectors=np.stack(list(self._known.values())))
        partial.replace(self._path)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(GraphComponent):
    """Gives every message one dense vector: what e5 makes of it after four of its layers, 384 floats each, the last one the sentence vector."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"cache": ".cache/vectors.npz"}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> SentenceEncoder:
        return cls(config)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        model = encoder()
        examples = [example for example in training_data.intent_examples if example.get(TEXT)]
        if model is None or not examples:
            return training_data
        vectors = VectorCache(Path(self._config["cache"])).vectors([example.get(TEXT) for example in examples], model)
        for example, vector in zip(examples, vectors):
            self._attach(example, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        model = encoder()
        if model is not None:
            for message in messages:
                if message.get(TEXT):
                    self._attach(message, _described(model, message.get(TEXT)))
        return messages

    @staticmethod
    def _attach(message: Message, vector: Floats) -> None:
        message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, NAME))


def description(message: Message) -> Floats | None:
    """What :class:`SentenceEncoder` attached ``(4 * 384,)``, or None."""
    for features in message.features:
        if features.origin == NAME:
            vector: Floats = np.asarray(features.features, np.float32).reshape(-1)
            return vector
    return None


def sentence_vector(described: Floats) -> Floats:
    """The sentence vectors ``(…, 384)`` in descriptions ``(…, 4 * 384)``."""
    return described[..., -E5.dimension :]
