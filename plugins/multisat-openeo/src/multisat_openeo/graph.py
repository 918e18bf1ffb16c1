"""Process graphs while they are made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Value = Any
"""What an argument can be: JSON, or a reference to a node or a parameter."""
Flat = dict[str, dict[str, Any]]
"""Name to node, as the openEO API takes it."""


class Graph:
    """A process graph; a step that is there already is not added again."""

    def __init__(self) -> None:
        self._nodes: Flat = {}
        self._known: dict[str, str] = {}
        self._count: Counter[str] = Counter()

    def add(self, process: str, /, **arguments: Value) -> dict[str, str]:
        """Add a step and return a reference to what it gives; arguments that are None are left out.

        Args:
            process: Id of a process of the openEO standard.
            **arguments: Its arguments.
        """
        node = {"process_id": process, "arguments": {k: v for k, v in arguments.items() if v is not None}}
        said = json.dumps(node)
        if said not in self._known:
            self._count[process] += 1
            name = f"{process.replace('_', '')}{self._count[process]}"
            self._known[said], self._nodes[name] = name, node
        return {"from_node": self._known[said]}

    def ending(self, at: Mapping[str, str]) -> Flat:
        """Return the graph whose result is that of a step."""
        last = at["from_node"]
        return {name: node | ({"result": True} if name == last else {}) for name, node in self._nodes.items()}


def parameter(name: str) -> dict[str, str]:
    """Return a reference to what a process hands to its callback."""
    return {"from_parameter": name}


def callback(make: Callable[[Graph], Mapping[str, str]]) -> dict[str, Any]:
    """Return a callback: what ``make`` adds to a graph of its own."""
    inner = Graph()
    return {"process_graph": inner.ending(make(inner))}


def processes(flat: Mapping[str, Any]) -> frozenset[str]:
    """Return the ids of all processes of a graph, those of callbacks among them."""
    return frozenset(_ids(flat))


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("process_id"), str):
            yield value["process_id"]
        for inner in value.values():
            yield from _ids(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _ids(inner)
