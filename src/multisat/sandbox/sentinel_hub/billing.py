"""Processing units: what requests cost and what an account has left.

Source: documentation.dataspace.copernicus.eu/APIs/SentinelHub/Overview/ProcessingUnit (2025-03).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from multisat.sandbox.sentinel_hub.refusing import NO_UNITS, Refused

_AREA = 512 * 512
_SMALLEST = 0.01
PROCESS_LEAST, STATISTICS_LEAST, ASYNC_LEAST, BATCH_LEAST = 0.005, 0.01, 10.0, 100.0
LARGE = 10_000
"""Pixels from which asynchronous and batch requests are cheaper."""
ASYNC_SHARE, BATCH_SHARE = 2 / 3, 1 / 3


@dataclass(kw_only=True)
class Account:
    """What one client has spent.

    Attributes:
        limit: Units it may spend in all; infinite by default.
        spent: Units it has spent.
        requests: Requests that were paid for.
    """

    limit: float = math.inf
    spent: float = 0.0
    requests: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def require(self, units: float = 0.0) -> None:
        """Refuse if nothing is left, or less than so much.

        Raises:
            Refused: With status 403.
        """
        if self.limit - self.spent < units or self.spent >= self.limit:
            message = "Insufficient processing units or requests available in your account."
            raise Refused(message, NO_UNITS, 403)

    def spend(self, units: float) -> None:
        """Take units for a request that succeeded."""
        with self._lock:
            self.spent += units
            self.requests += 1


def units(pixels: int, bands: int, samples: int, *, wide: bool = False, factor: float = 1.0) -> float:
    """Return what a request costs before any least price.

    Args:
        pixels: Pixels of the answer, or of the samples of a statistic.
        bands: Input bands without ``dataMask``.
        samples: Data samples per pixel.
        wide: Whether it gives 32-bit TIFF.
        factor: Of radar processing.
    """
    area = max(_SMALLEST, pixels / _AREA)
    return area * bands / 3 * (2 if wide else 1) * max(1, samples) * factor


def radar_factor(collection: str, processing: Mapping[str, Any]) -> float:
    """Return what radar processing multiplies the price by; 1 for other collections."""
    if collection != "sentinel-1-grd":
        return 1.0
    terrain = 2.0 if processing.get("orthorectify") else 1.0
    if processing.get("backCoeff") == "GAMMA0_TERRAIN":
        terrain = 2.5
    return terrain * (2.0 if processing.get("speckleFilter", {}).get("type", "NONE") != "NONE" else 1.0)
