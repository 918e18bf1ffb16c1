"""Jobs that are there already: how one stands, going on with it, and running it anew elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from multisat.cube.warnings import tell
from multisat.errors import UsageError
from multisat.jobs.folder import Folder
from multisat.jobs.ledger import STATES
from multisat.jobs.locking import job_of, read_lock
from multisat.jobs.run import Report, run_job
from multisat.jobs.working import Progress
from multisat.recipe import Plan
from multisat.writing.whole import local

_PLACES = 2
"""Parts of an address that are said: the folder and the file."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a job stands.

    Attributes:
        units: State (one of ``todo``, ``done``, ``part``, ``failed``) to how many units are in it.
        bytes: Of what is finished.
        seconds: That workers spent on it.
        finished: Whether all was done and put together when a run last ended.
        problems: State, tries and what went wrong, of each unit that failed or lacks a scene.
    """

    units: dict[str, int]
    bytes: int
    seconds: float
    finished: bool
    problems: tuple[tuple[str, int, str], ...]


def standing(out: str | Path) -> Standing:
    """Return how the job in a folder stands, also while it runs.

    Args:
        out: Folder of the job.

    Raises:
        UsageError: There is no job, or its ledger is damaged.
    """
    folder = Folder(path=local(out))
    if not folder.ledger.is_file():
        raise UsageError(f"there is no job in {folder.path}", hint="name the folder of a job")
    lock = read_lock(folder.lock)
    try:
        with closing(sqlite3.connect(f"file:{folder.ledger}?mode=ro", uri=True, timeout=5)) as file:
            return _standing(file, finished=bool(lock["finished"]))
    except sqlite3.DatabaseError as error:
        raise UsageError(
            f"the ledger {folder.ledger} cannot be read: {error}",
            hint="give the command of the job again: it is made anew from what is finished",
        ) from None


def retry(
    out: str | Path,
    *,
    only_failed: bool = False,
    progress: Callable[[Progress], None] | None = None,
    **where: Any,  # noqa: ANN401 - workers, processes and scheduler of How
) -> Report:
    """Go on with the job in a folder as it was planned; no archive is searched.

    Args:
        out: The folder.
        only_failed: Do no more than the units that failed or lack a scene.
        progress: Called after each unit, in this thread.
        where: ``workers`` (units at a time), ``processes`` and ``scheduler`` of ``How``.

    Raises:
        UsageError: There is no job in the folder; see ``run_job`` for more.
    """
    folder = Folder(path=local(out))
    task, how = job_of(read_lock(folder.lock), **where)
    return run_job(Plan(task=task), folder.path, how=how, only_failed=only_failed, progress=progress)


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What became of a job that was run anew.

    Attributes:
        report: Of the new run.
        replaced: Files whose size or ETag is another one than then.
        differing: Files of the result that are not the same, byte by byte.
    """

    report: Report
    replaced: tuple[str, ...]
    differing: tuple[str, ...]


def replay(
    lock: str | Path,
    out: str | Path,
    *,
    progress: Callable[[Progress], None] | None = None,
    **where: Any,  # noqa: ANN401 - workers, processes and scheduler of How
) -> Replayed:
    """Run a job anew from its lock: the same items, grid and steps, into another folder.

    Files that the archive replaced since are warned of.

    Args:
        lock: A ``run.lock.json``.
        out: The new folder.
        progress: Called after each unit, in this thread.
        where: ``workers`` (units at a time), ``processes`` and ``scheduler`` of ``How``.

    Raises:
        UsageError: The lock cannot be read, or the folder is its own; see ``run_job`` for more.
    """
    then, target = read_lock(lock), local(out)
    if target.resolve() == Path(lock).resolve().parent:
        raise UsageError(f"{target} is the folder of the lock", hint="name another folder")
    task, how = job_of(then, **where)
    report = run_job(Plan(task=task), target, how=how, progress=progress)
    now = read_lock(Folder(path=target).lock)
    replaced = tuple(
        _short(href) for href, one in then["sources"].items() if _differ(one, now["sources"].get(href, one))
    )
    if replaced:
        tell(f"{len(replaced)} files were replaced since {then['written']}: {', '.join(replaced)}")
    outputs = now["outputs"]
    return Replayed(
        report=report,
        replaced=replaced,
        differing=tuple(name for name, one in then["outputs"].items() if outputs.get(name) != one),
    )


def _standing(file: sqlite3.Connection, *, finished: bool) -> Standing:
    counts = dict(file.execute("SELECT state, count(*) FROM units GROUP BY state"))
    size, seconds = file.execute("SELECT total(bytes), total(seconds) FROM units").fetchone()
    rows = file.execute(
        "SELECT state, tries, error FROM units WHERE state IN ('failed', 'part') ORDER BY state, key"
    )
    return Standing(
        units={state: counts.get(state, 0) for state in STATES},
        bytes=int(size),
        seconds=round(seconds, 3),
        finished=finished,
        problems=tuple((state, tries, error or "") for state, tries, error in rows),
    )


def _differ(then: dict[str, Any], now: dict[str, Any]) -> bool:
    """Whether two identities tell two files; what one does not know makes no difference."""
    pairs = ((then[name], now[name]) for name in ("size", "etag"))
    return any(None not in pair and pair[0] != pair[1] for pair in pairs)


def _short(href: str) -> str:
    return "/".join(urlsplit(href).path.split("/")[-_PLACES:])
