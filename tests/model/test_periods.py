"""Periods: calendar spans in UTC that tile a time range."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from multisat.errors import TimeRangeError, UsageError
from multisat.model import TimeRange
from multisat.model.periods import Period, check_spec, index_of, periods, slot

CALENDAR = ("day", "dekad", "month", "quarter", "season", "year")
PANDAS = {"day": "D", "month": "M", "quarter": "Q-DEC", "season": "Q-NOV", "year": "Y"}


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def labels(spec, when, **ends):
    return [str(one.label) for one in periods(spec, TimeRange.of(when), **ends)]


@pytest.mark.parametrize(
    ("spec", "when", "expected"),
    [
        (None, "2023-05", ["2023-05-01"]),
        (None, "2023-05-17/2024", ["2023-05-17"]),
        ("day", "2024-02-28/2024-03-01", ["2024-02-28", "2024-02-29", "2024-03-01"]),
        ("day", "2023-05-01T23:00Z/2023-05-02T00:00Z", ["2023-05-01"]),
        ("day", "2023-05-01T23:00Z/2023-05-02T00:00:00.000001Z", ["2023-05-01", "2023-05-02"]),
        ("dekad", "2024-02", ["2024-02-01", "2024-02-11", "2024-02-21"]),
        ("dekad", "2023-05-31", ["2023-05-21"]),
        ("dekad", "2023-05-10/2023-05-11", ["2023-05-01", "2023-05-11"]),
        ("dekad", "2023-01-21/2023-02-01", ["2023-01-21", "2023-02-01"]),
        ("month", "2023-11-30/2024-02-01", ["2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"]),
        ("quarter", "2023-03-31/2023-10-01", ["2023-01-01", "2023-04-01", "2023-07-01", "2023-10-01"]),
        ("season", "2023-01", ["2022-12-01"]),
        ("season", "2023", ["2022-12-01", "2023-03-01", "2023-06-01", "2023-09-01", "2023-12-01"]),
        ("season", "2023-02-28", ["2022-12-01"]),
        ("season", "2023-12", ["2023-12-01"]),
        ("year", "2019-12-31/2021-01-01", ["2019-01-01", "2020-01-01", "2021-01-01"]),
        ("16d", "2023-01-05/2023-02-05", ["2023-01-05", "2023-01-21"]),
        ("16d", "2023-01-05/2023-02-06", ["2023-01-05", "2023-01-21", "2023-02-06"]),
        ("16d", "2023-01-05T13:00Z/2023-01-21T00:00Z", ["2023-01-05"]),
        ("16d", "2024-02-20/2024-03-07", ["2024-02-20", "2024-03-07"]),
        ("1d", "2023-12-31/2024-01-01", ["2023-12-31", "2024-01-01"]),
        (("2023-01-01", "2023-04-15", "2023-07-01"), "2023-02/2023-05", ["2023-01-01", "2023-04-15"]),
        (["2023-01-01", "2023-04-15", "2023-07-01"], "2023-02/2023-03", ["2023-01-01"]),
        (("2023-01-01", "2023-04-15", "2023-07-01"), "2023-04-15", ["2023-04-15"]),
        ((date(2023, 1, 1), utc(2024, 1, 1)), "2023", ["2023-01-01"]),
        ((np.datetime64("2023-01-01"), pd.Timestamp("2023-06-01"), "2024"), "2023", ["2023-01-01", "2023-06-01"]),
    ],
)  # fmt: skip
def test_labels(spec, when, expected):
    assert labels(spec, when) == expected


def test_a_calendar_period_is_whole_and_no_period_is_the_range_itself():
    may = TimeRange.of("2023-05-17/2023-05-18")
    assert periods("month", may) == (Period(start=utc(2023, 5, 1), end=utc(2023, 6, 1)),)
    assert periods("16d", may) == (Period(start=utc(2023, 5, 17), end=utc(2023, 6, 2)),)
    assert periods(None, may) == (Period(start=may.start, end=may.end),)
    noon = TimeRange.of("2023-05-17T12:00Z/2023-05-17T13:00Z")
    assert periods(None, noon) == (Period(start=noon.start, end=noon.end),)


def test_open_ends_are_the_whole_days_of_the_first_and_last_scene():
    ends = {"first": utc(2022, 12, 31, 10, 30), "last": utc(2023, 2, 1, 9)}
    (whole,) = periods(None, None, **ends)
    assert (whole.start, whole.end) == (utc(2022, 12, 31), utc(2023, 2, 2))
    assert [str(p.label) for p in periods("month", None, **ends)] == [
        "2022-12-01",
        "2023-01-01",
        "2023-02-01",
    ]
    assert labels("month", "2023-01/..", **ends) == ["2023-01-01", "2023-02-01"]
    assert labels("month", "../2023-03", **ends) == ["2022-12-01", "2023-01-01", "2023-02-01", "2023-03-01"]
    assert labels("month", "2023-01", **ends) == ["2023-01-01"]
    east = timezone(timedelta(hours=3))
    (day,) = periods("day", None, datetime(2023, 5, 2, 1, tzinfo=east), datetime(2023, 5, 2, 2, tzinfo=east))
    assert day.label == date(2023, 5, 1)


@pytest.mark.parametrize("when", [None, "2023/..", "../2023"])
def test_an_open_end_without_a_scene_is_an_error(when):
    with pytest.raises(TimeRangeError, match="no scene says where"):
        periods("month", None if when is None else TimeRange.of(when))


@pytest.mark.parametrize(
    "spec",
    [
        "", "months", "Month", "16", "0d", "-1d", "16D", "16 d", "1.5d", "016d", "999999d", "d", "16d\n", 16, 1.5, True, object(),
        (), ("2023-01-01",), ("2023-01-01", "2023-01-01"), ("2023-06-01", "2023-01-01"), ("2023-01-01", None),
        ("2023-01-01", "soon"), ("2023-01-01T12:00Z", "2024-01-01"), (2023, 2024), {"2023-01-01"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_with_the_next_step(spec):
    with pytest.raises(UsageError) as caught:
        check_spec(spec)
    assert caught.value.hint
    with pytest.raises(UsageError):
        periods(spec, TimeRange.of("2023"))


@pytest.mark.parametrize("spec", [None, *CALENDAR, "16d", ("2023-01-01", "2024-01-01")])
def test_what_periods_takes_passes_the_check(spec):
    check_spec(spec)
    assert periods(spec, TimeRange.of("2023"))


@pytest.mark.parametrize("when", ["2022-12-31/2023-03", "2023-03/2023-05-01", "2024"])
def test_dates_that_leave_out_a_part_of_the_range_are_refused(when):
    with pytest.raises(UsageError, match="2023-01-01 until before 2023-05-01 leave out a part"):
        periods(("2023-01-01", "2023-05-01"), TimeRange.of(when))


@pytest.mark.parametrize(("spec", "when"), [("season", "0001-01"), ("year", "9999-05"), ("300d", "9999-05")])
def test_periods_beyond_the_calendar_are_refused(spec, when):
    with pytest.raises(TimeRangeError, match="beyond the years 1 to 9999"):
        periods(spec, TimeRange.of(when))


def test_a_period_is_utc_and_has_two_ends_in_order():
    east = timezone(timedelta(hours=3))
    one = Period(start=datetime(2023, 5, 1, 2, tzinfo=east), end=datetime(2023, 5, 2))
    assert (one.start, one.end, one.label) == (utc(2023, 4, 30, 23), utc(2023, 5, 2), date(2023, 4, 30))
    with pytest.raises(TimeRangeError):
        Period(start=one.end, end=one.start)


instants = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
spans = st.timedeltas(timedelta(microseconds=1), timedelta(days=900))
specs = st.sampled_from([None, *CALENDAR]) | st.integers(1, 400).map("{}d".format)


@given(specs, instants, spans, st.lists(st.floats(0, 1, exclude_max=True), max_size=8))
def test_periods_tile_the_range_and_each_instant_lies_in_exactly_one(spec, start, length, shares):
    found = periods(spec, TimeRange(start=start, end=start + length))
    assert all(one.end == after.start for one, after in pairwise(found))
    assert found[0].start <= start < found[0].end
    assert found[-1].start < start + length <= found[-1].end
    assert len({one.label for one in found}) == len(found)
    last = start + length - timedelta(microseconds=1)
    inside = [start, *(min(start + length * share, last) for share in shares), last]
    holding = [[n for n, one in enumerate(found) if one.start <= when < one.end] for when in inside]
    assert index_of(inside, found).tolist() == [only for (only,) in holding]


@given(st.sets(st.dates(date(1900, 1, 1), date(2100, 1, 1)), min_size=2, max_size=9), st.data())
def test_given_dates_tile_the_range(days, data):
    edges = sorted(days)
    start = data.draw(st.dates(edges[0], edges[-1] - timedelta(days=1)))
    end = data.draw(st.dates(start + timedelta(days=1), edges[-1]))
    found = periods(tuple(edges), TimeRange.of((start, end - timedelta(days=1))))
    assert found[0].start.date() <= start < found[0].end.date()
    assert found[-1].start.date() < end <= found[-1].end.date()
    assert [one.label for one in found] == [d for d in edges if found[0].label <= d <= found[-1].label]


@given(st.sampled_from(sorted(PANDAS)), st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_calendar_periods_are_those_of_pandas(unit, day):
    (found,) = periods(unit, TimeRange.of(day))
    known = pd.Period(day, freq=PANDAS[unit])
    assert found.label == known.start_time.date()
    assert found.end.date() == (known + 1).start_time.date()


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_dekad_is_a_third_of_a_month(day):
    (found,) = periods("dekad", TimeRange.of(day))
    assert found.label == day.replace(day=1 if day.day <= 10 else 11 if day.day <= 20 else 21)
    assert found.end.day in {1, 11, 21}
    assert 8 <= (found.end - found.start).days <= 11


@pytest.mark.parametrize(
    ("spec", "slots"),
    [("dekad", 36), ("month", 12), ("quarter", 4), ("season", 4), ("year", 1)],
)
def test_slots_count_through_each_year_and_come_again(spec, slots):
    leap, plain = (periods(spec, TimeRange.of(year)) for year in ("2023-12/2024-11", "2024-12/2025-11"))
    years = [[(slot(one, spec), one.label.replace(year=2000)) for one in found] for found in (leap, plain)]
    assert sorted({number for number, _ in years[0]}) == list(range(1, slots + 1))
    assert dict(years[0]) == dict(years[1])


@pytest.mark.parametrize(
    ("spec", "day", "number"),
    [
        ("dekad", "2024-02-29", 6), ("dekad", "2023-12-31", 36), ("dekad", "2023-01-01", 1),
        ("month", "2023-12-31", 12), ("quarter", "2023-12-31", 4), ("quarter", "2023-04-01", 2),
        ("season", "2023-01-31", 1), ("season", "2023-12-01", 1), ("season", "2023-03-01", 2), ("season", "2023-11-30", 4),
        ("year", "2023-07-01", 1),
    ],
)  # fmt: skip
def test_slot_numbers(spec, day, number):
    (found,) = periods(spec, TimeRange.of(day))
    assert slot(found, spec) == number


@pytest.mark.parametrize("spec", [None, "day", "16d", ("2023-01-01", "2024-01-01")])
def test_periods_that_do_not_come_again_have_no_slot(spec):
    with pytest.raises(UsageError, match="do not come again"):
        slot(periods(spec, TimeRange.of("2023"))[0], spec)


def test_instants_outside_of_all_periods_have_index_minus_one():
    may, july = periods("month", TimeRange.of("2023-05"))[0], periods("month", TimeRange.of("2023-07"))[0]
    when = [
        utc(2023, 4, 30, 23, 59, 59, 999999),
        utc(2023, 5, 1),
        utc(2023, 6, 15),
        utc(2023, 7, 31, 23),
        utc(2023, 8, 1),
    ]
    assert index_of(when, (may, july)).tolist() == [-1, 0, -1, 1, -1]
    naive = np.array([one.replace(tzinfo=None) for one in when], dtype="datetime64[ns]")
    assert index_of(naive, (may, july)).tolist() == [-1, 0, -1, 1, -1]
    assert index_of([], (may,)).tolist() == index_of(naive[:0], (may,)).tolist() == []
    assert index_of(when, ()).tolist() == [-1] * 5
    east = timezone(timedelta(hours=3))
    assert index_of([datetime(2023, 5, 1, 2, tzinfo=east), datetime(2023, 5, 1, 2)], (may,)).tolist() == [
        -1,
        0,
    ]
