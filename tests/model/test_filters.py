"""Conditions on properties: from text and mappings, and when they are met."""

import numpy as np
import pytest

from multisat.errors import UsageError
from multisat.model import PropertyFilter
from multisat.model.filters import parse_filters


@pytest.mark.parametrize(
    ("text", "name", "op", "value"),
    [
        ("platform=landsat-9", "platform", "eq", "landsat-9"),
        ("view:sun_elevation >= 30.5", "view:sun_elevation", "gte", 30.5),
        ("a<=1", "a", "lte", 1), ("a<1", "a", "lt", 1), ("a>-1e3", "a", "gt", -1000), ("a>.5", "a", "gt", 0.5),
        ("a!=x y", "a", "neq", "x y"), ("a=b=c", "a", "eq", "b=c"), ("a=nan", "a", "eq", "nan"), ("a=1_0", "a", "eq", "1_0"),
        ("earthsearch:boa_offset_applied=true", "earthsearch:boa_offset_applied", "eq", True),
        ("s2:processing_baseline='05.09'", "s2:processing_baseline", "eq", "05.09"), ('a="5"', "a", "eq", "5"),
        ("a='", "a", "eq", "'"), ("a=0", "a", "eq", 0), ("a=0.5", "a", "eq", 0.5), ("landsat:wrs_row=027", "landsat:wrs_row", "eq", "027"),
        ("tile=047027", "tile", "eq", "047027"), ("tile=199031", "tile", "eq", "199031"),
        ("processing_baseline>=05.09", "processing_baseline", "gte", "05.09"),
        ("relative_orbit=022", "relative_orbit", "eq", 22), ("relative_orbit=0", "relative_orbit", "eq", 0),
    ],
)  # fmt: skip
def test_filters_from_text(text, name, op, value):
    for form in (text, [text], (f"  {text} ",), PropertyFilter(name=name, op=op, value=value)):
        assert parse_filters(form) == (PropertyFilter(name=name, op=op, value=value),)
    assert type(parse_filters(text)[0].value) is type(value) or value == parse_filters(text)[0].value


@pytest.mark.parametrize(("value", "op", "wanted"), [
    ("x", "eq", "x"), (3, "eq", 3), (False, "eq", False), (["b", "a"], "in", ("a", "b")), (frozenset({2, 1}), "in", (1, 2)),
    ({"neq": "x"}, "neq", "x"), ({"in": ("b", "a")}, "in", ("a", "b")), ({"in": "abc"}, "in", ("abc",)), (np.float32(0.5), "eq", 0.5),
])  # fmt: skip
def test_filters_from_a_mapping(value, op, wanted):
    assert parse_filters({"a": value}) == (PropertyFilter(name="a", op=op, value=wanted),)


@pytest.mark.parametrize("value", [
    "platform", "=3", "a=", "", 3, [3], object(), {"a": {"near": 3}}, {"a": object()}, {"a": None}, {"a": {}}, {"a": float("nan")},
    {"a": {"gte": [1, 2]}}, {"a": [[1]]}, {"a": [None]}, {"tile": 199031}, {"processing_baseline": {"gte": 5.09}},
])  # fmt: skip
def test_filters_that_cannot_be_read(value):
    with pytest.raises(UsageError) as caught:
        parse_filters(value)
    assert caught.value.hint


def test_no_filters():
    assert parse_filters(None) == parse_filters([]) == parse_filters({}) == ()


@pytest.mark.parametrize(
    ("op", "wanted", "have", "met"),
    [("lte", 20, 20, True), ("lt", 20, 20, False), ("lt", 20, 19.9, True), ("gt", 20, 20, False), ("gte", 20, 20, True),
     ("eq", "a", None, False), ("neq", "a", None, False), ("in", ("a",), None, False), ("gte", 3, "text", False),
     ("gte", "05.00", "05.09", True), ("in", ("a", "b"), "b", True), ("in", ("ab",), "a", False), ("neq", "a", "b", True),
     ("eq", 1, [1], False), ("in", (1, 2), [1], False)],
)  # fmt: skip
def test_filters_need_the_property(op, wanted, have, met):
    assert PropertyFilter(name="x", op=op, value=wanted).met_by(have) is met
