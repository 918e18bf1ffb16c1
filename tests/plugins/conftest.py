"""Packages as strangers would install them: real modules with real metadata on the path."""

import json
import sys
from functools import partial
from textwrap import dedent

import pytest

GOOD = """
from multisat.plugins import ProviderSpec, hookimpl

@hookimpl
def multisat_providers():
    yield ProviderSpec(name={name!r}, factory="{module}.provider:Made")
"""


@pytest.fixture
def install(tmp_path):
    """Install a plugin: ``install("my-dist", source, files={...})``."""

    def make(distribution, source, **files):
        module = distribution.replace("-", "_")
        (tmp_path / f"{module}.py" if not files else tmp_path / module).parent.mkdir(exist_ok=True)
        if files:
            (tmp_path / module).mkdir()
            (tmp_path / module / "__init__.py").write_text(dedent(source))
            for name, text in files.items():
                (tmp_path / module / f"{name}.py").write_text(dedent(text))
        else:
            (tmp_path / f"{module}.py").write_text(dedent(source))
        info = tmp_path / f"{module}-1.2.3.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.2.3\n")
        (info / "entry_points.txt").write_text(f"[multisat]\n{distribution}-entry = {module}\n")

    return make


@pytest.fixture
def multisat(launch, tmp_path):
    """Run ``multisat`` where the installed plugins are found."""
    return partial(launch, sys.executable, "-m", "multisat", PYTHONPATH=str(tmp_path))


@pytest.fixture
def listed(multisat):
    """Return the rows of ``multisat providers`` by name."""

    def call(**environment):
        done = multisat("providers", "--format", "json", **environment)
        assert done.returncode == 0, done.stderr
        return {row["name"]: row for row in json.loads(done.stdout)}

    return call


@pytest.fixture
def good():
    return lambda distribution, name: GOOD.format(name=name, module=distribution.replace("-", "_"))
