"""Text to tokens: numbers, names and symbols of ASCII, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from multisat.errors import UsageError

Kind = Literal["number", "name", "symbol", "end"]

_TOKEN = re.compile(
    r"""[ \t\r\n]*(?:
        (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)
        |(?P<name>[A-Za-z][A-Za-z0-9_]*)
        |(?P<symbol>\*\*|[-+*/(),])
        |(?P<end>\Z)
    )""",
    re.VERBOSE,
)
_HINTS = {"^": "write ** for a power", "=": "write only what is to be computed, without a name before it"}
_GRAMMAR = "use names, numbers, + - * / **, parentheses and functions such as sqrt(...)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A piece of an expression.

    Attributes:
        kind: What it is.
        text: How it is written; empty at the end.
        position: Of its first character, counted from 1.
    """

    kind: Kind
    text: str
    position: int


def tokens(source: str) -> Iterator[Token]:
    """Yield the tokens of an expression; the last has the kind ``end``.

    Raises:
        UsageError: A character belongs to no token.
    """
    at = 0
    while found := _TOKEN.match(source, at):
        kind: Kind = found.lastgroup  # type: ignore[assignment] # the groups are the kinds
        yield Token(kind=kind, text=found[kind], position=found.start(kind) + 1)
        if kind == "end":
            return
        at = found.end()
    at += len(source[at:]) - len(source[at:].lstrip(" \t\r\n"))
    raise UsageError(
        f"character {at + 1}: {source[at]!a} is not part of an expression",
        hint=_HINTS.get(source[at], _GRAMMAR),
    )
