"""Reading cubes over a slow network: multisat and other loaders on the same files, in turn.

    python -m benchmarks.reading --workloads W1,W4 --latency 60 --loaders multisat,odc_pool32 --repeats 3

The archive is synthetic (0.8 GB, made once); the server answers over loopback after a latency, without any
limit of bandwidth. Loaders take turns and every run is a process of its own with cold caches; ``--warm``
leaves multisat the headers that an earlier process has stored. The tables show medians.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from . import archive, server, truth
from .catalogue import SCENES
from .loaders import LOADERS
from .workloads import WORKLOADS

Runs = dict[str, list[dict[str, Any]]]
_COSTS = ("wall s", "min-max (runs)", "x ours", "CPU s", "GET+HEAD", "connections", "MB", "peak MB")
HEADINGS = ["loader", *_COSTS, "differs %", "by > 2 %"]


def main() -> None:
    """Run the matrix and print a table per workload."""
    options = parse()
    archive.ready(options.archive)
    for name in options.workloads:
        truth.ready(options.archive, name)
        with server.running(options.archive, options.latency) as address, TemporaryDirectory() as folder:
            runs = run_all(name, address, Path(folder), options)
        kind = "warm headers" if options.warm else "cold"
        print(f"\n{name}: {WORKLOADS[name].title}; {options.latency:g} ms, {kind}\n")
        print(table(runs), flush=True)
        keep(runs, name, options)


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="benchmarks.reading", description=__doc__.split("\n")[0])
    parser.add_argument("--workloads", type=names_of(WORKLOADS), default=list(WORKLOADS))
    parser.add_argument("--loaders", type=names_of(LOADERS), default=["multisat", "odc_pool32"])
    parser.add_argument("--latency", type=float, default=60, help="milliseconds per request")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--scenes", type=int, default=SCENES, help="read no more than so many")
    parser.add_argument("--warm", action="store_true", help="headers are on disk")
    parser.add_argument("--timeout", type=float, default=300, help="seconds for one run")
    parser.add_argument("--archive", type=Path, default=archive.DEFAULT)
    parser.add_argument(
        "--python", action="append", default=[], metavar="LOADER=PATH", help="its interpreter"
    )
    parser.add_argument("--out", type=Path, help="add every run to this file, one line of JSON each")
    return parser.parse_args()


def names_of(known: Iterable[str]) -> Callable[[str], list[str]]:
    """Return what reads a list of known names."""

    def read(text: str) -> list[str]:
        names = text.split(",")
        if unknown := set(names) - set(known):
            raise argparse.ArgumentTypeError(f"no {', '.join(unknown)}; there are {', '.join(known)}")
        return names

    return read


def run_all(workload: str, address: str, folder: Path, options: argparse.Namespace) -> Runs:
    """Let the loaders take turns; one that fails is not asked again."""
    runs: Runs = {name: [] for name in options.loaders}
    for turn in range(-int(options.warm), options.repeats):
        for name, done in runs.items():
            if done and "wall" not in done[-1]:
                continue
            found = run(name, workload, address, folder / name, options)
            if turn >= 0 or "wall" not in found:
                done.append(found)
    return runs


def run(
    loader: str, workload: str, address: str, folder: Path, options: argparse.Namespace
) -> dict[str, Any]:
    """Measure once in a fresh process; a run that fails tells why."""
    pythons = dict(pair.split("=", 1) for pair in options.python)
    command = [pythons.get(loader, sys.executable), "-m", f"{__package__}.measure", loader, workload]
    command += ["--archive", str(options.archive.resolve()), "--server", address]
    command += ["--scenes", str(options.scenes), "--cache", str(folder) if options.warm else "off"]
    how = {"capture_output": True, "text": True, "timeout": options.timeout, "cwd": server.ROOT}
    try:
        ended = subprocess.run(command, check=False, **how)
    except subprocess.TimeoutExpired:
        return {"failed": f"over {options.timeout:g} s"}
    lines = [line for line in ended.stdout.splitlines() if line.startswith("{")]
    told = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
    found: dict[str, Any] = json.loads(lines[-1]) if lines else {"failed": told[-1][:120]}
    return found


def table(runs: Runs) -> str:
    """Return a Markdown table, the quickest first, and a line for each loader without numbers."""
    whole = {name: [r for r in done if "wall" in r] for name, done in runs.items()}
    order = sorted((n for n in whole if whole[n]), key=lambda n: median(r["wall"] for r in whole[n]))
    ours = median(r["wall"] for r in whole["multisat"]) if whole.get("multisat") else None
    rows = [HEADINGS, ["---"] * len(HEADINGS), *(row(name, whole[name], ours) for name in order)]
    odd = [f"{name}: {why(r)}" for name, done in runs.items() for r in done if "wall" not in r]
    return "\n".join([*(f"| {' | '.join(cells)} |" for cells in rows), *(["", *odd] if odd else [])])


def row(name: str, done: Sequence[dict[str, Any]], ours: float | None) -> list[str]:
    """Return the cells of one loader: medians, but of the differences the worst."""
    mid = {key: median(r[key] for r in done) for key in done[0]}
    walls = [r["wall"] for r in done]
    return [
        name,
        f"{mid['wall']:.2f}",
        f"{min(walls):.2f}-{max(walls):.2f} ({len(walls)})",
        f"{mid['wall'] / ours:.2f}" if ours else "-",
        f"{mid['cpu']:.2f}",
        f"{mid['get']:.0f}+{mid['head']:.0f}",
        f"{mid['connections']:.0f}",
        f"{mid['sent'] / 1e6:.0f}",
        f"{mid['peak_mb']:.0f}",
        f"{max(r['differs'] for r in done):.3g}",
        f"{max(r['far'] for r in done):.3g}",
    ]


def why(found: dict[str, Any]) -> str:
    """Say why a loader has no numbers."""
    if "missing" in found:
        return f"skipped, {found['missing']} is not installed"
    return f"failed, {found['failed']}"


def keep(runs: Runs, workload: str, options: argparse.Namespace) -> None:
    """Add the runs to a file of JSON lines, if one is named."""
    if options.out is None:
        return
    about = {"workload": workload, "latency": options.latency, "warm": options.warm, "scenes": options.scenes}
    with options.out.open("a") as file:
        for name, done in runs.items():
            file.writelines(json.dumps({"loader": name, **about, **found}) + "\n" for found in done)


if __name__ == "__main__":
    main()
