"""Dask workers: they log in where they read, by what they were given or by their own environment."""

import pickle

import numpy as np
import pytest

import multisat as ms
from multisat.auth import give
from multisat.sandbox.secure.accounts import USER, USERS

distributed = pytest.importorskip("distributed")


@pytest.fixture
def cluster(box):
    """Two processes that begin with the addresses of the stand-ins, and without a login."""
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "host": "127.0.0.1"}
    with (
        distributed.LocalCluster(processes=True, **options) as running,
        distributed.Client(running) as client,
    ):
        yield client


def log_in_by_environment(password):
    import os

    os.environ.update(EARTHDATA_USERNAME="ada", EARTHDATA_PASSWORD=password)


@pytest.mark.slow
@pytest.mark.parametrize("way", ["given", "environment"])
def test_a_lazy_cube_of_protected_files(box, scenes, cluster, way):
    found = scenes("nasa-cmr")
    give("nasa-cmr", username=USER, password=USERS[USER])
    here = ms.load(found, ["red"])
    lazy = ms.load(found, ["red"], chunks={"time": 1})
    give("nasa-cmr")  # so that only the workers can read
    asked = len(box.received("lpdaac"))
    if way == "given":
        cluster.run(give, "nasa-cmr", username=USER, password=USERS[USER])
    else:
        cluster.run(log_in_by_environment, USERS[USER])
    there = lazy.compute()
    assert np.isfinite(here.red.values).any()
    np.testing.assert_array_equal(there.red.values, here.red.values)
    assert len(box.received("lpdaac")) > asked
    graph = pickle.dumps(dict(lazy.red.__dask_graph__())).decode("latin-1")
    shown = {value for host in box.hosts for one in box.credentials_at(host) for value in one.values()}
    assert shown
    assert not [secret for secret in {*shown, USERS[USER]} if secret in graph]


@pytest.mark.slow
def test_workers_without_a_login_say_so(box, scenes, cluster):
    found = scenes("nasa-cmr")
    give("nasa-cmr", username=USER, password=USERS[USER])
    lazy = ms.load(found, ["red"], chunks={"time": 1}, errors="raise")
    give("nasa-cmr")
    with pytest.raises(ms.CredentialsError, match="no Earthdata login was found"):
        lazy.compute()
