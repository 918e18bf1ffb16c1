"""What requests cost in processing units.

Checked 2026-11-21: Processing Unit pages of Sentinel Hub and of the Copernicus Data Space.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from multisat.contracts import Cost
from multisat_sentinel_hub.pieces import Piece

UNIT = "processing units"
_PIXELS = 512 * 512
"""Pixels of three bands, of 16 bits and one sample, that cost one unit."""
_BANDS = 3
_LEAST_AREA = 0.01
_LEAST, _LEAST_STATISTICS = 0.005, 0.01
_LEAST_ASYNC, _LEAST_BATCH = 10.0, 100.0
_ASYNC_SHARE, _BATCH_SHARE = 2 / 3, 1 / 3
_LARGE = 10_000
"""Pixels from which asynchronous requests and features of batch jobs are cheaper."""
_WIDE = 2
"""Factor of answers of 32 bits."""
AT_ONCE = 4
"""Requests in flight; an account may ask 300 times a minute."""
SECONDS = 2.0
"""What one answer takes, roughly."""
_RATE = 10e6


def units(piece: Piece) -> float:
    """Return what a request costs: by its area, input bands, type and samples."""
    bands = sum(band != "dataMask" for band in piece.bands) / _BANDS
    wide = any(np.dtype(kind).itemsize > _WIDE for _, kind in piece.outputs.values())
    area = max(_LEAST_AREA, piece.pixels / _PIXELS)
    return max(_LEAST, area * bands * (_WIDE if wide else 1) * max(1, piece.scenes))


def statistics_units(pixels: int, bands: int, scenes: int) -> float:
    """Return what a statistical request costs; the type of its numbers does not count."""
    area = max(_LEAST_AREA, pixels / _PIXELS)
    return max(_LEAST_STATISTICS, area * bands / _BANDS * max(1, scenes))


def async_units(pixels: int, usual: float) -> float:
    """Return what an asynchronous request costs that would usually cost so much."""
    return max(_LEAST_ASYNC, usual * (_ASYNC_SHARE if pixels >= _LARGE else 1.0))


def batch_units(requests: Iterable[tuple[int, float]]) -> float:
    """Return what a batch job costs.

    Args:
        requests: Pixels of each feature, and what it would usually cost.
    """
    return max(
        _LEAST_BATCH, sum(usual * (_BATCH_SHARE if pixels >= _LARGE else 1.0) for pixels, usual in requests)
    )


def in_words(number: float) -> str:
    """Return processing units as the attribute ``spent`` has them."""
    return f"{number:g} {UNIT}"


def cost(pieces: Sequence[Piece], scenes: int) -> Cost:
    """Return what requests cost together.

    Args:
        pieces: The requests.
        scenes: Scenes that are read by them.
    """
    size = sum(piece.pixels * weight(piece) for piece in pieces)
    return Cost(
        scenes=scenes,
        files=0,
        requests=len(pieces),
        bytes=size,
        seconds=max(size / _RATE, len(pieces) * SECONDS / AT_ONCE),
        units=((UNIT, sum(map(units, pieces))),),
    )


def weight(piece: Piece) -> int:
    """Return the bytes of one pixel of an answer, unpacked."""
    return sum(bands * np.dtype(kind).itemsize for bands, kind in piece.outputs.values())
