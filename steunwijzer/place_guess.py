"""The name that was probably meant, when a text holds none as it should be written."""

from __future__ import annotations

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from steunwijzer.place_result import MAX_OPTIONS, PlaceResult, lies_abroad, options_of, result_of
from steunwijzer.place_words import BEFORE_A_GUESS, NEVER_IN_SENTENCE, NOT_A_PLACE, SHORT_ANSWER, bare_place
from steunwijzer.regions import place_data, sound_of

_GUESS_CUTOFF = 76.0
_GUESS_IN_SENTENCE_CUTOFF = 88.0
_GUESS_MIN_LETTERS = 5


def guess(words: str) -> PlaceResult | None:
    """The name that was probably meant, to be confirmed; None when nothing is near enough."""
    stripped = bare_place(words)
    tokens = stripped.split()
    scores: dict[str, float] = {}
    if len(tokens) <= SHORT_ANSWER and not any(token in NOT_A_PLACE or token in NEVER_IN_SENTENCE or token.isdigit() for token in tokens):
        scores = _near("".join(tokens), _GUESS_CUTOFF)
    if not scores:
        # In a sentence only what follows a word like "in" may be a misspelt place, and it must resemble one closely.
        spoken = words.split()
        for index, token in enumerate(spoken[:-1]):
            for length in (1, 2, 3) if token in BEFORE_A_GUESS else ():
                attempt = "".join(spoken[index + 1 : index + 1 + length])
                if len(attempt) >= _GUESS_MIN_LETTERS:
                    scores |= _near(attempt, _GUESS_IN_SENTENCE_CUTOFF)
    if not scores:
        return None
    ranked = sorted(((score, key) for key, score in scores.items()), reverse=True)
    best_score, best = ranked[0]
    names = place_data().names
    if best not in names:
        return lies_abroad(best)
    near = [key for score, key in ranked if score >= best_score - 3.5 and key in names][:3]
    options = options_of(list(dict.fromkeys(name for key in near for name in names[key])))[:MAX_OPTIONS]
    if len(options) > 1:
        return (
            result_of(names[best]) if len(near) == 1 else PlaceResult("choose", options=options, question="Bedoelt u een van deze plaatsen?")
        )
    return PlaceResult("confirm", options[0], options, question=f"Bedoelt u {options[0].label}?")


def _near(attempt: str, cutoff: float) -> dict[str, float]:
    """Known names that resemble ``attempt``, with a score up to about 104; nothing for a text that is itself a name or too short."""
    data = place_data()
    if len(attempt) < 3 or attempt in NOT_A_PLACE or attempt in data.names:
        return {}
    heard = sound_of(attempt)
    scores = dict.fromkeys(data.loose.get(attempt, frozenset()), 97.0) | dict.fromkeys(data.sounds.get(heard, frozenset()), 96.0)
    for key, score, _index in process.extract(attempt, [*data.names, *data.abroad], scorer=fuzz.ratio, limit=12, score_cutoff=70):
        # People seldom mistake the first letter.
        first = 1.5 if key[0] == attempt[0] else -3
        slips = 100 * OSA.normalized_similarity(attempt, key)
        scores[key] = max(scores.get(key, 0), 0.3 * score + 0.3 * slips + 0.4 * fuzz.ratio(heard, sound_of(key)) + first)
    return {key: score + _bonus(key) for key, score in scores.items() if score + _bonus(key) >= cutoff}


def _bonus(key: str) -> float:
    """Bigger places are meant more often: at most some 4 points."""
    names = place_data().names.get(key)
    return 0.8 * max(name.weight for name in names) if names else 1.5
