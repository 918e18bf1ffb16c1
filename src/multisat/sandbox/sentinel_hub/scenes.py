"""The scenes of a collection, and their stored numbers piece by piece."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from multisat.sandbox.archive import sentinel2
from multisat.sandbox.archive.catalogue import scenes as archive_scenes
from multisat.sandbox.archive.entry import Entry
from multisat.sandbox.matching import instant
from multisat.sandbox.raster import Frame, RasterFile, hole
from multisat.sandbox.sentinel_hub.grids import PixelGrid
from multisat.sandbox.sentinel_hub.holdings import Holding

_ELSEWHERE = ("2023-07-23", "2023-08-02", "2023-08-12", "2023-08-22")
"""Days on which Earth Search has Munich from Sentinel-2 and Planetary Computer has not."""
_PIECE = 150
"""Pixels on the side of a piece that is drawn at once."""
_FIRST_NUMBER = 11_583_048


@dataclass(frozen=True, kw_only=True)
class SourceScene:
    """One scene of a collection; the service calls it a tile.

    Attributes:
        holding: Its collection.
        id: Product name.
        number: The service's own number.
        when: UTC time of acquisition.
        cloud: Cloud cover in percent, or None.
        files: Band name to file.
        footprint: Longitude, latitude.
        properties: Properties of the archive's item.
    """

    holding: Holding = field(repr=False)
    id: str
    number: int
    when: datetime
    cloud: float | None
    files: Mapping[str, RasterFile] = field(repr=False)
    footprint: BaseGeometry = field(repr=False)
    properties: Mapping[str, Any] = field(repr=False)

    @property
    def frame(self) -> Frame:
        """Where the pixels of the reference band lie."""
        return self.files[self.holding.reference].frame

    @property
    def path(self) -> str:
        """Where the product lies, as the service says it."""
        folder = f"{self.when:%Y/%m/%d}"
        return f"s3://EODATA/{self.holding.title}/{folder}/{self.id}"

    def stored(self, band: str, grid: PixelGrid) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Return what a band holds at the pixel centres of a grid, and where it holds data.

        The pixel a centre lies in counts; one on an edge belongs to the pixel right of it or below.

        Args:
            band: Band name.
            grid: The grid.

        Returns:
            Stored numbers, and True where there is data; both of shape (rows, columns).
        """
        values = np.zeros((grid.height, grid.width))
        file = self.files.get(band)
        if file is None:
            return values, np.zeros(values.shape, dtype=bool)
        row, column = grid.pixels_of(file.frame)
        inside = (row >= 0) & (row < file.frame.rows) & (column >= 0) & (column < file.frame.columns)
        if inside.any():
            values[inside] = _window(file, row[inside], column[inside])
        return values, inside & (values != file.nodata)


def scenes_of(holding: Holding, *, suffix: str = "") -> tuple[SourceScene, ...]:
    """Return the scenes of a collection, oldest first.

    Args:
        holding: The collection.
        suffix: What ends a product's name, ``".SAFE"`` on the Data Space.
    """
    numbers = itertools.count(_FIRST_NUMBER)
    entries = sorted(_entries(holding), key=lambda entry: (str(_when(entry)), entry.id))
    return tuple(_scene(holding, entry, next(numbers), suffix) for entry in entries)


def _entries(holding: Holding) -> Iterator[Entry]:
    for entry in archive_scenes():
        mine = entry.provider == "planetary-computer" and entry.collection in holding.sources
        platform = entry.item["properties"].get("platform")
        if mine and entry.files and (not holding.platforms or platform in holding.platforms):
            yield entry
    if holding.id == "sentinel-2-l2a":
        yield from (sentinel2.planetary_computer(sentinel2.at(day, "munich")) for day in _ELSEWHERE)


def _scene(holding: Holding, entry: Entry, number: int, suffix: str) -> SourceScene:
    properties = entry.item["properties"]
    by_name = {file.band or key: file for key, file in entry.files.items()}
    name = properties.get("s2:product_uri", entry.id).removesuffix(".SAFE").removesuffix("_rtc")
    if name.startswith("S1"):
        name += f"_{crc32(name.encode()) % 2**16:04X}"  # products end in such a sum, the copies here do not
    return SourceScene(
        holding=holding,
        id=name + suffix,
        number=number,
        when=_when(entry),
        cloud=properties.get("eo:cloud_cover"),
        files={band: by_name[what] for band, what in holding.measures.items() if what in by_name},
        footprint=shape(entry.item["geometry"]),
        properties=properties,
    )


def _when(entry: Entry) -> datetime:
    """Return the time of acquisition to the second: of Sentinel-2 that of the tile, not of the datatake."""
    properties = entry.item["properties"]
    found = instant(properties.get("start_datetime") or properties["datetime"])
    if entry.collection == "sentinel-2-l2a":
        found = sentinel2.Acquisition(place=entry.place, start=found).sensing
    return found.astimezone(UTC).replace(microsecond=0)


def _window(file: RasterFile, row: NDArray[np.int64], column: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return stored numbers at pixels inside a file's frame."""
    if file.frame.x % 1 or file.frame.size % 1:  # pieces of such a grid are not exact
        return _piece(file, 0, 0, max(file.frame.rows, file.frame.columns))[row, column]
    found = np.empty(row.shape)
    down, right = row // _PIECE, column // _PIECE
    for a, b in {*zip(down.ravel().tolist(), right.ravel().tolist(), strict=True)}:
        here = (down == a) & (right == b)
        piece = _piece(file, a * _PIECE, b * _PIECE, _PIECE)
        found[here] = piece[row[here] - a * _PIECE, column[here] - b * _PIECE]
    return found


@lru_cache(maxsize=600)
def _piece(file: RasterFile, row: int, column: int, side: int) -> NDArray[np.float64]:
    """Return a square of stored numbers, cut off at the frame's end, equal to those of the whole file."""
    frame = file.frame
    rows, columns = min(side, frame.rows - row), min(side, frame.columns - column)
    part = replace(
        frame,
        x=frame.x + column * frame.size,
        y=frame.y - row * frame.size,
        rows=rows,
        columns=columns,
    )
    values = replace(file, frame=part, whole=None, hole="").stored().astype(float)
    if file.hole:
        missing = hole(file.hole, (frame.rows, frame.columns))
        values[missing[row : row + rows, column : column + columns]] = file.nodata
    return np.asarray(values)
