"""A recipe over an archive, from the stored numbers to the result."""

import math
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np
from tests.oracle import calendars, later
from tests.oracle.choices import choose
from tests.oracle.formulas import computed, formula, name_of
from tests.oracle.looks import look
from tests.oracle.reducers import EXACT, reduced

SELECTIONS = {
    "greenest": ("red", "nir"),
    "lowest_cloud": ("cloud_probability",),
    "clearest_scene": (),
    "medoid": (),
}
"""Reducers that take all variables from one look, and the bands they need for it."""


@dataclass(frozen=True, kw_only=True)
class Right:
    """What is right.

    Attributes:
        labels: UTC times along the first axis.
        variables: Name to float32 of shape (time, y, x).
        count: Looks behind each pixel, or None where time steps are kept.
        exact: Name to where a number must be equal to the last bit.
    """

    labels: list
    variables: dict
    count: np.ndarray | None = None
    exact: dict = field(default_factory=dict)


def compute(recipe, archive, ask):
    """Return what a recipe gives; ``recipe`` is its JSON form, with exact times for a baseline."""
    found = _composed(recipe, archive, ask)
    if recipe.get("smooth"):
        found = _smoothed(found, recipe["smooth"])
    if recipe.get("anomaly"):
        start, end = (datetime.fromisoformat(one) for one in recipe["anomaly"]["baseline"].split("/"))
        like = _composed(recipe, archive, replace(ask, start=start, end=end))
        found = _compared(found, like, recipe)
    return _clipped(found, ask) if recipe.get("clip") else found


def _composed(recipe, archive, ask):
    variables, needed = _wanted(recipe)
    passes = archive.between(ask.start, ask.end)
    looks = [_look(one, recipe, needed, ask.pixels) for one in passes]
    shape = ask.pixels.rows, ask.pixels.columns
    if "composite" not in recipe:
        cubes = {name: np.array([one[name] for one in looks]).reshape(-1, *shape) for name in variables}
        exact = {name: np.ones(cube.shape, bool) for name, cube in cubes.items()}
        return Right(labels=[one.time for one in passes], variables=cubes, exact=exact)
    spans = calendars.periods(recipe["composite"]["period"], ask.start, ask.end)
    parts = []
    for start, end in spans:
        inside = [i for i, one in enumerate(passes) if start <= one.time < end]
        parts.append(_period([looks[i] for i in inside], variables, recipe["composite"], shape))
    labels = [calendars.day(s.year, s.month, s.day) for s, _ in spans]
    return Right(
        labels=labels,
        variables={name: np.array([part[0][name] for part in parts]) for name in variables},
        exact={name: np.array([part[1][name] for part in parts]) for name in variables},
        count=np.array([part[2] for part in parts]),
    )


def _wanted(recipe):
    """Return the names of the variables, and the bands that are needed."""
    bands, formulas = list(recipe.get("bands", ())), recipe.get("index", ())
    variables = [*bands, *(name_of(one) for one in formulas)]
    for one in formulas:
        bands += formula(one)[1]
    reducer = recipe.get("composite", {}).get("reducer")
    return variables, list(dict.fromkeys([*bands, *SELECTIONS.get(reducer, ())]))


def _look(overpass, recipe, needed, pixels):
    """Return bands and variables of a time step by name, and what its choice goes by."""
    found = look(overpass, needed, pixels, recipe.get("mask"))
    made = {name_of(one): computed(one, found) for one in recipe.get("index", ())}
    ndvi = computed("NDVI", found) if {"red", "nir"} <= set(found) else None
    return {**found, **made, "@ndvi": ndvi, "@cloud_cover": overpass.cloud_cover}


def _period(looks, variables, composite, shape):
    values = {name: np.full(shape, np.nan, np.float32) for name in variables}
    exact = {name: np.zeros(shape, bool) for name in variables}
    count = np.zeros(shape, int)
    for place in np.ndindex(shape):
        series = {name: [float(one[name][place]) for one in looks] for name in variables}
        count[place] = sum(any(not math.isnan(s[i]) for s in series.values()) for i in range(len(looks)))
        one = _one(series, looks, place, composite)
        for name in variables:
            values[name][place] = one[name]
            clear = sum(not math.isnan(v) for v in series[name])
            odd = composite["reducer"] == "median" and clear % 2 == 1
            exact[name][place] = odd or composite["reducer"] in EXACT
    return values, exact, count


def _one(series, looks, place, composite):
    """Return the value of each variable of one pixel and period."""
    reducer = composite["reducer"]
    if reducer not in SELECTIONS:
        clear = {name: [v for v in one if not math.isnan(v)] for name, one in series.items()}
        return {name: reduced(reducer, one, composite.get("q")) for name, one in clear.items()}
    candidates = [
        {
            "values": [one[i] for one in series.values()],
            "ndvi": float(found["@ndvi"][place]) if reducer == "greenest" else None,
            "cloud_probability": float(found["cloud_probability"][place])
            if reducer == "lowest_cloud"
            else None,
            "cloud_cover": found["@cloud_cover"],
        }
        for i, found in enumerate(looks)
    ]
    taken = choose(reducer, candidates)
    return {name: math.nan if taken is None else one[taken] for name, one in series.items()}


def _smoothed(found, smooth):
    def series(values, _name):
        if smooth["method"] == "linear":
            return later.filled(values, found.labels, smooth.get("limit"))
        return later.whittaker(values, smooth["smoothness"])

    return _along_time(found, series)


def _compared(found, like, recipe):
    def series(values, name, place):
        baseline = [float(v) for v in like.variables[name][:, *place]]
        spec, kind = recipe["composite"]["period"], recipe["anomaly"].get("kind", "difference")
        return later.anomaly(values, found.labels, baseline, like.labels, spec, kind)

    return _along_time(found, series, with_place=True)


def _along_time(found, series, *, with_place=False):
    """Return the result with each pixel's series replaced; equal to a millionth, no longer exact."""
    made = {name: cube.copy() for name, cube in found.variables.items()}
    for name, cube in found.variables.items():
        for place in np.ndindex(cube.shape[1:]):
            values = [float(v) for v in cube[:, *place]]
            made[name][:, *place] = series(values, name, *([place] if with_place else []))
    exact = {name: np.zeros(cube.shape, bool) for name, cube in made.items()}
    return replace(found, variables=made, exact=exact)


def _clipped(found, ask):
    outside = np.array(
        [
            [
                not later.inside(*ask.pixels.centre(row, column), ask.rings)
                for column in range(ask.pixels.columns)
            ]
            for row in range(ask.pixels.rows)
        ]
    )
    variables = {name: np.where(outside, np.float32(np.nan), cube) for name, cube in found.variables.items()}
    count = None if found.count is None else np.where(outside, 0, found.count)
    return replace(found, variables=variables, count=count)
