"""Words for coaches (je-form), and text of other people made safe for Markdown."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from steunwijzer import calendar_nl
from steunwijzer.answers import answers
from steunwijzer.db import utcnow

WELCOME = (
    "Dag. Ik ben Steunwijzer, een digitale assistent. Hier werk je als coach.\n\n"
    "- **Vraag me van alles** over werk en psychische kwetsbaarheid. Ik antwoord zoals je het aan een werkgever uitlegt.\n"
    "- **Aanvragen uit je regio** komen hier als kaart binnen. Je neemt ze aan, geeft ze door of belt terug.\n"
    "- **Chat met de werkgever** vanuit dit gesprek, zodra je een aanvraag hebt aangenomen.\n\n"
    "Typ **help** voor alles wat je kunt typen. Noem liever geen namen of diagnoses."
)
WELCOME_PUBLIC = (
    "Goedendag. Ik ben Steunwijzer, een digitale assistent. Ik help werkgevers bij werk en psychische kwetsbaarheid. "
    "Stel gerust uw vraag.\n\n"
    "Ik ben geen mens; u kunt altijd om een coach vragen. Dit gesprek wordt na 30 dagen gewist. Noem liever geen namen of diagnoses."
)
WELCOME_GROUP = "Goedendag. Ik ben Steunwijzer. Noem mij met @ en stel een vraag over werk en psychische kwetsbaarheid."
ONLY_PERSONAL = "Aanvragen en plaatsingen bekijk je in je eigen chat met mij, want er staan gegevens van werkgevers in."
NO_CHAT = "Je hebt nu geen gesprek met een werkgever open. Typ 'mijn aanvragen' om er een te openen."
OTHER_CHAT = "<em>Je chat nu met iemand anders. Kies 'Chatten' op de kaart van deze aanvraag om hier te antwoorden.</em>"
EXPLAIN = "Zo leg je het de werkgever uit:"
READS = "Dit leest een werkgever:"
TROUBLE = "Dat lukte niet. Probeer het over een minuut opnieuw."
TOO_LONG = "Je bericht is te lang. Stuur het in delen."
TOO_LONG_PUBLIC = "Uw bericht is te lang. Stuur het in delen."
BUSY = "Het duurt iets langer. De kaart verandert vanzelf."
OUTDATED = "Deze kaart is verouderd. Typ 'mijn aanvragen' voor wat er nu is."
ERASED = "De werkgever heeft de gegevens van deze aanvraag laten verwijderen."
ERASED_MESSAGE = "_Dit bericht is verwijderd op verzoek van de werkgever._"
YOU_ARE_THE_COACH = (
    "Jij bent hier de coach, dus ik vraag er geen voor je. Typ **mijn aanvragen** voor wat er wacht. "
    "Een aanvraag die je liever niet doet, geef je door met de knop op de kaart. "
    "Overleggen met een collega? Vraag 'welke coach hoort bij Tiel', dan zie je wie daar werkt. "
    "Met de situatie zelf help ik je ook: schrijf wat er op het werk gebeurt en wat je wilt weten."
)
NOT_A_COACH = "Deze kaart is alleen voor coaches in de lijst van Steunwijzer."
CHOOSE = "Ik weet niet zeker wat je bedoelt. Kies hieronder een onderwerp, zeg het met andere woorden, of typ 'help'."
NO_REPLY = "Daar heb ik geen antwoord op. Stel je vraag anders, of typ 'help'."
NO_REPLY_PUBLIC = "Daar heb ik geen antwoord op. Stel uw vraag anders."
# Answers are written for employers. These topics are part of the conversation itself, or too urgent for an opening.
_NOT_EXPLAINED = ("dialoog/", "grens/crisis", "coach/", "vervolg/")
# These tell about the assistant: nothing that a coach explains.
_READ = ("bot/", "grens/")

# What the assistant says of itself between the questions and answers, which it writes for employers.
AMONG_US = {
    "U kunt gewoon verder vragen.": "Je kunt gewoon verder vragen.",
    "U kunt ook gewoon verder vragen.": "Je kunt ook gewoon verder vragen.",
    "Ik houd uw antwoorden vast. Zeg 'ga verder' als u door wilt.": "Ik houd je antwoorden vast. Zeg 'ga verder' als je door wilt.",
    "Ik houd uw antwoorden vast. Zeg 'ga verder' als u weer tijd hebt.": "Ik houd je antwoorden vast. Zeg 'ga verder' als je weer tijd hebt.",
    "van wat u ziet tot een plan van één bladzijde. U kunt elke vraag overslaan.": (
        "van wat de werkgever ziet tot een plan van één bladzijde. Je kunt elke vraag overslaan."
    ),
    "Weet u het niet? Zeg dan 'weet ik niet'.": "Weet je het niet? Zeg dan 'weet ik niet'.",
    "Ik verstuur zelf niets. Dit kunt u kopiëren en aanpassen:": "Ik verstuur zelf niets. Dit kun je kopiëren en aanpassen:",
    "Een coach kan daarover meedenken.": "Leg het voor aan een collega, of vraag het de werkgever.",
    "Een coach kan met u meedenken over uw eigen situatie.": "Leg de situatie voor aan een collega.",
}
# what needs no opening, or brings its own
_OPENS_ITSELF = ("Dat staat niet", "Precies dat weet ik niet", "Meer heb ik hier niet over", "Ik verstuur zelf niets")

ASKS_FOR_REQUESTS = "coach/mijn_aanvragen"
ASKS_FOR_COACH = ("coach/spreken", "coach/terugbellen")
_MARKDOWN = re.compile(r"([\\`*_\[\]])")


def no_words(*, coach: bool) -> str:
    """The answer to a message without text: a picture, a file, a sticker."""
    return f"Ik lees alleen tekst; een foto of bestand heb ik niet doorgestuurd. Schrijf {'je' if coach else 'uw'} bericht in woorden."


def escaped(text: str) -> str:
    """Text of somebody else for a place in a card that reads Markdown: it makes no links and no formatting."""
    return _MARKDOWN.sub(r"\\\1", text).replace("<", "‹")


def quoted(who: str, moment: datetime, text: str) -> str:
    """A message of the visitor as a quotation in Teams' XML format, with who and when; nothing in it can become a tag or a link."""
    words = "<br/>".join(html.escape(line, quote=False) for line in text.splitlines())
    return f"<strong>{html.escape(who, quote=False)}</strong> · {calendar_nl.clock(moment)}<blockquote>{words}</blockquote>"


def warning(who: str, text: str) -> str:
    """A warning of the system about a visitor, in Teams' XML format."""
    words = text.removeprefix("Let op: ")
    return f"<strong>Let op, {html.escape(who, quote=False)}:</strong> {html.escape(words, quote=False)}"


def for_coach(payload: Mapping[str, Any]) -> str:
    """An answer of the assistant, introduced for a coach when it is one that is meant for employers."""
    text = str(payload.get("text") or "")
    topic = str(payload.get("topic") or "")
    if payload.get("offered_choices"):
        return CHOOSE
    answer = answers().get(topic)
    if answer is not None and answer.to_coach and text == answer.text:
        return answer.to_coach
    for for_employers, among_us in AMONG_US.items():
        text = text.replace(for_employers, among_us)
    if not topic or topic.startswith(_NOT_EXPLAINED) or text.startswith(_OPENS_ITSELF):
        return text
    if topic.startswith(_READ):
        return f"{READS}\n\n{text}"
    return f"{EXPLAIN}\n\n{text}" if payload.get("sources") else text


def without_coach(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A message of the assistant for a coach: without the buttons that ask for a coach."""
    return {**payload, "buttons": [each for each in payload.get("buttons") or [] if not _asks_for_coach(each.get("choice"))]}


def _asks_for_coach(choice: Any) -> bool:
    return isinstance(choice, Mapping) and choice.get("topic") in ASKS_FOR_COACH


def waiting(since: datetime, now: datetime | None = None) -> str:
    """How long somebody waits: ``12 minuten``, ``3 uur``, ``2 dagen``."""
    minutes = max(0, int(((now or utcnow()) - since).total_seconds() // 60))
    if minutes < 1:
        return "minder dan een minuut"
    if minutes < 120:
        return f"{minutes} {'minuut' if minutes == 1 else 'minuten'}"
    hours = minutes // 60
    return f"{hours} uur" if hours < 48 else f"{hours // 24} dagen"
