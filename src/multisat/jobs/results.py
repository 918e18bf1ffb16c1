"""What becomes of a unit's pixels: rows of a table, COGs of a tile, or regions of one Zarr store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from multisat.engine.computing import Job
from multisat.engine.describing import dataset
from multisat.engine.heaps import give_back
from multisat.errors import UsageError
from multisat.model import AOIs
from multisat.writing import write_cog, write_zarr
from multisat.zones import Accumulator, blocks, most_held, wanted, weigh
from multisat.zones.statistics import MOMENTS

if TYPE_CHECKING:
    import xarray

    from multisat.cube.block import Block

STORE = "cube.zarr"
"""Name of the one store of a job."""
_BYTES = 4
"""Of a value that a median waits for."""
TILES = "tiles"
"""Folder of the COGs of a job, one folder a tile."""


@dataclass(frozen=True, kw_only=True)
class RowsOf:
    """Statistics of features.

    Attributes:
        zones: The features.
        statistics: Of ``Zonal``.
        cells: Keys, a row per feature and one per span in it.
        steps: Time steps of each span.
        room: GiB that values of features may take until all of their blocks are there.
    """

    zones: AOIs
    statistics: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    steps: tuple[int, ...]
    room: float

    def write(self, job: Job, _block: Block | None, _folder: Path) -> dict[str, Any]:
        """Compute the cells: key to column to numbers, None where there is none.

        Raises:
            UsageError: Medians or quantiles would hold more than there is room for.
        """
        weights = weigh(self.zones, job.plan.target)
        names = dict.fromkeys(job.plan.steps.variables, self.statistics)
        parts = blocks(weights)
        among = [part.block for part in parts]
        if set(self.statistics) - set(MOMENTS):
            self._check_room(most_held(weights, parts) * job.plan.series.length * len(names))
        cover = () if job.plan.steps.masked is None or job.plan.series.periods else ("mask",)
        pixels = Accumulator(weights, wanted([*names, *cover], names), job.plan.series.length)
        for block, layers in job.parts(among):
            pixels.add(block, dataset(job.plan, layers, block, {}).drop_vars("count", errors="ignore"))
        edges = list(accumulate(self.steps, initial=0))
        found: dict[str, Any] = {}
        for zone, keys in enumerate(self.cells):
            numbers = pixels.finish(zone)
            for number, key in enumerate(keys):
                part = slice(edges[number], edges[number + 1])
                found[key] = {name: _plain(values[part]) for name, values in numbers.items()}
        return found

    def _check_room(self, values: int) -> None:
        size = values * _BYTES / 2**30
        if size > self.room:
            raise UsageError(
                f"medians and quantiles of {len(self.zones)} features hold {size:.1f} GiB",
                hint="take fewer features a unit (--batch), fewer dates, means, or more --max-memory",
            )


@dataclass(frozen=True, kw_only=True)
class TileOf:
    """The pixels of a tile.

    Attributes:
        name: Of the tile.
        store: ``"cog"`` or ``"zarr"``.
        cells: Keys, one per span.
        names: Of the time steps of each span.
        first: Position of each span's first time step in the store.
    """

    name: str
    store: str
    cells: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    first: tuple[int, ...]

    def write(self, job: Job, block: Block | None, folder: Path) -> dict[str, Any]:
        """Compute and write the cells: key to the files of each, with size and hash."""
        if block is None:
            raise AssertionError("a tile has a block")
        layers = job.whole(block)
        give_back()
        cube = dataset(job.plan, layers, block, job.record.files_of)
        steps = iter(range(job.plan.series.length))
        found = {}
        for key, names, first in zip(self.cells, self.names, self.first, strict=True):
            some = [(name, cube.isel(time=next(steps))) for name in names]
            found[key] = (
                self._files(some, folder)
                if self.store == "cog"
                else self._regions([step for _, step in some], block, first, folder)
            )
        return found

    def _files(self, steps: Sequence[tuple[str, xarray.Dataset]], folder: Path) -> list[dict[str, Any]]:
        home = folder / TILES / self.name
        written = (write_cog(step, home / f"{self.name}_{name}.tif") for name, step in steps)
        return [_described(path, folder) for (path,) in written]

    def _regions(
        self, steps: Sequence[xarray.Dataset], block: Block, first: int, folder: Path
    ) -> list[dict[str, Any]]:
        place = {
            "y": slice(block.row, block.row + block.height),
            "x": slice(block.column, block.column + block.width),
        }
        for number, step in enumerate(steps, first):
            region = {"time": slice(number, number + 1), **place}
            write_zarr(step.expand_dims("time"), folder / STORE, region=region)
        return []


def _plain(values: np.ndarray[Any, np.dtype[np.float64]]) -> list[float | None]:
    return [None if np.isnan(one) else float(one) for one in values]


def _described(path: Path, folder: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return {
        "file": path.relative_to(folder).as_posix(),
        "size": path.stat().st_size,
        "sha256": digest.hexdigest(),
    }


def files_in(cells: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give key and file of each cell that is files."""
    for key, found in cells.items():
        if isinstance(found, list):
            yield from ((key, file) for file in found)
