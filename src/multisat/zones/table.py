"""Statistics as rows: one per area and period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import orjson

from multisat.cube.warnings import tell
from multisat.errors import UsageError
from multisat.model import AOIs
from multisat.model.projecting import LONLAT
from multisat.zones.extras import extra
from multisat.zones.picking import ids_of

if TYPE_CHECKING:
    import geopandas
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_SHARE = "_share_"


class Span(Protocol):
    """A period: ``TimeRange`` is one."""

    @property
    def start(self) -> datetime | None:
        """First instant, UTC."""

    @property
    def end(self) -> datetime | None:
        """First instant after it, UTC."""


def table(
    zones: AOIs, results: Mapping[int, Mapping[str, Floats]], periods: Sequence[Span]
) -> geopandas.GeoDataFrame:
    """Return one row per area and period, areas in their order, periods in theirs.

    Columns are ``id``, the attributes of the areas, ``start`` and ``end`` of the period (UTC, half open),
    ``cloud`` (share of the area that is masked) and ``nodata`` (share of which the mask says nothing, or
    that lies outside the grid) where there is a mask, and ``VARIABLE_STATISTIC``, such as ``ndvi_mean``;
    for classes ``VARIABLE_share_CLASS``. The geometry is in the areas' own CRS, in longitude and latitude
    if they have several. An attribute called like another column is renamed ``feature_NAME``, and left
    out if it is the id. Lists and objects are JSON text.

    Args:
        zones: The areas.
        results: Position of an area to its columns, one number a period; areas without results are
            left out.
        periods: What the numbers stand for.

    Raises:
        UsageError: geopandas is not installed, or an area has another number of periods.
    """
    pandas, geopandas = extra("pandas"), extra("geopandas")
    kept = [zone for zone in range(len(zones)) if zone in results]
    numbers = _numbers([results[zone] for zone in kept], len(periods))
    times = {name: [_instant(getattr(one, name)) for one in periods] for name in ("start", "end")}
    ends = {name: pandas.DatetimeIndex(when * len(kept)) for name, when in times.items()}
    repeat = np.repeat(np.arange(len(kept)), len(periods))
    features = _features(zones, kept, [*ends, *numbers])
    frame = pandas.DataFrame({n: v.take(repeat).array for n, v in features.items()} | ends | numbers)
    shapes, crs = _shapes(zones, kept)
    return geopandas.GeoDataFrame(frame, geometry=geopandas.GeoSeries(shapes, crs=crs).take(repeat).array)


def _instant(when: datetime | None) -> Any:  # noqa: ANN401 - pandas is imported late
    return extra("pandas").NaT if when is None else extra("pandas").Timestamp(when.astimezone(UTC))


def _numbers(results: Sequence[Mapping[str, Floats]], steps: int) -> dict[str, Floats]:
    nothing = np.full(steps, np.nan)
    odd = {len(v) for one in results for v in one.values()} - {steps}
    if odd:
        raise UsageError(
            f"there are {steps} periods, but numbers for {odd.pop()}", hint="give one period a time step"
        )
    names = _ordered(dict.fromkeys(name for one in results for name in one))
    found = {name: np.concatenate([one.get(name, nothing) for one in results]) for name in names}
    return found | _zeros(found)


def _ordered(names: Iterable[str]) -> list[str]:
    """Put the codes of a layer in rising order where they stand first."""
    listed = list(names)
    place = {name: listed.index(name) for name in listed}

    def key(name: str) -> tuple[int, int]:
        layer, share, code = name.rpartition(_SHARE)
        if not share or not code.removeprefix("-").isdigit():
            return place[name], 0
        return min(p for n, p in place.items() if n.startswith(layer + share)), int(code)

    return sorted(listed, key=key)


def _zeros(found: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the shares of classes, 0 where an area has other classes only."""
    layers = {name.rpartition(_SHARE)[0] for name in found if _SHARE in name}
    filled: dict[str, Floats] = {}
    for layer in layers:
        shares = {n: v for n, v in found.items() if n.rpartition(_SHARE)[0] == layer}
        known = ~np.isnan(list(shares.values())).all(axis=0)
        filled |= {n: np.where(known & np.isnan(v), 0.0, v) for n, v in shares.items()}
    return filled


def _features(zones: AOIs, kept: Sequence[int], taken: Iterable[str]) -> dict[str, Any]:
    """Return ids and attributes, one of each an area."""
    series, ids = extra("pandas").Series, ids_of(zones)
    found = {"id": [ids[zone] for zone in kept]}
    reserved = {"id", "geometry", *taken}
    for name in dict.fromkeys(name for zone in kept for name in zones[zone].properties):
        values = [zones[zone].properties.get(name) for zone in kept]
        if name == "id" and [str(v) for v in values] == found["id"]:
            continue
        label = name
        while label in reserved:
            label = f"feature_{label}"
        if label != name:
            tell(f"the attribute {name} of the areas is called {label} in the table")
        reserved.add(label)
        found[label] = [_flat(value) for value in values]
    return {name: series(values) for name, values in found.items()}


def _flat(value: Any) -> Any:  # noqa: ANN401 - a JSON value
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value


def _shapes(zones: AOIs, kept: Sequence[int]) -> tuple[list[Any], str]:
    own = {zones[zone].crs for zone in kept}
    if len(own) <= 1:
        return [zones[zone].geometry for zone in kept], own.pop() if own else LONLAT
    tell(f"the areas have {len(own)} CRSs; their outlines are in longitude and latitude in the table")
    return [zones[zone].lonlat for zone in kept], LONLAT
