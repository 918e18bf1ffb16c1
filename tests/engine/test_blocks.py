"""A pixel does not depend on the block it is computed in: equal bytes, now, in blocks, and lazily."""

import pickle
import threading

import numpy as np
import pytest
import shapely
import xarray as xr

from multisat.cube.block import Block
from multisat.cube.load import default_reader
from multisat.engine import blocks, parts, run
from multisat.engine.computing import Job
from multisat.engine.cutting import ROOM, cut
from multisat.engine.plan import plan
from multisat.engine.reading import Source
from multisat.engine.record import Record
from multisat.errors import UsageError
from multisat.steps import Steps, gaussian

CLEAR = ["cloud", "shadow"]
RECIPES = {
    "kernel": Steps().mask(CLEAR, kernel=gaussian(11, 1.6, 0.1)).index("NDVI").composite("month", "mean"),
    "margins": Steps().mask(CLEAR, opening=15, dilate=35).index("NDVI").composite("month", "quantile", q=0.3),
    "medoid": Steps().bands("red", "nir").mask(CLEAR).composite("month", "medoid"),
    "greenest": Steps().bands("red").mask(CLEAR).index("EVI2").composite("dekad", "greenest").interpolate(),
    "whittaker": Steps().mask(CLEAR).index("NDVI").composite("16d").smooth(smoothness=20),
    "anomaly": Steps().mask(CLEAR).index("NDVI").composite("month").anomaly("2021/2022", "standardised"),
    "steps": Steps().bands("green").mask(CLEAR, dilate=20).index("NDVI").interpolate(limit=20).clip(),
}


def task(archive, name):
    steps = RECIPES[name]
    slanted = shapely.Polygon([(600100, 5339300), (600700, 5339210), (600790, 5339900), (600333, 5339600)])
    more = {"area": slanted} if steps.clipped else {}
    years = (*archive.earlier(2), *archive.earlier(1, shift=3)) if steps.compared else ()
    return archive.task(steps, baseline=years, **more)


def job(made, plain, room):
    source = Source(access=plain, make=default_reader)
    return Job(plan=made, source=source, record=Record(errors="skip"), room=room)


@pytest.mark.parametrize("name", RECIPES)
def test_chunks_do_not_change_bytes(archive, plain, name):
    now = run(task(archive, name), access=plain)
    assert now[task(archive, name).steps.variables[0]].notnull().any()
    for chunks in ({}, {"y": 33, "x": 47}):
        lazy = run(task(archive, name), access=plain, chunks=chunks)
        assert all(lazy[one].chunks is not None for one in lazy.data_vars)
        then = lazy.compute()
        xr.testing.assert_equal(then, now)
        assert [then[one].values.tobytes() for one in then] == [now[one].values.tobytes() for one in now]
        assert then.recipe == now.recipe


@pytest.mark.parametrize("name", RECIPES)
def test_less_memory_does_not_change_bytes(archive, plain, name):
    made = plan(task(archive, name), retry=True)
    whole, small = job(made, plain, ROOM).whole(made.whole), job(made, plain, 300_000)
    assert len(cut(made, made.whole, small.room)) > 1
    pieces = small.whole(made.whole)
    assert {n: v.tobytes() for n, v in pieces.items()} == {n: v.tobytes() for n, v in whole.items()}


def test_periods_are_read_in_batches_if_many_do_not_fit(archive, plain):
    made = plan(task(archive, "medoid"), retry=True)
    parts = made.series.batches(5)
    assert [[len(made.series.runs[i]) for i in part] for part in parts] == [[4], [3, 0], [4]]
    assert [list(part) for part in made.series.batches(100)] == [[0, 1, 2, 3]]


def test_blocks_are_the_grid(archive, plain):
    made = plan(task(archive, "margins"), retry=True)
    for room in (1, 50_000, 10**6, ROOM):
        seen = np.zeros((80, 80), int)
        for block in cut(made, made.whole, room):
            seen[block.row : block.row + block.height, block.column : block.column + block.width] += 1
        assert (seen == 1).all()


def test_blocks_begin_and_end_on_tiles_of_files(archive, plain):
    inner = archive.task(RECIPES["medoid"], grid=archive.part(5, 7, 70, 70))
    made = plan(inner, retry=True)
    tops = {block.row for block in cut(made, made.whole, 500_000)} - {0}
    assert tops
    assert {(top + 5) % 16 for top in tops} == {0}


def test_blocks_are_datasets_that_make_up_the_result(archive, plain):
    wanted = run(task(archive, "margins"), access=plain)
    for block, part in blocks(task(archive, "margins"), access=plain):
        rows = slice(block.row, block.row + block.height)
        columns = slice(block.column, block.column + block.width)
        xr.testing.assert_equal(part, wanted.isel(y=rows, x=columns))
        assert part.rio.transform() == wanted.isel(y=rows, x=columns).rio.transform(recalc=True)


def test_blocks_of_a_part_of_the_grid(archive, plain):
    wanted = run(task(archive, "kernel"), access=plain).isel(y=slice(32, 64), x=slice(5, 80))
    part = Block(whole=archive.grid.geobox, row=32, column=5, height=32, width=75)
    ((block, cube),) = blocks(task(archive, "kernel"), access=plain, within=part)
    assert block == part
    xr.testing.assert_equal(cube, wanted)


def test_parts_are_computed_whole_and_in_order(archive, plain):
    wanted = run(task(archive, "kernel"), access=plain)
    whole = archive.grid.geobox
    among = [Block(whole=whole, row=r, column=c, height=20, width=30) for r, c in ((50, 40), (3, 0), (3, 50))]
    found = list(parts(task(archive, "kernel"), iter(among), access=plain))
    assert [block for block, _ in found] == among
    for block, cube in found:
        rows, columns = slice(block.row, block.row + 20), slice(block.column, block.column + 30)
        xr.testing.assert_equal(cube, wanted.isel(y=rows, x=columns))


def test_blocks_left_half_way_end_the_reading(archive, plain):
    made = plan(task(archive, "medoid"), retry=True)
    some = job(made, plain, 300_000).blocks(made.whole)
    next(some)
    some.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "multisat-ahead"]


def test_progress_ends_when_all_is_read(archive, plain):
    told = []
    run(task(archive, "anomaly"), access=plain, progress=lambda done, total: told.append((done, total)))
    done, totals = zip(*told, strict=True)
    assert list(done) == sorted(done)
    assert set(totals) == {done[-1]} == {11 + 22}


def test_the_graph_holds_no_more_of_a_scene_than_reading_needs(archive, plain):
    lazy = run(task(archive, "medoid"), access=plain, chunks={})
    graph = pickle.dumps(dict(lazy.red.__dask_graph__()))
    assert b"take00-red.tif" in graph
    assert b"green" not in graph


@pytest.mark.parametrize("chunks", [{"time": 1}, {"y": 0}, {"band": 2}])
def test_chunks_that_are_none_are_an_error(archive, plain, chunks):
    with pytest.raises(UsageError):
        run(task(archive, "medoid"), access=plain, chunks=chunks)


def test_a_result_that_is_too_large_is_refused(archive, plain):
    with pytest.raises(UsageError, match="max_memory"):
        run(task(archive, "medoid"), access=plain, max_memory=1e-4)


@pytest.mark.slow
def test_on_worker_processes(archive, plain):
    distributed = pytest.importorskip("distributed")
    wanted = run(task(archive, "kernel"), access=plain)
    lazy = run(task(archive, "kernel"), access=plain, chunks={"y": 50})
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=True, dashboard_address=":0", host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster),
    ):
        cube = lazy.compute()
    xr.testing.assert_equal(cube, wanted)
