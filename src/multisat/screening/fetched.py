"""What became of one file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from multisat.downloads import FileStatus


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """What became of the GeoTIFF of one row.

    Attributes:
        aoi: Name of the area.
        time: UTC time of the overpass.
        items: Ids of its scenes.
        status: ``done``, ``there`` (it was there already) or ``failed``.
        path: Where the file is, or would be.
        error: Why it failed and the next thing to do, or None.
    """

    aoi: str
    time: dt.datetime
    items: tuple[str, ...]
    status: FileStatus
    path: Path
    error: str | None = None
