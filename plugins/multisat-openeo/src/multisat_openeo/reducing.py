"""Many looks at a pixel, one number: reducers as callbacks."""

from __future__ import annotations

from multisat.steps import Composite
from multisat_openeo.graph import Graph, Value, callback, parameter


def reducer(composite: Composite) -> Value:
    """Return the callback of a reducer that sees each variable on its own; no data is skipped."""
    if composite.reducer == "std":
        return callback(_population)
    if composite.reducer == "quantile":
        return callback(lambda graph: _quantile(graph, composite.q))
    return simple(composite.reducer)


def simple(name: str) -> Value:
    """Return the callback that is one process of the standard, of the same name and meaning as ours."""
    return callback(lambda graph: graph.add(name, data=parameter("data")))


def _quantile(graph: Graph, q: float | None) -> Value:
    """Return a quantile of type 7, which is the standard's."""
    found = graph.add("quantiles", data=parameter("data"), probabilities=[q])
    return graph.add("array_element", data=found, index=0)


def _population(graph: Graph) -> Value:
    """Return the standard deviation of the population; the standard's ``sd`` is that of a sample."""
    number, sample = (graph.add(name, data=parameter("data")) for name in ("count", "sd"))
    share = graph.add("divide", x=graph.add("subtract", x=number, y=1), y=number)
    found = graph.add("multiply", x=sample, y=graph.add("sqrt", x=share))
    return graph.add("if", value=graph.add("eq", x=number, y=1), accept=0, reject=found)
