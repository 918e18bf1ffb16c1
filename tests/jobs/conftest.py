"""Many small synthetic fields over the sandbox, and jobs on them in processes that can be killed."""

import os
import subprocess
import sys

import orjson
import pytest
import shapely
from shapely.geometry import mapping

import multisat as ms

WEST, SOUTH, WIDE, HIGH, SIDE = 11.475, 48.3, 0.066, 0.042, 0.0015
"""Degrees: where fields begin, how far they reach, how large each is."""


def grid_of_fields(across, down):
    """Fields in rows, named by their number."""
    return [_field(number, across, down) for number in range(across * down)]


def _field(number, across, down):
    row, column = divmod(number, across)
    west, south = WEST + column * WIDE / across, SOUTH + row * HIGH / down
    outline = shapely.box(west, south, west + SIDE, south + SIDE * 0.7)
    return {"type": "Feature", "properties": {"field": f"f{number:03}"}, "geometry": mapping(outline)}


def as_areas(features):
    return ms.AOIs.of(orjson.dumps({"type": "FeatureCollection", "features": features}).decode(), id="field")


@pytest.fixture(scope="session")
def fields():
    """Twelve of them."""
    return as_areas(grid_of_fields(4, 3))


@pytest.fixture
def many(tmp_path):
    """Make a file with so many: ``many(across, down)``."""

    def write(across, down):
        path = tmp_path / f"fields{across * down}.geojson"
        found = {"type": "FeatureCollection", "features": grid_of_fields(across, down)}
        path.write_bytes(orjson.dumps(found))
        return path

    return write


@pytest.fixture(scope="session")
def ndvi():
    return (
        ms.Recipe().mask("clear").index("NDVI").composite("month", "median").zonal("mean", "median", "count")
    )


@pytest.fixture(scope="session")
def planned():
    """Plan a recipe in the sandbox at 20 m, in which one tile of 256 pixels holds few fields."""

    def plan(recipe, areas, dates="2023-05/2023-06"):
        return recipe.plan(areas, dates, on="planetary-computer", resolution=20, crs="EPSG:32632")

    return plan


@pytest.fixture
def asked(box):
    """Count requests for files: ``asked()`` gives those since the last call."""
    seen = len(box.requests)

    def count():
        nonlocal seen
        began, seen = seen, len(box.requests)
        return sum(one.path.startswith("/files/") for one in box.requests[began:seen])

    return count


@pytest.fixture
def begin(box, tmp_path, fonts):
    """Start ``multisat`` with arguments in a process of its own, which is not waited for."""

    def start(*arguments, **environment):
        return subprocess.Popen(
            [sys.executable, "-m", "multisat", *map(str, arguments)],
            cwd=tmp_path,
            env={
                **os.environ,
                **box.environment,
                "HOME": str(tmp_path),
                "MPLCONFIGDIR": fonts,
                **environment,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return start
