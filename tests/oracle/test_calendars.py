"""Periods of the oracle, against dates read off a calendar."""

from datetime import UTC, datetime
from itertools import pairwise

import pytest
from tests.oracle.calendars import periods, slot


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("spec", "start", "end", "edges"),
    [
        ("day", "2024-02-28T12:00", "2024-03-01T00:00", "2024-02-28 2024-02-29 2024-03-01"),
        ("dekad", "2023-02-15", "2023-03-02", "2023-02-11 2023-02-21 2023-03-01 2023-03-11"),
        ("dekad", "2023-01-21", "2023-01-31T23:59:59", "2023-01-21 2023-02-01"),
        ("month", "2023-11-30", "2024-01-01", "2023-11-01 2023-12-01 2024-01-01"),
        ("month", "2023-11-30", "2024-01-01T00:00:01", "2023-11-01 2023-12-01 2024-01-01 2024-02-01"),
        ("quarter", "2023-03-31", "2023-04-02", "2023-01-01 2023-04-01 2023-07-01"),
        ("season", "2023-01-01", "2023-03-02", "2022-12-01 2023-03-01 2023-06-01"),
        ("season", "2023-11-30", "2023-12-02", "2023-09-01 2023-12-01 2024-03-01"),
        ("year", "2022-12-31", "2023-01-02", "2022-01-01 2023-01-01 2024-01-01"),
        ("16d", "2023-01-05T08:00", "2023-02-06T00:00:01", "2023-01-05 2023-01-21 2023-02-06 2023-02-22"),
        ("16d", "2023-01-05", "2023-02-06", "2023-01-05 2023-01-21 2023-02-06"),
        (("2023-01-01", "2023-02-10", "2023-05-01"), "2023-01-04", "2023-04-01", "2023-01-01 2023-02-10 2023-05-01"),
        (None, "2023-01-04", "2023-04-02", "2023-01-04 2023-04-02"),
    ],
)  # fmt: skip
def test_edges(spec, start, end, edges):
    days = [at(one) for one in edges.split()]
    assert periods(spec, at(start), at(end)) == list(pairwise(days))


@pytest.mark.parametrize(
    ("spec", "one", "other", "same"),
    [
        ("month", "2021-05-01", "2023-05-01", True),
        ("month", "2021-05-01", "2021-06-01", False),
        ("dekad", "2020-02-21", "2021-02-21", True),
        ("dekad", "2020-02-21", "2020-02-11", False),
        ("season", "2020-12-01", "2022-12-01", True),
        ("year", "2020-01-01", "2022-01-01", True),
    ],
)
def test_slots(spec, one, other, same):
    assert (slot(spec, at(one)) == slot(spec, at(other))) is same
