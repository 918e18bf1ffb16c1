"""Items in a STAC-GeoParquet table, as stac-geoparquet and rustac write it.

A row is an item: columns of the item itself by their names, ``geometry`` as WKB, and every other column a
property (STAC-GeoParquet specification 1.1, 2025). A field that an item lacks is null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multisat_local.reading import LARGEST_ITEM, Unreadable

if TYPE_CHECKING:
    import pyarrow.parquet as pq

_ROWS = 500
"""Rows that are items at a time."""
_LARGEST_GROUP = 2 * 2**30
"""Bytes of a row group as its footer says, unpacked; a table is read group by group."""
_TOP = ("type", "stac_version", "stac_extensions", "id", "collection", "links", "assets")
_BOX = ("xmin", "ymin", "xmax", "ymax")


def items_in_table(path: Path) -> Iterator[Mapping[str, Any] | Unreadable]:
    """Give the items of a table, one after another; see ``items_in``."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise Unreadable('needs pyarrow: pip install "multisat-eo[geo]"') from None
    try:
        with pq.ParquetFile(path) as table:
            if {"id", "geometry", "assets"} <= set(table.schema_arrow.names):
                yield from _rows(table)
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise Unreadable(f"is no whole Parquet file: {str(error)[:120]}") from None


def _rows(table: pq.ParquetFile) -> Iterator[Mapping[str, Any] | Unreadable]:
    for group in range(table.num_row_groups):
        if table.metadata.row_group(group).total_byte_size > _LARGEST_GROUP:
            yield Unreadable(f"row group {group} is larger than {_LARGEST_GROUP // 2**30} GB unpacked")
            continue
        for batch in table.iter_batches(batch_size=_ROWS, row_groups=[group]):
            if batch.nbytes > LARGEST_ITEM * batch.num_rows:
                yield Unreadable(f"row group {group} has items larger than {LARGEST_ITEM // 2**20} MB")
                continue
            yield from map(_item, batch.to_pylist())


def _item(row: Mapping[str, Any]) -> Mapping[str, Any] | Unreadable:
    import shapely
    from shapely.geometry import mapping

    try:
        geometry = mapping(shapely.from_wkb(row["geometry"]))
    except (shapely.errors.ShapelyError, TypeError, AttributeError):
        return Unreadable(f"the geometry of {row['id']!r} is no WKB")
    top = {name: _plain(row[name]) for name in _TOP if row.get(name) is not None}
    rest = set(row) - set(_TOP) - {"geometry", "bbox"}
    properties = {name: _plain(row[name]) for name in sorted(rest) if row[name] is not None}
    box = row.get("bbox")
    bbox = (
        {"bbox": [box[side] for side in _BOX]} if isinstance(box, Mapping) and set(_BOX) <= set(box) else {}
    )
    return {"type": "Feature", **top, **bbox, "geometry": geometry, "properties": properties}


def _plain(value: Any) -> Any:  # noqa: ANN401 - what Arrow gives
    """Return a value as JSON has it; null fields of a struct are those that the item lacks."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return None if isinstance(value, bytes) else value
