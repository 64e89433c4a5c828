"""The 92 subjects that the assistant tells apart, and how each is written in Rasa terms.

A topic id is always ``area/name``. Topics that only answer are *retrieval intents*: Rasa sees the intent ``area`` and the response key
``area/name``, and one rule per area answers them all. Topics that steer the conversation are *plain intents* named ``area_name``, because a
policy sees only the base intent, never the response key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

BEHAVIOURS: tuple[str, ...] = ("faalangst", "impulsiviteit", "concentratie")
QUESTIONS: tuple[str, ...] = ("herkennen", "omgaan", "gesprek", "aanpassen", "escalatie", "vermijden")

AREAS: dict[str, tuple[str, ...]] = {
    **{behaviour: QUESTIONS for behaviour in BEHAVIOURS},
    "vervolg": (*QUESTIONS, "anders", "ander_gedrag"),
    "preventie": ("stappenplan", "signalen", "werkdruk", "gesprek", "ziekmelding", "terugval", "rollen"),
    "aannemen": ("waarom", "twijfels", "sollicitatie", "functie", "vacature", "inwerken"),
    "ips": ("uitleg", "werkwijze", "kosten", "bewijs"),
    "regeling": (
        "overzicht",
        "no_riskpolis",
        "loonkostensubsidie",
        "loonkostenvoordeel",
        "proefplaatsing",
        "jobcoach",
        "werkplek",
        "banenafspraak",
    ),
    "openheid": ("coral", "team"),
    "privacy": ("vragen", "vastleggen"),
    "werkafspraken": ("uitleg", "opstellen"),
    "instrument": ("mentorwijs", "harrie", "inclusieve_analyse", "wsp", "arbeidsdeskundige"),
    "netwerk": ("ervaringen",),
    "opvolging": ("uitleg", "checkin", "rapport"),
    "coach": ("spreken", "terugbellen", "status", "mijn_aanvragen"),
    "regio": ("zoeken",),
    "bot": ("mogelijkheden", "wie_ben_je", "privacy", "verwijderen", "gesprek_bewaren", "klacht", "compliment"),
    "dialoog": ("groet", "afscheid", "dank", "ja", "nee", "stop", "opnieuw", "weet_niet"),
    "grens": ("crisis", "diagnose", "ontslag", "werknemer", "buiten_bereik", "andere_taal"),
}

TOPICS: tuple[str, ...] = tuple(f"{area}/{name}" for area, names in AREAS.items() for name in names)

_STEERING_AREAS = frozenset({"vervolg", "opvolging", "coach", "regio", "dialoog", "grens"})
_STEERING_TOPICS = frozenset(
    {"preventie/stappenplan", "werkafspraken/opstellen", "bot/verwijderen", "bot/gesprek_bewaren"}
)

STEERING: frozenset[str] = frozenset(t for t in TOPICS if t.split("/")[0] in _STEERING_AREAS or t in _STEERING_TOPICS)
RETRIEVAL_INTENTS: tuple[str, ...] = tuple(dict.fromkeys(t.split("/")[0] for t in TOPICS if t not in STEERING))

OUT_OF_SCOPE = "grens/buiten_bereik"
MORE, OTHER_BEHAVIOUR = "vervolg/anders", "vervolg/ander_gedrag"
WITHOUT_BEHAVIOUR: dict[str, str] = {
    "herkennen": "preventie/signalen",
    "omgaan": "preventie/werkdruk",
    "gesprek": "preventie/gesprek",
    "aanpassen": "preventie/werkdruk",
    "escalatie": "preventie/rollen",
    "vermijden": "preventie/gesprek",
}
"""What a follow-up question is about when no behaviour is known: the conversation is about somebody who is not well."""
STARTS_STEPS: frozenset[str] = frozenset({"preventie/stappenplan", "werkafspraken/opstellen", "opvolging/checkin"})
"""Topics that start a guided flow at once: only when they are surely asked for."""
FALLBACK_INTENT = "nlu_fallback"
START_INTENTS: dict[str, str] = {"schemes": "start_schemes", "about_answer": "over_antwoord", "situation": "situatie"}
"""What no topic leads to, with the plain intent that starts it: the finder of schemes, a question about the last answer, a situation. They have
no examples."""
SITUATIONS: tuple[str, ...] = (
    *("situatie/weigert", "situatie/verward", "situatie/overleden", "situatie/zelf", "situatie/te_laat", "situatie/beleid"),
    *("situatie/contract", "situatie/contact", "situatie/zat", "situatie/kan_niet", "situatie/mail", "situatie/naasten"),
)
"""Keys of answers that belong to no topic; recognised in ``actions/situations.py``."""
DANGER_ANSWERS: tuple[str, ...] = (
    *("gevaar/zelf", "gevaar/geweld", "gevaar/zeggen", "gevaar/naaste"),
    *("gevaar/onbereikbaar", "gevaar/schuld", "gevaar/grap", "gevaar/twijfel", "gevaar/thuis"),
)
"""Keys of answers in the middle of danger; recognised in ``actions/danger_answers.py``."""
CRISIS = "grens/crisis"
NO_ANSWER = ("dialoog/", "vervolg/", "grens/buiten_bereik", "grens/andere_taal", "bot/wie_ben_je", "bot/compliment", "bot/klacht")
"""Beginnings of topics that a next message cannot be about."""


def is_leant_on(topic: str) -> bool:
    """Whether a next message may lean on the answer about this topic: not on a greeting, a form of a coach, a helpline."""
    return topic != CRISIS and not topic.startswith((*NO_ANSWER, "coach/"))


def intent_of(topic: str) -> str:
    """Rasa's intent name in training files: ``faalangst/gesprek`` (retrieval) or ``dialoog_ja`` (plain).

    Raises:
        KeyError: for an unknown topic id.
    """
    if topic not in _KNOWN:
        raise KeyError(topic)
    return topic.replace("/", "_", 1) if topic in STEERING else topic


def base_intent_of(topic: str) -> str:
    """The intent that policies see: the area for a retrieval topic, else the plain intent."""
    return intent_of(topic).split("/")[0]


_KNOWN = frozenset(TOPICS)
_BY_INTENT: dict[str, str] = {intent_of(topic): topic for topic in TOPICS}


def topic_of_intent(intent: str | None) -> str | None:
    """Topic id of a full intent name (``faalangst/gesprek``, ``dialoog_ja``); None for anything else."""
    return _BY_INTENT.get(intent or "")


def topic_of(parse_data: Mapping[str, Any]) -> tuple[str | None, float]:
    """Topic id and confidence (0–1) of a parsed message.

    A message under the threshold keeps its likeliest topic in ``topics`` (see :func:`ranking_of`) but has no topic of its own:
    ``(None, confidence)``.
    """
    intent = parse_data.get("intent") or {}
    name = intent.get("name")
    confidence = float(intent.get("confidence") or 0.0)
    if name in RETRIEVAL_INTENTS:
        selected = ((parse_data.get("response_selector") or {}).get(name) or {}).get("response") or {}
        name = selected.get("intent_response_key")
    return topic_of_intent(name), confidence


def ranking_of(parse_data: Mapping[str, Any]) -> list[tuple[str, float]]:
    """The likeliest topics with their confidence, best first (at most ten)."""
    return [(str(row["topic"]), float(row["confidence"])) for row in parse_data.get("topics") or []]


def is_crisis(parse_data: Mapping[str, Any]) -> bool:
    """Whether the message speaks of danger to life or safety."""
    return topic_of(parse_data)[0] == CRISIS
