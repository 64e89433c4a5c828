"""Example conversations: what employers say one after the other, and which answers are right for who knows the whole conversation.

They stand in ``data/conversations/*.yml``: under ``conversations`` a list of conversations, each a list of messages with ``text`` and ``topics``, the
topic ids whose answer is right there, best first. A follow-up has the topic that it is about, never ``vervolg/…``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from nlu.in_conversation import readings_of
from nlu.topics import TOPICS, is_leant_on

_KNOWN = frozenset(topic for topic in TOPICS if not topic.startswith("vervolg/"))


@dataclass(frozen=True)
class Said:
    """One message of a conversation and the topics whose answer is right, best first."""

    text: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class Turn:
    """A later message: what was said just before it, the topic of the last answer, and the topics of those before it."""

    text: str
    previous: str
    last_topic: str
    right: tuple[str, ...]
    earlier: tuple[str, ...] = ()

    @property
    def readings(self) -> tuple[str, str]:
        """See :func:`nlu.in_conversation.readings_of`."""
        return readings_of(self.previous, self.text)


def turns_of(conversation: Sequence[Said]) -> Iterator[Turn]:
    """The later messages of a conversation, each after the right answer to the messages before it; none before the first answer with a subject."""
    answered: list[str] = []
    for previous, said in pairwise(conversation):
        if is_leant_on(topic := previous.topics[0]):
            answered.append(topic)
        if answered:
            yield Turn(said.text, previous.text, answered[-1], said.topics, tuple(answered[:-1]))


def read(folder: Path) -> list[list[Said]]:
    """The conversations in the YAML files of a folder, by file name; none when the folder does not exist.

    Raises:
        ValueError: when a file cannot be used; the text says which file, where, and what to do (Dutch).
    """
    return [conversation for path in sorted(folder.glob("*.yml")) for conversation in _of_file(path)]


def _of_file(path: Path) -> Iterator[list[Said]]:
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)  # ten times as fast as safe_load
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise ValueError(f"{path.name} is geen geldige YAML: {problem}") from problem
    told = content.get("conversations") if isinstance(content, dict) else None
    if not isinstance(told, list):
        raise ValueError(f"{path.name}: zet de gesprekken onder 'conversations:', elk gesprek als een lijst van berichten.")
    for number, conversation in enumerate(told, 1):
        if not isinstance(conversation, list) or len(conversation) < 2:
            raise ValueError(f"{path.name}, gesprek {number}: een gesprek is een lijst van ten minste twee berichten.")
        yield [_said(message, f"{path.name}, gesprek {number}, bericht {place}") for place, message in enumerate(conversation, 1)]


def _said(message: Any, where: str) -> Said:
    if not isinstance(message, dict) or set(message) != {"text", "topics"}:
        raise ValueError(f"{where}: geef 'text' en 'topics', niets anders.")
    text, topics = message["text"], message["topics"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{where}: 'text' is leeg of geen tekst; zet aanhalingstekens om het bericht.")
    if not isinstance(topics, list) or not topics:
        raise ValueError(f"{where}: 'topics' is een lijst met ten minste één onderwerp, zoals [faalangst/gesprek].")
    for topic in topics:
        if topic not in _KNOWN:
            raise ValueError(f"{where}: '{topic}' is geen onderwerp. Kies een id uit nlu/topics.py, maar geen vervolg/…")
    return Said(text, tuple(topics))
