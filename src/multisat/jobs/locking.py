"""``run.lock.json``: what was asked for, what answered it, and of which files it was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import orjson

from multisat.errors import UsageError
from multisat.jobs.cells import pixels_of
from multisat.jobs.folder import Folder, writing
from multisat.jobs.how import How
from multisat.recipe.keeping import task_of, task_to_dict
from multisat.steps import Task
from multisat.writing.whole import whole_file

VERSION = 1
"""Of the JSON form."""
_LIBRARIES = (
    "multisat-eo",
    "numpy",
    "scipy",
    "xarray",
    "rasterio",
    "pyproj",
    "shapely",
    "odc-geo",
    "exactextract",
)
_KEPT = ("tile", "batch", "store", "errors", "max_memory")
"""What of ``How`` belongs to a job; where it ran does not."""


def lock_of(
    task: Task,
    how: How,
    *,
    sources: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return a lock as JSON values.

    Args:
        task: All that decides the result; items with their baselines are in it.
        how: Parameters.
        sources: Size and ETag of files that were read, by unsigned address; None while the job runs.
        outputs: Size and hash of the files that were made, by path; None while the job runs.
    """
    return {
        "multisat_lock": VERSION,
        "written": datetime.now(UTC).isoformat(timespec="seconds"),
        "finished": sources is not None,
        "versions": {name: found for name in _LIBRARIES if (found := _version(name))},
        "parameters": {name: getattr(how, name) for name in _KEPT},
        "task": task_to_dict(task),
        "sources": dict(sources or {}),
        "outputs": dict(outputs or {}),
    }


def write_lock(lock: Mapping[str, Any], folder: Folder) -> None:
    """Write a lock whole."""
    with writing(folder.path), whole_file(folder.lock) as temporary:
        temporary.write_bytes(orjson.dumps(lock, option=orjson.OPT_INDENT_2))


def read_lock(path: str | Path) -> dict[str, Any]:
    """Return a lock.

    Raises:
        UsageError: It is not there, or it is none.
    """
    try:
        lock: dict[str, Any] = orjson.loads(Path(path).read_bytes())
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}", hint="name a run.lock.json") from None
    except ValueError:
        raise UsageError(f"{path} is damaged: no JSON", hint="give the command of the job again") from None
    if not isinstance(lock, dict) or lock.get("multisat_lock") != VERSION:
        raise UsageError(f"{path} is no lock of version {VERSION}", hint="name a run.lock.json")
    return lock


def job_of(lock: Mapping[str, Any], **where: Any) -> tuple[Task, How]:  # noqa: ANN401 - fields of How
    """Return the task of a lock and how to run it.

    Args:
        lock: See ``lock_of``.
        where: ``workers``, ``processes`` and ``scheduler`` of ``How``, which a lock does not keep.
    """
    known = {one.name for one in fields(How)}
    kept = {name: value for name, value in lock["parameters"].items() if name in known}
    return task_of(lock["task"]), How(**kept, **where)


def check_same(folder: Folder, task: Task, how: How) -> None:
    """Pass if a folder is empty or holds results of the same recipe on the same pixels.

    Raises:
        UsageError: It holds others, which stay as they are.
    """
    if not folder.lock.exists():
        return
    lock = read_lock(folder.lock)
    before, known = job_of(lock)
    old, new = pixels_of(before), pixels_of(task)
    changed = [name for name in new if old[name] != new[name]]
    table = task.steps.zoned is not None
    if not changed and known.stored(table=table) != how.stored(table=table):
        changed = ["store"]
    if not changed and not table and known.tile != how.tile:
        changed = ["tile"]
    if changed:
        raise UsageError(
            f"{folder.path} holds results of another job: {', '.join(_WORDS[name] for name in changed)}",
            hint="nothing was changed there; name another folder, or ask for the same",
        )


_WORDS = {
    "numbers": "made by a version that computed other numbers",
    "recipe": "its recipe differs",
    "pixels": "its pixels differ (name the area, --crs and --resolution as before)",
    "store": "it is stored in another form",
    "tile": "its tiles have another size",
}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
