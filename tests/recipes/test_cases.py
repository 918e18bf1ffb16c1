"""What the generated set is made of."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from tests.oracle import compute
from tests.recipes import cases
from tests.recipes.archive import build

ALL = cases.generated()


def test_there_are_enough_and_they_differ():
    assert len(ALL) >= 500
    assert len({f"{c.sensor} {c.start} {c.end} {c.recipe}" for c in ALL}) == len(ALL)
    assert cases.generated() == ALL


def test_reducers_meet_sensors_and_periods():
    composites = [(c.sensor, c.recipe["composite"]) for c in ALL if "composite" in c.recipe]
    met = {(sensor, one["reducer"]) for sensor, one in composites}
    lack = {("s1", "greenest"), *product(("s1", "landsat", "hls"), ("lowest_cloud",))}
    assert met == set(product(cases.SENSORS, cases.REDUCERS)) - lack
    met = {(str(one["period"]), one["reducer"]) for _, one in composites}
    periods = [str(cases.EDGES if p == "edges" else p) for p in cases.PERIODS if p != "steps"]
    assert met == set(product(periods, cases.REDUCERS))


def test_masks_meet_sensors():
    met = {(c.sensor, str(c.recipe.get("mask"))) for c in ALL if c.sensor != "s1"}
    assert met == set(product([s for s in cases.SENSORS if s != "s1"], map(str, cases.MASKS)))


def test_every_variable_and_every_step_is_there():
    named = Counter(str(one) for c in ALL for one in c.recipe.get("index", ()))
    wanted = {str(one) for one in (*cases.OPTICAL, *cases.RADAR) if "bands" not in one}
    assert wanted == set(named)
    assert min(named.values()) >= 5
    after = Counter(
        str(c.recipe[word]) for c in ALL for word in ("smooth", "anomaly", "clip") if word in c.recipe
    )
    assert len(after) == 5 + 4 + 6 + 1
    assert min(after.values()) >= 2


def test_pixels_have_no_look_one_and_an_odd_and_an_even_number():
    recipe = {
        "bands": ["red"],
        "mask": {"classes": "clear"},
        "composite": {"period": "dekad", "reducer": "min"},
    }
    found = set()
    for sensor in ("s2", "landsat", "hls"):
        case = cases.Case(number=0, sensor=sensor, recipe=recipe, start=ALL[0].start, end=ALL[0].end)
        found |= set(compute(recipe, build(*case.collections), case.ask).count.ravel().tolist())
    assert found >= {0, 1, 2, 3}


@pytest.mark.parametrize("case", ALL[::7], ids=str)
def test_a_saved_recipe_means_the_same(case):
    archive = build(*case.collections)
    given, saved = (compute(one, archive, case.ask) for one in (case.recipe, case.steps.to_dict()))
    assert given.labels == saved.labels
    for name, values in given.variables.items():
        np.testing.assert_allclose(saved.variables[name], values, rtol=1e-6, atol=1e-6)
