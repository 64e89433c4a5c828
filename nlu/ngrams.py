"""Weighted word and character n-grams as plain arrays.

The serving process needs no scikit-learn for them (its import alone costs a second), and a model is a dictionary and a vector. The weights are
tf-idf with sublinear term frequency, each kind of n-gram brought to length one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from nlu.text import normalise, words


def word_ngrams(tokens: Sequence[str]) -> list[str]:
    """Words and pairs of neighbouring words; a word-gram starts with ``w:`` so that it never meets a character n-gram."""
    return [f"w:{token}" for token in tokens] + [f"w:{a} {b}" for a, b in zip(tokens, tokens[1:])]


def lemma_ngrams(tokens: Sequence[str], lemmas: Mapping[str, str]) -> list[str]:
    """Lemmas and pairs of lemmas of the same words."""
    base = [lemmas.get(token, token) for token in tokens]
    return [f"l:{token}" for token in base] + [f"l:{a} {b}" for a, b in zip(base, base[1:])]


def character_ngrams(tokens: Iterable[str], shortest: int = 2, longest: int = 5) -> list[str]:
    """Character n-grams within a word, spaces at its edges included: they survive a typing error elsewhere in the word."""
    grams: list[str] = []
    for token in tokens:
        padded = f" {token} "
        for size in range(shortest, longest + 1):
            grams.extend(padded[i : i + size] for i in range(max(1, len(padded) - size + 1)))
    return grams


@dataclass
class NGrams:
    """A fitted vocabulary: n-gram to column and idf weight."""

    columns: dict[str, int] = field(default_factory=dict)
    idf: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    lemmas: Mapping[str, str] = field(default_factory=dict)

    def _kinds(self, text: str) -> tuple[list[str], ...]:
        tokens = words(normalise(text))[:200]
        kinds: tuple[list[str], ...] = (word_ngrams(tokens), character_ngrams(tokens))
        return (*kinds, lemma_ngrams(tokens, self.lemmas)) if self.lemmas else kinds

    def fit(self, texts: Sequence[str]) -> NGrams:
        """Learn columns and weights. Character n-grams and lemma pairs that occur in one message only are left out."""
        seen: Counter[str] = Counter()
        for text in texts:
            for kind in self._kinds(text):
                seen.update(set(kind))
        kept = sorted(gram for gram, number in seen.items() if number > 1 or gram.startswith("w:"))
        self.columns = {gram: column for column, gram in enumerate(kept)}
        total = len(texts) + 1
        self.idf = np.array([math.log(total / (seen[gram] + 1)) + 1.0 for gram in kept], np.float32)
        return self

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Texts to a sparse float32 matrix ``(len(texts), len(columns))``."""
        indices: list[int] = []
        values: list[float] = []
        starts = [0]
        for text in texts:
            for kind in self._kinds(text):
                counts = Counter(gram for gram in kind if gram in self.columns)
                if not counts:
                    continue
                columns = [self.columns[gram] for gram in counts]
                weights = self.idf[columns] * (1.0 + np.log(np.fromiter(counts.values(), np.float32, len(counts))))
                weights /= max(float(np.linalg.norm(weights)), 1e-6)
                indices.extend(columns)
                values.extend(weights.tolist())
            starts.append(len(indices))
        shape = (len(texts), len(self.columns))
        return csr_matrix((np.array(values, np.float32), np.array(indices, np.int32), np.array(starts, np.int64)), shape=shape)
