"""Text to expression, by precedence climbing. Python never sees the text."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from multisat.errors import UsageError
from multisat.expressions.grammar import MAX_HEIGHT, MAX_LENGTH, PRECEDENCE, SIGN, Operator
from multisat.expressions.nodes import Binary, Call, Expression, Name, Number, Unary
from multisat.expressions.printing import text
from multisat.expressions.tokens import Token, tokens

_MAX_NESTING = 2 * MAX_HEIGHT + 1
"""An operand on the right in parentheses costs two calls, so every expression of allowed height fits."""


def parse(source: str) -> Expression:
    """Read an expression over bands.

    Operators are ``+ - * / **`` with Python's precedence (``-a ** 2`` is ``-(a ** 2)``, and
    ``a ** b ** c`` is ``a ** (b ** c)``); functions are those of ``FUNCTIONS``. There are no strings,
    attributes, subscripts, comparisons or assignments, and nothing is ever run as Python.

    Args:
        source: Such as ``"(nir - red) / (nir + red)"``; at most 2,000 characters of ASCII.

    Raises:
        UsageError: It is no such expression; the message says at which character, counted from 1.
    """
    if not isinstance(source, str):
        raise UsageError(
            f"an expression is text, not {type(source).__name__}", hint='such as "(nir - red) / (nir + red)"'
        )
    _check_length(source)
    found = _Parser(source).whole()
    _check_length(text(found))
    return found


def _check_length(source: str) -> None:
    if len(source) > MAX_LENGTH:
        raise UsageError(
            f"the expression is longer than {MAX_LENGTH} characters", hint="compute it in two steps"
        )


class _Parser:
    def __init__(self, source: str) -> None:
        self._tokens = tokens(source)
        self._next = next(self._tokens)
        self._nesting = 0

    def whole(self) -> Expression:
        found = self._expression(0)
        if self._next.kind != "end":
            raise _wrong(self._next, "an operator was expected")
        return found

    def _expression(self, least: int) -> Expression:
        """Read operators that bind at least this close."""
        self._nesting += 1
        if self._nesting > _MAX_NESTING:
            raise UsageError(
                f"character {self._next.position}: too many parentheses or signs inside one another",
                hint="leave out those that change nothing, or compute in two steps",
            )
        left = self._operand()
        while PRECEDENCE.get(self._next.text, -1) >= least:
            left = self._binary(left, self._take())
        self._nesting -= 1
        return left

    def _binary(self, left: Expression, op: Token) -> Expression:
        right = self._expression(SIGN if op.text == "**" else PRECEDENCE[op.text] + 1)
        return _made(op, lambda: Binary(op=cast("Operator", op.text), left=left, right=right))

    def _operand(self) -> Expression:
        token = self._take()
        match token.kind, token.text:
            case "number", written:
                return _made(token, lambda: Number(value=float(written)))
            case "name", name if self._next.text != "(":
                return _made(token, lambda: Name(name=name))
            case "name", name:
                return self._call(token)
            case _, "(":
                inner = self._expression(0)
                self._close()
                return inner
            case _, "-":
                operand = self._expression(SIGN)
                return _made(token, lambda: Unary(operand=operand))
            case _, "+":
                return self._expression(SIGN)
        raise _wrong(token, "a band, a number, a function or ( was expected")

    def _call(self, function: Token) -> Expression:
        self._take()
        arguments = [] if self._next.text == ")" else [self._expression(0)]
        while self._next.text == ",":
            self._take()
            arguments.append(self._expression(0))
        self._close()
        return _made(function, lambda: Call(function=function.text, arguments=tuple(arguments)))

    def _close(self) -> None:
        if self._next.text != ")":
            raise _wrong(self._next, "an operator or ) was expected")
        self._take()

    def _take(self) -> Token:
        token = self._next
        if token.kind != "end":
            self._next = next(self._tokens)
        return token


def _made(token: Token, make: Callable[[], Expression]) -> Expression:
    try:
        return make()
    except UsageError as error:
        raise UsageError(f"character {token.position}: {error.args[0]}", hint=error.hint) from None


def _wrong(token: Token, expected: str) -> UsageError:
    found = repr(token.text[:20]) if token.text else "the end"
    return UsageError(
        f"character {token.position}: {expected}, not {found}",
        hint='write it like "(nir - red) / (nir + red)"',
    )
