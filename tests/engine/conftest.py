"""A small synthetic archive on disk, of which every stored number is known."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely.geometry import mapping

from multisat.contracts import Access
from multisat.model import AOI, Acquisition, FileAsset, Grid, Request, Scene
from multisat.sandbox import Sandbox
from multisat.steps import Task

WEST, NORTH, SIDE = 600000, 5340000, 80
"""Corner in EPSG:32632 and pixels of 10 m along a side; quality layers have pixels of 20 m."""
DAYS = ("01-03", "01-08", "01-13", "01-23", "02-02", "02-12", "02-12", "04-03", "04-08", "04-13", "04-18")
"""Of the time steps in 2023; there is none in March, and two on one day."""
SCALE, OFFSET = 0.0001, -0.1


class Archive:
    """Scenes of Sentinel-2 over random numbers: ``scenes``, and what is stored by band, shape (time, y, x)."""

    def __init__(self, folder):
        rng = np.random.default_rng(7)
        self.folder = folder
        fields = (
            rng.integers(1200, 5000, (SIDE // 8 + 1, SIDE // 8 + 1)).repeat(8, 0).repeat(8, 1)[:SIDE, :SIDE]
        )
        shape = (len(DAYS), SIDE, SIDE)
        self.stored = {
            band: (fields * factor + rng.integers(0, 800, shape)).astype("uint16")
            for band, factor in (("red", 0.7), ("nir", 1.4), ("green", 1.0))
        }
        for values in self.stored.values():
            values[rng.random(shape) < 0.05] = 0
        self.codes = rng.choice(
            [4, 5, 9, 3, 0], (len(DAYS), SIDE // 2, SIDE // 2), p=[0.5, 0.3, 0.1, 0.05, 0.05]
        )
        self.codes = self.codes.astype("uint8")
        self.cover = [None if i == 2 else float(c) for i, c in enumerate(rng.integers(0, 90, len(DAYS)))]
        self.scenes = tuple(self._scene(i, day) for i, day in enumerate(DAYS))
        self.grid = Grid(crs="EPSG:32632", transform=(10, 0, WEST, 0, -10, NORTH), shape=(SIDE, SIDE))
        self.times = [scene.datetime for scene in self.scenes]

    def _scene(self, number, day):
        name, month = f"take{number:02}", dt.datetime.fromisoformat(f"2023-{day}T10:00:00+00:00")
        assets = {}
        for band, values, size in (
            *((b, v[number], 10) for b, v in self.stored.items()),
            ("scl", self.codes[number], 20),
        ):
            path = self.folder / f"{name}-{band}.tif"
            write(path, values, size)
            scale, offset = (1.0, 0.0) if band == "scl" else (SCALE, OFFSET)
            assets[band] = FileAsset(
                key=band,
                band=band,
                href=str(path),
                nodata=0,
                scale=scale,
                offset=offset,
                why="a test",
                grid=Grid(crs="EPSG:32632", transform=(size, 0, WEST, 0, -size, NORTH), shape=values.shape),
            )
        return Scene(
            provider="disk",
            collection="sentinel-2-l2a",
            native_id="sentinel-2-l2a",
            id=name,
            datetime=month + dt.timedelta(hours=number),
            footprint=footprint(),
            platform="sentinel-2a",
            relative_orbit=22,
            cloud_cover=self.cover[number],
            assets=assets,
            acquisition=Acquisition(
                collection="sentinel-2-l2a", platform="sentinel-2a", tile="32UPU", name=name, datatake=name
            ),
            item={},
        )

    def earlier(self, years, *, shift=0):
        """Return the scenes as they were years ago, the files moved along by ``shift`` scenes."""
        moved = self.scenes[shift:] + self.scenes[:shift]
        return tuple(
            replace(
                scene,
                id=f"{scene.id}-{years}",
                datetime=scene.datetime.replace(year=scene.datetime.year - years),
                assets=other.assets,
                acquisition=replace(
                    scene.acquisition, name=f"{scene.id}-{years}", datatake=f"{scene.id}-{years}"
                ),
            )
            for scene, other in zip(self.scenes, moved, strict=True)
        )

    def masked(self, classes=(9, 3)):
        """Where a time step does not count, shape (time, y, x)."""
        return np.isin(self.codes, (*classes, 0)).repeat(2, 1).repeat(2, 2)

    def band(self, name, *, masked=True):
        """The band as it is right: float32, NaN where it is not known or not clear."""
        stored = self.stored[name]
        found = (stored.astype(np.float64) * SCALE + OFFSET).astype(np.float32)
        return np.where((stored == 0) | (self.masked() & masked), np.float32(np.nan), found)

    def ndvi(self, *, masked=True):
        """The index as it is right."""
        red, nir = (self.band(b, masked=masked).astype(np.float64) for b in ("red", "nir"))
        return ((nir - red) / (nir + red)).astype(np.float32)

    def task(self, steps, *, time="2023-01/2023-04", grid=None, area=None, **more):
        """Return a task over all scenes and the whole grid, or a part of it."""
        area = area or shapely.box(WEST, NORTH - SIDE * 10, WEST + SIDE * 10, NORTH)
        request = Request.of(AOI(geometry=area, crs="EPSG:32632"), time)
        return Task(steps=steps, request=request, scenes=self.scenes, grid=grid or self.grid, **more)

    def part(self, row, column, rows, columns):
        """Return a part of the grid."""
        at = (10, 0, WEST + 10 * column, 0, -10, NORTH - 10 * row)
        return Grid(crs="EPSG:32632", transform=at, shape=(rows, columns))


def write(path, values, size):
    profile = {"driver": "GTiff", "count": 1, "dtype": values.dtype, "nodata": 0, "tiled": True}
    layout = {"height": values.shape[0], "width": values.shape[1], "blockxsize": 16, "blockysize": 16}
    where = {"crs": 32632, "transform": from_origin(WEST, NORTH, size, size)}
    with rasterio.open(path, "w", **profile, **layout, **where) as file:
        file.write(values, 1)


def footprint():
    to = Transformer.from_crs(32632, 4326, always_xy=True)
    ring = shapely.box(WEST, NORTH - SIDE * 10, WEST + SIDE * 10, NORTH)
    return mapping(shapely.transform(ring, lambda p: np.column_stack(to.transform(p[:, 0], p[:, 1]))))


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    return Archive(tmp_path_factory.mktemp("archive"))


def as_it_is(_provider, asset):
    return Access(href=asset.href)


@pytest.fixture(scope="session")
def plain():
    """Open assets as they are; it can be sent to other processes."""
    return as_it_is


@pytest.fixture(scope="module")
def box():
    with Sandbox() as running, pytest.MonkeyPatch.context() as patch:
        for name, url in running.environment.items():
            patch.setenv(name, url)
        yield running
