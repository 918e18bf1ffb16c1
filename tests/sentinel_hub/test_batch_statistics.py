"""Batch jobs for tables: areas of whole pixels are counted by the service, and give the table of a run here."""

import json

import numpy as np
import pytest
import shapely
from tests.sentinel_hub.service import units
from tests.sentinel_hub.test_there import equal_tables

import multisat as ms
from multisat.contracts import Deadline, JobState
from multisat.errors import ProviderRefused
from multisat.model import AOI, AOIs, TimeRange
from multisat.model.periods import periods
from multisat.sandbox.sentinel_hub.bucket import SECRET_KEY
from multisat_sentinel_hub.batch_statistics import StatisticsJob
from multisat_sentinel_hub.intervals import regular

MAY_TO_JULY = "2023-05/2023-07-14"
RECIPE = ms.Recipe().mask("clear").bands("red").index("NDVI").composite("month", "median")
RECIPE = RECIPE.zonal("mean", "min", "max", "std", "sum", "count", "valid")
BOXES = [shapely.box(685000, 5354500, 685400, 5355000), shapely.box(686000, 5354600, 686010, 5354610)]


@pytest.fixture
def areas():
    return AOIs.of([AOI(geometry=one, crs="EPSG:32632") for one in BOXES])


@pytest.fixture
def plan(with_bucket, areas):
    return RECIPE.plan(areas, MAY_TO_JULY, on="sentinel-hub")


def test_a_job_gives_the_table_of_this_machine(with_bucket, plan, areas, member):
    asked = len(member.received("sentinel-hub"))
    job = plan.submit()
    assert job.id.startswith("statistics-")
    assert job.status().message == "estimated at 100 processing units"
    again = with_bucket.job(job.id)
    assert again.wait(deadline=Deadline(60)).state is JobState.FINISHED
    found = again.result(plan.task)
    equal_tables(found, RECIPE.run(areas, MAY_TO_JULY, on="planetary-computer"))
    assert units(found) == again.estimate(plan.task) == 100
    assert np.isfinite(found["NDVI_mean"]).any()
    sent = member.received("sentinel-hub")[asked:]
    assert {"analyse", "start"} <= {one.path.rpartition("/")[2] for one in sent}
    assert job.id in [one.id for one in with_bucket.jobs()]
    assert SECRET_KEY not in json.dumps([*again.logs(), repr(again), str(vars(again))])


def test_areas_and_intervals_that_fail_are_said(with_bucket, plan, member):
    for part, words in (("a1", "area a1 failed"), ("2023-06-01T00:00:00Z", "interval failed")):
        member.sentinel_hub.broken.add(part)
        try:
            job = plan.submit()
            with pytest.raises(ProviderRefused, match=words):
                job.result(timeout=60)
        finally:
            member.sentinel_hub.broken.clear()


def test_a_job_can_be_called_off(plan):
    job = plan.submit()
    job.cancel()
    assert job.status().state is JobState.CANCELLED
    with pytest.raises(ProviderRefused, match="cancelled"):
        job.result(timeout=60)


def test_other_areas_are_counted_here(with_bucket, member):
    """Their pixels come by the cheapest kind of job; shares are exact as ever."""
    areas = AOIs.of([shapely.Polygon([(11.497, 48.315), (11.512, 48.3171), (11.5033, 48.327)])])
    recipe = ms.Recipe().index("NDVI").composite("month", "median").zonal("mean", "valid")
    plan = recipe.plan(areas, "2023-05", on="sentinel-hub")
    job = plan.submit()
    assert not job.id.startswith("statistics-")
    found = job.result(timeout=60)
    equal_tables(found, recipe.run(areas, "2023-05", on="planetary-computer"))
    wrong = StatisticsJob(with_bucket.place, job.id)
    assert wrong.number == job.id


def test_no_periods_are_no_intervals():
    """Time steps as they are: each overpass is a row."""
    assert regular(()) is None


@pytest.mark.parametrize(
    ("span", "every", "length"),
    [
        ("2023-01/2023-12", "month", "P1M"),
        ("2023-01/2023-02", "month", "P31D"),
        ("2023-02-01/2023-04-14", "month", "P1M"),
        ("2023-01/2023-12", "quarter", "P3M"),
        ("2020/2021", "year", "P366D"),
        ("2020/2023", "year", "P12M"),
        ("2021/2025", "year", "P12M"),
        ("2023-01-01/2023-02-25", "16d", "P16D"),
        ("2023-03-01/2023-03-05", None, "P5D"),
        ("2023-01-01/2023-02-28", "dekad", None),
    ],
)
def test_regular_periods_are_intervals(span, every, length):
    found = periods(every, TimeRange.of(span))
    assert regular(found) == length
