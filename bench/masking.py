"""How well personal data is masked: precision and recall per kind on the messages in ``masking_messages.txt``.

Run: ``python bench/masking.py``. Personal data is marked in the messages as ``[[kind:value]]``; a finding counts when it covers the
same text.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from steunwijzer.masking import LABELS, find

MESSAGES = Path(__file__).with_name("masking_messages.txt")
_MARK = re.compile(r"\[\[(\w+):(.*?)\]\]")


def messages() -> list[tuple[str, set[tuple[str, str]]]]:
    """The messages without marks, each with the personal data in it as (kind, value)."""
    lines = [line for line in MESSAGES.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(_MARK.sub(r"\2", line), {(match[1], match[2]) for match in _MARK.finditer(line)}) for line in lines]


def measure() -> dict[str, tuple[int, int, int]]:
    """Per kind: rightly found, found too much, missed."""
    right, wrong, missed = Counter[str](), Counter[str](), Counter[str]()
    for text, expected in messages():
        found = {(finding.kind, finding.value) for finding in find(text, persons=True)}
        right.update(kind for kind, _ in found & expected)
        wrong.update(kind for kind, _ in found - expected)
        missed.update(kind for kind, _ in expected - found)
    return {kind: (right[kind], wrong[kind], missed[kind]) for kind in LABELS}


def main() -> None:
    print(f"{len(messages())} messages")
    print(f"{'kind':8} {'precision':>9} {'recall':>7}")
    for kind, (right, wrong, missed) in measure().items():
        precision = right / (right + wrong) if right + wrong else 1.0
        recall = right / (right + missed) if right + missed else 1.0
        print(f"{kind:8} {precision:9.3f} {recall:7.3f}")


if __name__ == "__main__":
    main()
