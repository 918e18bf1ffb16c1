"""Scripts of the user: tried out on this machine, then run at the service."""

import numpy as np
import pytest
from tests.sentinel_hub.service import units

from multisat.errors import NothingFound, ProviderRefused, UsageError
from multisat.model import Grid
from multisat_sentinel_hub.evalscripts import run_evalscript, try_evalscript
from multisat_sentinel_hub.listing import own_collections

SCRIPT = """//VERSION=3
function setup() {
  return {
    input: [{ bands: ["B04", "B08", "dataMask"], units: "DN" }],
    output: [{ id: "sum", bands: 2, sampleType: "UINT16" }, { id: "there", bands: 1, sampleType: "UINT8" }],
    mosaicking: "SIMPLE"
  };
}
function evaluatePixel(s) { return { sum: [s.B04 + s.B08, s.B04], there: [s.dataMask] }; }
"""


YIELDS = """//VERSION=3
function setup() {
  return { input: [{ bands: ["YIELD"] }], output: { id: "default", bands: 1, sampleType: "FLOAT32" } };
}
function evaluatePixel(s) { return [s.YIELD]; }
"""


def test_a_script_is_tried_without_a_login(anonymous):
    asked = len(anonymous.requests)
    found = try_evalscript(SCRIPT, outputs=("sum", "there"))
    assert found["sum"].dims == ("sum_band", "y", "x")
    assert found["there"].dims == ("y", "x")
    assert (found["sum"].dtype, found["there"].dtype) == (np.uint16, np.uint8)
    assert (found["sum"][0] > found["sum"][1]).any()
    assert found.rio.crs.to_epsg() == 32632
    assert len(anonymous.requests) == asked, "nothing is asked of anybody else"


def test_a_mistake_is_told_in_the_words_of_the_engine(anonymous):
    with pytest.raises(ProviderRefused, match="oops is not defined"):
        try_evalscript(SCRIPT.replace("s.B04 + s.B08", "oops"), outputs=("sum",))
    with pytest.raises(UsageError, match="version 3"):
        try_evalscript("return [B04];")


def test_a_script_runs_at_the_service_as_it_was_tried(member):
    field, outputs = member.places["munich"], ("sum", "there")
    found = run_evalscript(SCRIPT, field, "2023-05/2023-07-14", outputs=outputs)
    tried = try_evalscript(SCRIPT, outputs=outputs)
    for name in outputs:
        np.testing.assert_array_equal(found[name], tried[name])
    assert units(found) > 0


def test_offsets_are_left_if_wanted(member):
    field, when = member.places["munich"], "2023-05-04"
    as_usual = run_evalscript(SCRIPT, field, when, outputs=("sum", "there"))["sum"].astype(int)
    stored = run_evalscript(SCRIPT, field, when, outputs=("sum", "there"), harmonise=False)["sum"].astype(int)
    assert (stored[1] - as_usual[1]).max() == 1000


def test_no_scene_is_said(member):
    with pytest.raises(NothingFound):
        run_evalscript(SCRIPT, member.places["munich"], "2019-01", outputs=("sum",))


@pytest.mark.parametrize("how", ["now", "async"])
def test_a_collection_of_the_users_own_is_run(with_bucket, member, how):
    ((number, name),) = own_collections(with_bucket.place)
    assert name == "synthetic yields"
    grid = Grid(crs="EPSG:32632", transform=(30.0, 0.0, 685000.0, 0.0, -30.0, 5355000.0), shape=(30, 40))
    found = run_evalscript(
        YIELDS, member.places["munich"], "2023", collection=f"byoc-{number}", grid=grid, how=how
    )
    assert (found["default"].dims, found["default"].dtype) == (("y", "x"), np.float32)
    assert (found["default"] > 0).all()
    script = YIELDS.replace("YIELD", "DEM")
    heights = run_evalscript(script, member.places["munich"], "2023", collection="dem", grid=grid)
    np.testing.assert_array_equal(found["default"], heights["default"])


def test_any_collection_is_run_on_a_grid(member):
    """Collections whose recipes are not computed there, and those a user has brought (``byoc-ID``)."""
    grid = Grid(crs="EPSG:32632", transform=(20.0, 0.0, 685000.0, 0.0, -20.0, 5355000.0), shape=(30, 40))
    script = SCRIPT.replace('"B04", "B08"', '"B02", "B03"').replace("s.B04 + s.B08, s.B04", "s.B02, s.B03")
    found = run_evalscript(
        script,
        member.places["munich"],
        "2023-05-04",
        outputs=("sum", "there"),
        collection="sentinel-2-l2a",
        order="leastRecent",
        grid=grid,
    )
    assert found["sum"].shape == (2, 30, 40)
    assert (found.x[0], found.y[0]) == (685010, 5354990)
    with pytest.raises(UsageError, match="give a grid"):
        run_evalscript(script, member.places["munich"], "2023-05-04", collection="byoc-1")
    with pytest.raises(ProviderRefused, match=r"byoc|ollection"):
        run_evalscript(script, member.places["munich"], "2023-05-04", collection="byoc-1", grid=grid)
