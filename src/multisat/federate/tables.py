"""Scenes as rows and as outlines on a map."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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
    from multisat.stac.footprints import footprints

    axes = ax if ax is not None else plt.subplots(figsize=(7, 7), layout="constrained")[1]
    names = sorted({s.collection for s in scenes})
    colours = {name: colormaps["tab10"](i % 10) for i, name in enumerate(names)}
    for scene, outline in zip(scenes, footprints(scenes), strict=True):
        for part in getattr(outline, "geoms", [outline]):
            axes.plot(*part.exterior.xy, color=colours[scene.collection], linewidth=0.8, alpha=0.6)
    for name in names:
        axes.plot([], [], color=colours[name], label=name)
    _draw_area(axes, aoi)
    axes.set(xlabel="longitude (degrees)", ylabel="latitude (degrees)", title=f"{len(scenes)} scenes")
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.12), ncols=4, fontsize="small")
    return axes


def _draw_area(axes: Any, aoi: AOI | None) -> None:  # noqa: ANN401 - matplotlib axes
    for part in aoi.parts if aoi is not None else ():
        outline = part.exterior if hasattr(part, "exterior") else part
        axes.plot(*outline.xy, color="black", linewidth=2, marker="." if part.geom_type == "Point" else None)
    axes.plot([], [], color="black", linewidth=2, label="area of interest")
