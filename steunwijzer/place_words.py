"""The words around a place in what people write: what introduces it, what is no place, and areas too wide to know the region."""

from __future__ import annotations

import re

from steunwijzer.regions import words_of

PREPOSITIONS = words_of("in uit te bij nabij rond rondom omgeving vanuit naar regio gemeente plaats dorp stad plaatsje dorpje")
BEFORE_A_GUESS = words_of("in uit nabij vanuit van omgeving plaats dorp stad")
ARTICLES = words_of("de den het t")
NEAR = words_of("bij nabij in")
NOT_A_PLACE = words_of(
    """ja nee neen nou goed oke ok prima graag misschien weet niet geen idee stop terug opnieuw help hallo hoi dag bedankt dank verder
    liever doe maar zeg zeggen vertel waarom wat hoe kan mag wil zin meerdere maakt
    anders iets overslaan skip morgen vandaag overal nergens thuis kantoor werk hier daar klopt inderdaad juist precies coach iemand
    """
)
_LEAD_IN = re.compile(
    r"^(?:(?:ja|nee|nou|oh|eh|uh|hoi|hallo|dat is|dat ligt|het is|het gaat om|wij|we|ik|hij|zij|ze|mijn|ons|onze|het|de|bedrijf|zaak|winkel"
    r"|onderneming|werkgever|medewerker|werkplek|vestiging|kantoor|werk|werkt|werken|woon|woont|wonen|zit|zitten|ben|bent|is|staat|staan"
    r"|gevestigd|ligt|kom|komt|komen|bedoel|bedoelde|namelijk|gewoon|hier|dus|eigenlijk|in|uit|te|bij|vanuit|nabij|rond|omgeving"
    r"|buurt van|gemeente|plaats|woonplaats|stad|dorp|plaatsje|dorpje|regio|arbeidsmarktregio|postcode|provincie)\s+)+"
)
_TRAIL = re.compile(r"(?:\s+(?:denk ik|hoor|aub|graag|dus|nederland|alstublieft|a u b|geloof ik|zeg maar|ongeveer|e o|en omgeving|eo))+$")

PROVINCES = {
    "gelderland": "Gelderland",
    "gld": "Gelderland",
    "gelderse": "Gelderland",
    "noordbrabant": "Noord-Brabant",
    "brabant": "Noord-Brabant",
    "nb": "Noord-Brabant",
    "nbr": "Noord-Brabant",
    "brabantse": "Noord-Brabant",
    "noordholland": "Noord-Holland",
    "nh": "Noord-Holland",
    "zuidholland": "Zuid-Holland",
    "zh": "Zuid-Holland",
    "limburg": "Limburg",
    "l": "Limburg",
    "lb": "Limburg",
    "limburgse": "Limburg",
    "overijssel": "Overijssel",
    "ov": "Overijssel",
    "o": "Overijssel",
    "utrecht": "Utrecht",
    "ut": "Utrecht",
    "groningen": "Groningen",
    "gn": "Groningen",
    "gr": "Groningen",
    "friesland": "Friesland",
    "fryslan": "Friesland",
    "fr": "Friesland",
    "drenthe": "Drenthe",
    "dr": "Drenthe",
    "drentse": "Drenthe",
    "zeeland": "Zeeland",
    "z": "Zeeland",
    "zld": "Zeeland",
    "flevoland": "Flevoland",
    "holland": "Noord-Holland Zuid-Holland",
}
WIDE = (
    "gelderland",
    "noordbrabant",
    "brabant",
    "noordholland",
    "zuidholland",
    "limburg",
    "overijssel",
    "drenthe",
    "holland",
    "randstad",
    "heelnederland",
)
SHORT_TOWNS = frozenset({"ede", "oss", "urk", "epe"})
SHORT_ANSWER = 4


def bare_place(words: str) -> str:
    """Words without what people say before and after a place: "wij zitten in Tiel hoor" → "tiel"."""
    return _TRAIL.sub("", _LEAD_IN.sub("", words + " ").strip())
