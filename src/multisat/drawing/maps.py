"""A map of outlines as inline SVG."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from multisat.drawing.html import Html, element, joined

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9", "#f0e442")
"""Colours that colour-blind people can tell apart (Okabe and Ito, https://jfly.uni-koeln.de/color/)."""

_MARGIN = 0.08
"""Of the wider side, around everything."""
_LEAST = 1e-4
"""Degrees: the least width of a map, for a single point."""
_LABELS = 14
"""Pixels below and left of the frame for degrees."""
_STEPS = (1, 2, 5, 10)
_FINEST = 0.3
"""Pixels: what is smaller is left out of outlines."""
_SEEN = 4
"""Pixels: what is smaller, a point above all, is drawn as a dot."""
_AREA = 2
"""Dimensions of a polygon."""
_TALLEST = 1.25
"""Height of a map as a share of its width, at most."""


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Something to draw.

    Attributes:
        geometry: Longitude, latitude in degrees, cut at ±180 if it crosses.
        label: What it is; shown under the mouse.
        colour: CSS colour of the line.
        width: Pixels of the line.
        fill: Opacity of the inside, 0 to 1.
    """

    geometry: BaseGeometry
    label: str = ""
    colour: str = COLOURS[0]
    width: float = 1.0
    fill: float = 0.08


def map_of(outlines: Sequence[Outline], *, width: int = 360) -> Html:
    """Draw outlines over each other, the last on top, with a frame and degrees.

    Longitude and latitude are drawn true to scale at the middle latitude, north up. Where ±180 lies
    between outlines, the map goes on beyond it.

    Args:
        outlines: What to draw; empty ones are passed over.
        width: Pixels.

    Returns:
        One ``<svg>`` element without scripts, links or outside styles.
    """
    drawn = [one for one in outlines if not one.geometry.is_empty]
    if not drawn:
        return Html("")
    placed = in_one_frame([one.geometry for one in drawn])
    frame = _Frame.around(placed, width - _LABELS)
    shapes = [_shape(one, geometry, frame) for one, geometry in zip(drawn, placed, strict=True)]
    size = f'width="{frame.width:g}" height="{frame.height:.1f}"'
    box = f'viewBox="{-_LABELS} 0 {width} {frame.height + _LABELS:.0f}" width="{width}"'
    edge = f'<rect {size} fill="none" stroke="currentColor" opacity=".5"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {box} font-family="sans-serif" font-size="9">'
    return joined([Html(head), *_degrees(frame), Html(f"<svg {size}>"), *shapes, Html(f"</svg>{edge}</svg>")])


def in_one_frame(geometries: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Return geometries in longitude and latitude, the western ones beyond +180 if that is a narrower map."""
    across = [_across(geometry) for geometry in geometries]
    before, after = (shapely.total_bounds(shapes) for shapes in (geometries, across))
    return across if after[2] - after[0] < before[2] - before[0] else list(geometries)


def _across(geometry: BaseGeometry) -> BaseGeometry:
    turned = shapely.get_parts(shapely.transform(geometry, _turned))
    return shapely.union_all(shapely.make_valid(turned))


def _turned(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([np.where(points[:, 0] < 0, points[:, 0] + 360, points[:, 0]), points[:, 1]])


@dataclass(frozen=True, kw_only=True)
class _Frame:
    """Where degrees lie on the picture; pixels from the upper left, y down."""

    west: float
    north: float
    scale: tuple[float, float]
    width: float
    height: float

    @classmethod
    def around(cls, geometries: Sequence[BaseGeometry], width: float) -> _Frame:
        west, south, east, north = (float(v) for v in shapely.total_bounds(geometries))
        narrow = max(math.cos(math.radians((south + north) / 2)), 0.05)
        margin = _MARGIN * max((east - west) * narrow, north - south, _LEAST)
        wide = max((east - west) * narrow + 2 * margin, (north - south + 2 * margin) / _TALLEST)
        left = (west + east) / 2 - wide / narrow / 2
        pixels = width / wide
        height = max((north - south + 2 * margin) * pixels, width / 3)
        return cls(
            west=left,
            north=(south + north) / 2 + height / pixels / 2,
            scale=(pixels * narrow, pixels),
            width=width,
            height=height,
        )

    def pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return longitudes and latitudes as pixels, shape (n, 2)."""
        moved: NDArray[np.float64] = (points[:, :2] - [self.west, self.north]) * [
            self.scale[0],
            -self.scale[1],
        ]
        return moved


def _shape(one: Outline, geometry: BaseGeometry, frame: _Frame) -> Html:
    flat = shapely.transform(shapely.force_2d(geometry), frame.pixels)
    parts = shapely.get_parts(shapely.simplify(flat, _FINEST))
    small = np.ptp(shapely.bounds(parts).reshape(-1, 2, 2), axis=1).max(axis=1) < _SEEN
    paths = "".join(_path(part) for part in parts[~small])
    dots = (_dot(part.centroid) for part in parts[small])
    fill = one.fill if shapely.get_dimensions(geometry) == _AREA else 0
    how = f'stroke-width="{one.width:g}" stroke-linejoin="round" fill-opacity="{fill:g}" fill-rule="evenodd"'
    colours = joined([Html('stroke="'), one.colour, Html('" fill="'), one.colour, Html('"')])
    title = element("title", one.label)
    return joined([Html(f"<g {colours} {how}>"), title, Html(f'<path d="{paths}"/>'), *dots, Html("</g>")])


def _dot(point: BaseGeometry) -> Html:
    return Html(f'<circle cx="{point.x:.1f}" cy="{point.y:.1f}" r="4" stroke="none" fill-opacity="1"/>')


def _path(part: BaseGeometry) -> str:
    if part.geom_type != "Polygon":
        return _line(part.coords)
    return "".join(_line(ring.coords) + "Z" for ring in (part.exterior, *part.interiors))


def _line(points: Iterable[tuple[float, ...]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, *_ in points)


def _degrees(frame: _Frame) -> Iterator[Html]:
    """Draw faint lines at round degrees with their numbers outside the frame."""
    for longitude in _rounds(frame.west, frame.west + frame.width / frame.scale[0]):
        x = (longitude - frame.west) * frame.scale[0]
        yield Html(
            f'<path d="M{x:.1f} 0V{frame.height:.1f}" stroke="currentColor" opacity=".12"/>'
            f'<text x="{x:.1f}" y="{frame.height + 11:.1f}" text-anchor="middle" fill="currentColor">'
            f"{_number((longitude + 180) % 360 - 180)}°</text>"
        )
    for latitude in _rounds(frame.north - frame.height / frame.scale[1], frame.north):
        y = (frame.north - latitude) * frame.scale[1]
        yield Html(
            f'<path d="M0 {y:.1f}H{frame.width}" stroke="currentColor" opacity=".12"/>'
            f'<text transform="translate(-4 {y:.1f}) rotate(-90)" text-anchor="middle" fill="currentColor">'
            f"{_number(latitude)}°</text>"
        )


def _rounds(low: float, high: float) -> list[float]:
    """Return one to four round numbers between two, away from the edges."""
    rough = (high - low) / 5
    power = 10.0 ** math.floor(math.log10(rough))
    step = min(many * power for many in _STEPS if many * power >= rough)
    edge = 0.06 * (high - low)
    first, last = math.ceil((low + edge) / step), math.floor((high - edge) / step)
    return [number * step for number in range(first, last + 1)]


def _number(value: float) -> str:
    return f"{round(value, 6) + 0.0:g}"
