"""What the numbers of a variable are: unit, no data, scale, and whether they are codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from multisat.errors import UsageError
from multisat.vocab.bands import BANDS

_MEASURED = {"optical", "thermal", "sar", "elevation", "auxiliary"}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What the numbers of a variable are.

    Attributes:
        name: Of the variable.
        unit: Of the physical values, ``""`` for none.
        nodata: The number that means no data, NaN in floats, or None.
        scale, offset: ``physical = stored * scale + offset``.
        codes: Whether numbers are classes or bits, which cannot be averaged.
    """

    name: str
    unit: str = ""
    nodata: float | None = None
    scale: float = 1.0
    offset: float = 0.0
    codes: bool = False

    @classmethod
    def of(cls, name: str, band: xr.DataArray) -> Facts:
        """Read what a variable says of itself.

        Raises:
            UsageError: Its no data is none of the numbers it can hold.
        """
        floats = band.dtype.kind == "f"
        told = {} if floats else {**band.encoding, **band.attrs}
        return cls(
            name=name,
            unit=str(band.attrs.get("units", "")),
            nodata=float("nan") if floats else _nodata(name, band, told),
            scale=float(told.get("scale", told.get("scale_factor", 1.0))),
            offset=float(told.get("offset", told.get("add_offset", 0.0))),
            codes=_is_codes(name, band),
        )


def _nodata(name: str, band: xr.DataArray, told: Mapping[str, Any]) -> int | None:
    value = told.get("nodata", told.get("_FillValue"))
    if value is None or band.dtype.kind == "b":
        return None
    limits = np.iinfo(band.dtype)
    if not (limits.min <= value <= limits.max and float(value).is_integer()):
        raise UsageError(f"{name}: {value} is no {band.dtype}, so it cannot mean no data", hint="set attrs")
    return int(value)


def _is_codes(name: str, band: xr.DataArray) -> bool:
    """Whether numbers are codes; whole numbers of an unknown name may be."""
    known = BANDS.get(name)
    if known is not None:
        return known.kind not in _MEASURED
    return name == "mask" or band.dtype.kind != "f"
