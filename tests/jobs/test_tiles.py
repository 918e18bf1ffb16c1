"""Jobs that give pixels: a COG per tile and period, or one store, equal to one call."""

import numpy as np
import orjson
import pytest
import rasterio
import xarray as xr

import multisat as ms
from multisat.jobs import How, run_job

BANDS = ms.Recipe().mask("clear").bands("red", "nir").composite("month", "median")
TILES = How(tile=256)


@pytest.fixture(scope="module")
def plan(box):
    def make(dates="2023-05/2023-06", recipe=BANDS):
        area = (11.475, 48.30, 11.54, 48.342)
        return recipe.plan(area, dates, on="planetary-computer", resolution=10)

    return make


def names(report):
    return [path.name for path in report.outputs]


def test_tiles_put_together_are_the_pixels_of_one_call(plan, tmp_path):
    report = run_job(plan(), tmp_path / "out", how=TILES)
    whole = plan().run()
    rows, columns = whole.red.shape[1:]
    across, down = -(-columns // 256), -(-rows // 256)
    assert (report.units, len(report.outputs)) == (across * down, 2 * across * down)
    seen = np.zeros((rows, columns), dtype=int)
    for path in report.outputs:
        with rasterio.open(path) as file:
            month = path.stem.partition("_")[2]
            when = np.datetime64(f"{month[:4]}-{month[4:6]}-{month[6:]}")
            left, top = ~whole.rio.transform() * (file.transform.c, file.transform.f)
            part = np.s_[round(top) : round(top) + file.height, round(left) : round(left) + file.width]
            seen[part] += 1
            for number, name in enumerate(file.descriptions, 1):
                np.testing.assert_array_equal(file.read(number), whole[name].sel(time=when).values[part])
    assert (seen == 2).all()


def test_a_catalogue_lists_the_items(plan, tmp_path):
    pystac = pytest.importorskip("pystac")
    report = run_job(plan("2023-05"), tmp_path / "out", how=TILES)
    catalogue = pystac.Catalog.from_file(str(tmp_path / "out" / "catalog.json"))
    items = list(catalogue.get_items())
    assert sorted(item.id for item in items) == sorted(path.stem for path in report.outputs)
    assert items[0].properties["proj:code"] == "EPSG:32632"


def test_new_dates_and_a_file_that_went_missing(plan, asked, tmp_path):
    first = run_job(plan("2023-05"), tmp_path / "out", how=TILES)
    lost = first.outputs[0]
    before = lost.read_bytes()
    lost.unlink()
    asked()
    mended = run_job(plan("2023-05"), tmp_path / "out", how=TILES)
    assert (mended.units, lost.read_bytes() == before) == (1, True)
    assert asked() > 0
    more = run_job(plan("2023-05/2023-06"), tmp_path / "out", how=TILES)
    assert more.kept == len(first.outputs)
    assert len(more.outputs) == 2 * len(first.outputs)


def test_one_store_is_written_by_region(plan, asked, tmp_path):
    how = How(tile=256, store="zarr")
    report = run_job(plan(), tmp_path / "out", how=how)
    assert names(report) == ["cube.zarr"]
    whole = plan().run()
    with xr.open_zarr(report.outputs[0], chunks=None) as store:
        np.testing.assert_array_equal(store.red.values, whole.red.values)
        np.testing.assert_array_equal(store["count"].values, whole["count"].values)
        np.testing.assert_array_equal(store.time.values, whole.time.values)
    asked()
    assert (run_job(plan(), tmp_path / "out", how=how).units, asked()) == (0, 0)
    with pytest.raises(ms.UsageError, match=r"cube.zarr holds other times"):
        run_job(plan("2023-05/2023-07"), tmp_path / "out", how=how)


def test_overpasses_as_tiles(plan, tmp_path):
    looks = ms.Recipe().mask("clear").bands("red")
    report = run_job(plan("2023-05", looks), tmp_path / "out", how=TILES)
    item = orjson.loads(report.outputs[0].with_suffix(".json").read_bytes())
    assert item["properties"]["datetime"].startswith("2023-05-04T10:10")


def test_tiles_that_do_not_fit_into_memory_are_refused_before_anything_is_read(plan, asked, tmp_path):
    made = plan()
    asked()
    with pytest.raises(ms.UsageError, match="2 units of up to"):
        run_job(made, tmp_path / "out", how=How(tile=4096, max_memory=0.6))
    assert asked() == 0
