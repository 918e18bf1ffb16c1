"""Draw the pictures of the explanations and the how-to pages, from synthetic scenes of the sandbox.

uv run python docs/explain/make_pictures.py           # all of them
uv run python docs/explain/make_pictures.py masks     # those named
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

import multisat as ms
from multisat import zones
from multisat.sandbox import Sandbox
from multisat.sandbox.places import CITY, FIELDS, PARKS

mpl.use("agg")

from matplotlib import pyplot as plt
from matplotlib.colors import BoundaryNorm, ListedColormap
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

IMAGES = Path(__file__).resolve().parents[1] / "images"
FIELD = FIELDS["munich"]
_CLASSES = {
    3: ("shadow", "#5b4636"),
    4: ("vegetation", "#7fbf7b"),
    6: ("water", "#2c7fb8"),
    9: ("cloud", "#f0f0f0"),
    10: ("cirrus", "#9ecae1"),
}
_RULES = (
    ("Sentinel-2 before 04.00, or offset applied", 1e-4, 0.0, "#4575b4"),
    ("Sentinel-2 from 04.00 on, as ESA makes it", 1e-4, -0.1, "#d73027"),
    ("Landsat Collection 2", 2.75e-5, -0.2, "#1a9850"),
)


def save(figure: Any, name: str) -> None:  # noqa: ANN401 - a figure
    """Write a picture without metadata that changes from day to day."""
    figure.savefig(IMAGES / f"{name}.png", dpi=100, bbox_inches="tight", metadata={"Software": None})
    plt.close(figure)
    print(IMAGES / f"{name}.png")


def reflectance() -> None:
    """Draw what a stored number means under each rule."""
    figure, axes = plt.subplots(figsize=(7, 3.4), layout="constrained")
    stored = np.array([1, 12000])
    for name, scale, offset, colour in _RULES:
        axes.plot(stored, stored * scale + offset, color=colour, label=name)
        axes.plot(2000, 2000 * scale + offset, "o", color=colour)
    axes.axvline(2000, color="#999999", linewidth=0.8)
    axes.axhline(0, color="#999999", linewidth=0.8)
    axes.set(xlabel="stored number", ylabel="surface reflectance", xlim=(0, 12000), ylim=(-0.25, 1.2))
    axes.legend(frameon=False, loc="upper left")
    save(figure, "explain-reflectance")


def masks() -> None:
    """Draw one scene's classes and what the masks make of them."""
    found = ms.search(FIELD, "2023-05-14", collections="sentinel-2-l2a")
    ways: dict[str, dict[str, Any]] = {
        '"loose"': {"mask": "loose"},
        '"clear"': {"mask": "clear"},
        '"clear", dilate=60': {"mask": "clear", "dilate": 60},
        '"clear", gaussian(11, 1.6, 0.1)': {"mask": "clear", "kernel": ms.gaussian(11, 1.6, 0.1)},
    }
    figure, axes = plt.subplots(1, 5, figsize=(14, 3.3), layout="constrained")
    codes = found.load(["scl"], resolution=10)["scl"][0]
    norm = BoundaryNorm([*(code - 0.5 for code in _CLASSES), 10.5], len(_CLASSES))
    shown = axes[0].imshow(
        codes, cmap=ListedColormap([c for _, c in _CLASSES.values()]), norm=norm, interpolation="nearest"
    )
    bar = figure.colorbar(shown, ax=axes[0], location="left", ticks=[(a + b) / 2 for a, b in _edges()])
    bar.set_ticklabels([name for name, _ in _CLASSES.values()])
    axes[0].set_title("scene classes")
    for plot, (title, options) in zip(axes[1:], ways.items(), strict=True):
        cube = found.load(["red"], **options)
        plot.imshow(cube["mask"][0], cmap=ListedColormap(["#7fbf7b", "#404040"]), interpolation="nearest")
        plot.set_title(f"{title}\n{100 * float(cube['mask'].mean()):.0f} % masked")
    for plot in axes:
        plot.set(xticks=[], yticks=[])
    save(figure, "explain-masks")


def _edges() -> list[tuple[float, float]]:
    edges = [*(code - 0.5 for code in _CLASSES), 10.5]
    return list(pairwise(edges))


def grids() -> None:
    """Draw the pixels of two missions, an area, and the cubes around it."""
    area = (11.5001, 48.3202, 11.5012, 48.3209)
    figure, axes = plt.subplots(figsize=(6.4, 5), layout="constrained")
    outline = ms.AOI.of(area).to_crs("EPSG:32632")
    left, bottom, right, top = (v for v in outline.bounds)
    for name, colour, width in (("landsat-c2-l2", "#d73027", 1.4), ("sentinel-2-l2a", "#4575b4", 0.5)):
        cube = ms.search(area, "2023-05", collections=name).load(["red"])
        a, _, c, _, e, f = tuple(cube.rio.transform())[:6]
        rows, columns = cube.rio.shape
        for k in range(-2 * int(40 / a), columns + 2 * int(40 / a) + 1):
            axes.axvline(c + k * a, color=colour, linewidth=width, alpha=0.55)
        for k in range(-2 * int(40 / a), rows + 2 * int(40 / a) + 1):
            axes.axhline(f + k * e, color=colour, linewidth=width, alpha=0.55)
        label = f"{name}: {a:g} m pixels, cube of {rows} x {columns}"
        axes.add_patch(
            Rectangle(
                (c, f + rows * e),
                columns * a,
                -rows * e,
                fill=False,
                edgecolor=colour,
                linewidth=3,
                label=label,
            )
        )
    axes.fill(*outline.exterior.xy, color="#fdae61", alpha=0.7, label="area")
    axes.set(xlim=(left - 45, right + 45), ylim=(bottom - 45, top + 45), aspect="equal")
    axes.ticklabel_format(useOffset=False, style="plain")
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.set(xlabel="easting, UTM zone 32 (m)", ylabel="northing (m)")
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", frameon=False)
    save(figure, "explain-grids")


def overpasses() -> None:
    """Draw the halves of a tile, and the time step they become."""
    found = ms.search(FIELD, "2023-07-03", collections="sentinel-2-l2a", providers="planetary-computer")
    halves, whole = found.load(["red"], groupby="scene"), found.load(["red"])
    panels = (*((f"scene {k + 1}", halves.red[k]) for k in range(2)), ("one time step", whole.red[0]))
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.4), layout="constrained")
    for plot, (title, values) in zip(axes, panels, strict=True):
        plot.imshow(values, cmap="gray", vmin=0, vmax=0.45, interpolation="nearest")
        plot.set(title=title, xticks=[], yticks=[], facecolor="#f2d7d5")
    save(figure, "explain-overpasses")


def parks(folder: Path) -> None:
    """Draw the clouds over parks."""
    looks = ms.screen(_written(folder, "parks", PARKS), "2023", collections="sentinel-2-l2a")
    save(looks.plot().figure, "howto-parks")


def months() -> None:
    """Draw monthly NDVI behind a soft mask."""
    recipe = ms.Recipe().mask("cloud,shadow,cirrus", kernel=ms.gaussian(11, 1.6, 0.1)).index("NDVI")
    save(recipe.composite("month", "median").run(FIELD, "2023-05/2023-09").multisat.plot(), "howto-months")


def hexagons(folder: Path) -> None:
    """Draw NDVI of hexagons over a city."""
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")
    table = ms.zonal(zones.hexagons(_written(folder, "city", CITY), "500m"), "2023-07", recipe, stats="mean")
    figure, axes = plt.subplots(figsize=(5.5, 4), layout="constrained")
    table.plot(
        "NDVI_mean",
        ax=axes,
        cmap="YlGn",
        legend=True,
        edgecolor="white",
        legend_kwds={"label": "mean NDVI, July 2023"},
    )
    axes.set_axis_off()
    save(figure, "howto-hexagons")


def city() -> None:
    """Draw a city without clouds."""
    recipe = ms.Recipe().bands("red", "green", "blue").mask("clear").composite("year", "median").clip()
    save(recipe.run(CITY, "2023").multisat.plot(), "howto-city")


def storm() -> None:
    """Draw radar before and after a storm."""
    save(ms.change(FIELD, "2023-06-28", days=24).multisat.plot("vv_change"), "howto-storm")


def _written(folder: Path, name: str, shapes: dict[str, Any]) -> Path:
    path = folder / f"{name}.geojson"
    path.write_text(json.dumps(shapes), encoding="utf-8")
    return path


def main(names: list[str]) -> None:
    """Draw the named pictures, or all."""
    with Sandbox() as sandbox, tempfile.TemporaryDirectory() as folder:
        os.environ.update(sandbox.environment)
        there = Path(folder)
        known: dict[str, Callable[[], None]] = {
            "reflectance": reflectance,
            "masks": masks,
            "grids": grids,
            "overpasses": overpasses,
            "parks": lambda: parks(there),
            "months": months,
            "hexagons": lambda: hexagons(there),
            "city": city,
            "storm": storm,
        }
        for name in names or known:
            known[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
