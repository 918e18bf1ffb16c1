"""Batch jobs: the Batch Process API, version 2, over our own tiles, into the user's bucket."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import shapely
from pyogrio.raw import write

from multisat.contracts import Deadline, JobState, JobStatus, RemoteJob
from multisat.errors import ProviderRefused, ProviderTimeout, UnsupportedOperation
from multisat.model import Grid
from multisat.steps import Task
from multisat_sentinel_hub.answers import unpacked_files
from multisat_sentinel_hub.bucket import find_bucket
from multisat_sentinel_hub.cost import UNIT
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.keeping import Kept
from multisat_sentinel_hub.pieces import Piece
from multisat_sentinel_hub.service import Service
from multisat_sentinel_hub.ways import Composed, together

if TYPE_CHECKING:
    import geopandas
    import xarray

PATH = "/api/v2/batch/process"
_STATES: Mapping[str, JobState] = {
    "CREATED": JobState.CREATED,
    "ANALYSING": JobState.QUEUED,
    "ANALYSIS_DONE": JobState.QUEUED,
    "PROCESSING": JobState.RUNNING,
    "DONE": JobState.FINISHED,
    "FAILED": JobState.FAILED,
    "STOPPED": JobState.CANCELLED,
}
_FIRST_LOOK, _SLOWER, _RAREST = 0.25, 1.5, 30.0
"""Seconds until a job is looked at again, and by how much more each time."""


class BatchJob(RemoteJob):
    """A job of the Batch Process API.

    Args:
        place: The deployment.
        job_id: The service's own id.
    """

    provider = NAME

    def __init__(self, place: Deployment, job_id: str) -> None:
        self._place, self.id = place, job_id

    def status(self) -> JobStatus:
        """Ask how far it is."""
        return _status(self._told())

    def cancel(self) -> None:
        """Call it off; a job that has ended stays as it is."""
        if not self.status().state.ended:
            _ask(self._place, "POST", f"{PATH}/{self.id}/stop")

    def logs(self) -> Sequence[str]:
        """Return what the service says of it."""
        told = self._told()
        names = (
            "created",
            "userAction",
            "userActionUpdated",
            "lastUpdated",
            "status",
            "completionPercentage",
        )
        more = ("costPU", "stoppedStatusReason", "error")
        return [f"{name}: {told[name]}" for name in (*names, *more) if told.get(name) not in (None, "")]

    def wait(
        self, *, progress: Callable[[JobStatus], None] | None = None, deadline: Deadline | None = None
    ) -> JobStatus:
        """Wait until it has ended; see ``RemoteJob.wait``."""
        limit, pause = deadline or Deadline(), _FIRST_LOOK
        while True:
            found = self.status()
            if progress is not None:
                progress(found)
            if found.state.ended:
                return _ended(self.id, found)
            if not limit.sleep(pause):
                raise ProviderTimeout(
                    f"the job {self.id} goes on", provider=NAME, hint="find it again by its id"
                )
            pause = min(_RAREST, pause * _SLOWER)

    def result(self, task: Task) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Download the result of a finished job; see ``RemoteJob.result``."""
        status, bucket = self.status(), find_bucket(self._place)
        if status.state is not JobState.FINISHED:
            raise ProviderRefused(f"the job is {status.state.value}", provider=NAME, hint="wait for it")
        work = _work(task)
        with tempfile.TemporaryDirectory(prefix="multisat-") as folder:
            kept = Kept(Path(folder))
            for piece in work.pieces:
                files = {name: bucket.get(_key(self.id, piece, name)) for name in piece.outputs}
                kept.put(piece, unpacked_files(files, piece))
            return work.finished(kept, spent=dict(status.spent))

    def _told(self) -> dict[str, Any]:
        return _ask(self._place, "GET", f"{PATH}/{self.id}")


def submit(task: Task, place: Deployment, title: str) -> BatchJob:
    """Start a task as a job.

    Raises:
        UnsupportedOperation: It takes several scripts, no bucket is set, or the account has no batch.
        CredentialsError: A login is missing, or was refused.
        ProviderError: The service did not take it.
    """
    work, bucket = _work(task), find_bucket(place)
    features = f"areas/{uuid4().hex}.gpkg"
    bucket.put(features, _geopackage(work.pieces))
    asked = work.pieces[0].body
    body = {
        "processRequest": {
            "input": {"data": asked["input"]["data"]},
            "output": {"responses": asked["output"]["responses"]},
            "evalscript": asked["evalscript"],
        },
        "input": {"type": "geopackage", "features": bucket.told(features)},
        "output": {"type": "raster", "delivery": bucket.told("")},
        "description": title or "multisat",
    }
    job = BatchJob(place, str(_created(place, body)["id"]))
    _ask(place, "POST", f"{PATH}/{job.id}/start")
    return job


def jobs(place: Deployment) -> list[BatchJob]:
    """Return the jobs of the account, newest first."""
    listed = _ask(place, "GET", f"{PATH}?sort=created:desc").get("data", [])
    return [BatchJob(place, str(one["id"])) for one in sorted(listed, key=_when, reverse=True)]


def _work(task: Task) -> Composed:
    work = together(task)
    if work is None:
        raise UnsupportedOperation(
            "a batch job has one script, and this takes several: masks are grown here, or it has a baseline",
            provider=NAME,
            hint="run it at once: leave out batch",
        )
    return work


def _created(place: Deployment, body: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return _ask(place, "POST", PATH, body)
    except ProviderRefused as error:
        if "answered 403" not in str(error):
            raise
        raise UnsupportedOperation(
            "this account may not run batch jobs", provider=NAME, hint="run it at once: leave out batch"
        ) from error


def _ask(place: Deployment, method: str, path: str, body: object = None) -> dict[str, Any]:
    service = Service(place)
    try:
        return service.told(method, path, body)
    finally:
        service.close()


def _geopackage(pieces: Sequence[Piece]) -> bytes:
    """Return the parts as features, each with its size in pixels."""
    grids = [Grid.from_geobox(piece.part.geobox) for piece in pieces]
    boxes = shapely.to_wkb(np.array([shapely.box(*grid.bounds) for grid in grids]))
    columns = {
        "identifier": np.array([_name(piece) for piece in pieces]),
        "width": np.array([piece.part.width for piece in pieces], dtype=np.int32),
        "height": np.array([piece.part.height for piece in pieces], dtype=np.int32),
    }
    with tempfile.TemporaryDirectory(prefix="multisat-") as folder:
        path = Path(folder) / "areas.gpkg"
        write(
            path,
            boxes,
            field_data=list(columns.values()),
            fields=list(columns),
            geometry_type="Polygon",
            crs=grids[0].crs,
            driver="GPKG",
        )
        return path.read_bytes()


def _name(piece: Piece) -> str:
    return f"r{piece.part.row}c{piece.part.column}"


def _key(job_id: str, piece: Piece, output: str) -> str:
    return f"{job_id}/{_name(piece)}/{output}.tif"


def _status(told: Mapping[str, Any]) -> JobStatus:
    state = _STATES.get(str(told.get("status")), JobState.RUNNING)
    reason = str(told.get("error") or "")
    if told.get("stoppedStatusReason") == "OUT_OF_PU":
        state, reason = JobState.FAILED, "the processing units of this account are used up"
    percent, cost = told.get("completionPercentage"), told.get("costPU")
    return JobStatus(
        state=state,
        title=str((told.get("request") or {}).get("description") or ""),
        created=_when(told),
        progress=None if percent is None else float(percent) / 100,
        spent=((UNIT, float(cost)),) if cost is not None else (),
        message=reason,
    )


def _ended(job_id: str, found: JobStatus) -> JobStatus:
    if found.state is JobState.FAILED:
        raise ProviderRefused(
            found.message or "the service does not say why", provider=NAME, item=job_id, hint="see its logs"
        )
    return found


def _when(told: Mapping[str, Any]) -> datetime:
    try:
        found = datetime.fromisoformat(str(told.get("created")))
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
