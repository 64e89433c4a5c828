"""Masking of personal data in text, before it is stored or logged.

Numbers are recognised by their check digits or by the rules of their country, from libraries, not by their length alone: an order
number stays readable, a burgerservicenummer does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from stdnum import iban, luhn
from stdnum.nl import bsn

from steunwijzer.persons import find_persons

LABELS = {
    "email": "[e-mailadres]",
    "iban": "[rekeningnummer]",
    "card": "[kaartnummer]",
    "bsn": "[burgerservicenummer]",
    "phone": "[telefoonnummer]",
    "person": "[naam]",
}

_EMAIL = re.compile(r"[\w.+'&-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_IBAN = re.compile(r"\b[A-Z]{2}[ -]?\d{2}(?:[ .-]?[A-Z0-9]){11,30}\b", re.IGNORECASE)
_CARD = re.compile(r"(?<![\d+])\d(?:[ -]?\d){12,18}(?!\d)")
_ABOUT_BSN = re.compile(r"\b(?:bsn|burgerservice|sofi)", re.IGNORECASE)
_BSN_LENGTH = 9
_WITH_COUNTRY_CODE = 11
# Ten digits that start with 06 are meant as a telephone number, also when no operator has that series.
_MOBILE = re.compile(r"(?<![\d+])06(?:[ .-]?\d){8}(?!\d)")
_BSN = re.compile(r"(?<![\d+])\d(?:[ .-]?\d){7,8}(?!\d)")


@dataclass(frozen=True)
class Finding:
    """A piece of personal data: its kind (a key of ``LABELS``), where it stands in the text, and what it says."""

    kind: str
    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Masked:
    """Text without personal data, and what was taken out of it, in order. ``str()`` and ``repr()`` never show the findings."""

    text: str
    findings: tuple[Finding, ...] = ()

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds found, each once, in order of appearance."""
        return tuple(dict.fromkeys(finding.kind for finding in self.findings))

    def __repr__(self) -> str:
        return f"Masked(kinds={self.kinds})"


def find(text: str, *, persons: bool = False) -> tuple[Finding, ...]:
    """Personal data in ``text``, not overlapping, in order of appearance; names of persons only when asked."""
    taken: list[Finding] = []

    def add(kind: str, start: int, end: int) -> None:
        if all(end <= other.start or start >= other.end for other in taken):
            taken.append(Finding(kind, start, end, text[start:end]))

    for match in _EMAIL.finditer(text):
        add("email", match.start(), match.end())
    for match in _IBAN.finditer(text):
        end = _longest_valid_iban(match.group())
        if end:
            add("iban", match.start(), match.start() + end)
    for match in _CARD.finditer(text):
        if luhn.is_valid(re.sub(r"\D", "", match.group())):
            add("card", match.start(), match.end())
    for match in _MOBILE.finditer(text):
        add("phone", match.start(), match.end())
    for number in phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.VALID):
        if _is_phone(number.raw_string):
            add("phone", number.start, number.end)
    about_bsn = _ABOUT_BSN.search(text) is not None
    for match in _BSN.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        # Eight digits are a number of the chamber of commerce as often, unless the text says what they are.
        if (len(digits) == _BSN_LENGTH or about_bsn) and bsn.is_valid(digits.zfill(_BSN_LENGTH)):
            add("bsn", match.start(), match.end())
    for start, end in find_persons(text) if persons else ():
        add("person", start, end)
    return tuple(sorted(taken, key=lambda finding: finding.start))


def mask(text: str, *, persons: bool = False, keep: frozenset[str] = frozenset()) -> Masked:
    """``text`` with each piece of personal data replaced by its Dutch label, such as ``[telefoonnummer]``.

    ``persons`` adds names of persons; kinds in ``keep`` stay (a coach may give a telephone number on purpose).
    """
    findings = tuple(finding for finding in find(text, persons=persons) if finding.kind not in keep)
    parts: list[str] = []
    position = 0
    for finding in findings:
        parts += [text[position : finding.start], LABELS[finding.kind]]
        position = finding.end
    return Masked("".join([*parts, text[position:]]), findings)


def _longest_valid_iban(candidate: str) -> int:
    """The length of the longest start of ``candidate`` that is a valid IBAN, else 0: words that follow are not part of it."""
    for end in range(len(candidate), 14, -1):
        if candidate[end - 1].isalnum() and iban.is_valid(candidate[:end], check_country=False):
            return end
    return 0


def _is_phone(candidate: str) -> bool:
    # Without trunk zero or country code digits are seldom a telephone number and often something else.
    start = candidate.lstrip("( ")
    return start.startswith(("0", "+")) or (start.startswith("31") and sum(char.isdigit() for char in start) == _WITH_COUNTRY_CODE)
