"""Batch jobs for tables: the Batch Statistical API, where the service counts pixels as we do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from multisat.cube.block import Block
from multisat.engine.plan import Plan
from multisat.errors import InvalidAnswer, ProviderRefused
from multisat.steps import Task
from multisat.zones import table
from multisat_sentinel_hub.bodies import of_scenes
from multisat_sentinel_hub.bucket import find_bucket
from multisat_sentinel_hub.cost import batch_units, statistics_units
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.geopackages import packed
from multisat_sentinel_hub.intervals import regular
from multisat_sentinel_hub.jobs import created, spent
from multisat_sentinel_hub.looks import Overpass
from multisat_sentinel_hub.script import statistics_script
from multisat_sentinel_hub.sources import Sources
from multisat_sentinel_hub.stages import StagedJob
from multisat_sentinel_hub.statistical import counted_there, note, nothing, text
from multisat_sentinel_hub.ways import prepared

if TYPE_CHECKING:
    import geopandas


@dataclass(frozen=True, kw_only=True)
class Counting:
    """A task that one batch statistical job can do.

    Attributes:
        task: What is computed.
        made: The same for the engine of this machine.
        areas: Pixels of each area, by its name in the job.
        interval: Length of its periods, ISO 8601.
    """

    task: Task
    made: Plan
    areas: Mapping[str, Block]
    interval: str

    @classmethod
    def of(cls, task: Task) -> Self | None:
        """Make it ready; None if the service would count other pixels, or periods are not regular."""
        work = prepared(task)
        areas, interval = counted_there(work.task, work.plan), regular(work.plan.series.periods)
        if areas is None or interval is None:
            return None
        named = {f"a{number}": area for number, area in enumerate(areas)}
        return cls(task=work.task, made=work.plan, areas=named, interval=interval)

    @property
    def units(self) -> float:
        """Processing units that it is estimated to cost."""
        series, scenes = self.made.series, self.made.scenes
        bands = len(Sources.of(self.made.steps, scenes).keys)
        counts = [sum(len(series.groups[step]) for step in run) for run in series.runs]
        return batch_units(
            (0, statistics_units(area.size, bands, count))
            for area in self.areas.values()
            for count in counts
            if count
        )

    def body(self) -> dict[str, Any]:
        """Return what is asked, but for where areas and answers are."""
        series, target = self.made.series, self.made.target.affine
        overpasses = [Overpass(scenes=group) for group in series.groups]
        scenes = [scene for one in overpasses for scene in one.scenes]
        first, last = series.periods[0].start, series.periods[-1].end
        return {
            "input": {"data": [of_scenes(scenes)]},
            "aggregation": {
                "timeRange": {"from": text(first), "to": text(last)},
                "aggregationInterval": {"of": self.interval, "lastIntervalBehavior": "SHORTEN"},
                "evalscript": statistics_script(
                    self.made.steps, overpasses, Sources.of(self.made.steps, scenes)
                ),
                "resx": target.a,
                "resy": -target.e,
            },
            "calculations": {"default": {}},
        }


class StatisticsJob(StagedJob):
    """A job of the Batch Statistical API."""

    prefix = "statistics-"
    path = "/api/v1/statistics/batch"

    def estimate(self, task: Task) -> float:
        """Return the processing units that a task is to cost; its analysis tells no sizes."""
        return _counting(task).units

    def result(self, task: Task) -> geopandas.GeoDataFrame:
        """Download the table of a finished job; see ``RemoteJob.result``."""
        status, bucket, what = self.finished(), find_bucket(self.place), _counting(task)
        periods = what.made.series.periods
        places: dict[object, int] = {(one.start, one.end): k for k, one in enumerate(periods)}
        results = nothing(what.task, what.made)
        for zone, (name, area) in enumerate(what.areas.items()):
            for interval in _intervals(bucket.get(f"{self.number}/{name}.json"), name):
                place = places.get(_span(interval))
                if place is None:
                    raise _odd(name)
                note(results[zone], place, interval, what.task, area.size)
        found = table(what.task.features, results, periods)
        found.attrs["spent"] = spent(status)
        return found


def submit(what: Counting, place: Deployment) -> StatisticsJob:
    """Have a task analysed and estimated, and start it as a job.

    Raises:
        UnsupportedOperation: No bucket is set, or the account has no such jobs.
        CredentialsError: A login is missing, or was refused.
        ProviderError: The service did not take it.
    """
    bucket, body = find_bucket(place), what.body()
    features = f"areas/{uuid4().hex}.gpkg"
    bucket.put(features, packed(what.areas))
    body["input"]["features"] = bucket.told(features)
    body["output"] = bucket.told("<REQUEST_ID>/<IDENTIFIER>.json")
    number = created(place, StatisticsJob.path, body, "batch statistics")
    job = StatisticsJob(place, f"{StatisticsJob.prefix}{number}")
    job.analyse()
    job.expected = what.units
    job.look()
    return job


def _counting(task: Task) -> Counting:
    what = Counting.of(task)
    if what is None:
        raise ProviderRefused(
            "this task was not submitted as a batch statistical job", provider=NAME, hint="check the job's id"
        )
    return what


def _intervals(data: bytes, name: str) -> Sequence[Mapping[str, Any]]:
    try:
        told = json.loads(data)
        if "error" not in told:
            return list(told["response"]["data"])
        reason = told["error"].get("type")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise _odd(name) from None
    raise ProviderRefused(f"the area {name} failed: {reason}", provider=NAME, hint="submit it again")


def _span(interval: Mapping[str, Any]) -> tuple[datetime, datetime] | None:
    told = interval.get("interval") or {}
    try:
        return datetime.fromisoformat(told["from"]), datetime.fromisoformat(told["to"])
    except (KeyError, TypeError, ValueError):
        return None


def _odd(name: str) -> InvalidAnswer:
    text = f"the statistics of {name} are not of what was asked"
    return InvalidAnswer(text, provider=NAME, hint="submit it again, then report it to the service")
