"""From stored integers to physical values: what holds for a band of a scene, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from multisat.errors import BaselineMissing
from multisat.vocab.scaling_rules import SCALINGS, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Scaling:
    """How stored numbers become physical ones, and why.

    Attributes:
        scale: Factor, applied first.
        offset: Added after the factor, in the unit of the band.
        nodata: Stored value that means no data, or None.
        dtype: NumPy name of the stored type, or None where only the file knows it.
        why: The reason these numbers hold, in one sentence.
    """

    scale: float
    offset: float
    nodata: float | None
    dtype: str | None
    why: str


def scaling(
    rules: str,
    band: str,
    *,
    baseline: float | None = None,
    properties: Mapping[str, Any] | None = None,
    declared_offset: float | None = None,
) -> Scaling:
    """Return how the stored numbers of a band become physical ones.

    Args:
        rules: Name of a row set in ``SCALINGS``.
        band: Canonical band.
        baseline: Sentinel-2 processing baseline as a number (``"05.09"`` is 5.09), if known.
        properties: The item's properties, for archives whose files differ by a flag.
        declared_offset: The offset the item declares for this band, if it does.

    Raises:
        BaselineMissing: The answer depends on a processing baseline that is not known.
    """
    rows = SCALINGS[rules]
    found = next((r for r in rows if r.covers(band, baseline, properties or {})), None)
    if found is None:
        if baseline is None and any(r.asks_baseline and band in r.bands for r in rows):
            raise BaselineMissing(
                "the processing baseline is not given, so the reflectance offset would be a guess",
                asset=band,
                hint='give one: scene.with_baseline("05.09"), or --assume-baseline 05.09',
            )
        return Scaling(
            scale=1.0, offset=0.0, nodata=None, dtype=None, why="no rule: stored values as they are"
        )
    return Scaling(
        scale=found.scale,
        offset=_offset(found, band, declared_offset),
        nodata=found.nodata,
        dtype=found.dtype,
        why=found.why,
    )


def _offset(rule: Rule, band: str, declared: float | None) -> float:
    if rule.offset != "declared":
        return rule.offset
    if declared is None:
        raise BaselineMissing(
            "the item does not declare the offset of this band, and it must",
            asset=band,
            hint="take the same acquisition from another provider or collection",
        )
    return declared
