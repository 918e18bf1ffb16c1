"""Our expressions as JavaScript: from values, so that nothing a user writes is pasted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from multisat.expressions import Expression
from multisat.expressions.nodes import Binary, Call, Name, Number, Unary

_FUNCTIONS: Mapping[str, str] = {
    "abs": "Math.abs",
    "sqrt": "Math.sqrt",
    "exp": "Math.exp",
    "log": "Math.log",
    "log10": "Math.log10",
    "min": "Math.min",
    "max": "Math.max",
    "nd": "nd",
}
"""Both languages compute in double precision; NaN in gives NaN out in all of these."""

HELPERS = """\
function nd(a, b) { return (a - b) / (a + b); }
function power(a, b) {
  // No data stays no data (nan ** 0 is 1 elsewhere), and 1 to the power of infinity is 1 as in IEEE 754.
  if (isNaN(a) || isNaN(b)) return NaN;
  return Math.abs(a) === 1 && !isFinite(b) ? 1 : Math.pow(a, b);
}
function single(v) { const f = Math.fround(v); return isFinite(f) ? f : NaN; }
"""
"""What expressions call; ``single`` rounds once, and what is not finite then is no number."""


def javascript(expression: Expression) -> str:
    """Return an expression as JavaScript that computes the same in double precision.

    Args:
        expression: Of which names become variables of the same name.
    """
    match expression:
        case Number(value=value):
            return repr(value)
        case Name(name=name):
            return name
        case Unary(operand=operand):
            return f"(-{javascript(operand)})"
        case Binary(op="**", left=left, right=right):
            return f"power({javascript(left)}, {javascript(right)})"
        case Binary(op=op, left=left, right=right):
            return f"({javascript(left)} {op} {javascript(right)})"
        case Call(function=function, arguments=arguments):
            return f"{_FUNCTIONS[function]}({', '.join(map(javascript, arguments))})"
        case _:
            assert_never(expression)
