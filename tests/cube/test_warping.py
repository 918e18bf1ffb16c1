"""Pixels on another grid, against every pixel centre put through PROJ on its own."""

import numpy as np
import pytest
from affine import Affine
from odc.geo.geobox import GeoBox
from pyproj import Transformer
from scipy import ndimage

from multisat.contracts import Access
from multisat.cube.block import Block
from multisat.cube.lattice import file_pixels, lattice
from multisat.cube.levels import coarsest
from multisat.cube.maps import Maps
from multisat.cube.patch import How, read_patch
from multisat.raster import AnyReader, GdalReader, run

SHAPE = (600, 600)
UTM32 = "EPSG:32632"
TARGETS = {
    "next zone": GeoBox((512, 480), Affine(10, 0, 154400, 0, -10, 5349000), "EPSG:32633"),
    "degrees": GeoBox((400, 520), Affine(0.00013, 0, 10.350, 0, -0.00009, 48.20), "EPSG:4326"),
    "laea": GeoBox((500, 500), Affine(10, 0, 4347300, 0, -10, 2787000), "EPSG:3035"),
    "mercator": GeoBox((420, 420), Affine(15, 0, 1152000, 0, -15, 6139500), "EPSG:3857"),
    "half a pixel off": GeoBox((400, 400), Affine(10, 0, 600505, 0, -10, 5339495), UTM32),
    "coarse": GeoBox((30, 30), Affine(170, 0, 600070, 0, -170, 5339900), UTM32),
}


def patch(path, target, method="nearest", *, nodata=0, codes=False, block=None, reader=AnyReader):
    async def work():
        async with reader().open(Access(href=str(path)), str(path)) as raster:
            how = How(method=method, nodata=nodata, codes=codes)
            return await read_patch(raster, block or Block.all_of(target), how, Maps())

    return run(work())


def exact(target, source=(600000, 5340000, 10)):
    """File rows and columns of all pixel centres, each asked of PROJ."""
    i, j = np.meshgrid(np.arange(target.shape[0]), np.arange(target.shape[1]), indexing="ij")
    x, y = target.affine.c + (j + 0.5) * target.affine.a, target.affine.f + (i + 0.5) * target.affine.e
    if str(target.crs) != UTM32:
        x, y = Transformer.from_crs(str(target.crs), UTM32, always_xy=True).transform(x, y)
    return (source[1] - y) / source[2], (x - source[0]) / source[2]


def nearest_truth(values, target, nodata=0):
    rows, columns = exact(target)
    inside = (rows >= 0) & (rows < values.shape[0]) & (columns >= 0) & (columns < values.shape[1])
    found = np.full(target.shape, nodata, values.dtype)
    found[inside] = values[np.floor(rows[inside]).astype(int), np.floor(columns[inside]).astype(int)]
    return found


@pytest.mark.parametrize("name", TARGETS)
def test_nearest_is_the_pixel_under_the_centre(write, name):
    path, values = write("red", values=np.random.default_rng(3).integers(1, 60000, SHAPE).astype("uint16"))
    target = TARGETS[name]
    found = patch(path, target)
    truth = nearest_truth(values, target)
    assert (truth > 0).mean() > 0.3
    off = (found.values != truth).mean()
    assert off <= (1e-4 if name != "half a pixel off" else 1)
    np.testing.assert_array_equal(found.valid, found.values != 0)


def test_a_centre_on_an_edge_takes_the_lower_right_pixel(write):
    path, values = write("red")
    found = patch(path, TARGETS["half a pixel off"])
    np.testing.assert_array_equal(found.values, values[51:451, 51:451])


@pytest.mark.parametrize("name", ["next zone", "degrees", "laea", "mercator"])
def test_bilinear_is_between_the_four_around_the_centre(write, name):
    smooth = (np.add.outer(np.arange(600) * 7.0, np.arange(600) * 3.0) + 100).astype("uint16")
    path, values = write("red", values=smooth)
    rows, columns = exact(TARGETS[name])
    inside = (rows >= 0) & (rows < 600) & (columns >= 0) & (columns < 600)
    truth = ndimage.map_coordinates(values.astype("f8"), (rows - 0.5, columns - 0.5), order=1, mode="nearest")
    found = patch(path, TARGETS[name], "bilinear")
    sure = inside & (np.abs(rows) > 1e-3) & (np.abs(rows - 600) > 1e-3)
    np.testing.assert_allclose(found.values[sure], truth[sure], atol=0.01)
    np.testing.assert_array_equal(found.valid, inside)


@pytest.mark.parametrize("dtype", ["uint16", "int16", "float32", "float64"])
def test_bilinear_leaves_out_pixels_without_data(write, dtype):
    values = np.full(SHAPE, 50, dtype)
    nodata = {"uint16": 0, "int16": -9999, "float32": np.nan, "float64": -1.0}[dtype]
    values[:, 300:] = nodata
    path, _ = write("red", values=values, dtype=dtype, nodata=nodata)
    found = patch(path, TARGETS["next zone"], "bilinear", nodata=nodata)
    rows, columns = exact(TARGETS["next zone"])
    with_data = (rows >= 0) & (rows < 600) & (columns >= 0) & (columns < 300)
    np.testing.assert_allclose(found.values[found.valid], 50, rtol=1e-6)
    assert (found.valid != with_data).mean() < 1e-4


@pytest.mark.parametrize("method", ["nearest", "bilinear", "cubic", "average", "mode", "min", "max", "med"])
@pytest.mark.parametrize("name", ["next zone", "degrees", "coarse"])
def test_any_blocks_give_the_same_pixels(write, method, name):
    path, _ = write("red", values=np.random.default_rng(3).integers(0, 900, SHAPE).astype("uint16"))
    target = TARGETS[name]
    whole = patch(path, target, method)
    values, valid = np.empty_like(whole.values), np.empty_like(whole.valid)
    height, width = target.shape
    down, across = 203, 177
    for row in range(0, height, down):
        for column in range(0, width, across):
            block = Block(
                whole=target,
                row=row,
                column=column,
                height=min(down, height - row),
                width=min(across, width - column),
            )
            part = patch(path, target, method, block=block)
            place = np.s_[row : row + block.height, column : column + block.width]
            values[place], valid[place] = part.values, part.valid
    np.testing.assert_array_equal(values, whole.values)
    np.testing.assert_array_equal(valid, whole.valid)


@pytest.mark.parametrize(
    ("method", "reduce"),
    [
        ("average", np.mean),
        ("min", np.min),
        ("max", np.max),
        ("med", lambda v, axis: np.sort(v.swapaxes(1, 2).reshape(40, 50, 100), axis=-1)[..., 49]),
    ],
)
def test_methods_that_count_every_pixel(write, method, reduce):
    path, values = write("red", values=np.random.default_rng(3).integers(1, 900, SHAPE).astype("uint16"))
    target = GeoBox((40, 50), Affine(100, 0, 600000, 0, -100, 5340000), UTM32)
    truth = reduce(values[:400, :500].reshape(40, 10, 50, 10).astype("f8"), axis=(1, 3))
    found = patch(path, target, method)
    np.testing.assert_allclose(found.values, truth, rtol=1e-6, atol=1e-6)


def test_coordinates_are_exact_where_interpolation_is_not():
    """Across the date line and around the pole no straight line is true, so every pixel is asked."""
    source = _grid("EPSG:32701", 300000, 8200000)
    for target in (
        GeoBox((64, 64), Affine(0.5, 0, 160, 0, -0.5, -10), "EPSG:4326"),
        GeoBox((64, 64), Affine(50000, 0, -1600000, 0, -50000, 1600000), "EPSG:3031"),
    ):
        block = Block.all_of(target)
        found = lattice(block, source)
        for down in range(found.exact.shape[0]):
            columns, rows = found.strip(down)
            i, j = np.meshgrid(np.arange(16) + 16 * down, np.arange(64), indexing="ij")
            true_columns, true_rows = file_pixels(block, source, i, j)
            np.testing.assert_allclose(columns, true_columns, atol=2e-4)
            np.testing.assert_allclose(rows, true_rows, atol=2e-4)


def _grid(crs, x, y, shape=(100, 100), size=10.0):
    from multisat.model import Grid

    return Grid(crs=crs, transform=(size, 0.0, x, 0.0, -size, y), shape=shape)


@pytest.mark.parametrize(
    ("size", "level"), [(5, 0), (10, 0), (19.9, 0), (20, 1), (39, 1), (40, 2), (1000, 2)]
)
def test_the_coarsest_overview_that_is_fine_enough(size, level):
    levels = [_grid(UTM32, 600000, 5340000, (n, n), s) for n, s in ((400, 10.0), (200, 20.0), (100, 40.0))]
    target = GeoBox((8, 8), Affine(size, 0, 600003, 0, -size, 5339990), UTM32)
    assert coarsest(levels, Block.all_of(target)) == level


def test_overviews_are_read_for_coarse_pixels_and_never_for_codes(write):
    import rasterio

    path, values = write(
        "scl", values=np.random.default_rng(3).integers(1, 12, SHAPE).astype("uint8"), dtype="uint8"
    )
    with rasterio.open(path, "r+") as file:
        file.build_overviews([2, 4], rasterio.enums.Resampling.average)
    with rasterio.open(path, overview_level=0) as file:
        overview = file.read(1)
    target = GeoBox((300, 300), Affine(20, 0, 600000, 0, -20, 5340000), UTM32)
    np.testing.assert_array_equal(patch(path, target).values, overview)
    np.testing.assert_array_equal(patch(path, target, codes=True).values, values[1::2, 1::2])


@pytest.mark.parametrize("method", ["nearest", "bilinear", "cubic"])
def test_both_readers_give_the_same_pixels(write, serve_folder, method):
    path, _ = write("red", values=np.random.default_rng(3).integers(0, 900, SHAPE).astype("uint16"))
    href = f"{serve_folder(path.parent)}/{path.name}"
    target = TARGETS["next zone"]
    ours, gdals = patch(href, target, method), patch(path, target, method, reader=GdalReader)
    assert (ours.reader, gdals.reader) == ("cog", "gdal")
    np.testing.assert_array_equal(ours.values, gdals.values)
    np.testing.assert_array_equal(ours.valid, gdals.valid)
