"""What Rasa looks up anew at every turn, looked up once.

* Its rule policy asks every rule whether it fits. A rule fits when each of its states does, the last one first; which action and which intent
  that last state needs is known when the model is loaded, so that nearly all rules need not be asked.
* For each event it goes through all classes of events in search of the one with that name.
* Five times a turn it goes through all events of the conversation to leave out what was taken back; in a form that takes ever longer. Here the
  outcome is kept, and only what came since is gone through.

A test holds all three against Rasa's own answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any

from rasa.core.policies.rule_policy import SHOULD_NOT_BE_SET, RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, USER
from rasa.shared.core.domain import State
from rasa.shared.core.events import ActionExecuted, ActionReverted, ActiveLoop, Event, Restarted, SessionStarted, UserUtteranceReverted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

_ask_all = RulePolicy._get_possible_keys
_go_through_all = DialogueStateTracker.applied_events
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


@dataclass
class _Gone:
    """How far the events of a tracker were gone through, and with what outcome."""

    events: Any
    count: int = 0
    last: Event | None = None
    loops: set[str] = field(default_factory=set)
    applied: list[Event] = field(default_factory=list)

    def goes_on(self, events: Any) -> bool:
        """Whether ``events`` are those gone through, perhaps with more behind them."""
        return self.events is events and len(events) >= self.count and (not self.count or events[self.count - 1] is self.last)


def applied_events(self: DialogueStateTracker) -> list[Event]:
    """The events that count, without what was taken back, as Rasa's own method gives them."""
    gone = self.__dict__.get("_gone")
    if gone is None or not gone.goes_on(self.events):
        gone = _Gone(self.events)
    fresh = list(islice(self.events, gone.count, None))
    loops = {event.name for event in fresh if isinstance(event, ActiveLoop) and event.name} - gone.loops
    if loops:  # a form may have run before it says that it is one: then that counts differently
        loops |= gone.loops
        gone, fresh = _Gone(self.events, loops=loops), list(self.events)
    for event in fresh:
        _go_through(self, event, gone)
    if fresh:
        gone.count, gone.last = len(self.events), fresh[-1]
    self.__dict__["_gone"] = gone
    return list(gone.applied)


def _go_through(tracker: DialogueStateTracker, event: Event, gone: _Gone) -> None:
    """One event of Rasa's loop in ``DialogueStateTracker.applied_events``."""
    applied = gone.applied
    if isinstance(event, (Restarted, SessionStarted)):
        applied.clear()
    elif isinstance(event, ActionReverted):
        tracker._undo_till_previous(ActionExecuted, applied)
    elif isinstance(event, UserUtteranceReverted):
        tracker._undo_till_previous(UserUttered, applied)
        tracker._undo_till_previous(ActionExecuted, applied)
    elif (
        isinstance(event, ActionExecuted)
        and event.action_name in gone.loops
        and not tracker._first_loop_execution_or_unhappy_path(event.action_name, applied)
    ):
        tracker._undo_till_previous_loop_execution(event.action_name, applied)
    else:
        applied.append(event)


def install() -> None:
    """Have every rule policy, event and tracker of this process looked up this way."""
    RulePolicy._get_possible_keys = possible_keys
    DialogueStateTracker.applied_events = applied_events
    if not hasattr(Event.resolve_by_type, "cache_info"):
        Event.resolve_by_type = staticmethod(lru_cache(maxsize=256)(Event.resolve_by_type))
