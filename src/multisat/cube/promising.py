"""Dask arrays of shape (time, y, x) that share tasks: one task gives a block of all variables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import getitem
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.errors import UsageError

Sizes = tuple[tuple[int, ...], ...]
Index = tuple[int, ...]


def promised(
    tasks: Mapping[Index, Callable[[], Mapping[str, NDArray[Any]]]],
    sizes: Sizes,
    dtypes: Mapping[str, str],
    *told: object,
) -> dict[str, Any]:
    """Return a Dask array by variable.

    Args:
        tasks: Position of a block to what gives its variables.
        sizes: Lengths of the blocks along time, y and x.
        dtypes: Variables and their types.
        told: What the numbers depend on; equal ones give arrays of equal names.

    Raises:
        UsageError: Dask is not installed.
    """
    try:
        import dask.array as da
        from dask.base import tokenize
        from dask.highlevelgraph import HighLevelGraph
    except ImportError:
        raise UsageError("chunks= needs Dask", hint='pip install "multisat-eo[dask]"') from None
    root = f"multisat-{tokenize(told, sizes)}"
    layers: dict[str, dict[Any, Any]] = {root: {(root, *index): (task,) for index, task in tasks.items()}}
    for name in dtypes:
        own = f"{root}-{name}"
        layers[own] = {(own, *index): (getitem, (root, *index), name) for index in tasks}
    graph = HighLevelGraph(layers, {root: set(), **{f"{root}-{name}": {root} for name in dtypes}})
    array: Any = da.Array
    return {name: array(graph, f"{root}-{name}", sizes, dtype=dtype) for name, dtype in dtypes.items()}


def chunk_sizes(chunks: Mapping[str, int], shape: tuple[int, ...], *, steps: int = 1) -> Sizes:
    """Return the lengths of the blocks along time, y and x.

    Args:
        chunks: Length along some of the dimensions; -1 is all of it.
        shape: (time, y, x).
        steps: Time steps of a block if ``chunks`` does not say; along y and x it is 2048 pixels.

    Raises:
        UsageError: There is no such dimension or length.
    """
    unknown = sorted(set(chunks) - {"time", "y", "x"})
    if unknown:
        raise UsageError(f"no dimension is called {', '.join(unknown)}", hint="use time, y and x")
    found = []
    for name, length in zip(("time", "y", "x"), shape, strict=True):
        size = chunks.get(name, steps if name == "time" else 2048)
        if size == 0 or size < -1:
            raise UsageError(f"chunks of {size} along {name}", hint="use a positive number, or -1 for all")
        size = length if size == -1 else min(size, length)
        found.append(tuple(min(size, length - start) for start in range(0, length, size)))
    return tuple(found)


def cells(sizes: Sizes) -> list[tuple[Index, tuple[tuple[int, int], ...]]]:
    """Return the position of each block with its (first, length) along each dimension."""
    starts = [np.concatenate([[0], np.cumsum(size)]).tolist() for size in sizes]
    return [
        (index, tuple((starts[axis][i], sizes[axis][i]) for axis, i in enumerate(index)))
        for index in np.ndindex(*map(len, sizes))
    ]
