"""Conditions on properties beyond place, time and cloud."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
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
_TEXTS = frozenset({"platform", "tile", "orbit_state", "processing_baseline"})
"""Properties that are text even where they look like numbers: tile 047027, baseline 05.09."""
_SYMBOLS = {"<=": "lte", ">=": "gte", "!=": "neq", "<": "lt", ">": "gt", "=": "eq"}
_LISTS = (list, tuple, AbstractSet)
_NUMBER = re.compile(r"^[-+]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,2})?$", re.ASCII)
"""A number; with a leading zero it is a code such as 047027, and text."""
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
        """Whether a property value meets the condition; None and other types never do.

        Args:
            have: What a scene has for the property.
        """
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
        wanted = {"in" if isinstance(wanted, _LISTS) else "eq": wanted}
    if not wanted:
        raise UsageError(f"{name}: nothing to compare with", hint='write it like {"gte": 30}')
    return [_condition(name, _operator(name, op), value) for op, value in wanted.items()]


def _condition(name: str, op: Operator, value: object) -> PropertyFilter:
    if op == "in":
        values = value if isinstance(value, _LISTS) else [value]
        return PropertyFilter(
            name=name, op=op, value=tuple(sorted((_value(name, v) for v in values), key=repr))
        )
    return PropertyFilter(name=name, op=op, value=_value(name, value))


def _operator(name: str, op: object) -> Operator:
    if op not in get_args(Operator):
        raise UsageError(f"{name}: no comparison is called {op!r}", hint=f"use one of {', '.join(_COMPARE)}")
    return cast("Operator", op)


def _value(name: str, value: object) -> str | float | bool:
    plain = value.item() if hasattr(value, "item") else value
    if name in _TEXTS and not isinstance(plain, str):
        raise UsageError(f"{name} is text, not {value!r}", hint='such as {"tile": "047027"}')
    if isinstance(plain, str | int) or (isinstance(plain, float) and math.isfinite(plain)):
        return plain
    raise UsageError(
        f"cannot compare with {value!r}", hint='use text, a number, true or false, or a list with "in"'
    )


def _from_text(text: str) -> PropertyFilter:
    found = _TEXT.match(text)
    if not found:
        raise UsageError(f"cannot read the condition {text!r}", hint='write it like "view:sun_elevation>=30"')
    name, symbol, wanted = found.groups()
    return PropertyFilter(name=name, op=_operator(name, _SYMBOLS[symbol]), value=_literal(name, wanted))


def _literal(name: str, text: str) -> Value:
    if len(text) > 1 and text[0] in "'\"" and text[-1] == text[0]:
        return text[1:-1]
    if name in _TEXTS:
        return text
    if text in {"true", "false"}:
        return text == "true"
    if name in {"relative_orbit", "cloud_cover"}:
        text = text.lstrip("0") or "0"
    return float(text) if _NUMBER.match(text) else text
