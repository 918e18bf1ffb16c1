"""A first look at a cube."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xarray as xr

from multisat.errors import UsageError
from multisat.writing.placed import Placed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLOURS = ["red", "green", "blue"]
_MOST = 12
"""Pictures in one figure; of more time steps every n-th is shown."""


def plot(data: xr.Dataset | xr.DataArray, band: str | None = None) -> Figure:
    """Draw time steps as true colour, if there are red, green and blue, or as one band.

    Args:
        data: Georeferenced pixels; dimensions (y, x) or (time, y, x).
        band: Which variable; None is true colour, or the first.

    Returns:
        The matplotlib figure, which is the caller's to show, save and close.

    Raises:
        UsageError: matplotlib is not installed, or there is no such variable.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError as error:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"') from error
    picture, how = _picture(Placed.of(data).cube, band)
    steps = [picture] if "time" not in picture.dims else _spread(picture)
    columns = min(4, len(steps))
    rows = -(-len(steps) // columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(4 * columns, 3.6 * rows), layout="constrained", squeeze=False
    )
    for index, place in enumerate(axes.flat):
        if index < len(steps):
            _draw(steps[index], place, how)
        else:
            place.set_axis_off()
    return figure


def _picture(cube: xr.Dataset, band: str | None) -> tuple[xr.DataArray, dict[str, Any]]:
    if band is not None and band not in cube.data_vars:
        raise UsageError(f"no variable is called {band!r}", hint=f"use one of {', '.join(map(str, cube))}")
    if band is None and set(_COLOURS) <= set(cube.data_vars):
        return cube[_COLOURS].to_array("colour"), {"rgb": "colour", "robust": True}
    name = band if band is not None else next(iter(cube.data_vars))
    ndvi = {"cmap": "RdYlGn", "vmin": -0.2, "vmax": 0.9}
    return cube[name], ndvi if name == "ndvi" else {"robust": True}


def _spread(picture: xr.DataArray) -> list[xr.DataArray]:
    every = max(1, -(-picture.sizes["time"] // _MOST))
    return [picture.isel(time=index) for index in range(0, picture.sizes["time"], every)]


def _draw(step: xr.DataArray, place: Any, how: dict[str, Any]) -> None:  # noqa: ANN401 - matplotlib axes
    step.plot.imshow(ax=place, x="x", y="y", **how)
    when = str(step["time"].values.astype("datetime64[D]")) if "time" in step.coords else ""
    place.set(title=when, aspect="equal")
