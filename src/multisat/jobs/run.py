"""A job: a plan in units that can be interrupted at any moment, and go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from multisat.engine.cutting import WORK
from multisat.engine.plan import Plan as Ready
from multisat.engine.plan import plan as ready
from multisat.engine.plan import said
from multisat.errors import NothingFound, UnsupportedOperation, UsageError
from multisat.jobs.cells import Cell, cells
from multisat.jobs.folder import Folder
from multisat.jobs.how import How
from multisat.jobs.ledger import Ledger
from multisat.jobs.locking import check_same, lock_of, write_lock
from multisat.jobs.outputs import Rows, described, write_catalogue, write_rows
from multisat.jobs.places import Place, features, tiles
from multisat.jobs.pools import WORKERS, pool
from multisat.jobs.reach import Reach
from multisat.jobs.results import STORE
from multisat.jobs.spans import Span, spans
from multisat.jobs.store import check_store, empty_store
from multisat.jobs.units import Bundle, Maker, bundles
from multisat.jobs.working import Progress, Work
from multisat.recipe import Plan
from multisat.recipe.cap import Cap, cap_of
from multisat.steps import Task
from multisat.writing.whole import local

_GIB = 2**30


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of a job.

    Attributes:
        folder: Where everything is.
        outputs: The table, the store, or the COGs.
        units: Units there were to do.
        kept: Cells (a feature or tile in a period) that were finished before, and not read again.
        failed: Unit to its error.
        skipped: Scenes that were left out, with the reason.
    """

    folder: Path
    outputs: tuple[Path, ...]
    units: int
    kept: int
    failed: dict[str, str]
    skipped: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether every unit was computed of all of its scenes."""
        return not self.failed and not self.skipped


def run_job(
    plan: Plan,
    out: str | Path,
    *,
    how: How | None = None,
    cap: str | Cap | None = None,
    only_failed: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Report:
    """Run a plan unit by unit into a folder, or go on with what is there.

    What is finished in the folder is not read again, whatever ended the run before. New features and new
    dates are added to it. Features that share blocks are a unit, and so is each tile of a grid.

    Args:
        plan: What to compute, on this machine or on workers that see the same folder.
        out: The folder; it is made.
        how: Size of the units, form of the result, and where units run; None is two threads.
        cap: See ``Plan.run``; it is held against all of the plan.
        only_failed: Do no more than the units that failed or lack a scene.
        progress: Called after each unit, in this thread.

    Returns:
        What was made. In the folder are ``table.parquet``, ``tiles/`` or ``cube.zarr``, ``catalog.json``
        (STAC) and ``run.lock.json``; ``job/`` holds the ledger and what is finished.

    Raises:
        UsageError: The folder holds results of another recipe, or another process works on it.
        UnsupportedOperation: The plan runs at a service.
        MultisatError: The folder cannot be written, or a worker process ended; what is finished is kept.
    """
    _check(plan, cap)
    job = _Job(plan.task, Folder(path=local(out)), how or How())
    with job.folder.held():
        return job.run(progress or (lambda _: None), only_failed=only_failed)


def _check(plan: Plan, cap: str | Cap | None) -> None:
    if plan.engine is not None:
        raise UnsupportedOperation(f"the plan runs at {plan.engine}", hint="submit() it there as a batch job")
    if cap is not None:
        cap_of(cap).check(plan.cost())


class _Job:
    """One run of a job in its folder."""

    def __init__(self, task: Task, folder: Folder, how: How) -> None:
        self.task, self.folder, self.how = task, folder, how
        self.form = how.stored(table=task.steps.zoned is not None)

    def run(self, show: Callable[[Progress], None], *, only_failed: bool) -> Report:
        made = self._prepared()
        reach, parts = Reach(made), spans(made)
        _check_memory(made, self.task, self.how)
        listed = list(cells(self.task, made, self._places(), parts, reach))
        if not listed:
            raise NothingFound("no scene lies over the area", hint="look at both on a map")
        with Ledger(self.folder) as ledger:
            if self.form == "zarr":
                self._store(made, ledger)
            todo, kept = _todo(listed, ledger, self.how.batch, only_failed=only_failed)
            work = self._worked(made.slim(), reach, todo, ledger, show)
            outputs = self._finished(made, parts, listed, ledger)
        return Report(
            folder=self.folder.path,
            outputs=outputs,
            units=len(todo),
            kept=kept,
            failed=work.failed,
            skipped=tuple(dict.fromkeys(work.skipped)),
        )

    def _prepared(self) -> Ready:
        check_same(self.folder, self.task, self.how)
        made = ready(self.task, retry=self.how.errors == "skip")
        said(made, self.task)
        write_lock(lock_of(self.task, self.how), self.folder)
        return made

    def _places(self) -> list[Place]:
        places = features if self.task.steps.zoned is not None else tiles
        return list(places(self.task, self.how.tile))

    def _store(self, made: Ready, ledger: Ledger) -> None:
        store = self.folder.path / STORE
        if store.exists():
            check_store(store, made)
            return
        ledger.forget("done", "part")
        empty_store(self.task, store, self.how.tile)

    def _worked(
        self,
        slim: Ready,
        reach: Reach,
        todo: Sequence[Bundle],
        ledger: Ledger,
        show: Callable[[Progress], None],
    ) -> Work:
        maker = Maker(
            task=self.task,
            plan=slim,
            parts=spans(slim),
            reach=reach,
            folder=self.folder.path.resolve(),
            how=self.how,
        )
        work = Work(ledger=ledger, total=len(todo), show=show)
        if todo:
            show(Progress(done=0, total=len(todo), failed=0, bytes=0))
            with pool(self.how) as running:
                work.through(running, map(maker.unit, todo))
        return work

    def _finished(
        self, made: Ready, parts: Sequence[Span], listed: Sequence[Cell], ledger: Ledger
    ) -> tuple[Path, ...]:
        files = ledger.files({cell.key for cell in listed})
        if self.form == "zarr":
            outputs = [self.folder.path / STORE]
        elif self.form == "cog":
            outputs = [self.folder.path / name for name in files]
        else:
            rows = Rows(task=self.task, plan=made, parts=parts, cells=listed)
            outputs = [write_rows(rows, ledger, self.folder, self.form)]
            files = described(outputs, self.folder)
        write_catalogue(self.task.request, self.folder, outputs)
        write_lock(lock_of(self.task, self.how, sources=ledger.sources(), outputs=files), self.folder)
        return tuple(outputs)


def _todo(
    listed: Sequence[Cell], ledger: Ledger, batch: int, *, only_failed: bool
) -> tuple[list[Bundle], int]:
    """Return what is to be done, and how many cells are finished."""
    again = ledger.forget("failed", "part") if only_failed else set()
    finished = ledger.finished()
    missing = [cell for cell in listed if cell.key not in finished]
    todo = bundles(missing, batch)
    ledger.plan(bundle.key for bundle in todo)
    if only_failed:
        todo = [bundle for bundle in todo if bundle.key in again]
    return todo, len(listed) - len(missing)


def _check_memory(made: Ready, task: Task, how: How) -> None:
    """Refuse units that would not fit into memory together, before anything is read."""
    if how.scheduler is not None:
        return
    layers = made.series.length * (4 * len(made.steps.variables) + 2)
    pixels = 0 if task.steps.zoned is not None else int(np.prod([min(how.tile, n) for n in task.grid.shape]))
    one, workers = (WORK + pixels * layers) / _GIB, how.workers or WORKERS
    if one * workers <= how.max_memory:
        return
    raise UsageError(
        f"{workers} units of up to {one:.1f} GiB are at work together",
        hint=f"choose smaller tiles, fewer workers, or raise max_memory={how.max_memory:g}",
    )
