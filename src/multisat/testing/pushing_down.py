"""Checks of services that compute recipes: what they promise they do, and their numbers are ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from multisat.contracts import RemoteEngine
from multisat.errors import UnsupportedOperation
from multisat.testing.asking import needs
from multisat.testing.plain import Median, monthly_median_ndvi, ndvi_task
from multisat.testing.trial import Skipped, Trial, Unmet, expect

if TYPE_CHECKING:
    import xarray

_NEAR = {"rtol": 1e-4, "atol": 2e-5}
"""Services compute in float32 as well, in another order."""


def check_engine_is_as_declared(trial: Trial) -> None:
    """A provider that declares recipes has an engine of its name, any other refuses."""
    if trial.provider.capabilities.recipes:
        engine = trial.provider.engine()
        expect(isinstance(engine, RemoteEngine), f"engine() gave {type(engine).__name__}")
        expect(engine.name == trial.provider.name, f"the engine is called {engine.name}")
        return
    try:
        trial.provider.engine()
    except UnsupportedOperation:
        return
    raise Unmet("there is an engine, and the capability recipes is not declared")


@needs("recipes")
def check_can_run_keeps_its_word(trial: Trial) -> None:
    """What can run, runs; what cannot has reasons in words."""
    engine = trial.provider.engine()
    for reducer in ("median", "medoid"):
        task = ndvi_task(trial, reducer)
        verdict = engine.can_run(task)
        expect(all(len(why) > 1 for why in verdict.reasons), f"{reducer} is refused without a reason")
        if not verdict:
            continue
        try:
            _ = engine.run(task) if reducer == "medoid" else _ran(trial)
        except UnsupportedOperation as error:
            raise Unmet(f"can_run promised {reducer}, and run refused: {error}") from error


@needs("recipes")
def check_pushed_down_numbers_are_right(trial: Trial) -> None:
    """A masked monthly median of NDVI is what plain NumPy makes of the files."""
    found, right = _ran(trial)["NDVI"].values, _right(trial).ndvi
    expect(found.shape == right.shape, f"the shape is {found.shape}, not {right.shape} (time, y, x)")
    gaps = np.isnan(found) != np.isnan(right)
    expect(not gaps.any(), f"{gaps.sum()} pixels are NaN on one side only")
    worst = float(np.nanmax(np.abs(found - right)))
    expect(np.allclose(found, right, equal_nan=True, **_NEAR), f"NDVI differs by {worst:.2g}")


@needs("recipes")
def check_pushed_down_counts_are_right(trial: Trial) -> None:
    """``count`` says how many clear looks stand behind each pixel."""
    found = _ran(trial)
    expect("count" in found, "there is no layer count")
    expect(
        np.array_equal(found["count"].values, _right(trial).count), "count is not the number of clear looks"
    )


@needs("recipes")
def check_cost_is_told_before(trial: Trial) -> None:
    """A cost is told before anything is computed: the scenes, and numbers that are not negative."""
    task = ndvi_task(trial)
    cost = trial.provider.engine().cost(task)
    expect(cost.scenes == len(task.scenes), f"{cost.scenes} scenes are counted, not {len(task.scenes)}")
    numbers = [cost.requests, cost.bytes, cost.seconds, *(number for _, number in cost.units)]
    expect(min(numbers) >= 0, f"the cost is {cost}")


@needs("recipes")
def check_code_holds_no_secret(trial: Trial) -> None:
    """A request that is written out as text holds no part of the login."""
    engine = trial.provider.engine()
    if not trial.target.secrets or not engine.dialects:
        raise Skipped("the target has no secret, or the engine writes no code")
    for dialect in engine.dialects:
        text = engine.code(ndvi_task(trial), dialect)
        expect(not any(s in text for s in trial.target.secrets), f"the {dialect} code holds the login")


def _ran(trial: Trial) -> xarray.Dataset:
    """Return what the service makes of the median, computed once."""
    if "ran" not in trial.kept:
        engine, task = trial.provider.engine(), ndvi_task(trial)
        if not engine.can_run(task):
            raise Skipped("the service computes no masked monthly median")
        trial.kept["ran"] = engine.run(task)
    found: xarray.Dataset = trial.kept["ran"]
    return found


def _right(trial: Trial) -> Median:
    if "right" not in trial.kept:
        trial.kept["right"] = monthly_median_ndvi(trial, ndvi_task(trial))
    right: Median = trial.kept["right"]
    return right
