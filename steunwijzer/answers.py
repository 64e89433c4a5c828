"""What the assistant says about each topic: read from ``data/answers/<area>.yml``, with the sources of ``bronnen.yml``.

The files are read when the process starts and again when one of them changes, so an editor sees a correction without training anything.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from steunwijzer.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "data" / "answers"
_SCHEMES = "Welke regelingen passen bij mij?"
_STARTS: dict[str, dict[str, Any]] = {"regeling/overzicht": {"title": _SCHEMES, "payload": _SCHEMES, "choice": {"start": "schemes"}}}
"""Under the answer of a topic: the button that starts a guided flow which no topic leads to."""
_MONTHS = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"]


class ContentError(ValueError):
    """A content file cannot be used; the text says which file and what to do about it (Dutch)."""


@dataclass(frozen=True)
class Source:
    """A cited document: its key in ``bronnen.yml``, title and address (empty when it has none)."""

    key: str
    title: str
    url: str


@dataclass(frozen=True)
class Answer:
    """One topic's answer. ``more`` holds further parts in the order in which they are given; ``next`` are topic ids for the buttons.

    ``to_coach`` is said instead to a coach (je-form), where the answer is no advice that a coach passes on.
    """

    topic: str
    title: str
    text: str
    more: tuple[str, ...]
    sources: tuple[Source, ...]
    checked: date
    next: tuple[str, ...]
    to_coach: str | None = None


class Answers(Mapping[str, Answer]):
    """Topic id to answer.

    Raises:
        ContentError: while reading, when a file is no valid YAML, a field is missing or a source key is unknown.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self.sources = {
            key: Source(key, str(row["title"]), str(row.get("url") or "")) for key, row in _read(folder / "bronnen.yml", "sources").items()
        }
        self._answers: dict[str, Answer] = {}
        for path in sorted(folder.glob("*.yml")):
            if path.name != "bronnen.yml":
                for topic, row in _read(path, "answers").items():
                    self._answers[topic] = self._answer(path, topic, row)

    def _answer(self, path: Path, topic: str, row: Any) -> Answer:
        try:
            return Answer(
                topic=topic,
                title=str(row["title"]).strip(),
                text=str(row["text"]).strip(),
                more=tuple(str(row[key]).strip() for key in ("more", "more2") if row.get(key)),
                sources=tuple(self.sources[key] for key in row.get("sources") or ()),
                checked=row["checked"] if isinstance(row["checked"], date) else date.fromisoformat(str(row["checked"])),
                next=tuple(row.get("next") or ()),
                to_coach=str(row["coach"]).strip() if row.get("coach") else None,
            )
        except KeyError as missing:
            raise ContentError(f"{path.name}, {topic}: {missing} ontbreekt of is geen bekende bron. Vul het aan.") from missing
        except (TypeError, ValueError) as problem:
            raise ContentError(f"{path.name}, {topic}: {problem}. Controleer de velden van dit antwoord.") from problem

    def __getitem__(self, topic: str) -> Answer:
        return self._answers[topic]

    def __iter__(self) -> Iterator[str]:
        return iter(self._answers)

    def __len__(self) -> int:
        return len(self._answers)

    def title(self, topic: str) -> str:
        """The human name of a topic, as on a button."""
        return self._answers[topic].title if topic in self._answers else topic


def _read(path: Path, key: str) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)  # nineteen times as fast as safe_load
    except FileNotFoundError as missing:
        raise ContentError(f"{path} ontbreekt.") from missing
    except yaml.YAMLError as problem:
        raise ContentError(f"{path.name} is geen geldige YAML: {problem}") from problem
    if not isinstance(content, dict) or not isinstance(content.get(key), dict):
        raise ContentError(f"{path.name}: het bestand moet beginnen met '{key}:'.")
    rows: dict[str, Any] = content[key]
    return rows


def _stamp() -> tuple[tuple[str, int], ...]:
    with os.scandir(FOLDER) as found:  # for every message: pathlib takes ten times as long
        return tuple(sorted((entry.name, entry.stat().st_mtime_ns) for entry in found if entry.name.endswith(".yml")))


@lru_cache(maxsize=1)
def _loaded(stamp: tuple[tuple[str, int], ...]) -> Answers:
    return Answers()


_last_good: list[Answers] = []


def answers() -> Answers:
    """The answers as the files stand now; when an edit broke a file, the last version that could be read.

    Raises:
        ContentError: when no version could be read yet.
    """
    try:
        current = _loaded(_stamp())
    except ContentError:
        if _last_good:
            return _last_good[0]
        raise
    _last_good[:] = [current]
    return current


def dutch_date(day: date) -> str:
    """``21 november 2026``."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def payload(answer: Answer, text: str | None = None, *, also: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """An answer as a message: text, sources and buttons for what to do or ask next.

    ``text`` replaces the main text (one of ``more``); ``also`` are further buttons behind the next questions.
    """
    starts = [_STARTS[answer.topic]] if answer.topic in _STARTS else []
    message: dict[str, Any] = {
        "text": answer.text if text is None else text,
        "topic": answer.topic,
        "sources": [{"title": source.title, "url": source.url} for source in answer.sources],
        "buttons": [*starts, *(topic_button(topic) for topic in answer.next), *(also or [])],
    }
    if answer.sources:
        message["checked"] = dutch_date(answer.checked)
    return message


def further_part(answer: Answer, part: int) -> dict[str, Any] | None:
    """The next part of an answer of which ``part`` further ones were said, as a message that counts itself; None when all were said."""
    return {**payload(answer, answer.more[part]), "part": part + 1} if part < len(answer.more) else None


def next_topics(topic: str) -> frozenset[str]:
    """The topics of the next questions under an answer; none for a topic without an answer."""
    answer = answers().get(topic)
    return frozenset(answer.next) if answer is not None else frozenset()


def topic_button(topic: str) -> dict[str, Any]:
    """A button that leads to a topic."""
    title = answers().title(topic)
    return {"title": title, "payload": title, "choice": {"topic": topic}}
