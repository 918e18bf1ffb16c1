"""Spans of time: UTC, half open, and clear about what they are not."""

import contextlib
import pickle
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


HALF_HOUR = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("value", "start", "end"),
    [
        ("2023", utc(2023, 1, 1), utc(2024, 1, 1)),
        ("2023-05", utc(2023, 5, 1), utc(2023, 6, 1)),
        ("2023-5", utc(2023, 5, 1), utc(2023, 6, 1)),
        ("2023-12", utc(2023, 12, 1), utc(2024, 1, 1)),
        ("2024-02", utc(2024, 2, 1), utc(2024, 3, 1)),
        ("2023-02", utc(2023, 2, 1), utc(2023, 3, 1)),
        ("2024-02-29", utc(2024, 2, 29), utc(2024, 3, 1)),
        ("2023-12-31", utc(2023, 12, 31), utc(2024, 1, 1)),
        ("20230517", utc(2023, 5, 17), utc(2023, 5, 18)),
        ("2023-Q1", utc(2023, 1, 1), utc(2023, 4, 1)),
        ("2023q2", utc(2023, 4, 1), utc(2023, 7, 1)),
        ("2023-Q4", utc(2023, 10, 1), utc(2024, 1, 1)),
        ("2023-Q1/2023-Q2", utc(2023, 1, 1), utc(2023, 7, 1)),
        ("2023-W01", utc(2023, 1, 2), utc(2023, 1, 9)),  # Monday 2 January
        ("2020-W53/2021W01", utc(2020, 12, 28), utc(2021, 1, 11)),
        ("2023-W20-3", utc(2023, 5, 17), utc(2023, 5, 18)),  # a Wednesday
        ("2023-05/2023-09", utc(2023, 5, 1), utc(2023, 10, 1)),
        ("2023-05/2023-05", utc(2023, 5, 1), utc(2023, 6, 1)),
        ("2019/2024", utc(2019, 1, 1), utc(2025, 1, 1)),
        ("2023/2024-02", utc(2023, 1, 1), utc(2024, 3, 1)),
        ("20230501/20230531", utc(2023, 5, 1), utc(2023, 6, 1)),
        (" 2023-05-17 / 2023-05-18 ", utc(2023, 5, 17), utc(2023, 5, 19)),
        ("2023-05-01/..", utc(2023, 5, 1), None),
        ("2023-05-01/", utc(2023, 5, 1), None),
        ("../2023", None, utc(2024, 1, 1)),
        ("/2023", None, utc(2024, 1, 1)),
        ("2023-05-01T10:00:00Z/2023-05-02T10:00:00Z", utc(2023, 5, 1, 10), utc(2023, 5, 2, 10)),
        ("2023-05-01 10:00/2023-05-01 11:00", utc(2023, 5, 1, 10), utc(2023, 5, 1, 11)),
        ("20230501T100000Z/2023-05-01T11", utc(2023, 5, 1, 10), utc(2023, 5, 1, 11)),
        ("2023-05-01T10:00:00+02:00/2023-05-02", utc(2023, 5, 1, 8), utc(2023, 5, 3)),
        ("2023-05-01T00:00:00.5Z/2023-05-01T00:00:00.500001Z", utc(2023, 5, 1, 0, 0, 0, 500000), utc(2023, 5, 1, 0, 0, 0, 500001)),
        (date(2023, 5, 17), utc(2023, 5, 17), utc(2023, 5, 18)),
        ((date(2023, 5, 17), None), utc(2023, 5, 17), None),
        ([date(2023, 5, 17), date(2023, 5, 17)], utc(2023, 5, 17), utc(2023, 5, 18)),
        (("2023-05", "2023-06"), utc(2023, 5, 1), utc(2023, 7, 1)),
        ((" ..", " 2023 "), None, utc(2024, 1, 1)),
        ((pd.Timestamp("2023-05-01 10:00"), pd.Timestamp("2023-05-02", tz="UTC")), utc(2023, 5, 1, 10), utc(2023, 5, 2)),
        ((pd.Timestamp("2023-05-01", tz="Asia/Kolkata"), None), utc(2023, 4, 30, 18, 30), None),
        ((pd.Timestamp("2023-05-01T00:00:00.000000999"), None), utc(2023, 5, 1), None),
        ((np.datetime64("2023-05-01T10"), None), utc(2023, 5, 1, 10), None),
        ((np.datetime64("2023-05-01T10:00:00.000000000"), None), utc(2023, 5, 1, 10), None),
        (np.datetime64("2023-05-17"), utc(2023, 5, 17), utc(2023, 5, 18)),
        (np.datetime64("2023-05"), utc(2023, 5, 1), utc(2023, 6, 1)),
        ((None, np.datetime64("2023")), None, utc(2024, 1, 1)),
        ((datetime(2023, 5, 1, 2, tzinfo=timezone(timedelta(hours=3))), None), utc(2023, 4, 30, 23), None),
        ((datetime(2023, 5, 1), datetime(2023, 5, 2)), utc(2023, 5, 1), utc(2023, 5, 2)),
    ],
)  # fmt: skip
def test_every_form(value, start, end):
    found = TimeRange.of(value)
    assert (found.start, found.end) == (start, end)
    assert all(end is None or end.tzinfo is UTC for end in (found.start, found.end))
    assert TimeRange.of(str(found)) == found
    assert TimeRange.of(found) is found
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(TimeRange.of(str(found))) == hash(found)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2023-13", "month must be in 1..12"),
        ("2023-00", "month must be in 1..12"),
        ("2023-05-00", "day is out of range"),
        ("2023-06-31", "day is out of range"),
        ("2023-02-29", "day is out of range"),
        ("2023-W54", "cannot read the time"),
        ("2023-Q5", "cannot read the time"),
        ("0000", "year"),
        ("9999", "year 10000"),
        (date(9999, 12, 31), "beyond the years 1 to 9999"),
        ("0001-01-01T00:00:00+02:00/..", "beyond the years 1 to 9999"),
        ("2023-09/2023-05", "starts after it ends"),
        ((date(2023, 5, 2), date(2023, 4, 2)), "starts after it ends"),
        ("2023-05-01T00:00:00Z/2023-05-01T00:00:00Z", "is empty"),
        ("2023-05-01T00:00:00Z/2023-05-01T02:00:00+02:00", "is empty"),
        ("2023-05-01T25:00:00Z/..", "hour must be in"),
        ("../..", "open on both sides"),
        ("..", "open on both sides"),
        ("", "open on both sides"),
        ((None, None), "open on both sides"),
        ("2023-05-01T10:00:00Z", "is one instant"),
        ("2023-05-01 10:00", "is one instant"),
        ("2023-05-01T10", "is one instant"),
        ("20230501T100000Z", "is one instant"),
        (datetime(2023, 5, 1, tzinfo=UTC), "is one instant"),
        (pd.Timestamp("2023-05-01"), "is one instant"),
        (np.datetime64("2023-05-01T10"), "is one instant"),
        (pd.NaT, "NaT is no time"),
        ((pd.NaT, "2023"), "NaT is no time"),
        ((np.datetime64("NaT"), "2023"), "cannot read the time 'NaT'"),
        ("2023-05 to 2023-09", "cannot read the time range .* \\(join its ends with \"/\"\\)"),
        ("2023-05 - 2023-09", "join its ends"),
        ("2023-05-01T00:00:00Z until 2023-09", "join its ends"),
        ("May 2023", "cannot read the time"),
        ("last week", "cannot read the time"),
        ("2023/05/01", "cannot read the time"),
        ("202305", "cannot read the time"),
        (2023, "cannot read a time from int"),
        (pd.Period("2023-05"), "cannot read a time from Period"),
        ([1, 2, 3], "cannot read a time from list"),
        (["2023"], "cannot read a time from list"),
    ],
)  # fmt: skip
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
    assert may.contains(datetime(2023, 6, 1, 5, 29, tzinfo=HALF_HOUR))
    assert not may.contains(datetime(2023, 6, 1, 5, 30, tzinfo=HALF_HOUR))
    assert TimeRange.of("../2022").contains(utc(1999, 1, 1))
    assert TimeRange.of("2022/..").contains(utc(2999, 1, 1))


def test_spans_overlap_if_they_share_an_instant():
    may = TimeRange.of("2023-05")
    assert may.overlaps(utc(2023, 4, 1), utc(2023, 5, 1))
    assert may.overlaps(utc(2023, 1, 1), utc(2024, 1, 1))
    assert not may.overlaps(utc(2023, 6, 1), utc(2023, 7, 1))
    assert not may.overlaps(utc(2023, 4, 1), utc(2023, 4, 30, 23, 59))
    assert TimeRange.of("2023/..").overlaps(utc(2030, 1, 1), utc(2030, 1, 1))


def test_services_are_told_rfc_3339():
    assert TimeRange.of("2023-05").stac() == "2023-05-01T00:00:00Z/2023-06-01T00:00:00Z"
    assert TimeRange.of("2023-05-01/..").stac() == "2023-05-01T00:00:00Z/.."
    indian = TimeRange(start=datetime(2023, 5, 1, 5, 30, tzinfo=HALF_HOUR), end=datetime(2023, 5, 2))
    assert repr(indian) == "TimeRange(2023-05-01T00:00:00Z/2023-05-02T00:00:00Z)"


instants = st.datetimes(datetime(1, 1, 2), timezones=st.just(UTC) | st.just(HALF_HOUR))


@given(instants, instants | st.none())
def test_any_range_survives_being_written_down(one, other):
    if one != other:
        start, end = (one, None) if other is None else (min(one, other), max(one, other))
        found = TimeRange(start=start, end=end)
        assert TimeRange.of(str(found)) == found
        assert found.contains(start)
        assert end is None or not found.contains(end)


@given(st.dates(date(1, 1, 1), date(9999, 12, 30)), st.integers(0, 400))
def test_days_are_whole(first, more):
    last = min(first.toordinal() + more, date(9999, 12, 30).toordinal())
    found = TimeRange.of(f"{first}/{date.fromordinal(last)}")
    assert (found.end - found.start).days == last - first.toordinal() + 1


parts = st.text("0123456789-/.:TZWQ+ ", max_size=24) | st.text(max_size=30)


@given(parts | st.integers() | st.none() | st.lists(parts | st.dates() | st.datetimes(), max_size=3))
def test_anything_else_is_an_error_of_ours(value):
    with contextlib.suppress(TimeRangeError):
        TimeRange.of(value)
