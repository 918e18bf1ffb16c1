"""One Zarr store for all units of a job, written by region."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import xarray as xr

from multisat.cube.block import Block
from multisat.engine import run
from multisat.engine.describing import dataset
from multisat.engine.plan import Plan
from multisat.errors import UsageError
from multisat.federate.loading import open_asset
from multisat.steps import Task
from multisat.writing import write_zarr

_CHUNK = 512
"""Pixels along a side of a chunk, if tiles are whole numbers of it."""


def empty_store(task: Task, path: Path, tile: int) -> None:
    """Make a store of a task in which no block is written yet."""
    cube = run(task, access=open_asset, chunks={"y": tile, "x": tile})
    side = _CHUNK if tile % _CHUNK == 0 else tile
    write_zarr(cube, path, compute=False, chunks={"time": 1, "y": side, "x": side})


def check_store(path: Path, plan: Plan) -> None:
    """Pass if a store has the times of a plan.

    Raises:
        UsageError: It has others: a store holds the times it was made with.
    """
    one = Block(whole=plan.target, row=0, column=0, height=1, width=1)
    wanted = dataset(plan, {}, one, {})["time"].values
    with xr.open_zarr(path, chunks=None, consolidated=False) as store:
        if not np.array_equal(store["time"].values, wanted):
            raise UsageError(
                f"{path} holds other times",
                hint="name another folder, or store tiles as cog, which take new dates",
            )
