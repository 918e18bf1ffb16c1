"""Lengths as users write them."""

from __future__ import annotations

import math
import re

from multisat.errors import UsageError

_LENGTH = re.compile(r"^\s*(\d+\.?\d*|\.\d+)\s*(m|km)?\s*$", re.ASCII)


def metres(length: float | str) -> float:
    """Return metres of a number, ``"500"``, ``"500m"`` or ``"0.5 km"``.

    Raises:
        UsageError: It is no length above 0.
    """
    found = _LENGTH.match(length) if isinstance(length, str) else None
    if found:
        length = float(found[1]) * (1000 if found[2] == "km" else 1)
    if isinstance(length, str) or not (math.isfinite(length) and length > 0):
        raise UsageError(f"{length!r} is no length", hint='write metres, such as 500, or "500m" or "0.5km"')
    return float(length)
