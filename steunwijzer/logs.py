"""The log says what went wrong and where, never what people wrote.

The text of an exception often holds the value that caused it (a validation error quotes its input, a database error its parameters), and some
formatters print local variables. So an exception is shown as its type and the places in the code.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path

_SHOWN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MOST_FRAMES = 12
_MOST_CAUSES = 4


def trail(error: BaseException | None) -> str:
    """One line: the types of an exception and its causes, each with the places where it passed, the innermost first."""
    parts: list[str] = []
    while error is not None and len(parts) < _MOST_CAUSES:
        frames = [
            f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}"
            for frame in reversed(traceback.extract_tb(error.__traceback__))
        ]
        parts.append(f"{type(error).__name__} ({', '.join(frames[:_MOST_FRAMES])})" if frames else type(error).__name__)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return " after ".join(parts)


class Formatter(logging.Formatter):
    """Shows an exception by its :func:`trail`."""

    def format(self, record: logging.LogRecord) -> str:
        """One record; the cached traceback of other formatters is not used."""
        before, record.exc_text = record.exc_text, None
        try:
            shown = super().format(record)
        finally:
            record.exc_text = before
        # asyncio puts the representation of a failed task, with the text of its exception, in the lines below the first.
        return shown if record.name != "asyncio" or not record.exc_info else f"{shown.splitlines()[0]} {trail(record.exc_info[1])}"

    def formatException(self, ei: object) -> str:
        """The trail of an exception."""
        return trail(ei[1]) if isinstance(ei, tuple) else ""


def configure(level: str) -> None:
    """Have everything that is logged in this process written to standard error, in this way."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter(_SHOWN))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    # A handler that cannot write would print what was to be logged, and the exception with it, beside this.
    logging.raiseExceptions = False
    logging.getLogger("alembic").setLevel(logging.WARNING)
