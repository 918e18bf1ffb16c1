"""Cubes against plain rasterio reads of the same files."""

import numpy as np
import pytest
import rasterio
import shapely
from rasterio.windows import from_bounds

import multisat as ms
from multisat.cube import MultisatWarning, load
from multisat.model import AOI

INSIDE = (602005, 5337003, 602333, 5337111)
ACROSS = (602005, 5335003, 604333, 5338888)
OVER_THE_EDGE = (599000, 5338500, 601234, 5341000)


def area(bounds, crs="EPSG:32632"):
    return AOI(geometry=shapely.box(*bounds), crs=crs)


def by_rasterio(path, cube, fill):
    """What rasterio reads on the cube's own bounds."""
    with rasterio.open(path) as file:
        window = from_bounds(*cube.rio.bounds(), transform=file.transform).round_offsets().round_lengths()
        return file.read(1, window=window, boundless=True, fill_value=fill)


@pytest.mark.parametrize("bounds", [INSIDE, ACROSS, OVER_THE_EDGE], ids=["inside", "across", "edge"])
@pytest.mark.parametrize("stored", [("uint16", 0), ("int16", -9999), ("uint8", 0), ("float32", -32768)])
def test_native_pixels_are_the_files(write, scene, plain, bounds, stored):
    dtype, nodata = stored
    path, _ = write("red", dtype=dtype, nodata=nodata)
    cube = load([scene("one", red=path, nodata=nodata)], ["red"], aoi=area(bounds), access=plain)
    expected = by_rasterio(path, cube, nodata).astype("float32")
    expected[expected == nodata] = np.nan
    np.testing.assert_array_equal(cube.red.values[0], expected)
    assert cube.rio.resolution() == (10, -10)
    left, bottom, right, top = cube.rio.bounds()
    assert left <= bounds[0] < left + 10
    assert right - 10 < bounds[2] <= right
    assert bottom <= bounds[1] < bottom + 10
    assert top - 10 < bounds[3] <= top


def test_coarser_bands_are_repeated(write, scene, plain):
    red, _ = write("red")
    swir, _ = write("swir16", size=20, count=300)
    coastal, _ = write("coastal", size=60, count=100)
    one = scene("one", red=red, swir16=swir, coastal=coastal)
    cube = load([one], ["red", "swir16", "coastal"], aoi=area(ACROSS), access=plain)
    for path, times, name in ((swir, 2, "swir16"), (coastal, 6, "coastal")):
        with rasterio.open(path) as file:
            whole = file.read(1).repeat(times, 0).repeat(times, 1).astype("float32")
        row, column = (
            round((5340000 - cube.rio.bounds()[3]) / 10),
            round((cube.rio.bounds()[0] - 600000) / 10),
        )
        expected = whole[row : row + cube.sizes["y"], column : column + cube.sizes["x"]]
        expected[expected == 0] = np.nan
        np.testing.assert_array_equal(cube[name].values[0], expected)


def test_scale_and_offset_come_after_no_data(write, scene, plain):
    path, values = write("red")
    cube = load([scene("one", red=path, scale=0.0001, offset=-0.1)], ["red"], access=plain)
    np.testing.assert_allclose(cube.red.values[0][30:, 30:], values[30:, 30:] * 0.0001 - 0.1, rtol=1e-6)
    assert np.isnan(cube.red.values[0][:20, :20]).all()
    raw = load([scene("one", red=path, scale=0.0001, offset=-0.1)], ["red"], access=plain, raw=True)
    np.testing.assert_array_equal(raw.red.values[0], values)
    assert raw.red.dtype == "uint16"


def test_whole_scenes_have_the_shape_of_the_file(write, scene, plain):
    path, values = write("red")
    cube = load([scene("one", red=path)], ["red"], access=plain)
    assert cube.red.shape == (1, *values.shape)


def test_northern_zones_south_of_the_equator(write, scene, plain):
    path, _ = write("red", y=-3700000, crs=32634, size=30, count=200)
    cube = load(
        [scene("one", red=path)],
        ["red"],
        access=plain,
        aoi=area((602000, -3703000, 603000, -3702000), "EPSG:32634"),
    )
    assert cube.rio.crs.to_epsg() == 32634
    expected = by_rasterio(path, cube, 0).astype("float32")
    np.testing.assert_array_equal(cube.red.values[0], np.where(expected == 0, np.nan, expected))


def test_tiles_of_one_overpass_are_one_step_in_any_order(write, scene, plain):
    west, _ = write("west")
    east, _ = write("east", x=605000)
    scenes = [scene("a", red=west), scene("b", minute=1, red=east)]
    where = area((604000, 5335000, 607000, 5337000))
    cubes = [load(order, ["red"], access=plain, aoi=where) for order in (scenes, scenes[::-1])]
    assert cubes[0].sizes["time"] == 1
    np.testing.assert_array_equal(cubes[0].red.values, cubes[1].red.values)
    one, other = by_rasterio(west, cubes[0], 0), by_rasterio(east, cubes[0], 0)
    expected = np.where(one > 0, one, other).astype("float32")
    np.testing.assert_array_equal(cubes[0].red.values[0], np.where(expected == 0, np.nan, expected))
    apart = load(scenes, ["red"], access=plain, aoi=where, groupby="scene")
    assert apart.sizes["time"] == 2


def test_a_missing_band_is_nan_and_said(write, scene, plain):
    red, _ = write("red")
    with pytest.warns(MultisatWarning, match="lack the band vv"):
        cube = load([scene("one", red=red)], ["red", "vv"], access=plain, aoi=area(INSIDE))
    assert cube.vv.isnull().all()
    assert cube.attrs["missing_bands"]


def test_the_copy_that_has_the_bands_is_read(write, scene, plain):
    red, _ = write("red")
    nir, _ = write("nir")
    merged = scene("bare", nir=nir).with_alternates([scene("full", red=red, nir=nir)])
    cube = load([merged], ["red", "nir"], access=plain, aoi=area(INSIDE))
    assert cube.item.values.tolist() == ["full"]
    assert cube.red.notnull().all()


def test_another_grid_is_resampled_within_a_pixel(write, scene, plain):
    x, y = np.meshgrid(np.arange(600), np.arange(600))
    path, _ = write("red", dtype="float32", nodata=-1, values=(x + 2 * y).astype("float32"))
    one = scene("one", red=path, nodata=-1)
    for options in ({"resolution": 25}, {"crs": "EPSG:32633"}, {"crs": "EPSG:4326"}):
        cube = load([one], ["red"], access=plain, aoi=area(ACROSS), resampling="bilinear", **options)
        here = cube.rio.reproject("EPSG:32632", resolution=10) if "crs" in options else cube
        east, north = np.meshgrid(here.x, here.y)
        expected = (east - 600005) / 10 + 2 * (5339995 - north) / 10
        seen = here.red.notnull().values[0]
        assert seen.mean() > 0.8
        assert np.abs(here.red.values[0] - expected)[seen].max() < 4


def test_like_is_used_as_it_is(write, scene, plain):
    path, _ = write("red")
    first = load([scene("one", red=path)], ["red"], access=plain, aoi=area(INSIDE))
    again = load([scene("one", red=path)], ["red"], access=plain, like=first)
    np.testing.assert_array_equal(first.red.values, again.red.values)
    assert again.rio.transform() == first.rio.transform()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"bands": ["rot"]}, "no band is called"),
        ({"bands": []}, "no band is named"),
        ({"resampling": "fancy"}, "no resampling is called"),
        ({"mask": "fog"}, "no mask or class"),
        ({"mask": "adjacent"}, "no scene can tell adjacent"),
        ({"like": 3}, "has no grid"),
        ({"resolution": 0.001}, "GiB"),
        ({"crs": "EPSG:99"}, "EPSG:99"),
    ],
)
def test_what_cannot_be_is_named_before_anything_is_read(write, scene, plain, options, said):
    path, _ = write("red")
    options = {"bands": ["red"], **options}
    with pytest.raises(ms.UsageError, match=said):
        load(
            [scene("one", red=path, scl=path)],
            options.pop("bands"),
            access=plain,
            aoi=area(INSIDE),
            **options,
        )


def test_scenes_beside_the_area_are_nothing_to_load(write, scene, plain):
    path, _ = write("red")
    with pytest.raises(ms.NothingFound, match="touches the area"):
        load([scene("one", red=path)], ["red"], access=plain, aoi=AOI.of((50, 0, 51, 1)))


def test_a_file_with_ground_control_points_only_is_refused(write, scene, plain, tmp_path):
    from rasterio.control import GroundControlPoint

    path, values = write("red")
    points = [
        GroundControlPoint(row, col, 11 + col / 1000, 48 - row / 1000) for row in (0, 600) for col in (0, 600)
    ]
    profile = {"driver": "GTiff", "height": 600, "width": 600, "count": 1, "dtype": "uint16"}
    with rasterio.open(tmp_path / "grd.tif", "w", gcps=points, crs="EPSG:4326", **profile) as file:
        file.write(values, 1)
    one = scene("one", red=path)
    asset = one.assets["red"]
    grd = scene("grd", red=path)
    object.__setattr__(
        grd, "assets", {"vv": type(asset)(key="vv", band="vv", href=str(tmp_path / "grd.tif"), why="a test")}
    )
    with pytest.raises(ms.AssetUnreadable, match="only ground control points"):
        load([grd], ["vv"], access=plain, errors="raise")
