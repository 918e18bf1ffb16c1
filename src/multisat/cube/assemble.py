"""From pixels of time steps to one dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import rioxarray  # noqa: F401 - registers the .rio accessor
import xarray as xr
from odc.geo.geobox import GeoBox
from pyproj import CRS

from multisat.cube.wish import Wish
from multisat.model import Asset, Scene
from multisat.vocab.bands import BANDS

_DIMS = ("time", "y", "x")


def assemble(
    variables: Mapping[str, Any],
    steps: Sequence[Sequence[Scene]],
    assets: Mapping[str, Sequence[Asset]],
    wish: Wish,
    target: GeoBox,
) -> xr.Dataset:
    """Return the dataset of variables of shape (time, y, x), NumPy's or Dask's.

    Args:
        variables: Band, or ``mask``, to numbers.
        steps: The scenes of each time step.
        assets: Band to the assets it is read from.
        wish: What was asked for.
        target: The grid.
    """
    described = {
        name: (
            _DIMS,
            values,
            mask_attributes(wish) if name == "mask" else band_attributes(name, assets[name], wish),
        )
        for name, values in variables.items()
    }
    coords = {**place_coords(target), **time_coords(steps)}
    return on_grid(xr.Dataset(described, coords=coords))


def on_grid(cube: xr.Dataset) -> xr.Dataset:
    """Say of each variable where its grid is described, and return the cube."""
    for name in cube.data_vars:
        cube[name].encoding["grid_mapping"] = "spatial_ref"
    return cube


def band_attributes(band: str, assets: Sequence[Asset], wish: Wish) -> dict[str, Any]:
    """Return what a band says of itself: its unit, and why its numbers hold."""
    known = BANDS[assets[0].band if assets else band]
    attributes: dict[str, Any] = {
        "long_name": known.title,
        "units": "" if wish.raw else known.unit,
        "why": "; ".join(dict.fromkeys(a.why for a in assets)) or "no scene has this band",
        "source_bands": ", ".join(sorted({f"{a.band} ({a.key})" for a in assets})),
    }
    fills = {a.nodata for a in assets}
    if wish.raw and len(fills) == 1 and None not in fills:
        attributes["nodata"] = fills.pop()
    return attributes


def mask_attributes(wish: Wish) -> dict[str, Any]:
    """Return what the layer ``mask`` says of itself."""
    found = {
        "long_name": "masked pixels",
        "units": "",
        "classes": ", ".join(wish.words or ()),
        "opening_metres": wish.opening,
        "dilation_metres": wish.dilate,
    }
    return found | ({"kernel": dict(vars(wish.kernel))} if wish.kernel else {})


def place_coords(target: GeoBox) -> dict[str, Any]:
    """Return pixel centres along y and x, in units of the CRS, and the grid mapping."""
    rows, columns = target.shape
    at = target.affine
    names = (
        ("latitude", "longitude")
        if _is_geographic(target)
        else ("projection_y_coordinate", "projection_x_coordinate")
    )
    units = ("degrees_north", "degrees_east") if _is_geographic(target) else ("m", "m")
    return {
        "y": (
            "y",
            at.f + (np.arange(rows) + 0.5) * at.e,
            {"axis": "Y", "standard_name": names[0], "units": units[0]},
        ),
        "x": (
            "x",
            at.c + (np.arange(columns) + 0.5) * at.a,
            {"axis": "X", "standard_name": names[1], "units": units[1]},
        ),
        "spatial_ref": _spatial_ref(target),
    }


def _spatial_ref(target: GeoBox) -> tuple[tuple[()], int, dict[str, Any]]:
    """Return the grid mapping as CF and GDAL know it; rioxarray would copy all pixels to add it."""
    a, b, c, d, e, f = tuple(target.affine)[:6]
    crs = CRS.from_user_input(str(target.crs))
    transform = " ".join(str(float(v)) for v in (c, a, b, f, d, e))
    return (), 0, {**crs.to_cf(), "spatial_ref": crs.to_wkt(), "GeoTransform": transform}


def _is_geographic(target: GeoBox) -> bool:
    return target.crs is not None and bool(target.crs.geographic)


def time_coords(steps: Sequence[Sequence[Scene]]) -> dict[str, Any]:
    """Return per-step coordinates; the time is the earliest of the overpass, UTC."""
    times = [min(s.datetime for s in step).replace(tzinfo=None) for step in steps]
    found: dict[str, Any] = {
        "time": (
            "time",
            np.array(times, dtype="datetime64[ns]"),
            {"long_name": "UTC", "standard_name": "time"},
        )
    }
    for name in ("platform", "provider", "collection", "id", "processing_baseline"):
        label = "item" if name == "id" else name
        found[label] = ("time", [_joined(getattr(s, name) for s in step) for step in steps])
    found["cloud_cover"] = ("time", [cloud_cover(step) for step in steps], {"units": "percent"})
    found["relative_orbit"] = ("time", [_mean(s.relative_orbit for s in step) for step in steps])
    return found


def cloud_cover(step: Sequence[Scene]) -> float:
    """Return the mean cloud cover of the scenes of a step in percent; NaN if none is known."""
    return _mean(scene.cloud_cover for scene in step)


def _joined(values: Iterable[object]) -> str:
    return ",".join(dict.fromkeys(str(v) for v in values if v is not None))


def _mean(values: Iterable[float | None]) -> float:
    known = [v for v in values if v is not None]
    return float(np.mean(known)) if known else float("nan")
