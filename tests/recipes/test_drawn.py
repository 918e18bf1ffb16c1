"""The engine of this machine against the oracle: recipes, ranges and archives that are drawn."""

import pytest
from hypothesis import given, settings
from tests.oracle import compare, compute
from tests.recipes.drawing import cases_and_overpasses, part


@pytest.mark.filterwarnings("ignore::multisat.cube.MultisatWarning")
@settings(max_examples=60, deadline=None)
@given(drawn=cases_and_overpasses())
def test_the_engine_is_right(compute_case, drawn):
    case, names = drawn
    archive = part(case, names)
    compare(compute_case(case, archive), compute(case.recipe, archive, case.ask))
