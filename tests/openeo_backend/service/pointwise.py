"""Processes that take each pixel by itself; null in gives null out unless the process says otherwise."""

import operator

import numpy as np
import xarray as xr


def _isnull(value):
    return xr.DataArray(np.nan if value is None else value).astype(float).isnull()


def _truth(value):
    """Whether a value is true: null is not."""
    return xr.DataArray(np.nan if value is None else value).fillna(0) != 0


def _unless_null(answer, *given):
    """Return an answer as 0 and 1, null where anything given is null."""
    answer = xr.DataArray(answer).astype(float)
    for one in given:
        answer = answer.where(~_isnull(one))
    return answer


def _compare(compared):
    return lambda x, y, **_ignored: _unless_null(compared(*_numbers(x, y)), x, y)


def _numbers(*given):
    return tuple(xr.DataArray(np.nan) if one is None else one for one in given)


def _binary(worked):
    return lambda x, y: worked(*_numbers(x, y))


def _unary(worked):
    def one(x):
        return worked(x)

    return one


def _and(x, y):
    return _unless_null(_truth(x) & _truth(y)).where(~(_isnull(x) | _isnull(y)) | _false(x) | _false(y))


def _or(x, y):
    return _unless_null(_truth(x) | _truth(y)).where(~(_isnull(x) | _isnull(y)) | _truth(x) | _truth(y))


def _false(value):
    return ~_truth(value) & ~_isnull(value)


def _if(value, accept, reject=None):
    return xr.where(_truth(value), *_numbers(accept, reject))


def _between(x, min, max, exclude_max=False):  # noqa: A002 - names of the specification
    return _unless_null((x >= min) & ((x < max) if exclude_max else (x <= max)), x)


def _clip(x, min, max):  # noqa: A002
    return xr.DataArray(x).clip(min, max)


def _scale(x, inputMin, inputMax, outputMin=0, outputMax=1):  # noqa: N803
    part = (_clip(x, inputMin, inputMax) - inputMin) / (inputMax - inputMin)
    return part * (outputMax - outputMin) + outputMin


def _contains(data, value):
    if not isinstance(value, xr.DataArray):
        return value in data
    return _unless_null(value.isin(data), value)


def _exp(p):
    return np.exp(p)


def _arctan2(y, x):
    return np.arctan2(y, x)


def _round(x, p=0):
    return np.round(x, p)


POINTWISE = {
    "add": _binary(operator.add),
    "subtract": _binary(operator.sub),
    "multiply": _binary(operator.mul),
    "divide": _binary(operator.truediv),
    "mod": _binary(operator.mod),
    "power": lambda base, p: base**p,
    "log": lambda x, base: np.log(x) / np.log(base),
    "normalized_difference": lambda x, y: (x - y) / (x + y),
    "eq": _compare(operator.eq),
    "neq": _compare(operator.ne),
    "gt": _compare(operator.gt),
    "gte": _compare(operator.ge),
    "lt": _compare(operator.lt),
    "lte": _compare(operator.le),
    "and": _and,
    "or": _or,
    "xor": lambda x, y: _unless_null(_truth(x) ^ _truth(y), x, y),
    "not": lambda x: _unless_null(~_truth(x), x),
    "if": _if,
    "between": _between,
    "clip": _clip,
    "linear_scale_range": _scale,
    "array_contains": _contains,
    "array_create": lambda data, repeat=1: list(data) * repeat,
    "constant": lambda x: x,
    "is_nan": lambda x: _isnull(x).astype(float),
    "is_nodata": lambda x: _isnull(x).astype(float),
    "is_valid": lambda x: (~_isnull(x)).astype(float),
    "absolute": _unary(np.abs),
    "sgn": _unary(np.sign),
    "sqrt": _unary(np.sqrt),
    "exp": _exp,
    "ln": _unary(np.log),
    "floor": _unary(np.floor),
    "ceil": _unary(np.ceil),
    "int": _unary(np.trunc),
    "round": _round,
    "sin": _unary(np.sin),
    "cos": _unary(np.cos),
    "tan": _unary(np.tan),
    "arcsin": _unary(np.arcsin),
    "arccos": _unary(np.arccos),
    "arctan": _unary(np.arctan),
    "arctan2": _arctan2,
    "tanh": _unary(np.tanh),
    "pi": lambda: np.pi,
    "e": lambda: np.e,
}
"""Process to function."""
