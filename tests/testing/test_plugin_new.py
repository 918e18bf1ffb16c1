"""``multisat plugin new`` writes a package that passes the checks as it is, and the example is what it writes."""

import sys
from pathlib import Path

import pytest

from multisat.errors import MultisatError
from multisat.testing.writing import named, write_plugin

EXAMPLE = Path(__file__).resolve().parents[2] / "plugins" / "multisat-example"


def test_the_example_is_what_is_written(tmp_path):
    root, *paths = write_plugin("example", tmp_path)
    for path in paths:
        if path.parent.name != "tests":
            assert (EXAMPLE / path.relative_to(root)).read_text() == path.read_text()


def test_every_name_is_changed():
    text = "multisat-example multisat_example MULTISAT_EXAMPLE_URL class Example 'Example archive' https://stac.example.com"
    assert named(text, "my-own") == (
        "multisat-my-own multisat_my_own MULTISAT_MY_OWN_URL class MyOwn 'My own archive' https://stac.example.com"
    )


@pytest.mark.parametrize("name", ["My-Archive", "my_archive", "../elsewhere"])
def test_what_is_no_name_is_refused(tmp_path, name):
    with pytest.raises(MultisatError, match="no provider name"):
        write_plugin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_over(tmp_path):
    write_plugin("mine", tmp_path)
    with pytest.raises(MultisatError, match="there already"):
        write_plugin("mine", tmp_path)


def on_the_path(root, name):
    """Make a package importable with its entry point, as an installation does."""
    info = root / "src" / f"multisat_{name}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: multisat-{name}\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[multisat]\n{name} = multisat_{name}\n")
    return str(root / "src")


@pytest.mark.slow
def test_its_own_suite_passes_and_a_check_that_fails_is_told(launch, tmp_path):
    done = launch(sys.executable, "-m", "multisat", "plugin", "new", "mine")
    assert done.returncode == 0, done.stderr
    root = tmp_path / "multisat-mine"
    assert {tmp_path / line for line in done.stdout.splitlines()} == {
        one for one in root.rglob("*") if one.is_file()
    }
    path = on_the_path(root, "mine")
    suite = launch(
        sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "multisat-mine", PYTHONPATH=path
    )
    assert suite.returncode == 0, suite.stdout
    assert "failed" not in suite.stdout
    nowhere = launch(
        sys.executable, "-m", "multisat", "providers", "check", "mine", "--time", "2023-06", "--format", "csv",
        PYTHONPATH=path, MULTISAT_MINE_URL="http://127.0.0.1:9",
    )  # fmt: skip
    assert nowhere.returncode == 6, nowhere.stderr
    assert "check_search_finds_scenes,failed," in nowhere.stdout
    assert "mine: " in nowhere.stderr
