"""Every code block of the docs is run, against the sandbox; tables and links are what they should be."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import orjson
import pytest

from multisat.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"(?:<!-- test: skip, (?P<why>.*?) -->\n)?```(?P<kind>\w+)\n(?P<code>.*?)```", re.DOTALL)
NOT_HERE = ("pip install", "uv run pytest")
"""What the blocks that set up an environment begin with; the suite itself runs inside of one."""


def blocks():
    for page in PAGES:
        for number, found in enumerate(BLOCK.finditer(page.read_text()), 1):
            yield pytest.param(
                found["kind"], found["code"], found["why"], id=f"{page.name}-{number}-{found['kind']}"
            )


@pytest.fixture(scope="module")
def box():
    with Sandbox() as running:
        yield running


@pytest.fixture
def execute(box, tmp_path):
    (tmp_path / "field.geojson").write_bytes(orjson.dumps(box.places["munich"]))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"

    def call(*command):
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**os.environ, **box.environment, "PATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return call


@pytest.mark.parametrize(("kind", "code", "why"), list(blocks()))
def test_block_runs(kind, code, why, execute):
    if why:
        pytest.skip(why)
    if kind == "toml":
        assert tomllib.loads(code)
    elif kind == "python":
        execute(sys.executable, "-c", code)
    elif kind == "bash" and code.startswith(NOT_HERE):
        pytest.skip("sets up the environment the suite runs in")
    else:
        assert kind == "bash", f"blocks of {kind} are not run by anything"
        execute("bash", "-euo", "pipefail", "-c", code.replace("| head -n 1", "| sed -n 1p"))


def test_tables_are_fresh(execute):
    execute(sys.executable, str(ROOT / "docs" / "make_tables.py"), "--check")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [t for t in targets if not (page.parent / t).exists()] == []


def test_the_template_in_the_guide_is_the_template():
    source = (ROOT / "plugins/multisat-example/src/multisat_example/provider.py").read_text()
    shown = (ROOT / "docs/plugins.md").read_text()
    assert source.partition('"""\n\n')[2].strip() in shown


def test_every_page_is_in_the_navigation():
    nav = (ROOT / "mkdocs.yml").read_text()
    assert [p.name for p in PAGES[1:] if f"- {p.name}" not in nav] == []
