"""Each process that the compiler may use, against plain NumPy over the numbers that load_collection gives."""

import io
import json

import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
import xarray as xr
from openeo.processes import if_, quantiles
from openeo.rest import OpenEoApiError
from pyproj import Transformer
from tests.openeo_backend import PASSWORD, USER, shared

import openeo

pytestmark = pytest.mark.xdist_group("openeo-backend")

WEST, NORTH, SIZE = 685000, 5355000, 10
AREA = {"west": WEST, "south": NORTH - 300, "east": WEST + 400, "north": NORTH, "crs": "EPSG:32632"}
TIME = ["2023-05-01", "2023-08-01"]
BANDS = ["B02", "B04", "B08", "SCL"]


def loaded(connection):
    return connection.load_collection("SENTINEL2_L2A", spatial_extent=AREA, temporal_extent=TIME, bands=BANDS)


@pytest.fixture
def cube(connection):
    return loaded(connection)


@pytest.fixture(scope="module")
def raw(installed):
    """The numbers of the cube as they are loaded."""
    connection = openeo.connect(shared().url).authenticate_basic(USER, PASSWORD)
    return values(loaded(connection))


def values(cube):
    """Return a cube as a dataset of the numbers in the file, NaN where there are none."""
    with xr.open_dataset(io.BytesIO(cube.download(format="netCDF")), decode_coords="all") as found:
        return found.load()


def same(cube, right, name="var"):
    found = values(cube)[name]
    np.testing.assert_allclose(found, right, rtol=1e-6, atol=1e-6, equal_nan=True)


def earliest(array):
    found = array.isel(t=0)
    for step in range(1, array.t.size):
        found = found.where(found.notnull(), array.isel(t=step))
    return found


def test_numbers_are_whole_and_have_lost_their_offset(cube):
    with xr.open_dataset(io.BytesIO(cube.download(format="netCDF")), mask_and_scale=False) as found:
        assert {found[band].dtype for band in BANDS} == {np.dtype("int16")}
        red, scl = found["B04"].values, found["SCL"].values
    assert np.median(red[scl == 4]) < 1800
    assert (scl == 9).any()


def test_time_is_closed_on_the_left_and_open_on_the_right(cube):
    narrow = cube.filter_temporal("2023-05-04", "2023-05-14")
    assert [str(t)[:10] for t in values(narrow).t.values] == ["2023-05-04"]


def test_two_halves_of_a_day_are_one_time_step(raw):
    days = [str(t)[:10] for t in raw.t.values]
    assert len(days) == len(set(days))
    assert not np.isnan(raw["B04"].sel(t="2023-07-03")).any()


@pytest.mark.parametrize(
    ("formula", "right"),
    [
        (lambda b, r, n: n - r, lambda b, r, n: n - r),
        (lambda b, r, n: (n - r) / (n + r), lambda b, r, n: (n - r) / (n + r)),
        (
            lambda b, r, n: 2.5 * (n - r) / (n + 6 * r - 7.5 * b + 10000),
            lambda b, r, n: 2.5 * (n - r) / (n + 6 * r - 7.5 * b + 1e4),
        ),
        (lambda b, r, n: (n * n + r).apply(lambda x: x.sqrt()), lambda b, r, n: np.sqrt(n * n + r)),
        (lambda b, r, n: (n / r).ln(), lambda b, r, n: np.log(n / r)),
        (lambda b, r, n: (n / 10000) ** 2, lambda b, r, n: (n / 1e4) ** 2),
        (lambda b, r, n: (n - r).apply(lambda x: x.absolute()), lambda b, r, n: np.abs(n - r)),
        (lambda b, r, n: (n > r) & (b < 800), lambda b, r, n: ((n > r) & (b < 800)).where(r.notnull())),
        (lambda b, r, n: (n > r) | (b < 800), lambda b, r, n: ((n > r) | (b < 800)).where(r.notnull())),
    ],
)
def test_band_math(cube, raw, formula, right):
    names = ("B02", "B04", "B08")
    same(formula(*(cube.band(n) for n in names)), right(*(raw[n] for n in names)))


def test_a_condition_chooses(cube, raw):
    chosen = cube.band("B04").apply(lambda x: if_(x > 1000, x, -1))
    same(chosen, raw["B04"].where(raw["B04"] > 1000, -1).where(raw["B04"].notnull()))


def test_a_range_is_scaled(cube, raw):
    scaled = cube.band("B04").apply(lambda x: x.linear_scale_range(0, 10000, 0, 1))
    same(scaled, raw["B04"].clip(0, 10000) / 10000)


@pytest.mark.parametrize(
    ("reducer", "right"),
    [
        ("mean", lambda r: r.mean("t")),
        ("median", lambda r: r.median("t")),
        ("min", lambda r: r.min("t")),
        ("max", lambda r: r.max("t")),
        ("sum", lambda r: r.sum("t")),
        ("sd", lambda r: r.std("t", ddof=1)),
        ("variance", lambda r: r.var("t", ddof=1)),
        ("count", lambda r: r.notnull().sum("t")),
        ("first", earliest),
        ("last", lambda r: earliest(r.isel(t=slice(None, None, -1)))),
    ],
)
def test_time_is_reduced_without_what_is_masked(cube, raw, reducer, right):
    red, scl = cube.filter_bands(["B04"]), cube.band("SCL")
    clear = red.mask((scl == 9) | (scl == 3)).reduce_dimension(reducer=reducer, dimension="t")
    same(clear, right(raw["B04"].where(~raw["SCL"].isin([3, 9]))), name="B04")


def test_quantiles_are_linear_between_neighbours(cube, raw):
    red = cube.band("B04")
    third = red.reduce_dimension(
        "t", reducer=lambda data: quantiles(data, probabilities=[0.3]).array_element(0)
    )
    same(third, raw["B04"].quantile(0.3, "t", method="linear"))
    many = red.apply_dimension(
        lambda data: quantiles(data, probabilities=[0.25, 0.5]), dimension="t", target_dimension="bands"
    )
    found = values(many)
    np.testing.assert_allclose(found["1"], raw["B04"].median("t"), rtol=1e-6)


@pytest.mark.parametrize("period", ["month", "season", "dekad", "year"])
def test_periods_have_a_step_each_and_what_is_empty_is_nan(cube, raw, period):
    found = values(cube.filter_bands(["B04"]).aggregate_temporal_period(period, "max"))
    starts = pd.to_datetime(found.t.values)
    for start, end in zip(starts, [*starts[1:], pd.Timestamp("2100-01-01")], strict=True):
        inside = raw["B04"].sel(t=(raw.t >= start) & (raw.t < end))
        right = inside.max("t") if inside.t.size else inside.sum("t", min_count=1)
        np.testing.assert_array_equal(found["B04"].sel(t=start), right)
    if period == "month":
        assert [str(t)[:10] for t in found.t.values] == ["2023-05-01", "2023-06-01", "2023-07-01"]


def test_periods_of_ones_own(cube, raw):
    found = values(
        cube.filter_bands(["B08"]).aggregate_temporal(
            intervals=[["2023-05-01", "2023-06-10"], ["2023-06-10", "2023-08-01"]],
            labels=["2023-05-01", "2023-06-10"],
            reducer="min",
        )
    )
    late = raw["B08"].sel(t=raw.t >= np.datetime64("2023-06-10")).min("t")
    np.testing.assert_array_equal(found["B08"].isel(t=1), late)


def test_a_kernel_sees_what_is_beyond_the_area(cube, connection):
    """As the service reads more than the area, its edge is as if the area were larger."""
    wide = {**AREA, "west": WEST - 100, "east": WEST + 500, "north": NORTH + 100, "south": NORTH - 400}
    larger = connection.load_collection(
        "SENTINEL2_L2A", spatial_extent=wide, temporal_extent=TIME, bands=["B04", "SCL"]
    )
    spread = [
        one.band("SCL").apply(lambda x: x == 9).apply_kernel([[0.04] * 5] * 5) for one in (cube, larger)
    ]
    small, large = (values(one)["var"] for one in spread)
    np.testing.assert_allclose(small, large.sel(x=small.x, y=small.y), atol=1e-6)
    assert small.max() > 0.9


def test_ndvi_by_name_and_as_one_more_band(cube, raw):
    right = (raw["B08"] - raw["B04"]) / (raw["B08"] + raw["B04"])
    same(cube.ndvi(nir="nir", red="red"), right)
    more = values(cube.filter_bands(["B04", "B08"]).ndvi(nir="B08", red="B04", target_band="ndvi"))
    np.testing.assert_allclose(more["ndvi"], right, atol=1e-6)
    np.testing.assert_array_equal(more["B04"], raw["B04"])


def test_bands_are_renamed_added_and_merged(cube, raw):
    ndvi = cube.ndvi(nir="B08", red="B04").add_dimension("bands", "ndvi", type="bands")
    both = cube.filter_bands(["B02"]).rename_labels("bands", ["blue"]).merge_cubes(ndvi)
    found = values(both)
    assert {"blue", "ndvi"} <= set(found.data_vars)
    np.testing.assert_array_equal(found["blue"], raw["B02"])


def test_cubes_that_overlap_are_resolved(cube, raw):
    red, nir = cube.band("B04"), cube.band("B08")
    same(red.merge_cubes(nir, overlap_resolver="max"), np.maximum(raw["B04"], raw["B08"]))
    with pytest.raises(OpenEoApiError) as raised:
        red.merge_cubes(nir).download(format="netCDF")
    assert raised.value.code == "OverlapResolverMissing"


def test_a_polygon_clips(cube, raw):
    triangle = shapely.Polygon(
        [(WEST + 50, NORTH - 250), (WEST + 350, NORTH - 250), (WEST + 200, NORTH - 50)]
    )
    lonlat = shapely.transform(
        triangle, Transformer.from_crs(32632, 4326, always_xy=True).transform, interleaved=False
    )
    x, y = np.meshgrid(raw.x, raw.y)
    inside = shapely.contains_xy(triangle, x, y)
    shape = shapely.geometry.mapping(lonlat)
    masked = values(cube.filter_bands(["B04"]).mask_polygon(shape))["B04"]
    np.testing.assert_array_equal(masked, raw["B04"].where(xr.DataArray(inside, dims=("y", "x"))))
    clipped = values(cube.filter_bands(["B04"]).filter_spatial(shape))["B04"]
    assert (clipped.sizes["y"], clipped.sizes["x"]) == (20, 30)
    np.testing.assert_array_equal(clipped, masked.sel(x=clipped.x, y=clipped.y))


def test_means_of_polygons_as_json_and_csv(cube, raw):
    boxes = [
        shapely.box(WEST, NORTH - 100, WEST + 100, NORTH),
        shapely.box(WEST + 200, NORTH - 300, WEST + 400, NORTH),
    ]
    change = Transformer.from_crs(32632, 4326, always_xy=True).transform
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": shapely.geometry.mapping(shapely.transform(b, change, interleaved=False)),
        }
        for b in boxes
    ]
    means = cube.filter_bands(["B04"]).aggregate_spatial(
        {"type": "FeatureCollection", "features": features}, "mean"
    )
    told = json.loads(means.download(format="JSON"))
    first = raw["B04"].isel(t=0)
    right = [
        float(first.isel(x=slice(0, 10), y=slice(0, 10)).mean()),
        float(first.isel(x=slice(20, 40)).mean()),
    ]
    np.testing.assert_allclose([one[0] for one in told[min(told)]], right, rtol=1e-6)
    table = pd.read_csv(io.BytesIO(means.download(format="CSV")))
    np.testing.assert_allclose(table[min(told)], right, rtol=1e-6)


def test_a_geotiff_has_all_bands_of_a_day_then_the_next(cube, raw):
    data = cube.filter_bands(["B04", "SCL"]).download(format="GTiff")
    with rasterio.open(io.BytesIO(data)) as file:
        assert file.descriptions[:2] == ("B04", "SCL")
        assert file.bounds[0::3] == (WEST, NORTH)
        assert (file.crs.to_epsg(), file.nodata) == (32632, -32768)
        np.testing.assert_array_equal(file.read(3), raw["B04"].isel(t=1))


def test_coarse_bands_alone_have_their_own_pixels(connection):
    cube = connection.load_collection(
        "SENTINEL2_L2A", spatial_extent=AREA, temporal_extent=TIME, bands=["B11", "SCL"]
    )
    found = values(cube)
    assert found.x.values[1] - found.x.values[0] == 20
    fine = values(cube.resample_spatial(resolution=10, method="near"))
    assert fine.x.values[1] - fine.x.values[0] == 10
    np.testing.assert_array_equal(fine["B11"].values[:, ::2, ::2], found["B11"].values)


def test_radar_is_linear_power(connection):
    cube = connection.load_collection(
        "SENTINEL1_GRD", spatial_extent=AREA, temporal_extent=["2023-06-01", "2023-07-01"], bands=["VV", "VH"]
    ).sar_backscatter(coefficient="gamma0-terrain")
    found = values(cube)
    assert found["VV"].dtype == np.float32
    assert 0.05 < float(found["VV"].median()) < 0.2


def test_a_box_in_degrees_is_whole_pixels_around_it(connection):
    change = Transformer.from_crs(32632, 4326, always_xy=True).transform
    west, south = change(WEST + 3, NORTH - 297)
    east, north = change(WEST + 397, NORTH - 3)
    cube = connection.load_collection(
        "SENTINEL2_L2A",
        spatial_extent={"west": west, "south": south, "east": east, "north": north},
        temporal_extent=TIME,
        bands=["B04"],
    )
    found = values(cube)
    assert (found.x.values[0] - 5) % 10 == 0
    assert found.x.values[0] <= WEST + 5
    assert found.y.values[0] >= NORTH - 5


def test_everything_masked_is_all_nan(cube):
    scl = cube.band("SCL")
    found = values(cube.filter_bands(["B04"]).mask(scl >= 0))
    assert np.isnan(found["B04"]).all()


def test_a_polygon_to_load_gives_its_box(connection):
    """As openeo-driver has it: load_collection does not clip."""
    triangle = {
        "type": "Polygon",
        "coordinates": [[[11.5, 48.315], [11.505, 48.315], [11.5, 48.318], [11.5, 48.315]]],
    }
    cube = connection.load_collection(
        "SENTINEL2_L2A", spatial_extent=triangle, temporal_extent=["2023-05-04", "2023-05-05"], bands=["B04"]
    )
    assert not np.isnan(values(cube)["B04"]).any()


def test_a_process_of_the_users_own(connection, cube, raw):
    graph = cube.band("B04").flat_graph()
    next(iter(graph.values()))["arguments"]["bands"] = {"from_parameter": "bands"}
    connection.save_user_defined_process(
        "red", graph, parameters=[{"name": "bands", "schema": {}, "description": ""}]
    )
    found = connection.datacube_from_process("red", bands=BANDS)
    np.testing.assert_array_equal(values(found)["var"], raw["B04"])
    connection.user_defined_process("red").delete()
    assert "red" not in {one["id"] for one in connection.list_user_defined_processes()}
