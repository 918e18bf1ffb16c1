"""Jobs: memory against the number of units, what a unit costs beside its work, and two workers against one.

    uv run python benchmarks/jobs.py
    uv run python benchmarks/jobs.py --units 10 100 1000

The files are the sandbox's, on this machine; each run is a process of its own, in a folder of its own,
with the headers of files known. A unit is one synthetic field in one month, or five of them in a year; of
these the server answers after 60 ms. "work" is what a worker says a unit took, "beside" what was spent for
each unit apart from that and divided by workers (of processes with their start), "again" the same job when
all is finished.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson
import shapely
from distributed import LocalCluster

import multisat as ms
from multisat.jobs import How, run_job, standing
from multisat.sandbox import Sandbox
from multisat.sandbox.http import Request, Response

WEST, SOUTH, WIDE, HIGH, SIDE = 11.475, 48.3, 0.066, 0.042, 0.001
"""Degrees: where fields begin, how far they reach, how large each is."""
LATENCY = 0.06
"""Seconds from a question to its answer, for the runs that compare workers."""
FIELDS, BATCH = 120, (1, 5)
"""In the runs that compare workers; and how many make a unit, in a month and in a year."""
PLACE = {"on": "planetary-computer", "resolution": 10, "crs": "EPSG:32632"}


def fields(number: int) -> ms.AOIs:
    """Return so many fields in rows of forty."""
    boxes = []
    for one in range(number):
        west, south = WEST + one % 40 * WIDE / 40, SOUTH + one // 40 % 25 * HIGH / 25
        boxes.append(shapely.box(west, south, west + SIDE, south + SIDE))
    return ms.AOIs(tuple(ms.AOI(geometry=one, name=str(n)) for n, one in enumerate(boxes)))


class Far(Sandbox):
    """The sandbox, as far away as an archive on another continent."""

    def _respond(self, request: Request) -> Response:
        time.sleep(LATENCY)
        return super()._respond(request)


@contextmanager
def where(workers: int, kind: str) -> Iterator[How]:
    """Give what a job needs to know of its workers; those of Dask are started for it."""
    size = {"tile": 256, "batch": BATCH[kind != "one"], "workers": workers}
    if kind != "dask":
        yield How(processes=kind == "processes", **size)
        return
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1"
    ) as cluster:
        yield How(scheduler=cluster.scheduler_address, **size)


def measured(number: int, workers: int, kind: str) -> dict[str, float]:
    """Run one job in this process and tell what it took; workers have run another one before."""
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("month", "median").zonal("mean", "count")
    dates = "2023-05" if kind == "one" else "2023"
    plan = recipe.plan(fields(number), dates, **PLACE)
    with tempfile.TemporaryDirectory() as folder, where(workers, kind) as how:
        if kind == "dask":
            run_job(recipe.plan(fields(2 * workers), dates, **PLACE), f"{folder}/first", how=how)
        begin = time.perf_counter()
        report = run_job(plan, f"{folder}/job", how=how)
        wall = time.perf_counter() - begin
        work = standing(f"{folder}/job").seconds
        begin = time.perf_counter()
        run_job(plan, f"{folder}/job", how=how)
        fixed = time.perf_counter() - begin
    return {"units": report.units, "wall": wall, "work": work, "fixed": fixed, "peak": peak()}


def peak() -> float:
    """Return the most memory this process held, in MB; getrusage would count the one that started it, too."""
    told = Path("/proc/self/status").read_text()
    return int(told.partition("VmHWM:")[2].split()[0]) / 1024


def run(number: int, workers: int = 1, kind: str = "one") -> dict[str, float]:
    """Run one job in a process of its own."""
    command = [sys.executable, __file__, "--child", json.dumps([number, workers, kind])]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = orjson.loads(done.stdout)
    return found


def line(name: str, one: dict[str, float], workers: int = 1) -> str:
    """Return a row of the table."""
    units = max(1, one["units"])
    beside = (one["wall"] - one["fixed"] - one["work"] / workers) / units * 1e3
    cells = (one["wall"], one["work"] / units * 1e3, beside, one["fixed"])
    return f"{name:24}{one['units']:11.0f}{''.join(f'{cell:11.2f}' for cell in cells)}{one['peak']:11.0f}"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--child", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.child:
        sys.stdout.write(json.dumps(measured(*json.loads(given.child))))
        return
    names = ("units", "wall s", "work ms", "beside ms", "again s", "peak MB")
    with tempfile.TemporaryDirectory() as cache:
        os.environ["MULTISAT_CACHE"] = cache
        print(f"{'job':24}{''.join(f'{name:>11}' for name in names)}")
        with Sandbox() as box:
            os.environ.update(box.environment)
            run(10)
            for units in given.units:
                print(line("a month, 1 thread", run(units)), flush=True)
        with Far() as box:
            os.environ.update(box.environment)
            run(FIELDS, 1, "threads")
            for kind in ("threads", "processes", "dask"):
                for workers in (1, 2):
                    print(line(f"a year, {workers} {kind}", run(FIELDS, workers, kind), workers), flush=True)


if __name__ == "__main__":
    main()
