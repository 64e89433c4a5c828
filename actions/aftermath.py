"""After a message about danger: the next messages belong to it until somebody says that it is over, or clearly starts something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.phrases import one_of, plain
from nlu.crisis_certain import is_certain
from nlu.topics import is_crisis, topic_of

SURE_OF_OTHER = 0.6
"""Confidence of another topic from which the conversation goes on with that."""
# what somebody who is in the middle of it says: these topics count for nothing then
_NOTHING = frozenset(
    {
        *("dialoog/ja", "dialoog/nee", "dialoog/weet_niet", "dialoog/stop", "dialoog/afscheid", "coach/terugbellen", "coach/mijn_aanvragen"),
        *("bot/klacht", "bot/mogelijkheden", "grens/buiten_bereik", "grens/werknemer", "grens/andere_taal"),
    }
)
# a few words that look like these are still about what happens ("moet ik dit melden", "hij is boos weggegaan")
_STILL_ABOUT = ("faalangst/", "impulsiviteit/", "concentratie/", "preventie/", "privacy/", "openheid/", "grens/ontslag", "grens/diagnose")
_A_STORY = 10  # words: who writes as many tells something new
_SOMEBODY_NEW = re.compile(r"\b(?:ander|andere|iemand anders|nog een medewerker)\b")
_CALLING = re.compile(r"\bbel(?:len|t)?\b|\balarm\w*\b|\bwaarschuw\w*\b")
_HELPERS = r"(?:de )?(?:politie|ambulance|huisarts|dokter|arts|crisisdienst|hulpdiensten|brandweer|familie)"
_PERSON = r"(?:hij|ze|zij|ie|die)"
_TAKEN_CARE_OF = r"(?:terecht|gevonden|meegenomen|thuisgebracht|opgehaald|opgenomen)"
# what says so with a "no" of its own
_NO_DANGER = re.compile(
    r"\b(?:vals|loos) alarm\b|\bmisverstand\b|\b(?:was|is) (?:maar )?een grap\w*\b|\bgrapje\b|\bverkeerd begrepen\b|\bniet letterlijk\b"
    r"|\b(?:geen|niet (?:meer )?in)\b(?: \w+){0,2} gevaar\b|\bgeen paniek\b|\bniks aan de hand\b"
    r"|\bniet (?:echt |zo |heel |direct |meteen )*(?:gevaarlijk|bedreigend|levensgevaarlijk)\b|\b(?:niks|niets) (?:gevaarlijks|ernstigs)\b"
)
_OVER = re.compile(
    r"\b(?:het |dat )?gaat (?:nu |al |alweer |weer |inmiddels |met \w+ |gelukkig )*(?:goed|beter|wel)\b"
    r"|\bgevaar is (?:nu )?(?:voorbij|geweken)\b"
    r"|\b(?:is|zijn|weer|nu) (?:nu |weer |allemaal |inmiddels )*veilig\b|\bin veiligheid\b|\bin goede handen\b|\bgoed afgelopen\b"
    r"|\b(?:het|alles|dat) is (?:\w+ ){0,2}opgelost\b|^(?:(?:ja|ok\w*|gelukkig|weer|is) )*opgelost\b"
    r"|\b(?:alles|het|die) is (?:nu |weer |allemaal )*(?:rustig|in orde|onder controle|geregeld)\b|\bweer (?:rustig|in orde|kalm)\b"
    rf"|\b{_PERSON} is (?:nu |weer |al |gelukkig )*(?:rustig|kalm|gekalmeerd|afgekoeld)\b"
    rf"|\bis {_PERSON} (?:nu |weer |al )*(?:rustig|kalm)\b"
    rf"|\b{_HELPERS} (?:is|zijn) (?:er|geweest|gekomen|erbij|bij (?:hem|haar))\b(?! onderweg)"
    rf"|\b{_PERSON} is (?:\w+ ){{0,4}}{_TAKEN_CARE_OF}\b"
    rf"|\b(?:heeft|hebben|nam|neemt) (?:hem|haar|ze) (?:\w+ ){{0,4}}(?:mee|{_TAKEN_CARE_OF})\b"
    rf"|\b{_PERSON} (?:is|ligt|zit) (?:\w+ ){{0,3}}(?:naar|in) (?:het|'?t) (?:ziekenhuis|umc\w*|\w*ziekenhuis)\b"
    rf"|\b{_PERSON} (?:is|zit) (?:nu |weer |al |gelukkig |gewoon )*(?:thuis|bij (?:zijn|haar|z'n|d'r) \w+)\b|\b{_PERSON} leeft\b"
    r"|\b(?:mee|samen) naar (?:de |het )?(?:huisarts|dokter|crisisdienst|spoed\w*|ziekenhuis|ggz)\b"
    r"|\b(?:ze zijn er|is er nu),? (?:ze|hij|zij) gaa(?:t|n) mee\b"
    r"|\b(?:is|zit) (?:nu |weer )*in behandeling\b"
)
_MEANT = re.compile(
    r"(?:(?:nee|neen|o|oh|sorry|haha|ho|wacht)[, ]+)+.{0,40}\bbedoel\w*|(?:nee[, ]+)?(?:ik|hij|ze|zij) bedoel\w*\b.*"
    r"|.{0,40}\bbedoel\w* (?:ik|hij|ze|zij)\b.{0,10}|.{0,30}\bvergissing\b.*|haha[, ]+nee\b.*"
)
_COMING = re.compile(
    rf"\b{_HELPERS} (?:is|zijn|komt|komen) (?:nu |al )*(?:onderweg|eraan|gebeld|zo)\b|\b112 (?:is )?(?:al |net )?gebeld\b|\b{_HELPERS} komt\b"
    r"|\b(?:ik|we) (?:ga|gaan) (?:nu |meteen |ze |dan |112 |113 )*bellen\b"
    r"|\b(?:heb|hebben) (?:net |al |meteen |nu )*(?:112|113|de politie|de huisarts|de ambulance) gebeld\b"
)
_GOES = re.compile(r"\bik (?:ga|rij|rijd|loop|fiets|kom|spring)\b.*\b(?:heen|toe|naar (?:hem|haar|zijn|d'r|z'n))\b")
_LIFE = re.compile(r"(?<!niet in het )(?<!niet het )(?<!niet van het )(?<!niet zijn )(?<!niet haar )\bleven\b")
# Where danger may still be there, a doubt is enough: what is denied, asked, wished or feared is not over.
_DOUBT = re.compile(
    r"\b(?:niet|nie|nooit|geen|nog|maar|als|of|wil|wilt|wilde|moet|zou|misschien|denk|weet|hoe|dood|levenloos|overleden|verdwenen)\b|\?"
    r"|^(?:en |maar )*(?:is|zijn|kan|mag|gaat|komt) (?:hij|ze|zij|het|dat|die|de|er|we|ik)\b"
)
_HAS_DIED = re.compile(
    rf"\b(?:{_PERSON}|mijn \w+|onze \w+|de \w+|ons \w+) (?:is|was) (?:\w+ ){{0,3}}(?:dood(?:gevonden| gevonden)?|overleden|gestorven)\b"
    r"|\b(?:heeft|had) (?:zichzelf|zich|zelfmoord|zelfdoding) (?:\w+ ){0,4}(?:gepleegd|van het leven beroofd)\b"
)
_PERHAPS = re.compile(r"\b(?:als|of|misschien|denk|bang|straks|bijna|wil|wilt|zou|lijkt|volgens mij|poging|niet)\b|\?")
_MYSELF = one_of(
    r"\bik (?:\w+ ){0,6}(?:niet meer (?:leven|verder|zijn|aan|hoeven|wakker)|dood|mezelf|mijzelf|zelfmoord|zelfdoding|een eind|pillen|springen)\b",
    r"\b(?:wil|kan|hoef|zie|maak|doe) ik (?:\w+ ){0,5}(?:niet meer|dood|een eind|mezelf|mijzelf)\b",
    r"\bmezelf (?:iets|wat) aan\b",
    r"\bvoor mij (?:\w+ ){0,3}hoeft het\b",
    r"\bik (?:hoef|wil|kan) (?:\w+ ){0,3}niet meer\b",
    r"\bhet (?:leven|is) (?:\w+ ){0,4}voor mij\b",
)
_SOMEBODY_ELSE = re.compile(
    r"\b(?:hij|zij|ze|hem|haar|medewerk\w*|werkne\w*|collega|client|cliënt|deelnemer|kandidaat|leerling|stagiair\w*|iemand|diegene"
    r"|zegt|zei|schreef|appte|mijn \w+(?:er|ster|eur))\b"
)
# after the news: "oké ze is rustig. en nu?"
_AND_NOW = re.compile(r"[ .,!]+(?:en |maar )?(?:nu|wat|hoe|en)(?: \w+){0,4} ?\?$|[ .,!]+en (?:nu|dan|verder)$")
_STILL_MEANT = re.compile(r"\b(?:echt|serieus|menens|gemeend|dood|zelf\w*|springen|nu|bellen|moet|doen|eind\w*)\b")


def help_comes(text: str) -> bool:
    """Whether somebody says that help was called or is on its way; the danger is not over then."""
    said = plain(text)
    return bool(_COMING.search(said)) and not re.search(r"\b(?:niet|geen)\b", said)


def is_over(text: str) -> bool:
    """Whether somebody says that the danger is over, or that help has come."""
    said = _AND_NOW.sub("", plain(text))
    rest = _NO_DANGER.sub(" ", said)
    says_so = rest != said or bool(_OVER.search(said))
    return says_so and not _DOUBT.search(rest) and not is_certain(text)


def has_died(text: str) -> bool:
    """Whether somebody says that the person it was about is dead; what may be so, or is feared, is danger."""
    said = plain(text)
    return bool(_HAS_DIED.search(said)) and not _PERHAPS.search(said)


def names_somebody(text: str) -> bool:
    """Whether a text speaks of somebody other than the writer."""
    return bool(_SOMEBODY_ELSE.search(plain(text)))


def is_about_self(text: str) -> bool:
    """Whether the writer of a message about danger is in danger himself."""
    said = plain(text)
    return bool(_MYSELF.search(said)) and not names_somebody(text)


def was_meant_otherwise(text: str) -> bool:
    """Whether somebody says that a message about danger was understood wrongly ("nee, hij bedoelde de vergadering")."""
    said = plain(text)
    return bool(_MEANT.match(said)) and not _LIFE.search(said) and not _STILL_MEANT.search(said)


def belongs(parse: Mapping[str, Any], text: str, *, unsure: bool = False) -> bool:
    """Whether a message after one about danger still belongs to it, as far as understanding can tell.

    ``unsure``: the alarm itself was a doubtful one; then a clear question of any other kind is about something else.
    """
    topic, sure = topic_of(parse)
    if topic is None or sure < SURE_OF_OTHER or parse.get("worry"):
        return True
    area, _, question = topic.partition("/")
    if unsure:
        return is_crisis(parse) or topic in _NOTHING or bool(_GOES.search(plain(text)) or _CALLING.search(plain(text)))
    few = len(text.split()) < _A_STORY and not _SOMEBODY_NEW.search(plain(text))
    if few and topic.startswith(_STILL_ABOUT):
        return True
    if _GOES.search(plain(text)):
        return True
    return topic in _NOTHING or area in ("vervolg", "netwerk") or question == "escalatie" or bool(_CALLING.search(plain(text)))
