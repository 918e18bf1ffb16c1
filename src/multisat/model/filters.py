"""Conditions on properties beyond place, time and cloud."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from multisat.errors import UsageError

Operator = Literal["eq", "neq", "lt", "lte", "gt", "gte", "in"]
Value = str | float | bool | tuple[str | float | bool, ...]

_COMPARE: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "neq": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "in": lambda have, wanted: have in wanted,
}
_SYMBOLS = {"<=": "lte", ">=": "gte", "!=": "neq", "<": "lt", ">": "gt", "=": "eq"}
_TEXT = re.compile(r"^\s*([\w:.-]+?)\s*(<=|>=|!=|<|>|=)\s*(.+?)\s*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class PropertyFilter:
    """One condition; an item without the property does not meet it.

    Attributes:
        name: A property of the harmonised scene (``platform``, ``tile``, ``relative_orbit``,
            ``orbit_state``, ``processing_baseline``) or the archive's own (``view:sun_elevation``).
        op: Comparison.
        value: What to compare with; a tuple for ``in``.
    """

    name: str
    op: Operator
    value: Value

    def met_by(self, have: object) -> bool:
        """Whether a property value meets the condition; None and other types never do."""
        if have is None:
            return False
        try:
            return bool(_COMPARE[self.op](have, self.value))
        except TypeError:
            return False

    def to_dict(self) -> dict[str, Any]:
        """Return the condition as JSON values."""
        value = list(self.value) if isinstance(self.value, tuple) else self.value
        return {"name": self.name, "op": self.op, "value": value}


def parse_filters(value: object) -> tuple[PropertyFilter, ...]:
    """Make filters from what a user writes.

    Args:
        value: None; ``{"platform": "landsat-8", "view:sun_elevation": {"gte": 30}}``; strings
            such as ``"view:sun_elevation>=30"``; or a list of strings and filters.

    Raises:
        UsageError: A condition cannot be understood.
    """
    if value is None:
        return ()
    if isinstance(value, Mapping):
        return tuple(f for name, wanted in value.items() for f in _from_mapping(str(name), wanted))
    if isinstance(value, str | PropertyFilter):
        value = [value]
    if not isinstance(value, list | tuple):
        raise UsageError(
            f"cannot read filters from {type(value).__name__}", hint='use {"platform": "landsat-8"}'
        )
    return tuple(f if isinstance(f, PropertyFilter) else _from_text(str(f)) for f in value)


def _from_mapping(name: str, wanted: object) -> list[PropertyFilter]:
    if not isinstance(wanted, Mapping):
        wanted = {"in" if isinstance(wanted, list | tuple | set) else "eq": wanted}
    return [PropertyFilter(name=name, op=_operator(name, op), value=_value(v)) for op, v in wanted.items()]


def _operator(name: str, op: object) -> Operator:
    if op not in get_args(Operator):
        raise UsageError(f"{name}: no comparison is called {op!r}", hint=f"use one of {', '.join(_COMPARE)}")
    return cast("Operator", op)


def _value(value: object) -> Value:
    if isinstance(value, list | tuple | set):
        return tuple(sorted(value, key=repr))
    if isinstance(value, str | float | int | bool):
        return value
    raise UsageError(f"cannot compare with {value!r}", hint="use text, a number, true or false, or a list")


def _from_text(text: str) -> PropertyFilter:
    found = _TEXT.match(text)
    if not found:
        raise UsageError(f"cannot read the condition {text!r}", hint='write it like "view:sun_elevation>=30"')
    name, symbol, wanted = found.groups()
    return PropertyFilter(name=name, op=_operator(name, _SYMBOLS[symbol]), value=_literal(wanted))


def _literal(text: str) -> Value:
    if text in {"true", "false"}:
        return text == "true"
    quoted = text[:1] in "'\"" and text[-1:] == text[:1]
    try:
        return text[1:-1] if quoted else float(text)
    except ValueError:
        return text
