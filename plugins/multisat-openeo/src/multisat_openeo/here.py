"""What a back-end cannot compute, computed on this machine from the pixels that it loads."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from multisat.contracts import Access
from multisat.cube.assemble import cloud_cover
from multisat.engine import run
from multisat.engine.plan import Plan
from multisat.engine.series import Series, begin
from multisat.model import Asset, FileAsset, Grid, Scene
from multisat.raster import Pixels, RasterInfo, Window
from multisat.steps import Task
from multisat_openeo.answers import Slice
from multisat_openeo.layering import places
from multisat_openeo.place import Place

if TYPE_CHECKING:
    import xarray

READER = "openeo"


def computed(task: Task, plan: Plan, place: Place, grid: Grid, found: Sequence[Slice]) -> xarray.Dataset:
    """Return what the engine of this machine makes of loaded pixels.

    Args:
        task: What to compute.
        plan: The same made ready.
        place: What the back-end calls things.
        grid: Where the loaded pixels lie: the task's grid and a margin.
        found: What was loaded.
    """
    held = Held(grid=grid, layers={})
    made = replace(
        task,
        scenes=_scenes(plan.series, held, place, found),
        baseline=() if plan.baseline is None else _scenes(plan.baseline, held, place, found),
    )

    def access(_provider: str, asset: Asset) -> Access:
        return Access(href=asset.href)

    return run(made, access=access, reader=lambda: held)


def _scenes(series: Series, held: Held, place: Place, found: Sequence[Slice]) -> tuple[Scene, ...]:
    """Return a scene for each overpass that was loaded, whose files are in memory."""
    bare = Series(groups=series.groups)
    at = {number: one for number, one in zip(places(bare, found), found, strict=True) if number >= 0}
    return tuple(_scene(bare.groups[n], held, place, one) for n, one in sorted(at.items()))


def _scene(group: Sequence[Scene], held: Held, place: Place, found: Slice) -> Scene:
    first, cover = group[0], cloud_cover(group)
    known = {name: b for name, b in place.source.bands.items() if b.native in found.layers}
    for band in known.values():
        held.layers[f"openeo:{first.id}/{band.native}"] = found.layers[band.native]
    assets = {
        name: FileAsset(
            key=band.native,
            band=name,
            href=f"openeo:{first.id}/{band.native}",
            grid=held.grid,
            dtype="float32",
            scale=band.scale,
            offset=band.offset,
            why=band.why,
        )
        for name, band in known.items()
    }
    return replace(
        first,
        assets=assets,
        datetime=begin(group),
        cloud_cover=cover if np.isfinite(cover) else None,
        alternates=(),
    )


@dataclass(frozen=True, kw_only=True)
class Held:
    """Bands in memory, as files; see ``multisat.raster.Reader``.

    Attributes:
        grid: Where all of them lie.
        layers: Address to numbers of shape (y, x), NaN where there is none.
    """

    grid: Grid
    layers: dict[str, NDArray[np.float32]]

    @asynccontextmanager
    async def open(self, access: Access, _name: str) -> AsyncIterator[HeldBand]:
        """Open a band."""
        yield HeldBand(grid=self.grid, values=self.layers[access.href])

    def close(self) -> None:
        """End the load."""


@dataclass(frozen=True, kw_only=True)
class HeldBand:
    """A band in memory; see ``multisat.raster.Raster``."""

    grid: Grid
    values: NDArray[np.float32]

    @property
    def info(self) -> RasterInfo:
        """Where the pixels lie."""
        return RasterInfo(levels=(self.grid,), dtype="float32", nodata=float("nan"), reader=READER)

    async def read(self, window: Window, level: int = 0) -> Pixels:  # noqa: ARG002 - there is one level
        """Return a copy of the numbers in a window; codes of no data are 0."""
        rows = slice(window.row, window.row + window.height)
        columns = slice(window.column, window.column + window.width)
        return Pixels(values=self.values[rows, columns].copy())


def grown(grid: Grid, pixels: int) -> Grid:
    """Return a grid with so many more pixels on each side."""
    a, b, c, d, e, f = grid.transform
    rows, columns = grid.shape
    return Grid(
        crs=grid.crs,
        transform=(a, b, c - pixels * a, d, e, f - pixels * e),
        shape=(rows + 2 * pixels, columns + 2 * pixels),
    )
