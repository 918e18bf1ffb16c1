"""Asynchronous requests: one large request, whose answer is put into the user's bucket.

The service tells of a request while it works on it only. What came of it is told by files beside the result:
``error.json``, or a copy of the request with what it cost.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multisat.contracts import JobState, JobStatus
from multisat.errors import InvalidAnswer, ProviderRefused, UnsupportedOperation
from multisat.steps import Task
from multisat_sentinel_hub.answers import unpacked_files
from multisat_sentinel_hub.bucket import Bucket, find_bucket
from multisat_sentinel_hub.deployments import NAME, Deployment
from multisat_sentinel_hub.jobs import ServiceJob, created, spent, units_of
from multisat_sentinel_hub.keeping import Kept
from multisat_sentinel_hub.pieces import Piece
from multisat_sentinel_hub.ways import Work, prepared

if TYPE_CHECKING:
    import geopandas
    import xarray

MOST_PIXELS = 10_000
"""Along a side of one answer (Asynchronous Processing API, 2025)."""


class AsyncJob(ServiceJob):
    """An asynchronous request."""

    prefix = "async-"
    path = "/api/v1/async/process"

    def status(self) -> JobStatus:
        """Ask how far it is; once the service has forgotten it, the bucket tells."""
        try:
            self.told()
        except ProviderRefused as error:
            if "answered 404" not in str(error):
                raise
            return self._left()
        return JobStatus(state=JobState.RUNNING)

    def look(self) -> JobStatus:
        """Ask how far it is; it waits for nothing."""
        return self.status()

    def cancel(self) -> None:
        """Refuse, unless it has ended: the service goes on with what it has taken.

        Raises:
            UnsupportedOperation: It runs.
        """
        if not self.status().state.ended:
            raise UnsupportedOperation(
                "an asynchronous request cannot be called off",
                provider=NAME,
                item=self.id,
                hint="wait for it",
            )

    def logs(self) -> Sequence[str]:
        """Return how far it is, and what it cost or why it failed."""
        found = self.status()
        lines = [f"state: {found.state.value}"]
        if found.state is JobState.FINISHED:
            lines.append(f"spent: {spent(found)}")
        return [*lines, f"error: {found.message}"] if found.message else lines

    def result(self, task: Task) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Download the result of a finished request; see ``RemoteJob.result``."""
        status, work = self.finished(), prepared(task)
        (piece,) = work.pieces
        with tempfile.TemporaryDirectory(prefix="multisat-") as folder:
            kept = Kept(Path(folder))
            kept.put(piece, unpacked_files(self.files(list(piece.outputs)), piece))
            return work.finished(kept, spent=spent(status))

    def files(self, outputs: Sequence[str]) -> dict[str, bytes]:
        """Return the files of outputs of a finished request, by identifier."""
        bucket = self._bucket()
        return {name: bucket.get(f"{self.number}/{name}.tif") for name in outputs}

    def request(self) -> dict[str, Any]:
        """Return the copy of the request that the service has left in the bucket."""
        return _json(self._bucket().get(f"{self.number}/request.json"))

    def _left(self) -> JobStatus:
        failed = self._bucket().find(f"{self.number}/error.json")
        if failed is not None:
            return JobStatus(state=JobState.FAILED, message=_reason(_json(failed)))
        return JobStatus(state=JobState.FINISHED, progress=1.0, spent=units_of(self.request()))

    def _bucket(self) -> Bucket:
        return find_bucket(self.place)


def start(body: Mapping[str, Any], place: Deployment) -> AsyncJob:
    """Start a request of the Process API as an asynchronous one.

    Raises:
        UnsupportedOperation: No bucket is set, or the account or the deployment has no such requests.
        CredentialsError: A login is missing, or was refused.
        ProviderError: The service did not take it.
    """
    output = {**body["output"], "delivery": find_bucket(place).told("")}
    number = created(place, AsyncJob.path, {**body, "output": output}, "asynchronous requests")
    return AsyncJob(place, f"{AsyncJob.prefix}{number}")


def single(work: Work) -> Piece | None:
    """Return the request that a task is, or None if it is several."""
    return work.pieces[0] if len(work.pieces) == 1 else None


def _json(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise InvalidAnswer("the bucket holds no JSON object", provider=NAME, hint="look into it")
    return found


def _reason(told: Mapping[str, Any]) -> str:
    error = told.get("error", told)
    return str(error.get("message") or error) if isinstance(error, dict) else str(error)
