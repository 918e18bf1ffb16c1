"""Many polygons over one Sentinel-2 tile by month: multisat, exactextract and rasterstats in turn.

    python -m benchmarks.zonal --zones 7605 --months 12 --stats mean,std,min,max,count,median

Polygons and pixels are synthetic; making the pixels is not counted for anyone. multisat works out the weights
once and takes each block once, all months together; the others are given the raster of each month. Every
contender is a process of its own. A polygon-month is one polygon in one month; ``--others`` lets the others
have fewer months, as each of them costs the same; "x ours" is per polygon-month. The table tells how far the
numbers lie from multisat's: rasterstats takes pixels whole, so its numbers must differ.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from .contenders import CONTENDERS

_ROOT = Path(__file__).resolve().parents[2]
_HEADINGS = (
    "contender",
    "months",
    "seconds",
    "of which",
    "CPU s",
    "polygon-months/s",
    "x ours",
    "x our CPU",
    "peak MB",
    "differs by",
)


def main() -> None:
    """Run the contenders and print a table."""
    options = parse()
    print(f"{options.zones} polygons, {options.months} months, {', '.join(options.stats)}\n")
    rows = [_HEADINGS, ["---"] * len(_HEADINGS)]
    with TemporaryDirectory() as folder:
        for name in options.contenders:
            found = run(name, Path(folder), options)
            rows.append(row(name, found, Path(folder), options))
    print("\n".join(f"| {' | '.join(cells)} |" for cells in rows))


def parse() -> argparse.Namespace:
    """Return the options."""
    parser = argparse.ArgumentParser(prog="benchmarks.zonal", description=__doc__.split("\n")[0])
    names = lambda text: text.split(",")  # noqa: E731
    parser.add_argument("--zones", type=int, default=7605)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--others", type=int, help="months for all but multisat")
    parser.add_argument("--stats", type=names, default=["mean", "std", "min", "max", "count", "median"])
    parser.add_argument("--block", type=int, default=1024, help="pixels of a block's side")
    parser.add_argument("--contenders", type=names, default=list(CONTENDERS))
    return parser.parse_args()


def run(name: str, folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    """Measure once in a fresh process; one that fails tells why."""
    months = options.months if name == "multisat" else options.others or options.months
    command = [sys.executable, "-m", f"{__package__}.measure", name, "--zones", str(options.zones)]
    command += ["--months", str(months), "--stats", ",".join(options.stats), "--block", str(options.block)]
    command += ["--keep", str(folder / f"{name}.npz")]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=_ROOT)
    lines = [line for line in ended.stdout.splitlines() if line.startswith("{")]
    told = ended.stderr.strip().splitlines() or [f"exit code {ended.returncode}"]
    found: dict[str, Any] = json.loads(lines[-1]) if lines else {"failed": told[-1][:120]}
    (folder / f"{name}.json").write_text(json.dumps(found))
    return found


def row(name: str, found: dict[str, Any], folder: Path, options: argparse.Namespace) -> list[str]:
    """Return the cells of one contender."""
    if "seconds" not in found:
        why = f"{found['missing']} is not installed" if "missing" in found else found["failed"]
        return [name, why, *[""] * (len(_HEADINGS) - 2)]
    spent = {what: s for what, s in found["seconds"].items() if what != "pixels"}
    ours = folder / "multisat.json"
    first = json.loads(ours.read_text()) if ours.exists() else {}
    if "seconds" not in first:
        first = found
    times = [a_month(found, of) / a_month(first, of) for of in ("seconds", "cpu")]
    return [
        name,
        str(found["months"]),
        f"{sum(spent.values()):.1f}",
        ", ".join(f"{what} {s:.1f}" for what, s in spent.items()),
        f"{a_month(found, 'cpu') * found['months']:.1f}",
        f"{options.zones / a_month(found, 'seconds'):.0f}",
        *(f"{one:.2f}" for one in times),
        f"{found['peak_mb']:.0f}",
        differences(name, folder),
    ]


def a_month(found: dict[str, Any], of: str) -> float:
    """Return the seconds of a month that count, by the clock or of all cores."""
    return float(sum(s for what, s in found[of].items() if what != "pixels") / found["months"])


def differences(name: str, folder: Path) -> str:
    """Return the largest difference from multisat's numbers in the months both have, by statistic."""
    if name == "multisat" or not (folder / "multisat.npz").exists():
        return "-"
    with np.load(folder / "multisat.npz") as ours, np.load(folder / f"{name}.npz") as theirs:
        pairs = {stat: (ours[stat][:, : theirs[stat].shape[1]], theirs[stat]) for stat in theirs}
    return ", ".join(f"{stat} {np.nanmax(np.abs(a - b)):.1e}" for stat, (a, b) in pairs.items())


if __name__ == "__main__":
    main()
