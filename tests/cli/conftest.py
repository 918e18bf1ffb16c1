"""The command line as a user runs it: in a process of its own, against the sandbox."""

import os
import subprocess
import sys

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


@pytest.fixture
def run(box, tmp_path):
    """Run ``multisat`` with arguments; returns the finished process."""

    def call(*arguments, stdin=None, **environment):
        return subprocess.run(
            [sys.executable, "-m", "multisat", *map(str, arguments)],
            env={**os.environ, **box.environment, "HOME": str(tmp_path), **environment},
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return call
