"""Tables as cubes along areas and time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from multisat.cube.warnings import tell
from multisat.errors import UsageError
from multisat.zones.extras import extra

if TYPE_CHECKING:
    import geopandas
    import xarray as xr


def to_xarray(table: geopandas.GeoDataFrame) -> xr.Dataset:
    """Return a table as a dataset with the dimensions (geometry, time).

    The columns before ``start`` become coordinates along ``geometry``, those after ``end`` variables. With
    xvec installed ``geometry`` has an index that knows its CRS (``.xvec``); without it, it is a plain
    coordinate of shapely geometries, and a warning says so.

    Args:
        table: As ``summarise`` gives it; rows may be missing, and become NaN.

    Returns:
        Variables (geometry, time); ``time`` is the start of the period and ``end`` its end, UTC without a
        zone, as xarray has it.

    Raises:
        UsageError: It is no such table, or has two rows for an area and period.
    """
    _check(table)
    names = [str(name) for name in table.columns if name != table.geometry.name]
    first, after = names.index("start"), names.index("end") + 1
    rows = table.drop(columns=table.geometry.name).assign(
        **{name: table[name].dt.tz_convert(None) for name in ("start", "end")}
    )
    found: xr.Dataset = rows.set_index(["id", "start"])[names[after:]].to_xarray().sortby("start")
    areas = table.drop_duplicates("id").set_index("id")
    found = found.sel(id=list(areas.index))
    ends = rows.drop_duplicates("start").set_index("start")["end"]
    along: dict[str, Any] = {name: ("geometry", areas[name].to_numpy()) for name in names[1:first]}
    along |= {"id": ("geometry", list(areas.index)), "geometry": areas.geometry.to_numpy()}
    along["end"] = ("time", ends.loc[found["start"].to_index()].to_numpy())
    return _indexed(found.rename(id="geometry", start="time").assign_coords(along), table.crs)


def _check(table: Any) -> None:  # noqa: ANN401 - geopandas is imported late
    lacking = {"id", "start", "end"} - set(getattr(table, "columns", ()))
    if lacking or not hasattr(table, "to_file"):
        raise UsageError(
            f"the table lacks {', '.join(sorted(lacking)) or 'outlines'}", hint="give what zonal gives"
        )
    if table.duplicated(["id", "start"]).any():
        raise UsageError("an area has two rows for one period", hint="give what zonal gives")


def _indexed(found: xr.Dataset, crs: Any) -> xr.Dataset:  # noqa: ANN401 - as geopandas has it
    try:
        extra("xvec")
    except UsageError as error:
        tell(f"geometry does not know its CRS: {error}")
        return found
    indexed: xr.Dataset = found.xvec.set_geom_indexes("geometry", crs=crs)
    return indexed
