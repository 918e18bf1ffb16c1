"""A lazy cube is the eager one, in any chunks, on any scheduler, and its graph tells no secret."""

import pickle

import numpy as np
import pytest
import xarray as xr

import multisat as ms
from multisat.cube import MultisatWarning
from multisat.sandbox import Fault

pytestmark = pytest.mark.filterwarnings("ignore:.*lack the band.*:multisat.cube.MultisatWarning")


@pytest.fixture(scope="module")
def found(box):
    return ms.search(
        box.places["munich"], "2023-05-10/2023-07-05", collections=["sentinel-2-l2a", "landsat-c2-l2", "hls"]
    )


@pytest.fixture(scope="module")
def eager(found):
    return found.load(["red", "nir"], mask="clear", dilate=40, opening=15)


@pytest.mark.parametrize(
    "chunks",
    [{}, {"time": 2, "y": 50, "x": 70}, {"time": -1, "y": -1, "x": -1}, {"time": 3, "y": 17, "x": 1000}],
)
def test_chunks_do_not_change_pixels(found, eager, chunks):
    lazy = found.load(["red", "nir"], mask="clear", dilate=40, opening=15, chunks=chunks)
    assert all(lazy[name].chunks is not None for name in lazy.data_vars)
    xr.testing.assert_equal(lazy.compute(), eager)
    assert {**lazy.red.attrs, "reader": eager.red.attrs["reader"]} == eager.red.attrs


@pytest.mark.parametrize("method", ["nearest", "bilinear", "average"])
def test_chunks_do_not_change_resampled_pixels(found, method):
    scenes = [scene for scene in found if scene.datetime.month == 5]
    where = {"aoi": found.request.aoi, "crs": "EPSG:3035", "resolution": 25, "resampling": method}
    eager = ms.load(scenes, ["red"], **where)
    assert eager.sizes["time"] >= 3
    lazy = ms.load(scenes, ["red"], **where, chunks={"time": 1, "y": 33, "x": 41})
    np.testing.assert_array_equal(lazy.red.compute(), eager.red)


def test_only_what_is_looked_at_is_read(box, found):
    lazy = found.load(["red"], chunks={"time": 1, "y": 20, "x": 20})
    before = len(box.requests)
    lazy.red[0, :5, :5].compute()
    files = [r for r in box.requests[before:] if "/files/" in r.path]
    assert 0 < len(files) <= 4


def test_the_graph_holds_unsigned_addresses_only(found):
    lazy = found.load(["red"], chunks={"time": 1})
    graph = pickle.dumps(dict(lazy.red.__dask_graph__()))
    assert b"/files/" in graph
    for word in (b"sig=", b"se=", b"token", b"Bearer", b"Authorization"):
        assert word not in graph


def test_raw_numbers_keep_their_type(found):
    s2 = [s for s in found if s.collection == "sentinel-2-l2a"]
    lazy = ms.load(s2, ["red"], aoi=found.request.aoi, raw=True, chunks={})
    assert lazy.red.dtype == np.uint16
    np.testing.assert_array_equal(
        lazy.red.compute(), ms.load(s2, ["red"], aoi=found.request.aoi, raw=True).red
    )


def test_a_file_that_is_gone_is_nan_and_said_when_it_is_computed(box, inject):
    found = ms.search(box.places["munich"], "2023-07", providers="earth-search", collections="sentinel-2-l2a")
    lazy = found.load(["nir"], chunks={"time": 1})
    strict = found.load(["nir"], chunks={"time": 1}, errors="raise")
    dead = found.scenes[0]
    inject(Fault(provider="files", kind="404", match=f"{dead.id}/nir"))
    with pytest.warns(MultisatWarning, match=dead.id):
        cube = lazy.compute()
    with pytest.raises(ms.AssetUnreadable, match=dead.id):
        strict.compute()
    assert np.isnan(cube.nir.sel(time=cube["item"] == dead.id)).all()
    assert not np.isnan(cube.nir.sel(time=cube["item"] != dead.id)).all()


@pytest.mark.parametrize("chunks", [{"time": 0}, {"band": 1}, {"y": -5}])
def test_chunks_that_are_none_are_an_error(found, chunks):
    with pytest.raises(ms.UsageError):
        found.load(["red"], chunks=chunks)


@pytest.mark.slow
def test_on_worker_processes(found, eager):
    distributed = pytest.importorskip("distributed")
    lazy = found.load(
        ["red", "nir"], mask="clear", dilate=40, opening=15, chunks={"time": 3, "y": 128, "x": 128}
    )
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster),
    ):
        cube = lazy.compute()
    xr.testing.assert_equal(cube, eager)
