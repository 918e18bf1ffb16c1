"""One backend for the tests of this folder."""

import contextlib

import pytest
from tests.openeo_backend import PASSWORD, USER, Unavailable, python, shared


def pytest_collection_finish(session):
    """Make the environment before the clock of any test runs."""
    if any("openeo" in item.nodeid for item in session.items) and not session.config.option.collectonly:
        with contextlib.suppress(Unavailable):
            python()


@pytest.fixture(scope="session")
def installed():
    """The environment of the backend; tests are skipped where it cannot be had."""
    try:
        return python()
    except Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture
def backend(installed):
    """The backend over the sandbox's archive, with nothing wrong."""
    backend = shared()
    backend.heal()
    yield backend
    backend.heal()


@pytest.fixture
def connection(backend):
    """The unmodified client, logged in."""
    import openeo

    return openeo.connect(backend.url).authenticate_basic(USER, PASSWORD)
