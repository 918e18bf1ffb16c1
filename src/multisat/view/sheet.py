"""A contact sheet: every overpass over an area at a glance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import shapely

from multisat.errors import UsageError
from multisat.model import AOI
from multisat.screening import Screening
from multisat.view.thumbnails import Thumbnail, thumbnails

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_COLUMNS = 6
_SIDE = 1.75
"""Inches of a thumbnail."""
_TALLEST = 2.0
"""Height of a thumbnail as a share of its width, at most."""
_TEXT = 0.36
"""Inches above it."""
_HEAD = 0.35
"""Inches for the title."""
_MOST = 180
"""Thumbnails on one sheet."""
_KEPT, _DROPPED = "#00734d", "#a0a0a0"
_OUTLINE = "#ffd400"
"""Yellow, which neither plants nor clouds nor bare soil have."""


def sheet(found: Screening, *, pixels: int = 160, **limits: float | None) -> Figure:
    """Draw every overpass over one area as a small true-colour picture.

    Each has its date, platform, the cloud over the area and whether it is kept. All have one stretch, so
    a dark one is dark. The area is outlined in yellow.

    Args:
        found: A screening of one area.
        pixels: About how many the longer side of a thumbnail has; no finer than 10 m.
        limits: Those of ``Screening.filter``, such as ``max_cloud=20``; percent of the area.

    Returns:
        A matplotlib figure, made without a display.

    Raises:
        UsageError: There are several areas, a limit is none, or matplotlib is not installed.
    """
    return draw_sheet(thumbnails(found, pixels=pixels, **limits), found.areas[0])


def draw_sheet(pictures: Sequence[Thumbnail], area: AOI) -> Figure:
    """Draw thumbnails side by side; see ``sheet``.

    Args:
        pictures: In the order in which they are drawn; of very many only the last 180.
        area: What is outlined.
    """
    try:
        from matplotlib.figure import Figure as NewFigure
        from matplotlib.layout_engine import ConstrainedLayoutEngine
    except ImportError as error:
        raise UsageError("matplotlib is not installed", hint='pip install "multisat-eo[plot]"') from error
    shown = pictures[-_MOST:]
    columns = min(_COLUMNS, max(len(shown), 3))
    rows = -(-len(shown) // columns)
    west, east, south, north = shown[0].extent
    tall = _SIDE * min((north - south) / (east - west), _TALLEST)
    size = (columns * _SIDE, rows * (tall + _TEXT) + _HEAD)
    figure = NewFigure(figsize=size, layout=ConstrainedLayoutEngine(w_pad=0.03, h_pad=0.03))
    places = figure.subplots(rows, columns, squeeze=False).flat
    for place in places:
        place.set_axis_off()
    outline = _outline(area, shown[0].crs)
    for picture, place in zip(shown, figure.axes, strict=False):
        _draw(picture, place, outline)
    figure.suptitle(_title(pictures, len(shown)), fontsize="medium", x=0.01, ha="left")
    return figure


def _outline(area: AOI, crs: str) -> list[Any]:
    shape = area.to_crs(crs)
    return [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]


def _draw(one: Thumbnail, place: Any, outline: Sequence[Any]) -> None:  # noqa: ANN401 - matplotlib axes
    colour = _KEPT if one.kept else _DROPPED
    place.set_axis_on()
    place.set(xticks=[], yticks=[], facecolor="0.88")
    west, east, south, north = one.extent
    place.set(xlim=(west, east), ylim=(south, north), aspect="equal")
    if one.picture is not None:
        place.imshow(one.picture, extent=one.extent, interpolation="nearest")
    else:
        place.text(0.5, 0.5, "no picture", transform=place.transAxes, ha="center", fontsize=7, color="0.35")
    for ring in outline:
        place.plot(*ring.xy, color="black", linewidth=1.8, alpha=0.5)
        place.plot(*ring.xy, color=_OUTLINE, linewidth=0.9)
    for spine in place.spines.values():
        spine.set(color=colour, linewidth=2.5 if one.kept else 1)
    place.set_title(_words(one), fontsize=7, color=colour if one.kept else "0.35", loc="left", pad=3)


def _words(one: Thumbnail) -> str:
    """Return what stands over a thumbnail, two lines."""
    platforms = ", ".join(sorted({scene.platform for scene in one.row.read or one.row.scenes}))
    first = f"{one.row.time:%Y-%m-%d}  {platforms}"
    if one.row.shares["cloud"] is None:
        return f"{first}\nnot read"
    kept = "kept" if one.kept else "dropped"
    return f"{first}\ncloud {one.row.shares['cloud']:.0f} %, clear {one.row.shares['clear']:.0f} %: {kept}"


def _title(pictures: Sequence[Thumbnail], shown: int) -> str:
    kept = sum(one.kept for one in pictures)
    cut = f"; the last {shown} are shown" if shown < len(pictures) else ""
    return f"{len(pictures)} overpasses, {kept} kept{cut}"
