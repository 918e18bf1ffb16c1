"""Whether a file's pixels fall on a grid's pixels, and which window of them."""

from __future__ import annotations

from dataclasses import dataclass

from odc.geo.geobox import GeoBox

from multisat.model import Grid

_NEAR = 1e-3
"""Pixels. Grids that differ by less are the same; coordinates in files are rounded."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fit:
    """A window of a file and where its pixels go on the target grid.

    Attributes:
        times: How many target pixels one file pixel is wide (and high).
        row, column, height, width: The window, in file pixels.
        skip_rows, skip_columns: Target pixels of the repeated window before the target begins.
        at_row, at_column, rows, columns: The part of the target that is filled.
    """

    times: int
    row: int
    column: int
    height: int
    width: int
    skip_rows: int
    skip_columns: int
    at_row: int
    at_column: int
    rows: int
    columns: int


def fit(source: Grid, target: GeoBox) -> Fit | None:
    """Return the window that fills a target without resampling, or None if there is none.

    Args:
        source: The file's grid.
        target: The wanted grid.
    """
    if source.crs != str(target.crs).upper() or source.transform[1] or source.transform[3]:
        return None
    times = source.transform[0] / target.affine.a
    if (
        _whole(times) is None
        or _whole(source.transform[4] / target.affine.e) != _whole(times)
        or round(times) < 1
    ):
        return None
    # Where the target begins, in target pixels from the file's upper left corner.
    left = _whole((target.affine.c - source.transform[2]) / target.affine.a)
    top = _whole((target.affine.f - source.transform[5]) / target.affine.e)
    if left is None or top is None:
        return None
    rows, columns = target.shape
    return _window(round(times), (top, left), source.shape, (rows, columns))


def _whole(value: float) -> int | None:
    return round(value) if abs(value - round(value)) < _NEAR else None


def _window(times: int, start: tuple[int, int], have: tuple[int, int], want: tuple[int, int]) -> Fit:
    (row, height, skip_rows, at_row, rows), (column, width, skip_columns, at_column, columns) = (
        _span(times, start[axis], have[axis], want[axis]) for axis in (0, 1)
    )
    return Fit(
        times=times,
        row=row,
        column=column,
        height=height,
        width=width,
        skip_rows=skip_rows,
        skip_columns=skip_columns,
        at_row=at_row,
        at_column=at_column,
        rows=rows,
        columns=columns,
    )


def _span(times: int, start: int, have: int, want: int) -> tuple[int, int, int, int, int]:
    """Return first file pixel, count, skipped, placed at, filled: along one axis."""
    low, high = max(0, start), min(have * times, start + want)
    if high <= low:
        return 0, 0, 0, 0, 0
    first, last = low // times, -(-high // times)
    return first, last - first, low - first * times, low - start, high - low
