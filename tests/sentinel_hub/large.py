"""A composite of 6,000 x 4,000 pixels, of numbers that are known at every place; run as a program, too."""

import sys

import numpy as np
from tests.recipes.archive import build
from tests.recipes.stored import Stored

from multisat.model import AOI, Grid, Request, TimeRange
from multisat.steps import Steps, Task

ROWS, COLUMNS = 4000, 6000
LEFT, TOP = 600000.0, 5340000.0


def large_task():
    """One period of two scenes whose files lie in the corner; the service knows pixels everywhere."""
    stored = Stored()
    scenes = [s for one in build("sentinel-2-l2a").overpasses for s in one.scenes if s.time.year == 2019]
    import shapely

    return Task(
        steps=Steps().index("NDVI").composite(None, "median"),
        request=Request(
            aoi=AOI(geometry=shapely.box(LEFT, TOP - 300, LEFT + 300, TOP), crs="EPSG:32632"),
            time=TimeRange.of("2019"),
            collections=("sentinel-2-l2a",),
        ),
        scenes=tuple(stored.scene(one) for one in scenes),
        grid=Grid(crs="EPSG:32632", transform=(10.0, 0.0, LEFT, 0.0, -10.0, TOP), shape=(ROWS, COLUMNS)),
    )


def known(left, top, rows, columns):
    """Return a number for each place, different from those of all its neighbours."""
    x, y = np.arange(columns) + (left - LEFT) / 10, np.arange(rows) + (TOP - top) / 10
    return (x[np.newaxis] + 7000 * y[:, np.newaxis]).astype(np.float32)


def answer(body):
    """Answer a request with what is known at its pixels."""
    left, _, _, top = body["input"]["bounds"]["bbox"]
    rows, columns = body["output"]["height"], body["output"]["width"]
    assert max(rows, columns) <= 2500
    values = known(left, top, rows, columns)[np.newaxis]
    return {"v0": values, "count": np.ones(values.shape, np.uint16)}


def main():
    """Run it; somebody may end this process at any time."""
    from multisat_sentinel_hub.provider import SentinelHub

    SentinelHub().engine().run(large_task())
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main()
