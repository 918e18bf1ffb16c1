"""A first look at a cube."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from multisat.errors import UsageError
from multisat.writing.placed import Placed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLOURS = ["red", "green", "blue"]
_MOST = 12
"""Pictures in one figure; of more time steps every n-th is shown."""
_PLANTS = {"ndvi", "evi", "evi2", "savi", "osavi", "msavi", "gndvi", "ndre"}
"""Indices that rise with green leaves, from about 0 on bare soil to about 0.9."""
_STRETCH = (0.02, 0.98)
"""Quantiles that become the darkest and the brightest colour."""
_NOTHING = "0.88"
"""Grey where there is no value, which no colour map has."""
_WIDE = 38
"""Letters over one picture."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """Colours of all pictures of a figure.

    Attributes:
        low: Value of the first colour.
        high: Value of the last.
        colours: matplotlib's name of a colour map; None is true colour.
        label: What stands beside the bar of colours.
    """

    low: float
    high: float
    colours: str | None = None
    label: str = ""


def plot(data: xr.Dataset | xr.DataArray, band: str | None = None) -> Figure:
    """Draw time steps or periods as true colour, if there are red, green and blue, or as one band.

    All pictures of a figure have the same colours. Changes and anomalies are drawn from red to blue with
    white for none. Time steps without any value are left out, which the figure says.

    Args:
        data: Georeferenced pixels; dimensions (y, x) or (time, y, x).
        band: Which variable; None is true colour, or the first change, or the first.

    Returns:
        The matplotlib figure, which is the caller's to show, save and close.

    Raises:
        UsageError: matplotlib is not installed, or there is no such variable.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError as error:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"') from error
    picture = picture_of(Placed.of(data).cube, band)
    steps = _steps(picture)
    look = look_of(picture, np.stack([step.values for step in steps]))
    columns = min(4, len(steps))
    rows = -(-len(steps) // columns)
    size = (4 * columns + 1.2, 3.8 * rows)
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="compressed", squeeze=False)
    drawn = [_draw(step, place, look) for step, place in zip(steps, axes.flat, strict=False)]
    for place in axes.flat[len(steps) :]:
        place.set_axis_off()
    if look.colours is not None:
        figure.colorbar(drawn[0], ax=axes, label=look.label, shrink=0.8)
    if len(steps) < (times := picture.sizes.get("time", 1)):
        figure.suptitle(f"{len(steps)} of {times} times are shown; empty ones never are", fontsize="medium")
    return figure


def picture_of(cube: xr.Dataset, band: str | None) -> xr.DataArray:
    """Return the variable to draw, with colours last if it is true colour."""
    names = [str(name) for name in cube.data_vars]
    if band is not None and band not in names:
        raise UsageError(f"no variable is called {band!r}", hint=f"use one of {', '.join(names)}")
    if band is None and set(_COLOURS) <= set(names):
        return cube[_COLOURS].to_array("colour").transpose(..., "y", "x", "colour")
    changes = [name for name in names if name.endswith("_change")]
    return cube[band or [*changes, *names][0]].transpose(..., "y", "x")


def _steps(picture: xr.DataArray) -> list[xr.DataArray]:
    """Return the time steps that have a value, some of them if there are many."""
    if "time" not in picture.dims:
        return [picture]
    steps = [picture.isel(time=index).compute() for index in range(picture.sizes["time"])]
    seen = [step for step in steps if step.notnull().any()] or steps[:1]
    return seen[:: max(1, -(-len(seen) // _MOST))]


def look_of(picture: xr.DataArray, values: Any) -> Look:  # noqa: ANN401 - numbers of any type
    """Return how to colour all time steps of a variable alike, by its name, its attributes and its values."""
    finite = values[np.isfinite(values)]
    low, high = (float(v) for v in np.quantile(finite, _STRETCH)) if finite.size else (0.0, 1.0)
    if "colour" in picture.dims:
        return Look(low=low, high=max(high, low + 1e-6))
    name, unit = str(picture.attrs.get("long_name", picture.name)), picture.attrs.get("units", "1")
    label = name if unit in {"1", ""} else f"{name} ({unit})"
    centre = _centre(picture)
    if centre is not None:
        reach = max(abs(low - centre), abs(high - centre)) or 1.0
        return Look(low=centre - reach, high=centre + reach, colours="RdBu", label=label)
    if str(picture.name).lower() in _PLANTS:
        return Look(low=-0.2, high=0.9, colours="RdYlGn", label=label)
    return Look(low=low, high=high, colours="viridis", label=label)


def _centre(picture: xr.DataArray) -> float | None:
    """Return the value that stands for no change, or None if the variable is none."""
    if str(picture.name).endswith("_change"):
        return 0.0
    kind = str(picture.attrs.get("anomaly", "")).split(" ")[0]
    return {"": None, "ratio": 1.0}.get(kind, 0.0)


def _draw(step: xr.DataArray, place: Any, look: Look) -> Any:  # noqa: ANN401 - matplotlib's axes and images
    how = {"rgb": "colour"} if look.colours is None else {"cmap": look.colours, "add_colorbar": False}
    image = step.plot.imshow(ax=place, x="x", y="y", vmin=look.low, vmax=look.high, **how)
    place.set(aspect="equal", xlabel="", ylabel="", xticks=[], yticks=[], facecolor=_NOTHING)
    place.set_title(fill(when(step), _WIDE), fontsize="medium")
    return image


def when(step: xr.DataArray) -> str:
    """Return a day, or a period: "2023-05", "2023", "2023-05-01 to 2023-05-16" with its last day.

    What has no time may say in its attributes what it is of.
    """
    if "time" not in step.coords:
        return str(step.attrs.get("dates", ""))
    first = step["time"].values.astype("datetime64[D]")
    if "period_end" not in step.coords:
        return str(first)
    after = step["period_end"].values.astype("datetime64[D]")
    for unit in ("Y", "M", "D"):
        start = first.astype(f"datetime64[{unit}]")
        if start.astype("datetime64[D]") == first and (start + 1).astype("datetime64[D]") == after:
            return str(start)
    return f"{first} to {after - 1}"
