"""A home of its own for each test, the secure stand-ins, and scenes to read from them."""

import asyncio
import json
import sys

import pytest

import multisat as ms
from multisat.auth import give, system_keyring
from multisat.auth.wants import WANTS
from multisat.plugins import registry
from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import USER, USERS

OTHERS = (
    "NETRC",
    "SH_PROFILE",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "OPENEO_CONFIG_HOME",
    "AWS_SESSION_TOKEN",
    "AWS_S3_ENDPOINT",
    "PC_SDK_SAS_URL",
    "PYTHON_KEYRING_BACKEND",
)
VARIABLES = [name for want in WANTS.values() for _, names in want.variables for name in names]


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    """A home with nothing in it, and nothing in the environment."""
    for name in (*VARIABLES, *OTHERS):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("MULTISAT_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("MULTISAT_CACHE", str(tmp_path / "cache"))
    yield tmp_path
    for want in (*WANTS, "cdse"):
        give(want)
    # What a keyring or a port of one test holds is not for the next.
    system_keyring._read.clear()
    registry.cache_clear()


@pytest.fixture
def start(monkeypatch):
    """Start secure stand-ins, which the plugins then use."""
    running = []

    def begin(**options):
        box = Sandbox(secure=True, **{"sentinel_hub": True, **options}).start()
        running.append(box)
        for name, value in box.environment.items():
            monkeypatch.setenv(name, value)
        return box

    yield begin
    for box in running:
        box.stop()


@pytest.fixture
def box(start):
    return start(token_seconds=600)


@pytest.fixture
def command(box, launch):
    """Run ``multisat`` as a user does, against the stand-ins: ``command("login", "nasa-cmr")``."""

    def call(*arguments, stdin="", **environment):
        told = {**box.environment, **environment}
        return launch(sys.executable, "-m", "multisat", *arguments, stdin=stdin, **told)

    return call


@pytest.fixture
def doctor(command):
    """Return the rows of ``multisat doctor`` by provider, and hold how it ends."""

    def call(*names, code=0, **environment):
        done = command("doctor", *names, "--format", "json", **environment)
        assert done.returncode == code, done.stdout + done.stderr
        return {row["provider"]: row for row in json.loads(done.stdout)}

    return call


@pytest.fixture
def login(monkeypatch):
    """Put a user name and password into the environment."""

    def put(user=USER, password=None):
        monkeypatch.setenv("EARTHDATA_USERNAME", user)
        monkeypatch.setenv("EARTHDATA_PASSWORD", USERS[user] if password is None else password)

    return put


@pytest.fixture
def scenes():
    """Search the stand-ins: ``scenes(provider)`` over the field, in May."""

    def search(provider, collections=None):
        kinds = collections or {"nasa-cmr": ["hls"]}.get(provider, ["sentinel-2-l2a"])
        place = {
            "type": "Polygon",
            "coordinates": [[[11.5, 48.315], [11.51, 48.315], [11.51, 48.32], [11.5, 48.315]]],
        }
        return ms.search(place, "2023-05", collections=kinds, providers=[provider])

    return search


@pytest.fixture
def first():
    """Return the asset of a band of the first scene that has it."""

    def get(found, band="red"):
        scene = next(s for s in found.scenes if band in s.bands)
        return scene.assets[band]

    return get


@pytest.fixture
def reading():
    """Open an asset as a load does, and read a little of it; returns what read it, and the pixels."""
    from multisat.federate.loading import open_asset
    from multisat.raster import Window, opened, run

    def read(provider, asset, reader):
        async def work():
            async with opened(
                reader, lambda: asyncio.to_thread(open_asset, provider, asset), asset.href
            ) as raster:
                pixels = await raster.read(Window(row=0, column=0, height=8, width=8))
                return raster.info.reader, pixels.values

        return run(work())

    return read
