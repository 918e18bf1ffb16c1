"""Steps are values: equal by content, hashable, and never changed."""

from dataclasses import FrozenInstanceError, fields, is_dataclass

import pytest
from hypothesis import given, settings
from tests.steps.drawing import recipes

from multisat.recipe import Recipe
from multisat.steps import Steps


def test_each_word_gives_a_new_recipe_and_leaves_the_old_one():
    first = Recipe().mask("clear")
    second = first.index("NDVI")
    third = second.composite("month")
    assert first.variables == ()
    assert second.composed is None
    assert third.composed is not None
    assert len({first, second, third}) == 3
    assert second == Recipe().mask("clear").index("NDVI")


@settings(deadline=None)
@given(recipes())
def test_nothing_inside_can_be_set(steps):
    values = [steps, *(getattr(steps, one.name) for one in fields(steps)), *steps.formulas]
    for value in values:
        if is_dataclass(value):
            with pytest.raises(FrozenInstanceError):
                setattr(value, fields(value)[0].name, None)
        assert isinstance(hash(value), int)


@settings(deadline=None)
@given(recipes())
def test_what_is_given_out_does_not_change_what_is_kept(steps):
    before = steps.to_dict()
    for value in steps.to_dict().values():
        if isinstance(value, dict | list):
            value.clear()
    assert steps.to_dict() == before


def test_a_recipe_and_its_steps_are_told_apart():
    assert Recipe().index("NDVI") != Steps().index("NDVI")
