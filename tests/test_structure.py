"""The shape of the code: imports point down, rooms stay small."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCES = [*ROOT.glob("src/**/*.py"), *ROOT.glob("plugins/*/src/**/*.py")]


def test_imports_point_down_the_layers():
    command = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_file_is_a_hall():
    assert [p.name for p in SOURCES if len(p.read_text().splitlines()) > 500] == []


def test_every_module_says_what_it_is():
    assert [p for p in SOURCES if not p.read_text().startswith('"""')] == []


def test_versions_agree():
    import tomllib

    projects = [ROOT / "pyproject.toml", *ROOT.glob("plugins/*/pyproject.toml")]
    versions = {tomllib.loads(p.read_text())["project"]["version"] for p in projects}
    assert len(versions) == 1
