"""Scenes to a cube."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

import xarray as xr
from odc.geo.geobox import GeoBox

from multisat.cube.assemble import assemble
from multisat.cube.opening import AccessTo, Opener
from multisat.cube.overpasses import overpasses
from multisat.cube.rasterio_reader import RasterioReader
from multisat.cube.reader import Reader
from multisat.cube.scene_pixels import Lost, ScenePixels, Wish, quality_layer, read_scene
from multisat.cube.selecting import worth_reading
from multisat.cube.target import Wanted, choose_grid
from multisat.cube.telling import check_words, untold
from multisat.cube.warnings import MultisatWarning
from multisat.errors import AssetUnreadable, UsageError
from multisat.model import AOI, Scene
from multisat.vocab.bands import band as known_band
from multisat.vocab.bands import resolve
from multisat.vocab.masks import mask_words

_METHODS = ("nearest", "bilinear", "cubic", "average", "mode", "min", "max", "med")
_GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class _Report:
    """What happened while reading, for the attributes of the result."""

    skipped: tuple[str, ...]
    replaced: tuple[str, ...]


def load(
    scenes: Sequence[Scene],
    bands: Sequence[str],
    *,
    access: AccessTo,
    aoi: AOI | None = None,
    mask: str | Iterable[str] | None = None,
    resolution: float | None = None,
    crs: str | None = None,
    like: Any = None,  # noqa: ANN401 - any object with a grid
    resampling: str = "nearest",
    groupby: Literal["overpass", "scene"] = "overpass",
    raw: bool = False,
    errors: Literal["skip", "raise"] = "skip",
    reader: Reader | None = None,
    workers: int = 8,
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
        resolution: Pixel size in units of the CRS; None is the finest native one.
        crs: CRS; None is the native one of the scenes that cover the area best.
        like: A grid to use as it is: GeoBox, Grid, or a georeferenced xarray object.
        resampling: How pixels move to a grid that is not their own. On it they never change.
        groupby: ``"overpass"`` mosaics the scenes of one pass into one time step.
        raw: Stored numbers; nothing is scaled or set to NaN, the mask is only reported.
        errors: ``"skip"`` leaves out scenes that cannot be read, warns and lists them.
        reader: Reads pixels; GDAL if None.
        workers: Files read at a time.
        max_memory: Largest result in GiB.
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
    wish = _wish(bands, mask, resampling, raw=raw, retry=errors == "skip")
    opener = Opener(reader or RasterioReader(), access)
    touching = worth_reading(scenes, aoi, wish.bands)
    check_words(touching, mask)
    target = choose_grid(
        touching, wish.bands, Wanted(aoi=aoi, crs=crs, resolution=resolution, like=like), opener
    )
    groups = overpasses(touching) if groupby == "overpass" else [[s] for s in touching]
    _check_size(target, len(groups), wish, max_memory)
    read = _read_all(groups, wish, target, opener, workers=workers, progress=progress)
    report = _report(read, errors)
    steps = [[p for p in step if isinstance(p, ScenePixels)] for step in read]
    cube = assemble([step for step in steps if step], wish, target)
    for text in untold(touching, mask):
        warnings.warn(text, MultisatWarning, stacklevel=3)
    left_out = len(scenes) - len(touching)
    return cube.assign_attrs(
        reader=opener.reader.name, left_out=left_out, **_attributes(touching, wish, report)
    )


def _wish(bands: Sequence[str], mask: Any, resampling: str, *, raw: bool, retry: bool) -> Wish:  # noqa: ANN401
    if not bands:
        raise UsageError("no band is named", hint='name some, such as ["red", "nir"]')
    if resampling not in _METHODS:
        raise UsageError(f"no resampling is called {resampling!r}", hint=f"use one of {', '.join(_METHODS)}")
    names = tuple(dict.fromkeys(known_band(name).name for name in bands))
    words = None if mask is None else mask_words(mask)
    return Wish(bands=names, words=words, raw=raw, resampling=resampling, retry=retry)


def _check_size(target: GeoBox, steps: int, wish: Wish, max_memory: float) -> None:
    rows, columns = target.shape
    size = rows * columns * steps * len(wish.bands) * 4 / _GIB
    if size > max_memory:
        raise UsageError(
            f"{len(wish.bands)} bands of {steps} x {rows} x {columns} pixels take {size:.1f} GiB",
            hint=f"choose a smaller area, fewer dates or coarser pixels, or raise max_memory={max_memory:g}",
        )


def _read_all(
    groups: list[list[Scene]],
    wish: Wish,
    target: GeoBox,
    opener: Opener,
    *,
    workers: int,
    progress: Callable[[int, int], None] | None,
) -> list[list[ScenePixels | Lost]]:
    total, done = sum(map(len, groups)), 0
    with ThreadPoolExecutor(workers, thread_name_prefix="multisat-read") as pool:
        running = [[pool.submit(read_scene, s, wish, target, opener) for s in group] for group in groups]
        read: list[list[ScenePixels | Lost]] = []
        for futures in running:
            read.append([])
            for future in futures:
                read[-1].append(future.result())
                done += 1
                if progress is not None:
                    progress(done, total)
    return read


def _report(read: list[list[ScenePixels | Lost]], errors: str) -> _Report:
    flat = [one for step in read for one in step]
    lost = [one for one in flat if isinstance(one, Lost)]
    if lost and errors == "raise":
        raise lost[0].error
    if lost and len(lost) == len(flat):
        raise AssetUnreadable(
            f"none of {len(flat)} scenes could be read; the first: {lost[0].error}"
        ) from lost[0].error
    skipped = tuple(f"{one.scene.provider} {one.scene.id}: {'; '.join(one.failures)}" for one in lost)
    replaced = tuple(
        f"{one.scene.provider} {one.scene.id} was read instead: {'; '.join(one.failures)}"
        for one in flat
        if isinstance(one, ScenePixels) and one.failures
    )
    for text in skipped:
        warnings.warn(f"left out {text}", MultisatWarning, stacklevel=4)
    return _Report(skipped=skipped, replaced=replaced)


def _attributes(touching: list[Scene], wish: Wish, report: _Report) -> dict[str, Any]:
    missing = _missing(touching, wish)
    for text in missing:
        warnings.warn(text, MultisatWarning, stacklevel=4)
    return {
        "resampling": wish.resampling,
        "mask": ", ".join(wish.words) if wish.words else "none",
        "not_masked": sorted({s.collection for s in touching if wish.words and quality_layer(s) is None}),
        "missing_bands": missing,
        "skipped": list(report.skipped),
        "replaced": list(report.replaced),
    }


def _missing(scenes: list[Scene], wish: Wish) -> list[str]:
    """Return a sentence per collection and band that some of its scenes lack."""
    lacking: dict[tuple[str, str], int] = {}
    for scene in scenes:
        for name in wish.bands:
            if resolve(name, scene.bands, scene.collection) is None:
                lacking[scene.collection, name] = lacking.get((scene.collection, name), 0) + 1
    return [
        f"{n} of the {collection} scenes read lack the band {name}; they are NaN there"
        for (collection, name), n in lacking.items()
    ]
