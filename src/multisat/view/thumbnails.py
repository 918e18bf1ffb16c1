"""Small true-colour pictures of what was screened."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from multisat.errors import NothingFound, UsageError
from multisat.federate.loading import load_scenes
from multisat.model import AOI, Scene
from multisat.screening import Screened, Screening
from multisat.view.colours import coloured, one_stretch
from multisat.vocab.collections import COLLECTIONS
from multisat.writing.plotting import picture_of

COLOURS = ("red", "green", "blue")
_METRES = 111_320.0
"""Along a degree of the equator."""
_NEARLY = 0.9
"""Of the clear share of the clearest look."""
_ROUND = 10.0
"""Metres that pixels are a multiple of, as those of the sensors are."""


@dataclass(frozen=True, kw_only=True)
class Thumbnail:
    """What one overpass shows of the area.

    Attributes:
        row: What was screened.
        kept: Whether it is within the limits.
        picture: Red, green and blue, shape (y, x, 3); None if there is none.
        extent: West, east, south, north of the picture in ``crs``.
        crs: Of the extent.
    """

    row: Screened
    kept: bool
    picture: NDArray[np.uint8] | None
    extent: tuple[float, float, float, float]
    crs: str


def thumbnails(found: Screening, *, pixels: int = 160, **limits: float | None) -> list[Thumbnail]:
    """Return a picture of each overpass over one area, all with one stretch, oldest first.

    Args:
        found: A screening of one area.
        pixels: About how many the longer side has; no finer than 10 m.
        limits: Those of ``Screening.filter``, such as ``max_cloud=20``; what is outside is not ``kept``.

    Raises:
        UsageError: There are several areas, or a limit is none.
        NothingFound: No overpass could be read.
        AssetUnreadable: No band could be read.
    """
    if len(found.areas) != 1:
        raise UsageError(f"{len(found.areas)} areas on one sheet", hint="screen one of them, or their union")
    kept = {id(row) for row in found.filter(**limits).rows}
    frames = _frames(_in_colour(found), found.areas[0], pixels)
    steps = _by_item(frames)
    look = one_stretch(frames.isel(time=_clearest(found, steps)))
    bounds, crs = frames.rio.bounds(), str(frames.rio.crs)
    extent = (bounds[0], bounds[2], bounds[1], bounds[3])

    def one(row: Screened) -> Thumbnail:
        step = _step(row, steps)
        empty = step is None or not np.isfinite(frames.values[step]).all(axis=2).any()
        picture = None if empty else coloured(frames.values[step], look)
        return Thumbnail(row=row, kept=id(row) in kept, picture=picture, extent=extent, crs=crs)

    return [one(row) for row in sorted((*found.rows, *found.failed), key=lambda row: row.time)]


def _step(row: Screened, steps: Mapping[str, int]) -> int | None:
    return next((steps[s.id] for scene in row.scenes for s in scene.copies if s.id in steps), None)


def _clearest(found: Screening, steps: Mapping[str, int]) -> list[int]:
    """Return the time steps that are nearly as clear as the clearest one: they show the ground."""
    shares = {step: row.shares["clear"] or 0.0 for row in found if (step := _step(row, steps)) is not None}
    best = max(shares.values(), default=0.0)
    return sorted(step for step, share in shares.items() if share >= _NEARLY * best)


def coarse(area: AOI, pixels: int) -> float:
    """Return a pixel size in metres, a multiple of 10, that makes the longer side about so many pixels."""
    _, south, _, north = area.bboxes[0]
    wide = sum(east - west for west, _, east, _ in area.bboxes) * math.cos(math.radians((south + north) / 2))
    longer = max(wide, north - south) * _METRES
    return max(_ROUND, math.ceil(longer / pixels / _ROUND) * _ROUND)


def _in_colour(found: Screening) -> list[Scene]:
    """Return the scenes that red, green and blue are of, once each.

    Raises:
        NothingFound: There are none.
    """
    scenes = {s.uid: s for row in found.rows for s in row.scenes if _has_colours(s)}
    if not scenes:
        raise NothingFound(
            "no overpass that was read has red, green and blue", hint="see the rows that failed"
        )
    return list(scenes.values())


def _has_colours(scene: Scene) -> bool:
    known = COLLECTIONS.get(scene.collection)
    return set(COLOURS) <= set(known.bands if known is not None else scene.bands)


def _frames(scenes: Sequence[Scene], area: AOI, pixels: int) -> xr.DataArray:
    cube = load_scenes(scenes, COLOURS, aoi=area, resolution=coarse(area, pixels))
    return picture_of(cube, None)


def _by_item(frames: xr.DataArray) -> dict[str, int]:
    """Return the number of the time step of each item."""
    items = (str(text) for text in frames["item"].values)
    return {name: number for number, text in enumerate(items) for name in text.split(",")}
