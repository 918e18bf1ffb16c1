"""Expression to text: the one way to write it, with no parentheses that change nothing."""

from __future__ import annotations

from multisat.expressions.grammar import PRECEDENCE, SIGN
from multisat.expressions.nodes import Binary, Call, Expression, Name, Number, Unary

_ATOM = 5


def text(expression: Expression) -> str:
    """Write an expression so that ``parse`` gives the same one back; this is also its JSON.

    Numbers are the shortest that mean the same float64, such as ``0.1``, ``2`` and ``1e-10``.
    """
    match expression:
        case Number(value=value):
            return _number(value)
        case Name(name=name):
            return name
        case Unary(operand=operand):
            return f"-{_inside(operand, SIGN)}"
        case Binary(op=op, left=left, right=right):
            own = PRECEDENCE[op]
            first, second = (_ATOM, SIGN) if op == "**" else (own, own + 1)
            return f"{_inside(left, first)} {op} {_inside(right, second)}"
        case Call(function=function, arguments=arguments):
            return f"{function}({', '.join(map(text, arguments))})"


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _inside(operand: Expression, least: int) -> str:
    return text(operand) if _binding(operand) >= least else f"({text(operand)})"


def _binding(expression: Expression) -> int:
    match expression:
        case Unary():
            return SIGN
        case Binary(op=op):
            return PRECEDENCE[op]
    return _ATOM
