"""Synthetic polygons, pixels, and exactextract on whole rasters as the judge."""

import json

import exactextract
import numpy as np
import pytest
import shapely
import xarray as xr
from exactextract.raster import NumPyRasterSource

from multisat.model import AOI, AOIs, Grid, TimeRange
from multisat.zones import blocks, summarise, weigh

CRS = "EPSG:32632"


@pytest.fixture
def grid():
    """700 x 620 pixels of 10 m: three tiles down and across, cut ones at the edges."""
    return Grid(crs=CRS, transform=(10, 0, 500000, 0, -10, 5000000), shape=(700, 620))


@pytest.fixture
def shapes(grid):
    """Make polygons: ragged ones with holes, several parts, slivers; partly or wholly outside."""

    def make(seed):
        rng = np.random.default_rng(seed)
        left, bottom, right, top = grid.bounds

        def ragged(radius, holes=0):
            x, y = rng.uniform(left, right), rng.uniform(bottom, top)
            angles = np.linspace(0, 2 * np.pi, 13)[:-1]
            far = radius * rng.uniform(0.6, 1, 12)
            shell = shapely.Polygon(np.c_[x + far * np.cos(angles), y + far * np.sin(angles)])
            for _ in range(holes):
                at = shapely.Point(x + rng.uniform(-1, 1) * radius / 3, y + rng.uniform(-1, 1) * radius / 3)
                shell = shell.difference(at.buffer(radius * rng.uniform(0.05, 0.2)))
            return shell

        corner = shapely.box(left - 300, top - 200, left + 155, top + 99)
        return [
            *(ragged(rng.uniform(20, 900)) for _ in range(6)),
            *(ragged(rng.uniform(400, 1600), holes=3) for _ in range(3)),
            shapely.union_all([ragged(200), ragged(300), ragged(100)]),
            shapely.box(left + 1003, bottom + 17, left + 1004.5, bottom + 3011),
            shapely.box(left + 333, bottom + 333, left + 335, bottom + 334),
            shapely.box(left + 200, bottom + 200, left + 400, bottom + 300),
            corner,
            shapely.box(right + 10, bottom, right + 50, top),
        ]

    return make


@pytest.fixture
def zones(shapes):
    """Make areas of them, named z0, z1 and so on."""

    def make(seed):
        return AOIs(
            tuple(
                AOI(geometry=s, crs=CRS, name=f"z{i}", properties={"n": i})
                for i, s in enumerate(shapes(seed))
            )
        )

    return make


@pytest.fixture
def judge(grid):
    """Ask exactextract itself, on the whole raster in its CRS: name to one number a shape."""

    def ask(values, shapes, ops, nodata=None):
        raster = NumPyRasterSource(values, *grid.bounds, nodata=nodata)
        features = [
            {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(s))}
            for s in shapes
        ]
        names = {name: name.replace(".", "p") for name in ops}
        wanted = [f"{names[name]}={op}" for name, op in ops.items()]
        found = [f["properties"] for f in exactextract.exact_extract(raster, features, wanted)]

        def of(numbers, name):  # it adds the percent to the names of quantiles
            number = next(v for n, v in numbers.items() if n == name or n.startswith(f"{name}_"))
            return np.nan if number is None else float(number)

        return {name: np.array([of(numbers, names[name]) for numbers in found]) for name in ops}

    return ask


@pytest.fixture
def months():
    def make(number):
        return [TimeRange.of(f"2023-{month:02d}") for month in range(1, number + 1)]

    return make


@pytest.fixture
def cut():
    """Give the blocks of a cube of whole arrays, as a reader would."""

    def give(weights, arrays, size=256, attrs=None):
        for part in blocks(weights, size):
            b = part.block
            window = (..., slice(b.row, b.row + b.height), slice(b.column, b.column + b.width))
            bands = {n: (("time", "y", "x"), v[window], (attrs or {}).get(n, {})) for n, v in arrays.items()}
            yield b, xr.Dataset(bands)

    return give


@pytest.fixture
def rows(cut, months):
    """Summarise whole arrays of shape (time, y, x)."""

    def work(areas, grid, arrays, stats, size=256, classes=None, attrs=None):
        weights = weigh(areas, grid)
        steps = len(next(iter(arrays.values())))
        blocks_of = cut(weights, arrays, size, attrs)
        return summarise(weights, blocks_of, months(steps), stats, classes=classes)

    return work
