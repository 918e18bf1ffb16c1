"""What the C library keeps of freed memory, so that it does not grow with the number of units."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

_ARENA_MAX, _MMAP_THRESHOLD, _TRIM_THRESHOLD = -8, -3, -1
"""``M_ARENA_MAX`` and so on of glibc's malloc.h."""
_HEAPS = 2
_LARGE = 16 * 2**20
"""Bytes. Without a limit that is set, glibc takes ever larger arrays from heaps, up to 32 MiB."""


@contextmanager
def little_kept() -> Iterator[None]:
    """Make glibc keep two heaps for all threads of the process, and give back what is free at the end.

    By default it has up to eight heaps for each core and keeps what was freed in each; every unit has
    threads of its own. Large arrays are in none of them. Other C libraries are left alone.
    """
    _call("mallopt", _ARENA_MAX, _HEAPS)
    _call("mallopt", _MMAP_THRESHOLD, _LARGE)
    _call("mallopt", _TRIM_THRESHOLD, _LARGE)
    try:
        yield
    finally:
        give_back()


def give_back() -> None:
    """Give what glibc keeps of freed memory back to the system."""
    _call("malloc_trim", 0)


def _call(name: str, *arguments: int) -> None:
    if hasattr(_library(), name):
        getattr(_library(), name)(*arguments)


@cache
def _library() -> Any:  # noqa: ANN401 - the C library, or None
    return ctypes.CDLL(None) if sys.platform == "linux" else None
