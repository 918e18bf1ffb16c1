"""The share of an area that each class covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from multisat.cube.masking import told_pixels
from multisat.errors import UsageError
from multisat.vocab.masks import QUALITY_LAYERS
from multisat.zones.layers import Cut
from multisat.zones.statistics import Wanted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]

Covers = Mapping[str, "Floats"]
"""Class name to pixels by share, one number a time; under ``""`` all that have a class."""
_MOST = 256
"""Different codes of a layer, above which it is no layer of classes."""


def states(cut: Cut, ask: Wanted) -> list[Covers]:
    """Return what pieces of areas add to the cover of each class.

    Raises:
        UsageError: The layer has too many codes, or some that are no whole numbers.
    """
    found: dict[str, Floats] = {}
    for slab in cut.slabs:
        values = cut.values[slab]
        known = cut.layer.known(values)
        codes = _whole(np.where(known, values, 0), ask.variable)
        for name, inside in _classes(codes, known, ask):
            cover = found.setdefault(name, np.zeros((len(cut.values), len(cut.starts))))
            cover[slab] = np.add.reduceat(cut.shares * (inside & known), cut.starts, axis=1)
    return [{name: cover[:, n].copy() for name, cover in found.items()} for n in range(len(cut.starts))]


def columns(pieces: Sequence[Covers], steps: int) -> dict[str, Floats]:
    """Return the share of each class in the pixels that have one.

    Args:
        pieces: States, in the order of tiles.
        steps: Number of times.
    """
    names = dict.fromkeys(name for piece in pieces for name in piece)
    nothing = np.zeros(steps)
    sums = {n: np.sum([piece.get(n, nothing) for piece in pieces], axis=0) for n in names}
    whole = sums.pop("", nothing)
    with np.errstate(invalid="ignore"):
        return {f"share_{name}": cover / whole for name, cover in sums.items()}


def _whole(values: NDArray[Any], variable: str) -> NDArray[np.int64]:
    codes: NDArray[np.int64] = values.astype(np.int64)
    if values.dtype.kind == "f" and not (codes == values).all():
        raise UsageError(f"{variable} has numbers that are no codes", hint="resample classes by nearest")
    return codes


def _classes(codes: NDArray[np.int64], known: Bools, ask: Wanted) -> Iterable[tuple[str, Bools]]:
    yield "", known
    if ask.classes is not None:
        for name, listed in ask.classes.items():
            yield name, np.isin(codes, list(listed))
    elif ask.variable in QUALITY_LAYERS and not ask.by_code:
        layer = QUALITY_LAYERS[ask.variable]
        for word in layer.words:
            if word != "nodata":
                yield word, told_pixels(layer, codes, [word])
    else:
        yield from _each(codes, known, ask.variable)


def _each(codes: NDArray[np.int64], known: Bools, variable: str) -> Iterable[tuple[str, Bools]]:
    there = np.unique(codes[known])
    if len(there) > _MOST:
        raise UsageError(
            f"{variable} has over {_MOST} codes, so it is no layer of classes", hint="do not name it one"
        )
    for code in there:
        yield str(int(code)), codes == code
