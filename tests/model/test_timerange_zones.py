"""Times without a zone, and ends joined by something else than a slash."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from multisat.errors import TimeRangeError
from multisat.model import TimeRange

MAY = TimeRange.of("2023-05")


def test_times_without_a_zone_are_utc():
    assert MAY.contains(datetime(2023, 5, 31, 23, 59))
    assert not MAY.contains(datetime(2023, 6, 1))
    assert MAY.overlaps(datetime(2023, 4, 1), datetime(2023, 5, 1))
    assert not MAY.overlaps(datetime(2023, 6, 1), datetime(2023, 7, 1, tzinfo=UTC))


def test_zones_are_taken_into_account():
    east = timezone(timedelta(hours=2))
    assert MAY.contains(datetime(2023, 6, 1, 1, tzinfo=east))
    assert not MAY.contains(datetime(2023, 5, 1, 1, tzinfo=east))


@pytest.mark.parametrize(
    "joint", [" to ", " - ", "\u2013", " \u2014 ", "..", ",", " \u2026 ", ":", "_", " until "]
)
def test_ends_are_joined_by_a_slash(joint):
    with pytest.raises(TimeRangeError, match='join its ends with "/"'):
        TimeRange.of(f"2023-05{joint}2023-09")
