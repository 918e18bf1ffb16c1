"""The contract of a reader: an open file is a pyramid of grids that gives windows of pixels."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from multisat.contracts import Access
from multisat.model import Grid


@dataclass(frozen=True, kw_only=True, slots=True)
class RasterInfo:
    """What a file's header says.

    Attributes:
        levels: Where its pixels lie: full resolution first, then overviews, each coarser.
        dtype: NumPy name of the stored type, in native byte order.
        nodata: No-data value the file declares, or None.
        reader: Name of the reader that opened it.
    """

    levels: tuple[Grid, ...]
    dtype: str
    nodata: float | None
    reader: str

    @property
    def grid(self) -> Grid:
        """The grid of the full resolution."""
        return self.levels[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A block of pixels; never empty.

    Attributes:
        row: First row, counted from the top, 0 based.
        column: First column, counted from the left, 0 based.
        height: Rows.
        width: Columns.
    """

    row: int
    column: int
    height: int
    width: int

    def within(self, other: Window) -> tuple[slice, slice]:
        """Return where this window is in an array of another one that holds it.

        Args:
            other: A window that holds this one.

        Returns:
            Rows and columns, to index an array (y, x).
        """
        row, column = self.row - other.row, self.column - other.column
        return slice(row, row + self.height), slice(column, column + self.width)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pixels:
    """Stored numbers of the first band in a window.

    Attributes:
        values: Shape (y, x).
        measured: False where the file's own mask says there is no data; None if it has no mask.
    """

    values: NDArray[np.generic]
    measured: NDArray[np.bool_] | None = None


class Raster(Protocol):
    """An open file."""

    @property
    def info(self) -> RasterInfo: ...  # noqa: D102

    async def read(self, window: Window, level: int = 0) -> Pixels:
        """Return the pixels of a window that lies inside a level.

        Args:
            window: Rows and columns of that level.
            level: Number of ``info.levels``; 0 is full resolution.

        Raises:
            AssetUnreadable: The file is gone, cut or damaged.
        """


class Reader(Protocol):
    """Opens files for one load, inside one event loop; many are open at a time."""

    def open(self, access: Access, name: str) -> AbstractAsyncContextManager[Raster]:
        """Open a file.

        Args:
            access: How to open it now.
            name: Its unsigned address, which may be remembered and shown.

        Raises:
            AssetUnreadable: The file is gone, no raster, or has no grid.
        """

    def close(self) -> None:
        """End the load; what is worth remembering is written."""
