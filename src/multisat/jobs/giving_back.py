"""Memory that was freed, given back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give back what the C library keeps for later.

    It keeps some MB for each thread there has been, and every unit has threads of its own, so that a job
    of many units would grow with their number. Only glibc is asked; others keep little.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
