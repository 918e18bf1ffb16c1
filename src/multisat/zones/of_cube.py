"""Statistics of a cube that is there already, eager or lazy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from multisat.cube.block import Block
from multisat.model import AOIs, Grid
from multisat.zones.parts import Part, blocks
from multisat.zones.statistics import Classes
from multisat.zones.summary import summarise
from multisat.zones.weights import weigh

if TYPE_CHECKING:
    import geopandas


@dataclass(frozen=True, kw_only=True)
class Moment:
    """The span a time step stands for: a period, or an overpass, which has no end.

    Attributes:
        start: First instant, UTC, or None if the step has no time.
        end: First instant after it, or None.
    """

    start: datetime | None
    end: datetime | None


def zonal_of(
    cube: xr.Dataset,
    zones: object,
    grid: Grid,
    stats: Sequence[str] | Mapping[str, Sequence[str]],
    *,
    classes: Classes | None = None,
) -> geopandas.GeoDataFrame:
    """Return one row per area and time step of a cube; see ``summarise``.

    Args:
        cube: Variables (time, y, x) or (y, x); blocks of a lazy one are computed one by one.
        zones: What ``AOIs.of`` takes.
        grid: The grid of the cube.
        stats: Statistics of all variables, or by variable.
        classes: Layers of codes; see ``wanted``.
    """
    weights = weigh(AOIs.of(zones), grid)
    return summarise(weights, _cut(cube, blocks(weights)), moments(cube), stats, classes=classes)


def moments(cube: xr.Dataset) -> list[Moment]:
    """Return what the time steps of a cube stand for; one without times if it has none."""
    if "time" not in cube.coords:
        return [Moment(start=None, end=None)]
    starts = [_instant(one) for one in np.atleast_1d(cube["time"].values)]
    if "period_end" not in cube.coords:
        return [Moment(start=one, end=None) for one in starts]
    ends = [_instant(one) for one in np.atleast_1d(cube["period_end"].values)]
    return [Moment(start=one, end=end) for one, end in zip(starts, ends, strict=True)]


def _cut(cube: xr.Dataset, among: Sequence[Part]) -> Iterator[tuple[Block, xr.Dataset]]:
    for part in among:
        one = part.block
        rows, columns = slice(one.row, one.row + one.height), slice(one.column, one.column + one.width)
        yield one, cube.isel(y=rows, x=columns).compute()


def _instant(value: Any) -> datetime:  # noqa: ANN401 - a datetime64
    found: datetime = np.datetime64(value, "us").astype(datetime)
    return found.replace(tzinfo=UTC)
