"""A part of a cube's grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox


@dataclass(frozen=True, kw_only=True)
class Block:
    """A block of the pixels of a grid.

    Coordinates of pixels are always counted from the grid's own corner, so that a pixel has the
    same ones, to the last bit, in whatever block it is read.

    Attributes:
        whole: The grid.
        row, column: First pixel.
        height, width: Pixels.
    """

    whole: GeoBox
    row: int
    column: int
    height: int
    width: int

    @classmethod
    def all_of(cls, whole: GeoBox) -> Block:
        """Return the block that is the whole grid."""
        height, width = whole.shape
        return cls(whole=whole, row=0, column=0, height=int(height), width=int(width))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows, columns."""
        return self.height, self.width

    @property
    def size(self) -> int:
        """Number of pixels."""
        return self.height * self.width

    @property
    def geobox(self) -> GeoBox:
        """The block as a grid of its own."""
        return GeoBox(self.shape, moved(self.whole.affine, self.row, self.column), self.whole.crs)

    def grown(self, pixels: int) -> Block:
        """Return the block with so many more pixels on each side, also beyond the grid."""
        return Block(
            whole=self.whole,
            row=self.row - pixels,
            column=self.column - pixels,
            height=self.height + 2 * pixels,
            width=self.width + 2 * pixels,
        )

    def tiles(self, size: int) -> list[Block]:
        """Return the tiles of the whole grid that the block touches, none of it outside of the grid."""
        height, width = self.whole.shape
        rows = range(self.row // size * size, self.row + self.height, size)
        columns = range(self.column // size * size, self.column + self.width, size)
        return [
            Block(
                whole=self.whole,
                row=row,
                column=column,
                height=min(size, height - row),
                width=min(size, width - column),
            )
            for row in rows
            for column in columns
        ]

    def put(self, values: NDArray[Any], tile: Block, part: NDArray[Any]) -> None:
        """Set what a tile shares with the block; y and x are the last dimensions."""
        top, left = max(self.row, tile.row), max(self.column, tile.column)
        bottom = min(self.row + self.height, tile.row + tile.height)
        right = min(self.column + self.width, tile.column + tile.width)
        here = slice(top - self.row, bottom - self.row), slice(left - self.column, right - self.column)
        there = slice(top - tile.row, bottom - tile.row), slice(left - tile.column, right - tile.column)
        values[..., *here] = part[..., *there]

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two blocks equal."""
        affine = tuple(self.whole.affine)[:6]
        return str(self.whole.crs), affine, self.row, self.column, self.height, self.width


def moved(transform: Affine, row: int, column: int) -> Affine:
    """Return the transform of a window that begins at a row and column."""
    a, b, c, d, e, f = tuple(transform)[:6]
    return Affine(a, b, c + a * column + b * row, d, e, f + d * column + e * row)
