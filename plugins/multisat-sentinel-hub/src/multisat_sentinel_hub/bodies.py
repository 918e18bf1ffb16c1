"""Request bodies of the Process API, as plain values.

The ``sentinelhub`` package builds the same ones, but its built-in collections carry an address of their own,
which would override the deployment; so they are written out here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from multisat.cube.block import Block
from multisat.model import Grid, Scene

PATH = "/api/v1/process"
TAR = "application/x-tar"
TIFF = "image/tiff"
_MARGIN = timedelta(seconds=2)
"""Around the first and the last scene, since the service rounds times; its range includes both ends."""


def process_body(script: str, part: Block, data: Mapping[str, Any], outputs: Sequence[str]) -> dict[str, Any]:
    """Return the body of a Process request.

    Args:
        script: Evalscript.
        part: Which pixels, in a projected CRS.
        data: What is read; see ``source``.
        outputs: Identifiers of the outputs.
    """
    return {
        "input": {"bounds": bounds(part), "data": [data]},
        "output": {
            "width": part.width,
            "height": part.height,
            "responses": [{"identifier": one, "format": {"type": TIFF}} for one in outputs],
        },
        "evalscript": script,
    }


def bounds(part: Block) -> dict[str, Any]:
    """Return where pixels lie; the box is that of whole pixels."""
    grid = Grid.from_geobox(part.geobox)
    number = grid.crs.rpartition(":")[2]
    return {
        "bbox": list(grid.bounds),
        "properties": {"crs": f"http://www.opengis.net/def/crs/EPSG/0/{number}"},
    }


def of_scenes(scenes: Sequence[Scene]) -> dict[str, Any]:
    """Return what is read: one collection, from the first to the last of some scenes, oldest first."""
    times = [scene.datetime for scene in scenes]
    found = source(scenes[0].native_id, min(times) - _MARGIN, max(times) + _MARGIN)
    found["dataFilter"]["mosaickingOrder"] = "leastRecent"
    return found


def source(collection: str, first: datetime, last: datetime, *, stored: bool = True) -> dict[str, Any]:
    """Return what is read: a collection in a time range, both ends included.

    Args:
        collection: The service's own id.
        first: First instant.
        last: Last instant.
        stored: Whether numbers of Sentinel-2 are to be those of ESA's files. The service would add the
            offset of newer baselines to them, and then lose what is negative.
    """
    found: dict[str, Any] = {
        "type": collection,
        "dataFilter": {"timeRange": {"from": _text(first), "to": _text(last)}},
        "processing": {"upsampling": "NEAREST", "downsampling": "NEAREST"},
    }
    if collection.startswith("sentinel-2"):
        found["processing"]["harmonizeValues"] = not stored
    return found


def _text(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
