"""Both halves of a tile, where a datatake was delivered in two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from multisat.model import Scene
from multisat.steps import Task


def with_halves(task: Task) -> Task:
    """Return a task that reads every product of an acquisition.

    The catalogue tells no datastrips, so that two halves of one tile look like copies of one product and
    are folded. Read together they are whole; of real copies the second one fills nothing.

    Args:
        task: Of which scenes have what was folded as alternates.
    """
    return replace(task, scenes=_opened(task.scenes), baseline=_opened(task.baseline))


def _opened(scenes: Iterable[Scene]) -> tuple[Scene, ...]:
    found = (one for scene in scenes for one in _products(scene))
    return tuple(sorted(found, key=lambda scene: (scene.datetime, scene.uid)))


def _products(scene: Scene) -> Iterator[Scene]:
    first, *others = scene.copies
    yield first
    kind = (scene.provider, scene.native_id, scene.processing_baseline)
    for other in others:
        if (other.provider, other.native_id, other.processing_baseline) == kind:
            yield other
