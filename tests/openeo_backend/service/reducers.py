"""Processes that make one value of many; null does not count unless asked for."""

import numpy as np
import xarray as xr


def _plain(name, **always):
    def worked(data, dimension, ignore_nodata=True):
        return getattr(data, name)(dimension, skipna=ignore_nodata, **always)

    return worked


def _total(name):
    def worked(data, dimension, ignore_nodata=True):
        least = {"min_count": 1} if ignore_nodata else {}
        return getattr(data, name)(dimension, skipna=ignore_nodata, **least)

    return worked


def _end(step):
    """Return a function that gives the first value in a direction."""

    def worked(data, dimension, ignore_nodata=True):
        ordered = data.isel({dimension: slice(None, None, step)})
        if not ignore_nodata:
            return ordered.isel({dimension: 0}, drop=True)
        place = ordered.notnull().argmax(dimension)
        return ordered.isel({dimension: place}).drop_vars(dimension, errors="ignore")

    return worked


def _count(data, dimension, condition=None):
    """Return how many are valid, or all, or where a condition is true."""
    if isinstance(condition, xr.DataArray):
        return (condition.fillna(0) != 0).sum(dimension).astype(float)
    valid = xr.ones_like(data) if condition is True else data.notnull()
    return valid.sum(dimension).astype(float)


def _quantiles(data, dimension, probabilities=None, q=None, ignore_nodata=True):
    """Return a list with the array of each quantile, linear between neighbours."""
    wanted = np.arange(1, q) / q if probabilities is None else np.asarray(probabilities, float)
    found = data.quantile(wanted, dimension, skipna=ignore_nodata, method="linear")
    return [found.isel(quantile=one, drop=True) for one in range(len(wanted))]


def _extrema(data, dimension, ignore_nodata=True):
    return [data.min(dimension, skipna=ignore_nodata), data.max(dimension, skipna=ignore_nodata)]


def _any(data, dimension, ignore_nodata=True):
    return (data.fillna(0) != 0).any(dimension).astype(float).where(data.notnull().any(dimension))


def _all(data, dimension, ignore_nodata=True):
    return (data.fillna(1) != 0).all(dimension).astype(float).where(data.notnull().any(dimension))


REDUCERS = {
    "mean": _plain("mean"),
    "median": _plain("median"),
    "min": _plain("min"),
    "max": _plain("max"),
    "sd": _plain("std", ddof=1),
    "variance": _plain("var", ddof=1),
    "sum": _total("sum"),
    "product": _total("prod"),
    "first": _end(1),
    "last": _end(-1),
    "count": _count,
    "quantiles": _quantiles,
    "extrema": _extrema,
    "any": _any,
    "all": _all,
}
"""Process to function of an array and a dimension."""
