"""What a request to a coach is about, in one or two sentences, from the topics of the conversation. The visitor sees and can change it."""

from __future__ import annotations

from collections.abc import Iterable

from nlu.topics import BEHAVIOURS
from steunwijzer.answers import answers

UNKNOWN = "Een werkgever wil overleggen met een coach."
MAX_TITLES = 3

_BEHAVIOUR = {
    "faalangst": "Een medewerker durft weinig te vragen of te beslissen (faalangstig gedrag).",
    "impulsiviteit": "Een medewerker doet of zegt dingen voordat hij of zij nadenkt (impulsief gedrag).",
    "concentratie": "Een medewerker is snel afgeleid en vergeet dingen (moeite met concentratie).",
}
_QUESTION = {
    "herkennen": "het herkennen ervan",
    "omgaan": "het omgaan ermee",
    "gesprek": "het gesprek erover",
    "aanpassen": "aanpassingen in het werk",
    "escalatie": "wat te doen als het misgaat",
    "vermijden": "wat beter niet te doen",
}
NO_SUBJECT = frozenset({"dialoog", "vervolg", "grens", "bot", "coach", "regio"})


def about(topics: Iterable[str], behaviour: str | None = None) -> str:
    """The subject for topic ids in the order in which they came up; ``behaviour`` is what the conversation knows besides."""
    told = [topic for topic in dict.fromkeys(topics) if topic.split("/")[0] not in NO_SUBJECT]
    behaviours = [one for one in BEHAVIOURS if one == behaviour or any(topic.startswith(f"{one}/") for topic in told)]
    sentences = [_BEHAVIOUR[one] for one in behaviours]
    questions = [_QUESTION[name] for area, _, name in (topic.partition("/") for topic in told) if area in BEHAVIOURS and name in _QUESTION]
    if questions:
        sentences.append(f"De werkgever zoekt hulp bij {_listed(list(dict.fromkeys(questions)))}.")
    titles = [answers().title(topic) for topic in told if topic.split("/")[0] not in BEHAVIOURS][-MAX_TITLES:]
    if titles:
        named = "; ".join(titles).replace("?; ", "; ")
        sentences.append(f"Ook besproken: {named}" if sentences else f"Besproken: {named}")
    return " ".join(sentences) or UNKNOWN


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} en {parts[-1]}"
