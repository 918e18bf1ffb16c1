"""Running what the pages and examples show, where a reader would: beside the areas they are about."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@pytest.fixture(scope="session")
def areas(tmp_path_factory):
    """A folder with ``field.geojson``, ``city.geojson``, ``parks.geojson`` and ``forests.gpkg``."""
    folder = tmp_path_factory.mktemp("areas")
    subprocess.run([sys.executable, EXAMPLES / "areas.py", folder], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="session")
def fonts(tmp_path_factory):
    """Where matplotlib keeps its list of fonts, which takes seconds to make: made once."""
    return str(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def execute(launch, sandbox, areas, fonts, tmp_path):
    """Run a program beside the areas, against the sandbox; returns what it prints."""
    shutil.copytree(areas, tmp_path, dirs_exist_ok=True)

    def call(*command, **environment):
        done = launch(*command, **{**sandbox.environment, "MPLCONFIGDIR": fonts, **environment})
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call
