"""The grid a cube would have, before it is read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from multisat.cube.load import default_reader
from multisat.cube.opening import AccessTo, Opener
from multisat.cube.selecting import worth_reading
from multisat.cube.target import Wanted, choose_grid
from multisat.errors import UsageError
from multisat.model import AOI, Grid, Scene
from multisat.model.aoi_check import known_crs
from multisat.raster import run


def grid_of(
    scenes: Sequence[Scene],
    bands: Sequence[str],
    *,
    access: AccessTo,
    aoi: AOI | None = None,
    resolution: float | None = None,
    crs: str | None = None,
    like: Any = None,  # noqa: ANN401 - any object with a grid
) -> Grid:
    """Return the grid ``load`` would choose; see there. Headers are read only where archives tell none.

    Raises:
        NothingFound: No scene touches the area.
        UsageError: ``like``, the CRS or the resolution is none, or the area does not lie in the CRS.
        AssetUnreadable: No header could be read.
    """
    if resolution is not None and not resolution > 0:
        raise UsageError(f"pixels of {resolution!r}", hint="give a positive size in units of the CRS")
    crs = None if crs is None else known_crs(crs)
    wanted = Wanted(aoi=aoi, crs=crs, resolution=resolution, like=like)

    async def work() -> Grid:
        with Opener(default_reader(), access) as opener:
            chosen = await choose_grid(worth_reading(scenes, aoi, bands), bands, wanted, opener)
            return Grid.from_geobox(chosen)

    return run(work())
