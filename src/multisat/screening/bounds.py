"""How far a share that was taken from a sample can be from the true one.

A nearest-sampled overview is a systematic sample. Without a limit on how long the edges of clouds are,
no certain bound below 1 exists for it. The bound here is that of a simple random sample of as many
pixels (Wilson's score interval, 95 %), which is wider than the error of a systematic one wherever
near pixels are more alike than far ones (Cochran, Sampling Techniques, 1977, chapter 8), as in clouds.
It does not hold for patterns that repeat with the step of the sample.
"""

from __future__ import annotations

import math

_Z = 1.959964
"""Of a normal distribution, 95 % on both sides."""


def needed(tolerance: float) -> float:
    """Return how many pixels keep any share within a tolerance, as a share of 1."""
    return max(1.0, (_Z / (2 * tolerance)) ** 2 - _Z**2)


def bound(share: float, count: float) -> float:
    """Return how far the true share can be from that of a sample.

    Args:
        share: Of the sample, 0 to 1.
        count: Pixels, by the weight they count with.
    """
    if count <= 0:
        return 1.0
    middle = (share + _Z**2 / (2 * count)) / (1 + _Z**2 / count)
    half = _Z / (1 + _Z**2 / count) * math.sqrt(share * (1 - share) / count + (_Z / (2 * count)) ** 2)
    return max(middle + half - share, share - (middle - half))
