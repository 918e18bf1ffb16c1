"""The engine of this machine against the oracle, recipe by recipe."""

import pytest
from tests.oracle import compare, compute
from tests.recipes.archive import build
from tests.recipes.cases import generated

pytestmark = pytest.mark.filterwarnings("ignore::multisat.cube.MultisatWarning")

EVERY = 41
"""Every so manieth case is read from files; coprime to the turns of sensors, reducers, periods and masks."""


def right(case):
    return compute(case.recipe, build(*case.collections), case.ask)


@pytest.mark.parametrize("case", generated(), ids=str)
def test_the_engine_is_right(compute_case, case):
    compare(compute_case(case), right(case))


@pytest.mark.parametrize("case", generated()[::EVERY], ids=str)
def test_the_engine_is_right_over_http(over_http, case):
    found = over_http(case)
    compare(found, right(case))
    assert "memory" not in found.attrs["reader"]
