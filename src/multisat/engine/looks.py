"""The variables of time steps, one after another as they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.cube.steps import Step
from multisat.engine.room import room
from multisat.steps import Formula, Steps

Floats = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Looks:
    """What is kept of the time steps of a batch on a block; arrays of shape (step, y, x).

    Attributes:
        steps: What is computed.
        variables: Name to numbers, NaN where there is none.
        score: What a look is chosen by, or None.
        mask: 1 where a time step is masked, or None if that is not kept.
    """

    steps: Steps
    variables: Mapping[str, Floats]
    score: Floats | None
    mask: NDArray[np.uint8] | None

    @classmethod
    def empty(cls, steps: Steps, count: int, shape: tuple[int, int]) -> Looks:
        """Make room for time steps, each of which must be put."""
        kept = steps.masked is not None and steps.composed is None
        return cls(
            steps=steps,
            variables={name: room((count, *shape), np.float32) for name in steps.variables},
            score=room((count, *shape), np.float32) if _score(steps) is not None else None,
            mask=room((count, *shape), np.uint8) if kept else None,
        )

    @staticmethod
    def bytes_a_pixel(steps: Steps) -> int:
        """Return what one time step of one pixel takes."""
        return 4 * (len(steps.variables) + (_score(steps) is not None)) + (steps.composed is None)

    def put(self, index: int, step: Step) -> None:
        """Compute the variables of a time step, which may have no layers."""
        for band in self.steps.kept:
            self.variables[band][index] = _value(band, step.layers)
        for formula in self.steps.formulas:
            self.variables[formula.name][index] = _value(formula, step.layers)
        score = _score(self.steps)
        if score is not None and self.score is not None:
            self.score[index] = _value(score, step.layers)
        if self.mask is not None:
            self.mask[index] = 0 if step.masked is None else step.masked

    def of(self, some: range) -> Looks:
        """Return a part of the time steps."""
        part = slice(some.start, some.stop)
        return Looks(
            steps=self.steps,
            variables={name: values[part] for name, values in self.variables.items()},
            score=None if self.score is None else self.score[part],
            mask=None if self.mask is None else self.mask[part],
        )


def _score(steps: Steps) -> Formula | str | None:
    """Return the formula or band by which the reducer chooses a look, or None if by neither."""
    if steps.composed is None:
        return None
    if steps.composed.reducer == "greenest":
        return Formula.of("NDVI")
    return "cloud_probability" if steps.composed.reducer == "lowest_cloud" else None


def _value(wanted: Formula | str, layers: Mapping[str, NDArray[np.generic]]) -> Any:  # noqa: ANN401 - an array or NaN
    """Return a band or formula, NaN everywhere if a band is missing."""
    if isinstance(wanted, str):
        return layers.get(wanted, np.nan)
    return wanted(layers) if set(wanted.bands) <= set(layers) else np.nan
