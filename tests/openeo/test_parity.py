"""Recipes at the test backend against the oracle."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from tests.openeo.cases import cases
from tests.oracle import compare, compute
from tests.recipes.archive import build
from tests.recipes.stored import Stored

from multisat.cube import MultisatWarning
from multisat.errors import UnsupportedOperation
from multisat.model import TimeRange
from multisat.steps import Steps

pytestmark = [
    pytest.mark.filterwarnings("ignore::multisat.cube.MultisatWarning"),
    pytest.mark.xdist_group("openeo-backend"),
]
ALL = cases(48)
EVERY = [pytest.param(c, marks=[] if n % 6 == 0 else pytest.mark.slow, id=str(c)) for n, c in enumerate(ALL)]
"""Every sixth one in each run, all of them in the long one."""


@pytest.fixture(scope="module")
def stored():
    return Stored()


def right(case):
    """What is right; the standard has no rounding to float32, so that no number is exact to the last bit."""
    found = compute(case.recipe, build(*case.collections), case.ask)
    return replace(found, exact={name: np.zeros_like(one) for name, one in found.exact.items()})


@pytest.mark.parametrize("case", EVERY)
def test_the_service_is_right(engine, stored, case):
    compare(engine.run(stored.task(case)), right(case))


@pytest.mark.parametrize("period", ["month", "dekad", "day", "year", "16d", None])
def test_ranges_that_begin_and_end_within_a_day(engine, stored, period):
    """Services label looks by their day; what was seen earlier on the first day is none of them."""
    recipe = {"index": ["NDVI"], "composite": {"period": period, "reducer": "max"}}
    start, end = (
        datetime.fromisoformat(f"2021-05-{one}+00:00") for one in ("04T18:30:00", "11T00:00:00.050")
    )
    case = replace(ALL[0], recipe=recipe, start=start, end=end)
    assert engine.can_run(stored.task(case))
    compare(engine.run(stored.task(case)), right(case))


def test_most_are_pushed_down_whole(engine, stored):
    verdicts = [engine.can_run(stored.task(case)) for case in ALL]
    assert sum(map(bool, verdicts)) >= 30
    selections = {c.recipe["composite"]["reducer"] for c, v in zip(ALL, verdicts, strict=True) if not v}
    assert selections == {"greenest", "medoid", "clearest_scene", "lowest_cloud"}


def test_what_is_done_here_is_told(engine, stored):
    case = next(c for c in ALL if c.recipe.get("composite", {}).get("reducer") == "medoid")
    with pytest.warns(MultisatWarning, match="medoid"):
        found = engine.run(stored.task(case))
    assert "medoid" in found.attrs["computed_here"]


@pytest.mark.parametrize("process", ["apply_kernel", "aggregate_temporal_period", "merge_cubes"])
def test_a_process_that_is_missing_changes_no_number(over_recipes, engine_at, stored, process):
    case = next(c for c in ALL if c.recipe.get("mask", {}).get("kernel") and "composite" in c.recipe)
    case = replace(case, recipe={**case.recipe, "composite": {"period": "month", "reducer": "mean"}})
    over_recipes.set(without=[process])
    engine = engine_at(over_recipes.url)
    try:
        reasons = engine.can_run(stored.task(case)).reasons
        compare(engine.run(stored.task(case)), right(case))
    finally:
        over_recipes.heal()
    told = "" if process == "aggregate_temporal_period" else f"the back-end has no process {process}"
    assert "; ".join(reasons) == told


def test_two_overpasses_of_a_day_are_refused(engine, stored):
    """The service makes one of them, and nothing tells them apart again."""
    task = stored.task(ALL[0])
    first = next(s for s in task.scenes if s.datetime.day == 4 and s.datetime.month == 5)
    later = first.datetime + timedelta(hours=2)
    other = replace(
        first,
        id="later",
        datetime=later,
        acquisition=replace(first.acquisition, datatake=later, name="later"),
    )
    twice = replace(task, scenes=(*task.scenes, other))
    with pytest.raises(UnsupportedOperation, match="several on 2021-05-04"):
        engine.run(twice)
    assert not engine.can_run(twice)


def test_open_ends_are_whole_days_of_scenes(engine, stored):
    task = stored.task(ALL[0])
    some = tuple(s for s in task.scenes if (s.datetime.month, s.datetime.day) in {(5, 4), (5, 11)})
    closed = TimeRange(start=datetime(2021, 5, 4, tzinfo=UTC), end=datetime(2021, 5, 12, tzinfo=UTC))
    steps = Steps().index("NDVI").composite("month", "mean")
    one, *others = (
        engine.run(replace(task, steps=steps, scenes=some, request=replace(task.request, time=time)))
        for time in (closed, TimeRange.of("2021-05-04/.."), TimeRange.of("../2021-05-11"), None)
    )
    assert np.isfinite(one["NDVI"]).any()
    for other in others:
        np.testing.assert_array_equal(one["NDVI"], other["NDVI"])
