"""Without a composite a result is what load gives, with formulas beside."""

import json

import numpy as np
import pytest
import xarray as xr

from multisat.cube import load
from multisat.engine import run
from multisat.errors import NothingFound, UsageError
from multisat.steps import Steps


def test_bands_masks_and_coordinates_are_loads(archive, plain):
    steps = Steps().bands("red", "nir").mask(["cloud", "shadow"], dilate=20)
    cube = run(archive.task(steps), access=plain)
    wanted = load(
        archive.scenes, ["red", "nir"], access=plain, mask=["cloud", "shadow"], dilate=20, like=archive.grid
    )
    xr.testing.assert_equal(cube, wanted)
    assert list(cube.data_vars) == ["red", "nir", "mask"]
    for name in wanted.data_vars:
        assert {k: v for k, v in cube[name].attrs.items() if k != "masked"} == wanted[name].attrs
    assert {k: v for k, v in cube.attrs.items() if k != "recipe"} == wanted.attrs


def test_formulas_are_made_in_double_precision(archive, plain):
    cube = run(archive.task(Steps().mask(["cloud", "shadow"]).index("NDVI")), access=plain)
    np.testing.assert_array_equal(cube.NDVI, archive.ndvi())
    assert cube.NDVI.dtype == np.float32


def test_formulas_are_nan_where_they_are_not_finite(archive, plain):
    steps = (
        Steps().index("log(red - 0.3) + 1 / (green - green)", name="wild").index("log(red - 0.3)", name="log")
    )
    cube = run(archive.task(steps), access=plain)
    assert cube.wild.isnull().all()
    assert "mask" not in cube
    with np.errstate(all="ignore"):
        right = np.log(archive.band("red", masked=False).astype(np.float64) - 0.3).astype(np.float32)
    right[~np.isfinite(right)] = np.nan
    np.testing.assert_allclose(cube.log, right, rtol=1e-6)


def test_a_part_of_the_grid(archive, plain):
    steps = Steps().mask(["cloud", "shadow"]).index("NDVI")
    cube = run(archive.task(steps, grid=archive.part(13, 20, 40, 50)), access=plain)
    np.testing.assert_array_equal(cube.NDVI, archive.ndvi()[:, 13:53, 20:70])


def test_variables_say_how_they_were_made(archive, plain):
    steps = Steps().bands("red").mask(["cloud"]).index("NDVI").composite("month", "quantile", q=0.9)
    cube = run(archive.task(steps), access=plain)
    assert cube.NDVI.attrs == {
        "long_name": "NDVI",
        "units": "1",
        "formula": "(nir - red) / (nir + red)",
        "why": "a test",
        "source_bands": "nir (nir), red (red)",
        "reducer": "quantile 0.9",
        "masked": "nodata, cloud",
        "reader": "gdal: 22 files",
    }
    assert cube.red.attrs["long_name"] == "red"
    assert cube.red.attrs["reader"] == "gdal: 11 files"
    assert Steps.from_dict(json.loads(cube.attrs["recipe"])) == steps
    assert "\n" not in cube.attrs["recipe"]
    assert cube.rio.crs.to_epsg() == 32632


def test_nothing_to_compute_or_to_read_is_an_error(archive, plain):
    with pytest.raises(UsageError, match="nothing is computed"):
        run(archive.task(Steps().mask("clear")), access=plain)
    with pytest.raises(NothingFound, match="time range"):
        run(archive.task(Steps().index("NDVI"), time="2022"), access=plain)
    with pytest.raises(UsageError, match="no scene can tell adjacent"):
        run(archive.task(Steps().mask("adjacent").index("NDVI")), access=plain)
    with pytest.raises(UsageError, match="errors cannot be"):
        run(archive.task(Steps().index("NDVI")), access=plain, errors="ignore")


def test_presets_are_made_for_all_sensors(archive, plain):
    cube = run(archive.task(Steps().bands("red").mask("clear")), access=plain)
    np.testing.assert_array_equal(cube["mask"], archive.masked((1, 3, 7, 8, 9, 10)))
