"""Work on pixels beside the event loop."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from multisat.raster import together
from multisat.raster.cores import cores

T = TypeVar("T")
_SMALL = 2**16
"""Pixels that are worked through faster than a thread is woken."""


async def aside(pixels: int, work: Callable[[], T]) -> T:
    """Do work in a thread, or at once if it is little.

    Args:
        pixels: How many pixels it is about.
        work: What to do.
    """
    return work() if pixels <= _SMALL else await asyncio.get_running_loop().run_in_executor(cores(), work)


async def spread(count: int, pixels: int, work: Callable[[range], None]) -> None:
    """Do many like pieces of work, on all cores if they are much.

    Args:
        count: How many pieces.
        pixels: How many pixels they are about together.
        work: Does the pieces of a range; ranges are done side by side.
    """
    size = count if pixels <= _SMALL else -(-count // (os.cpu_count() or 1))
    parts = [range(first, min(first + size, count)) for first in range(0, count, size)]
    await together(aside(pixels, partial(work, part)) for part in parts)
