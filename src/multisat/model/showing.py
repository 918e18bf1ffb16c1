"""Areas, scenes and outcomes as notebooks show them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shapely.errors import ShapelyError

from multisat.drawing import COLOURS, Html, Outline, card, counted, facts, map_of, table
from multisat.model import antimeridian
from multisat.model.outcome import Outcome, Status

if TYPE_CHECKING:
    from multisat.model.aoi import AOI
    from multisat.model.aois import AOIs
    from multisat.model.scene import Scene

AREA_COLOUR = "#d62728"
"""Red, which no collection has."""
_MOST = 10
"""Rows of a table."""
_MAPPED = 200
"""Areas on a map."""


def area_outline(area: AOI, colour: str = AREA_COLOUR) -> Outline:
    """Return an area as it is drawn over scenes."""
    return Outline(
        geometry=area.lonlat, label=area.name or "area of interest", colour=colour, width=2, fill=0.15
    )


def aoi_html(area: AOI) -> Html:
    """Return a map of an area and what is known of it."""
    told = {
        "name": area.name,
        "type": area.geometry.geom_type,
        "area": _size(area.area_m2) if area.area_m2 else None,
        "CRS": area.crs,
        "west, south, east, north": " and ".join(_box(box) for box in area.bboxes),
        **{f"attribute {name}": value for name, value in list(area.properties.items())[:_MOST]},
        "mended": "; ".join(area.notes),
    }
    return card("Area of interest", map_of([area_outline(area)]), facts(told))


def aois_html(areas: AOIs) -> Html:
    """Return a map of areas, and the first of them in a table."""
    outlines = [area_outline(area, COLOURS[n % len(COLOURS)]) for n, area in enumerate(areas.areas[:_MAPPED])]
    rows = [
        (area.name, area.geometry.geom_type, _size(area.area_m2), area.crs) for area in areas.areas[:_MOST]
    ]
    title = f"{counted(len(areas), 'area')} of interest"
    return card(
        title if len(areas) <= _MAPPED else f"{title}, {_MAPPED} on the map",
        map_of(outlines),
        table(("name", "type", "area", "CRS"), rows, left_out=len(areas) - len(rows)),
    )


def scene_html(scene: Scene) -> Html:
    """Return a map of a scene's footprint and its properties; addresses of files are not shown."""
    told = {
        "archive": scene.provider,
        "collection": scene.collection,
        "id": scene.id,
        "UTC": f"{scene.datetime:%Y-%m-%d %H:%M:%S}",
        "platform": scene.platform,
        "tile": scene.tile,
        "relative orbit": scene.relative_orbit,
        "cloud": percent(scene.cloud_cover),
        "processing baseline": scene.processing_baseline,
        "bands": ", ".join(scene.bands),
        "also at": ", ".join(sorted({other.provider for other in scene.alternates} - {scene.provider})),
    }
    return card("Scene", _footprint(scene), facts(told))


def _footprint(scene: Scene) -> object:
    try:
        return map_of([Outline(geometry=antimeridian.split(scene.geometry), label=scene.id)], width=260)
    except (ShapelyError, ValueError, TypeError, LookupError, AttributeError):
        return "The footprint is no geometry."


def outcome_html(outcome: Outcome) -> Html:
    """Return what one archive answered."""
    return card("Outcome", outcomes_html([outcome]))


def outcomes_html(outcomes: Iterable[Outcome]) -> Html:
    """Return a row per archive: what it answered and whether its list is whole."""
    columns = ("archive", "answer", "scenes", "seconds", "requests", "complete", "to know")
    return table(columns, map(_answer, outcomes))


def _answer(one: Outcome) -> tuple[object, ...]:
    said = [str(one.error).removeprefix(f"{one.provider}: ")] if one.error else []
    whole = "yes" if one.complete else "-" if one.status is Status.SKIPPED else "no"
    notes = " ".join([*said, *one.notes])
    return one.provider, one.status.value, one.scenes, f"{one.seconds:.2f}", one.requests, whole, notes


def percent(value: float | None) -> str:
    """Return a share, or that it is unknown."""
    return "unknown" if value is None else f"{value:.1f} %"


def _size(square_metres: float) -> str:
    if square_metres < 1e5:  # noqa: PLR2004 - 10 hectares
        return f"{square_metres / 1e4:.3g} ha"
    return f"{square_metres / 1e6:,.2f} km²"


def _box(box: tuple[float, float, float, float]) -> str:
    return ", ".join(f"{value:.4f}" for value in box)
