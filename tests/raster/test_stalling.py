"""What hangs is given up: by the limits of a read, by an interrupt, by whoever cancels it."""

import re
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

from multisat.raster import Limits


def test_too_many_requests_end_in_time(served, fails, in_time):
    """They are asked for again as long as the limit says, however often that is."""
    limits = Limits(retries=1000, retry_seconds=2, stall_seconds=1)
    with in_time():
        assert "429" in fails(lambda handler: handler.send_error(429) or True, limits=limits)
    assert len(served.asked) > 2


@pytest.mark.parametrize("later", [False, True])
def test_a_server_that_hangs_in_the_middle(data, faults, fails, hang, in_time, later):
    def stall(handler):
        begin, end = faults.span(handler)
        length = min(end, len(data) - 1) - begin + 1
        faults.partial(handler, data, data[begin : begin + 50], length=length)
        return hang(handler)

    with in_time():
        assert "stalls" in fails(stall, later=later)


def test_a_server_that_says_nothing(fails, hang, in_time):
    with in_time():
        assert "stalls" in fails(hang)


HANGING = """
import sys, os, time
from multisat.contracts import Access
from multisat.raster import CogReader, Window, run

async def work():
    reader = CogReader()
    async with reader.open(Access(href=sys.argv[1]), sys.argv[1]) as raster:
        print("open", flush=True)
        await raster.read(Window(row=0, column=0, height=700, width=610))

try:
    run(work())
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


@pytest.mark.parametrize("where", ["header", "tile"])
def test_an_interrupt_ends_a_read_that_hangs(served, data, hang, in_time, where):
    asked = threading.Event()
    number = iter(range(100))

    def later(handler):
        if where == "tile" and next(number) == 0:
            return False
        asked.set()
        return hang(handler)

    served.before = later
    command = [sys.executable, "-c", HANGING, served.add("a.tif", data)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        try:
            assert asked.wait(60)
            time.sleep(0.2)
            with in_time():
                child.send_signal(signal.SIGINT)
                said, _ = child.communicate(timeout=60)
        finally:
            child.kill()
    assert "interrupted" in said


CANCELLED = """
import sys, asyncio
from multisat.contracts import Access
from multisat.raster import GdalReader, Window, run

async def one(href):
    async with GdalReader().open(Access(href=href), href) as raster:
        reading = asyncio.create_task(raster.read(Window(row=0, column=0, height=2000, width=2000)))
        await asyncio.sleep(0.3)
        reading.cancel()
        await asyncio.wait([reading])

async def work():
    await asyncio.gather(*[one(f"{sys.argv[1]}?{number}") for number in range(6)])

run(work())
print("survived", flush=True)
"""


def test_a_gdal_read_that_is_given_up_does_not_end_the_process(served, write, launch):
    """A dataset that is closed while a thread reads it is a crash."""
    data = write(np.random.default_rng(1).integers(0, 60000, (2000, 2000)).astype("u2"), compress="DEFLATE")

    def slow(handler):
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", handler.headers.get("Range") or "")
        if wanted and (int(wanted.group(1)) > 100_000 or int(wanted.group(2) or 0) > 1_000_000):
            time.sleep(1)
        return False

    served.before = slow
    done = launch(sys.executable, "-c", CANCELLED, served.add("a.tif", data))
    assert (done.returncode, done.stdout.strip()) == (0, "survived"), done.stderr[-2000:]
