"""The contract of a reader: one band of one file, on the grid that is wanted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from multisat.contracts import Access
from multisat.model import Grid


@dataclass(frozen=True, kw_only=True, slots=True)
class RasterInfo:
    """What a file's header says.

    Attributes:
        grid: Where its pixels lie.
        dtype: NumPy name of the stored type.
        nodata: No-data value the file declares, or None.
    """

    grid: Grid
    dtype: str
    nodata: float | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Patch:
    """Pixels of one band on the wanted grid.

    Attributes:
        values: Stored numbers, shape (y, x).
        valid: Where a number was measured, shape (y, x): inside the file and not no-data.
    """

    values: NDArray[np.generic]
    valid: NDArray[np.bool_]


class Reader(Protocol):
    """Reads pixels. Called from several threads at once.

    Attributes:
        name: What results say read them.
    """

    @property
    def name(self) -> str: ...  # noqa: D102

    def describe(self, access: Access) -> RasterInfo:
        """Return what the header says.

        Raises:
            AssetUnreadable: The file is gone, cut, no raster, or has no grid.
        """

    def read(self, access: Access, target: GeoBox, *, nodata: float | None, resampling: str) -> Patch:
        """Return the first band on a grid.

        Pixels whose grid fits the target's are given as they are, or repeated if they are whole
        times larger; others are resampled.

        Args:
            access: How to open the file.
            target: The wanted grid.
            nodata: Stored value that means no data; None takes what the file declares.
            resampling: GDAL's name of a method.

        Raises:
            AssetUnreadable: The file is gone, cut, no raster, or has no grid.
        """
