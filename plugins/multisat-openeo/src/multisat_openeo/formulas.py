"""Formulas as process graphs, operation by operation."""

from __future__ import annotations

from collections.abc import Mapping

from multisat.expressions.nodes import Binary, Call, Expression, Name, Number, Unary
from multisat_openeo.graph import Graph, Value

LARGEST = 3.4028234663852886e38
"""The largest float32; what is beyond is no number in a result."""
_OPERATORS = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
_ONE = {"abs": ("absolute", "x"), "sqrt": ("sqrt", "x"), "exp": ("exp", "p"), "log": ("ln", "x")}
"""Function of one number to its process and the name of its argument."""


def computed(graph: Graph, expression: Expression, bands: Mapping[str, Value]) -> Value:
    """Add an expression to a callback and return its value.

    Args:
        graph: The callback.
        expression: What to compute.
        bands: Name to value.
    """
    match expression:
        case Number(value=value):
            return int(value) if value.is_integer() and value < 2**53 else value
        case Name(name=name):
            return bands[name]
        case Unary(operand=operand):
            return graph.add("multiply", x=computed(graph, operand, bands), y=-1)
        case Binary(op="**", left=left, right=right):
            return _power(graph, computed(graph, left, bands), computed(graph, right, bands))
        case Binary(op=op, left=left, right=right):
            x, y = (computed(graph, one, bands) for one in (left, right))
            return graph.add(_OPERATORS[op], x=x, y=y)
        case Call(function=function, arguments=arguments):
            return _called(graph, function, [computed(graph, one, bands) for one in arguments])


def finite(graph: Graph, value: Value) -> Value:
    """Return a value, or no data where it is infinite or no float32: a division by 0, a root of -1."""
    inside = graph.add("lte", x=graph.add("absolute", x=value), y=LARGEST)
    return graph.add("if", value=inside, accept=value)


def _power(graph: Graph, base: Value, exponent: Value) -> Value:
    found = graph.add("power", base=base, p=exponent)
    if isinstance(exponent, int | float) and exponent:
        return found
    # IEEE 754 says 1 for nan ** 0 and 1 ** nan; no data must stay no data
    nothing = graph.add("multiply", x=graph.add("add", x=base, y=exponent), y=0)
    return graph.add("add", x=found, y=nothing)


def _called(graph: Graph, function: str, values: list[Value]) -> Value:
    if function in _ONE:
        process, argument = _ONE[function]
        return graph.add(process, **{argument: values[0]})
    if function == "log10":
        return graph.add("log", x=values[0], base=10)
    if function == "nd":
        a, b = values
        return graph.add("divide", x=graph.add("subtract", x=a, y=b), y=graph.add("add", x=a, y=b))
    return graph.add(function, data=values, ignore_nodata=False)
