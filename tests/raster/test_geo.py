"""The engine's grids and no-data values are GDAL's; what it does not know it leaves to GDAL."""

import numpy as np
import pytest
import rasterio
from affine import Affine
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.errors import RasterioError
from rasterio.io import MemoryFile
from rasterio.shutil import copy as copy_raster
from rasterio.transform import from_origin

from multisat.errors import AssetUnreadable
from multisat.raster import CogReader
from multisat.raster.cog import NotForEngine

pytestmark = pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")

SHAPE = (300, 280)
BDC = (
    "+proj=aea +lat_0=-12 +lon_0=-54 +lat_1=-2 +lat_2=-22 +x_0=5000000 +y_0=10000000 +ellps=GRS80 "
    "+towgs84=0,0,0,0,0,0,0 +units=m +no_defs"
)
SINUSOIDAL = "+proj=sinu +lon_0=0 +x_0=0 +y_0=0 +R=6371007.181 +units=m +no_defs"


@pytest.fixture
def values(read):
    return read.noise("i2", SHAPE)


@pytest.fixture
def written(tmp_path):
    """Write a tiled file of 16 bit numbers, shape (bands, rows, columns); returns its bytes."""

    def make(bands, *, tags=None, gcps=None, **profile):
        path = tmp_path / "written.tif"
        sizes = dict(zip(("count", "height", "width"), bands.shape, strict=True))
        with rasterio.open(path, "w", driver="GTiff", dtype="int16", tiled=True, **sizes, **profile) as file:
            file.update_tags(**(tags or {}))
            if gcps:
                file.gcps = gcps, CRS.from_epsg(4326)
            file.write(bands)
        return path.read_bytes()

    return make


def truth(data):
    with MemoryFile(data) as memory, memory.open() as source:
        return source.crs, source.transform, source.nodata, source.shape, source.read(1)


def same(info, data):
    """Say that what the engine tells is what GDAL tells."""
    crs, transform, nodata, shape, _ = truth(data)
    assert info.grid.crs == (f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.to_wkt())
    np.testing.assert_allclose(info.grid.transform, tuple(transform)[:6], rtol=1e-15, atol=1e-12)
    assert info.grid.shape == shape
    assert str(info.nodata) == str(nodata)


SYSTEMS = {
    "UTM": (32632, from_origin(600000, 5340000, 10, 10)),
    "UTM south": (32723, from_origin(199980, 8100040, 30, 30)),
    "web mercator": (3857, from_origin(1e6, 6e6, 0.597, 0.597)),
    "ETRS LAEA": (3035, from_origin(4e6, 3e6, 10, 10)),
    "polar": (3031, from_origin(-2e6, 2e6, 100, 100)),
    "feet": (2263, from_origin(900000, 300000, 3, 3)),
    "degrees": (4326, from_origin(-180, 90, 1 / 3600, 1 / 3600)),
    "degrees of another datum": (4674, from_origin(-60, -10, 0.00025, 0.00025)),
    "grads": (4807, from_origin(1, 50, 0.01, 0.01)),
    "Albers of Brazil": (BDC, from_origin(3e6, 1.1e7, 10, 10)),
    "sinusoidal": (SINUSOIDAL, from_origin(-1111950, 5559752, 463.3127, 463.3127)),
    "Albers by WKT": (CRS.from_proj4(BDC).to_wkt(), from_origin(3e6, 1.1e7, 10, 10)),
    "two systems": ("EPSG:32632+5773", from_origin(600000, 5340000, 10, 10)),
    "pixels that are not square": (32632, from_origin(600000, 5340000, 10, 25)),
    "south up": (32632, Affine(10, 0, 600000, 0, 10, 5340000)),
}


@pytest.mark.parametrize(("crs", "transform"), SYSTEMS.values(), ids=SYSTEMS.keys())
def test_coordinate_systems(served, write, read, values, crs, transform):
    data = write(values, crs=crs, transform=transform, compress="DEFLATE", nodata=-9999)
    info, pixels = read.engine(served.add("a.tif", data))
    assert info.reader == "cog"
    same(info, data)
    np.testing.assert_array_equal(pixels.values, values)


@pytest.mark.parametrize("version", ["1.0", "1.1"])
@pytest.mark.parametrize("flavor", ["STANDARD", "ESRI_PE"])
@pytest.mark.parametrize("crs", [32632, BDC])
def test_ways_to_write_a_system(served, write, read, values, crs, version, flavor):
    data = write(values, crs=crs, geotiff_version=version, geotiff_keys_flavor=flavor)
    same(read.engine(served.add("a.tif", data))[0], data)


@pytest.mark.parametrize(("crs", "step"), [(4326, 1 / 1200), (32632, 30)])
def test_pixels_that_are_points(served, read, values, written, crs, step):
    """Such as those of elevation models: tiepoints lie in the middle of pixels."""
    place = {"crs": crs, "transform": from_origin(7, 48, step, step)}
    data = written(values[None], tags={"AREA_OR_POINT": "Point"}, **place)
    info, _ = read.engine(served.add("a.tif", data))
    same(info, data)
    np.testing.assert_allclose(info.grid.transform[2], 7, atol=1e-9)


@pytest.mark.parametrize("kind", [1, 2])
def test_a_matrix(served, craft, take, kind):
    keys = ("u2", [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, kind, 3072, 0, 1, 32632])
    matrix = ("f8", [10, 0, 0, 600000, 0, -20, 0, 5340000, 0, 0, 0, 0, 0, 0, 0, 1])
    data = craft.one(t33550=None, t33922=None, t34264=matrix, t34735=keys)
    info, _ = take(served.add("a.tif", data))
    assert info.reader == "cog"
    same(info, data)


ODD = {
    "a tiepoint within": {"t33922": ("f8", [5, 7, 0, 600000, 5340000, 0])},
    "a scale below 0": {"t33550": ("f8", [10, -10, 0])},
    "a scale below 0 to the left": {"t33550": ("f8", [-10, 10, 0])},
    "no third scale": {"t33550": ("f8", [10, 10])},
    "a matrix and a scale": {"t34264": ("f8", [7, 0, 0, 1, 0, -7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1])},
    "a turned matrix": {
        "t33550": None,
        "t33922": None,
        "t34264": ("f8", [7, 1, 0, 1, 1, -7, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]),
    },
    "an unknown code": {"t34735": ("u2", [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 30000])},
    "degrees": {"t34735": ("u2", [1, 1, 0, 3, 1024, 0, 1, 2, 1025, 0, 1, 1, 2048, 0, 1, 4326])},
    "a code of another kind": {
        "t34735": ("u2", [1, 1, 0, 3, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 4326])
    },
    "kilometres": {
        "t34735": ("u2", [1, 1, 0, 4, 1024, 0, 1, 1, 1025, 0, 1, 1, 3072, 0, 1, 32632, 3076, 0, 1, 9036])
    },
    "no code": {"t34735": ("u2", [1, 1, 0, 2, 1024, 0, 1, 1, 1025, 0, 1, 1])},
    "no keys": {"t34735": None},
    "cut keys": {"t34735": ("u2", [1, 1, 0, 3, 1024, 0])},
}


@pytest.mark.parametrize("changes", ODD.values(), ids=ODD.keys())
def test_odd_grids_are_as_gdal_says(served, craft, take, changes):
    data = craft.one(**changes)
    crs, transform, *_ = truth(data)
    try:
        info, _ = take(served.add("a.tif", data))
    except AssetUnreadable:
        assert crs is None or transform.is_identity
    else:
        same(info, data)


NODATA = ["nan", "-9999", "0", "-3.4028234663852886e+38", "255", "-32768", "1e20", "NaN", " 7 ", "-0"]


@pytest.mark.parametrize("text", NODATA)
@pytest.mark.parametrize("dtype", ["u1", "i2", "f4", "f8"])
def test_no_data_texts(served, craft, take, text, dtype):
    kind = np.dtype(dtype)
    form = {"u": 1, "i": 2, "f": 3}[kind.kind]
    data = craft.one(
        t258=("u2", kind.itemsize * 8), t339=("u2", form), t42113=("a", text), t259=("u2", 1),
        tiles=np.ones((64, 64), kind).tobytes(),
    )  # fmt: skip
    info, _ = take(served.add("a.tif", data))
    assert info.reader == "cog"
    same(info, data)


@pytest.mark.parametrize("nodata", [float("nan"), -9999.0, 0.0, -3.4028234663852886e38, None])
def test_no_data_of_files_that_gdal_writes(served, write, read, nodata):
    data = write(read.noise("f4", SHAPE), nodata=nodata, compress="DEFLATE")
    same(read.engine(served.add("a.tif", data))[0], data)


class TestLeftToGdal:
    def both(self, served, take, data, expected):
        """The engine hands it on; GDAL gives the right pixels and grid."""
        href = served.add("a.tif", data)
        with pytest.raises(NotForEngine):
            take(href, reader=CogReader())
        info, pixels = take(href)
        assert info.reader == "gdal"
        same(info, data)
        np.testing.assert_array_equal(pixels.values, expected)
        return info

    def test_a_turned_grid(self, served, write, take, values):
        turned = Affine.translation(600000, 5340000) * Affine.rotation(30) * Affine.scale(10, -10)
        info = self.both(served, take, write(values, transform=turned, compress="DEFLATE"), values)
        assert info.grid.transform[1] != 0

    def test_a_turned_grid_with_overviews(self, write, take, values, read):
        turned = Affine.translation(600000, 5340000) * Affine.rotation(30) * Affine.scale(10, -10)
        write(values, transform=turned, overviews=[2])
        path = read.folder / "made.tif"
        info, pixels = take(str(path), level=1)
        with rasterio.open(path, overview_level=0) as overview:
            np.testing.assert_allclose(info.levels[1].transform, tuple(overview.transform)[:6], atol=1e-6)
            np.testing.assert_array_equal(pixels.values, overview.read(1))

    def test_strips(self, served, write, take, values):
        self.both(served, take, write(values, tiled=False, blockysize=16, compress="DEFLATE"), values)

    @pytest.mark.parametrize("interleave", ["pixel", "band"])
    def test_several_bands(self, served, take, values, written, interleave):
        bands = np.stack([values, values // 2, values // 3])
        place = {"crs": 32632, "transform": from_origin(6e5, 5e6, 10, 10)}
        self.both(served, take, written(bands, interleave=interleave, **place), values)

    @pytest.mark.parametrize("codec", ["JPEG", "PACKBITS", "LZMA"])
    def test_other_codecs(self, served, write, take, read, codec):
        data = write((read.noise("u1", SHAPE) // 16).astype("u1"), compress=codec)
        self.both(served, take, data, truth(data)[4])

    @pytest.mark.parametrize("dtype", ["complex64", "float16"])
    def test_other_numbers(self, served, take, craft, dtype):
        bits, form = {"complex64": (64, 6), "float16": (16, 3)}[dtype]
        tile = np.arange(64 * 64).reshape(64, 64).astype(dtype)
        data = craft.one(tile.tobytes(), t258=("u2", bits), t339=("u2", form), t259=("u2", 1))
        self.both(served, take, data, np.tile(tile, (2, 2))[:100, :90])

    def test_an_overview_in_strips(self, served, craft, take):
        strips = {
            "t322": None,
            "t323": None,
            "t278": ("u4", 64),
            "t273": ("u4", 4096),
            "t279": ("u4", len(craft.packed)),
        }
        half = craft.sound(
            t254=("u4", 1), t256=("u4", 45), t257=("u4", 50), **{**strips, "t324": None, "t325": None}
        )
        data = craft.file([craft.sound(), half], craft.packed)
        self.both(served, take, data, np.tile(craft.tile, (2, 2))[:100, :90])

    @pytest.mark.parametrize("reader", ["JP2OpenJPEG", "PNG"])
    def test_other_formats(self, served_elsewhere, write, take, read, reader):
        values = read.noise("u1", SHAPE)
        write(values)
        path = read.folder / {"JP2OpenJPEG": "a.jp2", "PNG": "a.png"}[reader]
        options = {"QUALITY": 100, "REVERSIBLE": "YES"} if reader == "JP2OpenJPEG" else {}
        try:
            copy_raster(read.folder / "made.tif", path, driver=reader, **options)
        except RasterioError:
            pytest.skip(f"this GDAL writes no {reader}")
        href = f"{served_elsewhere}/{path.name}"
        if reader == "PNG":
            with pytest.raises(AssetUnreadable, match="no grid"):
                take(href)
        else:
            info, pixels = take(href)
            assert info.reader == "gdal"
            np.testing.assert_array_equal(pixels.values, values)


class TestRefused:
    def test_control_points_only(self, served, take, values, written):
        points = [
            GroundControlPoint(row=r, col=c, x=7 + c / 1e3, y=48 - r / 1e3)
            for r in (0, 299)
            for c in (0, 279)
        ]
        with pytest.raises(AssetUnreadable, match="ground control points"):
            take(served.add("a.tif", written(values[None], gcps=points)))

    def test_no_coordinate_system(self, served, take, values, written):
        data = written(values[None], transform=from_origin(6e5, 5e6, 10, 10))
        with pytest.raises(AssetUnreadable, match="no grid"):
            take(served.add("a.tif", data))

    def test_no_place(self, served, craft, take):
        with pytest.raises(AssetUnreadable, match="no grid"):
            take(served.add("a.tif", craft.one(t33550=None, t33922=None)))
