"""Bands as the numbers a file stores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from multisat.errors import UsageError
from multisat.writing.facts import Facts

Packed = Literal["int16", "uint16"]
SCALE = 0.0001
FILLS: Mapping[str, int] = {"int16": -32768, "uint16": 65535}
"""No data of scaled whole numbers: at the end, where no reflectance is, so that 0 stays a value."""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """The bands of one file.

    Attributes:
        bands: What the numbers of each are.
        values: Arrays of shape (y, x), all of one type.
        nodata: The number that means no data in all of them, or None.
    """

    bands: tuple[Facts, ...]
    values: tuple[NDArray[Any], ...]
    nodata: float | None

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the numbers."""
        return self.values[0].dtype


def as_they_are(step: xr.Dataset) -> Stored:
    """Return the bands in the narrowest type that holds them all, their values unchanged."""
    bands = _facts(step)
    dtype = _common([np.dtype(np.uint8) if b.dtype.kind == "b" else b.dtype for b in step.values()])
    values = tuple(step[b.name].transpose("y", "x").values.astype(dtype) for b in bands)
    fills = {b.nodata for b in bands}
    nodata = float("nan") if dtype.kind == "f" else (fills.pop() if len(fills) == 1 else None)
    return Stored(bands=bands, values=values, nodata=nodata)


def packed(step: xr.Dataset, dtype: Packed) -> Stored:
    """Return floats as whole numbers of 0.0001; whole numbers stay what they are.

    Raises:
        UsageError: A value does not fit; the message names the band.
    """
    if dtype not in FILLS:
        raise UsageError(f"cannot scale to {dtype!r}", hint=f"use one of {', '.join(FILLS)}, or leave it out")
    bands = _facts(step)
    values = tuple(_pack(step[b.name].transpose("y", "x").values, b, dtype) for b in bands)
    told = tuple(
        replace(b, nodata=FILLS[dtype], scale=SCALE if step[b.name].dtype.kind == "f" else b.scale)
        for b in bands
    )
    return Stored(bands=told, values=values, nodata=FILLS[dtype])


def _pack(values: NDArray[Any], band: Facts, dtype: Packed) -> NDArray[Any]:
    fill = FILLS[dtype]
    if values.dtype.kind == "f":
        missing = np.isnan(values)
        numbers = np.rint(values.astype(np.float64) / SCALE)
    else:
        missing = np.zeros(values.shape, dtype=bool) if band.nodata is None else values == band.nodata
        numbers = values.astype(np.float64)
    known = numbers[~missing]
    limits = np.iinfo(dtype)
    lowest, highest = limits.min + (fill == limits.min), limits.max - (fill == limits.max)
    if known.size and not (lowest <= known.min() and known.max() <= highest):
        unit = SCALE if values.dtype.kind == "f" else 1
        raise UsageError(
            f"{band.name}: values from {known.min() * unit:g} to {known.max() * unit:g} do not fit {dtype}, "
            f"which holds {lowest * unit:g} to {highest * unit:g}",
            hint="leave out dtype to store them as they are, or write this band to another file",
        )
    return np.where(missing, fill, numbers).astype(dtype)


def _facts(step: xr.Dataset) -> tuple[Facts, ...]:
    return tuple(Facts.of(str(name), step[name]) for name in step.data_vars)


def _common(types: Sequence[np.dtype[Any]]) -> np.dtype[Any]:
    found = np.result_type(*types)
    return np.dtype(np.float32) if found == np.float16 else found
