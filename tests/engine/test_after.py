"""What comes after the composite: filling, smoothing, anomalies, the clip."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from rasterio.features import geometry_mask
from rasterio.transform import from_origin

from multisat.engine import run
from multisat.errors import NothingFound, UsageError
from multisat.steps import Steps

from .conftest import NORTH, WEST

CLEAR = ["cloud", "shadow"]


def test_gaps_are_filled_along_time(archive, plain):
    cube = run(archive.task(Steps().mask(CLEAR).index("NDVI").interpolate(limit=12)), access=plain)
    days = np.array([(t - archive.times[0]).total_seconds() / 86400 for t in archive.times])
    ndvi = archive.ndvi().astype(np.float64)
    for row, column in np.ndindex(30, 30):
        series = ndvi[:, row, column]
        known = np.flatnonzero(~np.isnan(series))
        right = np.interp(days, days[known], series[known], left=np.nan, right=np.nan)
        for before, after in pairwise(known):
            if days[after] - days[before] > 12:
                right[before + 1 : after] = np.nan
        np.testing.assert_allclose(cube.NDVI.values[:, row, column], right, rtol=1e-6)


def test_periods_are_filled_by_their_first_days_and_keep_their_count(archive, plain):
    steps = Steps().mask(CLEAR).index("NDVI").composite("month")
    plain_cube = run(archive.task(steps), access=plain)
    cube = run(archive.task(steps.interpolate()), access=plain)
    february, april = plain_cube.NDVI.values[1].astype(float), plain_cube.NDVI.values[3].astype(float)
    right = february + (april - february) * 28 / 59
    both = ~np.isnan(right)
    np.testing.assert_allclose(cube.NDVI.values[2][both], right[both], rtol=1e-6)
    np.testing.assert_array_equal(cube["count"], plain_cube["count"])


def test_whittaker_solves_its_equations(archive, plain):
    steps = Steps().mask(CLEAR).index("NDVI").composite("16d")
    rough = run(archive.task(steps), access=plain).NDVI.values.astype(np.float64)
    smooth = run(archive.task(steps.smooth(smoothness=5)), access=plain).NDVI
    assert smooth.attrs["smoothed"].startswith("smoothed by Whittaker")
    bend = np.diff(np.eye(len(rough)), 2, axis=0)
    for row, column in np.ndindex(12, 12):
        series = rough[:, row, column]
        known = np.flatnonzero(~np.isnan(series))
        span = slice(known[0], known[-1] + 1)
        weights = np.diag(~np.isnan(series[span]) * 1.0)
        inner = np.diff(np.eye(len(weights)), 2, axis=0)
        right = np.linalg.solve(weights + 5 * inner.T @ inner, np.nan_to_num(series[span]) @ weights)
        np.testing.assert_allclose(smooth.values[span, row, column], right, rtol=1e-5)
    assert len(bend)


@pytest.mark.parametrize("kind", ["difference", "ratio", "standardised"])
def test_anomalies_are_to_the_same_months_of_the_baseline(archive, plain, kind):
    years = (*archive.earlier(3), *archive.earlier(2, shift=4), *archive.earlier(1, shift=7))
    steps = Steps().mask(CLEAR).index("NDVI").composite("month", "max")
    now = run(archive.task(steps), access=plain)
    cube = run(archive.task(steps.anomaly("2020/2022", kind), baseline=years), access=plain)
    moved = [np.roll(archive.ndvi(), -shift, axis=0) for shift in (0, 4, 7)]
    for month, some in ((0, range(4)), (1, range(4, 7)), (3, range(7, 11))):
        like = np.stack([np.fmax.reduce(one[list(some)]) for one in moved]).astype(np.float64)
        like = np.ma.masked_invalid(like)
        mean, std = like.mean(0).filled(np.nan), like.std(0).filled(np.nan)
        value = now.NDVI.values[month].astype(np.float64)
        with np.errstate(all="ignore"):
            right = {
                "difference": value - mean,
                "ratio": value / mean,
                "standardised": np.where(std > 0, (value - mean) / std, np.nan),
            }[kind]
        np.testing.assert_allclose(cube.NDVI.values[month], right, rtol=1e-5, atol=1e-7)
    assert cube.NDVI.isnull().values[2].all()
    np.testing.assert_array_equal(cube["count"], now["count"])
    assert cube.NDVI.attrs["anomaly"].startswith(kind)


def test_months_that_are_not_compared_are_not_read(archive, plain):
    told = []
    steps = Steps().mask(CLEAR).index("NDVI").composite("month").anomaly("2021/2022")
    years = (*archive.earlier(2), *archive.earlier(1))
    run(
        archive.task(steps, time="2023-02", baseline=years),
        access=plain,
        progress=lambda done, total: told.append(total),
    )
    assert set(told) == {3 + 2 * 3}


def test_a_baseline_without_scenes_is_an_error(archive, plain):
    steps = Steps().index("NDVI").composite("month").anomaly("2021/2022")
    with pytest.raises(NothingFound, match="baseline"):
        run(archive.task(steps), access=plain)
    with pytest.raises(NothingFound, match="calendar periods"):
        run(archive.task(steps, time="2023-02", baseline=archive.earlier(9)), access=plain)


@pytest.mark.parametrize("composed", [True, False])
def test_pixels_with_their_centre_outside_are_dropped(archive, plain, composed):
    area = shapely.Polygon([(600105, 5339333), (600705, 5339215), (600777, 5339905), (600333, 5339600)])
    steps = Steps().mask(CLEAR).index("NDVI")
    steps = steps.composite("month") if composed else steps
    whole = run(archive.task(steps, area=area), access=plain)
    cube = run(archive.task(steps.clip(), area=area), access=plain)
    outside = geometry_mask([area], (80, 80), from_origin(WEST, NORTH, 10, 10))
    centres = np.meshgrid(cube.x, cube.y)
    np.testing.assert_array_equal(shapely.contains_xy(area, *centres), ~outside)
    np.testing.assert_array_equal(cube.NDVI, np.where(outside, np.nan, whole.NDVI))
    layer, fill = ("count", 0) if composed else ("mask", 1)
    np.testing.assert_array_equal(cube[layer], np.where(outside, fill, whole[layer]))


def test_an_area_without_pixels_is_an_error(archive, plain):
    speck = shapely.box(600101, 5339601, 600103, 5339603)
    with pytest.raises(UsageError, match="no pixel has its centre inside"):
        run(archive.task(Steps().index("NDVI").clip(), area=speck), access=plain)
