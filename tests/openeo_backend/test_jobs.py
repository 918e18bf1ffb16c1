"""Batch jobs by the unmodified client, and what a job store must outlive."""

import time

import pytest
from openeo.rest import OpenEoApiError
from tests.openeo_backend import PASSWORD, USER, Backend

import openeo

pytestmark = pytest.mark.xdist_group("openeo-backend")

AREA = {"west": 685000, "south": 5354800, "east": 685200, "north": 5355000, "crs": "EPSG:32632"}


def small(connection, **options):
    given = {"spatial_extent": AREA, "temporal_extent": ["2023-05-01", "2023-05-10"], "bands": ["B04"]}
    return connection.load_collection("SENTINEL2_L2A", **{**given, **options})


def new_job(connection, **options):
    return small(connection).create_job(title="small", out_format="netCDF", **options)


def until(job, *states):
    """Wait for a state, at most a minute."""
    for _ in range(600):
        if job.status() in states:
            return job.status()
        time.sleep(0.1)
    raise AssertionError(f"{job.status()} is none of {states}")


def test_a_job_goes_from_created_to_finished_with_log_costs_and_results(connection, tmp_path):
    job = new_job(connection)
    assert job.status() == "created"
    job.start()
    until(job, "finished")
    told = job.describe()
    assert told["title"] == "small"
    assert told["costs"] > 0
    assert [one.message for one in job.logs()][-1] == "Batch job finished"
    (path,) = job.get_results().download_files(tmp_path, include_stac_metadata=False)
    assert path.name == "openEO.nc"
    assert path.stat().st_size > 1000


def test_results_are_signed_addresses_that_need_no_login(connection, tmp_path):
    import requests

    job = new_job(connection)
    job.start()
    until(job, "finished")
    (asset,) = job.get_results().get_assets()
    assert "expires=" in asset.href
    assert requests.get(asset.href, timeout=30).content[1:4] == b"HDF"


def test_a_geotiff_job_has_a_file_a_day(connection, tmp_path):
    job = small(connection, temporal_extent=["2023-05-01", "2023-06-01"]).create_job(out_format="GTiff")
    job.start()
    until(job, "finished")
    names = sorted(job.get_results().get_metadata()["assets"])
    assert names == ["openEO_2023-05-04Z.tif", "openEO_2023-05-14Z.tif"]


def test_jobs_are_listed_newest_first_page_by_page(backend, connection):
    made = [new_job(connection).job_id for _ in range(3)]
    listed = [one["id"] for one in connection.list_jobs(limit=2)]
    assert listed == made[:0:-1]
    every = [one["id"] for one in connection.list_jobs(limit=None)]
    assert every[:3] == made[::-1]


def test_a_job_is_only_its_owners(backend, connection):
    other = openeo.connect(backend.url)
    other.authenticate_bearer_token("basic//c29tZWJvZHk=")
    with pytest.raises(OpenEoApiError) as raised:
        other.job(new_job(connection).job_id).status()
    assert raised.value.code == "JobNotFound"


def test_a_queue_can_be_stuck_until_it_moves(backend, connection):
    backend.set(stuck=True)
    job = new_job(connection)
    job.start()
    time.sleep(0.3)
    assert job.status() == "queued"
    backend.set(stuck=False)
    until(job, "finished")


def test_a_job_can_be_stopped_while_it_waits_or_runs(backend, connection):
    backend.set(job_seconds=60)
    job = new_job(connection)
    job.start()
    until(job, "running")
    job.stop()
    assert job.status() == "canceled"
    job.delete()
    with pytest.raises(OpenEoApiError):
        job.status()


def test_a_third_job_is_refused(backend, connection):
    backend.set(stuck=True)
    jobs = [new_job(connection) for _ in range(3)]
    for job in jobs[:2]:
        job.start()
    with pytest.raises(OpenEoApiError) as raised:
        jobs[2].start()
    assert raised.value.code == "ConcurrentJobLimit"
    assert jobs[2].status() == "created"
    backend.set(stuck=False)
    until(jobs[0], "finished")
    until(jobs[1], "finished")
    jobs[2].start()
    until(jobs[2], "finished")


def test_a_job_that_fails_says_why_in_its_log(backend, connection):
    backend.set(fails="Out of memory: use smaller tiles")
    job = new_job(connection)
    job.start()
    assert until(job, "error", "finished") == "error"
    (entry,) = [one for one in job.logs() if one.level == "error"]
    assert "Out of memory" in entry.message


def test_a_job_without_data_ends_in_an_error(backend, connection):
    backend.set(no_data=True)
    job = new_job(connection)
    job.start()
    assert until(job, "error", "finished") == "error"
    assert "NoDataAvailable" in [one.message for one in job.logs()][-1]


def test_estimates_are_given_only_where_a_service_has_them(backend, connection):
    job = new_job(connection)
    with pytest.raises(OpenEoApiError) as raised:
        job.estimate()
    assert raised.value.code == "FeatureUnsupported"
    backend.set(estimates=True)
    assert job.estimate()["costs"] > 0


@pytest.mark.slow
def test_jobs_outlive_the_client_and_the_server(installed, tmp_path):
    """The server is killed while a job runs; a new one, at the same address, ends it; a new client finds it."""
    backend = Backend(jobs=tmp_path, job_seconds=60).start()
    try:
        first = openeo.connect(backend.url).authenticate_basic(USER, PASSWORD)
        job = new_job(first)
        job.start()
        until(job, "running")
        port = backend.port
        backend.kill()
        backend.start(port)
        backend.set(job_seconds=0)
        second = openeo.connect(backend.url).authenticate_basic(USER, PASSWORD)
        again = second.job(job.job_id)
        until(again, "finished")
        assert [one.message for one in again.logs()].count("Batch job started") == 2
        assert len(again.get_results().get_assets()) == 1
    finally:
        backend.stop()
