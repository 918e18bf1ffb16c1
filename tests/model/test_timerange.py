"""Spans of time: UTC, half open, and clear about what they are not."""

import contextlib
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multisat.errors import TimeRangeError
from multisat.model import TimeRange


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2023", utc(2023, 1, 1), utc(2024, 1, 1)),
        ("2023-05", utc(2023, 5, 1), utc(2023, 6, 1)),
        ("2023-12", utc(2023, 12, 1), utc(2024, 1, 1)),
        ("2024-02", utc(2024, 2, 1), utc(2024, 3, 1)),
        ("2024-02-29", utc(2024, 2, 29), utc(2024, 3, 1)),
        ("2023-Q2", utc(2023, 4, 1), utc(2023, 7, 1)),
        ("2023-Q4", utc(2023, 10, 1), utc(2024, 1, 1)),
        ("2023-05/2023-09", utc(2023, 5, 1), utc(2023, 10, 1)),
        ("2019/2024", utc(2019, 1, 1), utc(2025, 1, 1)),
        (" 2023-05-17 / 2023-05-18 ", utc(2023, 5, 17), utc(2023, 5, 19)),
        ("2023-05-01/..", utc(2023, 5, 1), None),
        ("../2023", None, utc(2024, 1, 1)),
        ("2023-05-01T10:00:00Z/2023-05-02T10:00:00Z", utc(2023, 5, 1, 10), utc(2023, 5, 2, 10)),
        ("2023-05-01T10:00:00+02:00/2023-05-02", utc(2023, 5, 1, 8), utc(2023, 5, 3)),
        ("2023-05-01T10:00/2023-05-01T11:00", utc(2023, 5, 1, 10), utc(2023, 5, 1, 11)),
        (date(2023, 5, 17), utc(2023, 5, 17), utc(2023, 5, 18)),
        ((date(2023, 5, 17), None), utc(2023, 5, 17), None),
        (("2023-05", "2023-06"), utc(2023, 5, 1), utc(2023, 7, 1)),
        (
            (pd.Timestamp("2023-05-01 10:00"), pd.Timestamp("2023-05-02", tz="UTC")),
            utc(2023, 5, 1, 10),
            utc(2023, 5, 2),
        ),
        ((np.datetime64("2023-05-01T10"), None), utc(2023, 5, 1, 10), None),
        ((datetime(2023, 5, 1, 2, tzinfo=timezone(timedelta(hours=3))), None), utc(2023, 4, 30, 23), None),
    ],
)
def test_every_form(value, start, end):
    found = TimeRange.of(value)
    assert (found.start, found.end) == (start, end)
    assert TimeRange.of(str(found)) == found
    assert TimeRange.of(found) is found


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2023-13", "month must be in 1..12"),
        ("2023-06-31", "day is out of range"),
        ("2023-02-29", "day is out of range"),
        ("0000", "year"),
        ("2023-09/2023-05", "starts after it ends"),
        ("2023-05-01T00:00:00Z/2023-05-01T00:00:00Z", "is empty"),
        ("../..", "open on both sides"),
        ("..", "open on both sides"),
        ("2023-05-01T10:00:00Z", "is one instant"),
        (datetime(2023, 5, 1, tzinfo=UTC), "is one instant"),
        ("2023-05 to 2023-09", "cannot read the time range"),
        ("May 2023", "cannot read the time"),
        ("2023/05/01", "cannot read the time"),
        (2023, "cannot read a time from int"),
        ([1, 2, 3], "cannot read a time from list"),
    ],
)
def test_what_is_no_range_is_refused_with_the_next_step(value, said):
    with pytest.raises(TimeRangeError, match=said) as caught:
        TimeRange.of(value)
    assert caught.value.hint


def test_the_end_is_not_in_the_range():
    may = TimeRange.of("2023-05")
    assert may.contains(utc(2023, 5, 1))
    assert may.contains(utc(2023, 5, 31, 23, 59, 59, 999999))
    assert not may.contains(utc(2023, 6, 1))
    assert not may.contains(utc(2023, 4, 30, 23, 59, 59))
    assert TimeRange.of("../2022").contains(utc(1999, 1, 1))


def test_spans_overlap_if_they_share_an_instant():
    may = TimeRange.of("2023-05")
    assert may.overlaps(utc(2023, 4, 1), utc(2023, 5, 1))
    assert not may.overlaps(utc(2023, 6, 1), utc(2023, 7, 1))
    assert TimeRange.of("2023/..").overlaps(utc(2030, 1, 1), utc(2030, 1, 1))


def test_services_are_told_rfc_3339():
    assert TimeRange.of("2023-05").stac() == "2023-05-01T00:00:00Z/2023-06-01T00:00:00Z"
    assert TimeRange.of("2023-05-01/..").stac() == "2023-05-01T00:00:00Z/.."


instants = st.datetimes(datetime(1972, 1, 1), datetime(2100, 1, 1)).map(lambda d: d.replace(tzinfo=UTC))


@given(instants, instants)
def test_any_range_survives_being_written_down(one, other):
    if one != other:
        found = TimeRange(start=min(one, other), end=max(one, other))
        assert TimeRange.of(str(found)) == found


@given(st.text(max_size=30) | st.integers() | st.none() | st.lists(st.text(max_size=5), max_size=3))
def test_anything_else_is_an_error_of_ours(value):
    with contextlib.suppress(TimeRangeError):
        TimeRange.of(value)
