"""Where units run: threads or processes here, or the workers of a Dask scheduler."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from multisat.errors import UsageError
from multisat.jobs.how import How

WORKERS = 2
"""Here, if none are named: one reads while another computes and writes."""
_SECONDS = 5
"""To wait for a scheduler."""


@dataclass(frozen=True, kw_only=True)
class Pool:
    """An executor, and how many units it has at work.

    Attributes:
        executor: Runs units.
        width: Workers.
    """

    executor: Executor
    width: int


@contextmanager
def pool(how: How) -> Iterator[Pool]:
    """Give the pool that a job asks for, and end what was started for it.

    Raises:
        UsageError: Dask is not installed.
        UsageError: The scheduler does not answer, or has no workers.
    """
    if how.scheduler is not None:
        with _client(how.scheduler) as client:
            yield Pool(executor=client.get_executor(pure=False), width=how.workers or _threads(client))
        return
    width = how.workers or WORKERS
    if how.processes:
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(width, mp_context=spawn, initializer=_begin) as processes:
            yield Pool(executor=processes, width=width)
        return
    with ThreadPoolExecutor(width, thread_name_prefix="multisat-unit") as threads:
        yield Pool(executor=threads, width=width)


@contextmanager
def _client(scheduler: Any) -> Iterator[Any]:  # noqa: ANN401 - an address or a Client
    try:
        from distributed import Client
    except ImportError as error:
        raise UsageError("Dask is not installed", hint='pip install "multisat-eo[cluster]"') from error
    if isinstance(scheduler, Client):
        yield scheduler
        return
    try:
        client = Client(  # type: ignore[no-untyped-call]
            scheduler, timeout=_SECONDS, set_as_default=False
        )
    except (OSError, ValueError) as error:
        raise UsageError(
            f"no scheduler answers at {scheduler}", hint="start one with: dask scheduler"
        ) from error
    with client:
        yield client


def _threads(client: Any) -> int:  # noqa: ANN401 - a Client
    found = sum(client.nthreads().values())
    if not found:
        raise UsageError(
            "the scheduler has no workers", hint="start some with: dask worker ADDRESS --nthreads 1"
        )
    return int(found)


def _begin() -> None:
    """Leave Ctrl-C, which reaches all processes of a terminal, to the one that plans; and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
