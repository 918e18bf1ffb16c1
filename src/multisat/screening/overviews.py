"""How archives make the overviews of their quality layers.

Only where an overview pixel is a pixel of the file (nearest) is the overview a sample, whose error has
a bound. A majority (mode) drops small clouds, and a mean of codes is no code. Archives that are not in
the table are read in full resolution.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from multisat.model import Scene


@dataclass(frozen=True, kw_only=True, slots=True)
class Overviews:
    """How one archive makes overviews of a collection's quality layer.

    Attributes:
        provider: Provider name.
        native_id: The archive's own collection id.
        method: GDAL's name of the method.
        checked: When the source was read.
        source: Where it is said.
    """

    provider: str
    native_id: str
    method: Literal["nearest", "mode"]
    checked: str
    source: str


_HLS = "NASA-IMPACT/hls-hdf_to_cog at 0033ec3, hls_hdf_to_cog.py: overview_resampling"
_MIRROR = f"the granules of LP DAAC, mirrored; {_HLS}"
_CIRRUS = "cirrus-geo/cirrus-earth-search at fec31b4, core/process/processes.json: SCL"
_DAY = "2026-08-01"

KNOWN: tuple[Overviews, ...] = (
    Overviews(provider="nasa-cmr", native_id="HLSL30_2.0", method="nearest", checked=_DAY, source=_HLS),
    Overviews(provider="nasa-cmr", native_id="HLSS30_2.0", method="nearest", checked=_DAY, source=_HLS),
    Overviews(
        provider="planetary-computer", native_id="hls2-l30", method="nearest", checked=_DAY, source=_MIRROR
    ),
    Overviews(
        provider="planetary-computer", native_id="hls2-s30", method="nearest", checked=_DAY, source=_MIRROR
    ),
    Overviews(
        provider="earth-search", native_id="sentinel-2-l2a", method="mode", checked=_DAY, source=_CIRRUS
    ),
)
"""What is known; the rest is not."""

_SAMPLED = {(o.provider, o.native_id) for o in KNOWN if o.method == "nearest"}


def sampled(scene: Scene) -> bool:
    """Whether the overviews of a scene's quality layer are known to be samples of it."""
    return (scene.provider, scene.native_id) in _SAMPLED
