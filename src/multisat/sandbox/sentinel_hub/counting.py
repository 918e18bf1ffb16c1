"""Statistics of one band: moments, percentiles and a histogram.

Source: documentation.dataspace.copernicus.eu/APIs/SentinelHub/Statistical and the reference of the API
(2025-03). The standard deviation is that of the whole population: the numbers printed there (99 pixels of 8,
one of 9, 710 of 10 give 0.65556) agree with it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from multisat.sandbox.sentinel_hub.refusing import Refused

Numbers = NDArray[np.float64]
_ROUNDING, _MOST_BINS = 1e-9, 10_000


def counted(
    values: Numbers, valid: NDArray[np.bool_], calculation: Mapping[str, Any], band: str
) -> dict[str, Any]:
    """Return what an answer says of one band.

    Args:
        values: Values of any shape; those that are not numbers are without value.
        valid: Where ``dataMask`` is not 0, same shape.
        calculation: The request's calculation for this output.
        band: Name of the band.

    Raises:
        Refused: The histogram cannot be made.
    """
    kept = values[valid & ~np.isnan(values)].astype(float)
    stats: dict[str, Any] = {
        "min": _number(kept.min() if kept.size else math.nan),
        "max": _number(kept.max() if kept.size else math.nan),
        "mean": _number(kept.mean() if kept.size else math.nan),
        "stDev": _number(kept.std() if kept.size else math.nan),
        "sampleCount": int(values.size),
        "noDataCount": int(values.size - kept.size),
    }
    ranks = _for(calculation.get("statistics", {}), band).get("percentiles", {}).get("k", [])
    if ranks and kept.size:
        stats["percentiles"] = percentiles(kept, ranks)
    wanted = _for(calculation.get("histograms", {}), band)
    found: dict[str, Any] = {"stats": stats}
    if wanted and (kept.size or not _needs_values(wanted)):
        found["histogram"] = histogram(kept, wanted)
    return found


def percentiles(values: Numbers, ranks: Sequence[float]) -> dict[str, Any]:
    """Return percentiles by rank in percent as text.

    Each is one of the values: the printed examples give values of 32-bit pixels, not means of two.
    """
    found = np.percentile(values, ranks, method="inverted_cdf")
    return {f"{float(rank)}": _number(value) for rank, value in zip(ranks, found, strict=True)}


def histogram(values: Numbers, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Return a histogram; the last bin holds its upper edge, too.

    Args:
        values: One-dimensional.
        wanted: ``bins``, or ``nBins`` or ``binWidth`` with ``lowEdge`` and ``highEdge``, which are the least
            and the greatest value if not given.

    Raises:
        Refused: Neither bins nor their number nor their width is given.
    """
    edges = _edges(values, wanted)
    counts, _ = np.histogram(values, np.array(edges, dtype=float))
    bins = [
        {"lowEdge": low, "highEdge": high, "count": int(count)}
        for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
    ]
    over, under = int((values > edges[-1]).sum()), int((values < edges[0]).sum())
    return {"bins": bins, "overflowCount": over, "underflowCount": under}


def _edges(values: Numbers, wanted: Mapping[str, Any]) -> list[float]:
    if "bins" in wanted:
        return sorted(wanted["bins"])
    low = wanted["lowEdge"] if "lowEdge" in wanted else float(values.min())
    high = wanted["highEdge"] if "highEdge" in wanted else float(values.max())
    if not {"nBins", "binWidth"} & wanted.keys():
        raise Refused("Invalid request: a histogram needs bins, nBins or binWidth.")
    exact = wanted["nBins"] if "nBins" in wanted else (high - low) / wanted["binWidth"] - _ROUNDING
    if high < low or not exact < _MOST_BINS:
        raise Refused("Invalid request: highEdge must be above lowEdge, and bins not too many.")
    count = max(1, math.ceil(exact))
    width = wanted["binWidth"] if "nBins" not in wanted else (high - low) / count or 1.0
    return [low + k * width for k in range(count + 1)]


def _needs_values(wanted: Mapping[str, Any]) -> bool:
    return "bins" not in wanted and not {"lowEdge", "highEdge"} <= wanted.keys()


def _for(by_band: Mapping[str, Any], band: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = by_band.get(band, by_band.get("default", {}))
    return found


def _number(value: float) -> float | str:
    """Return a number as the service writes it: what is not finite as text."""
    if math.isfinite(value):
        return float(value)
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
