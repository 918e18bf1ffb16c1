"""Recipes that a service is judged by: the generated ones of Sentinel-2, over looks of one scene each.

A service makes one of all scenes of a day before anything is masked, this machine after it, so that time
ranges leave out the days of the synthetic archive on which two scenes with other numbers overlap.
"""

from dataclasses import replace
from datetime import datetime

from tests.recipes.cases import generated

RANGES = (("2021-04-20", "2021-05-14"), ("2021-05-15", "2021-06-05"))
BASELINE = "2018-01-01T00:00:00Z/2020-01-01T00:00:00Z"
_STEEP = {160, 225, 260}
"""Formulas that nearly divide by 0 somewhere: this machine rounds bands to float32 and the service does not,
which changes such numbers by more than a millionth."""


def cases(count=57):
    """Return the first so many recipes."""
    every = [c for c in generated() if c.sensor == "s2" and c.number not in _STEEP]
    return [_within(case) for case in every[:count]]


def _within(case):
    span = RANGES[case.number // 5 % 2]
    start, end = (datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in span)
    recipe = dict(case.recipe)
    if "anomaly" in recipe:
        recipe["anomaly"] = {**recipe["anomaly"], "baseline": BASELINE}
    return replace(case, recipe=recipe, start=start, end=end)
