"""Jobs on the command line: composite, zonal and run into a folder; status, retry and replay."""

import warnings

import geopandas
import orjson
import pytest
from click.testing import CliRunner

import multisat as ms
from multisat.cli.composite import composite
from multisat.cli.errors import guarded
from multisat.cli.replay import replay
from multisat.cli.retry import retry
from multisat.cli.run import run
from multisat.cli.status import status
from multisat.cli.zonal import series, zonal
from multisat.sandbox import Fault

PC = ("-p", "planetary-computer", "--resolution", 20)


@pytest.fixture
def call(box, tmp_path, monkeypatch):
    """Run a verb in the test's own folder."""
    monkeypatch.chdir(tmp_path)

    def invoke(verb, *arguments):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return CliRunner().invoke(verb, [*map(str, arguments)], catch_exceptions=True)

    return invoke


def said(done):
    return str(done.exception) if isinstance(done.exception, ms.MultisatError) else done.stderr


def test_fields_into_a_folder_and_how_it_stands(call, many, asked):
    arguments = (many(4, 3), "2023-05", "--id", "field", *PC, "--tile", 256, "--batch", 4, "-o", "out")
    done = call(zonal, *arguments)
    assert (done.exit_code, done.stdout) == (0, "out/table.parquet\n"), done.output
    assert len(geopandas.read_parquet("out/table.parquet")) == 12
    told = call(status, "out")
    assert told.exit_code == 0
    assert told.stdout.splitlines()[0] == "todo    0"
    assert "failed  0" in told.stdout
    asked()
    again = call(zonal, *arguments)
    assert (again.exit_code, asked()) == (0, 0)
    assert "0 of 0 units done, 12 cells were there" in again.stderr


def test_only_some_and_then_all(call, many, asked):
    common = ("2023-05", "--id", "field", *PC, "--tile", 256, "--batch", 4, "--store", "csv", "-o", "out")
    path = many(4, 3)
    assert call(zonal, path, *common, "--only", "f005").exit_code == 0
    assert call(zonal, path, *common, "--from", 9).exit_code == 0
    done = call(zonal, path, *common)
    assert "7 of 7" not in done.stderr
    assert "5 cells were there" in done.stderr


def test_a_composite_by_tiles_and_again_from_its_lock(call, tmp_path):
    area = "11.475,48.30,11.54,48.342"
    done = call(
        composite, area, "2023-05", *PC[:2], "--bands", "red", "--tile", 256, "--period", "month", "-o", "out"
    )
    assert done.exit_code == 0, done.output
    files = done.stdout.split()
    assert len(files) > 1
    again = call(replay, "out/run.lock.json", "-o", "again", "--workers", 1)
    assert again.exit_code == 0, again.output
    assert "0 files were replaced since; the result is: the same" in again.stderr
    for name in files:
        assert (tmp_path / name.replace("out", "again", 1)).read_bytes() == (tmp_path / name).read_bytes()


def test_units_that_failed_are_done_again(call, many, inject, box):
    arguments = (many(4, 3), "2023-05", "--id", "field", *PC, "--tile", 256, "--errors", "raise", "-o", "out")
    inject(Fault(provider="files", kind="404"))
    done = call(zonal, *arguments)
    assert done.exit_code == 5
    assert "again: multisat retry out --failed" in done.stderr
    told = call(status, "out")
    assert told.exit_code == 5
    assert "failed after 1 tries" in told.stdout
    box.clear_faults()
    assert call(retry, "out", "--failed").exit_code == 0
    assert call(status, "out").exit_code == 0


def test_a_recipe_from_a_file_and_a_series(call, many, tmp_path):
    path = tmp_path / "recipe.json"
    ms.Recipe().mask("clear").index("NDVI").composite("month").zonal("mean").save(path)
    done = call(run, path, many(4, 3), "2023-05", "--id", "field", *PC, "-o", "out")
    assert done.exit_code == 0, done.output
    looks = call(series, many(4, 3), "2023-05", "--id", "field", *PC, "-o", "looks")
    assert looks.exit_code == 0, looks.output
    assert geopandas.read_parquet("looks/table.parquet")["start"].nunique() == 2


def test_a_dry_run_reads_and_writes_nothing(call, many, asked, tmp_path):
    asked()
    done = call(zonal, many(4, 3), "2023", "--id", "field", *PC, "--dry-run", "-o", "out")
    assert done.exit_code == 0
    assert "cost: about" in done.stdout
    assert (asked(), (tmp_path / "out").exists()) == (0, False)


REFUSED = {
    "a file": (composite, ("--tile", 256, "-o", "x.tif"), "x.tif is no folder, which --tile needs"),
    "a picture": (composite, ("--tile", 256, "-o", "x", "--preview", "x.png"), "a job draws no picture"),
    "no tile": (composite, ("--tile", 100, "-o", "x"), "use a multiple of 256"),
    "no store": (zonal, ("--store", "tar", "-o", "x"), "nothing is stored as 'tar'"),
    "both": (zonal, ("--processes", "--scheduler", "tcp://127.0.0.1:1", "-o", "x"), "exclude each other"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_before_any_archive_is_asked(call, many, box, case):
    verb, options, told = REFUSED[case]
    began = len(box.requests)
    done = call(verb, many(4, 3), "2023", *options)
    assert done.exit_code != 0
    assert told in said(done)
    assert len(box.requests) == began


def test_a_cap_is_held_before_a_job_begins(call, many, asked, tmp_path):
    done = call(zonal, many(4, 3), "2023-05", "--id", "field", *PC, "--cap", "1requests", "-o", "out")
    assert "more than the cap" in said(done)
    assert not (tmp_path / "out").exists()


def test_errors_end_with_their_exit_code(call, tmp_path):
    with pytest.raises(SystemExit) as ended:
        guarded(lambda: status.main([str(tmp_path)], standalone_mode=False), debug=False)
    assert ended.value.code == 2


def test_a_lock_says_what_was_asked(call, many, tmp_path):
    call(zonal, many(4, 3), "2023-05", "--id", "field", *PC, "-o", "out")
    lock = orjson.loads((tmp_path / "out" / "run.lock.json").read_bytes())
    assert lock["task"]["request"]["time"].startswith("2023-05-01")
    assert lock["task"]["recipe"]["zonal"] == {"statistics": ["mean", "count", "valid"]}
    assert (lock["finished"], lock["parameters"]["tile"]) == (True, 2048)
    assert set(lock["outputs"]) == {"table.parquet"}
