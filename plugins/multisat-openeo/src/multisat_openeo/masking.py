"""Masks as process graphs: classes compared, margins as kernels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import reduce

import numpy as np

from multisat.reducing import gaussian_kernel
from multisat.steps import Mask
from multisat.vocab.masks import QualityLayer
from multisat_openeo.graph import Graph, Value, callback, parameter

_HALF = 0.5
"""Between a sum of no pixels and of one."""


def masked(graph: Graph, layer: Value, how: QualityLayer, mask: Mask, side: float) -> Value:
    """Add a mask and return it: 0 where a pixel counts, greater where it does not.

    A pixel does not count if a class of the mask is near it, or if the layer has no data there.

    Args:
        graph: The graph.
        layer: A cube of the quality layer alone.
        how: How it is read; by codes.
        mask: What does not count.
        side: Pixels of the result in metres.
    """
    codes = [code for word in mask.words for code in how.values.get(word, ())]
    empty = _reduced(graph, layer, lambda g, x: _flag(g, g.add("gt", x=x, y=how.fill), 0, 1))
    if not codes:
        return empty
    told = _reduced(graph, layer, lambda g, x: _flag(g, _any_of(g, x, codes), 1, 0))
    near = _grown(graph, told, mask, side)
    return graph.add("merge_cubes", cube1=near, cube2=empty, overlap_resolver=callback(_sum))


def reach(mask: Mask | None, side: float) -> int:
    """Return how many pixels away a pixel can still change what is masked."""
    if mask is None:
        return 0
    if mask.kernel is not None:
        return mask.kernel.size // 2
    return math.ceil((2 * mask.opening + mask.dilate) / side)


def disc(radius: float) -> list[list[int]]:
    """Return a kernel of 1 where a pixel's centre is within a radius in pixels, else 0."""
    most = math.floor(radius)
    away = np.arange(-most, most + 1, dtype=np.float64)
    found: list[list[int]] = (np.sqrt(away**2 + away[:, np.newaxis] ** 2) <= radius).astype(int).tolist()
    return found


def _grown(graph: Graph, told: Value, mask: Mask, side: float) -> Value:
    if mask.kernel is not None:
        weights = gaussian_kernel(mask.kernel.size, mask.kernel.sigma).tolist()
        return _spread(graph, told, weights, mask.kernel.threshold)
    if mask.opening:
        told = _opened(graph, told, disc(mask.opening / side))
    return _spread(graph, told, disc(mask.dilate / side), _HALF) if mask.dilate else told


def _opened(graph: Graph, told: Value, within: list[list[int]]) -> Value:
    """Drop patches into which a disc does not fit; what is kept was there before."""
    clear = graph.add("apply", data=told, process=callback(_opposite))
    middles = graph.add("apply", data=_spread(graph, clear, within, _HALF), process=callback(_opposite))
    around = _spread(graph, middles, within, _HALF)
    return graph.add("merge_cubes", cube1=told, cube2=around, overlap_resolver=callback(_product))


def _spread(graph: Graph, told: Value, weights: Sequence[Sequence[float]], threshold: float) -> Value:
    """Return 1 where the weighted sum of a mask is greater than a threshold; beyond the edge all is 0."""
    total = graph.add("apply_kernel", data=told, kernel=weights, factor=1, border=0, replace_invalid=0)
    over = callback(lambda g: _flag(g, g.add("gt", x=parameter("x"), y=threshold), 1, 0))
    return graph.add("apply", data=total, process=over)


def _reduced(graph: Graph, layer: Value, make: object) -> Value:
    def work(inner: Graph) -> Value:
        return make(inner, inner.add("array_element", data=parameter("data"), index=0))  # type: ignore[operator]

    return graph.add("reduce_dimension", data=layer, dimension="bands", reducer=callback(work))


def _any_of(graph: Graph, value: Value, codes: Sequence[int]) -> Value:
    each = [graph.add("eq", x=value, y=code) for code in codes]
    return reduce(lambda one, other: graph.add("or", x=one, y=other), each)


def _flag(graph: Graph, value: Value, yes: int, no: int) -> Value:
    """Return one number where a condition holds, another where it does not or is not known."""
    return graph.add("if", value=value, accept=yes, reject=no)


def _opposite(graph: Graph) -> Value:
    return graph.add("subtract", x=1, y=parameter("x"))


def _sum(graph: Graph) -> Value:
    return graph.add("add", x=parameter("x"), y=parameter("y"))


def _product(graph: Graph) -> Value:
    return graph.add("multiply", x=parameter("x"), y=parameter("y"))
