"""What goes wrong with a service, each as the unmodified client sees it."""

import pytest
import requests
from openeo.rest import OpenEoApiError, OpenEoApiPlainError
from tests.openeo_backend import USER
from tests.openeo_backend.test_jobs import new_job, small, until
from tests.openeo_backend.test_processes import values

import openeo

pytestmark = pytest.mark.xdist_group("openeo-backend")


def refused(connection, **options):
    with pytest.raises(OpenEoApiError) as raised:
        small(connection, **options).download(format="netCDF")
    return raised.value


def test_too_many_requests_says_how_long_to_wait(backend, connection):
    backend.fault("429", path="/result", times=1, retry_after=2)
    raw = requests.post(f"{backend.url}/result", timeout=30)
    assert (raw.status_code, raw.headers["Retry-After"]) == (429, "2")
    assert small(connection).download(format="netCDF")[1:4] == b"HDF"


def test_out_of_credits(backend, connection):
    backend.fault("402", path="/result")
    error = refused(connection)
    assert (error.http_status_code, error.code) == (402, "PaymentRequired")


def test_work_may_be_asked_for_so_often_only(backend, connection):
    backend.fault("rate-limit", most=2, seconds=600)
    for _ in range(2):
        small(connection).download(format="netCDF")
    assert requests.post(f"{backend.url}/result", timeout=30).status_code == 429
    assert connection.list_jobs() is not None
    met = [one["fault"] for one in backend.requests if one["path"].endswith("/result")]
    assert met[-3:] == [None, None, "429"]


@pytest.mark.parametrize("status", ["500", "503"])
def test_a_service_that_fails_once_is_there_again(backend, connection, status):
    backend.fault(status, path="/collections", method="GET", times=1)
    assert requests.get(f"{backend.url}/collections", timeout=30).status_code == int(status)
    assert requests.get(f"{backend.url}/collections", timeout=30).status_code == 200


def test_no_data(backend, connection):
    backend.set(no_data=True)
    assert refused(connection).code == "NoDataAvailable"


def test_nothing_was_seen_there_and_then(connection):
    assert refused(connection, temporal_extent=["2023-05-05", "2023-05-06"]).code == "NoDataAvailable"
    elsewhere = {"west": 3.0, "south": 50.0, "east": 3.01, "north": 50.01}
    assert refused(connection, spatial_extent=elsewhere).code == "NoDataAvailable"


def test_a_band_that_is_not_there(connection):
    small(connection)  # the client checks names before; a raw graph does not
    graph = small(connection).flat_graph()
    graph["loadcollection1"]["arguments"]["bands"] = ["B99"]
    with pytest.raises(OpenEoApiError) as raised:
        connection.execute(graph)
    assert "B99" in raised.value.message


def test_a_filter_that_the_driver_does_not_know(connection):
    error = refused(connection, properties={"eo:cloud_cover": lambda value: value < 20})
    assert error.code == "PropertyConditionInvalid"


def test_a_process_may_be_missing(backend, connection):
    backend.set(without=["apply_kernel"])
    listed = {one["id"] for one in requests.get(f"{backend.url}/processes", timeout=30).json()["processes"]}
    assert "apply_kernel" not in listed
    assert "mask" in listed
    with pytest.raises(OpenEoApiError) as raised:
        small(connection).apply_kernel([[1.0]]).download(format="netCDF")
    assert raised.value.code == "ProcessUnsupported"


def test_periods_without_looks_may_be_left_out(backend, connection):
    months = small(connection, temporal_extent=["2023-08-01", "2023-11-01"]).aggregate_temporal_period(
        "month", "mean"
    )
    assert values(months).t.size == 3
    backend.set(sparse=True)
    assert [str(t)[:10] for t in values(months).t.values] == ["2023-08-01"]


def test_a_download_may_be_cut(backend, connection, tmp_path):
    job = new_job(connection)
    job.start()
    until(job, "finished")
    (asset,) = job.get_results().get_assets()
    backend.fault("cut", path="/results/assets/", times=1)
    with pytest.raises(requests.exceptions.RequestException):
        requests.get(asset.href, timeout=30)
    whole = requests.get(asset.href, timeout=30).content
    backend.fault("short", path="/results/assets/", times=1)
    assert len(requests.get(asset.href, timeout=30).content) == len(whole) // 2


def test_an_answer_may_be_garbage_or_a_login_page(backend, connection):
    backend.fault("garbage", path="/result", times=1)
    assert small(connection).download(format="netCDF")[1:4] != b"HDF"
    backend.fault("html", path="/result", times=1)
    assert small(connection).download(format="netCDF").startswith(b"<!DOCTYPE html>")


def test_wrong_credentials_are_refused(backend):
    connection = openeo.connect(backend.url)
    with pytest.raises((OpenEoApiError, OpenEoApiPlainError)) as raised:
        connection.authenticate_basic(USER, "wrong")
    assert raised.value.http_status_code in {401, 403}


def test_without_a_login_nothing_is_computed(backend):
    with pytest.raises(OpenEoApiError) as raised:
        small(openeo.connect(backend.url)).download(format="netCDF")
    assert raised.value.http_status_code == 401
