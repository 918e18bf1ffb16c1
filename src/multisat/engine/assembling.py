"""Layers that a service computed, as the dataset that this engine would give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import xarray as xr

from multisat.engine.describing import dataset, planned
from multisat.engine.plan import plan, said
from multisat.steps import Task


def assembled(task: Task, layers: Mapping[str, Any], *, reader: str, **attributes: Any) -> xr.Dataset:  # noqa: ANN401 - attributes
    """Return layers as a dataset with the coordinates and attributes that ``run`` would give them.

    Args:
        task: What was computed.
        layers: The variables, float32 of shape (time, y, x) on the task's grid, with ``count`` (uint16)
            if there is a composite, or ``mask`` (uint8) if there is only a mask. One time step a period
            of ``task.periods``, or one an overpass.
        reader: What computed them, such as ``"sentinel-hub process"``.
        attributes: Of the dataset, such as ``spent``.
    """
    made = plan(task, retry=False)
    found = dataset(made, layers, made.whole, planned(made))
    for name in made.steps.variables:
        found[name].attrs["reader"] = reader
    return found.assign_attrs(said(made, task), skipped=[], **attributes)
