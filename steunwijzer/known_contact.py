"""Contact data that a visitor gave, kept in the conversation's own state: never in Rasa's tracker, never in a message that is masked.

Whatever the assistant says about it holds the placeholders ``CONTACT`` and ``NAME``; they are filled in just before a message is stored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from steunwijzer import conversations, regions
from steunwijzer.contact import Contact, parse_contact, shown_phone, valid_email, valid_phone
from steunwijzer.persons import find_persons

CONTACT = "⟦contact⟧"
PHONE = "⟦telefoonnummer⟧"
EMAIL = "⟦mailadres⟧"
NAME = "⟦naam⟧"
_MARK = "⟦"
NAME_LABEL = "[naam]"
STATE_KEY = "contact"
OTHER_KEY = "contact_of_other"
"""Where contact data of somebody else (an employee who answers questions too) stand during the turn that stores them elsewhere."""
_PART = r"(?:(?:van|de|der|den|ten|ter|el|al|'t) )*[^\W\d_a-z][\w'’-]*"
_NAME = re.compile(
    # not "zijn naam is Ahmed", nor "het gaat niet goed met Ahmed"
    r"(?<![Zz]ijn )(?<![Hh]aar )(?<![Hh]un )(?<!\w)(?P<lead>(?:[Mm]ijn )?[Nn]aam(?: is|:)?|[Ii]k (?:ben|heet)|^[Mm]et|[Nn]amens)"
    rf"\s+(?P<name>{_PART}(?: {_PART}){{0,3}})"
)
_CONTACT_DATA = re.compile(r"\[[a-z-]+\]|\S+@\S+|[+(]?\d[\d\s().+/-]{4,}\d")
_BESIDE = re.compile(r"\s*(?:(?:oh|ja|nee|o)[ ,]+)?(?:en|ook|plus)\b|.*\b(?:ook|erbij)\W*$", re.IGNORECASE | re.DOTALL)
_FIGURES = r"\d[\d -]{0,10}\d"
_OTHER_FIGURES = (
    re.compile(rf"\bniet (?:met )?(?P<old>{_FIGURES}),? maar (?:met )?(?P<new>{_FIGURES})\b"),
    re.compile(rf"\b(?P<new>{_FIGURES}),? (?:en niet|niet|i\.?p\.?v\.?|in plaats van) (?P<old>{_FIGURES})\b"),
)
_OTHER_END = re.compile(r"\b(?:eindigt?d?|einde|eind) op (?:een )?(?P<new>\d{1,4})\b")
_PROVIDERS = {
    **dict.fromkeys(("gmail", "hotmail", "outlook", "live", "icloud", "yahoo"), "com"),
    **dict.fromkeys(("ziggo", "kpnmail", "planet", "hetnet", "home", "xs4all", "chello", "upcmail", "quicknet", "solcon"), "nl"),
}
_ABOUT_PROVIDER = re.compile(r"nee|sorry|oeps|eh|wacht|oh|het|is|moet|zijn|met|bedoel|bedoelde|ik|dus|wel|was|mijn|mail|mailadres|at")


@dataclass(frozen=True)
class KnownContact:
    """``phone`` in E.164, ``email`` normalised, ``name`` as written; each may be unknown."""

    phone: str | None = None
    email: str | None = None
    name: str | None = None

    def __bool__(self) -> bool:
        return bool(self.phone or self.email)

    @property
    def shown(self) -> str:
        """As a visitor reads it."""
        return Contact(self.phone, self.email).shown

    def kept(self) -> dict[str, str]:
        """What goes into the conversation's state."""
        return {key: value for key, value in (("phone", self.phone), ("email", self.email), ("name", self.name)) if value}


def of_state(state: Mapping[str, Any], key: str = STATE_KEY) -> KnownContact:
    """The contact in a conversation's state: the visitor's own unless ``key`` says otherwise."""
    kept = state.get(key) or {}
    return KnownContact(kept.get("phone"), kept.get("email"), kept.get("name"))


def of_conversation(conversation_id: str, key: str = STATE_KEY) -> KnownContact:
    """The contact known in a conversation; empty when it does not exist."""
    conversation = conversations.get(conversation_id)
    return of_state(conversation.state, key) if conversation else KnownContact()


def read(text: str, *, with_name: bool) -> tuple[KnownContact, str | None]:
    """Contact data in a message, and in Dutch what is wrong with what looks like it. A name only where it is asked for."""
    found = parse_contact(text)
    match = _NAME.search(text) if with_name else None
    name = match["name"] if match else _bare_name(text) if with_name else None
    return KnownContact(found.phone, found.email, name), found.problem


def _bare_name(text: str) -> str | None:
    """The name in a message that holds nothing else but contact data, masked or not: "Piet Bakker, 06 12345678"."""
    bare = " ".join(_CONTACT_DATA.sub(" ", text).strip(" .,;:-!\n").split())
    if not bare or regions.is_place_name(bare) or find_persons(bare) != [(0, len(bare))]:
        return None
    return bare


def without_name(text: str) -> str:
    """The text with the name of the writer taken out."""
    said = _NAME.sub(lambda match: f"{match['lead']} {NAME_LABEL}", text)
    bare = _bare_name(text) if said == text else None
    return re.sub(r"\s+".join(map(re.escape, bare.split())), NAME_LABEL, said) if bare else said


def mended(text: str, known: KnownContact) -> KnownContact | None:
    """What is ``known`` with the part changed that a message corrects ("niet 0591 maar 0592", "hotmail bedoel ik"); None when it corrects none."""
    said = " ".join(text.lower().replace(",", " ").split()).strip(" .!")
    phone = _other_figures(said, "".join(re.findall(r"\d", shown_phone(known.phone)))) if known.phone else None
    email = _other_provider(said, known.email) if known.email else None
    return replace(known, phone=phone or known.phone, email=email or known.email) if phone or email else None


def _other_figures(said: str, figures: str) -> str | None:
    for pattern in _OTHER_FIGURES:
        if found := pattern.search(said):
            old, new = (re.sub(r"\D", "", found[part]) for part in ("old", "new"))
            return valid_phone(figures.replace(old, new, 1)) if old in figures else None
    end = _OTHER_END.search(said)
    return valid_phone(f"{figures[: -len(end['new'])]}{end['new']}") if end else None


def _other_provider(said: str, email: str) -> str | None:
    name, _, domain = email.partition("@")
    wanted = re.sub(r"\bniet [a-z0-9.]+ maar\b|\b(?:en )?niet [a-z0-9.]+$", " ", said).split()
    named = [word.removeprefix("@") for word in wanted if word.removeprefix("@").partition(".")[0] in _PROVIDERS]
    if len(named) != 1 or any(word.removeprefix("@") != named[0] and not _ABOUT_PROVIDER.fullmatch(word) for word in wanted):
        return None
    provider = named[0] if "." in named[0] else f"{named[0]}.{_PROVIDERS[named[0]]}"
    return valid_email(f"{name}@{provider}") if provider != domain else None


def is_beside(text: str) -> bool:
    """Whether contact data in a message come beside what is known ("en mijn mail is …"), not in its place."""
    return bool(_BESIDE.match(text))


def joined(before: KnownContact, now: KnownContact, *, instead: bool) -> KnownContact:
    """What is known after a message. ``instead``: a new answer to the question replaces the old one, apart from the name."""
    if instead and now:
        return replace(now, name=now.name or before.name)
    return KnownContact(now.phone or before.phone, now.email or before.email, now.name or before.name)


def placeholder(marks: Mapping[str, Any]) -> str | None:
    """What stands for contact data in a text: as much as is ``marks``-ed, of what may be known besides."""
    if marks.get("phone") and marks.get("email"):
        return CONTACT
    return PHONE if marks.get("phone") else EMAIL if marks.get("email") else None


def filled(value: Any, contact: KnownContact) -> Any:
    """A message (text, lists and objects within) with the placeholders replaced."""
    if isinstance(value, str):
        if _MARK not in value:
            return value
        phone, email = KnownContact(phone=contact.phone).shown, KnownContact(email=contact.email).shown
        return value.replace(CONTACT, contact.shown).replace(PHONE, phone).replace(EMAIL, email).replace(NAME, contact.name or "")
    if isinstance(value, Mapping):
        return {key: filled(item, contact) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, contact) for item in value]
    return value
