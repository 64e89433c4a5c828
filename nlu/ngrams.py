"""Weighted word and character n-grams as plain arrays.

The serving process needs no scikit-learn for them (its import alone costs a second), and a model is a list of n-grams and a vector. The weights are
tf-idf with sublinear term frequency, each kind of n-gram brought to length one.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeVar, overload

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, diags

from nlu.text import normalise, words

Columns = npt.NDArray[np.int32]
T = TypeVar("T")

_SHORTEST, _LONGEST = 2, 5
_MOST_WORDS = 200
_MOST_KEPT = 20_000
_NONE = np.zeros(0, np.int32)


def word_ngrams(tokens: Sequence[str]) -> list[str]:
    """Words and pairs of neighbouring words; a word-gram starts with ``w:`` so that it never meets a character n-gram."""
    return [f"w:{token}" for token in tokens] + [f"w:{a} {b}" for a, b in zip(tokens, tokens[1:])]


def lemma_ngrams(tokens: Sequence[str], lemmas: Mapping[str, str]) -> list[str]:
    """Lemmas and pairs of lemmas of the same words."""
    base = [lemmas.get(token, token) for token in tokens]
    return [f"l:{token}" for token in base] + [f"l:{a} {b}" for a, b in zip(base, base[1:])]


def character_ngrams(tokens: Iterable[str]) -> list[str]:
    """Character n-grams within a word, spaces at its edges included: they survive a typing error elsewhere in the word."""
    return [gram for token in tokens for gram in _within(token)]


@lru_cache(maxsize=4096)  # few words make up most of what people type
def _within(token: str) -> tuple[str, ...]:
    padded = f" {token} "
    return tuple(padded[i : i + size] for size in range(_SHORTEST, _LONGEST + 1) for i in range(max(1, len(padded) - size + 1)))


class Row(NamedTuple):
    """The n-grams of one text: columns ``(k,)`` and weights ``(k,)``."""

    columns: Columns
    weights: npt.NDArray[np.float32]


class Counts(NamedTuple):
    """N-grams, and how often each text has them ``(texts, n-grams)``."""

    grams: list[str]
    matrix: csr_matrix


def counted(texts: Sequence[Sequence[str]]) -> Counts:
    """Count n-grams; they are numbered as they come."""
    columns: dict[str, int] = {}
    indices = [columns.setdefault(gram, len(columns)) for grams in texts for gram in grams]
    starts = np.cumsum([0, *map(len, texts)], dtype=np.int64)
    matrix = csr_matrix((np.ones(len(indices), np.float32), np.array(indices, np.int32), starts), shape=(len(texts), len(columns)))
    matrix.sum_duplicates()
    return Counts(list(columns), matrix)


def _least(gram: str) -> int:
    """In how many messages an n-gram must occur to be kept."""
    pair = gram[:2] in ("w:", "l:") and " " in gram
    return 3 if pair else 1 if gram.startswith("w:") else 2


class Sorted(Mapping[str, int]):
    """Texts in alphabetical order, each with its place, as a dict has them, in half the memory: found by halving."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __getitem__(self, text: str) -> int:
        place = self.get(text)
        if place is None:
            raise KeyError(text)
        return place

    @overload
    def get(self, text: str, default: None = None, /) -> int | None: ...
    @overload
    def get(self, text: str, default: int, /) -> int: ...
    @overload
    def get(self, text: str, default: T, /) -> int | T: ...
    def get(self, text: str, default: object = None, /) -> object:
        """The place of a text; without the error that :class:`Mapping` would make for each unknown one."""
        place = bisect_left(self._texts, text)
        return place if place < len(self._texts) and self._texts[place] == text else default


@dataclass
class NGrams:
    """A fitted vocabulary: n-gram to column and idf weight."""

    columns: Mapping[str, int] = field(default_factory=dict)
    idf: npt.NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    lemmas: Mapping[str, str] = field(default_factory=dict)
    _within: dict[str, Columns] = field(default_factory=dict, repr=False)

    @staticmethod
    def _tokens(text: str) -> list[str]:
        return words(normalise(text))[:_MOST_WORDS]

    def _counts(self, texts: Sequence[str]) -> list[Counts]:
        """The n-grams of texts and how often each has them: of words, of characters and, where lemmas are known, of lemmas."""
        tokens = [self._tokens(text) for text in texts]
        said = counted(tokens)
        spelled = counted([_within(token) for token in said.grams])  # once for each word instead of for each text
        kinds = [counted([word_ngrams(one) for one in tokens]), Counts(spelled.grams, said.matrix @ spelled.matrix)]
        if self.lemmas:
            kinds.append(counted([lemma_ngrams(one, self.lemmas) for one in tokens]))
        return kinds

    def fit(self, texts: Sequence[str]) -> NGrams:
        """Learn columns and weights. Of what occurs in one message only, just the words are kept; of pairs, what occurs in three."""
        self._learn(self._counts(texts), len(texts))
        return self

    def fit_transform(self, texts: Sequence[str]) -> csr_matrix:
        """:meth:`fit` and then :meth:`transform`, with the n-grams counted once."""
        kinds = self._counts(texts)
        self._learn(kinds, len(texts))
        return self._weighed(kinds, len(texts))

    def _learn(self, kinds: Sequence[Counts], texts: int) -> None:
        seen: dict[str, int] = {}
        for kind in kinds:
            seen.update(zip(kind.grams, np.bincount(kind.matrix.indices, minlength=len(kind.grams)).tolist()))
        kept = sorted(gram for gram, number in seen.items() if number >= _least(gram))
        self.columns = {gram: column for column, gram in enumerate(kept)}
        self._within.clear()
        self.idf = np.array([math.log((texts + 1) / (seen[gram] + 1)) + 1.0 for gram in kept], np.float32)

    def row(self, text: str) -> Row:
        """One text as columns ``(k,)`` and their weights ``(k,)``."""
        tokens = self._tokens(text)
        kinds = [self._found(word_ngrams(tokens)), np.concatenate([_NONE, *map(self._found_within, tokens)])]
        if self.lemmas:
            kinds.append(self._found(lemma_ngrams(tokens, self.lemmas)))
        columns, parts = [_NONE], [np.zeros(0, np.float32)]
        for found in kinds:
            present, counts = np.unique(found, return_counts=True)
            weights = self.idf[present] * (1.0 + np.log(counts.astype(np.float32)))
            columns.append(present)
            parts.append(weights / np.float32(max(float(np.linalg.norm(weights)), 1e-6)))
        return Row(np.concatenate(columns), np.concatenate(parts))

    def _found(self, grams: Iterable[str]) -> Columns:
        return np.array([column for gram in grams if (column := self.columns.get(gram)) is not None], np.int32)

    def _found_within(self, token: str) -> Columns:
        """Columns of a word's character n-grams. Few words make up most of what people type: they are kept."""
        found = self._within.get(token)
        if found is None:
            if len(self._within) >= _MOST_KEPT:
                self._within.clear()
            found = self._within[token] = self._found(_within(token))
        return found

    def transform(self, texts: Sequence[str]) -> csr_matrix:
        """Texts to a sparse float32 matrix ``(len(texts), len(columns))``: :meth:`row` of each, all at once."""
        return self._weighed(self._counts(texts), len(texts))

    def _weighed(self, kinds: Sequence[Counts], texts: int) -> csr_matrix:
        total = csr_matrix((texts, len(self.columns)), dtype=np.float32)
        for kind in kinds:
            columns = np.array([self.columns.get(gram, -1) for gram in kind.grams], np.int32)
            known = kind.matrix[:, columns >= 0]
            present = columns[columns >= 0][known.indices]
            weights = self.idf[present] * (1.0 + np.log(known.data))
            found = csr_matrix((weights, present, known.indptr), shape=total.shape)
            lengths = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
            total = total + diags(1.0 / np.maximum(lengths, np.float32(1e-6)), format="csr", dtype=np.float32) @ found
        total.sort_indices()  # once, for all who take rows of it
        return total


def beside_full(left: csr_matrix, dense: npt.NDArray[np.float32]) -> csr_matrix:
    """A sparse matrix with a full one at its right, zeros included.

    Row by row: by way of index arrays it takes three gigabytes and five seconds for 40,000 rows.
    """
    rows, width = dense.shape
    starts = left.indptr.astype(np.int64) + width * np.arange(rows + 1, dtype=np.int64)
    indices, values = np.empty(starts[-1], np.int32), np.empty(starts[-1], np.float32)
    behind = np.arange(left.shape[1], left.shape[1] + width, dtype=np.int32)
    for row, (start, end) in enumerate(zip(starts[:-1].tolist(), starts[1:].tolist())):
        kept = slice(int(left.indptr[row]), int(left.indptr[row + 1]))
        indices[start : end - width], values[start : end - width] = left.indices[kept], left.data[kept]
        indices[end - width : end], values[end - width : end] = behind, dense[row]
    return csr_matrix((values, indices, starts), shape=(rows, left.shape[1] + width))


def beside(left: csr_matrix, right: csr_matrix) -> csr_matrix:
    """The columns of two matrices side by side. SciPy's ``hstack`` goes by way of coordinates, which takes three times as long."""
    at_left = np.arange(left.nnz) + np.repeat(right.indptr[:-1], np.diff(left.indptr))
    at_right = np.arange(right.nnz) + np.repeat(left.indptr[1:], np.diff(right.indptr))
    indices, values = np.empty(left.nnz + right.nnz, np.int32), np.empty(left.nnz + right.nnz, np.float32)
    indices[at_left], values[at_left] = left.indices, left.data
    indices[at_right], values[at_right] = right.indices + left.shape[1], right.data
    starts = left.indptr.astype(np.int64) + right.indptr
    return csr_matrix((values, indices, starts), shape=(left.shape[0], left.shape[1] + right.shape[1]))
