"""Which words fit a message about danger: those of ``grens/crisis``, or one of ``data/answers/gevaar.yml``.

A writer who is in danger himself, somebody who is threatened, and somebody who asks what to say need other words than the first ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions import aftermath, situations
from actions.phrases import one_of, plain
from nlu.crisis_words import NAMES, concepts
from nlu.topics import CRISIS
from steunwijzer.answers import answers, payload

SELF, VIOLENCE = "gevaar/zelf", "gevaar/geweld"
"""Kinds of danger, which are also the keys of their answers."""

_VIOLENCE = frozenset({"weapon", "attack", "bomb_fire", "violence_now"})
_SELF_HARM = frozenset({"suicide", "not_live", "not_be", "end", "self", "cut", "pills", "goodbye", "attempt", "self_harm", "hang"})
_PERSON = r"(?:hij|ze|zij|ie|hem|haar|d'r|diegene|die|iemand)"
_NEAR = rf"(?:{situations.KIN}|ouders|familie|gezin|mama|papa|zwager|huisgenoot)"
_ASKED = (
    ("gevaar/grap", one_of(r"\b(?:zegt|zei)\b.*\b(?:grap\w*|niet gemeend|niet zo bedoeld|niks aan de hand)\b", r"\bmaar een grap\w*\b")),
    (
        "gevaar/naaste",
        one_of(
            rf"\b(?:mag|moet|kan|zal|wie|kunnen we|moeten we)\b.*\b{_NEAR}\b.*\b(?:bellen|waarschuwen|inlichten|vertellen|appen|zeggen)\b",
            rf"\b(?:bel|waarschuw) ik\b.*\b{_NEAR}\b",
        ),
    ),
    (
        "gevaar/zeggen",
        one_of(
            rf"\bwat (?:zeg|vraag|app|schrijf|antwoord)\b.*\b(?:{_PERSON}|terug|precies|tegen)\b",
            r"\bwat (?:moet|kan|mag|zal) ik\b.*\b(?:zeggen|vragen|terug|antwoorden|appen|schrijven|precies|tegen)\b",
            r"\bhoe (?:vraag|zeg|begin|breng) ik\b",
            r"\bwat zeg ik\b",
            r"\bhoe (?:praat|reageer) ik\b",
        ),
    ),
    (
        "gevaar/onbereikbaar",
        one_of(
            rf"\b{_PERSON} (?:neemt|nam|pakt) (?:\w+ ){{0,3}}(?:niet|nie) (?:op|aan)\b",
            r"\b(?:neemt|nam) (?:\w+ ){0,2}niet op\b",
            rf"\b{_PERSON} (?:is|was) (?:\w+ ){{0,3}}(?:weg|verdwenen|spoorloos|kwijt|vertrokken|weggelopen|weggereden|niet thuis)\b",
            r"\b(?:doet|deed) (?:niemand|niet|nie) open\b",
            r"\bgordijnen (?:zijn )?dicht\b",
            r"\b(?:reageert|antwoordt|appt) (?:\w+ ){0,2}niet\b",
            r"\bonbereikbaar\b|\bniet te bereiken\b",
        ),
    ),
    (
        "gevaar/twijfel",
        one_of(
            r"\b(?:moet|zal|kan|mag) ik (?:nu |dan |echt |de |het )*(?:112|113|politie|ambulance|huisarts|dokter)\b.*\bbellen\b",
            r"\boverdrijf ik\b|\bstel ik (?:me|mij) aan\b|\bhoe zeker\b",
            r"\bis (?:het|dit) (?:wel )?(?:erg|ernstig) genoeg\b|\bmoet ik (?:dit|dat) melden\b",
        ),
    ),
    (
        "gevaar/thuis",
        one_of(r"\b(?:mag|kan|moet|laat)\b.*\bnaar huis\b", r"\bnaar huis (?:laten gaan|sturen|brengen)\b"),
    ),
    (
        "gevaar/schuld",
        one_of(r"\b(?:mijn|onze|m'n|mn) schuld\b", r"\bschuldig\b", r"\bhad ik (?:maar|het|dit|dat)\b", r"\bwie zorgt (?:er )?voor mij\b"),
    ),
)
_DAYS_AFTER = one_of(
    r"\b(?:en |wat |hoe ).*\b(?:morgen|maandag|volgende week|komende (?:dagen|weken)|daarna|erna)\b",
    r"\b(?:wat (?:zeg|vertel) ik|hoe (?:zeg|vertel) ik)\b.*\b(?:team|anderen|andere|collega'?s|rest|meiden|jongens|klanten|ploeg)\b",
    r"\bwanneer (?:kan|mag|moet) .*\b(?:beginnen|starten|terug|werken)\b",
    r"\bhoe houd? ik contact\b",
    r"\bhoe vang ik\b.*\bop\b",
)


def kind_of(text: str, before: str | None = None) -> str | None:
    """Who is in danger: :data:`SELF` (the writer), :data:`VIOLENCE` (others, threatened), or None (somebody, by himself).

    ``before`` is what it was until now, for a message that does not say.
    """
    if aftermath.is_about_self(text):
        return SELF
    found = {NAMES[number] for number in concepts(text)}
    if found & _SELF_HARM:
        return None if before == VIOLENCE else before
    return VIOLENCE if found & _VIOLENCE else before


def asked(text: str) -> str | None:
    """The answer of ``gevaar.yml`` that a question in the middle of danger asks for, or None."""
    said = plain(text)
    return next((key for key, pattern in _ASKED if pattern.search(said)), None)


def is_about_days_after(text: str) -> bool:
    """Whether a message in the middle of danger asks about the time after it, or about the others at work."""
    return bool(_DAYS_AFTER.search(plain(text)))


def message(text: str, context: Mapping[str, Any]) -> dict[str, Any]:
    """What to say to a message about danger.

    ``context`` travels with the message: ``danger`` (answers about danger before this one) and ``danger_kind`` (see :func:`kind_of`) of those.
    """
    crisis, before = answers()[CRISIS], int(context.get("danger") or 0)
    if situations.told_in(text) == situations.DIED:
        return payload(crisis, f"{_numbers(crisis.text)}\n\n{answers()[situations.DIED].text}")
    kind = kind_of(text, context.get("danger_kind"))
    if before and kind != SELF and is_about_days_after(text):
        return payload(crisis, crisis.more[-1])
    key = asked(text) if before and kind != SELF else None
    if key is not None and not (kind == VIOLENCE and key in ("gevaar/zeggen", "gevaar/grap")):
        return _said(key)
    if kind is not None:
        return _said(kind, further=before % 2 == 1)
    return payload(crisis, crisis.more[0]) if crisis.more and before % 2 else payload(crisis)


def _said(key: str, *, further: bool = False) -> dict[str, Any]:
    """An answer of ``gevaar.yml``, or its further part, as one about the topic of danger."""
    answer = answers()[key]
    words = answer.more[0] if further and answer.more else answer.text
    return {**payload(answer, words), "topic": CRISIS, "buttons": payload(answers()[CRISIS])["buttons"]}


def _numbers(text: str) -> str:
    """Whom to call, without what to do."""
    return "\n".join(line for line in text.splitlines() if not line.startswith("- ")).strip()
