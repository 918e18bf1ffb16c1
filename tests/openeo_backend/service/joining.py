"""Two cubes made one."""

import xarray as xr
from openeo.metadata import Band, BandDimension
from openeo_driver.errors import OpenEOApiException
from tests.openeo_backend.service import callbacks


def merged(one, other, resolver):
    """Return the values of two arrays; where both have a label, a resolver says which value counts.

    Args:
        one: Array.
        other: Array, which may lack dimensions.
        resolver: A process of two numbers or of a list, or None.
    """
    if not _overlap(one, other):
        return _ordered(one.combine_first(other), one, other)
    if resolver is None:
        raise OpenEOApiException(
            code="OverlapResolverMissing",
            status_code=400,
            message="Data cubes overlap, but no overlap resolver was given.",
        )
    left, right = xr.align(one, other, join="inner")
    arguments = {"data": [left, right]} if resolver in callbacks.REDUCERS else {"x": left, "y": right}
    both = callbacks.call(resolver, arguments)
    if set(other.dims) < set(one.dims):
        return both.transpose(*one.dims)
    return _ordered(both.combine_first(one).combine_first(other), one, other)


def metadata(known, data):
    """Return metadata with the bands of an array."""
    if "bands" not in data.dims or not known.has_band_dimension():
        return known
    bands = {band.name: band for band in known.bands}
    named = [bands.get(name, Band(name)) for name in data.bands.values.tolist()]
    dimensions = [BandDimension(d.name, named) if d.type == "bands" else d for d in known._dimensions]
    return known._clone_and_update(dimensions=dimensions)


def _overlap(one, other):
    shared = [name for name in ("t", "bands") if name in one.dims and name in other.dims]
    return all(set(one[name].values.tolist()) & set(other[name].values.tolist()) for name in shared)


def _ordered(found, one, other):
    """Return an array with labels in the order they came, times in order, y downwards."""
    names = []
    if "bands" in found.dims:
        names = list(dict.fromkeys([*one.bands.values.tolist(), *other.bands.values.tolist()]))
        found = found.sel(bands=names)
    return found.sortby("y", ascending=False).transpose(*one.dims)
