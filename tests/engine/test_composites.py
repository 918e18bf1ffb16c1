"""Periods and reducers against plain NumPy on the stored numbers."""

import warnings

import numpy as np
import pytest

from multisat.engine import run
from multisat.steps import Steps

MONTHS = (range(4), range(4, 7), range(7, 7), range(7, 11))
"""Time steps of January to April."""
NUMPY = {
    "median": np.nanmedian,
    "mean": np.nanmean,
    "min": np.nanmin,
    "max": np.nanmax,
    "std": np.nanstd,
    "first": lambda v, axis: _at(v, np.argmax(~np.isnan(v), axis)),
    "last": lambda v, axis: _at(v, len(v) - 1 - np.argmax(~np.isnan(v[::-1]), axis)),
    "count": lambda v, axis: (~np.isnan(v)).sum(axis),
    "quantile": lambda v, axis: np.nanquantile(v, 0.8, axis=axis),
}


def _at(values, index):
    return np.take_along_axis(values, index[np.newaxis], 0)[0]


def monthly(values, reducer):
    """Reduce each month by NumPy in double precision."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of pixels without any number
        made = [
            NUMPY[reducer](values[list(steps)].astype(np.float64), axis=0)
            if len(steps)
            else np.full(values.shape[1:], 0 if reducer == "count" else np.nan)
            for steps in MONTHS
        ]
    return np.stack(made)


@pytest.mark.parametrize("reducer", NUMPY)
def test_reducers_are_numpys(archive, plain, reducer):
    q = 0.8 if reducer == "quantile" else None
    steps = Steps().bands("green").mask(["cloud", "shadow"]).index("NDVI").composite("month", reducer, q=q)
    cube = run(archive.task(steps), access=plain)
    for name, right in (("green", archive.band("green")), ("NDVI", archive.ndvi())):
        assert cube[name].dtype == np.float32
        np.testing.assert_allclose(cube[name].values, monthly(right, reducer), rtol=2e-7, atol=1e-9)


def test_periods_are_labelled_and_looks_are_counted(archive, plain):
    steps = Steps().bands("green").mask(["cloud", "shadow"]).index("NDVI").composite("month")
    cube = run(archive.task(steps), access=plain)
    months = [f"2023-0{month}-01T00:00:00" for month in range(1, 6)]
    assert cube.time.dtype == "datetime64[ns]"
    assert [str(t)[:19] for t in cube.time.values] == months[:4]
    assert [str(t)[:19] for t in cube.period_end.values] == months[1:]
    assert cube.looks.values.tolist() == [4, 3, 0, 4]
    seen = ~np.isnan(archive.band("green")) | ~np.isnan(archive.ndvi())
    right = [seen[list(one)].sum(0) if len(one) else 0 * seen[0] for one in MONTHS]
    assert cube["count"].dtype == np.uint16
    np.testing.assert_array_equal(cube["count"], right)
    assert np.isnan(cube.NDVI.values[2]).all()


def test_time_steps_outside_the_range_do_not_count(archive, plain):
    steps = Steps().bands("red").composite("month", "mean")
    cube = run(archive.task(steps, time="2023-01-08/2023-02-02"), access=plain)
    assert cube.looks.values.tolist() == [3, 1]
    red = archive.band("red", masked=False)
    np.testing.assert_array_equal(cube.red.values[1], red[4])
    np.testing.assert_allclose(
        cube.red.values[0], np.ma.masked_invalid(red[1:4].astype(float)).mean(0).filled(np.nan), rtol=1e-6
    )


def test_one_value_over_all(archive, plain):
    cube = run(archive.task(Steps().bands("red").composite(None, "max")), access=plain)
    np.testing.assert_array_equal(cube.red.values[0], np.fmax.reduce(archive.band("red", masked=False)))
    assert str(cube.time.values[0])[:10] == "2023-01-01"
    assert str(cube.period_end.values[0])[:10] == "2023-05-01"


def chosen(archive, scores, *, steps):
    """Take all bands of the look of the lowest score of those that have a value; the earliest of equals."""
    bands = {name: archive.band(name)[list(steps)] for name in ("red", "nir")}
    seen = ~np.isnan(bands["red"]) | ~np.isnan(bands["nir"])
    scores = np.where(seen, scores, np.inf)
    index, found = scores.argmin(0), np.isfinite(scores).any(0)
    return {name: np.where(found, _at(values, index), np.nan) for name, values in bands.items()}


def test_the_greenest_look(archive, plain):
    steps = Steps().bands("red", "nir").mask(["cloud", "shadow"]).composite("month", "greenest")
    cube = run(archive.task(steps), access=plain)
    ndvi = archive.ndvi()[4:7]
    right = chosen(archive, np.where(np.isnan(ndvi), np.inf, -ndvi), steps=range(4, 7))
    np.testing.assert_array_equal(cube.red.values[1], right["red"])
    np.testing.assert_array_equal(cube.nir.values[1], right["nir"])


def test_the_clearest_scene(archive, plain):
    steps = Steps().bands("red", "nir").mask(["cloud", "shadow"]).composite("month", "clearest_scene")
    cube = run(archive.task(steps), access=plain)
    cover = [1e9 if c is None else c for c in archive.cover[:4]]
    right = chosen(archive, np.array(cover)[:, np.newaxis, np.newaxis], steps=range(4))
    np.testing.assert_array_equal(cube.red.values[0], right["red"])
    np.testing.assert_array_equal(cube.nir.values[0], right["nir"])


def test_the_medoid_is_one_of_the_looks(archive, plain):
    steps = Steps().bands("red", "nir").mask(["cloud", "shadow"]).composite("month", "medoid")
    cube = run(archive.task(steps), access=plain)
    red, nir = (archive.band(name)[7:11].astype(np.float64) for name in ("red", "nir"))
    for row, column in np.ndindex(20, 20):
        looks = [
            (a, b)
            for a, b in zip(red[:, row, column], nir[:, row, column], strict=True)
            if not np.isnan(a + b)
        ]
        got = cube.red.values[3, row, column], cube.nir.values[3, row, column]
        if not looks:
            assert np.isnan(got).all()
            continue
        sums = [sum(np.hypot(a - c, b - d) for c, d in looks) for a, b in looks]
        assert got == looks[int(np.argmin(sums))]


def test_the_lowest_cloud_probability_needs_the_band(archive, plain):
    steps = Steps().bands("red").composite("month", "lowest_cloud")
    with pytest.warns(UserWarning, match="lack the band cloud_probability"):
        cube = run(archive.task(steps), access=plain)
    assert cube.red.isnull().all()
