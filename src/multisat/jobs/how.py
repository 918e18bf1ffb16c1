"""How a job is cut into units and where they run; none of it changes a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from multisat.errors import UsageError
from multisat.zones.runs import TILE

PIXELS = ("cog", "zarr")
"""What pixels may become: a COG per tile and time, or one Zarr store."""
TABLES = ("parquet", "csv", "gpkg")
"""What rows may become; the words are the endings of their files."""


@dataclass(frozen=True, kw_only=True)
class How:
    """How a job is cut into units and where they run.

    Attributes:
        tile: Pixels along a side of an output tile, or of the area whose features make a unit; a
            multiple of 256.
        batch: Features of a unit at most.
        store: One of ``PIXELS`` or ``TABLES``; None is the first of them.
        workers: Units at work at a time; None is 2 here, and all that a scheduler has.
        processes: Whether each worker here is a process of its own, not a thread.
        scheduler: Address of a Dask scheduler such as ``"tcp://10.0.0.1:8786"``, or a Dask ``Client``.
        errors: ``"skip"`` leaves out scenes that cannot be read, ``"raise"`` makes their unit fail.
        max_memory: GiB all units at work on this machine may take together.

    Raises:
        UsageError: A number is out of the question, or two of these exclude each other.
    """

    tile: int = 2048
    batch: int = 100
    store: str | None = None
    workers: int | None = None
    processes: bool = False
    scheduler: Any = None
    errors: Literal["skip", "raise"] = "skip"
    max_memory: float = 4.0

    def __post_init__(self) -> None:
        if self.tile < TILE or self.tile % TILE:
            raise UsageError(f"a tile cannot be {self.tile} pixels", hint=f"use a multiple of {TILE}")
        if self.batch < 1 or (self.workers is not None and self.workers < 1):
            raise UsageError("nothing can be done with no workers or no features", hint="use 1 or more")
        if self.processes and self.scheduler is not None:
            raise UsageError("processes here and a scheduler exclude each other", hint="name one of them")
        if self.store is not None and self.store not in (*PIXELS, *TABLES):
            raise UsageError(
                f"nothing is stored as {self.store!r}", hint=f"use {', '.join((*PIXELS, *TABLES))}"
            )

    def stored(self, *, table: bool) -> str:
        """Return the form of the result.

        Args:
            table: Whether the recipe gives a table, not pixels.

        Raises:
            UsageError: A table is to be stored as pixels, or pixels as a table.
        """
        fitting = TABLES if table else PIXELS
        if self.store is not None and self.store not in fitting:
            what = "a table" if table else "pixels"
            raise UsageError(f"the recipe gives {what}, no {self.store}", hint=f"use {', '.join(fitting)}")
        return self.store or fitting[0]
