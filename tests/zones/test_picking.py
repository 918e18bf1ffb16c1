"""Some areas of many."""

import pytest
import shapely

from multisat.errors import UsageError
from multisat.model import AOI, AOIs
from multisat.zones import ids_of, pick


@pytest.fixture
def parks():
    return AOIs(tuple(AOI(geometry=shapely.Point(i, 0), name=str(270 + i)) for i in range(20)))


def names(areas):
    return [area.name for area in areas]


def test_by_id_in_the_order_of_the_set(parks):
    assert names(pick(parks, only=["283", 271])) == ["271", "283"]
    assert names(pick(parks, only="283")) == ["283"]
    assert names(pick(parks, only=283)) == ["283"]


def test_from_a_number_on(parks):
    assert names(pick(parks, start=16)) == ["285", "286", "287", "288", "289"]
    assert names(pick(parks, start=1)) == names(parks)
    assert names(pick(parks, only=["271", "288"], start=16)) == ["288"]


def test_anything_that_is_an_area_may_be_picked_from():
    assert names(pick([shapely.Point(0, 0), shapely.Point(1, 1)], only=["2"])) == ["2"]
    assert names(
        pick(AOIs((AOI(geometry=shapely.Point(0, 0)), AOI(geometry=shapely.Point(1, 1)))), start=2)
    ) == ["2"]


def test_unknown_ids_are_named_with_those_like_them(parks):
    with pytest.raises(UsageError, match=r"no area has the id 2833 .*20, such as 283"):
        pick(parks, only=["283", "2833"])


@pytest.mark.parametrize("start", [0, -1, 21])
def test_numbers_out_of_range_are_refused(parks, start):
    with pytest.raises(UsageError, match=f"no area number {start} .*there are 20"):
        pick(parks, start=start)


def test_nothing_left_is_an_error(parks):
    with pytest.raises(UsageError, match="no area is left from number 16 on"):
        pick(parks, only=["271"], start=16)
    with pytest.raises(UsageError, match="no area is left"):
        pick(parks, only=[])


def test_numbers_that_are_names_of_others_are_refused():
    mixed = AOIs((AOI(geometry=shapely.Point(0, 0), name="2"), AOI(geometry=shapely.Point(1, 1))))
    with pytest.raises(UsageError, match="name all areas"):
        ids_of(mixed)
