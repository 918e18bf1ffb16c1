"""All of it in one call: blocks in, table out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from multisat.cube.block import Block
from multisat.cube.warnings import tell
from multisat.errors import NothingFound
from multisat.zones.accumulator import Accumulator
from multisat.zones.picking import ids_of
from multisat.zones.statistics import Classes, wanted
from multisat.zones.table import Span, table
from multisat.zones.weights import Weights

if TYPE_CHECKING:
    import geopandas
    import numpy as np
    import xarray as xr
    from numpy.typing import NDArray

_FEW = 10


def summarise(
    weights: Weights,
    cubes: Iterable[tuple[Block, xr.Dataset]],
    periods: Sequence[Span],
    stats: Sequence[str] | Mapping[str, Sequence[str]] = ("mean",),
    *,
    classes: Classes | None = None,
) -> geopandas.GeoDataFrame:
    """Return one row per area and period; see ``table`` for the columns.

    Areas without a pixel on the grid have rows too, with NaN and ``valid`` 0, and are warned of.

    Args:
        weights: Areas on their grid.
        cubes: Every block that ``blocks(weights)`` gives, with its pixels: variables of shape
            (time, y, x), one time step a period. Taken one by one, each let go before the next.
        periods: What the time steps stand for.
        stats: Statistics of all variables, or by variable; see ``wanted``.
        classes: Layers of codes; see ``wanted``.

    Raises:
        NothingFound: There is no block: no area touches the grid.
        UsageError: A statistic, a block or a layer is out of the question, or blocks are missing.
    """
    pixels: Accumulator | None = None
    results: dict[int, dict[str, NDArray[np.float64]]] = {}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for block, cube in cubes:
            if pixels is None:
                asked = wanted([str(name) for name in cube.data_vars], stats, classes=classes)
                pixels = Accumulator(weights, asked, len(periods))
            pixels.add(block, cube)
            complete = pixels.complete
            results |= dict(zip(complete, pool.map(pixels.finish, complete), strict=True))
            del block, cube  # before the next one is made
    if pixels is None:
        raise NothingFound("no area touches the grid", hint="look at the areas and the grid on a map")
    for zone in range(len(weights.zones)):
        if zone not in results:
            results[zone] = pixels.finish(zone)  # which tells that blocks of it are missing
    _tell_outside(weights)
    return table(weights.zones, results, periods)


def _tell_outside(weights: Weights) -> None:
    ids = ids_of(weights.zones)
    lost = [ids[zone] for zone in range(len(ids)) if not len(weights.segments_of(zone))]
    if lost:
        more = f" and {len(lost) - _FEW} more" if len(lost) > _FEW else ""
        tell(f"areas without a pixel on the grid: {', '.join(lost[:_FEW])}{more}")
