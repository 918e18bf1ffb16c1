"""The reference flow: cloud masked with a Gaussian, NDVI, monthly mean, May to September."""

import json

import numpy as np
import pytest

import multisat as ms
from multisat.steps import gaussian

pytestmark = [
    pytest.mark.xdist_group("openeo-backend"),
    pytest.mark.filterwarnings("ignore:openeo makes one of scenes:multisat.cube.MultisatWarning"),
    pytest.mark.filterwarnings(
        "ignore:1 of the sentinel-2-l2a scenes read lack:multisat.cube.MultisatWarning"
    ),
]
FLOW = ms.Recipe().mask(["cloud"], kernel=gaussian(11, 1.6, 0.1)).index("NDVI").composite("month", "mean")
CLEAR = {"time": "2023-05/2023-06", "max_cloud": 20}
SEASON = {"time": "2023-05/2023-09"}
FILES = ("planetary-computer", "earth-search")


def same(found, right, near=1e-6):
    np.testing.assert_array_equal(found.time, right.time)
    np.testing.assert_array_equal(found.x, right.x)
    np.testing.assert_array_equal(found.y, right.y)
    for name in right.data_vars:
        assert found[name].dtype == right[name].dtype
        np.testing.assert_allclose(found[name], right[name], rtol=0, atol=near)
    assert np.isfinite(found["NDVI"]).mean() > 0.5


@pytest.mark.parametrize(
    "when", [CLEAR, pytest.param(SEASON, marks=pytest.mark.slow)], ids=["clear", "season"]
)
def test_one_request_gives_what_this_machine_gives(openeo, box, when):
    plan = FLOW.plan(box.places["munich"], on="openeo", **when)
    assert plan.can_run()
    found = plan.run()
    same(found, FLOW.run(box.places["munich"], on=FILES, **when))
    assert found.attrs["computed_here"] == "nothing"


@pytest.mark.slow
def test_a_cloud_limit_keeps_scenes_of_unknown_cloud(openeo, box):
    """The service would drop two of them, so that it only loads."""
    when = {**SEASON, "max_cloud": 20}
    with pytest.warns(match="openeo only loads the pixels.*unknown cloud cover"):
        found = FLOW.run(box.places["munich"], on="openeo", **when)
    same(found, FLOW.run(box.places["munich"], on=FILES, **when))


def test_a_batch_job_gives_the_same(openeo, box):
    plan = FLOW.plan(box.places["munich"], on="openeo", **SEASON)
    job = plan.submit(title="synthetic flow")
    same(job.result(timeout=60), FLOW.run(box.places["munich"], on=FILES, **SEASON))
    status = job.status()
    assert (status.state, status.title) == ("finished", "synthetic flow")
    assert dict(status.spent)["credits"] > 0


@pytest.mark.slow
def test_the_second_judge_agrees(openeo, box, backend):
    """openeo-processes-dask, which shares no line with the backend, makes the same numbers of the same graph."""
    plan = FLOW.plan(box.places["munich"], on="openeo", **CLEAR)
    here = FLOW.run(box.places["munich"], on=FILES, **CLEAR)
    found = backend.judge(json.loads(plan.as_code("process-graph")))
    np.testing.assert_array_equal(found.x, here.x)
    np.testing.assert_array_equal(found.y, here.y)
    for name in ("NDVI", "count"):
        np.testing.assert_allclose(found[name].transpose("t", "y", "x"), here[name], rtol=0, atol=1e-6)
