"""Dense featurizer for Rasa on the sentence encoder."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
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

from nlu.e5 import E5, EncoderUnavailable, Floats
from nlu.text_cache import TextCache
from steunwijzer.settings import get_settings

logger = logging.getLogger(__name__)

NAME = "SentenceEncoder"
_WIDTH = len(E5.described) * E5.dimension


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


_latest: dict[str, Floats] = {}
_MOST_KEPT = 64


def encode_ahead(texts: Iterable[str]) -> None:
    """Encode what :class:`SentenceEncoder` is about to get; takes no part in Rasa's thread, so messages at once use every core."""
    for text in texts:
        described(text)


def described(text: str) -> Floats | None:
    """The description of one text ``(4 * 384,)``, or None without an encoder; the latest are kept, as a message is read more than once."""
    model = encoder()
    if model is None:
        return None
    ready = _latest.get(text)
    if ready is None:
        ready = model.describe([text])[0]
        for forgotten in list(_latest)[: max(0, len(_latest) - _MOST_KEPT + 1)]:
            _latest.pop(forgotten, None)
        _latest[text] = ready
    return ready


def described_texts(texts: Sequence[str], path: Path, model: E5) -> Floats:
    """Descriptions of the texts (:meth:`nlu.e5.E5.describe`); the file at ``path`` keeps them."""
    return TextCache(path, version=str(E5.version), width=_WIDTH).rows(texts, model.describe, "Zinnen coderen")


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
        vectors = described_texts([example.get(TEXT) for example in examples], Path(self._config["cache"]), model)
        for example, vector in zip(examples, vectors):
            self._attach(example, vector)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            vector = described(message.get(TEXT)) if message.get(TEXT) else None
            if vector is not None:
                self._attach(message, vector)
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
