"""Collections: what the service says of them, and load_collection."""

from itertools import chain

from openeo.metadata import CollectionMetadata, TemporalDimension
from openeo_driver.backend import CollectionCatalog
from openeo_driver.errors import OpenEOApiException
from openeo_driver.filter_properties import extract_literal_match
from openeo_driver.util.geometry import BoundingBox
from tests.openeo_backend.service import callbacks
from tests.openeo_backend.service.cube import Cube
from tests.openeo_backend.service.loading import Grid, loaded
from tests.openeo_backend.service.scenes import NUMBERS, S1, S2
from tests.openeo_backend.service.times import day_of, instant

from multisat.sandbox.archive.sentinel2 import BANDS

_WORLD = {
    "spatial": {"bbox": [[-180, -90, 180, 90]]},
    "temporal": {"interval": [["2015-07-04T00:00:00Z", None]]},
}
_COMMON = {
    "nir": "nir",
    "nir08": "nir08",
    "rededge1": "rededge",
    "rededge2": "rededge",
    "rededge3": "rededge",
}
"""Common names that the service gives to bands that share one or are called otherwise here."""


class NoDataAvailable(OpenEOApiException):
    """Nothing was seen there and then."""

    status_code, code = 400, "NoDataAvailable"
    message = "There is no data available for the given extents."


class InvalidBand(OpenEOApiException):
    """A band is not in the collection."""

    status_code, code = 400, "InvalidBand"


class MissingSpatialExtent(OpenEOApiException):
    """Nothing bounds what is asked for."""

    status_code, code = 400, "ProcessGraphComplexityException"
    message = "No spatial filter could be derived to load this collection. Please specify a bounding box, or polygons."


class Catalogue(CollectionCatalog):
    """The collections of an archive.

    Args:
        scenes: What there is.
    """

    def __init__(self, scenes):
        self.scenes, self.empty, self.sparse = scenes, False, False
        super().__init__([_described(name, _bands(name, scenes)) for name in (S2, S1)])

    def load_collection(self, collection_id, load_params, env):
        """Return a cube of what was seen in an extent and a time, closed on the left and open on the right."""
        described = self.get_collection_metadata(collection_id)
        have = {one["name"]: one["gsd"] for one in described["summaries"]["eo:bands"]}
        metadata = CollectionMetadata(described)
        names = {band.common_name: band.name for band in reversed(metadata.bands)}
        bands = [band if band in have else names.get(band, band) for band in load_params.bands or have]
        for band in bands:
            if band not in have:
                raise InvalidBand(message=f"Invalid band name/index {band!r}. Valid names: {list(have)}")
        found = list(self._seen(collection_id, load_params))
        size = min(have[band] for band in bands)
        grid = Grid.around(_extent(load_params), size)
        found = [scene for scene in found if _reaches(scene, grid)]
        if not found or self.empty:
            raise NoDataAvailable
        metadata = _in_time(metadata.filter_bands(bands), load_params.temporal_extent)
        own = load_params.spatial_extent
        crop = Grid.around(_utm(own, grid.crs), size) if own else None
        kind = "int16" if collection_id == S2 else "float32"
        data = loaded(found, bands, grid)
        return Cube(data, metadata, crs=grid.crs, crop=crop, kind=kind, sparse=self.sparse)

    def _seen(self, collection, asked):
        start, end = (instant(one) for one in asked.temporal_extent)
        for scene in self.scenes:
            in_time = (start is None or start <= scene.time) and (end is None or scene.time < end)
            if scene.collection == collection and in_time and _matches(scene, asked.properties or {}):
                yield scene


def _matches(scene, conditions):
    """Whether properties are as asked; a scene that lacks one does not match."""
    for name, condition in conditions.items():
        extract_literal_match(condition)  # refuses all but eq, lte, gte and array_contains
        if name not in scene.properties or name == "provider:backend":
            return False
        if not callbacks.run(condition["process_graph"], {"value": scene.properties[name]}):
            return False
    return True


def _extent(asked):
    """Return what to read: more than the area if a kernel is laid over it later."""
    extent = asked.global_extent or asked.spatial_extent
    if not extent:
        raise MissingSpatialExtent
    return _utm(extent)


def _utm(extent, crs=None):
    box = BoundingBox.from_dict(extent, default_crs=4326)
    found = (
        box.reproject(crs)
        if crs
        else box
        if "326" in str(box.crs) or "327" in str(box.crs)
        else box.reproject_to_best_utm()
    )
    return found.as_dict()


def _reaches(scene, grid):
    west, east = grid.x, grid.x + grid.columns * grid.size
    south, north = grid.y - grid.rows * grid.size, grid.y
    raster = next(iter(scene.bands.values()))
    rows, columns = raster.shape
    right, bottom = raster.x + columns * raster.size, raster.y - rows * raster.size
    box = BoundingBox(raster.x, bottom, right, raster.y, crs=raster.crs)
    left, bottom, right, top = box.reproject(grid.crs).as_wsen_tuple()
    return left < east and right > west and bottom < north and top > south


def _in_time(metadata, extent):
    """Return metadata that know the time asked for: periods are counted from it."""
    ends = [day_of(one) for one in extent]
    dimensions = [
        TemporalDimension(one.name, ends) if one.type == "temporal" else one for one in metadata._dimensions
    ]
    return metadata._clone_and_update(dimensions=dimensions)


def _bands(collection, scenes):
    """Return each band of a collection with its pixel size."""
    every = chain.from_iterable(s.bands.items() for s in scenes if s.collection == collection)
    sizes = {name: raster.size for name, raster in every}
    order = [*NUMBERS.values(), "VV", "VH"]
    return {name: sizes[name] for name in order if name in sizes}


def _described(name, bands):
    common = {number: _COMMON.get(band, band) for band, number in NUMBERS.items() if band in BANDS}
    told = [
        {"name": one, "gsd": int(size), **({"common_name": common[one]} if one in common else {})}
        for one, size in bands.items()
    ]
    space = {"type": "spatial", "step": 10, "reference_system": "AUTO:42001"}
    return {
        "type": "Collection",
        "id": name,
        "title": f"{name} (synthetic)",
        "description": "Synthetic pixels; numbers without their offset, not scaled.",
        "license": "CC0-1.0",
        "extent": _WORLD,
        "cube:dimensions": {
            "x": {**space, "axis": "x", "extent": [-180, 180]},
            "y": {**space, "axis": "y", "extent": [-90, 90]},
            "t": {"type": "temporal", "extent": _WORLD["temporal"]["interval"][0]},
            "bands": {"type": "bands", "values": list(bands)},
        },
        "summaries": {"eo:bands": told, "eo:cloud_cover": {"minimum": 0, "maximum": 100}},
        "providers": [],
        "links": [],
    }
