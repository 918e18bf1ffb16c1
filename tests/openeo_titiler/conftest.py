"""titiler-openeo over the sandbox's files, and the plugin before it."""

import contextlib
import json
import os
import subprocess
from pathlib import Path

import pytest
import requests
from tests.openeo_backend.environment import Unavailable, python
from tests.openeo_titiler.catalogue import served

from multisat.auth import give
from multisat.plugins import registry

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements.txt"
USER, PASSWORD = "ada", "synthetic-ada-pw"


def pytest_collection_finish(session):
    """Make the environment before the clock of any test runs."""
    if (
        any("openeo_titiler" in item.nodeid for item in session.items)
        and not session.config.option.collectonly
    ):
        with contextlib.suppress(Unavailable):
            python(REQUIREMENTS)


@pytest.fixture(scope="session")
def own_python():
    """The interpreter of titiler-openeo; tests are skipped where it cannot be had."""
    try:
        return python(REQUIREMENTS)
    except Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def titiler(own_python, sandbox, tmp_path_factory):
    """The address of titiler-openeo, which runs while there are tests."""
    folder = tmp_path_factory.mktemp("titiler")
    log = folder / "server.log"
    with (
        served(f"{sandbox.url}/files") as catalogue,
        log.open("wb") as file,
        subprocess.Popen(
            [own_python, HERE / "serving.py"],
            env=_environment(catalogue, folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=file,
            cwd=folder,
        ) as process,
    ):
        yield _begun(process.stdout.readline().decode().strip(), log)


def _begun(url, log):
    """Return the address once there is an answer."""
    try:
        requests.get(url, timeout=60).raise_for_status()
    except requests.RequestException:
        raise RuntimeError(f"titiler-openeo did not start: {log.read_text()[-2000:]}") from None
    return url


def _environment(catalogue, folder):
    kept = {
        k: v
        for k, v in os.environ.items()
        if not k.startswith(("PYTEST_", "COVERAGE_", "TITILER_", "PYTHON"))
    }
    users = {USER: {"password": PASSWORD, "roles": ["user"]}}
    return kept | {
        "TITILER_OPENEO_STAC_API_URL": catalogue,
        "TITILER_OPENEO_STORE_URL": str(folder / "store.json"),
        "TITILER_OPENEO_AUTH_USERS": json.dumps(users),
        "TMPDIR": str(folder),
    }


@pytest.fixture
def openeo(titiler, box, monkeypatch):
    """The installed provider before titiler-openeo, logged in."""
    monkeypatch.setenv("MULTISAT_OPENEO_URL", titiler)
    give("openeo", username=USER, password=PASSWORD)
    registry.cache_clear()
    yield registry().provider("openeo")
    registry.cache_clear()
    give("openeo")
