"""What the C library keeps of freed memory, so that it does not grow with the number of units."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_ARENA_MAX = -8
"""``M_ARENA_MAX`` of glibc's malloc.h."""
_HEAPS = 2


@contextmanager
def little_kept() -> Iterator[None]:
    """Make glibc keep two heaps for all threads of the process, and give back what is free at the end.

    By default it has up to eight heaps for each core and keeps what was freed in each; every unit has
    threads of its own. Large arrays are in none of them. Other C libraries are left alone.
    """
    _call("mallopt", _ARENA_MAX, _HEAPS)
    try:
        yield
    finally:
        _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    known: Any = ctypes.CDLL(None) if sys.platform == "linux" else None
    if hasattr(known, name):
        getattr(known, name)(*arguments)
