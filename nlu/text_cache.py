"""What was worked out about a text, kept on disk: training again looks only at what is new."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

Floats = npt.NDArray[np.float32]

logger = logging.getLogger(__name__)

_AT_ONCE = 16


class TextCache:
    """Text to a row of ``width`` numbers in half precision, in one ``.npz`` file; keys are hashes, so the file holds no message.

    ``version`` names the maker of the rows: those of another version are made again.
    """

    def __init__(self, path: Path, *, version: str, width: int) -> None:
        self._path = path
        self._version = version
        self._known: dict[str, npt.NDArray[np.float16]] = {}
        if path.exists():
            try:
                with np.load(path) as stored:
                    if str(stored["version"]) == version and stored["rows"].shape[1] == width:
                        self._known = dict(zip(stored["keys"].tolist(), stored["rows"]))
            except (OSError, EOFError, ValueError, KeyError, BadZipFile):
                logger.warning("%s is onleesbaar en wordt opnieuw gemaakt.", path)

    @staticmethod
    def _key(text: str) -> str:
        return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()

    def rows(self, texts: Sequence[str], make: Callable[[Sequence[str]], Floats], doing: str) -> Floats:
        """The rows of the texts ``(n, width)``; ``make`` is asked for what is new, shortest first and some at a time, and the file keeps it.

        ``doing`` is what the bar of progress says.
        """
        fresh = sorted({text for text in texts if self._key(text) not in self._known}, key=len)
        batches = [fresh[start : start + _AT_ONCE] for start in range(0, len(fresh), _AT_ONCE)]
        # threads, not processes: encoding releases the interpreter, and the weights are shared
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            made = pool.map(make, batches)
            shown = tqdm(made, doing, len(batches), unit=f"×{_AT_ONCE}", mininterval=2, disable=len(batches) < 2)
            for batch, rows in zip(batches, shown):
                self._known.update(zip(map(self._key, batch), rows.astype(np.float16)))
        if fresh:
            self._save()
        return np.stack([self._known[self._key(text)] for text in texts]).astype(np.float32)

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(f".{os.getpid()}.npz")
        np.savez(partial, version=self._version, keys=np.array(list(self._known)), rows=np.stack(list(self._known.values())))
        partial.replace(self._path)
