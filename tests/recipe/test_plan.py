"""A plan: what it says before anything is read, and what it refuses."""

import json

import pytest

import multisat as ms
from multisat.cube import MultisatWarning
from multisat.sandbox import Fault

NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")
PC = {"on": "planetary-computer"}


def test_a_plan_says_what_will_be_done_and_reads_no_file(field, reached):
    with reached() as seen:
        plan = NDVI.plan(field, "2023-05/2023-07", **PC)
        said = plan.explain()
    assert seen.files == []
    assert seen.searches
    assert [scene.datetime.month for scene in plan.task.scenes] == [5, 5, 6, 6, 6, 7, 7, 7]
    assert [f"{one.label}" for one in plan.task.periods] == ["2023-05-01", "2023-06-01", "2023-07-01"]
    assert plan.task.grid.crs == "EPSG:32632"
    assert plan.task.grid.resolution == (10, 10)
    assert str(plan) == said
    rows, columns = plan.task.grid.shape
    for text in (
        "read: 8 scenes of sentinel-2-l2a from planetary-computer",
        f"grid: {rows} x {columns} pixels (y, x) of 10 in EPSG:32632",
        "bands: nir [1], red [1], float32, NaN where there is no data",
        "pixels of class nodata, saturated, shadow, uncertain, cloud, cirrus, adjacent do not count",
        "NDVI = (nir - red) / (nir + red)",
        "median of the clear looks of each month (UTC), with their count",
        "periods: 3 (2023-05-01, 2023-06-01, 2023-07-01)",
        f"gives: NDVI (float32), count (uint16); time 3, y {rows}, x {columns}",
        f"cost: {plan.cost()}",
    ):
        assert text in said


def test_what_was_planned_is_what_comes_out(field):
    plan = NDVI.plan(field, "2023-05", **PC)
    cube = plan.run()
    assert cube["NDVI"].dims == ("time", "y", "x")
    assert (cube["NDVI"].shape, cube["NDVI"].dtype) == ((1, *plan.task.grid.shape), "float32")
    assert (cube["count"].dtype, cube["looks"].values.tolist()) == ("uint16", [2])
    assert json.loads(cube.attrs["recipe"]) == NDVI.to_dict()
    assert str(cube.rio.crs) == plan.task.grid.crs
    assert cube.multisat.geobox == plan.task.grid.geobox


def test_time_steps_that_are_kept_are_told(field):
    plan = ms.Recipe().bands("red").mask("cloud").plan(field, "2023-05", **PC)
    assert plan.task.periods == ()
    assert "gives: red (float32), mask (uint8); time one per overpass" in plan.explain()
    assert list(plan.run().data_vars) == ["red", "mask"]


def test_a_table_is_told_by_features_and_periods(box):
    both = ms.AOIs.of([box.places["munich"], ms.AOI.of((11.50, 48.315, 11.505, 48.318))])
    plan = NDVI.zonal("mean").plan(both, "2023-05/2023-06", **PC)
    assert len(plan.task.features) == 2
    assert "gives: a table of 2 features x 2" in plan.explain()


def test_many_periods_are_told_briefly(field):
    plan = ms.Recipe().index("NDVI").composite("dekad").plan(field, "2023", **PC)
    assert "periods: 36 (2023-01-01, 2023-01-11, 2023-01-21, ..., 2023-12-21)" in plan.explain()


def test_a_plan_is_json_without_addresses(field):
    plan = NDVI.plan(field, "2023-05", **PC)
    data = json.loads(json.dumps(plan.to_dict()))
    assert data["recipe"] == NDVI.to_dict()
    assert [one["id"][:19] for one in data["scenes"]] == ["S2A_MSIL2A_20230504", "S2A_MSIL2A_20230514"]
    assert {one["baseline"] for one in data["scenes"]} == {"05.09"}
    assert "http" not in json.dumps(data)
    assert tuple(data["grid"]["shape"]) == plan.task.grid.shape


def test_the_scenes_of_a_baseline_are_part_of_the_plan(field, reached):
    recipe = ms.Recipe().index("NDVI").composite("month").anomaly("2021", "difference")
    with reached() as seen:
        plan = recipe.plan(field, "2023-06", **PC)
    assert seen.files == []
    assert [scene.datetime.year for scene in plan.task.baseline] == [2021]
    assert plan.cost().scenes == len(plan.task.scenes) + 1
    assert [one["id"][11:15] for one in plan.to_dict()["baseline"]] == ["2021"]
    assert "4 scenes" in plan.explain()


@pytest.mark.parametrize(
    ("recipe", "time", "collection"),
    [
        (ms.Recipe().bands("red"), "2023-05", "sentinel-2-l2a"),
        (ms.Recipe().index("vh / vv", name="cross"), "2023-06", "sentinel-1-rtc"),
        (ms.Recipe().bands("lwir11"), "2023-05/2023-06", "landsat-c2-l2"),
    ],
    ids=["optical", "radar", "thermal"],
)
def test_a_collection_is_chosen_by_the_bands(field, recipe, time, collection):
    assert {scene.collection for scene in recipe.plan(field, time).task.scenes} == {collection}


def test_scenes_without_the_bands_are_told_once_and_not_counted(field):
    with pytest.warns(MultisatWarning, match="left out 1 scenes of landsat-c2-l2: they have none of lwir11"):
        plan = ms.Recipe().bands("lwir11").composite("month").plan(field, "2023")
    assert all("lwir11" in scene.bands for scene in plan.task.scenes)
    assert plan.cost().files == plan.cost().scenes == len(plan.task.scenes)
    plan.run()


def test_no_collection_is_usual_for_elevation(field):
    with pytest.raises(ms.UsageError, match="no collection is usual for elevation") as error:
        ms.Recipe().bands("elevation").plan(field, "2023")
    assert "collection=" in error.value.hint


def test_the_grid_is_the_callers_to_choose(field):
    coarse = NDVI.plan(field, "2023-05", crs="EPSG:3035", resolution=60, **PC)
    assert (coarse.task.grid.crs, coarse.task.grid.resolution) == ("EPSG:3035", (60, 60))
    same = ms.Recipe().bands("swir16").plan(field, "2023-05", grid=coarse.task.grid, **PC)
    assert same.task.grid == coarse.task.grid
    assert same.run().multisat.geobox == coarse.task.grid.geobox
    native = ms.Recipe().bands("swir16").plan(field, "2023-05", **PC)
    assert native.task.grid.resolution == (20, 20)  # of the finest band that is asked for


def test_filters_and_clouds_leave_scenes_out(field):
    assert len(NDVI.plan(field, "2023-06", **PC).task.scenes) == 3
    assert len(NDVI.plan(field, "2023-06", max_cloud=20, **PC).task.scenes) == 2
    found = NDVI.plan(field, "2023", collection="landsat-c2-l2", filters={"platform": "landsat-9"})
    assert {scene.platform for scene in found.task.scenes} == {"landsat-9"}


def test_nothing_found_says_what_was_looked_for(field):
    with pytest.raises(ms.NothingFound, match="no scene of sentinel-2-l2a in 2019") as error:
        NDVI.plan(field, "2019")
    assert "widen the time range" in error.value.hint


def test_an_archive_that_holds_no_such_collection_is_named(field):
    with pytest.raises(ms.NothingFound, match="nasa-cmr: no sentinel-2-l2a there") as error:
        NDVI.plan(field, "2023", on="nasa-cmr")
    assert "name another archive" in error.value.hint


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        ({"crs": "EPSG:99"}, "unknown CRS 'EPSG:99'"),
        ({"resolution": 0}, "pixels of 0"),
        ({"resolution": -10}, "pixels of -10"),
        ({"grid": "10 m"}, "grid"),
    ],
)
def test_a_grid_that_is_none_is_refused_with_the_next_step(field, grid, said):
    with pytest.raises(ms.UsageError, match=said) as error:
        NDVI.plan(field, "2023-05", **grid, **PC)
    assert error.value.hint


@pytest.mark.parametrize("time", [None, "2023-13", "soon"])
def test_a_recipe_needs_a_time(field, time):
    with pytest.raises(ms.UsageError) as error:
        NDVI.plan(field, time)
    assert error.value.hint


def test_nothing_to_compute_is_refused_before_anything_is_asked(field, reached):
    with reached() as seen, pytest.raises(ms.UsageError, match="nothing is computed"):
        ms.Recipe().mask("clear").plan(field, "2023")
    assert seen.searches == []


def test_an_archive_that_fails_is_told_and_the_rest_goes_on(field, inject):
    inject(Fault(provider="earth-search", kind="500"))
    with pytest.warns(MultisatWarning, match="earth-search did not give its whole list"):
        plan = NDVI.plan(field, "2023-05", on=["earth-search", "planetary-computer"], deadline=20)
    assert {scene.provider for scene in plan.task.scenes} == {"planetary-computer"}
    assert {o.provider for o in plan.outcomes if o.error} == {"earth-search"}


def test_if_no_archive_answers_its_error_is_the_answer(field, inject):
    inject(Fault(provider="earth-search", kind="403"))
    with pytest.raises(ms.ProviderRefused, match="earth-search"):
        NDVI.plan(field, "2023-05", on="earth-search")
