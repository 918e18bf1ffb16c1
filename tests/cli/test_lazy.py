"""What starting up costs: nothing heavy is imported and nothing is written."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = (
    "numpy",
    "xarray",
    "rasterio",
    "pystac_client",
    "shapely",
    "requests",
    "rich",
    "odc",
    "pyproj",
    "orjson",
)
CLIENTS = ("pystac_client", "planetary_computer", "openeo", "sentinelhub", "xarray", "rasterio")
REPORT = "import json, sys; print(json.dumps(sorted(m.partition('.')[0] for m in sys.modules)))"


def modules_after(code, home):
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{REPORT}"],
        env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


RUN = "from multisat.cli import main\ntry:\n    main({args!r})\nexcept SystemExit: pass"


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import multisat", HEAVY),
        ("import multisat; dir(multisat); multisat.MultisatError", HEAVY),
        (RUN.format(args=["--help"]), HEAVY),
        (RUN.format(args=["providers", "--format", "json"]), CLIENTS),
    ],
    ids=["import", "errors", "help", "providers"],
)
def test_nothing_heavy_is_imported_and_nothing_is_written(code, absent, tmp_path):
    assert not modules_after(code, tmp_path) & set(absent)
    assert list(tmp_path.iterdir()) == []


def test_every_public_name_is_there_and_typed():
    import ast
    from pathlib import Path

    import multisat

    tree = ast.parse(Path(multisat.__file__).read_text())
    typed = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.If)
        for statement in node.body
        if isinstance(statement, ast.ImportFrom) and statement.module.startswith("multisat")
        for alias in statement.names
    }
    assert set(multisat.__all__) == typed | {"__version__"}
    for name in multisat.__all__:
        assert getattr(multisat, name) is not None
    assert callable(multisat.load)
    with pytest.raises(AttributeError, match="no_such"):
        _ = multisat.no_such


def test_python_minus_m_works():
    done = subprocess.run(
        [sys.executable, "-m", "multisat", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("multisat, version 0.")
