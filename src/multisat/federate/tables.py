"""Scenes as rows and as outlines on a map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import cos, radians
from typing import TYPE_CHECKING, Any

import shapely

from multisat.errors import UsageError
from multisat.model import AOI, Scene

if TYPE_CHECKING:
    import geopandas

COLUMNS = (
    "datetime",
    "provider",
    "collection",
    "platform",
    "tile",
    "relative_orbit",
    "cloud_cover",
    "processing_baseline",
    "id",
)


def row(scene: Scene) -> dict[str, Any]:
    """Return the scene as plain values, alternates by provider name."""
    values = {name: getattr(scene, name) for name in COLUMNS}
    others = sorted({other.provider for other in scene.alternates} - {scene.provider})
    when = scene.datetime.isoformat(timespec="seconds").replace("+00:00", "Z")
    return {**values, "datetime": when, "also_at": ",".join(others)}


def geodataframe(scenes: Sequence[Scene]) -> geopandas.GeoDataFrame:
    """Return one row per scene with its footprint in EPSG:4326 (longitude first).

    Raises:
        UsageError: geopandas is not installed.
    """
    try:
        import geopandas
    except ImportError as error:
        raise UsageError("geopandas is not installed", hint='pip install "multisat-eo[geo]"') from error
    rows = [{**row(s), "datetime": s.datetime} for s in scenes]
    columns = None if rows else [*COLUMNS, "also_at"]
    return geopandas.GeoDataFrame(
        rows, columns=columns, geometry=[s.geometry for s in scenes], crs="EPSG:4326"
    )


def plot_footprints(scenes: Sequence[Scene], aoi: AOI | None, ax: Any = None) -> Any:  # noqa: ANN401 - optional
    """Draw footprints, coloured by collection, with the area on top; return the axes.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        from matplotlib import colormaps
        from matplotlib import pyplot as plt
    except ImportError as error:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"') from error
    from multisat.drawing import in_one_frame
    from multisat.stac.footprints import footprints

    axes = ax if ax is not None else plt.subplots(figsize=(7, 7), layout="constrained")[1]
    area = [] if aoi is None else [aoi.lonlat]
    outlines = in_one_frame([*footprints(scenes), *area])
    counts = Counter(scene.collection for scene in scenes)
    for number, name in enumerate(sorted(counts)):
        shapes = {shape for scene, shape in zip(scenes, outlines, strict=False) if scene.collection == name}
        _draw_shapes(axes, shapes, color=colormaps["tab10"](number % 10), label=f"{name} ({counts[name]})")
    _draw_shapes(axes, outlines[len(scenes) :], color="black", label="area of interest", width=2.0)
    axes.set(xlabel="longitude (degrees)", ylabel="latitude (degrees)", title=f"{len(scenes)} scenes")
    axes.set_aspect(1 / max(cos(radians(sum(axes.get_ylim()) / 2)), 0.05))
    axes.xaxis.set_major_formatter(lambda x, _: f"{(x + 180) % 360 - 180:.7g}")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=3, fontsize="small")
    return axes


def _draw_shapes(axes: Any, shapes: Iterable[Any], *, color: Any, label: str, width: float = 1.2) -> None:  # noqa: ANN401
    """Draw the edges of geometries, and a word for the legend."""
    how = {"color": color, "linewidth": width, "alpha": 0.7}
    for part in shapely.get_parts([*shapes]):
        for line in (
            getattr(part.boundary, "geoms", [part.boundary]) if part.geom_type == "Polygon" else [part]
        ):
            axes.plot(*line.xy, marker="o" if part.geom_type == "Point" else None, **how)
    axes.plot([], [], label=label, **how)
