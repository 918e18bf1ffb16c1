"""Large requests: cut, stitched without seams, and gone on with after a killed run."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FAULT
from tests.recipes.cases import generated
from tests.recipes.stored import Stored
from tests.sentinel_hub import large
from tests.sentinel_hub.service import Stopped

from multisat.cube.block import Block
from multisat.errors import ProviderRefused
from multisat_sentinel_hub import keeping, pieces
from multisat_sentinel_hub.ways import prepared

pytestmark = pytest.mark.filterwarnings("ignore::multisat.cube.MultisatWarning")

TOP = Path(__file__).parents[2]


@pytest.fixture
def many():
    """A task of many requests: one a scene."""
    case = next(case for case in generated() if case.sensor == "s2" and "composite" not in case.recipe)
    return Stored().task(case)


def test_what_was_answered_before_an_error_is_not_asked_again(engine, here, many):
    right = engine.run(many)
    asked = [body["evalscript"] for body in here.bodies]
    assert len(asked) > 5
    here.bodies.clear()
    answer, left = here.answer, iter(range(3))

    def some(body):
        if next(left, None) is None:
            raise Stopped
        return answer(body)

    here.answer = some
    try:
        with pytest.raises(ProviderRefused, match="stopped"):
            engine.run(many)
    finally:
        here.answer = answer
    before = [body["evalscript"] for body in here.bodies]
    assert len(before) == 3
    again = engine.run(many)
    assert sorted(body["evalscript"] for body in here.bodies) == sorted(asked)
    np.testing.assert_array_equal(again[next(iter(again.data_vars))], right[next(iter(right.data_vars))])


def test_tokens_that_end_in_the_middle_are_renewed_once(engine, here, many):
    """Several threads meet the end of it; one asks for the next."""
    engine.run(many)
    granted, usual, answers = here.granted, here.answer, iter(range(3))

    def ending(body):
        if next(answers, None) == 2:
            here.expire()
        return usual(body)

    here.answer = ending
    try:
        engine.run(many)
    finally:
        here.answer = usual
    assert here.granted == granted + 1


def test_answers_are_forgotten_in_the_end(engine, many, tmp_path):
    engine.run(many)
    assert not any(path.is_file() for path in (tmp_path / "cache" / "sentinel-hub").rglob("*"))


def test_what_another_run_forgets_stays(engine, here, many):
    """Equal runs share what they keep; the one that ends first takes nothing from the other."""
    piece = prepared(many).pieces[0]
    arrays = {
        name: np.full((bands, *piece.part.shape), 7, kind) for name, (bands, kind) in piece.outputs.items()
    }
    with keeping.kept() as first, keeping.kept() as second:
        assert not second.has(piece)
        first.put(piece, arrays)
        assert second.has(piece)
        second.put(piece, arrays)
        first.forget([piece])
        with keeping.kept() as third:
            assert not third.has(piece)
        for run in (first, second):
            assert run.has(piece)
            for name, values in run.get(piece).items():
                np.testing.assert_array_equal(values, arrays[name])


def test_equal_runs_at_once_give_equal_results(engine, many):
    with ThreadPoolExecutor(4) as pool:
        found = [future.result() for future in [pool.submit(engine.run, many) for _ in range(4)]]
    for one in found[1:]:
        assert one.drop_attrs(deep=False).identical(found[0].drop_attrs(deep=False))


def test_answers_nobody_came_back_for_go_after_a_week(engine, many, tmp_path):
    folder = tmp_path / "cache" / "sentinel-hub"
    for name, age in (("old", 8), ("young", 6)):
        (folder / name).mkdir(parents=True)
        when = time.time() - age * 86400
        os.utime(folder / name, (when, when))
    engine.run(many)
    assert [path.name for path in folder.iterdir()] == ["young"]


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (2500, 2500), (2501, 1), (4000, 6000)])
def test_parts_cover_a_grid_once(rows, columns):
    from affine import Affine
    from odc.geo.geobox import GeoBox

    whole = Block.all_of(GeoBox((rows, columns), Affine(10, 0, 0, 0, -10, 0), "EPSG:32632"))
    seen = np.zeros((rows, columns), np.uint8)
    for part in pieces.parts(whole, 6):
        assert max(part.shape) <= 2500
        seen[part.row : part.row + part.height, part.column : part.column + part.width] += 1
    assert (seen == 1).all()


def test_periods_are_asked_for_together_until_there_are_too_many():
    assert pieces.runs([2, 0, 3], 100) == [(0, 2)]
    assert pieces.runs([60, 60, 10], 100) == [(0,), (1, 2)]
    assert pieces.runs([300], 100) == [(0,)]
    assert pieces.runs([1, 1, 1], pieces.MOST_BYTES // 2) == [(0, 1), (2,)]
    assert pieces.runs([0, 0], 100) == []


@pytest.mark.slow
def test_a_killed_run_is_gone_on_with(engine, here):
    """6,000 x 4,000 pixels in six requests; the process is killed when some have come."""
    task, killed, usual, asked = large.large_task(), threading.Event(), here.answer, []
    first = iter(range(2))

    def halting(body):
        if next(first, None) is None:
            killed.wait(FAULT)
        return large.answer(body)

    def going_on(body):
        asked.append(tuple(body["input"]["bounds"]["bbox"]))
        return large.answer(body)

    here.answer = halting
    try:
        with subprocess.Popen([sys.executable, "-m", "tests.sentinel_hub.large"], cwd=TOP) as child:
            while not kept():
                assert child.poll() is None
                time.sleep(0.05)
            child.kill()
        there = kept()
        here.answer = going_on
        found = engine.run(task)
    finally:
        killed.set()
        here.answer = usual
    assert 1 <= there <= 2
    assert len(asked) == len(set(asked)) == 6 - there
    assert found["NDVI"].shape == (1, large.ROWS, large.COLUMNS)
    right = large.known(large.LEFT, large.TOP, large.ROWS, large.COLUMNS)
    np.testing.assert_array_equal(found["NDVI"].values[0], right)


def kept():
    """How many answers are whole on disk."""
    from multisat.config import cache_folder

    return sum(not path.name.startswith(".") for path in (cache_folder() / "sentinel-hub").glob("*"))
