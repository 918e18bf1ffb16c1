"""From pixels of scenes to one dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import rioxarray  # noqa: F401 - registers the .rio accessor
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from multisat.cube.scene_pixels import ScenePixels, Wish
from multisat.vocab.bands import BANDS

_DIMS = ("time", "y", "x")
_FILL = 0


def assemble(steps: Sequence[Sequence[ScenePixels]], wish: Wish, target: GeoBox) -> xr.Dataset:
    """Return the dataset of time steps, each made of the scenes of one overpass.

    Variables have dimensions (time, y, x). Where several scenes have a pixel, the first one in
    order with a valid number gives it.
    """
    variables = {band: _variable(band, steps, wish, target) for band in wish.bands}
    if wish.words is not None:
        variables["mask"] = _mask_variable(steps, wish, target)
    bare = xr.Dataset(variables, coords={**_pixel_centres(target), **_time_coords(steps)})
    found: xr.Dataset = bare.rio.write_crs(str(target.crs)).rio.write_transform(target.affine)
    for name in found.data_vars:
        found[name].encoding["grid_mapping"] = "spatial_ref"
    return found


def _variable(band: str, steps: Sequence[Sequence[ScenePixels]], wish: Wish, target: GeoBox) -> Any:  # noqa: ANN401
    layers = [_fused([(p.values[band], p.valid[band]) for p in step if band in p.values]) for step in steps]
    dtype = (
        np.result_type(*(v.dtype for v in layers if v is not None))
        if any(v is not None for v in layers)
        else None
    )
    whole = _stack(layers, dtype or np.dtype(np.float32), target)
    assets = [p.assets[band] for step in steps for p in step if band in p.assets]
    return _DIMS, whole, _attributes(band, assets, wish)


def _fused(parts: list[tuple[NDArray[np.generic], NDArray[np.bool_]]]) -> NDArray[np.generic] | None:
    """Return one layer from several: the first valid number in order wins."""
    if not parts:
        return None
    values, known = parts[0][0].copy(), parts[0][1].copy()
    for other, valid in parts[1:]:
        new = valid & ~known
        values[new] = other[new]
        known |= new
    return values


def _stack(layers: list[NDArray[np.generic] | None], dtype: np.dtype[Any], target: GeoBox) -> NDArray[Any]:
    nothing = np.nan if np.issubdtype(dtype, np.floating) else _FILL
    whole = np.full((len(layers), *target.shape), nothing, dtype=dtype)
    for index, layer in enumerate(layers):
        if layer is not None:
            whole[index] = layer
    return whole


def _attributes(band: str, assets: Sequence[Any], wish: Wish) -> Mapping[str, Any]:
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


def _mask_variable(steps: Sequence[Sequence[ScenePixels]], wish: Wish, target: GeoBox) -> Any:  # noqa: ANN401
    """Return 1 where every scene of the overpass is masked, 0 elsewhere and where nothing tells."""
    whole = np.zeros((len(steps), *target.shape), dtype=np.uint8)
    for index, step in enumerate(steps):
        told = [p.masked for p in step if p.masked is not None]
        if told:
            whole[index] = np.logical_and.reduce(told)
    words = ", ".join(wish.words or ())
    return _DIMS, whole, {"long_name": "masked pixels", "units": "", "classes": words}


def _pixel_centres(target: GeoBox) -> dict[str, Any]:
    """Return the coordinates of pixel centres along y and x, in units of the CRS."""
    rows, columns = target.shape
    at = target.affine
    unit = {"units": "degrees" if target.crs is not None and target.crs.geographic else "m"}
    return {
        "y": ("y", at.f + (np.arange(rows) + 0.5) * at.e, {"axis": "Y", **unit}),
        "x": ("x", at.c + (np.arange(columns) + 0.5) * at.a, {"axis": "X", **unit}),
    }


def _time_coords(steps: Sequence[Sequence[ScenePixels]]) -> dict[str, Any]:
    """Return per-step coordinates; the time is the earliest of the overpass, UTC."""
    times = [min(p.scene.datetime for p in step).replace(tzinfo=None) for step in steps]
    found: dict[str, Any] = {"time": ("time", np.array(times, dtype="datetime64[ns]"), {"long_name": "UTC"})}
    for name in ("platform", "provider", "collection", "id", "processing_baseline"):
        label = "item" if name == "id" else name
        found[label] = ("time", [_joined(getattr(p.scene, name) for p in step) for step in steps])
    found["cloud_cover"] = (
        "time",
        [_mean(p.scene.cloud_cover for p in step) for step in steps],
        {"units": "percent"},
    )
    found["relative_orbit"] = ("time", [_mean(p.scene.relative_orbit for p in step) for step in steps])
    return found


def _joined(values: Any) -> str:  # noqa: ANN401 - any iterable
    return ",".join(dict.fromkeys(str(v) for v in values if v is not None))


def _mean(values: Any) -> float:  # noqa: ANN401 - any iterable
    known = [v for v in values if v is not None]
    return float(np.mean(known)) if known else float("nan")
