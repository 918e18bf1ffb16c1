"""Room for large arrays, given back to the system as soon as they are gone."""

from __future__ import annotations

from mmap import ACCESS_COPY, mmap
from typing import Any

import numpy as np
from numpy.typing import NDArray


def room(shape: tuple[int, ...], dtype: type[np.generic]) -> NDArray[Any]:
    """Return an array of zeros in memory of its own.

    The C library keeps what is freed for later, up to some tens of MB in each thread, and the more the
    larger the arrays are that it has seen. Those that live long are therefore not asked of it.
    """
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    return np.ndarray(shape, dtype=kind, buffer=mmap(-1, max(1, size), access=ACCESS_COPY))
