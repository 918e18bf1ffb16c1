"""The ratio of radar power after an event to that before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
import xarray as xr

import multisat.accessor  # noqa: F401 - gives cubes their .multisat
from multisat.changes.sides import Side, check_one_orbit
from multisat.cube.gridding import grid_of
from multisat.cube.opening import AccessTo
from multisat.engine import run
from multisat.errors import UsageError
from multisat.model import AOI, Grid, Request
from multisat.steps import Steps, Task
from multisat.vocab.bands import band


def change(
    aoi: AOI,
    sides: tuple[Side, Side],
    bands: Sequence[str] = ("vv", "vh"),
    *,
    access: AccessTo,
    resolution: float | None = None,
    crs: str | None = None,
    grid: Any = None,  # noqa: ANN401 - any object with a grid
    clip: bool = False,
    errors: Literal["skip", "raise"] = "skip",
    progress: Callable[[int, int], None] | None = None,
) -> xr.Dataset:
    """Compare the mean power of two times, on one grid.

    Args:
        aoi: Area.
        sides: Scenes before and after the event, all of one relative orbit, with their time ranges.
        bands: Radar bands.
        access: Tells how to open an asset of a provider now.
        resolution: Pixel size in units of the CRS; None is the native one.
        crs: CRS; None is the native one.
        grid: A grid to use as it is.
        clip: Whether pixels whose centre is outside the area become NaN.
        errors: ``"skip"`` leaves out scenes that cannot be read, warns and lists them.
        progress: Called with scenes read and scenes in all, once for each side.

    Returns:
        Variables (y, x): for each band ``BAND_before`` and ``BAND_after``, the mean of linear power, and
        ``BAND_change``, ``10 log10(after / before)`` in dB, NaN where either is missing or 0; and
        ``count_before``, ``count_after``, the looks behind a pixel. Attributes tell orbit and platforms.

    Raises:
        UsageError: The scenes are of several relative orbits, or a band is not radar.
    """
    bands = check_radar(bands)
    scenes = [scene for side, _ in sides for scene in side]
    orbit = check_one_orbit(scenes)
    pixels = grid_of(scenes, bands, access=access, aoi=aoi, resolution=resolution, crs=crs, like=grid)
    steps = Steps().bands(*bands).composite(None, "mean")
    tasks = [_task(steps.clip() if clip else steps, aoi, side, pixels) for side in sides]
    first, second = (run(one, access=access, errors=errors, progress=progress) for one in tasks)
    found = _compared(first, second, bands).assign_attrs(_about(orbit, tasks, first, second))
    dates = f"{_span(tasks[0])} against {_span(tasks[1])}, orbit {orbit}"
    for name in bands:
        found[f"{name}_change"].attrs["dates"] = dates
    return found


def check_radar(bands: Sequence[str]) -> tuple[str, ...]:
    """Return the canonical names of radar bands.

    Raises:
        UsageError: There is none, or one is no radar band.
    """
    names = tuple(dict.fromkeys(band(name).name for name in bands))
    if not names or any(band(name).kind != "sar" for name in names):
        raise UsageError(f"{', '.join(names) or 'nothing'}: no radar band", hint="use vv, vh, hh or hv")
    return names


def _task(steps: Steps, aoi: AOI, side: Side, grid: Grid) -> Task:
    scenes, when = side
    return Task(steps=steps, request=Request(aoi=aoi, time=when), scenes=tuple(scenes), grid=grid)


def _compared(first: xr.Dataset, second: xr.Dataset, bands: Sequence[str]) -> xr.Dataset:
    sides = {"before": first.isel(time=0, drop=True), "after": second.isel(time=0, drop=True)}
    found = {f"{name}_{side}": cube[name] for name in bands for side, cube in sides.items()}
    found |= {f"{name}_change": _decibels(sides["before"][name], sides["after"][name]) for name in bands}
    found |= {f"count_{side}": cube["count"] for side, cube in sides.items()}
    plain = {name: layer.reset_coords(drop=True) for name, layer in found.items()}
    return xr.Dataset(plain).assign_coords(spatial_ref=first["spatial_ref"])


def _decibels(before: xr.DataArray, after: xr.DataArray) -> xr.DataArray:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = 10 * np.log10(after.values.astype(np.float64) / before.values.astype(np.float64))
    ratio[~np.isfinite(ratio)] = np.nan
    told = {"long_name": f"{before.attrs.get('long_name', before.name)}, after against before", "units": "dB"}
    return before.copy(data=ratio.astype(np.float32)).assign_attrs(told)


def _span(task: Task) -> str:
    """Return the first and last day of the looks of a side."""
    days = dict.fromkeys(f"{scene.datetime:%Y-%m-%d}" for scene in task.scenes)
    return " to ".join(dict.fromkeys((min(days), max(days))))


def _about(orbit: int, tasks: Sequence[Task], first: xr.Dataset, second: xr.Dataset) -> dict[str, Any]:
    found: dict[str, Any] = {"relative_orbit": orbit}
    for side, task, cube in zip(("before", "after"), tasks, (first, second), strict=True):
        found[f"platforms_{side}"] = ", ".join(sorted({s.platform for s in task.scenes if s.platform}))
        found[f"looks_{side}"] = ", ".join(f"{s.datetime:%Y-%m-%dT%H:%M:%SZ}" for s in task.scenes)
        found[f"skipped_{side}"] = cube.attrs.get("skipped", "")
    return found
