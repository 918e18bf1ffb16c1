"""The synthetic archive as files and scenes, and cases as tasks."""

from dataclasses import replace

import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely.geometry import mapping
from tests.recipes.archive import build
from tests.recipes.memory import MemoryReader
from tests.recipes.sensors import SENSORS

from multisat.model import AOI, Acquisition, FileAsset, Grid, Request, Scene, TimeRange
from multisat.steps import Task

CRS = "EPSG:32632"
_TO_LONLAT = Transformer.from_crs(CRS, 4326, always_xy=True)


class Stored:
    """Scenes over the archive's numbers in memory, or over files in a folder, each written once."""

    def __init__(self, folder=None):
        self.folder, self._scenes, self._bands = folder, {}, {}

    def reader(self):
        """Return a reader of the numbers in memory."""
        return MemoryReader(self._bands)

    def task(self, case, archive=None):
        """Return a case as a task: all scenes from long before its range to long after it."""
        archive = archive or build(*case.collections)
        steps, ask = case.steps, case.ask
        scenes = [s for one in archive.overpasses for s in one.scenes]
        near = [s for s in scenes if abs(s.time.year - ask.start.year) < 1]
        span = steps.compared.baseline if steps.compared else None
        before = [s for s in scenes if span is not None and span.start <= s.time < span.end]
        return Task(
            steps=steps,
            request=Request(
                aoi=AOI(geometry=shapely.Polygon(ask.rings[0], ask.rings[1:]), crs=CRS),
                time=TimeRange(start=ask.start, end=ask.end),
                collections=case.collections,
            ),
            scenes=self._in_order(near),
            grid=grid(ask.pixels),
            baseline=self._in_order(before),
        )

    def _in_order(self, scenes):
        return tuple(sorted((self.scene(s) for s in scenes), key=lambda s: (s.datetime, s.uid)))

    def scene(self, stored):
        """Return a stored scene as a search gives it."""
        if stored.name not in self._scenes:
            self._scenes[stored.name] = self._made(stored)
        return self._scenes[stored.name]

    def _made(self, stored):
        sensor = SENSORS[stored.collection]
        start = stored.time.replace(second=0) if stored.collection == "sentinel-2-l2a" else None
        return Scene(
            provider="disk",
            collection=stored.collection,
            native_id=stored.collection,
            id=stored.name,
            datetime=stored.time,
            footprint=_footprint(stored),
            platform=sensor.platform,
            tile="32UPU",
            relative_orbit=22,
            cloud_cover=stored.cloud_cover,
            assets={name: self._asset(stored, name, band) for name, band in stored.bands.items()},
            acquisition=Acquisition(
                collection=stored.collection,
                platform=sensor.platform,
                tile="32UPU",
                name=stored.name[-1] + stored.name,
                datatake=start,
            ),
            item={},
            alternates=tuple(replace(self._made(one), provider="other") for one in stored.alternates),
        )

    def _asset(self, stored, name, band):
        where = grid(band.pixels)
        href = f"{stored.name}_{name}.tif"
        self._bands[href] = where, band
        if self.folder is not None:
            write(self.folder / href, band)
        return FileAsset(
            key=name,
            band=name,
            href=href,
            grid=where,
            dtype=str(band.numbers.dtype),
            nodata=band.nodata,
            scale=band.scale,
            offset=band.offset,
            why="the synthetic archive",
        )


def grid(pixels):
    """Return a grid as a value of the model."""
    transform = (float(pixels.size), 0.0, float(pixels.x), 0.0, -float(pixels.size), float(pixels.y))
    return Grid(crs=CRS, transform=transform, shape=(pixels.rows, pixels.columns))


def write(path, band):
    """Write a tiled GeoTIFF."""
    profile = {
        "driver": "GTiff",
        "height": band.pixels.rows,
        "width": band.pixels.columns,
        "count": 1,
        "dtype": band.numbers.dtype,
        "nodata": band.nodata,
        "crs": CRS,
        "transform": from_origin(band.pixels.x, band.pixels.y, band.pixels.size, band.pixels.size),
    }
    with rasterio.open(
        path, "w", **profile, tiled=True, blockxsize=16, blockysize=16, compress="deflate"
    ) as file:
        file.write(band.numbers, 1)


def _footprint(stored):
    bounds = grid(next(iter(stored.bands.values())).pixels).bounds
    return mapping(shapely.transform(shapely.box(*bounds), _TO_LONLAT.transform, interleaved=False))
