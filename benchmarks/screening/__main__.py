"""Cloud over nine parks in 272 scenes: what it costs in requests, bytes and time, and how true it is.

    python -m benchmarks.screening --layouts town,city,tile --latency 60 --repeats 3

The archive is synthetic: quality layers in the layout of Earth Search (20 m, 512-pixel tiles, overviews that
are majorities), served over loopback after a latency. Every run is a process of its own; with ``--warm``
multisat has the headers of an earlier process. ``rasterio`` reads a window per park and scene with GDAL
on 32 threads and counts pixel centres, as tutorials do.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.reading import server

from . import archive
from .parks import LAYOUTS

LOADERS = ("multisat", "rasterio")
HEADINGS = (
    "loader",
    "wall s",
    "CPU s",
    "requests a scene",
    "KiB a scene",
    "MB",
    "peak MB",
    "largest error %",
)


def main() -> None:
    """Run the matrix and print a table per layout."""
    options = parse()
    archive.ready(options.archive)
    for layout in options.layouts:
        with server.running(options.archive, options.latency) as address, TemporaryDirectory() as folder:
            runs = {name: repeated(name, layout, address, Path(folder), options) for name in options.loaders}
        kind = "warm headers" if options.warm else "cold"
        print(
            f"\n{layout}: {LAYOUTS[layout].title}; {options.scenes} scenes, {options.latency:g} ms, {kind}\n"
        )
        rows = [HEADINGS, ["---"] * len(HEADINGS), *(row(name, done) for name, done in runs.items())]
        print("\n".join(f"| {' | '.join(cells)} |" for cells in rows), flush=True)


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(
        prog="benchmarks.screening", description=__doc__.split("\n", maxsplit=1)[0]
    )
    parser.add_argument("--layouts", type=lambda text: text.split(","), default=list(LAYOUTS))
    parser.add_argument("--loaders", type=lambda text: text.split(","), default=list(LOADERS))
    parser.add_argument("--latency", type=float, default=60, help="milliseconds per request")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--scenes", type=int, default=archive.SCENES)
    parser.add_argument("--warm", action="store_true", help="headers are on disk")
    parser.add_argument("--archive", type=Path, default=archive.DEFAULT)
    return parser.parse_args()


def repeated(
    loader: str, layout: str, address: str, folder: Path, options: argparse.Namespace
) -> list[dict[str, Any]]:
    """Measure some times, each in a fresh process."""
    first = -int(options.warm and loader == "multisat")
    runs = [run(loader, layout, address, folder, options) for _ in range(first, options.repeats)]
    return runs[-options.repeats :]


def run(loader: str, layout: str, address: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure once in a fresh process."""
    command = [sys.executable, "-m", f"{__package__}.measure", loader, layout, "--server", address]
    command += ["--archive", str(options.archive.resolve()), "--scenes", str(options.scenes)]
    command += ["--cache", str(folder) if options.warm else "off"]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, cwd=server.ROOT)
    found: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return found


def row(name: str, runs: list[dict[str, Any]]) -> list[str]:
    """Return the cells of one loader: medians, but of the errors the largest."""
    mid = {key: median(one[key] for one in runs) for key in runs[0]}
    return [
        name,
        f"{mid['wall']:.2f}",
        f"{mid['cpu']:.2f}",
        f"{(mid['get'] + mid['head']) / mid['scenes']:.2f}",
        f"{mid['sent'] / mid['scenes'] / 1024:.1f}",
        f"{mid['sent'] / 1e6:.1f}",
        f"{mid['peak_mb']:.0f}",
        f"{max(one['error'] for one in runs):.3g}",
    ]


if __name__ == "__main__":
    main()
