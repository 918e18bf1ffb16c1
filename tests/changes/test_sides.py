"""Which orbit is taken, and which days: no pixel is needed for that."""

import datetime as dt

import pytest

from multisat.changes import around, common_orbit, same_orbit
from multisat.errors import NothingFound, UsageError
from multisat.model import Acquisition, Scene


def scenes(*given):
    """Scenes by day of January and relative orbit."""
    return [
        Scene(
            provider="disk",
            collection="sentinel-1-rtc",
            native_id="sentinel-1-rtc",
            id=f"{day}-{orbit}",
            datetime=dt.datetime(2023, 1, day, 5, tzinfo=dt.UTC),
            footprint={"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
            platform="sentinel-1a",
            relative_orbit=orbit,
            assets={},
            acquisition=Acquisition(
                collection="sentinel-1-rtc", platform="sentinel-1a", tile="", name=f"{day}"
            ),
            item={},
        )
        for day, orbit in given
    ]


@pytest.mark.parametrize(
    ("before", "after", "orbit"),
    [
        ([(1, 5), (2, 7)], [(9, 5)], 5),
        ([(1, 5), (2, 7), (3, 7)], [(9, 5), (10, 5), (11, 7), (12, 7)], 7),
        ([(1, 5), (2, 5), (3, 5), (4, 7), (5, 7)], [(9, 5), (10, 7), (11, 7)], 7),
        ([(1, 5), (2, 7)], [(9, 5), (10, 7), (11, 7)], 7),
        ([(1, 9), (2, 5)], [(9, 5), (10, 9)], 5),
    ],
    ids=["only one on both", "more looks", "more on the poorer side", "more in all", "the lower of equals"],
)
def test_the_orbit_with_most_looks_where_it_has_fewer_is_taken(before, after, orbit):
    assert common_orbit(scenes(*before), scenes(*after)) == orbit


def test_slices_of_one_pass_are_one_look():
    slices = scenes((1, 5), (1, 5), (1, 5), (2, 7), (3, 7))
    assert common_orbit(slices, scenes((9, 5), (10, 5), (11, 7), (12, 7))) == 7


def test_scenes_without_an_orbit_never_count():
    with pytest.raises(NothingFound, match="no relative orbit"):
        common_orbit(scenes((1, None)), scenes((9, None)))


def test_sides_are_in_order_of_time_and_of_one_orbit():
    times = around("2023-01-05", 4)
    before, after = same_orbit((scenes((3, 5), (1, 5), (2, 7)), scenes((8, 5), (7, 5), (6, 7))), times)
    assert [one.id for one in before[0]] == ["1-5", "3-5"]
    assert [one.id for one in after[0]] == ["7-5", "8-5"]
    assert (before[1], after[1]) == times


def test_an_event_lies_between_its_sides():
    before, after = around("2023-01-05", 3)
    assert (f"{before.start:%m-%d %H}", f"{before.end:%m-%d %H}") == ("01-02 00", "01-05 00")
    assert (f"{after.start:%m-%d %H}", f"{after.end:%m-%d %H}") == ("01-06 00", "01-09 00")
    long = around("2023-01-05/2023-01-07", 1)
    assert (f"{long[0].end:%m-%d}", f"{long[1].start:%m-%d}") == ("01-05", "01-08")
    with pytest.raises(UsageError):
        around("2023-01-05", 0)
