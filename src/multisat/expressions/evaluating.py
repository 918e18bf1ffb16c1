"""Numbers out of an expression: float64 inside, float32 and NaN outside."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import numpy.typing as npt

from multisat.errors import UsageError
from multisat.expressions.nodes import Binary, Call, Expression, Name, Number, Unary, names

Values = Mapping[str, Any]
Array = npt.NDArray[np.floating[Any]]

_BLOCK = 16384
"""Pixels computed at once, so that intermediate results stay in the processor's cache."""

_MOST = 60
"""Arrays that NumPy walks through together, less room for the result."""


def evaluate(expression: Expression, values: Values) -> npt.NDArray[np.float32]:
    """Compute an expression for every pixel.

    Every operation is done in float64 by IEEE 754, the result is rounded once to float32, and what is
    then not finite becomes NaN: division by 0, roots and logarithms of negatives, overflow. A pixel that
    is NaN in any operand is NaN (also with ``min``, ``max`` and an exponent of 0). Beside the result,
    memory for a few thousand pixels is used.

    Args:
        expression: What to compute.
        values: Name to number or array of real numbers; arrays have one shape, in any axis order. Names
            that the expression does not use are ignored.

    Returns:
        A new array of that shape; of shape () if all values are numbers.

    Raises:
        UsageError: A name has no value, shapes differ, or a value is not real or is a masked array.
    """
    needed = names(expression)
    if missing := [name for name in needed if name not in values]:
        raise UsageError(f"no value for {', '.join(missing)}", hint="load these bands too")
    if len(needed) > _MOST:
        raise UsageError(f"more than {_MOST} names", hint="compute it in two steps")
    arrays = [_real(name, values[name]) for name in needed]
    result = np.empty(_shape(needed, arrays), dtype=np.float32)
    with np.errstate(all="ignore"), _blocks(arrays, result) as blocks:
        for _ in blocks:
            out = blocks[len(arrays)]
            out[...] = _value(expression, {name: blocks[i] for i, name in enumerate(needed)})
            out[~np.isfinite(out)] = np.nan
    return result


def _blocks(arrays: list[Array], result: Array) -> np.nditer:
    modes: list[list[Any]] = [["readonly"]] * len(arrays) + [["writeonly"]]
    return np.nditer(
        [*arrays, result],
        flags=["external_loop", "buffered", "zerosize_ok"],
        op_flags=modes,
        op_dtypes=[np.float64] * len(arrays) + [np.float32],
        casting="same_kind",
        buffersize=_BLOCK,
    )


def _real(name: str, value: object) -> Array:
    if isinstance(value, np.ma.MaskedArray):
        raise UsageError(f"{name} is a masked array", hint="give .filled(numpy.nan)")
    found = np.asarray(value)
    if found.dtype.kind not in "iuf":
        raise UsageError(f"{name} holds {found.dtype}, not real numbers", hint="give floats or integers")
    return found


def _shape(needed: tuple[str, ...], arrays: list[Array]) -> tuple[int, ...]:
    shapes = {name: array.shape for name, array in zip(needed, arrays, strict=True) if array.ndim}
    if len(set(shapes.values())) > 1:
        raise UsageError(
            f"shapes differ: {', '.join(f'{name} {shape}' for name, shape in shapes.items())}",
            hint="put the bands on one grid",
        )
    return next(iter(shapes.values()), ())


def _value(expression: Expression, values: Values) -> Any:  # noqa: ANN401 - an array or a number
    match expression:
        case Number(value=value):
            return np.float64(value)
        case Name(name=name):
            return values[name]
        case Unary(operand=operand):
            return -_value(operand, values)
        case Binary(op=op, left=left, right=right):
            return _OPERATORS[op](_value(left, values), _value(right, values))
        case Call(function=function, arguments=arguments):
            return _FUNCTIONS[function](*(_value(argument, values) for argument in arguments))


def _power(base: Any, exponent: Any) -> Any:  # noqa: ANN401 - arrays or numbers
    result = base**exponent
    if np.ndim(exponent) == 0 and exponent:
        return result
    # IEEE 754 says 1 for nan ** 0 and 1 ** nan; no data must stay no data
    return np.where(np.isnan(base) | np.isnan(exponent), np.nan, result)


_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "**": _power,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "abs": np.abs,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "log10": np.log10,
    "min": lambda *values: reduce(np.minimum, values),
    "max": lambda *values: reduce(np.maximum, values),
    "nd": lambda a, b: (a - b) / (a + b),
}
