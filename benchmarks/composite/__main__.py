"""Monthly NDVI medians of synthetic scenes: memory from 1 to 100 blocks, and time beside odc-stac and xarray.

    python -m benchmarks.composite --areas B1,B10,B100 --tools multisat_blocks
    python -m benchmarks.composite --areas B4,B400 --tools multisat_job      # 1 and 100 output tiles
    python -m benchmarks.composite --areas M4 --tools multisat,odc_xarray --python odc_xarray=/env/bin/python

The archive and the slow server are those of ``benchmarks.reading``. Every run is a process of its own with
cold caches; tools take turns, the tables show medians.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.reading import archive, server
from benchmarks.reading.__main__ import names_of

from .loaders import LOADERS
from .workloads import AREAS

HEADINGS = ["area", "tool", "wall s", "CPU s", "requests", "MB read", "peak MB", "part MB", "parts", "off"]


def main() -> None:
    """Run the matrix and print a table."""
    options = parse()
    archive.ready(options.archive)
    print(f"| {' | '.join(HEADINGS)} |\n|{' --- |' * len(HEADINGS)}", flush=True)
    for area in options.areas:
        with server.running(options.archive, options.latency) as address:
            runs: dict[str, list[dict[str, Any]]] = {tool: [] for tool in options.tools}
            for _ in range(options.repeats):
                for tool, done in runs.items():
                    done.append(run(tool, area, address, options))
        for tool, done in runs.items():
            print(row(area, tool, done), flush=True)


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="benchmarks.composite", description=__doc__.split("\n")[0])
    parser.add_argument("--areas", type=names_of(AREAS), default=["B1", "B10", "B100"])
    parser.add_argument("--tools", type=names_of(LOADERS), default=["multisat_blocks"])
    parser.add_argument("--latency", type=float, default=20, help="milliseconds per request")
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--timeout", type=float, default=1800, help="seconds for one run")
    parser.add_argument("--archive", type=Path, default=archive.DEFAULT)
    parser.add_argument("--python", action="append", default=[], metavar="TOOL=PATH", help="its interpreter")
    return parser.parse_args()


def run(tool: str, area: str, address: str, options: argparse.Namespace) -> dict[str, Any]:
    """Measure once in a fresh process; a run that fails tells why."""
    pythons = dict(pair.split("=", 1) for pair in options.python)
    command = [pythons.get(tool, sys.executable), "-m", f"{__package__}.measure", tool, area]
    command += ["--archive", str(options.archive.resolve()), "--server", address]
    how: dict[str, Any] = {"capture_output": True, "text": True, "cwd": server.ROOT}
    try:
        ended = subprocess.run(command, check=False, timeout=options.timeout, **how)
    except subprocess.TimeoutExpired:
        return {"failed": f"over {options.timeout:g} s"}
    lines = [line for line in ended.stdout.splitlines() if line.startswith("{")]
    told = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
    found: dict[str, Any] = json.loads(lines[-1]) if lines else {"failed": told[-1][:160]}
    return found


def row(area: str, tool: str, done: list[dict[str, Any]]) -> str:
    """Return a row of the table: medians, or why there are none."""
    whole = [one for one in done if "wall" in one]
    if not whole:
        return f"| {area} | {tool} | {done[0]} |"
    mid = {key: median(one[key] for one in whole) for key in whole[0]}
    wrong = "" if all(one["empty"] for one in whole) else " (other pixels are empty)"
    cells = [f"{mid['wall']:.1f}", f"{mid['cpu']:.1f}", f"{mid['get']:.0f}", f"{mid['sent_mb']:.0f}"]
    cells += [f"{mid['peak_mb']:.0f}", f"{mid['part_mb']:.0f}", f"{mid['parts']:.0f}"]
    return f"| {area} | {tool} | {' | '.join(cells)} | {mid['off']:.1g}{wrong} |"


if __name__ == "__main__":
    main()
