"""Many values of a pixel, one value. Lists of floats in order of time, NaN left out before."""

import math

EXACT = ("min", "max", "first", "last", "count", "greenest", "lowest_cloud", "clearest_scene", "medoid")
"""Those that give one of the values as it is."""


def reduced(name, values, q=None):
    """Return one value of a list of values, as a float; NaN of none, but for ``count``."""
    if name == "count":
        return float(len(values))
    if not values:
        return math.nan
    return quantile(values, q) if name == "quantile" else REDUCERS[name](values)


def mean(values):
    """Return the sum by the number."""
    return math.fsum(values) / len(values)


def std(values):
    """Return the standard deviation of the population."""
    middle = mean(values)
    return math.sqrt(math.fsum((v - middle) ** 2 for v in values) / len(values))


def median(values):
    """Return the middle one, or half of the sum of the middle two."""
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def quantile(values, q):
    """Return the value at a share ``q`` of the way from the first to the last, linear between two."""
    ordered = sorted(values)
    place = q * (len(ordered) - 1)
    below = min(math.floor(place), len(ordered) - 1)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


REDUCERS = {
    "mean": mean,
    "std": std,
    "median": median,
    "min": min,
    "max": max,
    "first": lambda values: values[0],
    "last": lambda values: values[-1],
}
