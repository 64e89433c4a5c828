"""The words around a place in what people write: what introduces it, what is no place, and areas too wide to know the region."""

from __future__ import annotations

import re


def _words_of(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


# Place names that are everyday words too: inside a sentence they count only after a word like "in" and at the end of a phrase.
COMMON_WORDS = _words_of(
    """anderen baak baard baars balk bant beek best blije blokker bontebok boer born broek buren dalen deelen dijken donderen dongen
    doorn dorst echt echten elp ell enter erica etten gasteren gauw gieten glimmen goor graft groet haaren hall halle handel hank
    haren heen heide hemmen hoek hoeven hoorn horn horst houten huizen hulst kaard kampen kats keent klimmen leek leiden lemmer lent
    leunen leur lieren lies linde linden loo loon losser made meppen middelaar mill moddergat monster neer nes nisse noordeinde noorden
    oranje overslag putten reek rekken rien rijen rijs roden schijf sluis son spier spijk spui stein stuifzand tegelen tuil tuk uithuizen
    veen vries vuren veulen vijlen waal waarde wateren watergang waterland wedde well wier wilp winde winkel zandberg zegge zetten
    axel amen bern stad zand loenen maren vianen capelle krimpen gooi veluwe betuwe peel kempen"""
)
# … and these only when the whole answer is the name, or the word "gemeente", "plaats" or "dorp" stands before it.
NEVER_IN_SENTENCE = _words_of(
    """een ee ie hem heel hee ens est nederland dewijk depunt deheen dehoef desteeg dewaal dehoeve dehorst deweere dekiel depol debult
    hetzand tzand deheide demortel dekrim deveenhoop namen leer mol geel bree essen kapellen lingen mijn"""
)
NAMERS = _words_of("gemeente plaats dorp stad plaatsje dorpje")
DENIED = _words_of("niet geen")
AFTER_PLACE = _words_of("en of met maar waar daar dus want nu sinds")
PREPOSITIONS = _words_of("in uit te bij nabij rond rondom omgeving vanuit naar regio gemeente plaats dorp stad plaatsje dorpje")
BEFORE_A_GUESS = _words_of("in uit nabij vanuit van omgeving plaats dorp stad")
ARTICLES = _words_of("de den het t")
NEAR = _words_of("bij nabij in")
NOT_A_PLACE = _words_of(
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
