"""One loader, one workload, one fresh process; prints one line of JSON.

    python -m benchmarks.reading.measure LOADER WORKLOAD --archive FOLDER --server http://127.0.0.1:PORT

Imports, items and the comparison with the truth are not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .catalogue import SCENES, items_of
from .loaders import LOADERS
from .server import ask
from .truth import compare
from .workloads import FINISH, WORKLOADS, Task

if TYPE_CHECKING:
    from .loaders import Call, Cube


def main() -> None:
    """Measure what the command line says."""
    options = parse()
    os.environ["MULTISAT_CACHE"] = options.cache
    warnings.simplefilter("ignore")
    workload = WORKLOADS[options.workload]
    items = items_of(options.archive, options.server, min(options.scenes, workload.scenes))
    task = Task(
        items=items,
        bands=workload.bands,
        grid=workload.grid,
        method=workload.method,
        composite=workload.composite,
    )
    try:
        call = LOADERS[options.loader](task)
    except ImportError as error:
        print(json.dumps({"missing": error.name}), flush=True)
        return
    print(json.dumps(measured(call, options)), flush=True)


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("loader", choices=LOADERS)
    parser.add_argument("workload", choices=WORKLOADS)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--server", required=True, help="address of the range server")
    parser.add_argument("--scenes", type=int, default=SCENES, help="read no more than so many")
    parser.add_argument("--cache", default="off", help="folder where multisat keeps headers, or off")
    return parser.parse_args()


def measured(call: Call, options: argparse.Namespace) -> dict[str, Any]:
    """Make the call and return what it cost and how true it was."""
    ask(options.server, "reset")
    with peak_memory() as peak:
        wall, cpu = time.perf_counter(), time.process_time()
        cube = call()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    spent = {"wall": wall, "cpu": cpu, "peak_mb": peak[0] / 1e6}
    asked = ask(options.server, "counters")
    true = compare(cube, options.archive / "truth" / f"{options.workload}.npy")
    return {**spent, **asked, **true, "finish": finished(cube, options.workload)}


def finished(cube: Cube, workload: str) -> float:
    """Return the seconds of what a user does next."""
    begin = time.perf_counter()
    if workload in FINISH:
        FINISH[workload](cube)
    return time.perf_counter() - begin


@contextmanager
def peak_memory(every: float = 0.02) -> Iterator[list[int]]:
    """Watch the resident size of this process in bytes; 0 where there is no /proc."""
    peak, over = [resident()], threading.Event()

    def watch() -> None:
        while not over.wait(every):
            peak[0] = max(peak[0], resident())

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def resident() -> int:
    """Return the resident size of this process in bytes."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    main()
