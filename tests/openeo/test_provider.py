"""The provider as users meet it: listed, skipped without an account, searched, loaded, explained."""

import json

import numpy as np
import pytest
import xarray as xr
from tests.openeo_backend import PASSWORD, USER

import multisat as ms
from multisat.errors import CredentialsError, UnsupportedOperation, UsageError
from multisat.model import Status
from multisat.plugins import registry

pytestmark = pytest.mark.xdist_group("openeo-backend")
NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")


def test_it_is_installed():
    provider = registry().provider("openeo")
    can = provider.capabilities
    assert (can.recipes, can.assets, can.login) == (True, False, "needed")
    assert can.collections == ("sentinel-2-l2a",)
    assert provider.backend == "https://openeo.dataspace.copernicus.eu"
    assert provider.url == "https://stac.dataspace.copernicus.eu/v1"


def test_without_an_account_it_is_skipped_with_a_reason(box, no_login):
    registry.cache_clear()
    found = ms.search(
        box.places["munich"], "2023-05", collections=["sentinel-2-l2a"], providers=["earth-search", "openeo"]
    )
    outcome = next(one for one in found.outcomes if one.provider == "openeo")
    assert outcome.status is Status.SKIPPED
    assert "needs an account" in str(outcome.error)
    assert found.complete


def test_a_login_of_copernicus_is_sent_nowhere_else(monkeypatch):
    from multisat_openeo import login

    monkeypatch.setenv("MULTISAT_CDSE_CLIENT_ID", "synthetic")
    monkeypatch.setenv("MULTISAT_CDSE_CLIENT_SECRET", "synthetic")
    assert login.status("https://openeo.dataspace.copernicus.eu").found
    assert login.status("https://openeofed.dataspace.copernicus.eu").found
    assert not login.status("https://openeo.example.org").found
    with pytest.raises(CredentialsError, match="no login was found"):
        login.log_in("https://openeo.example.org")


def test_scenes_are_those_of_other_archives(openeo, box):
    found = ms.search(box.places["munich"], "2023-05/2023-07", collections=["sentinel-2-l2a"],
                      providers=["planetary-computer", "openeo"])  # fmt: skip
    held = [
        one for one in found.scenes if [c.provider for c in one.copies] == ["planetary-computer", "openeo"]
    ]
    assert len(held) >= 6
    for scene in held:
        asset = scene.copies[1].assets["red"]
        assert (asset.scale, asset.offset) == (0.0001, 0)
        own, file = asset.grid, scene.assets["red"].grid
        assert (own.crs, own.resolution) == (file.crs, file.resolution)
        assert all((a - b) % 10 == 0 for a, b in zip(own.bounds, file.bounds, strict=True))
        assert asset.href.startswith("openeo://")


def test_files_are_refused_with_the_next_step(openeo, box):
    scene = ms.search(
        box.places["munich"], "2023-05", collections=["sentinel-2-l2a"], providers=["openeo"]
    ).scenes[0]
    with pytest.raises(UnsupportedOperation, match="openEO computes"):
        openeo.access(scene.assets["red"])


@pytest.mark.parametrize(
    "recipe",
    [
        NDVI,
        pytest.param(ms.Recipe().bands("red", "nir").mask("clear"), marks=pytest.mark.slow),
        ms.Recipe().bands("red").index("NDVI").composite("season", "max").clip(),
        pytest.param(
            ms.Recipe().mask("clear", dilate=30).index("NDVI").composite("month", "mean").interpolate(),
            marks=pytest.mark.slow,
        ),
        ms.Recipe().mask("clear").index("NDVI").bands("green").composite("month", "medoid"),
    ],
    ids=["months", "time-steps", "clip", "dilated", "medoid"],
)
@pytest.mark.filterwarnings("ignore:openeo only loads")
def test_both_ways_give_the_same(openeo, box, recipe):
    when = {"time": "2023-05/2023-06", "collection": "sentinel-2-l2a"}
    here = recipe.run(box.places["munich"], on="planetary-computer", **when)
    there = recipe.run(box.places["munich"], on="openeo", **when)
    assert list(here.data_vars) == list(there.data_vars)
    np.testing.assert_array_equal(here.time, there.time)
    for name in here.data_vars:
        np.testing.assert_allclose(there[name], here[name], rtol=0, atol=1e-6)
        assert there[name].dtype == here[name].dtype
    assert there.rio.crs == here.rio.crs
    assert np.isfinite(there[recipe.variables[0]]).any()


def test_scenes_are_loaded_like_files(openeo, box):
    when = {"collections": ["sentinel-2-l2a"]}
    found = ms.search(box.places["munich"], "2023-05/2023-06", providers=["openeo"], **when)
    files = ms.search(box.places["munich"], "2023-05/2023-06", providers=["planetary-computer"], **when)
    there, here = (one.load(["red", "swir16"], mask="clear") for one in (found, files))
    assert there.sizes == here.sizes
    np.testing.assert_array_equal(there["mask"], here["mask"])
    for name in ("red", "swir16"):
        np.testing.assert_allclose(there[name], here[name], rtol=0, atol=1e-6)
    with pytest.raises(UnsupportedOperation, match="pixels of 10 m"):
        found.load(["red"], resolution=100)


@pytest.mark.slow
def test_places_are_compared(openeo, box):
    table = NDVI.compare(box.places["munich"], "2023-05/2023-06", on=["planetary-computer", "openeo"])
    assert set(table["variable"]) >= {"NDVI", "count"}
    assert (table["largest"] <= 1e-6).all()
    assert (table["only_one"] == 0).all()


@pytest.mark.slow
def test_scenes_that_overlap_are_told(openeo, box):
    """Halves of a tile, which have one footprint: the service makes one of them before it masks."""
    when = {"time": "2023-07-03", "collection": "sentinel-2-l2a"}
    recipe = ms.Recipe().mask("clear").index("NDVI").composite("day", "mean")
    here = recipe.run(box.places["munich"], on="planetary-computer", **when)
    with pytest.warns(match="makes one of scenes that overlap before it masks them, on 2023-07-03"):
        there = recipe.run(box.places["munich"], on="openeo", **when)
    np.testing.assert_allclose(there["NDVI"], here["NDVI"], rtol=0, atol=1e-6)


def test_zonal_numbers_are_the_same(openeo, box):
    recipe = NDVI.zonal("mean", "median", "std", "count", "valid")
    here, there = (
        recipe.run(box.places["munich"], "2023-05/2023-06", on=on) for on in ("planetary-computer", "openeo")
    )
    assert list(here.columns) == list(there.columns)
    numbers = [name for name in here.columns if here[name].dtype.kind in "fiu"]
    assert len(numbers) >= 5
    np.testing.assert_allclose(
        there[numbers].to_numpy(float), here[numbers].to_numpy(float), rtol=0, atol=1e-6
    )
    assert there.attrs["spent"]


def test_a_plan_says_what_is_sent_and_what_it_costs(openeo, box, backend):
    plan = NDVI.plan(box.places["munich"], "2023-05", on="openeo")
    graph = json.loads(plan.as_code())
    assert graph == json.loads(plan.as_code("process-graph"))
    program = plan.as_code("openeo")
    compile(program, "program", "exec")
    assert backend.url in program
    assert "synthetic-ada-pw" not in program
    with pytest.raises(UsageError, match="writes no curl"):
        plan.as_code("curl")
    (unit, number), *_ = plan.cost().units
    assert unit == "credits"
    assert number >= 1
    with pytest.raises(UsageError, match="more than the cap"):
        plan.run(cap="0.5credits")
    assert "credits" in plan.explain()


def test_the_program_that_is_written_runs_without_multisat(openeo, box, tmp_path, monkeypatch):
    """Only the way of logging in is another on the test backend."""
    plan = NDVI.plan(box.places["munich"], "2023-05", on="openeo")
    login = f".authenticate_basic({USER!r}, {PASSWORD!r})"
    monkeypatch.chdir(tmp_path)
    exec(plan.as_code("openeo").replace(".authenticate_oidc()", login), {})
    with xr.open_dataset(tmp_path / "result.nc") as found:
        np.testing.assert_array_equal(found["NDVI"].transpose("t", "y", "x"), plan.run()["NDVI"])


@pytest.mark.slow
def test_graphs_of_the_user(openeo, box, tmp_path):
    from multisat.contracts import Deadline
    from multisat_openeo import run_graph

    plan = NDVI.plan(box.places["munich"], "2023-05", on="openeo")
    (path,) = run_graph(plan.as_code(), tmp_path / "now.nc")
    job = run_graph(json.loads(plan.as_code()), batch=True)
    job.wait(deadline=Deadline(60))
    (kept,) = run_graph({"process_graph": json.loads(plan.as_code())}, tmp_path / "job", batch=True)
    assert path.read_bytes()[1:4] == kept.read_bytes()[1:4] == b"HDF"
    for wrong in ({"a": 1}, "{", tmp_path / "none.json"):
        with pytest.raises(UsageError, match="process graph"):
            run_graph(wrong, tmp_path / "x.nc")
    with pytest.raises(UsageError, match="where the result goes"):
        run_graph(plan.as_code())


def test_days_where_there_is_no_catalogue(openeo, box, monkeypatch):
    """A back-end of unknown habits: the days are named, and the same numbers come out."""
    monkeypatch.delenv("MULTISAT_OPENEO_CATALOGUE")
    when = {"collections": ["sentinel-2-l2a"], "providers": ["openeo"]}
    found = ms.search(box.places["munich"], "2023-05", **when)
    assert "lists no days" in str(found.outcomes[0].error)
    monkeypatch.setenv("MULTISAT_OPENEO_DATES", "2023-05-14, 2023-05-04,2023-06-03")
    found = ms.search(box.places["munich"], "2023-05", **when)
    assert [f"{one.datetime:%Y-%m-%d}" for one in found.scenes] == ["2023-05-04", "2023-05-14"]
    assert "without cloud cover" in found.outcomes[0].notes[0]
    there = NDVI.run(box.places["munich"], "2023-05", on="openeo")
    here = NDVI.run(box.places["munich"], "2023-05", on="planetary-computer")
    np.testing.assert_allclose(there["NDVI"], here["NDVI"], rtol=0, atol=1e-6)
    np.testing.assert_array_equal(there["x"], here["x"])
    monkeypatch.setenv("MULTISAT_OPENEO_DATES", "May")
    assert "no list of days" in str(ms.search(box.places["munich"], "2023-05", **when).outcomes[0].error)


def test_a_collection_described(openeo):
    told = openeo.engine().describe("SENTINEL2_L2A")
    assert {"B04", "SCL"} <= set(told.bands)
    assert told.start == "2015-07-04"
    assert told.bounds == (-180, -90, 180, 90)
    with pytest.raises(UsageError, match="CollectionNotFound"):
        openeo.engine().describe("NONE")


def test_the_account(openeo):
    assert openeo.prove().works
    assert openeo.credentials().found
