"""The service over the synthetic archive of recipes, and the plugin pointed at it."""

import threading

import pytest
from tests.sentinel_hub.service import Processing, serving


@pytest.fixture(scope="session")
def served():
    """A running Process API, and its address."""
    processing = Processing()
    server = serving(processing)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield processing, f"http://127.0.0.1:{server.server_address[1]}"
    server.stop()
    thread.join()


@pytest.fixture
def here(served, monkeypatch, tmp_path):
    """The service, with a login of its own and an empty cache."""
    processing, url = served
    for name, value in {
        "MULTISAT_SENTINEL_HUB_URL": url,
        "MULTISAT_SENTINEL_HUB_TOKEN_URL": f"{url}/token",
        "SH_CLIENT_ID": "sh-client",
        "SH_CLIENT_SECRET": "sh-secret",
        "MULTISAT_CACHE": str(tmp_path / "cache"),
        "MULTISAT_CONFIG": str(tmp_path / "none.toml"),
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
    }.items():
        monkeypatch.setenv(name, value)
    processing.bodies.clear()
    processing.faults.clear()
    return processing


@pytest.fixture
def engine(here):
    """The plugin's engine, at that service."""
    from multisat_sentinel_hub.provider import SentinelHub

    return SentinelHub().engine()


@pytest.fixture(scope="session")
def hub():
    """The sandbox with a stand-in of Sentinel Hub, one for the whole run."""
    from multisat.sandbox import Sandbox

    with Sandbox(sentinel_hub=True) as running:
        yield running


@pytest.fixture
def anonymous(hub, monkeypatch, tmp_path):
    """The plugins pointed at that sandbox, without any login."""
    home = {"HOME": tmp_path, "XDG_CONFIG_HOME": tmp_path / "config", "MULTISAT_CACHE": tmp_path / "cache"}
    for name in ("SH_CLIENT_ID", "SH_CLIENT_SECRET", "MULTISAT_CONFIG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {**hub.environment, **home}.items():
        monkeypatch.setenv(name, str(value))
    yield hub
    hub.clear_faults()


@pytest.fixture
def member(anonymous, monkeypatch):
    """The same with a login."""
    from multisat.sandbox.secure.accounts import CLIENT, CLIENTS

    monkeypatch.setenv("SH_CLIENT_ID", CLIENT)
    monkeypatch.setenv("SH_CLIENT_SECRET", CLIENTS[CLIENT])
    return anonymous


@pytest.fixture
def with_bucket(member, monkeypatch):
    """The engine there, with a bucket of the user's."""
    import multisat as ms
    from multisat.sandbox.sentinel_hub.bucket import ACCESS_KEY, BUCKET, SECRET_KEY

    monkeypatch.setenv("MULTISAT_SENTINEL_HUB_BUCKET", f"s3://{BUCKET}/jobs")
    monkeypatch.setenv("SH_BUCKET_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("SH_BUCKET_SECRET_ACCESS_KEY", SECRET_KEY)
    return ms.provider("sentinel-hub").engine()
