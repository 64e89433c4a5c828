"""After a message about danger: the next messages belong to it until somebody says that it is over, or clearly starts something else."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.phrases import plain
from nlu.crisis_certain import is_certain
from nlu.topics import topic_of

SURE_OF_OTHER = 0.6
"""Confidence of another topic from which the conversation goes on with that."""
# what somebody who is in the middle of it says: these topics count for nothing then
_NOTHING = frozenset(
    {
        *("dialoog/ja", "dialoog/nee", "dialoog/weet_niet", "coach/terugbellen", "bot/klacht"),
        *("grens/buiten_bereik", "grens/werknemer", "grens/andere_taal"),
    }
)
_CALLING = re.compile(r"\bbel(?:len|t)?\b|\balarm\w*\b|\bwaarschuw\w*\b")
_HELPERS = r"(?:de )?(?:politie|ambulance|huisarts|dokter|arts|crisisdienst|hulpdiensten|brandweer|familie)"
_OVER = re.compile(
    r"\b(?:het |dat )?gaat (?:nu |al |alweer |weer |inmiddels |met \w+ |gelukkig )*(?:goed|beter|wel)\b"
    r"|\b(?:vals|loos) alarm\b|\bmisverstand\b|\b(?:was|is) (?:maar )?een grap\w*\b|\bgrapje\b|\bverkeerd begrepen\b|\bniet letterlijk\b"
    r"|\b(?:geen|niet (?:meer )?in)\b(?: \w+){0,2} gevaar\b|\bgevaar is (?:nu )?(?:voorbij|geweken)\b"
    r"|\b(?:is|zijn|weer|nu) (?:nu |weer |allemaal |inmiddels )*veilig\b|\bin veiligheid\b|\bin goede handen\b|\bopgelost\b|\bgoed afgelopen\b"
    r"|\b(?:alles|het|die) is (?:nu |weer |allemaal )*(?:rustig|in orde|onder controle|geregeld)\b|\bweer (?:rustig|in orde|kalm)\b"
    r"|\b(?:ie|hij|ze|zij|die) is (?:nu |weer |al |gelukkig )*(?:rustig|kalm|gekalmeerd|afgekoeld)\b"
    r"|\bis (?:ie|hij|ze) (?:nu |weer |al )*(?:rustig|kalm)\b"
    r"|\bgeen paniek\b|\bniks aan de hand\b"
    rf"|\b{_HELPERS} (?:is|zijn) (?:er|geweest|gekomen|erbij|bij (?:hem|haar))\b(?! onderweg)"
    r"|\b(?:politie|ambulance) (?:heeft|nam|neemt) (?:hem|haar|ze) (?:mee|meegenomen)\b|\b(?:terecht|gevonden|meegenomen|thuisgebracht|opgehaald)\b"
    r"|\b(?:naar|in) het ziekenhuis\b|\bopgenomen\b"
)
_MEANT = re.compile(
    r"(?:(?:nee|neen|o|oh|sorry|haha|ho|wacht)[, ]+)+.{0,40}\bbedoel\w*|(?:nee[, ]+)?(?:ik|hij|ze|zij) bedoel\w*\b.*"
    r"|.{0,40}\bbedoel\w* (?:ik|hij|ze|zij)\b.{0,10}|.{0,30}\bvergissing\b.*|haha[, ]+nee\b.*"
)
_COMING = re.compile(
    rf"\b{_HELPERS} (?:is|zijn|komt|komen) (?:nu |al )*(?:onderweg|eraan|gebeld|zo)\b|\b112 (?:is )?(?:al |net )?gebeld\b|\b{_HELPERS} komt\b"
    r"|\b(?:heb|hebben) (?:net |al |meteen |nu )*(?:112|113|de politie|de huisarts|de ambulance) gebeld\b"
)
_GOES = re.compile(r"\bik (?:ga|rij|rijd|loop|fiets|kom|spring)\b.*\b(?:heen|toe|naar (?:hem|haar|zijn|d'r|z'n))\b")
_LIFE = re.compile(r"(?<!niet in het )(?<!niet het )(?<!niet van het )(?<!niet zijn )(?<!niet haar )\bleven\b")
_NOT_OVER = re.compile(r"\b(?:gaat|is|zijn) (?:\w+ ){0,2}(?:niet|nie|nog steeds niet) (?:goed|beter|veilig|over|voorbij|rustig)\b")


def help_comes(text: str) -> bool:
    """Whether somebody says that help was called or is on its way; the danger is not over then."""
    return bool(_COMING.search(plain(text)))


def is_over(text: str) -> bool:
    """Whether somebody says that the danger is over, or that help has come."""
    said = plain(text)
    return bool(_OVER.search(said)) and not _NOT_OVER.search(said) and not is_certain(text)


def was_meant_otherwise(text: str) -> bool:
    """Whether somebody says that a message about danger was understood wrongly ("nee, hij bedoelde de vergadering")."""
    said = plain(text)
    return bool(_MEANT.match(said)) and not _LIFE.search(said)


def belongs(parse: Mapping[str, Any], text: str) -> bool:
    """Whether a message after one about danger still belongs to it, as far as understanding can tell."""
    topic, sure = topic_of(parse)
    if topic is None or sure < SURE_OF_OTHER or parse.get("worry"):
        return True
    area, _, question = topic.partition("/")
    if _GOES.search(plain(text)):
        return True
    return topic in _NOTHING or area in ("vervolg", "netwerk") or question == "escalatie" or bool(_CALLING.search(plain(text)))
