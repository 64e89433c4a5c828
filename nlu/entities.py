"""Entities by gazetteer and pattern: place, postcode, region, phone, email, date, behaviour.

Nothing is learned, so a new place name or a corrected file works at once. Case, accents, hyphens and apostrophes are forgiven; a typing error in a
place name is left to :mod:`steunwijzer.place_finder`, which asks before it believes one.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import phonenumbers
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from steunwijzer.place_words import AFTER_PLACE, COMMON_WORDS, DENIED, NAMERS, NEVER_IN_SENTENCE

_REGIONS = Path(__file__).resolve().parents[1] / "data" / "regions"
_TOKEN = re.compile(r"[^\W_](?:[\w'’.-]*[^\W_])?", re.UNICODE)
_POSTCODE = re.compile(r"(?<![\w/-])([1-9]\d{3})(?:\s?[a-zA-Z]{2})?(?![\w/-])")
_BARE_POSTCODE_CUE = re.compile(r"postcode|regio|wonen|zitten|gevestigd|(?:buurt|omgeving) van\s*$|bij\s*$|in\s*$|^\s*$", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DATE = re.compile(
    r"\b(?:(?:eer)?gisteren|vandaag|morgen(?!s)|overmorgen|vanmiddag|vanavond|vanochtend"
    r"|(?:volgende|komende|aanstaande|vorige)\s+(?:week|maand|(?:maan|dins|woens|donder|vrij|zater|zon)dag)"
    r"|(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:ochtend|morgen|middag|avond)?"
    r"|over\s+\w+\s+(?:dagen|weken|maanden|week|maand)"
    r"|\d{1,2}[-/]\d{1,2}(?:[-/]\d{2,4})?"
    r"|\d{1,2}\s+(?:januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december)(?:\s+\d{4})?)\b",
    re.IGNORECASE,
)
_PLACE_CUE = frozenset({
    "in", "te", "uit", "vanuit", "nabij", "omgeving", "regio", "arbeidsmarktregio", "gemeente", "stad", "dorp", "plaats", "rond", "rondom",
    "naar", "richting", "tussen", "vestiging",
})  # fmt: skip
_CLOSES_PLACE = AFTER_PLACE | {"bij", "in"}
_LONGEST_NAME = 5

_BEHAVIOUR = {
    "faalangst": re.compile(
        r"faalangst\w*|onzeker\w*|bang (?:voor|om) fout\w*|angstig\w*|durft? (?:niets|niks|niet)|n(?:iets|iks|ix) durv?ft?(?:en)?\b|perfectionis\w*"
        r"|dichtklap\w*|klapt? (?:\w+ )?dicht\b",
        re.IGNORECASE,
    ),
    "impulsiviteit": re.compile(
        r"impulsi\w+|opvliegend\w*|heethoofd\w*|driftig\w*|driftkop\w*|heetgebakerd\w*|flapuit\w*|uitflap\w*|flapt? (?:\w+ ){0,3}e?r?uit\b"
        r"|kort lontje|onbesuisd\w*|ondoordacht\w*|doet voor\w* (?:hij|ze|zij|ie) denkt",
        re.IGNORECASE,
    ),
    "concentratie": re.compile(
        r"concentr[ae]\w+|afgeleid\w*|afleidbaar\w*|verstrooid\w*|warhoofd\w*|vergeetachtig\w*|focus(?:sen|probleem)?\b|dagdrom\w*|dagdromer\w*"
        r"|niet bij de les|hoofd er niet bij",
        re.IGNORECASE,
    ),
}


class Mention(NamedTuple):
    """One entity: kind, value and the characters it covers."""

    kind: str
    value: str
    start: int
    end: int


def plain(name: str) -> str:
    """A name without accents, apostrophes, hyphens or capitals: the form in which names are compared."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w]+", " ", bare.replace("'", "").replace("’", "")).lower().split())


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, tuple[str, str]], frozenset[str]]:
    """Plain name to (kind, name), and the names that are ordinary words too."""
    found: dict[str, tuple[str, str]] = {}

    def rows(file: str) -> list[dict[str, str]]:
        with open(_REGIONS / file, encoding="utf-8", newline="") as handle:
            return list(csv.DictReader(handle))

    for row in rows("regions.csv"):
        found[plain(row["name"])] = ("region", row["name"])
    for row in rows("aliases.csv"):
        found[plain(row["alias"])] = ("place", row["alias"])
    for row in rows("woonplaatsen.csv"):
        found[plain(row["name"])] = ("place", row["name"])
    for row in rows("gemeenten.csv"):
        found[plain(row["name"])] = ("place", row["shown_as"])
        found[plain(row["shown_as"])] = ("place", row["shown_as"])
    lines = (_REGIONS / "common_words.txt").read_text("utf-8").splitlines()
    return found, COMMON_WORDS | frozenset(plain(line) for line in lines if line and not line.startswith("#"))


def places(text: str) -> list[Mention]:
    """Names of places and regions in a text.

    An ordinary word counts only as the last of what is said after a word such as "in" ("in Best", not "in best lastige gesprekken"), or
    with a capital as the whole message; an article and the like ("in een magazijn") only behind "dorp" or "gemeente".
    """
    names, common = _names()
    tokens = [(match.group(), match.start(), match.end()) for match in _TOKEN.finditer(text)]
    found: list[Mention] = []
    denied: dict[int, bool] = {}  # "Den Bosch bedoel ik, niet Den Haag"
    at = 0
    while at < len(tokens):
        for size in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
            start, end = tokens[at][1], tokens[at + size - 1][2]
            key = plain(text[start:end])
            entry = names.get(key)
            if entry is None or not key:
                continue
            before = tokens[at - 1][0].lower() if at else ""
            # "uit te zetten" is a verb, "te Zetten" a village
            cued = before in _PLACE_CUE and not (before == "te" and tokens[at][0].islower())
            if key in NEVER_IN_SENTENCE and before not in NAMERS:
                continue
            if key in common or len(key) <= 2:
                follows = text[end : tokens[at + size][1]] if at + size < len(tokens) else ""
                closes = at + size >= len(tokens) or follows.strip() or tokens[at + size][0].lower() in _CLOSES_PLACE
                whole = size == len(tokens) and text[start].isupper()
                if not whole and not (cued and closes):
                    continue
            found.append(Mention(entry[0], entry[1], start, end))
            denied[len(found) - 1] = before in DENIED
            at += size - 1
            break
        at += 1
    meant = [mention for number, mention in enumerate(found) if not denied[number]]
    return meant or found


def _phones(text: str) -> list[Mention]:
    matches = phonenumbers.PhoneNumberMatcher(text, "NL", leniency=phonenumbers.Leniency.POSSIBLE)
    return [Mention("phone", match.raw_string, match.start, match.end) for match in matches if sum(c.isdigit() for c in match.raw_string) >= 9]


def _postcodes(text: str) -> list[Mention]:
    found = []
    for match in _POSTCODE.finditer(text):
        with_letters = match.end() - match.start() > 4
        if with_letters and match.group().rstrip()[-2:].lower() in {"is", "en", "of", "in", "op", "te", "ik", "we", "er"} and " " in match.group():
            with_letters = False
        alone = not (text[: match.start()] + text[match.end() :]).strip(" .?!")
        if with_letters or alone or _BARE_POSTCODE_CUE.search(text[max(0, match.start() - 20) : match.start()]):
            end = match.end() if with_letters else match.start() + 4
            found.append(Mention("postcode", text[match.start() : end].upper(), match.start(), end))
    return found


def find(text: str) -> list[Mention]:
    """All entities of a text, in reading order; where two overlap, contact data and postcodes beat dates and places."""
    text = text[:4000]
    candidates = [Mention("email", m.group(), m.start(), m.end()) for m in _EMAIL.finditer(text)]
    candidates += _phones(text)
    candidates += _postcodes(text)
    candidates += [Mention("date", m.group(), m.start(), m.end()) for m in _DATE.finditer(text)]
    candidates += places(text)
    kept: list[Mention] = []
    for one in candidates:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    for behaviour, pattern in _BEHAVIOUR.items():
        match = pattern.search(text)
        if match:
            kept.append(Mention("behaviour", behaviour, match.start(), match.end()))
    return sorted(kept, key=lambda one: one.start)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityFinder(GraphComponent, EntityExtractorMixin):
    """Adds the entities of :func:`find` to every message, training messages included."""

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> EntityFinder:
        return cls()

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.intent_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text:
                entities = [
                    {"entity": m.kind, "value": m.value, "start": m.start, "end": m.end, "confidence_entity": 1.0, "extractor": "EntityFinder"}
                    for m in find(str(text))
                ]
                message.set(ENTITIES, (message.get(ENTITIES) or []) + entities, add_to_output=True)
        return messages
