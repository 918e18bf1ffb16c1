"""Layers as a dataset that says how they were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import orjson
import xarray as xr

from multisat.cube.assemble import band_attributes, mask_attributes, on_grid, place_coords, time_coords
from multisat.cube.block import Block
from multisat.engine.plan import Plan
from multisat.engine.series import Series
from multisat.model import Asset
from multisat.model.periods import Period
from multisat.steps import Composite, Formula, Steps
from multisat.vocab.bands import band, resolve

_DIMS = ("time", "y", "x")
Assets = Mapping[str, Sequence[Asset]]
"""Band to the files it is read from."""


def dataset(plan: Plan, layers: Mapping[str, Any], block: Block, assets: Assets) -> xr.Dataset:
    """Return layers of shape (time, y, x), NumPy's or Dask's, as a dataset with coordinates.

    Args:
        plan: What was computed.
        layers: The variables, with ``count`` or ``mask``.
        block: The part of the grid they are.
        assets: What the bands were read from.
    """
    names = sorted(layers, key=[*plan.steps.variables, "count", "mask"].index)
    described = {name: (_DIMS, layers[name], attributes(plan, name, assets)) for name in names}
    coords = {**_place(plan, block), **_times(plan.series)}
    said = {"recipe": orjson.dumps(plan.steps.to_dict()).decode()}
    return on_grid(xr.Dataset(described, coords=coords, attrs=said))


def planned(plan: Plan) -> dict[str, list[Asset]]:
    """Return the files that are to be read for each band."""
    found: dict[str, list[Asset]] = {}
    for name in plan.wish.bands:
        own = ((scene, resolve(name, scene.bands, scene.collection)) for scene in plan.scenes)
        found[name] = [scene.assets[one] for scene, one in own if one is not None]
    return found


def bands_of(steps: Steps, variable: str) -> tuple[str, ...]:
    """Return the bands a variable is made of."""
    return next((one.bands for one in steps.formulas if one.name == variable), (variable,))


def attributes(plan: Plan, name: str, assets: Assets) -> dict[str, Any]:
    """Return what a layer says of itself."""
    if name == "mask":
        return mask_attributes(plan.wish)
    if name == "count":
        return {"long_name": "clear looks", "units": "1", "why": "time steps with a value of any variable"}
    formula = next((one for one in plan.steps.formulas if one.name == name), None)
    found = (
        band_attributes(name, assets.get(name, ()), plan.wish)
        if formula is None
        else _computed(formula, assets, plan)
    )
    return _changed(found, plan.steps)


def _computed(formula: Formula, assets: Assets, plan: Plan) -> dict[str, Any]:
    """Return what a formula says; numbers of unit 1 make a number of unit 1."""
    parts = [band_attributes(name, assets.get(name, ()), plan.wish) for name in formula.bands]
    return {
        "long_name": formula.name,
        "units": "1" if all(band(name).unit == "1" for name in formula.bands) else "",
        "formula": formula.expression,
        "why": "; ".join(dict.fromkeys(part["why"] for part in parts)),
        "source_bands": ", ".join(dict.fromkeys(part["source_bands"] for part in parts)),
    }


def _changed(found: dict[str, Any], steps: Steps) -> dict[str, Any]:
    """Return the attributes of a variable after all steps."""
    if steps.composed is not None:
        found["reducer"] = _reducer(steps.composed)
        found |= {"units": "1"} if steps.composed.reducer == "count" else {}
    if steps.smoothed is not None:
        found["smoothed"] = str(steps.smoothed)
    if steps.compared is not None:
        found["anomaly"] = str(steps.compared)
        found |= {"units": "1"} if steps.compared.kind != "difference" else {}
    if steps.masked is not None:
        found["masked"] = ", ".join(steps.masked.words)
    return found


def _reducer(composite: Composite) -> str:
    return composite.reducer if composite.q is None else f"{composite.reducer} {composite.q:g}"


def _place(plan: Plan, block: Block) -> dict[str, Any]:
    """Return pixel centres of a block, counted from the corner of the whole grid, and its grid mapping."""
    whole = place_coords(plan.target)
    rows = slice(block.row, block.row + block.height)
    parts = {"y": rows, "x": slice(block.column, block.column + block.width)}
    found = {name: (name, whole[name][1][part], whole[name][2]) for name, part in parts.items()}
    return {**found, "spatial_ref": place_coords(block.geobox)["spatial_ref"]}


def _times(series: Series) -> dict[str, Any]:
    if not series.periods:
        return time_coords(series.groups)
    first, after = zip(*((one.label, _after(one)) for one in series.periods), strict=True)
    return {
        "time": ("time", _days(first), {"long_name": "first day, UTC", "standard_name": "time"}),
        "period_end": ("time", _days(after), {"long_name": "first day after it, UTC"}),
        "looks": ("time", [len(run) for run in series.runs], {"long_name": "time steps in the period"}),
    }


def _after(period: Period) -> date:
    """Return the first day of which nothing is in a period."""
    last: datetime = period.end - timedelta(microseconds=1)
    return last.date() + timedelta(days=1)


def _days(days: Sequence[date]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return np.array(days, dtype="datetime64[D]").astype("datetime64[ns]")
