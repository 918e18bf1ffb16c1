"""A plan's pixels as a table: read block by block, each once for all features it touches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Literal

from multisat.cube.block import Block
from multisat.engine import parts
from multisat.errors import NothingFound, UsageError
from multisat.federate.loading import open_asset
from multisat.steps import Task
from multisat.zones import blocks, moments, most_held, summarise, weigh

if TYPE_CHECKING:
    import geopandas
    import xarray

_MOMENTS = ("mean", "sum", "min", "max", "std", "count", "valid")
"""Statistics that are added up block by block; the others need all values of a feature at once."""
_BYTES = 4


def zonal_table(
    task: Task,
    *,
    errors: Literal["skip", "raise"] = "skip",
    max_memory: float = 4.0,
    progress: Callable[[int, int], None] | None = None,
) -> geopandas.GeoDataFrame:
    """Return a row per feature and period, or per feature and overpass without a composite.

    Args:
        task: A task with ``zoned``.
        errors: See ``Plan.run``.
        max_memory: GiB that values of features may take until all of their blocks are there.
        progress: Called with blocks done and blocks in all.

    Returns:
        See ``multisat.zones.table``; of an overpass ``start`` is its time and ``end`` is empty.

    Raises:
        NothingFound: No feature touches the grid.
        UsageError: Medians or quantiles would hold more than ``max_memory``.
    """
    weights = weigh(task.features, task.grid)
    among = blocks(weights)
    if not among:
        raise NothingFound("no feature touches the grid", hint="look at the features and the scenes on a map")
    stats = task.steps.zoned.statistics if task.steps.zoned else ()
    wanted = dict.fromkeys(task.steps.variables, stats)
    cubes = parts(task, _counted([part.block for part in among], progress), access=open_asset, errors=errors)
    first = next(cubes)
    spans = moments(first[1])
    if set(stats) - set(_MOMENTS):
        _check_size(most_held(weights, among), len(spans) * len(wanted), max_memory)
    return summarise(weights, _bare(chain([first], cubes)), spans, wanted)


def _check_size(pixels: int, layers: int, max_memory: float) -> None:
    size = pixels * layers * _BYTES / 2**30
    if size > max_memory:
        raise UsageError(
            f"medians and quantiles of these features hold {size:.1f} GiB",
            hint=f"ask for means, fewer dates or smaller features, or raise max_memory={max_memory:g}",
        )


def _counted(among: Sequence[Block], progress: Callable[[int, int], None] | None) -> Iterator[Block]:
    for done, block in enumerate(among):
        if progress is not None:
            progress(done, len(among))
        yield block
    if progress is not None:
        progress(len(among), len(among))


def _bare(cubes: Iterator[tuple[Block, xarray.Dataset]]) -> Iterator[tuple[Block, xarray.Dataset]]:
    """Leave out the count of looks, which is no variable of the recipe."""
    for block, cube in cubes:
        yield block, cube.drop_vars("count", errors="ignore")
