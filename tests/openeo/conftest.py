"""The plugin before test backends: one over the archive of the generated recipes, one over the sandbox's."""

import threading

import pytest
from tests.openeo_backend import PASSWORD, USER, Unavailable, python, shared

from multisat.auth import give
from multisat.plugins import registry


@pytest.fixture(scope="session")
def environment():
    """The environment of the backend; tests are skipped where it cannot be had."""
    try:
        return python()
    except Unavailable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def over_recipes(environment):
    """A backend over the archive of the generated recipes."""
    return shared("recipes")


@pytest.fixture
def over(over_recipes):
    """That backend with nothing wrong, before and after."""
    over_recipes.heal()
    yield over_recipes
    over_recipes.heal()


@pytest.fixture
def backend(environment):
    """A backend over the sandbox's archive, with nothing wrong."""
    running = shared()
    running.heal()
    yield running
    running.heal()


@pytest.fixture
def login():
    """A login of the test backends."""
    give("openeo", username=USER, password=PASSWORD)
    yield
    give("openeo")


@pytest.fixture
def no_login(monkeypatch, tmp_path):
    """No login anywhere."""
    for name in ("OPENEO_CONFIG_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "MULTISAT_CONFIG"):
        monkeypatch.setenv(name, str(tmp_path / name))


@pytest.fixture
def engine_at(login):
    """Make an engine before a backend, which is asked as often as tests like."""
    from multisat_openeo.engine import OpenEOEngine
    from multisat_openeo.limiting import Limiter
    from multisat_openeo.service import Service

    class Hurried(Service):
        def __init__(self, url):
            super().__init__(url, limiter=Limiter(10_000))

    return lambda url: OpenEOEngine(Hurried(url))


@pytest.fixture
def engine(over_recipes, engine_at, kept):
    """The engine over the archive of the generated recipes; it asks once what the backend has."""
    made = engine_at(over_recipes.url)
    made.backend = kept.setdefault(over_recipes.url, made.backend)
    return made


@pytest.fixture(scope="session")
def kept():
    """What backends said of themselves, by address."""
    return {}


@pytest.fixture(scope="session")
def catalogue():
    """The stand-in of the catalogue of Copernicus Data Space; gives its address."""
    from multisat.sandbox.archive.catalogue import everything
    from multisat.sandbox.dialects.cdse_stac import CdseStac
    from multisat.sandbox.http import Server

    def respond(request):
        return held[0].handle(request, held[0].asked(request))

    held, server = [], Server(0, respond)
    url = f"http://127.0.0.1:{server.server_address[1]}/stac/v1"
    held.append(CdseStac(url, everything(), str))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield url
    server.stop()
    thread.join()


@pytest.fixture
def openeo(backend, catalogue, login, box, monkeypatch):
    """The installed provider, before the test backend and the catalogue's stand-in."""
    monkeypatch.setenv("MULTISAT_OPENEO_URL", backend.url)
    monkeypatch.setenv("MULTISAT_OPENEO_CATALOGUE", catalogue)
    registry.cache_clear()
    yield registry().provider("openeo")
    registry.cache_clear()
