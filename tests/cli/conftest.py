"""The command line as a user runs it: in a process of its own, against the sandbox."""

import os
import subprocess
import sys
import warnings

import orjson
import pytest

from multisat.sandbox import Sandbox


@pytest.fixture(scope="session")
def box():
    with Sandbox() as running:
        yield running


@pytest.fixture
def field(box, tmp_path):
    path = tmp_path / "field.geojson"
    path.write_bytes(orjson.dumps(box.places["munich"]))
    return path


@pytest.fixture(scope="session")
def fonts(tmp_path_factory):
    """Where matplotlib keeps its list of fonts, which takes seconds to make: made once."""
    return str(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def run(box, tmp_path, fonts):
    """Run ``multisat`` with arguments; returns the finished process."""

    def call(*arguments, stdin=None, **environment):
        return subprocess.run(
            [sys.executable, "-m", "multisat", *map(str, arguments)],
            env={
                **os.environ,
                **box.environment,
                "HOME": str(tmp_path),
                "MPLCONFIGDIR": fonts,
                **environment,
            },
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call


@pytest.fixture
def verb(box, field, tmp_path, monkeypatch, fonts):
    """Run ``multisat`` in this process, which starts quicker: for tests of many options.

    Returns click's result (``exit_code``, ``stdout``, ``stderr``) with ``files``: what was asked of the file server.
    """
    from click.testing import CliRunner

    from multisat.cli import main

    monkeypatch.chdir(tmp_path)
    for name, value in {**box.environment, "HOME": str(tmp_path), "MPLCONFIGDIR": fonts}.items():
        monkeypatch.setenv(name, value)

    def call(*arguments):
        began = len(box.requests)
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            done = CliRunner().invoke(main, [*map(str, arguments)])
        done.files = [one for one in box.requests[began:] if one.path.startswith("/files/")]
        done.asked = len(box.requests) - began
        return done

    return call


@pytest.fixture
def forests(tmp_path):
    """Six synthetic forests, 283 among them, in a GeoPackage."""
    import geopandas

    from multisat.sandbox.places import FORESTS

    path = tmp_path / "forests.gpkg"
    geopandas.GeoDataFrame.from_features(FORESTS["features"][14:], crs=4326).to_file(path, layer="forests")
    return path
