"""Jobs that give tables: equal to one call, resumed, and added to."""

import geopandas
import numpy as np
import pandas as pd
import pytest

import multisat as ms
from multisat.jobs import How, run_job

SMALL = How(tile=256, batch=4)


def numbers(table):
    return table.drop(columns=["geometry"]).sort_values(["id", "start"]).reset_index(drop=True)


@pytest.fixture
def done(box, planned, ndvi, fields, tmp_path):
    plan = planned(ndvi, fields)
    return plan, run_job(plan, tmp_path / "out", how=SMALL)


def test_a_job_gives_the_table_of_one_call(done):
    plan, report = done
    (path,) = report.outputs
    assert (path.name, report.complete, report.kept) == ("table.parquet", True, 0)
    assert report.units >= 3
    one, job = numbers(plan.run()), numbers(geopandas.read_parquet(path))
    pd.testing.assert_frame_equal(job, one, rtol=1e-12, check_dtype=False)
    assert job["NDVI_mean"].notna().any()


def test_what_is_finished_is_not_read_again_and_gives_the_same_bytes(done, asked, tmp_path):
    plan, report = done
    before = report.outputs[0].read_bytes()
    asked()
    again = run_job(plan, tmp_path / "out", how=SMALL)
    assert (again.units, again.kept, asked()) == (0, 24, 0)
    assert again.outputs[0].read_bytes() == before


def test_numbers_do_not_depend_on_how_features_are_grouped(done, planned, ndvi, fields, tmp_path):
    _, report = done
    other = run_job(planned(ndvi, fields), tmp_path / "other", how=How(tile=1024, batch=100, workers=1))
    assert other.units < report.units
    assert other.outputs[0].read_bytes() == report.outputs[0].read_bytes()


def test_new_features_do_only_what_is_new(box, planned, ndvi, fields, asked, tmp_path):
    """Also if they lie further west and north, so that the whole grid is another."""
    some, rest = ms.AOIs(fields.areas[1:11]), 2
    run_job(planned(ndvi, some), tmp_path / "out", how=SMALL)
    plan = planned(ndvi, fields)
    added = run_job(plan, tmp_path / "out", how=SMALL)
    assert added.kept == 10 * 2
    whole = run_job(plan, tmp_path / "whole", how=SMALL)
    assert added.units <= rest < whole.units
    assert added.outputs[0].read_bytes() == whole.outputs[0].read_bytes()


def test_new_dates_do_only_what_is_new(box, planned, ndvi, fields, tmp_path):
    run_job(planned(ndvi, fields, "2023-05"), tmp_path / "out", how=SMALL)
    plan = planned(ndvi, fields, "2023-05/2023-07")
    added = run_job(plan, tmp_path / "out", how=SMALL)
    assert added.kept == 12
    whole = run_job(plan, tmp_path / "whole", how=SMALL)
    assert added.outputs[0].read_bytes() == whole.outputs[0].read_bytes()
    assert geopandas.read_parquet(added.outputs[0])["start"].nunique() == 3


def test_what_depends_on_its_neighbours_in_time_is_done_anew(box, planned, fields, tmp_path):
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("month", "mean").interpolate().zonal("mean")
    run_job(planned(recipe, fields, "2023-05"), tmp_path / "out", how=SMALL)
    added = run_job(planned(recipe, fields, "2023-05/2023-06"), tmp_path / "out", how=SMALL)
    assert added.kept == 0


def test_overpasses_have_rows_with_the_share_of_cloud(box, planned, fields, tmp_path):
    recipe = ms.Recipe().mask("clear").index("NDVI").zonal("mean", "valid")
    plan = planned(recipe, fields, "2023-05")
    report = run_job(plan, tmp_path / "out", how=SMALL)
    one, job = numbers(plan.run()), numbers(geopandas.read_parquet(report.outputs[0]))
    assert job["end"].isna().all()
    pd.testing.assert_frame_equal(job, one, rtol=1e-12, check_dtype=False)
    assert job["cloud"].max() > 0.5


@pytest.mark.parametrize("store", ["csv", "gpkg"])
def test_other_forms(box, planned, ndvi, fields, tmp_path, store):
    report = run_job(planned(ndvi, fields, "2023-05"), tmp_path / "out", how=How(tile=1024, store=store))
    read = pd.read_csv if store == "csv" else geopandas.read_file
    found = read(report.outputs[0])
    assert (len(found), report.outputs[0].name) == (12, f"table.{store}")
    assert np.isfinite(found["NDVI_count"]).all()


def test_a_table_is_no_cog(box, planned, ndvi, fields, tmp_path):
    with pytest.raises(ms.UsageError, match="the recipe gives a table, no cog"):
        run_job(planned(ndvi, fields), tmp_path / "out", how=How(store="cog"))
    assert not (tmp_path / "out").exists()


NDVI = ms.Recipe().mask("clear").index("NDVI")
RECIPES = {
    "anomaly": (ms.Recipe().index("NDVI").composite("month").anomaly("2021", "difference"), "2023-06"),
    "clearest": (NDVI.composite("month", "clearest_scene"), "2023-05/2023-06"),
    "greenest": (NDVI.composite("dekad", "greenest"), "2023-05"),
    "quantile": (NDVI.composite(None, "quantile", q=0.9), "2023-05/2023-07"),
    "smooth": (NDVI.composite("month").smooth("whittaker"), "2023-04/2023-08"),
    "clip": (NDVI.composite("month").clip(), "2023-05"),
    "days": (NDVI.composite("16d", "mean"), "2023-05/2023-06"),
}


@pytest.mark.parametrize("name", RECIPES)
def test_any_recipe_gives_the_numbers_of_one_call(box, planned, fields, tmp_path, name):
    recipe, dates = RECIPES[name]
    plan = planned(recipe.zonal("mean", "q10", "count", "std"), fields, dates)
    report = run_job(plan, tmp_path / "out", how=SMALL)
    one, job = numbers(plan.run()), numbers(geopandas.read_parquet(report.outputs[0]))
    assert one["NDVI_mean"].notna().any()
    pd.testing.assert_frame_equal(job, one, rtol=1e-9, atol=1e-12, check_dtype=False)
