"""What an expression is made of: five frozen values, each of which refuses to be wrong.

Compilers walk them with ``match``; ``MAX_HEIGHT`` bounds every walk, so plain recursion is safe::

    match node:
        case Number(value=value): ...
        case Name(name=name): ...
        case Unary(operand=operand): ...
        case Binary(op=op, left=left, right=right): ...
        case Call(function=function, arguments=arguments): ...
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from multisat.errors import UsageError
from multisat.expressions.grammar import FUNCTIONS, MAX_EXPONENT, MAX_HEIGHT, PRECEDENCE, Operator

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """A finite number, zero or greater; a negative one is a ``Unary`` of it."""

    value: float
    height: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if not (math.isfinite(self.value) and math.copysign(1, self.value) > 0):
            raise UsageError(
                f"{self.value!r} is no number from 0 to 1.8e308", hint="write a smaller number, such as 1e4"
            )
        object.__setattr__(self, "value", float(self.value))


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """A band or a constant: letters, digits and ``_`` of ASCII, beginning with a letter."""

    name: str
    height: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise UsageError(
                f"{self.name[:40]!r} is no name", hint="use letters, digits and _, such as rededge1"
            )
        if self.name in FUNCTIONS:
            raise UsageError(f"{self.name} is a function", hint=f"write it with arguments: {self.name}(...)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Unary:
    """The negative of its operand."""

    op: Literal["-"] = "-"
    operand: Expression
    height: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "height", _height(self.operand))


@dataclass(frozen=True, kw_only=True, slots=True)
class Binary:
    """Two operands and what is done with them."""

    op: Operator
    left: Expression
    right: Expression
    height: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "height", _height(self.left, self.right))
        if self.op not in PRECEDENCE:
            raise UsageError(f"no operator is written {self.op!r}", hint=f"use {' '.join(PRECEDENCE)}")
        if self.op == "**" and not names(self.right) and _size(self.right) > MAX_EXPONENT:
            raise UsageError(
                "the exponent is too large or too involved",
                hint=f"write a number up to {MAX_EXPONENT}, or a fraction such as (1 / 3)",
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """A function of ``FUNCTIONS`` and its arguments."""

    function: str
    arguments: tuple[Expression, ...]
    height: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "height", _height(*self.arguments))
        if self.function not in FUNCTIONS:
            raise UsageError(
                f"no function is called {self.function[:40]!r}", hint=f"functions are: {', '.join(FUNCTIONS)}"
            )
        least, most = FUNCTIONS[self.function]
        if len(self.arguments) < least or (most is not None and len(self.arguments) > most):
            count = f"{least}" if most else f"{least} or more"
            raise UsageError(
                f"{self.function} takes {count} and was given {len(self.arguments)}",
                hint="arguments are parted by commas: min(red, nir)",
            )


Expression = Number | Name | Unary | Binary | Call


def number(value: float) -> Expression:
    """Return a number of either sign as an expression."""
    size = Number(value=abs(value))
    return Unary(operand=size) if math.copysign(1, value) < 0 else size


def children(expression: Expression) -> tuple[Expression, ...]:
    """Return the operands or arguments, left to right."""
    match expression:
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case Call(arguments=arguments):
            return arguments
    return ()


def names(expression: Expression) -> tuple[str, ...]:
    """Return the names in an expression, once each, in order of appearance."""
    if isinstance(expression, Name):
        return (expression.name,)
    return tuple(dict.fromkeys(name for child in children(expression) for name in names(child)))


def substitute(expression: Expression, parts: Mapping[str, Expression]) -> Expression:
    """Return the expression with names replaced, all at once; names without a part stay."""
    match expression:
        case Name(name=name):
            return parts.get(name, expression)
        case Unary(operand=operand):
            return Unary(operand=substitute(operand, parts))
        case Binary(op=op, left=left, right=right):
            return Binary(op=op, left=substitute(left, parts), right=substitute(right, parts))
        case Call(function=function, arguments=arguments):
            return Call(function=function, arguments=tuple(substitute(a, parts) for a in arguments))
    return expression


def _height(*operands: Expression) -> int:
    height = 1 + max((operand.height for operand in operands), default=0)
    if height > MAX_HEIGHT:
        raise UsageError(
            f"more than {MAX_HEIGHT} operations inside one another",
            hint="group long sums in parentheses, (a + b) + (c + d), or compute in two steps",
        )
    return height


def _size(exponent: Expression) -> float:
    match exponent:
        case Number(value=value):
            return value
        case Unary(operand=operand):
            return _size(operand)
        case Binary(op="/", left=Number(value=over), right=Number(value=under)) if under:
            return over / under
    return math.inf
