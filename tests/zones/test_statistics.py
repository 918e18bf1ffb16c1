"""Statistics of areas, judged by exactextract on the whole raster in its own CRS."""

import numpy as np
import pytest
import shapely

from multisat.errors import UsageError
from multisat.model import AOI
from multisat.zones import summarise, weigh

STATS = ["mean", "sum", "min", "max", "std", "count", "median", "q10", "q90", "q2.5", "q0", "q100", "valid"]
OPS = {
    "mean": "mean",
    "sum": "sum",
    "min": "min",
    "max": "max",
    "std": "stdev",
    "count": "count",
    "median": "median",
    "q10": "quantile(q=0.1)",
    "q90": "quantile(q=0.9)",
    "q2.5": "quantile(q=0.025)",
    "q0": "quantile(q=0)",
    "q100": "quantile(q=1)",
}


def noise(grid, seed, steps=2, empty=0.3):
    """Smooth hills with noise and holes."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: grid.shape[0], : grid.shape[1]]
    hills = np.sin(x / 50) + np.cos(y / 80)
    values = (hills + rng.normal(0, 0.2, (steps, *grid.shape))).astype(np.float32)
    values[rng.random(values.shape) < empty] = np.nan
    return values


def same(table, band, judge, values, shapes, stats=OPS, nodata=None):
    """Compare each row with exactextract's answer for each time step."""
    for step, layer in enumerate(values):
        found = table[table["start"].dt.month == step + 1]
        truth = judge(layer, shapes, {stat: OPS[stat] for stat in stats}, nodata)
        for stat in stats:
            np.testing.assert_allclose(
                found[f"{band}_{stat}"], truth[stat], rtol=1e-6, atol=1e-6, err_msg=f"{stat}, step {step}"
            )


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("empty", [0.0, 0.3, 0.97])
@pytest.mark.filterwarnings("ignore:areas without a pixel")
def test_statistics_equal_exactextract(zones, shapes, grid, rows, judge, seed, empty):
    values = noise(grid, seed, empty=empty)
    table = rows(zones(seed), grid, {"ndvi": values}, STATS)
    same(table, "ndvi", judge, values, shapes(seed))


@pytest.mark.filterwarnings("ignore:areas without a pixel")
def test_ties_count_as_one_value_with_all_their_weight(zones, shapes, grid, rows, judge):
    values = np.round(noise(grid, 7) * 4) / 4
    table = rows(zones(7), grid, {"v": values}, ["median", "q10", "q90", "q2.5"])
    same(table, "v", judge, values, shapes(7), ["median", "q10", "q90", "q2.5"])


@pytest.mark.filterwarnings("ignore:areas without a pixel")
def test_whole_numbers_have_their_no_data(zones, shapes, grid, rows, judge):
    values = np.nan_to_num(noise(grid, 3) * 1000, nan=-9999).astype(np.int16)
    attrs = {"red": {"nodata": -9999}}
    table = rows(zones(3), grid, {"red": values}, STATS, attrs=attrs)
    exact = [s for s in STATS if s in OPS and not s.startswith(("median", "q"))]
    same(table, "red", judge, values, shapes(3), exact, nodata=-9999)
    between = np.where(values == -9999, np.nan, values.astype(float))  # it cuts quantiles of whole numbers
    same(table, "red", judge, between, shapes(3), [s for s in OPS if s not in exact])


def test_a_no_data_that_is_no_number_of_the_type_is_refused(grid, rows):
    values = np.zeros((1, *grid.shape), dtype=np.int16)
    square = AOI(geometry=shapely.box(500000, 4999000, 500500, 4999500), crs=grid.crs)
    with pytest.raises(UsageError, match="nan is no int16"):
        rows(square, grid, {"red": values}, ["mean"], attrs={"red": {"nodata": np.nan}})


@pytest.mark.filterwarnings("ignore:areas without a pixel")
def test_large_whole_numbers_keep_all_digits(zones, shapes, grid, rows, judge):
    values = 2**24 + np.random.default_rng(0).integers(0, 9, (1, *grid.shape), dtype=np.int32)
    table = rows(zones(3), grid, {"id": values}, ["min", "max", "median"])
    truth = judge(values[0], shapes(3), {"min": "min", "max": "max"})
    for stat in ("min", "max"):
        np.testing.assert_array_equal(table[f"id_{stat}"], truth[stat])
    same(table, "id", judge, values.astype(float), shapes(3), ["median"])


def test_a_small_spread_about_a_large_mean_is_kept(grid, rows):
    values = 1e6 + np.random.default_rng(1).normal(0, 1e-3, (1, *grid.shape))
    shape = shapely.box(*grid.bounds)
    table = rows(AOI(geometry=shape, crs=grid.crs), grid, {"v": values}, ["std"])
    assert table["v_std"][0] == pytest.approx(values.std(), rel=1e-6)


def test_valid_is_a_share_of_the_whole_area_outside_included(grid, rows):
    left, _, _, top = grid.bounds
    half_out = AOI(geometry=shapely.box(left - 1000, top - 1000, left + 1000, top), crs=grid.crs)
    values = np.zeros((1, *grid.shape), dtype=np.float32)
    values[0, :50] = np.nan
    table = rows(half_out, grid, {"v": values}, ["valid", "count"])
    assert table["v_valid"][0] == pytest.approx(0.25, abs=1e-6)
    assert table["v_count"][0] == pytest.approx(50 * 100, abs=1e-3)


def test_an_area_without_a_value_has_nan_and_count_0(grid, rows):
    shape = shapely.box(500100, 4999000, 500200, 4999100)
    nothing = np.full((2, *grid.shape), np.nan, dtype=np.float32)
    table = rows(AOI(geometry=shape, crs=grid.crs), grid, {"v": nothing}, STATS)
    numbers = table[[f"v_{s}" for s in STATS]].iloc[0].to_dict()
    assert {n: v for n, v in numbers.items() if v == 0} == {"v_sum": 0, "v_count": 0, "v_valid": 0}
    assert sum(np.isnan(v) for v in numbers.values()) == len(STATS) - 3


def test_areas_outside_are_told_and_have_rows(grid, cut, months, zones):
    weights = weigh(zones(0), grid)
    with pytest.warns(UserWarning, match="without a pixel on the grid: z14"):
        table = summarise(weights, cut(weights, {"v": noise(grid, 0, 1)}), months(1), ["mean", "valid", "q5"])
    outside = table[table["id"] == "z14"].iloc[0]
    assert outside["v_valid"] == 0
    assert np.isnan(outside["v_mean"])
    assert np.isnan(outside["v_q5"])


def test_infinite_values_are_values(grid, rows, judge):
    values = np.ones((1, *grid.shape), dtype=np.float32)
    values[0, 3, 3], values[0, 4, 4] = np.inf, np.nan
    shape = shapely.box(500000, 4999900, 500100, 5000000)
    stats = ["mean", "max", "min", "median", "count", "sum", "q0"]
    same(
        rows(AOI(geometry=shape, crs=grid.crs), grid, {"v": values}, stats),
        "v",
        judge,
        values,
        [shape],
        stats,
    )


def test_a_point_has_the_value_of_its_pixel(grid, rows):
    values = noise(grid, 0, empty=0)
    point = AOI(geometry=shapely.Point(500055, 4999985), crs=grid.crs)
    table = rows(point, grid, {"v": values}, ["mean", "median", "std", "valid", "count"])
    assert table["v_mean"].tolist() == values[:, 1, 5].astype(float).tolist()
    assert table["v_median"].tolist() == table["v_mean"].tolist()
    assert table[["v_std", "v_valid", "v_count"]].to_numpy().tolist() == [[0, 1, 1]] * 2
