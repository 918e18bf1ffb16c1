"""The threads that compute: one a core, for all readers and cubes of this process."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache


@cache
def cores() -> ThreadPoolExecutor:
    """Return the threads. The C library keeps freed memory for each thread, so there are no more of them.

    What runs here waits for nothing, least of all for other work that is to run here.
    """
    return ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="multisat-cores")
