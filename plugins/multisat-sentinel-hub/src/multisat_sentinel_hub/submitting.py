"""Which kind of job a task becomes, and which kind one is that is found again."""

from __future__ import annotations

from datetime import datetime

from multisat.contracts import RemoteJob
from multisat.errors import ProviderRefused
from multisat.steps import Task
from multisat_sentinel_hub import asynchronous, batch, batch_statistics
from multisat_sentinel_hub.asynchronous import AsyncJob
from multisat_sentinel_hub.batch import BatchJob
from multisat_sentinel_hub.batch_statistics import Counting, StatisticsJob
from multisat_sentinel_hub.cost import async_units, batch_units, units
from multisat_sentinel_hub.deployments import Deployment
from multisat_sentinel_hub.pieces import Piece
from multisat_sentinel_hub.ways import prepared


def submit(task: Task, place: Deployment, title: str) -> RemoteJob:
    """Start a task as a job: a batch statistical one if the service counts as we do, else the cheaper one.

    Raises:
        UnsupportedOperation: No bucket is set, or the deployment, the account or the task does not allow it.
        CredentialsError: A login is missing, or was refused.
        ProviderError: The service did not take it.
    """
    counting = Counting.of(task)
    if counting is not None:
        return batch_statistics.submit(counting, place)
    piece = asynchronous.single(prepared(task))
    if piece is not None and _cheaper(piece):
        return asynchronous.start(piece.body, place)
    return batch.submit(task, place, title)


def units_of_job(task: Task) -> float:
    """Return the processing units that ``submit`` is estimated to cost."""
    counting = Counting.of(task)
    if counting is not None:
        return counting.units
    piece = asynchronous.single(prepared(task))
    if piece is not None and _cheaper(piece):
        return async_units(piece.pixels, units(piece))
    return batch.planned_units(task)


def job_of(place: Deployment, job_id: str) -> RemoteJob:
    """Return a job by its id; nothing is asked."""
    kinds = (StatisticsJob, AsyncJob)
    kind = next((one for one in kinds if job_id.startswith(one.prefix)), BatchJob)
    return kind(place, job_id)


def jobs(place: Deployment) -> list[RemoteJob]:
    """Return the batch jobs of the account, newest first; asynchronous requests are in no list.

    Raises:
        ProviderRefused: The account has batch jobs of no kind.
    """
    found: list[tuple[datetime, RemoteJob]] = []
    refused = []
    for kind in (BatchJob, StatisticsJob):
        try:
            found += kind.listed(place)
        except ProviderRefused as error:
            refused.append(error)
    if len(refused) > 1:
        raise refused[0]
    return [job for _, job in sorted(found, key=lambda one: one[0], reverse=True)]


def _cheaper(piece: Piece) -> bool:
    usual = units(piece)
    return async_units(piece.pixels, usual) <= batch_units([(piece.pixels, usual)])
