"""The sandbox, polygons over it, scenes on disk, and an oracle that counts pixels by hand."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest
import rasterio
import shapely
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely.geometry import mapping

from multisat.contracts import Access
from multisat.model import AOI, Acquisition, AOIs, FileAsset, Scene
from multisat.sandbox import Sandbox
from multisat.screening import screen

SCL = {3: "shadow", 6: "water", 8: "cloud", 9: "cloud", 10: "cirrus", 11: "snow"}
QA_PIXEL = {2: "cirrus", 3: "cloud", 4: "shadow", 5: "snow", 7: "water"}
FMASK = {1: "cloud", 3: "shadow", 4: "snow", 5: "water"}
HIDES = {"scl": {0, 1, 3, 7, 8, 9, 10}, "qa_pixel": {1, 2, 3, 4}, "fmask": {1, 2, 3}}
"""Codes, or bits, that are not clear in the strict sense; written down from the format documents."""


@pytest.fixture(scope="module")
def box():
    with Sandbox() as running, pytest.MonkeyPatch.context() as patch:
        for name, url in running.environment.items():
            patch.setenv(name, url)
        yield running


@pytest.fixture(autouse=True)
def no_faults(request):
    yield
    if "box" in request.fixturenames:
        request.getfixturevalue("box").clear_faults()


def star(lon, lat, reach, *, points=9, hole=True):
    """A star in degrees, with a hole: no pixel edge is parallel to any of its edges."""
    turns = np.linspace(0.1, 0.1 + 2 * np.pi, 2 * points, endpoint=False)
    radii = reach * np.where(np.arange(2 * points) % 2, 0.55, 1.0)
    ring = np.column_stack([lon + 1.5 * radii * np.cos(turns), lat + radii * np.sin(turns)])
    small = np.column_stack([lon + 0.2 * reach * np.cos(turns), lat + 0.15 * reach * np.sin(turns)])
    return shapely.Polygon(ring, [small] if hole else [])


STARS = {"munich": star(11.507, 48.321, 0.012), "overlap": star(11.752, 48.152, 0.01)}


@pytest.fixture
def make_star():
    return star


@pytest.fixture
def stars():
    return STARS


def kinds(layer, values):
    """What each stored number is: name to where, by the tables above."""
    values = values.astype(int)
    if layer == "scl":
        covered = values != 0
        found = {
            word: np.isin(values, [code for code, name in SCL.items() if name == word])
            for word in set(SCL.values())
        }
        hidden = np.isin(values, list(HIDES["scl"]))
    else:
        bits = QA_PIXEL if layer == "qa_pixel" else FMASK
        covered = values & 1 == 0 if layer == "qa_pixel" else values != 255
        found = {word: covered & (values >> bit & 1 == 1) for bit, word in bits.items()}
        hidden = np.logical_or.reduce([values >> bit & 1 == 1 for bit in HIDES[layer]])
    return {**found, "covered": covered, "clear": covered & ~hidden}


def by_hand(polygon, files, layer):
    """Shares in percent: every pixel of the files is cut with the polygon, one by one.

    Args:
        polygon: In degrees.
        files: Frame and stored numbers of each file, in one CRS; earlier ones win.
        layer: Name of the quality layer.
    """
    crs = files[0][0].crs
    to = Transformer.from_crs(4326, crs, always_xy=True)
    there = shapely.transform(polygon.segmentize(1e-4), lambda p: np.column_stack(to.transform(*p.T)))
    left = there
    sums = {}
    for frame, values in files:
        x0, y0, x1, y1 = there.bounds
        columns = np.arange(
            max(0, int((x0 - frame.x) // frame.size)),
            min(frame.columns, int((x1 - frame.x) // frame.size) + 1),
        )
        rows = np.arange(
            max(0, int((frame.y - y1) // frame.size)), min(frame.rows, int((frame.y - y0) // frame.size) + 1)
        )
        if not len(rows) or not len(columns):
            continue
        j, i = np.meshgrid(columns, rows)
        x, y = frame.x + j * frame.size, frame.y - i * frame.size
        squares = shapely.box(x, y - frame.size, x + frame.size, y)
        shapely.prepare(left)
        area = shapely.area(squares) * shapely.contains(left, squares)
        edge = shapely.intersects(left, squares) & (area == 0)
        area[edge] = shapely.area(shapely.intersection(squares[edge], left))
        told = kinds(layer, values[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1])
        for name, where in told.items():
            sums[name] = sums.get(name, 0.0) + area[where].sum()
        if len(files) > 1:
            left = left.difference(shapely.union_all(squares[told["covered"] & (area > 0)]))
    return {name: 100 * value / there.area for name, value in sums.items()}


@pytest.fixture
def oracle():
    return by_hand


@pytest.fixture
def quality_files(box):
    """Frame and numbers of the quality layers behind scenes, found by their ids."""

    def find(scenes):
        entries = {(e.provider, e.collection, e.id): e for e in box.scenes}
        files = []
        for scene in scenes:
            entry = entries[scene.uid]
            key = next(k for k in entry.files if k.lower() in ("scl", "qa_pixel", "fmask"))
            file = entry.files[key]
            files.append((file.whole or file.frame, file.stored()))
        return files

    return find


@pytest.fixture
def paths(box):
    """Paths of files asked for while a block ran."""

    class Watch:
        def __enter__(self):
            self._before = len(box.requests)
            return self

        def __exit__(self, *_):
            found = [r for r in box.requests[self._before :] if r.path.startswith("/files/")]
            self.requests, self.names = len(found), {r.path.rpartition("/")[2] for r in found}

    return Watch


@pytest.fixture
def scene_of(tmp_path):
    """Make a scene of codes on disk, in UTM zone 32 north or another; see the arguments."""

    def make(
        name,
        values,
        *,
        x=600000,
        y=5340000,
        size=20,
        crs=32632,
        overviews=None,
        minute=0,
        provider="disk",
        native_id="any",
        collection="sentinel-2-l2a",
        layer="scl",
        nodata=0,
    ):
        path = tmp_path / f"{name}.tif"
        rows, columns = values.shape
        where = {"crs": crs, "transform": from_origin(x, y, size, size)}
        shape = {"height": rows, "width": columns, "count": 1, "dtype": values.dtype, "nodata": nodata}
        how = {"driver": "COG", "compress": "DEFLATE", "blocksize": 128}
        how |= (
            {"overviews": "IGNORE_EXISTING", "overview_resampling": overviews}
            if overviews
            else {"overviews": "NONE"}
        )
        with rasterio.open(path, "w", **how, **shape, **where) as file:
            file.write(values, 1)
        asset = FileAsset(key=layer, band=layer, href=str(path), nodata=nodata, why="a test")
        return Scene(
            provider=provider,
            collection=collection,
            native_id=native_id,
            id=name,
            datetime=dt.datetime(2023, 5, 4, 10, minute, tzinfo=dt.UTC),
            footprint=outline(path),
            platform="sentinel-2a",
            relative_orbit=22,
            cloud_cover=12.0,
            assets={layer: asset},
            acquisition=Acquisition(collection=collection, platform="sentinel-2a", tile="", name=name),
            item={},
        )

    return make


def outline(path):
    """The edge of a file in longitude and latitude."""
    with rasterio.open(path) as file:
        to = Transformer.from_crs(file.crs, 4326, always_xy=True)
        ring = shapely.box(*file.bounds).segmentize(max(file.res) * 50)
    return mapping(shapely.transform(ring, lambda p: np.column_stack(to.transform(p[:, 0], p[:, 1]))))


@pytest.fixture
def screened():
    """Screen scenes on disk over polygons in the coordinates of UTM zone 32."""

    def call(scenes, *shapes, **how):
        areas = AOIs(tuple(AOI(geometry=one, crs="EPSG:32632", name=str(n)) for n, one in enumerate(shapes)))
        return screen(scenes, areas, access=lambda _, asset: Access(href=asset.href), **how)

    return call


def blobs(seed, shape, smooth):
    """Smooth hills of mean 0 and deviation 1."""
    from scipy import ndimage

    noise = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal(shape), smooth, mode="wrap")
    return noise / noise.std()


@pytest.fixture
def hills():
    return blobs


@pytest.fixture
def frame_of():
    """Where the pixels of a scene on disk lie, as the oracle wants it."""
    return lambda x=600000, y=5340000, size=20, shape=(0, 0), crs=32632: SimpleNamespace(
        x=x, y=y, size=size, rows=shape[0], columns=shape[1], crs=f"EPSG:{crs}"
    )
