"""Jobs that are killed at any moment go on where they were; nothing that is finished is read again."""

import random
import signal
import subprocess
import time

import pytest

WAIT = 60
"""Seconds for a unit to be finished on a machine that is busy."""


def command(path, out, dates, batch):
    return (
        "zonal", path, dates, "--id", "field", "-i", "NDVI", "-s", "mean", "-s", "median", "-s", "count",
        "-p", "planetary-computer", "--resolution", 20, "--tile", 256, "--batch", batch, "-o", out,
    )  # fmt: skip


def finished(out):
    """When each finished unit was written."""
    return {path.name: path.stat().st_mtime_ns for path in (out / "job" / "parts").glob("[!.]*.json")}


def until(process, out, units):
    """Wait until so many units are finished, or the process has ended."""
    end = time.monotonic() + WAIT
    while process.poll() is None and len(finished(out)) < units:
        assert time.monotonic() < end, "no unit is finished in time"
        time.sleep(0.005)


def whole(begin, arguments):
    """Run to the end."""
    process = begin(*arguments)
    _, errors = process.communicate(timeout=800)
    assert process.returncode == 0, errors


def killed(begin, arguments, out, kills, seed):
    """Kill a run so many times, and hold that what was finished stays untouched; returns what is finished."""
    chance = random.Random(seed)
    known = {}
    for _ in range(kills):
        process = begin(*arguments)
        until(process, out, len(known) + chance.randint(0, 4))
        time.sleep(chance.uniform(0, 0.1))
        process.kill()
        process.communicate()
        now = finished(out)
        assert known.items() <= now.items()
        known = now
    return known


def check(begin, asked, many, tmp_path, *, kills, across, down, dates, batch):
    """A run that is killed gives the bytes of an unbroken one, and reads nothing again."""
    path, out = many(across, down), tmp_path / "out"
    whole(begin, command(path, tmp_path / "unbroken", dates, batch))
    fresh = asked()
    known = killed(begin, command(path, out, dates, batch), out, kills, seed=kills)
    assert known
    asked()
    whole(begin, command(path, out, dates, batch))
    assert known.items() <= finished(out).items()
    assert asked() < fresh
    assert (out / "table.parquet").read_bytes() == (tmp_path / "unbroken" / "table.parquet").read_bytes()
    whole(begin, command(path, out, dates, batch))
    assert asked() == 0
    assert not list(out.rglob(".*.part*"))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_run_that_is_killed_three_times(begin, asked, many, tmp_path):
    check(begin, asked, many, tmp_path, kills=3, across=8, down=5, dates="2023-05/2023-06", batch=2)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_hundred_fields_in_a_year_killed_twenty_times(begin, asked, many, tmp_path):
    check(begin, asked, many, tmp_path, kills=20, across=20, down=10, dates="2023", batch=2)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ctrl_c_stops_cleanly_and_the_same_command_goes_on(begin, many, tmp_path):
    path, out = many(8, 5), tmp_path / "out"
    arguments = (*command(path, out, "2023-05/2023-06", 1), "--workers", 1)
    process = begin(*arguments)
    until(process, out, 2)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=WAIT)
    assert process.returncode == 130, told
    assert "units are done; the same command goes on" in told
    known = finished(out)
    assert not list(out.rglob(".*.part*"))
    whole(begin, arguments)
    assert known.items() <= finished(out).items()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_processes_end_with_the_one_that_started_them(begin, many, tmp_path):
    path, out = many(8, 5), tmp_path / "out"
    process = begin(*command(path, out, "2023-05/2023-06", 1), "--processes")
    until(process, out, 2)
    group = process.pid
    process.kill()
    process.communicate()
    end = time.monotonic() + WAIT
    while alive(group):
        assert time.monotonic() < end, "workers outlive their job"
        time.sleep(0.05)


def alive(group):
    found = subprocess.run(["pgrep", "-g", str(group)], capture_output=True, check=False)
    return found.returncode == 0
