"""The part of CQL2 the catalogue understands: comparisons, ``between`` and ``and``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from multisat.sandbox.sentinel_hub.refusing import CatalogRefused

Test = Callable[[Mapping[str, Any]], bool]

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "eq": operator.eq, "neq": operator.ne, "lt": operator.lt, "lte": operator.le,
    "gt": operator.gt, "gte": operator.ge,
}  # fmt: skip
_VALUE = r"('[^']*'|[-+]?\d+(?:\.\d+)?)"
_COMPARISON = re.compile(rf"\s*([\w:]+)\s*(<=|>=|<>|=|<|>)\s*{_VALUE}\s*", re.ASCII)
_BETWEEN = re.compile(rf"\s*([\w:]+)\s+between\s+{_VALUE}\s+and\s+{_VALUE}\s*", re.ASCII | re.IGNORECASE)
_AND = re.compile(r"and\b", re.IGNORECASE)


def test_of(expression: str | Mapping[str, Any], allowed: Sequence[str]) -> Test:
    """Return what says whether properties meet an expression.

    Args:
        expression: CQL2 as text or JSON.
        allowed: Properties that may be used.

    Raises:
        CatalogRefused: It is not of the part that is understood, or uses another property.
    """
    tests = _text(expression) if isinstance(expression, str) else _json(expression)
    for name, _ in tests:
        if name not in allowed:
            raise CatalogRefused(f"Querying is not possible by property {name}.")
    return lambda properties: all(name in properties and test(properties[name]) for name, test in tests)


def _text(text: str) -> list[tuple[str, Callable[[Any], bool]]]:
    tests, rest = [], text
    while True:
        found = _BETWEEN.match(rest) or _COMPARISON.match(rest)
        if not found:
            raise CatalogRefused(f"Invalid filter expression near: {rest[:60]}")
        name, *parts = found.groups()
        tests.append((name, _between(*map(_value, parts)) if found.re is _BETWEEN else _compare(*parts)))
        rest = rest[found.end() :]
        if not rest:
            return tests
        joined = _AND.match(rest)
        if not joined:
            raise CatalogRefused(f"Only and joins filters, not: {rest[:60]}")
        rest = rest[joined.end() :]


def _json(expression: Any) -> list[tuple[str, Callable[[Any], bool]]]:  # noqa: ANN401 - JSON
    if not isinstance(expression, dict):
        raise CatalogRefused("Invalid filter: each part must be an object with op and args.")
    name, args = str(expression.get("op", "")).lower(), expression.get("args")
    if not isinstance(args, list) or not args:
        raise CatalogRefused("Invalid filter: op and args are needed.")
    if name == "and":
        return [test for part in args for test in _json(part)]
    if not isinstance(args[0], dict) or "property" not in args[0]:
        raise CatalogRefused("Invalid filter: the first argument must be a property.")
    found = args[0]["property"]
    if name == "between" and len(args) == 3:  # noqa: PLR2004 - property, low, high
        return [(found, _between(args[1], args[2]))]
    if name in _OPERATORS and len(args) == 2:  # noqa: PLR2004 - property, value
        return [(found, _comparing(_OPERATORS[name], args[1]))]
    raise CatalogRefused(f"Invalid filter: operator {name} is not supported.")


def _compare(sign: str, value: str) -> Callable[[Any], bool]:
    return _comparing(_OPERATORS[sign], _value(value))


def _comparing(compare: Callable[[Any, Any], bool], value: Any) -> Callable[[Any], bool]:  # noqa: ANN401 - JSON
    return lambda have: _safe(compare, have, value)


def _safe(compare: Callable[[Any, Any], bool], have: Any, value: Any) -> bool:  # noqa: ANN401 - JSON
    try:
        return have is not None and compare(have, value)
    except TypeError:
        return False


def _between(low: Any, high: Any) -> Callable[[Any], bool]:  # noqa: ANN401 - JSON
    return lambda have: _safe(operator.ge, have, low) and _safe(operator.le, have, high)


def _value(text: str) -> str | float:
    return text[1:-1] if text.startswith("'") else float(text)
