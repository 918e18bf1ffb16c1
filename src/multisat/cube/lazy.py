"""A cube that is read when it is computed: tasks are blocks of time steps.

A task holds scenes with unsigned addresses only; how to open them is asked for where it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import getitem
from typing import Any

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from multisat.cube.block import Block
from multisat.cube.eager import read_now
from multisat.cube.opening import AccessTo
from multisat.cube.reporting import lost_ones
from multisat.cube.steps import Step
from multisat.cube.warnings import tell
from multisat.cube.wish import Wish
from multisat.errors import UsageError
from multisat.model import FileAsset, Scene
from multisat.raster import Reader
from multisat.vocab.bands import resolve


@dataclass(frozen=True, kw_only=True)
class BlockTask:
    """What one task reads."""

    groups: tuple[tuple[Scene, ...], ...]
    wish: Wish
    block: Block
    dtypes: Mapping[str, str]
    make: Callable[[], Reader]
    access: AccessTo
    errors: str

    def __call__(self) -> dict[str, NDArray[Any]]:
        """Return the variables of the block, each of shape (time, y, x)."""
        stack, steps = read_now(self.groups, self.wish, self.block, self.make, self.access)
        self._judge(steps)
        return {name: stack.get(name, dtype).astype(dtype, copy=False) for name, dtype in self.dtypes.items()}

    def _judge(self, steps: Sequence[Step]) -> None:
        lost = lost_ones(steps)
        if lost and self.errors == "raise":
            raise lost[0].error
        for one in lost:
            tell(f"left out {'; '.join(one.failures)}")


def promise(
    groups: Sequence[Sequence[Scene]],
    wish: Wish,
    target: GeoBox,
    chunks: Mapping[str, int],
    *,
    make: Callable[[], Reader],
    access: AccessTo,
    errors: str,
) -> dict[str, Any]:
    """Return Dask arrays of shape (time, y, x) by variable.

    Raises:
        UsageError: Dask is not installed, or the chunks are none.
    """
    try:
        import dask.array as da
        from dask.base import tokenize
        from dask.highlevelgraph import HighLevelGraph
    except ImportError:
        raise UsageError("chunks= needs Dask", hint='pip install "multisat-eo[dask]"') from None
    shape = (len(groups), *map(int, target.shape))
    sizes = _sizes(chunks, shape)
    dtypes = _dtypes(groups, wish)
    slim = [tuple(_slim(scene, wish) for scene in group) for group in groups]
    root = f"multisat-{tokenize([s.uid for g in groups for s in g], wish, str(target), sizes)}"
    layers: dict[str, dict[Any, Any]] = {root: {}, **{f"{root}-{name}": {} for name in dtypes}}
    for index, (steps, rows, columns) in _cells(sizes):
        block = Block(whole=target, row=rows[0], column=columns[0], height=rows[1], width=columns[1])
        layers[root][(root, *index)] = (
            BlockTask(
                groups=tuple(slim[steps[0] : steps[0] + steps[1]]),
                wish=wish, block=block, dtypes=dtypes, make=make, access=access, errors=errors,
            ),
        )  # fmt: skip
        for name in dtypes:
            layers[f"{root}-{name}"][(f"{root}-{name}", *index)] = (getitem, (root, *index), name)
    graph = HighLevelGraph(layers, {root: set(), **{f"{root}-{name}": {root} for name in dtypes}})
    array: Any = da.Array
    return {name: array(graph, f"{root}-{name}", sizes, dtype=dtype) for name, dtype in dtypes.items()}


def _sizes(chunks: Mapping[str, int], shape: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    unknown = sorted(set(chunks) - {"time", "y", "x"})
    if unknown:
        raise UsageError(f"no dimension is called {', '.join(unknown)}", hint="use time, y and x")
    found = []
    for name, length in zip(("time", "y", "x"), shape, strict=True):
        size = chunks.get(name, 1 if name == "time" else 2048)
        if size == 0 or size < -1:
            raise UsageError(f"chunks of {size} along {name}", hint="use a positive number, or -1 for all")
        size = length if size == -1 else min(size, length)
        found.append(tuple(min(size, length - start) for start in range(0, length, size)))
    return tuple(found)


def _cells(sizes: tuple[tuple[int, ...], ...]) -> list[tuple[tuple[int, ...], tuple[tuple[int, int], ...]]]:
    """Return the index of each block with its (first, length) along each dimension."""
    starts = [np.concatenate([[0], np.cumsum(size)]).tolist() for size in sizes]
    return [
        (index, tuple((starts[axis][i], sizes[axis][i]) for axis, i in enumerate(index)))
        for index in np.ndindex(*map(len, sizes))
    ]


def _dtypes(groups: Sequence[Sequence[Scene]], wish: Wish) -> dict[str, str]:
    found = {band: _dtype(groups, band, wish) for band in wish.bands}
    return {**found, "mask": "uint8"} if wish.words is not None else found


def _dtype(groups: Sequence[Sequence[Scene]], band: str, wish: Wish) -> str:
    if not wish.raw:
        return "float32"
    own = [(s, resolve(band, s.bands, s.collection)) for group in groups for s in group]
    kinds = {s.assets[name].dtype for s, name in own if name is not None}
    if None in kinds:
        raise UsageError(
            f"the type of {band} is not known before its files are read", hint="leave out raw or chunks"
        )
    return np.result_type(*(np.dtype(kind) for kind in kinds if kind)).name if kinds else "float32"


def _slim(scene: Scene, wish: Wish) -> Scene:
    """Return a scene with what reading needs: graphs are sent to workers."""
    names = {resolve(band, scene.bands, scene.collection) for band in wish.bands}
    if wish.words is not None:
        names |= {"scl", "qa_pixel", "fmask"} & set(scene.bands)
    assets = {name: _plain(scene.assets[name]) for name in sorted(n for n in names if n)}
    return replace(
        scene, item={}, assets=assets, alternates=tuple(_slim(other, wish) for other in scene.alternates)
    )


def _plain(asset: Any) -> FileAsset:  # noqa: ANN401 - any Asset
    return FileAsset(**{name: getattr(asset, name) for name in FileAsset.__slots__})
