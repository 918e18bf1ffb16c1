"""How long a search of 100,000 synthetic items in the user's own folders takes.

uv run python benchmarks/local.py                 # one GeoJSON per 1,000 items
uv run python benchmarks/local.py --each 1        # one file per item, a folder each, as downloads are
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np
import orjson

from multisat.model import Request
from multisat_local.folders import folders
from multisat_local.provider import Local
from multisat_local.scenes import HOLDINGS
from multisat_local.store import Store
from multisat_local.walking import marks

WORLD = (-180.0, -60.0, 180.0, 75.0)
REPEATS = 20
PLACES = 500
PROGRAM = """
import time
began = time.perf_counter()
from multisat.model import Request
from multisat_local.provider import Local
there, busy = time.perf_counter(), time.process_time()
request = Request.of({0!r}, "2021", max_cloud=30)
found = list(Local().search(request))
wall, processor = time.perf_counter() - there, time.process_time() - busy
took = f"search {{wall:.2f}} s, of the processor {{processor:.2f}} s"
print(f"new process: imports {{there - began:.2f}} s, {{took}}")
"""


def items(count: int) -> list[dict]:
    """Items of 110 km over 500 places seen again and again in five years, with the assets of Earth Search."""
    random = np.random.default_rng(0)
    where = np.column_stack([random.uniform(-180, 178, PLACES), random.uniform(-60, 74, PLACES)])
    start = datetime(2019, 1, 1, tzinfo=UTC)
    assets = {key: {"href": f"./{key}.tif", "type": "image/tiff"} for key in HOLDINGS[1].assets}
    return [
        item(n, where[n % PLACES], start + timedelta(minutes=26 * n), random.uniform(0, 100), assets)
        for n in range(count)
    ]


def item(number: int, corner: np.ndarray, when: datetime, cloud: float, assets: dict) -> dict:
    west, south = map(float, corner)
    ring = [[west, south], [west + 1.4, south], [west + 1.4, south + 1], [west, south + 1], [west, south]]
    return {
        "type": "Feature",
        "stac_version": "1.0.0",
        "id": f"S2A_{number}",
        "collection": "sentinel-2-l2a",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"datetime": when.isoformat(), "eo:cloud_cover": cloud, "platform": "sentinel-2a"},
        "assets": assets,
    }


def fill(folder: Path, count: int, each: int) -> dict:
    """Write the items and return one of them."""
    made = items(count)
    for first in range(0, count, each):
        some = made[first : first + each]
        home = folder / some[0]["id"]
        home.mkdir()
        data = some[0] if each == 1 else {"type": "FeatureCollection", "features": some}
        (home / "item.json").write_bytes(orjson.dumps(data))
    return made[0]


def spread(work: Callable[[], object]) -> str:
    """Return the wall time and the processor time of a piece of work that is repeated."""
    wall, processor = [], []
    for _ in range(REPEATS):
        began, busy = time.perf_counter(), time.process_time()
        work()
        wall.append((time.perf_counter() - began) * 1000)
        processor.append((time.process_time() - busy) * 1000)
    middle = statistics.median
    return (
        f"{middle(wall):7.1f} ms, slowest {max(wall):7.1f} ms; of the processor {middle(processor):7.1f} ms"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=1000, help="items per file")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        scenes = Path(home) / "scenes"
        scenes.mkdir()
        one = fill(scenes, given.items, given.each)
        os.environ |= {"MULTISAT_LOCAL": str(scenes), "MULTISAT_CACHE": str(Path(home) / "cache")}
        measure(Path(home), one)


def measure(home: Path, one: dict) -> None:
    west, south = one["geometry"]["coordinates"][0][0]
    field = (west + 0.2, south + 0.2, west + 0.4, south + 0.4)
    small = Request.of(field, "2021", max_cloud=30)
    wide = Request.of((west, south, west + 30, south + 20), "2021", max_cloud=30)
    provider = Local()
    began, busy = time.perf_counter(), time.process_time()
    list(provider.search(small))
    wall, processor = time.perf_counter() - began, time.process_time() - busy
    print(f"first search, all files are read: {wall:.1f} s, of the processor {processor:.1f} s")
    index = next((home / "cache").rglob("*.sqlite"))
    print(f"index: {index.stat().st_size / 1e6:.0f} MB")
    store = Store(folders())
    for name, request in (("a field, a year", small), ("30 x 20 degrees, a year", wide)):
        print(f"{name}: {len(list(provider.search(request)))} scenes")
        print(f"  index alone        {spread(partial(store.find, request, ['sentinel-2-l2a']))}")
        print(f"  to scenes          {spread(partial(searched, provider, request))}")
    print(f"looking for changes  {spread(partial(marks, folders()))}")
    subprocess.run([sys.executable, "-c", PROGRAM.format(field)], check=True)


def searched(provider: Local, request: Request) -> int:
    return len(list(provider.search(request)))


if __name__ == "__main__":
    main()
