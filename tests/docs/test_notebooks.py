"""The notebooks run from top to bottom, show what they should, and are kept without what they show."""

import json
import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted((ROOT / "examples" / "notebooks").glob("*.ipynb"))
MOST_BYTES = 10_000
RUN = """
import sys
import nbformat
from nbclient import NotebookClient
book = nbformat.read(sys.argv[1], as_version=4)
NotebookClient(book, timeout=90, kernel_name="python3").execute()
nbformat.write(book, sys.argv[1])
"""
SHOWN = {
    "01-search-and-cube": {"image/png": 3, "text/html": 3},
    "02-recipes-and-zonal": {"image/png": 4, "text/html": 3},
    "03-jobs-and-looking": {"image/png": 3, "image/gif": 1, "text/html": 1},
}
"""How many things of a kind each shows."""


def cells(path, kind):
    return [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == kind]


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(launch, tmp_path, path):
    here = Path(shutil.copy(path, tmp_path))
    done = launch(sys.executable, "-c", RUN, here)
    assert done.returncode == 0, done.stderr
    outputs = [output for cell in cells(here, "code") for output in cell["outputs"]]
    shown = [kind for output in outputs for kind in output.get("data", {})]
    assert {kind: shown.count(kind) for kind in SHOWN[path.stem]} == SHOWN[path.stem]
    assert all(cell["execution_count"] for cell in cells(here, "code"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_small_and_without_outputs(path):
    assert path.stat().st_size < MOST_BYTES
    kept = cells(path, "code")
    assert [
        cell for cell in kept if cell["outputs"] or cell["execution_count"] is not None or cell["metadata"]
    ] == []
    assert set(json.loads(path.read_text())["metadata"]) == {"kernelspec", "language_info"}


def test_every_notebook_is_known_here_and_listed_in_the_docs():
    assert {path.stem for path in NOTEBOOKS} == set(SHOWN)
    page = (ROOT / "docs" / "notebooks.md").read_text()
    assert [path.name for path in NOTEBOOKS if path.name not in page] == []
