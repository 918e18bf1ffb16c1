"""A recipe as JSON: it comes back as it was, and nothing else comes in."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.steps.drawing import recipes

from multisat.errors import UsageError
from multisat.recipe import Recipe
from multisat.steps import Steps, gaussian


@settings(deadline=None)
@given(recipes())
def test_any_recipe_comes_back_equal(steps):
    data = steps.to_dict()
    again = Steps.from_dict(json.loads(json.dumps(data)))
    assert again == steps
    assert hash(again) == hash(steps)
    assert again.to_dict() == data
    assert str(again) == str(steps)


@settings(deadline=None)
@given(recipes(Recipe))
def test_a_recipe_stays_one_that_runs(recipe):
    assert isinstance(recipe, Recipe)
    assert isinstance(Recipe.from_dict(recipe.to_dict()), Recipe)


def test_it_is_kept_in_a_file(tmp_path):
    recipe = Recipe().mask("cloud", kernel=gaussian(11, 1.6, 0.1)).index("NDVI").composite("month", "mean")
    recipe.save(tmp_path / "recipe.json")
    assert Recipe.open(tmp_path / "recipe.json") == recipe
    assert json.loads((tmp_path / "recipe.json").read_text()) == {
        "multisat_recipe": 1,
        "mask": {"classes": ["nodata", "cloud"], "kernel": {"size": 11, "sigma": 1.6, "threshold": 0.1}},
        "index": [{"name": "NDVI", "expression": "(nir - red) / (nir + red)"}],
        "composite": {"period": "month", "reducer": "mean"},
    }


def test_an_index_is_kept_as_its_expression_so_that_no_catalogue_changes_it():
    kept = Steps().index("EVI").to_dict()["index"][0]
    assert kept["name"] == "EVI"
    assert set("GLN") & set(kept["expression"]) == set()  # no letter of the catalogue: bands and numbers only
    assert Steps.from_dict({"index": [kept]}).formulas[0].bands == ("nir", "red", "blue")
    mine = Steps.from_dict({"index": [{"name": "EVI", "expression": "nir"}]})
    assert mine.formulas[0].expression == "nir"


@pytest.mark.parametrize("text", ["nir/red", "  nir   /red", "nir / (red)", "((nir))/((red))"])
def test_an_expression_is_kept_in_one_way_of_writing(text):
    assert Steps().index(text, name="ratio") == Steps().index("nir / red", name="ratio")


def test_an_index_may_be_written_by_name():
    short = Steps.from_dict({"index": ["NDVI", {"name": "SAVI", "constants": {"L": 0.25}}]})
    assert short == Steps().index("NDVI").index("SAVI", L=0.25)


WRONG = {
    "unknown word": ({"index": ["NDVI"], "colour": "red"}, "colour"),
    "two unknown words": ({"a": 1, "b": 2}, "a, b"),
    "later version": ({"multisat_recipe": 2, "index": ["NDVI"]}, "version 2"),
    "nothing": ({}, "nothing is computed"),
    "unknown field": (
        {"index": ["NDVI"], "composite": {"period": "month", "reducer": "mean", "by": 1}},
        "by",
    ),
    "no reducer": ({"index": ["NDVI"], "composite": {"period": "month"}}, "reducer"),
    "list for a mask": ({"index": ["NDVI"], "mask": ["cloud"]}, "recipe"),
    "number for a mask": ({"index": ["NDVI"], "mask": 3}, "recipe"),
    "text for a margin": ({"index": ["NDVI"], "mask": {"classes": ["cloud"], "dilate": "wide"}}, "wide"),
    "text for bands": ({"bands": "red"}, "'red' is no list"),
    "class codes as a band": ({"bands": ["scl"]}, "scl holds class codes"),
    "number for bands": ({"bands": [3]}, "3"),
    "number for an index": ({"index": [3]}, "recipe"),
    "code for an expression": (
        {"index": [{"name": "ratio", "expression": "__import__('os')"}]},
        "not part of an expression",
    ),
    "text for a clip": ({"index": ["NDVI"], "clip": "no"}, "clip"),
    "number for statistics": ({"index": ["NDVI"], "zonal": {"statistics": 3}}, "recipe"),
    "smooth before its composite": (
        {"index": ["NDVI"], "smooth": {"method": "whittaker", "smoothness": 3}},
        "equally spaced",
    ),
    "two of one name": ({"index": ["NDVI", "NDVI"]}, "two variables NDVI"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_recipe_is_refused_and_named(case):
    data, said = WRONG[case]
    with pytest.raises(UsageError, match=said):
        Recipe.from_dict(data)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=6)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(("classes", "kernel", "period", "reducer", "q", "name", "statistics", "kind")),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(("bands", "mask", "index", "composite", "smooth", "anomaly", "clip", "zonal")), _JSON
    )
)
def test_whatever_a_file_holds_it_is_a_recipe_or_an_error_with_a_hint(data):
    assert _read(data)


def _read(data):
    """What comes of it: the steps, or the hint."""
    try:
        return Steps.from_dict(data)
    except UsageError as error:
        return error.hint


@pytest.mark.parametrize("text", ["", "{", "[1]", "3", '"NDVI"'])
def test_a_file_that_is_no_recipe_is_named(tmp_path, text):
    path = tmp_path / "broken.json"
    path.write_text(text)
    with pytest.raises(UsageError, match=r"broken\.json"):
        Recipe.open(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(UsageError, match=r"nothing\.json") as error:
        Recipe.open(tmp_path / "nothing.json")
    assert error.value.hint
