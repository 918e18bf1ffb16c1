"""Who makes the table; each gives the numbers of each polygon and month, and what took how long."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from . import scene

if TYPE_CHECKING:
    from numpy.typing import NDArray

Numbers = dict[str, "NDArray[np.float64]"]
_EXACT = {"std": "stdev"}


@dataclass(kw_only=True)
class Clock:
    """Seconds, and seconds of all cores, by what they were spent on; making pixels counts for nobody."""

    seconds: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)

    def timed(self, name: str, call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it returns
        """Make a call and add its seconds to a name."""
        wall, cpu = time.perf_counter(), time.process_time()
        found = call()
        self.seconds[name] = self.seconds.get(name, 0) + time.perf_counter() - wall
        self.cpu[name] = self.cpu.get(name, 0) + time.process_time() - cpu
        return found


def multisat(shapes: Sequence[Any], months: int, stats: Sequence[str], size: int, clock: Clock) -> Numbers:
    """All months of a block at a time, every block once."""
    import xarray as xr

    from multisat.model import AOI, AOIs, Grid, TimeRange
    from multisat.zones import blocks, summarise, weigh

    zones = AOIs(tuple(AOI(geometry=s, crs=scene.CRS, name=str(n)) for n, s in enumerate(shapes)))
    grid = Grid(crs=scene.CRS, transform=scene.transform(), shape=(scene.SIZE, scene.SIZE))
    weights = clock.timed("weights", lambda: weigh(zones, grid))

    def cubes() -> Iterator[tuple[Any, xr.Dataset]]:
        for part in blocks(weights, size):
            b = part.block
            window = slice(b.row, b.row + b.height), slice(b.column, b.column + b.width)
            values = clock.timed("pixels", lambda window=window: scene.pixels(range(1, months + 1), *window))
            yield b, xr.Dataset({"v": (("time", "y", "x"), values)})

    periods = [TimeRange.of(f"{2000 + n // 12}-{n % 12 + 1:02d}") for n in range(months)]
    table = clock.timed("table", lambda: summarise(weights, cubes(), periods, stats))
    for spent in (clock.seconds, clock.cpu):
        spent["table"] -= spent["pixels"]
    return {stat: table[f"v_{stat}"].to_numpy().reshape(len(shapes), months) for stat in stats}


def exactextract(shapes: Sequence[Any], months: int, stats: Sequence[str], _: int, clock: Clock) -> Numbers:
    """The raster of each month in memory, one call a month."""
    import exactextract
    import geopandas
    from exactextract.raster import NumPyRasterSource

    frame = geopandas.GeoDataFrame(geometry=list(shapes), crs=scene.CRS)
    left, top, side = scene.LEFT, scene.TOP, scene.SIZE * scene.PIXEL
    ops = [_EXACT.get(stat, stat) for stat in stats]
    found = {stat: np.full((len(shapes), months), np.nan) for stat in stats}
    for month in range(1, months + 1):
        values = clock.timed("pixels", lambda month=month: scene.whole(month))
        raster = NumPyRasterSource(values, left, top - side, left + side, top, srs_wkt=frame.crs.to_wkt())
        rows = clock.timed(
            "months", lambda raster=raster: exactextract.exact_extract(raster, frame, ops, output="pandas")
        )
        for stat, op in zip(stats, ops, strict=True):
            found[stat][:, month - 1] = rows[op].astype(float)
    return found


def rasterstats(shapes: Sequence[Any], months: int, stats: Sequence[str], _: int, clock: Clock) -> Numbers:
    """The raster of each month in memory, one call a month; pixels count whole by their centre."""
    from affine import Affine
    from rasterstats import zonal_stats

    found = {stat: np.full((len(shapes), months), np.nan) for stat in stats}
    for month in range(1, months + 1):
        values = clock.timed("pixels", lambda month=month: scene.whole(month))
        how = {"affine": Affine(*scene.transform()), "nodata": float("nan"), "stats": list(stats)}
        rows = clock.timed("months", lambda values=values, how=how: zonal_stats(list(shapes), values, **how))
        for stat in stats:
            found[stat][:, month - 1] = [np.nan if row[stat] is None else float(row[stat]) for row in rows]
    return found


CONTENDERS = {"multisat": multisat, "exactextract": exactextract, "rasterstats": rasterstats}
