"""Every code block of the docs is run, against the sandbox; tables are what they should be."""

import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from multisat.sandbox import Sandbox

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LONG = ("docs/howto/", "docs/explain/")
"""Where blocks take longer."""
BLOCK = re.compile(r"(?:<!-- test: skip, (?P<why>.*?) -->\n)?```(?P<kind>\w+)\n(?P<code>.*?)```", re.DOTALL)
NOT_HERE = ("pip install", "uv run pytest")
"""What the blocks that set up an environment begin with; the suite itself runs inside of one."""
RUN_EACH = """
import os, runpy, sys
for path in sys.argv[1:]:
    os.chdir(os.path.dirname(path))
    runpy.run_path(path, run_name="__main__")
"""
"""Runs files where they are, each with names of its own; in one process, for most of a block's time is imports."""
KINDS = {"bash", "python", "toml"}


def blocks(kind):
    """The blocks of a kind: page, number on the page, code, and why it is not run."""
    for path in PAGES:
        page = path.relative_to(ROOT).as_posix()
        for number, found in enumerate(BLOCK.finditer(path.read_text()), 1):
            assert found["kind"] in KINDS, f"{page}: blocks of {found['kind']} are not run by anything"
            if found["kind"] == kind:
                yield page, number, found["code"], found["why"]


def pages_of(kind):
    """The pages that have blocks of a kind to run."""
    for page in sorted({page for page, _, _, why in blocks(kind) if not why}):
        yield pytest.param(page, marks=pytest.mark.slow if page.startswith(LONG) else ())


@pytest.fixture
def logins():
    """Addresses of login hosts that are stand-ins."""
    with Sandbox(secure=True) as running:
        yield running.environment


@pytest.mark.parametrize("page", list(pages_of("python")))
def test_python_runs(execute, areas, tmp_path, page):
    """Each block stands on its own: it knows no name and no file of the one before."""
    paths = []
    for name, number, code, why in blocks("python"):
        if name == page and not why:
            paths.append(tmp_path / f"block {number}" / Path(page).name)
            shutil.copytree(areas, paths[-1].parent)
            paths[-1].write_text(code)
    execute(sys.executable, "-c", RUN_EACH, *paths)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "code", "why"),
    [pytest.param(page, code, why, id=f"{page}-{number}") for page, number, code, why in blocks("bash")],
)
def test_command_runs(execute, logins, page, code, why):
    if why or code.startswith(NOT_HERE):
        pytest.skip(why or "sets up the environment the suite runs in")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    others = logins if page == "docs/credentials.md" else {}
    line = code.replace("| head -n 1", "| sed -n 1p")
    execute("bash", "-euo", "pipefail", "-c", line, **{**others, "PATH": path})


def test_settings_are_toml():
    for _page, _number, code, _why in blocks("toml"):
        assert tomllib.loads(code)


def test_tables_are_fresh(execute):
    execute(sys.executable, ROOT / "docs" / "make_tables.py", "--check")


def test_the_template_in_the_guide_is_the_template():
    source = (ROOT / "plugins/multisat-example/src/multisat_example/provider.py").read_text()
    shown = (ROOT / "docs/plugins.md").read_text()
    assert source.partition('"""\n\n')[2].strip() in shown
