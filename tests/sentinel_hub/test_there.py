"""Recipes at the stand-in of the service, from the search to the result, against those from files."""

import json
import subprocess
import sys

import numpy as np
import pytest
import shapely
import xarray as xr
from tests.sentinel_hub.service import units

import multisat as ms
from multisat.errors import UsageError
from multisat.model import AOI, AOIs

MAY_TO_JULY = "2023-05/2023-07-14"
"""With a datatake that was delivered in two halves."""
NDVI = ms.Recipe().mask("clear").index("NDVI").composite("month", "median")


@pytest.fixture
def field(hub):
    return hub.places["munich"]


def same(found, local):
    assert list(found.data_vars) == list(local.data_vars)
    assert found.sizes == local.sizes
    for name in found.data_vars:
        np.testing.assert_array_equal(found[name], local[name])


@pytest.mark.parametrize(
    "recipe",
    [
        NDVI,
        ms.Recipe().mask("clear", dilate=30).index("EVI").composite("month", "mean"),
        ms.Recipe().mask("clear").bands("red", "swir16"),
        ms.Recipe().index("NDVI").composite("month", "greenest").clip(),
    ],
    ids=["pushed down", "masks grown here", "loaded", "clipped"],
)
def test_it_gives_what_files_give(member, field, recipe):
    plan = recipe.plan(field, MAY_TO_JULY, on="sentinel-hub")
    assert plan.can_run()
    found = plan.run()
    same(found, recipe.run(field, MAY_TO_JULY, on="planetary-computer"))
    assert units(found) > 0
    assert "sentinel-hub process" in str(found[recipe.variables[0]].attrs["reader"])


def test_a_result_is_written_with_what_it_cost(member, field, tmp_path):
    found = NDVI.run(field, "2023-05", on="sentinel-hub")
    found.multisat.to_netcdf(tmp_path / "ndvi.nc")
    with xr.open_dataset(tmp_path / "ndvi.nc") as again:
        assert units(again) == units(found) > 0


def test_scenes_are_loaded_by_the_service(member, field):
    """There are no files; ``load`` asks for stored numbers and makes the same cube of them."""
    cubes = [
        ms.search(field, "2023-05", collections=["sentinel-2-l2a"], providers=name).load(
            ["red", "nir"], mask="clear"
        )
        for name in ("sentinel-hub", "planetary-computer")
    ]
    for name in ("red", "nir", "mask"):
        np.testing.assert_array_equal(cubes[0][name], cubes[1][name])


def test_places_are_compared(member, field):
    found = NDVI.compare(field, "2023-05/2023-06", on=["planetary-computer", "sentinel-hub"])
    assert (found["largest"] == 0).all()
    assert (found["only_one"] == 0).all()


@pytest.mark.parametrize("recipe", [NDVI, ms.Recipe().mask("clear").bands("red")], ids=["pushed", "loaded"])
@pytest.mark.parametrize("max_cloud", [None, 20])
def test_what_it_costs_is_what_was_said(member, field, recipe, max_cloud):
    """Scenes that were left out for their clouds are not paid for."""
    plan = recipe.plan(field, MAY_TO_JULY, on="sentinel-hub", max_cloud=max_cloud)
    said = dict(plan.cost().units)["processing units"]
    assert units(plan.run()) == pytest.approx(said, rel=1e-3)
    with pytest.raises(UsageError, match="processing units"):
        plan.run(cap="0.1 processing units")


def test_features_have_exact_shares(member, field):
    """Pixels on an outline count by their share, which the service cannot do: pixels are fetched."""
    recipe = NDVI.zonal("mean", "median", "std", "count", "valid")
    areas = AOIs.of([shapely.Polygon([(11.497, 48.315), (11.512, 48.3171), (11.5033, 48.327)])])
    found = recipe.run(areas, MAY_TO_JULY, on="sentinel-hub")
    equal_tables(found, recipe.run(areas, MAY_TO_JULY, on="planetary-computer"))
    assert sum(one.path == "/api/v1/statistics" for one in member.received("sentinel-hub")) == 0
    assert units(found) > 0


def test_boxes_of_whole_pixels_are_counted_there(member):
    recipe = ms.Recipe().mask("clear").bands("red").index("NDVI").composite("month", "median")
    recipe = recipe.zonal("mean", "min", "max", "std", "sum", "count", "valid")
    boxes = [shapely.box(685000, 5354500, 685400, 5355000), shapely.box(686000, 5354600, 686010, 5354610)]
    areas = AOIs.of([AOI(geometry=one, crs="EPSG:32632") for one in boxes])
    asked = len(member.received("sentinel-hub"))
    found = recipe.run(areas, MAY_TO_JULY, on="sentinel-hub")
    paths = {one.path for one in member.received("sentinel-hub")[asked:]}
    assert paths == {"/api/v1/catalog/1.0.0/search", "/api/v1/statistics"}
    equal_tables(found, recipe.run(areas, MAY_TO_JULY, on="planetary-computer"))
    said = recipe.plan(areas, MAY_TO_JULY, on="sentinel-hub").cost()
    assert dict(said.units)["processing units"] == pytest.approx(units(found), rel=1e-3)
    assert said.requests == 6


def test_overpasses_have_rows_of_their_own(member, field):
    """With the share that is masked, as on this machine."""
    recipe = ms.Recipe().mask("clear").index("NDVI").zonal("mean", "valid")
    found = recipe.run(field, "2023-05", on="sentinel-hub")
    local = recipe.run(field, "2023-05", on="planetary-computer")
    assert {"cloud", "nodata", "NDVI_mean"} <= set(found.columns)
    equal_tables(found.drop(columns="start"), local.drop(columns="start"))


def equal_tables(found, local):
    assert list(found.columns) == list(local.columns)
    for name in local.columns.drop(["geometry"]):
        if local[name].dtype.kind == "f":
            np.testing.assert_allclose(found[name], local[name], rtol=1e-6, atol=1e-6, err_msg=name)
        else:
            assert list(found[name]) == list(local[name])


def test_the_sentinelhub_package_sends_the_request_as_it_is(member, field, tmp_path, monkeypatch):
    plan = NDVI.plan(field, "2023-05", on="sentinel-hub")
    text = plan.as_code("python")
    (tmp_path / "request.py").write_text(text)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")  # the stand-in speaks http
    subprocess.run([sys.executable, "request.py"], cwd=tmp_path, check=True, timeout=100)
    sent = [one.body for one in member.received("sentinel-hub") if one.path == "/api/v1/process"]
    answer = plan.run()
    (own,) = [one.body for one in member.received("sentinel-hub") if one.path == "/api/v1/process"][
        len(sent) :
    ]
    assert sent[-1] == own
    assert (tmp_path / "answer-1.tar").stat().st_size > 1000
    assert answer["NDVI"].notnull().any()


def test_curl_sends_the_request_as_it_is(member, field, tmp_path):
    plan = NDVI.plan(field, "2023-05", on="sentinel-hub")
    (tmp_path / "request.sh").write_text(plan.as_code("curl"))
    subprocess.run(["sh", "request.sh"], cwd=tmp_path, check=True, timeout=100)
    sent = member.received("sentinel-hub")[-1].body
    assert sent["evalscript"].strip() == plan.as_code("evalscript").strip()
    assert (tmp_path / "answer-1.tar").stat().st_size > 1000


def test_nothing_a_user_writes_is_pasted(member, field):
    plan = ms.Recipe().index("(nir-red)/(nir+red)  ", name="mine").composite().plan(
        field, "2023-05", on="sentinel-hub"
    )  # fmt: skip
    script = plan.as_code()
    assert script.startswith("//VERSION=3\n")
    assert "(nir-red)" not in script
    assert "single(((nir - red) / (nir + red)))" in script
    with pytest.raises(UsageError, match="no request is written as 'perl'"):
        plan.as_code("perl")


def test_a_recipe_is_one_request_whatever_its_periods(member, field):
    plan = NDVI.plan(field, "2023", on="sentinel-hub")
    assert plan.cost().requests == 1
    body = json.loads(plan.as_code("curl").split("REQUEST'\n")[1].split("\nREQUEST")[0])
    assert body["input"]["data"][0]["processing"]["harmonizeValues"] is False
    assert body["output"]["width"] == 193
    assert "resx" not in body["output"]
