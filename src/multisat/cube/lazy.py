"""A cube that is read when it is computed: tasks are blocks of time steps.

A task holds scenes with unsigned addresses only; how to open them is asked for where it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from multisat.cube.block import Block
from multisat.cube.eager import read_now
from multisat.cube.opening import AccessTo
from multisat.cube.promising import cells, chunk_sizes, promised
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
    sizes = chunk_sizes(chunks, (len(groups), *map(int, target.shape)))
    dtypes = _dtypes(groups, wish)
    slim = [tuple(slimmed(scene, wish) for scene in group) for group in groups]
    tasks = {
        index: BlockTask(
            groups=tuple(slim[steps[0] : steps[0] + steps[1]]),
            wish=wish,
            block=Block(whole=target, row=rows[0], column=columns[0], height=rows[1], width=columns[1]),
            dtypes=dtypes,
            make=make,
            access=access,
            errors=errors,
        )
        for index, (steps, rows, columns) in cells(sizes)
    }
    return promised(tasks, sizes, dtypes, [s.uid for g in groups for s in g], wish, str(target))


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


def slimmed(scene: Scene, wish: Wish) -> Scene:
    """Return a scene with what reading needs: graphs are sent to workers."""
    names = {resolve(band, scene.bands, scene.collection) for band in wish.bands}
    if wish.words is not None:
        names |= {"scl", "qa_pixel", "fmask"} & set(scene.bands)
    assets = {name: _plain(scene.assets[name]) for name in sorted(n for n in names if n)}
    return replace(
        scene, item={}, assets=assets, alternates=tuple(slimmed(other, wish) for other in scene.alternates)
    )


def _plain(asset: Any) -> FileAsset:  # noqa: ANN401 - any Asset
    return FileAsset(**{name: getattr(asset, name) for name in FileAsset.__slots__})
