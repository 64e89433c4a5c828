"""A step that asks for an e-mail address: read from where the router keeps it, stored sealed, offered back when it is known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.flow import Answers, Button, Message, Problem, Step
from actions.flow_values import is_no, is_yes
from steunwijzer import known_contact
from steunwijzer.contact import parse_contact
from steunwijzer.known_contact import CONTACT
from steunwijzer.sealed import seal, unseal

KNOWN = "known_mail"
"""Answer that says that the visitor's own address is known beforehand."""
_LATER = (Button("Liever niet", "Overslaan"),)


def known_mail(context: Mapping[str, Any]) -> dict[str, Any]:
    """A prefilled answer when the visitor gave an e-mail address, and nothing else, earlier in the conversation."""
    known = known_contact.of_conversation(str(context.get("conversation_id") or ""))
    return {KNOWN: True} if known.email and not known.phone else {}


def mail_step(key: str, question: str, answers: Answers, *, why: str, own: bool = True, refused: str = "Goed, dan stuur ik geen mail.") -> Step:
    """The step. ``own``: it is the visitor's own address, which is offered back when it is known. ``refused`` is said when it is skipped."""
    if own and answers.get(KNOWN):
        buttons = (Button("Ja, dat mag", "Ja, dat mag"), Button("Nee, een ander adres", "Nee, een ander adres"))
        return Step(
            key,
            f"{question} Mag het op {CONTACT}?",
            "contact",
            label="mailadres",
            why=why,
            buttons=buttons,
            validate=_confirmed,
            skipped_text=refused,
        )
    validate = _given if own else _given_of_other
    return Step(
        key,
        question,
        "contact",
        label="mailadres",
        why=why,
        validate=validate,
        of_other=not own,
        skipped_text=refused,
        show=lambda _: "het adres dat u gaf",
    )


def address(answers: Answers, key: str) -> str | None:
    """The address behind an answer, or None when there is none."""
    return unseal(str(answers[key])) if answers.get(key) else None


def _given_of_other(text: str, message: Message) -> Any:
    return _given(text, message, known_contact.OTHER_KEY)


def _given(text: str, message: Message, kept_under: str = known_contact.STATE_KEY) -> Any:
    found = parse_contact(str(message.entity("email") or text)).email
    if found is None and (message.metadata.get("contact") or {}).get("email"):
        # The router took the address out of the text and keeps it with the conversation.
        found = known_contact.of_conversation(str(message.metadata.get("conversation_id") or ""), kept_under).email
    if found:
        return seal(found)
    problem = (message.metadata.get("contact") or {}).get("problem")
    return Problem(problem if problem and "@" in text else "Ik zie geen mailadres. Typ het nog eens, of sla over.", _LATER)


def _confirmed(text: str, message: Message) -> Any:
    if (message.metadata.get("contact") or {}).get("email"):
        return _given(text, message)
    if is_yes(message) or text == "Ja, dat mag":
        known = known_contact.of_conversation(str(message.metadata.get("conversation_id") or "")).email
        return seal(known) if known else Problem("Ik heb uw adres niet meer. Typ het nog eens, of sla over.", _LATER)
    if is_no(message) or text == "Nee, een ander adres":
        return Problem("Welk mailadres wel?", _LATER)
    return _given(text, message)
