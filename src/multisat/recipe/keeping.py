"""Tasks as JSON, with the items of their scenes, so that another process can go on with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from multisat.errors import UsageError
from multisat.federate.saving import scene_of
from multisat.model import AOIs, Grid, Request
from multisat.steps import Steps, Task

VERSION = 1
"""Of the JSON form."""


def task_to_dict(task: Task) -> dict[str, Any]:
    """Return a task as JSON values; hrefs are unsigned."""
    return {
        "multisat_task": VERSION,
        "recipe": task.steps.to_dict(),
        "request": task.request.to_dict(),
        "grid": task.grid.to_dict(),
        "scenes": [scene.to_item() for scene in task.scenes],
        "baseline": [scene.to_item() for scene in task.baseline],
        "areas": None if task.areas is None else task.areas.to_dict(),
    }


def task_of(data: Mapping[str, Any]) -> Task:
    """Make a task from ``task_to_dict``; scenes are read with today's vocabulary.

    Raises:
        UsageError: It is no task, or of another version.
    """
    if data.get("multisat_task") != VERSION:
        raise UsageError("this is no task", hint=f"give one of version {VERSION}")
    try:
        areas = data.get("areas")
        return Task(
            steps=Steps.from_dict(data["recipe"]),
            request=Request.from_dict(data["request"]),
            scenes=tuple(scene_of(item) for item in data["scenes"]),
            grid=Grid.from_dict(data["grid"]),
            baseline=tuple(scene_of(item) for item in data["baseline"]),
            areas=None if areas is None else AOIs.from_dict(areas),
        )
    except (KeyError, TypeError) as error:
        raise UsageError(f"the task cannot be read: {error!r}", hint="plan it anew") from None
