"""Work on pixels beside the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_SMALL = 2**16
"""Pixels that are worked through faster than a thread is woken."""


async def aside(pixels: int, work: Callable[[], T]) -> T:
    """Do work in a thread, or at once if it is little.

    Args:
        pixels: How many pixels it is about.
        work: What to do.
    """
    return work() if pixels <= _SMALL else await asyncio.to_thread(work)
