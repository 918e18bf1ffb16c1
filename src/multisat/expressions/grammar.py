"""The grammar as data: operators, functions, limits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Operator = Literal["+", "-", "*", "/", "**"]

MAX_LENGTH = 2000
"""Characters of an expression, as given and as ``text`` writes it."""

MAX_HEIGHT = 50
"""Operations inside one another."""

MAX_EXPONENT = 100
"""Largest exponent written as a number; published indices stay below 5."""

PRECEDENCE: Mapping[str, int] = {"+": 1, "-": 1, "*": 2, "/": 2, "**": 4}
"""Python's: a sign binds closer than ``*`` (``SIGN``), and ``**`` closer than a sign before it."""

SIGN = 3

FUNCTIONS: Mapping[str, tuple[int, int | None]] = {
    "abs": (1, 1),
    "sqrt": (1, 1),
    "exp": (1, 1),
    "log": (1, 1),
    "log10": (1, 1),
    "min": (2, None),
    "max": (2, None),
    "nd": (2, 2),
}
"""Functions with the least and the most arguments; ``log`` is natural, ``nd(a, b)`` is (a - b) / (a + b)."""
