"""What goes wrong with folders, ledgers and files: said in words, and nothing is lost."""

import sqlite3
import subprocess
import sys

import orjson
import pytest

import multisat as ms
from multisat.cube.warnings import MultisatWarning
from multisat.jobs import How, Unwritable, replay, retry, run_job, standing
from multisat.sandbox import Fault

SMALL = How(tile=256, batch=4)


@pytest.fixture
def plan(box, planned, ndvi, fields):
    return planned(ndvi, fields, "2023-05")


def test_another_recipe_in_the_same_folder_is_refused(plan, planned, fields, tmp_path):
    report = run_job(plan, tmp_path / "out", how=SMALL)
    before = report.outputs[0].read_bytes()
    other = ms.Recipe().index("EVI").composite("month").zonal("mean")
    with pytest.raises(ms.UsageError, match="results of another job: its recipe differs"):
        run_job(planned(other, fields, "2023-05"), tmp_path / "out", how=SMALL)
    with pytest.raises(ms.UsageError, match="stored in another form"):
        run_job(plan, tmp_path / "out", how=How(tile=256, batch=4, store="csv"))
    assert report.outputs[0].read_bytes() == before


def test_another_process_at_work_in_the_folder_is_told_of(plan, tmp_path):
    run_job(plan, tmp_path / "out", how=SMALL)
    hold = (
        "import sys; from multisat.jobs.folder import Folder; from pathlib import Path\n"
        "with Folder(path=Path(sys.argv[1])).held():\n    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, tmp_path / "out"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(ms.UsageError, match=rf"another process works on .*\(process {other.pid}\)"):
            run_job(plan, tmp_path / "out", how=SMALL)
        other.stdin.close()
    assert run_job(plan, tmp_path / "out", how=SMALL).kept == 12


@pytest.mark.parametrize("spoil", ["text", "middle", "gone"])
def test_a_damaged_ledger_is_made_anew_from_what_is_finished(plan, asked, tmp_path, spoil):
    report = run_job(plan, tmp_path / "out", how=SMALL)
    before, ledger = report.outputs[0].read_bytes(), tmp_path / "out" / "job" / "ledger.sqlite"
    if spoil == "text":
        ledger.write_text("no ledger" * 1000)
    elif spoil == "middle":
        data = ledger.read_bytes()
        ledger.write_bytes(data[:4096] + b"\xff" * 4096 + data[8192:])
    else:
        ledger.unlink()
    asked()
    if spoil == "gone":
        again = run_job(plan, tmp_path / "out", how=SMALL)
    else:
        with pytest.warns(MultisatWarning, match="is damaged; it is now ledger.sqlite.damaged"):
            again = run_job(plan, tmp_path / "out", how=SMALL)
    assert (again.units, again.kept, asked()) == (0, 12, 0)
    assert again.outputs[0].read_bytes() == before


def test_a_damaged_record_of_a_unit_is_computed_anew(plan, tmp_path):
    report = run_job(plan, tmp_path / "out", how=SMALL)
    before = report.outputs[0].read_bytes()
    record = min((tmp_path / "out" / "job" / "parts").iterdir())
    record.write_bytes(record.read_bytes()[:100])
    again = run_job(plan, tmp_path / "out", how=SMALL)
    assert again.units == 1
    assert again.outputs[0].read_bytes() == before


def test_a_folder_that_cannot_be_made_is_told_of(plan, asked, tmp_path):
    (tmp_path / "file").write_text("a file")
    asked()
    for out in (tmp_path / "file" / "out", "/proc/out"):
        with pytest.raises(Unwritable, match=r"cannot write to .*what is finished is kept"):
            run_job(plan, out, how=SMALL)
    assert asked() == 0


FULL = """
import resource, sys, orjson, multisat as ms
from multisat.jobs import How, run_job
from multisat.recipe import Plan
from multisat.recipe.keeping import task_of
plan = Plan(task=task_of(orjson.loads(open(sys.argv[1], "rb").read())))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), resource.RLIM_INFINITY))
try:
    run_job(plan, sys.argv[2], how=How(tile=256))
except ms.MultisatError as error:
    print(type(error).__name__, error)
"""


def test_a_full_disk_stops_the_job_and_keeps_what_is_finished(box, tmp_path):
    """Files may have no more than a number of bytes, which some tiles stay below."""
    from multisat.recipe.keeping import task_to_dict

    recipe = ms.Recipe().bands("red", "nir").composite("month", "median")
    plan = recipe.plan((11.475, 48.30, 11.54, 48.342), "2023-05", on="planetary-computer", resolution=10)
    (tmp_path / "task.json").write_bytes(orjson.dumps(task_to_dict(plan.task)))
    out, whole = tmp_path / "out", run_job(plan, tmp_path / "whole", how=How(tile=256))
    sizes = sorted(path.stat().st_size for path in whole.outputs)
    limit = (sizes[0] + sizes[-1]) // 2
    script = [sys.executable, "-c", FULL, tmp_path / "task.json", out, str(limit)]
    told = subprocess.run(script, capture_output=True, text=True, check=True, timeout=60).stdout
    assert told.startswith("Unwritable cannot write to")
    rest = run_job(plan, out, how=How(tile=256))
    assert {p.name: p.read_bytes() for p in rest.outputs} == {p.name: p.read_bytes() for p in whole.outputs}
    assert not list(out.rglob("*.part*"))


def test_files_that_vanish_make_units_fail_until_they_are_back(plan, inject, box, tmp_path):
    inject(Fault(provider="files", kind="404"))
    report = run_job(plan, tmp_path / "out", how=How(tile=256, batch=4, errors="raise"))
    assert report.failed
    assert all("gone" in error for error in report.failed.values())
    assert standing(tmp_path / "out").units["failed"] == len(report.failed) == report.units
    box.clear_faults()
    mended = retry(tmp_path / "out", only_failed=True)
    assert (mended.units, mended.complete) == (report.units, True)
    assert standing(tmp_path / "out").units["done"] == report.units


def test_a_ledger_tells_of_no_job_where_there_is_none(tmp_path):
    with pytest.raises(ms.UsageError, match="there is no job in"):
        standing(tmp_path)
    with pytest.raises(ms.UsageError, match=r"cannot read .*run.lock.json"):
        retry(tmp_path)
    (tmp_path / "run.lock.json").write_text('{"multisat_lock": 0}')
    with pytest.raises(ms.UsageError, match="is no lock of version 1"):
        retry(tmp_path)


def test_nothing_secret_is_in_the_folder(plan, tmp_path, monkeypatch):
    monkeypatch.setenv("PC_SDK_SUBSCRIPTION_KEY", "very-secret-key")
    report = run_job(plan, tmp_path / "out", how=SMALL)
    files = [path for path in report.folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert not [path for path in files if b"very-secret-key" in path.read_bytes()]


def test_a_lock_is_replayed_and_tells_replaced_files(plan, tmp_path):
    report = run_job(plan, tmp_path / "out", how=SMALL)
    lock = tmp_path / "out" / "run.lock.json"
    same = replay(lock, tmp_path / "same")
    assert (same.replaced, same.differing) == ((), ())
    assert same.report.outputs[0].read_bytes() == report.outputs[0].read_bytes()
    then = orjson.loads(lock.read_bytes())
    assert [href for href, one in then["sources"].items() if not one["etag"]] == []
    assert {"S2A", "S2B"} >= {href.split("/")[-2][:3] for href in then["sources"]}
    assert {path.rpartition("/")[2] for path in then["sources"]} == {"B04.tif", "B08.tif", "SCL.tif"}
    first = next(iter(then["sources"]))
    then["sources"][first]["etag"] = '"another"'
    lock.write_bytes(orjson.dumps(then))
    with pytest.warns(MultisatWarning, match="1 files were replaced since"):
        other = replay(lock, tmp_path / "other")
    assert other.replaced == ("/".join(first.split("/")[-2:]),)
    with pytest.raises(ms.UsageError, match="is the folder of the lock"):
        replay(lock, tmp_path / "out")


def test_the_ledger_has_a_row_per_unit(plan, tmp_path):
    report = run_job(plan, tmp_path / "out", how=SMALL)
    with sqlite3.connect(tmp_path / "out" / "job" / "ledger.sqlite") as file:
        rows = file.execute("SELECT state, tries, bytes, seconds, requests_planned FROM units").fetchall()
    file.close()
    assert len(rows) == report.units
    assert all(state == "done" and tries == 1 and min(numbers) > 0 for state, tries, *numbers in rows)


@pytest.mark.filterwarnings("ignore::multisat.cube.warnings.MultisatWarning")
def test_a_unit_that_lacks_a_scene_is_told_of_and_can_be_done_again(plan, inject, box, tmp_path):
    whole = run_job(plan, tmp_path / "whole", how=SMALL)
    scene = plan.task.scenes[0].id
    inject(Fault(provider="files", kind="404", match=scene))
    report = run_job(plan, tmp_path / "out", how=SMALL)
    assert (report.failed, report.complete) == ({}, False)
    assert all(scene in text for text in report.skipped)
    lacking = standing(tmp_path / "out")
    assert lacking.units["part"] == len(lacking.problems) == report.units
    assert run_job(plan, tmp_path / "out", how=SMALL).units == 0
    box.clear_faults()
    mended = retry(tmp_path / "out", only_failed=True)
    assert (mended.units, mended.complete) == (report.units, True)
    assert mended.outputs[0].read_bytes() == whole.outputs[0].read_bytes()
