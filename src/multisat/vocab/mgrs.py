"""The 100 km tiles of the Military Grid Reference System, as Sentinel-2 and HLS use them."""

from __future__ import annotations

from dataclasses import dataclass

from multisat.vocab.products import mgrs_tile

_ZONES = range(1, 61)
_BANDS = "CDEFGHJKLMNPQRSTUVWX"
_COLUMNS = ("ABCDEFGH", "JKLMNPQR", "STUVWXYZ")
_ROWS = "ABCDEFGHJKLMNPQRSTUV"
_SQUARE = 100_000
_ROW_CYCLE = len(_ROWS) * _SQUARE
_METRES_PER_DEGREE = 110_600
_SNAP = 60
"""Tile corners lie on multiples of 60 m, so that 10, 20, 30 and 60 m pixels all fit
(seen on every recorded Sentinel-2 and HLS item, 2026-08-01)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TileOrigin:
    """The upper left corner of a tile.

    Attributes:
        zone: UTM zone, 1 to 60.
        south: Whether the tile lies south of the equator.
        x: Easting of the left edge in metres.
        y: Northing of the upper edge in metres in the *northern* zone: negative in the south.
    """

    zone: int
    south: bool
    x: int
    y: int


def tile_origin(tile: str) -> TileOrigin | None:
    """Return where a tile begins, or None if the name is no MGRS tile.

    Args:
        tile: Such as ``"31UFU"``.
    """
    name = mgrs_tile(tile)
    if name is None:
        return None
    zone, band, column, row = int(name[:2]), name[2], name[3], name[4]
    columns = _COLUMNS[(zone - 1) % 3]
    if zone not in _ZONES or column not in columns:
        return None
    east = (columns.index(column) + 1) * _SQUARE
    north = _northing(zone, band, row)
    return TileOrigin(
        zone=zone, south=band < "N", x=east // _SNAP * _SNAP, y=-(-(north + _SQUARE) // _SNAP) * _SNAP
    )


def _northing(zone: int, band: str, row: str) -> int:
    """Return the lower edge of a square, nearest to the middle of its latitude band."""
    shift = 5 if zone % 2 == 0 else 0
    first = (_ROWS.index(row) - shift) % len(_ROWS) * _SQUARE
    middle = (_BANDS.index(band) * 8 - 80 + 4) * _METRES_PER_DEGREE
    return first + round((middle - first) / _ROW_CYCLE) * _ROW_CYCLE
