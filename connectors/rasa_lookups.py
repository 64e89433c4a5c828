"""What Rasa looks up anew at every turn, looked up once.

* Its rule policy asks every rule whether it fits. A rule fits when each of its states does, the last one first; which action and which intent
  that last state needs is known when the model is loaded, so that nearly all rules need not be asked.
* For each event it goes through all classes of events in search of the one with that name.

A test holds both against Rasa's own answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import State
from rasa.shared.core.events import Event
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

_ask_all = RulePolicy._get_possible_keys
_Index = Mapping[tuple[Any, Any], Mapping[str, str]]


def _index(lookup: Mapping[str, str]) -> _Index:
    """The rules by the action and the intent (None: any) in their last state."""
    index: dict[tuple[Any, Any], dict[str, str]] = defaultdict(dict)
    for key, action in lookup.items():
        last = RulePolicy._rule_key_to_state(key)[-1]
        intent = (last.get(USER) or {}).get(INTENT)
        index[(last.get(PREVIOUS_ACTION) or {}).get(ACTION_NAME), None if intent == SHOULD_NOT_BE_SET else intent or None][key] = action
    return index


def possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """The keys of the rules in ``lookup`` that fit ``states``, as Rasa's own method gives them."""
    action = (states[-1].get(PREVIOUS_ACTION) or {}).get(ACTION_NAME) if states else None
    if action is None:
        return set(_ask_all(self, lookup, states))
    known: dict[int, tuple[dict[str, str], _Index]] = self.__dict__.setdefault("_indexes", {})
    if id(lookup) not in known or known[id(lookup)][0] is not lookup:
        known[id(lookup)] = (lookup, _index(lookup))
    index = known[id(lookup)][1]
    intent = (states[-1].get(USER) or {}).get(INTENT)
    # a rule without an action name speaks of words that were said: those are all asked
    places = {(action, intent), (action, None), (None, intent), (None, None)}
    return set(_ask_all(self, {key: rule for place in places for key, rule in index.get(place, {}).items()}, states))


def install() -> None:
    """Have every rule policy and every event of this process looked up this way."""
    RulePolicy._get_possible_keys = possible_keys
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=256)(Event.resolve_by_type))
