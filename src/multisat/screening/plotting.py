"""Cloud over areas against cloud over whole scenes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multisat.drawing import counted
from multisat.errors import UsageError

if TYPE_CHECKING:
    from multisat.screening.result import Screening

_MOST = 10
"""Areas that get a colour of their own."""
_SIDE = 6.0
"""Inches."""


def plot(found: Screening, ax: Any = None) -> Any:  # noqa: ANN401 - matplotlib axes
    """Draw one point per look, in percent; below the line an area is clearer than the scene around it.

    Args:
        found: The rows; those in scenes of unknown cloud are left out and counted in the title.
        ax: Axes to draw on; None makes new ones.

    Raises:
        UsageError: matplotlib is not installed.
    """
    try:
        from matplotlib import pyplot as plt
    except ImportError as error:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"') from error
    axes = ax if ax is not None else plt.subplots(figsize=(_SIDE, _SIDE), layout="constrained")[1]
    points = _points(found)
    axes.plot([0, 100], [0, 100], color="0.7", linewidth=1, zorder=0)
    for name, (scene, area) in points.items():
        axes.scatter(scene, area, s=24, alpha=0.7, linewidth=0, label=name)
    shown = sum(len(scene) for scene, _ in points.values())
    unknown = f", {len(found) - shown} more in scenes of unknown cloud" if shown < len(found) else ""
    axes.set(
        xlabel="cloud cover of the whole scene, as the archive tells it (%)",
        ylabel="cloud over the area, from the quality layer (%)",
        title=f"{counted(shown, 'look')} at {counted(len(found.areas), 'area')}{unknown}",
        xlim=(-2, 102),
        ylim=(-2, 102),
        aspect="equal",
    )
    if len(points) > 1:
        axes.legend(fontsize="small", markerscale=1.5)
    return axes


def _points(found: Screening) -> dict[str, tuple[list[float], list[float]]]:
    """Return scene and area cloud by area; of many areas, all as one."""
    apart = len(found.areas) <= _MOST
    points: dict[str, tuple[list[float], list[float]]] = {}
    for row in found:
        cloud = row.shares["cloud"]
        if row.scene_cloud is not None and cloud is not None:
            scene, area = points.setdefault(row.aoi if apart else "all areas", ([], []))
            scene.append(row.scene_cloud)
            area.append(cloud)
    return points
