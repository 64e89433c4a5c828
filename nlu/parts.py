"""The parts of a longer message: its sentences, and stretches of words where those are long or somebody dictated without full stops.

In a long question about sick leave one clause may tell of danger; the whole then sounds like sick leave, the part alone does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SHORTEST = 12  # words of a message that is worth cutting
_LEAST = 3  # words of a sentence that tells something
_LONG = 24  # words of a sentence that is cut further
_STRETCH, _STEP = 16, 8  # words
_ENDS = re.compile(r"(?<=[.!?;:])\s+|\s+[-–]\s+|\n+")


def parts(text: str) -> list[str]:
    """Sentences and stretches of a message in order; none for a short one, or when it is one sentence."""
    if len(text.split()) < _SHORTEST:
        return []
    sentences = [sentence for sentence in _ENDS.split(text.strip()) if len(sentence.split()) >= _LEAST]
    found = [part for sentence in sentences for part in _stretches(sentence)]
    return found if len(found) > 1 else []


def _stretches(sentence: str) -> Iterator[str]:
    words = sentence.split()
    if len(words) <= _LONG:
        yield sentence
        return
    for start in range(0, len(words) - _STRETCH + _STEP, _STEP):
        yield " ".join(words[start : start + _STRETCH])
