"""Rasa's graph without Dask: the same nodes, called one after the other in an order that is made once.

Dask plans the graph anew for each of the three runs of a turn, and stock Rasa writes every input out for a log line that nobody reads: together
three milliseconds of Python a message. Nothing runs side by side in either case.
"""

from __future__ import annotations

from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Any, TypeVar

from rasa.engine.exceptions import GraphRunError
from rasa.engine.runner.dask import DaskGraphRunner

T = TypeVar("T")


class DirectRunner(DaskGraphRunner):
    """A ``DaskGraphRunner`` that does not need Dask to run."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plan = lru_cache(maxsize=32)(self._ordered)

    def _ordered(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """The nodes that the targets need, each behind those it needs itself, with the names of what it is given."""
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        order = TopologicalSorter({name: set(node.needs.values()) for name, node in nodes.items()}).static_order()
        return [(name, tuple(nodes[name].needs.values())) for name in order if name in nodes]

    def component(self, kind: type[T]) -> T:
        """The loaded component of a kind.

        Raises:
            LookupError: when the model has none.
        """
        for node in self._instantiated_nodes.values():
            if isinstance(node._component, kind):
                return node._component
        raise LookupError(kind.__name__)

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the targets (default: those of the model) by name; ``inputs`` are known by names that no node has.

        Raises:
            GraphRunError: when a node lacks what it needs or breaks off.
        """
        wanted = tuple(targets or self._graph_schema.target_names)
        done: dict[str, Any] = {name: (name, value) for name, value in (inputs or {}).items()}
        try:
            for name, needs in self._plan(wanted):
                done[name] = self._instantiated_nodes[name](*(done.get(need, need) for need in needs))
        except RuntimeError as problem:
            raise GraphRunError("Error running runner.") from problem
        return {name: done[name][1] for name in wanted}
