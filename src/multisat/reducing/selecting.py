"""All variables of a pixel from one and the same time step: which one, and its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from multisat.errors import UsageError
from multisat.reducing.blocks import Floats, by_rows, looks
from multisat.reducing.medoid import medoid

Index = NDArray[np.int32]


class Criterion(Protocol):
    """What makes one step better than another."""

    def pick(self, variables: Sequence[Floats], rows: slice) -> Index:
        """Return the best step of each pixel of some rows, -1 where there is none."""
        ...


@dataclass(frozen=True, kw_only=True, eq=False)
class Highest:
    """The step at which a criterion is highest: the greenest, by its NDVI.

    Attributes:
        values: The criterion, shape (time, y, x); where it is not finite a step does not count.
    """

    values: NDArray[np.floating]

    def pick(self, variables: Sequence[Floats], rows: slice) -> Index:
        """Return the best step of each pixel of some rows, -1 where there is none."""
        return _highest(self.values[:, rows], variables, rows)


@dataclass(frozen=True, kw_only=True, eq=False)
class Lowest:
    """The step at which a criterion is lowest: that of the lowest cloud probability.

    Attributes:
        values: The criterion, shape (time, y, x); where it is not finite a step does not count.
    """

    values: NDArray[np.floating]

    def pick(self, variables: Sequence[Floats], rows: slice) -> Index:
        """Return the best step of each pixel of some rows, -1 where there is none."""
        return _highest(np.negative(self.values[:, rows], dtype=np.float64), variables, rows)


@dataclass(frozen=True, kw_only=True)
class Order:
    """The step of the lowest rank that has a value: the clearest scene, by its cloud cover.

    Attributes:
        ranks: A number per step; steps whose rank is None or NaN come last.
    """

    ranks: Sequence[float | None]

    def pick(self, variables: Sequence[Floats], rows: slice) -> Index:
        """Return the best step of each pixel of some rows, -1 where there is none."""
        ranks = np.array([np.nan if rank is None else rank for rank in self.ranks], dtype=np.float64)
        found = np.full(variables[0][:, rows].shape[1:], -1, dtype=np.int32)
        for step in np.argsort(ranks, kind="stable")[::-1]:
            found[_seen(variables, step, rows)] = step
        return found


@dataclass(frozen=True, kw_only=True)
class Medoid:
    """The step whose values are nearest to those of all others; see ``medoid``."""

    def pick(self, variables: Sequence[Floats], rows: slice) -> Index:
        """Return the best step of each pixel of some rows, -1 where there is none."""
        return medoid([one[:, rows] for one in variables])


def best(variables: Mapping[str, Floats], criterion: Criterion) -> Index:
    """Return the best time step of each pixel.

    A step counts where the criterion and at least one variable are finite; for a medoid, where all
    variables are. Of steps that are equally good it is the earliest. The order of the variables does
    not matter.

    Args:
        variables: Name to float32 of shape (time, y, x), NaN where there is no data.
        criterion: ``Highest``, ``Lowest``, ``Order`` or ``Medoid``.

    Returns:
        int32 of shape (y, x): position in time, -1 where no step counts.

    Raises:
        UsageError: There is no variable, or shapes differ.
    """
    if not variables:
        raise UsageError("nothing to choose from", hint="give at least one variable")
    bands = [looks(variables[name]) for name in sorted(variables)]
    _check(bands, criterion)
    found = np.empty(bands[0].shape[1:], dtype=np.int32)

    def work(rows: slice) -> None:
        found[rows] = criterion.pick(bands, rows)

    by_rows(bands[0].shape, work)
    return found


def take(values: Floats, index: Index) -> Floats:
    """Return the values at the chosen steps.

    Args:
        values: float32 of shape (time, y, x).
        index: Position in time of shape (y, x), as ``best`` gives it.

    Returns:
        Shape (y, x), NaN where the index is -1.
    """
    found = np.full(index.shape, np.nan, dtype=np.float32)
    if len(looks(values)):
        picked = np.take_along_axis(values, np.maximum(index, 0)[np.newaxis], 0)[0]
        np.copyto(found, picked, where=index >= 0)
    return found


def _check(bands: Sequence[Floats], criterion: Criterion) -> None:
    shape, others = bands[0].shape, [band.shape for band in bands]
    if isinstance(criterion, Highest | Lowest):
        others.append(criterion.values.shape)
    for other in others:
        if other != shape:
            raise UsageError(f"cannot choose among {shape} by {other}", hint="give all on one grid")
    if isinstance(criterion, Order) and len(criterion.ranks) != shape[0]:
        raise UsageError(f"{len(criterion.ranks)} ranks of {shape[0]} time steps", hint="give one each")


def _highest(scores: NDArray[np.floating], variables: Sequence[Floats], rows: slice) -> Index:
    found = np.full(scores.shape[1:], -1, dtype=np.int32)
    top = np.full(scores.shape[1:], -np.inf)
    for step, score in enumerate(scores):
        better = (score > top) & (score < np.inf) & _seen(variables, step, rows)
        top[better], found[better] = score[better], step
    return found


def _seen(variables: Sequence[Floats], step: int, rows: slice) -> NDArray[np.bool_]:
    """Return where at least one variable has a value."""
    seen: NDArray[np.bool_] = np.logical_or.reduce([np.isfinite(one[step, rows]) for one in variables])
    return seen
