"""What help pages say of arguments that many verbs take."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

AREA = """
AOI is a file (GeoJSON, GeoPackage, Shapefile, GeoParquet, KML), GeoJSON text, WKT, "lon,lat" or
"west,south,east,north" in degrees, or - for GeoJSON from standard input.
"""
DATES = """
DATES are days, months or years in UTC, the first and the last one included: 2023, 2023-05, 2023-05-04,
2023-05/2023-09 (through 30 September), or 2023-05-01/.. (until now).
"""
SCENES = """
WHAT is an AOI with DATES, a file written by multisat search --out, or - for what search writes to a
pipe.
"""


def says(*paragraphs: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add paragraphs to the help page of the command that a function becomes."""

    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        command.__doc__ = "\n\n".join([inspect.cleandoc(command.__doc__ or ""), *map(str.strip, paragraphs)])
        return command

    return add
