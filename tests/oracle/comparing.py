"""A dataset against what is right."""

from datetime import UTC

import numpy as np

NEAR = 1e-6
"""Absolute and relative difference that is allowed where a number is computed, not chosen."""


def compare(found, right):
    """Raise AssertionError, with words, unless a dataset is what is right.

    ``found`` is an xarray Dataset with float32 variables (time, y, x), labels in ``time``, and ``count`` where
    looks were composed.
    """
    labels = [one.astimezone(UTC).replace(tzinfo=None) for one in right.labels]
    times = found["time"].values.astype("datetime64[us]").tolist()
    assert times == labels, f"labels are {times}, not {labels}"
    for name, values in right.variables.items():
        assert found[name].dims == ("time", "y", "x"), f"{name} has the dimensions {found[name].dims}"
        assert found[name].dtype == np.float32, f"{name} is {found[name].dtype}"
        _same(name, found[name].values, values, right.exact[name])
    if right.count is not None:
        count = found["count"].values
        _told("count", count, right.count, count != right.count)


def _same(name, found, values, exact):
    assert found.shape == values.shape, f"{name} has the shape {found.shape}, not {values.shape}"
    empty = np.isnan(values)
    _told(name, found, values, np.isnan(found) != empty)
    _told(name, found, values, exact & ~empty & (found != values))
    off = np.abs(found.astype(np.float64) - values)
    _told(name, found, values, ~empty & (off > NEAR * np.maximum(1, np.abs(values))))


def _told(name, found, values, wrong):
    if wrong.any():
        place = tuple(int(axis[0]) for axis in np.nonzero(wrong))
        raise AssertionError(
            f"{name}: {wrong.sum()} of {wrong.size} differ; at (time, y, x) {place} there is "
            f"{found[place]!r}, right is {values[place]!r}"
        )
