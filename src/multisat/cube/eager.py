"""Reading a cube now, a bounded number of time steps at a time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.cube.block import Block
from multisat.cube.opening import AccessTo, Opener
from multisat.cube.steps import Step, read_step
from multisat.cube.wish import Wish
from multisat.model import Scene
from multisat.raster import Budget, Reader, run, together

IN_HAND = 192 * 2**20
"""Bytes of pixels that are read and not yet in the cube."""
_FILES = 120
"""Files that are read at a time: enough to hide the way to the server, few enough that the first ones
are unpacked while the headers of the next ones are on their way."""
_BYTES = 10
"""Bytes a pixel of one band takes while it is scaled and masked."""


@dataclass(kw_only=True)
class Stack:
    """Variables of shape (step, y, x), filled as steps come in.

    Attributes:
        steps: How many there are.
        shape: Rows, columns.
        variables: Band to numbers; NaN, or 0 in whole numbers, where nothing came.
    """

    steps: int
    shape: tuple[int, int]
    variables: dict[str, NDArray[Any]] = field(default_factory=dict)

    def put(self, band: str, index: int, layer: NDArray[np.generic]) -> None:
        """Set one step of a variable; its type widens if it must."""
        if self.steps == 1:
            self.variables[band] = layer[np.newaxis]
            return
        if band not in self.variables:
            self.variables[band] = self._empty(layer.dtype)
        whole = self.variables[band]
        wide = np.result_type(whole.dtype, layer.dtype)
        if wide != whole.dtype:
            whole = self.variables[band] = whole.astype(wide)
        whole[index] = layer

    def get(self, band: str, dtype: str = "float32") -> NDArray[Any]:
        """Return a variable; if no step had the band, one without data of a type."""
        return self.variables[band] if band in self.variables else self._empty(np.dtype(dtype))

    def _empty(self, dtype: np.dtype[Any]) -> NDArray[Any]:
        nothing = np.nan if dtype.kind == "f" else 0
        return np.full((self.steps, *self.shape), nothing, dtype=dtype)


def read_now(
    groups: Sequence[Sequence[Scene]],
    wish: Wish,
    block: Block,
    make: Callable[[], Reader],
    access: AccessTo,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Stack, list[Step]]:
    """Read every time step of a block with a reader of its own; see ``read_all``."""

    async def work() -> tuple[Stack, list[Step]]:
        with Opener(make(), access) as opener:
            return await read_all(groups, wish, block, opener, progress)

    return run(work())


async def read_all(
    groups: Sequence[Sequence[Scene]],
    wish: Wish,
    block: Block,
    opener: Opener,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Stack, list[Step]]:
    """Read every time step of a block and keep all of it.

    Args:
        groups: The scenes of each overpass.
        wish: What to read.
        block: Where.
        opener: How files are opened.
        progress: Called with scenes done and scenes in all.

    Returns:
        The pixels, and what is known of each step, without its layers.
    """
    stack = Stack(steps=len(groups), shape=block.shape)
    if wish.words is not None:
        stack.variables["mask"] = np.zeros((len(groups), *block.shape), dtype=np.uint8)

    async def keep(index: int, step: Step) -> None:
        for band, layer in step.layers.items():
            stack.put(band, index, layer)
        if step.masked is not None:
            stack.put("mask", index, step.masked.view(np.uint8))

    return stack, await read_each(groups, wish, block, opener, use=keep, progress=progress)


async def read_each(
    groups: Sequence[Sequence[Scene]],
    wish: Wish,
    block: Block,
    opener: Opener,
    *,
    use: Callable[[int, Step], Awaitable[None]],
    in_hand: int = IN_HAND,
    progress: Callable[[int, int], None] | None = None,
) -> list[Step]:
    """Read every time step of a block, a bounded number at a time, and hand on each once it is there.

    Args:
        groups: The scenes of each overpass.
        wish: What to read.
        block: Where.
        opener: How files are opened.
        use: Takes the position of a step and the step; steps come in any order.
        in_hand: Bytes of pixels that may be read and not yet used.
        progress: Called with scenes done and scenes in all.

    Returns:
        What is known of each step, without its layers.
    """
    budget, total, done = Budget(in_hand), sum(map(len, groups)), 0
    layers = len(wish.bands) + (wish.words is not None)

    async def one(index: int, scenes: Sequence[Scene]) -> Step:
        nonlocal done
        async with budget.take(len(scenes) * layers * max(in_hand // _FILES, block.size * _BYTES)):
            step = await read_step(scenes, wish, block, opener)
            await use(index, step)
        done += len(scenes)
        if progress is not None:
            progress(done, total)
        return replace(step, layers={}, masked=None)

    return await together(one(index, scenes) for index, scenes in enumerate(groups))
