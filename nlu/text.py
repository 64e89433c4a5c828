"""One way to read a message: small letters, straight quotes, numbers without their digits."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[?!]", re.UNICODE)
_DIGIT = re.compile(r"\d")
_REPEATED = re.compile(r"(\w)\1{2,}")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "„": '"', "…": " ", "\u00a0": " "})


def normalise(text: str) -> str:
    """Lower case, one kind of quote, digits as ``0``, letters that repeat three times or more as two, single spaces."""
    text = unicodedata.normalize("NFKC", text).translate(_QUOTES).lower()
    text = _REPEATED.sub(r"\1\1", _DIGIT.sub("0", text))
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """Words and question or exclamation marks of a normalised text."""
    return WORD.findall(text)
