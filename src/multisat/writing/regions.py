"""Blocks of a Zarr store: where they are, and whether they can be written on their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from multisat.errors import UsageError
from multisat.writing.placed import Placed

Region = Mapping[str, slice] | Literal["auto"]
_NEAR = 1e-3
"""Share of a step that coordinates may differ by."""


def region_of(block: Placed, store: xr.Dataset, region: Region) -> dict[str, slice]:
    """Return where a block lies in a store, along all of its dimensions.

    Raises:
        UsageError: It lies elsewhere, cuts a chunk, or has other variables, types or another CRS.
    """
    _check_variables(block, store)
    if isinstance(region, str) and region != "auto":
        raise UsageError(f"region cannot be {region!r}", hint='give slices, or "auto"')
    given = {} if isinstance(region, str) else dict(region)
    unknown = sorted(set(given) - set(block.cube.dims))
    if unknown:
        raise UsageError(f"the data has no dimension {', '.join(unknown)}", hint="use time, y and x")
    auto = isinstance(region, str)
    found = {
        str(dim): _found(block.cube, store, str(dim))
        if auto
        else _given(given.get(str(dim)), block.cube, store, str(dim))
        for dim in block.cube.dims
    }
    for name in block.cube.data_vars:
        _check_chunks(str(name), store[name], found)
    return found


def _check_variables(block: Placed, store: xr.Dataset) -> None:
    if store.rio.crs != block.crs:
        raise UsageError("the store has another CRS than the data", hint="load with like= the store's grid")
    for name, band in block.cube.data_vars.items():
        if name not in store.data_vars:
            raise UsageError(f"the store has no variable {name}", hint="make it with all variables")
        kind = np.dtype(np.uint8) if band.dtype.kind == "b" else band.dtype
        if store[name].dtype != kind or store[name].dims != band.dims:
            raise UsageError(
                f"{name} is {band.dtype} ({', '.join(map(str, band.dims))}) and in the store "
                f"{store[name].dtype} ({', '.join(map(str, store[name].dims))})",
                hint="make the store from data of the same kind",
            )


def _given(part: slice | None, cube: xr.Dataset, store: xr.Dataset, dim: str) -> slice:
    start, stop, step = (part or slice(None)).indices(store.sizes[dim])
    if step != 1 or stop - start != cube.sizes[dim]:
        raise UsageError(
            f"the region has {max(0, stop - start)} along {dim}, the data {cube.sizes[dim]}",
            hint="give the slices of the store that the data is",
        )
    if dim in cube.coords and dim in store.coords:
        there, here = store[dim].values, cube[dim].values
        if not _same(there[start:stop], here, _step(there)):
            raise UsageError(f"the data lies elsewhere along {dim} than the region", hint='use region="auto"')
    return slice(start, stop)


def _found(cube: xr.Dataset, store: xr.Dataset, dim: str) -> slice:
    if dim not in cube.coords or dim not in store.coords:
        raise UsageError(f"no coordinates along {dim}", hint="give the region as slices")
    there, here = store[dim].values, cube[dim].values
    near, length = _step(there), len(here)
    starts = [s for s in range(len(there) - length + 1) if _same(there[s : s + length], here, near)]
    if len(starts) != 1:
        word = "several times" if starts else "not"
        raise UsageError(f"the data is {word} in the store along {dim}", hint="give the region as slices")
    return slice(starts[0], starts[0] + length)


def _step(there: NDArray[Any]) -> float:
    """Return by how much coordinates may differ; times must be the same."""
    return abs(float(there[1] - there[0])) * _NEAR if there.dtype.kind == "f" and len(there) > 1 else 0.0


def _same(there: NDArray[Any], here: NDArray[Any], near: float) -> bool:
    if there.dtype.kind != "f":
        return bool((there == here).all())
    # the ends first: a store has many rows, and most are elsewhere
    ends = len(there) and abs(there[0] - here[0]) <= near and abs(there[-1] - here[-1]) <= near
    return bool(ends and (np.abs(there - here) <= near).all())


def _check_chunks(name: str, stored: xr.DataArray, region: Mapping[str, slice]) -> None:
    """Refuse a region that shares a chunk with another: two writers would lose each other's pixels."""
    sizes = dict(zip(stored.dims, stored.encoding.get("shards") or stored.encoding["chunks"], strict=True))
    for dim, size in sizes.items():
        part = region[str(dim)]
        if part.start % size or (part.stop % size and part.stop != stored.sizes[dim]):
            text = ", ".join(f"{d} {n}" for d, n in sizes.items())
            raise UsageError(
                f"the region {part.start}:{part.stop} along {dim} cuts a chunk of {name}, which are {text}",
                hint="begin and end blocks on edges of chunks",
            )
