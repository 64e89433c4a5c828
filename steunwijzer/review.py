"""What visitors asked and the assistant did not understand: found in the stored conversations, masked, grouped by likeness.

A message counts when the assistant offered choices instead of an answer, or when the visitor gave the answer a thumb down. Messages that
are an example already are left out, so the list shrinks as editors work through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from rapidfuzz import fuzz
from sqlalchemy import and_, desc, func, or_, select
from sqlalchemy.orm import aliased

from steunwijzer import examples, models
from steunwijzer.db import session_scope, utcnow
from steunwijzer.examples import bare, comparable
from steunwijzer.masking import mask

Why = Literal["not understood", "thumb down"]

# rapidfuzz token_sort_ratio from which two messages are shown as one group
ALIKE = 75.0


@dataclass(frozen=True)
class Unclear:
    """A visitor's message (masked), when it came, why it is here, the topics offered or answered, and the visitor's own reason."""

    text: str
    asked: datetime
    why: Why
    topics: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Question:
    """One text as visitors typed it: how often, when last, and the newest of its messages."""

    newest: Unclear
    times: int


def unclear(*, days: int = 30, folder: Path = examples.FOLDER) -> list[Unclear]:
    """Messages of the last ``days`` that were not understood, newest first: no pressed buttons, nothing that is an example already."""
    learned = {comparable(example.text) for example in examples.read(folder)}
    own, reply, before = models.Message, aliased(models.Message), aliased(models.Message)
    missed = or_(reply.payload["offered_choices"].as_boolean(), models.Feedback.rating == "down")
    query = (
        select(own, reply, before, models.Feedback)
        .join(reply, and_(reply.conversation_id == own.conversation_id, reply.reply_to == own.seq, reply.sender == "assistant"))
        .outerjoin(before, and_(before.conversation_id == own.conversation_id, before.seq == own.seq - 1))
        .outerjoin(models.Feedback, and_(models.Feedback.conversation_id == reply.conversation_id, models.Feedback.seq == reply.seq))
        .where(own.sender == "user", own.created >= utcnow() - timedelta(days=days), missed)
        .order_by(desc(own.created), own.conversation_id, desc(own.seq))
    )
    found: dict[tuple[str, int], Unclear] = {}
    with session_scope(reading=True) as session:
        for message, answer, previous, feedback in session.execute(query):
            text = mask(str(message.payload.get("text") or "")).text
            if comparable(text) in learned or _pressed(text, previous):
                continue
            found.setdefault((message.conversation_id, message.seq), _unclear(text, message.created, answer.payload, feedback))
    return list(found.values())


def _pressed(text: str, previous: models.Message | None) -> bool:
    """Whether the text is that of a button under the message before it: nobody typed it."""
    buttons = previous.payload.get("buttons") or [] if previous is not None else []
    return comparable(text) in {comparable(str(button.get(key) or "")) for button in buttons for key in ("title", "value")}


def _unclear(text: str, asked: datetime, answer: Mapping[str, Any], feedback: models.Feedback | None) -> Unclear:
    if answer.get("offered_choices"):
        offered = [(button.get("choice") or {}).get("topic") for button in answer.get("buttons") or []]
        topics = tuple(topic for topic in offered if topic and topic not in ("coach/spreken", "bot/mogelijkheden"))
        return Unclear(text, asked, "not understood", topics, feedback.reason if feedback else None)
    given = (str(answer["topic"]),) if answer.get("topic") else ()
    return Unclear(text, asked, "thumb down", given, feedback.reason if feedback else None)


def grouped(messages: Iterable[Unclear]) -> list[list[Question]]:
    """Equal texts as one question, alike questions as one group; groups and the questions in them stand newest first."""
    times: dict[str, int] = {}
    newest: dict[str, Unclear] = {}
    for message in sorted(messages, key=lambda one: one.asked, reverse=True):
        key = comparable(message.text)
        newest.setdefault(key, message)
        times[key] = times.get(key, 0) + 1
    groups: list[tuple[str, list[Question]]] = []
    for key, message in newest.items():
        plain = bare(message.text)
        question = Question(message, times[key])
        for leader, members in groups:
            if fuzz.token_sort_ratio(plain, leader, score_cutoff=ALIKE):
                members.append(question)
                break
        else:
            groups.append((plain, [question]))
    return [members for _, members in groups]


def asked_in_all(*, days: int = 30) -> int:
    """How many stored messages of visitors there are in the last ``days``: what the list is a part of."""
    query = select(func.count()).select_from(models.Message)
    query = query.where(models.Message.sender == "user", models.Message.created >= utcnow() - timedelta(days=days))
    with session_scope(reading=True) as session:
        return int(session.execute(query).scalar_one())
