"""An answer in short: what its bullets come down to."""

from __future__ import annotations

import re

from steunwijzer.answers import Answer

_A_SENTENCE = 3  # words
_LABEL = re.compile(r"(?:een|de|het|uw)\b|.*[:?]$", re.IGNORECASE)  # says nothing without what follows: "Een coach van buiten.", "Te veel tijd?"


def shortened(answer: Answer) -> str:
    """An answer as its first sentence and what is printed bold in it."""
    first, found = _first_sentence(answer), points(answer)
    begin = first if first[1:2].isupper() else f"{first[0].lower()}{first[1:]}"
    return "\n".join([f"In het kort: {begin}", *([""] if found else []), *(f"- {point}" for point in found)])


def _first_sentence(answer: Answer) -> str:
    return re.split(r"(?<=[.?!])\s", answer.text, maxsplit=1)[0]


def points(answer: Answer) -> list[str]:
    """What the bullets of an answer come down to."""
    return [_point(line[2:]) for line in answer.text.splitlines() if line.startswith("- **")]


def _point(bullet: str) -> str:
    """What a bullet comes down to: its bold words, and what follows up to the first stop where those are only a label."""
    _, bold, rest = bullet.split("**", 2)
    if len(bold.split()) >= _A_SENTENCE and not _LABEL.match(bold):
        return bold.rstrip(".")
    first = re.split(r"(?<=[.;])(?:\s|$)", rest, maxsplit=1)[0]
    return f"**{bold}**{first}".rstrip(".;")
