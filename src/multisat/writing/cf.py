"""Cubes by the climate and forecast conventions (CF), as netCDF and Zarr hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from typing import Any

import numpy as np
import orjson
import xarray as xr
from numpy.typing import NDArray

from multisat.raster.redact import redact
from multisat.writing.facts import Facts
from multisat.writing.placed import Placed

_CODED = ("_FillValue", "missing_value", "scale_factor", "add_offset", "grid_mapping", "coordinates")
"""Attributes that tell readers to change numbers, or that xarray writes itself."""
_UNITS = {"s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds"}
BLOCK = 512
"""Most pixels of a chunk along y and x."""


def conventional(placed: Placed) -> xr.Dataset:
    """Return a cube that says all it has to say in attributes that files can hold.

    Whole numbers keep their values, with ``_FillValue``, ``scale_factor`` and ``add_offset``
    beside them; floats are NaN where there is no data. Times are whole numbers since 1970, UTC.
    """
    cube = placed.said().drop_encoding()
    named = {str(name): _variable(str(name), cube[name]) for name in cube.data_vars}
    coords = {str(name): _coordinate(cube[name]) for name in cube.coords}
    attrs = {
        **plain(cube.attrs),
        "Conventions": "CF-1.11",
        "history": f"multisat-eo {version('multisat-eo')}",
    }
    return xr.Dataset(named, coords=coords, attrs=attrs)


def chunks_of(band: xr.DataArray, wanted: Mapping[str, int] | None = None) -> tuple[int, ...]:
    """Return chunk sizes along the dimensions: those wanted, Dask's, or one step of 512 x 512 pixels."""
    sizes = {str(dim): (min(BLOCK, band.sizes[dim]) if dim in ("y", "x") else 1) for dim in band.dims}
    if band.chunks is not None:
        sizes |= {str(dim): parts[0] for dim, parts in zip(band.dims, band.chunks, strict=True)}
    sizes |= {dim: size if size > 0 else band.sizes[dim] for dim, size in (wanted or {}).items()}
    return tuple(max(1, min(sizes[str(dim)], band.sizes[dim])) for dim in band.dims)


def _variable(name: str, band: xr.DataArray) -> xr.Variable:
    facts = Facts.of(name, band)
    whole = band.astype(np.uint8) if band.dtype.kind == "b" else band
    attrs = plain({key: value for key, value in band.attrs.items() if key not in _CODED})
    if band.dtype.kind != "f":
        attrs |= {} if facts.nodata is None else {"_FillValue": band.dtype.type(facts.nodata)}
        attrs |= {} if facts.scale == 1 else {"scale_factor": facts.scale}
        attrs |= {} if facts.offset == 0 else {"add_offset": facts.offset}
    if name == "mask":
        attrs |= {"flag_values": np.array([0, 1], dtype=whole.dtype), "flag_meanings": "clear masked"}
    found = whole.variable.copy(deep=False)
    found.attrs = attrs
    found.encoding = {"grid_mapping": "spatial_ref"} if {"y", "x"} <= set(band.dims) else {}
    if band.dtype.kind == "f":
        found.encoding["_FillValue"] = band.dtype.type(np.nan)
    return found


def _coordinate(coordinate: xr.DataArray) -> xr.Variable:
    found = coordinate.variable.copy(deep=False).to_base_variable().load()
    found.attrs = plain({key: value for key, value in found.attrs.items() if key not in _CODED})
    if found.dtype.kind == "M":
        found.attrs.pop("units", None)
        found.encoding = {
            "units": f"{_unit(found.values)} since 1970-01-01",
            "calendar": "standard",
            "dtype": "int64",
        }
        if found.dims == ("time",):
            found.attrs |= {"standard_name": "time", "long_name": "UTC", "axis": "T"}
    elif found.dtype.kind in "UOST":
        found = xr.Variable(found.dims, _texts(found.values), found.attrs)
    else:
        found.encoding = {"_FillValue": None}
    return found


def _unit(times: NDArray[Any]) -> str:
    """Return the coarsest unit in which times are whole numbers."""
    exact = (unit for unit in _UNITS if (times.astype(f"M8[{unit}]") == times).all())
    return _UNITS[next(exact, "ns")]


def _texts(values: NDArray[Any]) -> NDArray[np.object_]:
    texts = np.empty(values.shape, dtype=object)
    for index in np.ndindex(values.shape):
        texts[index] = redact("" if values[index] is None else str(values[index]))
    return texts


def plain(attrs: Mapping[Any, Any]) -> dict[str, Any]:
    """Return attributes as text and numbers; lists are joined, mappings become JSON, None is left out."""
    return {str(key): _plain(value) for key, value in attrs.items() if value is not None}


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever attributes hold
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if isinstance(value, int | float | np.number):
        return value
    if isinstance(value, np.ndarray):
        return _plain_list(value.ravel().tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return _plain_list(list(value))
    return redact(_text(value))


def _plain_list(values: list[Any]) -> Any:  # noqa: ANN401 - numbers or text
    numbers = bool(values) and all(isinstance(v, int | float) and not isinstance(v, bool) for v in values)
    return np.array(values) if numbers else "; ".join(str(_plain(v)) for v in values)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    return value.isoformat() if isinstance(value, date) else str(value)
