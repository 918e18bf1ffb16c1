"""The same code on threads, processes and Dask gives the same bytes."""

import multiprocessing
import os
import signal

import pytest

import multisat as ms
from multisat.jobs import How, run_job

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("default::DeprecationWarning", "default::UserWarning")


@pytest.fixture(scope="module")
def cluster(box):
    """Two worker processes on this machine, which know the sandbox by their environment."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0", host="127.0.0.1"
    ) as running:
        yield running


@pytest.fixture(scope="module")
def plan(box, planned, ndvi, fields):
    return planned(ndvi, fields, "2023-05")


@pytest.fixture(scope="module")
def expected(plan, tmp_path_factory):
    report = run_job(plan, tmp_path_factory.mktemp("threads"), how=How(tile=256, batch=1, workers=1))
    return report.outputs[0].read_bytes()


def test_threads_and_processes(plan, expected, tmp_path):
    threads = run_job(plan, tmp_path / "threads", how=How(tile=256, batch=1, workers=2))
    processes = run_job(plan, tmp_path / "processes", how=How(tile=256, batch=3, workers=2, processes=True))
    assert threads.outputs[0].read_bytes() == processes.outputs[0].read_bytes() == expected


def test_a_process_that_is_killed_ends_the_run_and_loses_nothing(plan, expected, tmp_path):
    how = How(tile=256, batch=1, workers=1, processes=True)

    def kill(now):
        if now.done == 2:
            for child in multiprocessing.active_children():
                child.kill()

    with pytest.raises(ms.MultisatError, match=r"a worker process ended .*what is finished is kept"):
        run_job(plan, tmp_path / "out", how=how, progress=kill)
    again = run_job(plan, tmp_path / "out", how=How(tile=256, batch=1))
    assert again.kept >= 2
    assert again.outputs[0].read_bytes() == expected


def test_dask_by_its_address_and_by_a_client(plan, expected, cluster, tmp_path):
    address = cluster.scheduler_address
    named = run_job(plan, tmp_path / "named", how=How(tile=256, batch=2, scheduler=address))
    assert named.outputs[0].read_bytes() == expected
    with distributed.Client(address, set_as_default=False) as client:
        given = run_job(plan, tmp_path / "given", how=How(tile=256, batch=2, scheduler=client))
    assert given.outputs[0].read_bytes() == expected


def test_a_worker_that_is_killed_loses_nothing(plan, expected, cluster, tmp_path):
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())

        def kill(now):
            if now.done == 1 and pids:
                os.kill(pids.pop(), signal.SIGKILL)

        report = run_job(plan, tmp_path / "out", how=How(tile=256, batch=1, scheduler=client), progress=kill)
    assert (len(pids), report.complete) == (1, True)
    assert report.outputs[0].read_bytes() == expected


@pytest.mark.slow
def test_a_scheduler_that_is_not_there(plan, tmp_path):
    with pytest.raises(ms.UsageError, match="no scheduler answers"):
        run_job(plan, tmp_path / "out", how=How(scheduler="tcp://127.0.0.1:1"))
