"""A result that is computed when it is looked at: one task a block of pixels, with all of its periods."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from multisat.cube.block import Block
from multisat.cube.promising import cells, chunk_sizes, promised
from multisat.engine.computing import Job
from multisat.engine.describing import dataset, planned
from multisat.engine.plan import Plan
from multisat.engine.reading import Source
from multisat.engine.record import Errors, Record
from multisat.errors import UsageError


@dataclass(frozen=True, kw_only=True)
class ChunkTask:
    """What one task computes; it holds scenes with unsigned addresses only.

    Attributes:
        plan: What to compute.
        block: Where.
        source: How files are opened.
        errors: ``"raise"`` makes a scene that is lost an error.
    """

    plan: Plan
    block: Block
    source: Source
    errors: Errors

    def __call__(self) -> dict[str, NDArray[Any]]:
        """Return the layers of the block, each of shape (time, y, x)."""
        job = Job(plan=self.plan, source=self.source, record=Record(errors=self.errors))
        return job.whole(self.block)


def lazily(plan: Plan, chunks: Mapping[str, int], source: Source, errors: Errors) -> xr.Dataset:
    """Return the result as a dataset of Dask arrays.

    Raises:
        UsageError: Dask is not installed, or the chunks are none; time is never cut.
    """
    length = plan.series.length
    if chunks.get("time", -1) not in (-1, length):
        raise UsageError("a result is not cut along time", hint='give chunks along y and x, as {"y": 2048}')
    sizes = chunk_sizes({**chunks, "time": -1}, (length, *map(int, plan.target.shape)))
    slim = plan.slim()
    tasks = {}
    for index, (_, (row, height), (column, width)) in cells(sizes):
        block = Block(whole=plan.target, row=row, column=column, height=height, width=width)
        tasks[index] = ChunkTask(plan=slim, block=block, source=source, errors=errors)
    told = plan.steps, [scene.uid for scene in plan.scenes], plan.series.periods, str(plan.target)
    arrays = promised(tasks, sizes, _types(plan), *told)
    return dataset(plan, arrays, plan.whole, planned(plan))


def _types(plan: Plan) -> dict[str, str]:
    found = {name: np.dtype(np.float32).name for name in plan.steps.variables}
    if plan.steps.composed is not None:
        return found | {"count": "uint16"}
    return found if plan.steps.masked is None else found | {"mask": "uint8"}
