"""One recipe at several places, and how far their numbers are apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from multisat.errors import UsageError

if TYPE_CHECKING:
    import xarray
    from numpy.typing import NDArray

_COLUMNS = ("variable", "at", "against", "values", "differ", "largest", "relative", "only_one")


def differences(results: Mapping[str, Any]) -> pd.DataFrame:
    """Return how far results are from the first of them: a row per variable and place.

    Columns are ``variable``; ``at``, compared with ``against``; ``values``, how many both have; ``differ``,
    how many of them are not equal; ``largest``, the largest difference in the variable's unit;
    ``relative``, the same divided by the larger of 1 and the number itself; ``only_one``, how many only
    one of them has. Places may hold other scenes: then ``count`` differs, too.

    Args:
        results: Place to a dataset (time, y, x) or a table, all of one recipe and one grid.

    Raises:
        UsageError: They have other times, rows or pixels.
    """
    (first, one), *others = ((name, _numbers(found)) for name, found in results.items())
    rows = [row for name, other in others for row in _rows((first, one), (name, other))]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _rows(
    first: tuple[str, Mapping[str, NDArray[Any]]], second: tuple[str, Mapping[str, NDArray[Any]]]
) -> Iterator[tuple[Any, ...]]:
    for name, one in first[1].items():
        other = second[1].get(name)
        if other is None or other.shape != one.shape:
            raise UsageError(
                f"{name} has the shape {one.shape} at {first[0]} and "
                f"{'is not there' if other is None else other.shape} at {second[0]}",
                hint='compare composites, such as composite("month", "median")',
            )
        yield (name, second[0], first[0], *_apart(one, other))


def _apart(one: NDArray[Any], other: NDArray[Any]) -> tuple[int, int, float, float, int]:
    a, b = one.astype(np.float64), other.astype(np.float64)
    both, single = ~np.isnan(a) & ~np.isnan(b), np.isnan(a) != np.isnan(b)
    off = np.abs(a[both] - b[both])
    if not off.size:
        return 0, 0, 0.0, 0.0, int(single.sum())
    relative = off / np.maximum(1.0, np.abs(a[both]))
    return int(both.sum()), int((off > 0).sum()), float(off.max()), float(relative.max()), int(single.sum())


def _numbers(found: xarray.Dataset | pd.DataFrame) -> dict[str, NDArray[Any]]:
    if isinstance(found, pd.DataFrame):
        return {str(name): found[name].to_numpy() for name in found.select_dtypes("number").columns}
    return {str(name): layer.values for name, layer in found.data_vars.items()}
