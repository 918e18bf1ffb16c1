"""Recipes through the service against the oracle and against the engine of this machine."""

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from tests.oracle import compare, compute
from tests.recipes.archive import build
from tests.recipes.cases import generated
from tests.recipes.drawing import cases_and_overpasses, part
from tests.recipes.stored import Stored

from multisat.contracts import Access
from multisat.engine import run

pytestmark = pytest.mark.filterwarnings("ignore::multisat.cube.MultisatWarning")

EVERY = 7
"""Every so manieth case of one collection."""
CASES = [case for case in generated() if len(case.collections) == 1][::EVERY]
SELECTIONS = {"min", "max", "first", "last", "count", "greenest", "lowest_cloud", "clearest_scene", "medoid"}


def task(case):
    """The case as it comes from a search of the service: what is stored elsewhere only is not there."""
    stored = Stored()
    return stored, stored.task(case)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_recipe_gives_the_right_numbers(engine, case):
    stored, made = task(case)
    assert engine.can_run(made), engine.can_run(made).reasons
    found = engine.run(made)
    compare(found, compute(case.recipe, build(*case.collections), case.ask))
    local = run(made, access=lambda _, asset: Access(href=asset.href), reader=stored.reader)
    same(found, local, exact=chosen(case))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=cases_and_overpasses())
def test_what_nobody_thought_of(engine, drawn):
    """The service has more tiles than were planned; they do not count."""
    case, names = drawn
    assume(len(case.collections) == 1)
    archive = part(case, names)
    found = engine.run(Stored().task(case, archive))
    compare(found, compute(case.recipe, archive, case.ask))


def chosen(case):
    """Whether every number is one that was stored or computed at one look."""
    steps = case.recipe
    reducer = steps.get("composite", {"reducer": "first"})["reducer"]
    return reducer in SELECTIONS and not {"smooth", "anomaly"} & set(steps)


def same(found, local, *, exact):
    assert list(found.data_vars) == list(local.data_vars)
    for name, right in local.data_vars.items():
        assert found[name].dtype == right.dtype
        if exact or name in ("count", "mask"):
            np.testing.assert_array_equal(found[name], right)
        else:
            np.testing.assert_allclose(found[name], right, rtol=1e-6, atol=1e-6)


def test_there_are_recipes_of_every_kind():
    assert len(CASES) >= 40
    reducers = {case.recipe["composite"]["reducer"] for case in CASES if "composite" in case.recipe}
    assert len(reducers) == 13
    assert {"s2", "landsat", "s1"} == {case.sensor for case in CASES}
    assert any("composite" not in case.recipe for case in CASES)
