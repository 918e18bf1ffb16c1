"""The one look of a pixel that stands for a period."""

import math


def choose(name, looks):
    """Return the position of the look that is taken, or None.

    ``looks`` are dicts in order of time: ``values`` (a list of floats, one a variable), ``ndvi``,
    ``cloud_probability`` (floats), ``cloud_cover`` (a float or None). Of equal ones the earliest is taken.
    """
    if name == "medoid":
        return _medoid([look["values"] for look in looks])
    scores = [(_score(name, look), i) for i, look in enumerate(looks) if _seen(look)]
    told = [one for one in scores if not math.isnan(one[0])]
    return min(told)[1] if told else None


def _seen(look):
    return any(not math.isnan(v) for v in look["values"])


def _score(name, look):
    """Return what is to be low; NaN is no candidate."""
    if name == "greenest":
        return -look["ndvi"]
    if name == "lowest_cloud":
        return look["cloud_probability"]
    return math.inf if look["cloud_cover"] is None else look["cloud_cover"]


def _medoid(values):
    whole = [i for i, one in enumerate(values) if not any(math.isnan(v) for v in one)]
    sums = [(math.fsum(math.dist(values[i], values[j]) for j in whole), i) for i in whole]
    return min(sums)[1] if sums else None
