"""Contact data that a visitor gives: a Dutch or foreign telephone number, an e-mail address; checked by libraries, never by guessing."""

from __future__ import annotations

import re
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email

_EMAIL_LIKE = re.compile(r"[^\s<>,;:()\[\]]+@[^\s<>,;:()\[\]]+")
_WRITTEN_AT = re.compile(r"\s*(?:\(at\)|\[at\])\s*", re.IGNORECASE)
_DUTCH_DIGITS = 10
_DIGITS = re.compile(r"[+(]?\d[\d\s().+/-]{4,}\d")


@dataclass(frozen=True)
class Contact:
    """How to reach somebody. ``phone`` is in E.164 (``+31612345678``), ``email`` normalised. ``problem`` says in Dutch what to mend."""

    phone: str | None = None
    email: str | None = None
    problem: str | None = None

    @property
    def ok(self) -> bool:
        """There is at least one valid way to reach this person."""
        return bool(self.phone or self.email)

    @property
    def shown(self) -> str:
        """As a visitor reads it: ``06 12345678`` or the e-mail address, both when both are there."""
        return " en ".join(part for part in (shown_phone(self.phone), self.email) if part)


def parse_contact(text: str) -> Contact:
    """The telephone number and e-mail address in ``text``; with neither, ``problem`` says what is wrong."""
    text = _WRITTEN_AT.sub("@", text)
    email, email_problem = _email(text)
    phone, phone_problem = _phone(_EMAIL_LIKE.sub(" ", text))
    if email or phone:
        return Contact(phone, email)
    return Contact(problem=email_problem or phone_problem or "Ik zie geen telefoonnummer of e-mailadres. Een van de twee is genoeg.")


def valid_phone(text: str) -> str | None:
    """The number in E.164, or None when it is not a valid number (Dutch unless it starts with + or 00)."""
    return _phone(text)[0]


def valid_email(text: str) -> str | None:
    """The normalised address, or None when it is not valid."""
    return _email(text)[0]


def shown_phone(phone: str | None) -> str:
    """An E.164 number as a Dutch reader writes it: national for the Netherlands, international otherwise."""
    if not phone:
        return ""
    number = phonenumbers.parse(phone, "NL")
    dutch = number.country_code == 31
    style = phonenumbers.PhoneNumberFormat.NATIONAL if dutch else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, style))


def _email(text: str) -> tuple[str | None, str | None]:
    match = _EMAIL_LIKE.search(text)
    if not match:
        return None, None
    candidate = match.group().strip(".!?'\"")
    try:
        # Whether the domain accepts mail is not asked: that would send a visitor's data to a name server.
        return validate_email(candidate, check_deliverability=False).normalized, None
    except EmailNotValidError:
        return None, "Dit e-mailadres klopt niet helemaal. Kunt u het nog eens typen, bijvoorbeeld naam@bedrijf.nl?"


def _phone(text: str) -> tuple[str | None, str | None]:
    for match in phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.VALID):
        return phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164), None
    found = _DIGITS.search(text)
    if not found:
        return None, None
    digits = re.sub(r"\D", "", found.group())
    if digits.startswith("0") and not digits.startswith("00") and len(digits) != _DUTCH_DIGITS:
        much = "te weinig" if len(digits) < _DUTCH_DIGITS else "te veel"
        return None, f"Dit telefoonnummer heeft {much} cijfers. Een Nederlands nummer heeft er 10, bijvoorbeeld 06 12345678."
    return None, "Dit telefoonnummer klopt niet. Kunt u het nog eens typen, bijvoorbeeld 06 12345678?"
