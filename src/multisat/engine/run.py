"""What the engine does when it is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import xarray as xr

from multisat.cube.block import Block
from multisat.cube.load import default_reader
from multisat.cube.opening import AccessTo
from multisat.engine.computing import Job, Progress
from multisat.engine.describing import bands_of, dataset, planned
from multisat.engine.lazily import lazily
from multisat.engine.plan import Plan, plan, said
from multisat.engine.reading import Source
from multisat.engine.record import Errors, Record
from multisat.errors import UsageError
from multisat.raster import Reader
from multisat.steps import Task

_GIB = 2**30


def run(
    task: Task,
    *,
    access: AccessTo,
    chunks: Mapping[str, int] | None = None,
    reader: Callable[[], Reader] | None = None,
    errors: Errors = "skip",
    max_memory: float = 4.0,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Compute a task, all of its steps up to ``clip``.

    The grid is cut into blocks that are read and computed one after another, each read while the one
    before is computed; about 0.5 GiB is in work at a time, beside the result. Pixels do not depend
    on blocks or chunks.

    Args:
        task: What to compute, of which scenes, on which grid.
        access: Tells how to open an asset of a provider now.
        chunks: Sizes along y and x (-1 is all of it; 2048 where none is given) for a lazy dataset of
            Dask arrays; None computes now.
        reader: Makes what opens files; None takes the engine, and GDAL for what it cannot read.
        errors: ``"skip"`` leaves out scenes that cannot be read, warns and lists them, ``"raise"``
            ends with the first.
        max_memory: Largest result in GiB that is computed at once.
        progress: Called with scenes read and scenes in all; each counts once in every block.

    Returns:
        Variables (time, y, x), float32, NaN where there is no number. With a composite the time is the
        first day of each period, ``period_end`` the first day after it, ``looks`` the number of time
        steps in it, and ``count`` (uint16) how many of them give a pixel at least one variable.
        Without one the time steps stay, with the layer ``mask`` (1 is masked) if there is a mask.

    Raises:
        UsageError: There is nothing to compute, or it is out of the question.
        NothingFound: No scene is left to read.
        AssetUnreadable: No scene could be read, or one with ``errors="raise"``.
    """
    made, source = _ready(task, access, reader, errors)
    about = said(made, task)
    if chunks is not None:
        return lazily(made, chunks, source, errors).assign_attrs(about)
    _check_size(made, max_memory)
    record = Record(errors=errors)
    layers = Job(plan=made, source=source, record=record, progress=progress).whole(made.whole)
    return _told(dataset(made, layers, made.whole, record.files_of), made, record).assign_attrs(about)


def blocks(
    task: Task,
    *,
    access: AccessTo,
    reader: Callable[[], Reader] | None = None,
    errors: Errors = "skip",
    progress: Progress | None = None,
    within: Block | None = None,
) -> Iterator[tuple[Block, xr.Dataset]]:
    """Compute a task and give block after block, so that a result need not fit into memory; see ``run``.

    Args:
        task: See ``run``, as for what is not named here.
        access: As there.
        reader: As there.
        errors: As there.
        progress: As there.
        within: The part of the grid to compute; None is all of it.

    Yields:
        Blocks that together are that part, row by row, and their pixels, as ``run`` gives them; time
        steps of which nothing could be read stay. Attributes say what was to be read.
    """
    made, source = _ready(task, access, reader, errors)
    about = said(made, task)
    record, assets = Record(errors=errors), planned(made)
    job = Job(plan=made, source=source, record=record, progress=progress)
    for block, layers in job.blocks(within or made.whole):
        yield block, dataset(made, layers, block, assets).assign_attrs(about)


def parts(
    task: Task,
    among: Iterable[Block],
    *,
    access: AccessTo,
    reader: Callable[[], Reader] | None = None,
    errors: Errors = "skip",
) -> Iterator[tuple[Block, xr.Dataset]]:
    """Compute parts of the grid, each whole; see ``blocks``.

    Args:
        task: See ``run``, as for what is not named here.
        among: The parts, within the grid; the next one is asked for while one is computed.
        access: As there.
        reader: As there.
        errors: As there.

    Yields:
        The parts in their order, and their pixels.
    """
    made, source = _ready(task, access, reader, errors)
    about = said(made, task)
    record, assets = Record(errors=errors), planned(made)
    job = Job(plan=made, source=source, record=record)
    for block, layers in job.parts(among):
        yield block, dataset(made, layers, block, assets).assign_attrs(about)


def _ready(
    task: Task, access: AccessTo, reader: Callable[[], Reader] | None, errors: Errors
) -> tuple[Plan, Source]:
    if errors not in ("skip", "raise"):
        raise UsageError(f"errors cannot be {errors!r}", hint='use "skip" or "raise"')
    made = plan(task, retry=errors == "skip")
    return made, Source(access=access, make=reader or default_reader)


def _told(cube: xr.Dataset, made: Plan, record: Record) -> xr.Dataset:
    """Return a result that says what was read; time steps of which nothing could be read are left out."""
    for name in made.steps.variables:
        cube[name].attrs["reader"] = record.read_by(bands_of(made.steps, name))
    if not made.series.periods:
        read = [index for index in range(made.series.length) if record.scenes.get(index)]
        cube = cube if len(read) == made.series.length else cube.isel(time=read)
    return cube.assign_attrs(record.outcome())


def _check_size(made: Plan, max_memory: float) -> None:
    rows, columns = made.target.shape
    layers = made.series.length * (4 * len(made.steps.variables) + 2)
    size = rows * columns * layers / _GIB
    if size > max_memory:
        raise UsageError(
            f"{', '.join(made.steps.variables)} at {made.series.length} times x {rows} x {columns} pixels "
            f"take {size:.1f} GiB",
            hint="choose a smaller area, longer periods or coarser pixels, a lazy result with chunks=, "
            f"or raise max_memory={max_memory:g}",
        )
