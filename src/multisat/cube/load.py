"""Scenes to a cube."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import xarray as xr
from odc.geo.geobox import GeoBox

from multisat.config import cache_folder
from multisat.cube.assemble import assemble
from multisat.cube.block import Block
from multisat.cube.eager import read_now
from multisat.cube.lazy import promise
from multisat.cube.opening import AccessTo, Opener
from multisat.cube.overpasses import overpasses
from multisat.cube.reporting import description, outcome, readers, refuse_losses
from multisat.cube.selecting import worth_reading
from multisat.cube.target import Wanted, choose_grid
from multisat.cube.telling import check_words, untold
from multisat.cube.warnings import tell
from multisat.cube.wish import Wish
from multisat.errors import UsageError
from multisat.model import AOI, Asset, Scene
from multisat.model.aoi_check import known_crs
from multisat.raster import AnyReader, Reader, run
from multisat.steps.mask import Gaussian
from multisat.vocab.bands import resolve

_GIB = 2**30


def load(
    scenes: Sequence[Scene],
    bands: Sequence[str],
    *,
    access: AccessTo,
    aoi: AOI | None = None,
    mask: str | Iterable[str] | None = None,
    opening: float = 0.0,
    dilate: float = 0.0,
    kernel: Gaussian | None = None,
    resolution: float | None = None,
    crs: str | None = None,
    grid: Any = None,  # noqa: ANN401 - any object with a grid
    like: Any = None,  # noqa: ANN401 - any object with a grid
    resampling: str = "nearest",
    groupby: Literal["overpass", "scene"] = "overpass",
    chunks: Mapping[str, int] | None = None,
    raw: bool = False,
    errors: Literal["skip", "raise"] = "skip",
    reader: Callable[[], Reader] | None = None,
    max_memory: float = 4.0,
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Read bands of scenes over an area.

    Args:
        scenes: Scenes of any archives and sensors.
        bands: Canonical names; a sensor without one answers with its stand-in, or with NaN.
        access: Tells how to open an asset of a provider now.
        aoi: Area to cover, as the box around it; None is all of the scenes.
        mask: ``"clear"``, ``"loose"`` or class words; masked pixels become NaN and the mask is
            kept as the variable ``mask`` (1 is masked).
        opening: Metres: what no disc of this radius inside a masked patch reaches (specks, threads,
            sharp corners) is not masked. Pixels without data always are.
        dilate: Metres: pixels up to so far from a masked one are masked, too.
        kernel: Instead of distances, a Gaussian on the pixels of the cube, such as
            ``gaussian(11, 1.6, 0.1)``: the mask of each scene becomes the pixels whose weighted sum
            of masked neighbours (1; 0 where there is no data) is over its threshold.
        resolution: Pixel size in units of the CRS; None is the finest native one.
        crs: CRS; None is the native one of the scenes that cover the area best.
        grid: A grid to use as it is: GeoBox, Grid, or a georeferenced xarray object.
        like: The same: whatever has the grid that is wanted.
        resampling: How pixels move to a grid that is not their own. On it they never change.
        groupby: ``"overpass"`` mosaics the scenes of one pass into one time step.
        chunks: Sizes along time, y and x (-1 is all of it) for a lazy dataset of Dask arrays;
            None reads now.
        raw: Stored numbers; nothing is scaled or set to NaN, the mask is only reported.
        errors: ``"skip"`` leaves out scenes that cannot be read, warns and lists them.
        reader: Makes what opens files; None takes the engine, and GDAL for what it cannot read.
        max_memory: Largest result in GiB that is read at once.
        progress: Called with scenes done and scenes in all.

    Returns:
        Variables (time, y, x), float32 in physical units, NaN where there is no data;
        pixel-centre coordinates, ``spatial_ref``, and coordinates along time for what was read.

    Raises:
        UsageError: A band, mask, method or size is out of the question.
        NothingFound: No scene touches the area.
        AssetUnreadable: No scene could be read, or one with ``errors="raise"``.
    """
    mask = mask if mask is None or isinstance(mask, str) else tuple(mask)
    wish = Wish.of(
        bands,
        mask,
        opening=opening,
        dilate=dilate,
        kernel=kernel,
        raw=raw,
        resampling=resampling,
        retry=errors == "skip",
    )
    _check_choices(groupby=groupby, errors=errors)
    touching = worth_reading(scenes, aoi, wish.bands)
    check_words(touching, mask)
    make = reader or default_reader
    crs = None if crs is None else known_crs(crs)
    wanted = Wanted(aoi=aoi, crs=crs, resolution=resolution, like=like if grid is None else grid)
    target = run(_grid(touching, wish, wanted, make, access))
    groups = overpasses(touching) if groupby == "overpass" else [[s] for s in touching]
    said = {**description(touching, wish), "left_out": len(scenes) - len(touching)}
    for text in untold(touching, mask):
        tell(text)
    task = _Task(groups=groups, wish=wish, target=target, make=make, access=access, errors=errors)
    if chunks is not None:
        return task.later(chunks).assign_attrs(said)
    _check_size(target, len(groups), wish, max_memory)
    return task.now(progress).assign_attrs(said)


@dataclass(frozen=True, kw_only=True)
class _Task:
    """A cube that is wanted: what to read, and where."""

    groups: Sequence[Sequence[Scene]]
    wish: Wish
    target: GeoBox
    make: Callable[[], Reader]
    access: AccessTo
    errors: str

    def now(self, progress: Callable[[int, int], None] | None) -> xr.Dataset:
        """Read it; steps of which nothing could be read are left out."""
        block = Block.all_of(self.target)
        stack, steps = read_now(self.groups, self.wish, block, self.make, self.access, progress=progress)
        refuse_losses(steps, self.errors)
        keep = [index for index, step in enumerate(steps) if step.scenes]
        names = [*self.wish.bands, *(["mask"] if self.wish.words is not None else [])]
        variables = {name: stack.get(name) for name in names}
        if len(keep) < len(steps):
            variables = {name: values[keep] for name, values in variables.items()}
        read = [steps[index] for index in keep]
        assets = {band: [a for step in read for a in step.assets[band]] for band in self.wish.bands}
        cube = assemble(variables, [step.scenes for step in read], assets, self.wish, self.target)
        for band in self.wish.bands:
            cube[band].attrs["reader"] = readers(name for step in read for name in step.readers[band])
        return cube.assign_attrs(outcome(steps))

    def later(self, chunks: Mapping[str, int]) -> xr.Dataset:
        """Promise it; what cannot be read then is NaN, or an error with ``errors="raise"``."""
        variables = promise(
            self.groups,
            self.wish,
            self.target,
            chunks,
            make=self.make,
            access=self.access,
            errors=self.errors,
        )
        scenes = [s for group in self.groups for s in group]
        assets = {band: _assets(scenes, band) for band in self.wish.bands}
        return assemble(variables, self.groups, assets, self.wish, self.target)


def default_reader() -> Reader:
    """Return the engine for cloud-optimised GeoTIFF, with GDAL beside it for all else."""
    return AnyReader.with_cache(cache_folder())


async def _grid(
    scenes: Sequence[Scene], wish: Wish, wanted: Wanted, make: Callable[[], Reader], access: AccessTo
) -> GeoBox:
    with Opener(make(), access) as opener:
        return await choose_grid(scenes, wish.bands, wanted, opener)


def _assets(scenes: Sequence[Scene], band: str) -> list[Asset]:
    names = ((scene, resolve(band, scene.bands, scene.collection)) for scene in scenes)
    return [scene.assets[name] for scene, name in names if name is not None]


def _check_choices(*, groupby: str, errors: str) -> None:
    if groupby not in ("overpass", "scene"):
        raise UsageError(f"cannot group by {groupby!r}", hint='use "overpass" or "scene"')
    if errors not in ("skip", "raise"):
        raise UsageError(f"errors cannot be {errors!r}", hint='use "skip" or "raise"')


def _check_size(target: GeoBox, steps: int, wish: Wish, max_memory: float) -> None:
    rows, columns = target.shape
    size = rows * columns * steps * len(wish.bands) * 4 / _GIB
    if size > max_memory:
        raise UsageError(
            f"{len(wish.bands)} bands of {steps} x {rows} x {columns} pixels take {size:.1f} GiB",
            hint="choose a smaller area, fewer dates or coarser pixels, a lazy cube with chunks=, "
            f"or raise max_memory={max_memory:g}",
        )
