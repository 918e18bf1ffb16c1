"""What a task costs at a back-end, estimated: nobody publishes a formula for credits."""

from __future__ import annotations

from multisat.contracts import Cost
from multisat.steps import Task
from multisat_openeo.backends import Habits
from multisat_openeo.spans import Spans

_PACKED = 0.6
_RATE, _START = 20e6, 30.0
"""Bytes a second of a usual line, and seconds until a service begins to compute."""
_PER_SECOND = 5e6
"""Numbers a second that a service reads and computes with."""


def read(task: Task) -> float:
    """Return how many numbers the service reads: pixels times bands times scenes."""
    rows, columns = task.grid.shape
    bands = len(task.steps.needs) + (task.steps.masked is not None)
    return float(rows) * columns * bands * (len(task.scenes) + len(task.baseline))


def estimate(task: Task, habits: Habits, spans: Spans | None) -> Cost:
    """Return an estimate.

    Args:
        task: What to compute.
        habits: Of the back-end.
        spans: The periods that come back; None if all time steps do, for work on this machine.
    """
    numbers = read(task)
    rows, columns = task.grid.shape
    layers = len(task.steps.variables) + 1
    size = numbers * 2 if spans is None else 4.0 * rows * columns * layers * _times(task, spans)
    return Cost(
        scenes=len(task.scenes) + len(task.baseline),
        files=0,
        requests=1,
        bytes=round(size * _PACKED),
        seconds=_START + numbers / _PER_SECOND + size * _PACKED / _RATE,
        units=(("credits", max(1.0, numbers / 1e9 * habits.credits_a_gigapixel)),),
    )


def _times(task: Task, spans: Spans) -> int:
    return len(spans.labels) or len(task.scenes)
