"""The template: short, installable, and a whole provider."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from multisat.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "plugins" / "multisat-example"


def lines(*paths):
    return sum(1 for path in paths for line in path.read_text().splitlines() if line.strip())


def test_it_is_as_short_as_promised():
    assert lines(*EXAMPLE.glob("src/**/*.py")) <= 15
    assert lines(EXAMPLE / "pyproject.toml") <= 10


def installer(target):
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv and importlib.util.find_spec("pip") is None:
        pytest.skip("needs uv or pip to install a package")
    command = [uv, "pip"] if uv else [sys.executable, "-m", "pip"]
    return [*command, "install", "--quiet", "--no-deps", "--target", str(target)]


@pytest.mark.slow
def test_installed_it_searches_and_loads(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(EXAMPLE, source)
    installed = subprocess.run(
        [*installer(tmp_path / "site"), str(source)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert installed.returncode == 0, installed.stderr
    program = """
import multisat as ms
from dataclasses import replace
provider = ms.provider("example")
assert provider.capabilities.collections == ("sentinel-2-l2a",)
type(provider).holdings = (replace(provider.holdings[0], native_id="sentinel-2-l2a"),)
found = ms.search({area!r}, "2023-05", providers="example")
assert found.complete and len(found) == 2, found
cube = found.load(["red"], mask="clear")
print(found.scenes[0].provider, float(cube.red.mean()))
"""
    with Sandbox() as box:
        done = subprocess.run(
            [sys.executable, "-c", program.format(area=box.places["munich"])],
            env={
                **os.environ,
                "PYTHONPATH": str(tmp_path / "site"),
                "MULTISAT_EXAMPLE_URL": box.urls["planetary-computer"],
            },
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    name, mean = done.stdout.split()
    assert name == "example"
    assert 0.05 < float(mean) < 0.2
