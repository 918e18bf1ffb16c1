"""One tool, one area, one fresh process; prints one line of JSON.

    python -m benchmarks.composite.measure TOOL AREA --archive FOLDER --server http://127.0.0.1:PORT

Imports, items and the comparison with the truth are not timed.
"""

from __future__ import annotations

import argparse
import json
import os
import time
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from benchmarks.reading.catalogue import items_of
from benchmarks.reading.measure import peak_memory, resident
from benchmarks.reading.server import ask

from .loaders import LOADERS
from .truth import corner
from .workloads import AREAS, Area

if TYPE_CHECKING:
    from .loaders import Parts


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tool", choices=LOADERS)
    parser.add_argument("area", choices=AREAS)
    parser.add_argument("--archive", type=Path, required=True)
    parser.add_argument("--server", required=True, help="address of the range server")
    options = parser.parse_args()
    os.environ["MULTISAT_CACHE"] = str(Path(os.environ.get("TMPDIR", "/tmp")) / f"composite-{os.getpid()}")
    warnings.simplefilter("ignore")
    area = AREAS[options.area]
    try:
        call = LOADERS[options.tool](items_of(options.archive, options.server, area.scenes), area)
    except ImportError as error:
        print(json.dumps({"missing": error.name}), flush=True)
        return
    print(json.dumps(measured(call, options, area)), flush=True)


def measured(call: Parts, options: argparse.Namespace, area: Area) -> dict[str, Any]:
    """Make the call and return what it cost and how true its first part was."""
    ask(options.server, "reset")
    first, parts, size, before = None, 0, 0, resident()
    with peak_memory() as peak:
        wall, cpu = time.perf_counter(), time.process_time()
        for part in call():
            parts, size = parts + 1, max(size, part.nbytes)
            first = part[:, :256, :256].copy() if first is None else first
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    asked = ask(options.server, "counters")
    true = corner(options.archive, area, min(256, area.side))
    return {
        "wall": wall,
        "cpu": cpu,
        "peak_mb": peak[0] / 1e6,
        "before_mb": before / 1e6,
        "part_mb": size / 1e6,
        "parts": parts,
        "get": asked["get"] + asked["head"],
        "sent_mb": asked["sent"] / 1e6,
        "off": float(np.nanmax(np.abs(first - true))) if first is not None else float("nan"),
        "empty": bool((np.isnan(first) == np.isnan(true)).all()),
    }


if __name__ == "__main__":
    main()
