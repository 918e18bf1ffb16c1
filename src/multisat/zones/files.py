"""Tables as files other programs open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from multisat.errors import UsageError
from multisat.zones.extras import extra

if TYPE_CHECKING:
    import geopandas

_TIME = "%Y-%m-%dT%H:%M:%SZ"


def write_table(table: geopandas.GeoDataFrame, path: str | Path) -> Path:
    """Write a table in the format that the ending of a path names; what is there is replaced.

    The file is whole or not there: it is written beside the target and renamed.

    Args:
        table: As ``summarise`` gives it; for ``.csv`` also without outlines.
        path: ``.csv`` (times as ISO 8601 in UTC, no outlines), ``.parquet`` or ``.geoparquet`` (GeoParquet),
            or ``.gpkg`` (GeoPackage, one layer named after the file). The outlines of an area are repeated
            in each of its rows.

    Returns:
        The path.

    Raises:
        UsageError: No format has that ending, the path is an address or a folder, a library is missing,
            or the format cannot hold the table.
    """
    target = check_table(path)
    if target.suffix.lower() != ".csv" and not hasattr(table, "to_file"):
        raise UsageError(f"{target.name} needs outlines", hint="write .csv, or give a GeoDataFrame")
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".table.", dir=target.parent) as folder:
        part = Path(folder) / target.name
        _WRITERS[target.suffix.lower()](table, part)
        part.replace(target)
    return target


def check_table(path: str | Path) -> Path:
    """Return the path of a table, checked before any work is done.

    Raises:
        UsageError: No format has that ending, it is an address or a folder, or a library is missing.
    """
    if "://" in str(path):
        raise UsageError("cannot write to an address", hint="write a local path and copy it there")
    target = Path(path).expanduser()
    ending = target.suffix.lower()
    if ending not in _WRITERS:
        raise UsageError(
            f"cannot write {target.name}: no table has that ending", hint=f"use {', '.join(_WRITERS)}"
        )
    if target.is_dir():
        raise UsageError(f"{target} is a folder", hint="choose another name")
    for name in _NEEDS.get(ending, ()):
        extra(name)
    return target


def _csv(table: Any, path: Path) -> None:  # noqa: ANN401 - with or without outlines
    plain = table.drop(columns=table.geometry.name) if hasattr(table, "to_file") else table
    plain.to_csv(path, index=False, date_format=_TIME)


def _parquet(table: Any, path: Path) -> None:  # noqa: ANN401 - geopandas is imported late
    table.to_parquet(path, index=False)


def _geopackage(table: Any, path: Path) -> None:  # noqa: ANN401 - geopandas is imported late
    names = [str(name).lower() for name in table.columns]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError(
            f"a GeoPackage does not tell {', '.join(twice)} in capitals from that in small letters",
            hint="rename one of the columns, or write .parquet",
        )
    key = next(name for name in ("fid", "row_fid", "row_fid_") if name not in names)
    table.to_file(path, driver="GPKG", layer=path.stem, FID=key, GEOMETRY_NAME=table.geometry.name)


_WRITERS: Mapping[str, Callable[[Any, Path], None]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".geoparquet": _parquet,
    ".gpkg": _geopackage,
}
_NEEDS = {
    ".parquet": ("pyarrow", "geopandas"),
    ".geoparquet": ("pyarrow", "geopandas"),
    ".gpkg": ("geopandas",),
}
