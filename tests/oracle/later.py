"""What comes after the composite, pixel by pixel: filling, smoothing, anomalies, clipping."""

import math
from itertools import pairwise

import numpy as np
from tests.oracle.calendars import slot
from tests.oracle.reducers import mean, std

DAY = 86400.0


def filled(values, times, limit=None):
    """Return a series with gaps between two values filled along a straight line in time.

    ``limit`` is the longest time in days between the two values.
    """
    found = list(values)
    known = [i for i, v in enumerate(values) if not math.isnan(v)]
    for a, b in pairwise(known):
        whole = (times[b] - times[a]).total_seconds()
        if limit is not None and whole > limit * DAY:
            continue
        for i in range(a + 1, b):
            share = (times[i] - times[a]).total_seconds() / whole
            found[i] = values[a] + (values[b] - values[a]) * share
    return found


def whittaker(values, smoothness):
    """Return the series that makes sum w (y - z)^2 + s sum (z'')^2 least, by least squares.

    Weights are 1 for values and 0 for gaps; nothing before the first value or after the last.
    """
    known = [i for i, v in enumerate(values) if not math.isnan(v)]
    if not known:
        return list(values)
    size = len(values)
    rows, right = [], []
    for i in known:
        rows.append([1.0 if j == i else 0.0 for j in range(size)])
        right.append(values[i])
    for i in range(size - 2):
        bend = {i: 1.0, i + 1: -2.0, i + 2: 1.0}
        rows.append([math.sqrt(smoothness) * bend.get(j, 0.0) for j in range(size)])
        right.append(0.0)
    found = np.linalg.lstsq(np.array(rows), np.array(right), rcond=None)[0]
    return [float(found[i]) if known[0] <= i <= known[-1] else math.nan for i in range(size)]


def anomaly(values, labels, baseline, baseline_labels, spec, kind):
    """Return each value of a series against those of its like in the baseline."""
    found = []
    for value, label in zip(values, labels, strict=True):
        like = [
            b
            for b, when in zip(baseline, baseline_labels, strict=True)
            if slot(spec, when) == slot(spec, label) and not math.isnan(b)
        ]
        found.append(_against(value, like, kind) if like else math.nan)
    return found


def _against(value, like, kind):
    middle = mean(like)
    if kind == "difference":
        return value - middle
    below = middle if kind == "ratio" else std(like)
    if below == 0:
        return math.nan
    return value / middle if kind == "ratio" else (value - middle) / below


def inside(x, y, rings):
    """Whether a point lies in a polygon: a ray to the right crosses an odd number of edges."""
    crossings = 0
    for ring in rings:
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
                crossings += 1
    return crossings % 2 == 1
