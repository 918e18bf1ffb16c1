"""Programs that end as soon as their last pixel is there."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

PROGRAM = """
import asyncio, sys
import obstore
from multisat.contracts import Access
from multisat.raster import Limits
from multisat.raster.cog.stores import locate

async def read():
    store, path = locate(Access(href=sys.argv[1]), Limits())
    await asyncio.gather(*(obstore.get_range_async(store, path, start=0, length=1000) for _ in range(20)))

asyncio.run(read())
"""


@pytest.mark.slow
def test_no_thread_of_a_store_aborts_a_program_that_ends(served):
    href, count = served.add("a.bin", bytes(4096)), 24

    def run(_):
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, href], capture_output=True, text=True, check=False
        )

    with ThreadPoolExecutor(4) as pool:  # more than there are cores, so that some thread is late
        ended = list(pool.map(run, range(count)))
    assert [(one.returncode, one.stderr) for one in ended] == [(0, "")] * count
