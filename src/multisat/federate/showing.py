"""A search result as notebooks show it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from multisat.drawing import COLOURS, Html, Outline, card, counted, element, joined, map_of, table
from multisat.errors import InvalidAnswer
from multisat.federate.tables import row
from multisat.model.showing import AREA_COLOUR, area_outline, outcomes_html, percent
from multisat.stac.footprints import footprints

if TYPE_CHECKING:
    from multisat.federate.result import SearchResult

_MOST = 10
_MAPPED = 100
"""Footprints on a map: more of them are a blot."""


def result_html(found: SearchResult) -> Html:
    """Return what the archives answered, a map of the footprints and the first scenes."""
    whole = "complete" if found.complete else "NOT complete"
    cells = [
        (
            one["datetime"],
            one["provider"],
            one["collection"],
            one["id"],
            percent(one["cloud_cover"]),
            one["also_at"],
        )
        for one in map(row, found.scenes[:_MOST])
    ]
    columns = ("UTC", "archive", "collection", "id", "cloud", "also at")
    return card(
        f"{counted(len(found), 'scene')}; the list is {whole}",
        outcomes_html(found.outcomes),
        footprint_map(found),
        table(columns, cells, left_out=len(found) - len(cells)) if cells else "",
    )


def footprint_map(found: SearchResult, *, width: int = 360) -> Html:
    """Return a map of the first footprints, coloured by collection, with the area on top."""
    scenes = found.scenes[:_MAPPED]
    names = sorted({scene.collection for scene in scenes})
    colours = {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(names)}
    try:
        outlines = [
            Outline(
                geometry=shape, label=f"{s.datetime:%Y-%m-%d} {s.id}", colour=colours[s.collection], fill=0
            )
            for s, shape in zip(scenes, footprints(scenes), strict=True)
        ]
    except InvalidAnswer as error:
        return card("No map", str(error))
    area = [area_outline(found.request.aoi)] if found.request is not None else []
    drawn = f"; {len(scenes)} of {len(found)} are drawn" if len(scenes) < len(found) else ""
    return element("div", map_of([*outlines, *area], width=width), element("div", _legend(colours), drawn))


def _legend(colours: Mapping[str, str]) -> Html:
    squares = {**colours, "area of interest": AREA_COLOUR}
    return joined(
        joined([element("span", "■", style=f"color:{colour}"), f" {name} "])
        for name, colour in squares.items()
    )
