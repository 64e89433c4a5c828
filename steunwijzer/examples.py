"""The training examples in ``data/nlu``: read with their place in the file, and added one at a time without touching the rest."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from nlu.text import normalise
from nlu.topics import intent_of, topic_of_intent
from steunwijzer.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "data" / "nlu"
_INTENT = re.compile(r"^(\s*)-\s+intent:\s*(\S+)\s*$")
_EXAMPLE = re.compile(r"^\s+-\s+(.*\S)\s*$")
_DIGITS = re.compile(r"\d+")
_SIGNS = re.compile(r"[^\w\s]|_", re.UNICODE)
# square brackets and braces mark entities in Rasa's format; a leading dash or hash is the format's own
_MARKS = str.maketrans("[]{}", "    ")


@dataclass(frozen=True)
class Example:
    """One message of a training file: its text, Rasa's intent name, and where it stands."""

    text: str
    intent: str
    file: str
    line: int

    @property
    def topic(self) -> str | None:
        """The topic id, None when the intent is no topic."""
        return topic_of_intent(self.intent)

    @property
    def place(self) -> str:
        """``faalangst.yml:12``, for a message to an editor."""
        return f"{self.file}:{self.line}"


def bare(text: str) -> str:
    """A message as the classifier reads it (:func:`nlu.text.normalise`), without punctuation."""
    return " ".join(_SIGNS.sub(" ", normalise(text).replace("'", "")).split())


def comparable(text: str) -> str:
    """A message as compared with others: :func:`bare`, with its own digits behind it ("2312" is not "113").

    A message of nothing but signs is compared as it is.
    """
    digits = "".join(_DIGITS.findall(text))
    return f"{bare(text)} #{digits}" if digits else bare(text) or " ".join(text.split())


def read(folder: Path = FOLDER) -> list[Example]:
    """Every example of ``*.yml`` in the folder, in order of file and line."""
    found: list[Example] = []
    for path in sorted(folder.glob("*.yml")):
        intent, indent = "", -1
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            header = _INTENT.match(line)
            if header:
                indent, intent = len(header.group(1)), header.group(2)
                continue
            example = _EXAMPLE.match(line)
            if example and intent and len(line) - len(line.lstrip()) > indent:
                found.append(Example(example.group(1), intent, path.name, number))
    return found


class ExampleError(ValueError):
    """A message cannot become an example; the text says why and what to do (Dutch)."""


def clean(text: str) -> str:
    """A message on one line without marks that mean something in a training file."""
    return " ".join(text.translate(_MARKS).split()).lstrip("-# ").strip()


def add(topic: str, text: str, *, folder: Path = FOLDER, measuring: dict[str, str] | None = None) -> Path:
    """Append a message as the last example of its topic; the rest of the file stays as it is, comments included.

    ``measuring`` are messages (as :func:`comparable`) that must never be trained on, with the file in which they stand.

    Raises:
        ExampleError: for an unknown topic, an empty message, one that exists already or one that serves to measure with.
    """
    try:
        intent = intent_of(topic)
    except KeyError as unknown:
        raise ExampleError(f"'{topic}' is geen onderwerp. Kies een id uit nlu/topics.py, bijvoorbeeld faalangst/omgaan.") from unknown
    sentence = clean(text)
    key = comparable(sentence)
    if not key:
        raise ExampleError("Er blijft geen tekst over om een voorbeeld van te maken. Kies een ander bericht.")
    if key in (measuring or {}):
        raise ExampleError(f"Dit bericht staat in {(measuring or {})[key]}: daarmee wordt gemeten, dus leer het niet aan.")
    for example in read(folder):
        if comparable(example.text) == key:
            raise ExampleError(f"Dit voorbeeld bestaat al: {example.place}, onderwerp {example.topic or example.intent}.")
    path = _file_of(intent, folder) or folder / f"{topic.split('/')[0]}.yml"
    _write(path, _with_example(path.read_text("utf-8") if path.exists() else 'version: "3.1"\n\nnlu:\n', intent, sentence))
    return path


def _file_of(intent: str, folder: Path) -> Path | None:
    for path in sorted(folder.glob("*.yml")):
        for line in path.read_text("utf-8").splitlines():
            header = _INTENT.match(line)
            if header and header.group(2) == intent:
                return path
    return None


def _with_example(content: str, intent: str, sentence: str) -> str:
    lines = content.splitlines()
    last = None
    inside = False
    for index, line in enumerate(lines):
        header = _INTENT.match(line)
        if header:
            inside = header.group(2) == intent
        elif inside and _EXAMPLE.match(line):
            last = index
    if last is None:
        lines += ["", f"- intent: {intent}", "  examples: |", f"    - {sentence}"]
    else:
        margin = lines[last][: len(lines[last]) - len(lines[last].lstrip())]
        lines.insert(last + 1, f"{margin}- {sentence}")
    return "\n".join(lines) + "\n"


def _write(path: Path, content: str) -> None:
    # a file next to it that takes its place at once: a crash leaves the old file whole
    scratch = path.with_name(f".{path.name}.nieuw")
    scratch.write_text(content, "utf-8")
    os.replace(scratch, path)

