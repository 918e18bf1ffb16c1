"""Files to items: one item, many in one GeoJSON, or a GeoParquet table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from multisat_local.items import is_item

PARQUET = (".parquet", ".geoparquet")
ENDINGS = (".json", ".geojson", *PARQUET)
"""Names of files that may hold items."""
LARGEST_JSON = 512 * 2**20
LARGEST_ITEM = 4 * 2**20
"""Bytes. Items of real archives have 5 to 100 KB."""


class Unreadable(Exception):
    """A file, or a part of one, that is left out; the message says why."""


def items_in(path: Path) -> Iterator[Mapping[str, Any] | Unreadable]:
    """Give the items of a file, and in the place of each that is none the reason.

    JSON that is no STAC gives nothing: a folder may hold other things.

    Raises:
        Unreadable: The file cannot be read.
    """
    if path.name.lower().endswith(PARQUET):
        from multisat_local.geoparquet import items_in_table

        yield from items_in_table(path)
        return
    data = _json(path)
    if isinstance(data, Mapping) and data.get("type") == "FeatureCollection":
        features = data.get("features")
        yield from filter(is_item, features if isinstance(features, list) else [])
    elif is_item(data):
        yield data


def _json(path: Path) -> Any:  # noqa: ANN401 - JSON
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_JSON + 1)
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from None
    if len(text) > LARGEST_JSON:
        raise Unreadable(f"has more than {LARGEST_JSON // 2**20} MB: keep so many items as GeoParquet")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Unreadable(f"is no whole JSON: {error}") from None
