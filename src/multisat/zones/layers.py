"""Variables of a block, and which of their numbers count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from multisat.cube.masking import is_fill
from multisat.errors import UsageError
from multisat.vocab.masks import QUALITY_LAYERS, QualityLayer

if TYPE_CHECKING:
    import xarray as xr
    from numpy.typing import NDArray

_NUMBERS = 2**20
"""Numbers that are turned to float64 at a time."""


@dataclass(frozen=True, kw_only=True)
class Layer:
    """A variable on a block.

    Attributes:
        values: Shape (time, y, x).
        nodata: Whole number that means no data, or None. NaN always does.
        quality: How a quality layer says so, or None.
    """

    values: NDArray[Any]
    nodata: int | None = None
    quality: QualityLayer | None = None

    def known(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Return where some of the values count."""
        found = np.ones(values.shape, dtype=bool) if values.dtype.kind != "f" else ~np.isnan(values)
        if self.quality is not None:
            found &= ~is_fill(self.quality, np.where(found, values, 0))
        elif self.nodata is not None:
            found &= values != self.nodata
        return found

    def floats(self, values: NDArray[Any]) -> NDArray[np.float64]:
        """Return some of the values in float64, NaN where they do not count."""
        return np.where(self.known(values), values, np.nan).astype(np.float64, copy=False)

    def sortable(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return some of the values as floats that hold them exactly, NaN where they do not count."""
        kind = np.result_type(values.dtype, np.float32)
        return np.where(self.known(values), values, np.nan).astype(kind, copy=False)


@dataclass(frozen=True, kw_only=True)
class Cut:
    """The numbers of a variable under pieces of areas.

    Attributes:
        layer: The variable.
        values: Its numbers, shape (time, pixel), the pixels of each piece side by side.
        shares: Share of each pixel.
        starts: First pixel of each piece.
    """

    layer: Layer
    values: NDArray[Any]
    shares: NDArray[np.float64]
    starts: NDArray[np.int64]

    @property
    def slabs(self) -> Iterator[slice]:
        """Time steps in groups that are worked on at a time."""
        steps, pixels = self.values.shape
        size = max(1, _NUMBERS // max(1, pixels))
        return (slice(first, min(steps, first + size)) for first in range(0, steps, size))

    @property
    def split(self) -> list[NDArray[Any]]:
        """Floats of each piece, NaN where they do not count."""
        return np.split(self.layer.sortable(self.values), self.starts[1:], axis=1)


def layer_of(cube: xr.Dataset, variable: str, steps: int, shape: tuple[int, int]) -> Layer:
    """Return a variable of a block.

    Raises:
        UsageError: It is not there, has another shape than the block, or a no data it cannot hold.
    """
    if variable not in cube.data_vars:
        known = ", ".join(map(str, cube.data_vars))
        raise UsageError(f"a block has no variable {variable}", hint=f"there are {known}")
    band = cube[variable]
    band = band.expand_dims("time") if "time" not in band.dims else band
    values = band.transpose("time", "y", "x").values
    if values.shape != (steps, *shape):
        raise UsageError(
            f"a block of {variable} has the shape {values.shape} instead of {(steps, *shape)}",
            hint="give every block all time steps, on its own pixels",
        )
    return Layer(
        values=values.view(np.uint8) if values.dtype.kind == "b" else values,
        nodata=_nodata(band) if values.dtype.kind in "iu" else None,
        quality=QUALITY_LAYERS.get(variable),
    )


def _nodata(band: xr.DataArray) -> int | None:
    told = {**band.encoding, **band.attrs}
    nodata = told.get("nodata", told.get("_FillValue"))
    if nodata is not None and not float(nodata).is_integer():
        raise UsageError(
            f"{band.name}: {nodata} is no {band.dtype}, so it cannot mean no data", hint="set attrs"
        )
    return None if nodata is None else int(nodata)
