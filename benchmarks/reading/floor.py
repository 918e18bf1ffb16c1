"""What no reader can leave out: the same requests, bytes and unpacking, and nothing else.

Where tiles lie is known beforehand; nothing is parsed, checked, retried, labelled or bounded in memory. It
shows how far a loader is from the network and the codec.
"""

from __future__ import annotations

import asyncio
import os
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import numpy as np

from .workloads import Task

if TYPE_CHECKING:
    from .loaders import Call, Cube

_TOGETHER = 128
_HEADER = 16384


def floor(task: Task) -> Call:
    """Fetch and unpack on all cores; native grids only."""
    import obstore
    from obstore.store import HTTPStore

    from multisat.contracts import Access
    from multisat.raster import CogReader, Window, run, together
    from multisat.raster.cog.reader import _place
    from multisat.raster.cog.runs import runs

    left, bottom, right, top = task.grid.bounds

    async def known(href: str) -> tuple[Any, list[Any], Window, str]:
        async with CogReader().open(Access(href=href), href) as raster:
            grid, layer = raster.info.grid, raster._header.layer(0)  # noqa: SLF001 - nobody else asks
            pixel, x, y = grid.resolution[0], grid.transform[2], grid.transform[5]
            window = Window(
                row=round((y - top) / pixel),
                column=round((left - x) / pixel),
                height=round((top - bottom) / pixel),
                width=round((right - left) / pixel),
            )
            return layer, runs(layer, window), window, urlsplit(href).path.lstrip("/")

    hrefs = [item["assets"][band]["href"] for item in task.items for band in task.bands]
    plans = run(together(known(href) for href in hrefs))
    address = urlsplit(hrefs[0])
    kind = np.result_type(*(layer.dtype for layer, *_ in plans))

    async def one(
        store: HTTPStore, turn: asyncio.Semaphore, pool: Executor, plan: tuple[Any, ...], place: Cube
    ) -> None:
        layer, parts, window, path = plan
        found = np.zeros((window.height, window.width), layer.dtype)
        async with turn:
            await (await obstore.get_async(store, path, options={"range": (0, _HEADER)})).bytes_async()
            for part in parts:
                answer = await obstore.get_async(store, path, options={"range": (part.start, part.stop)})
                data = memoryview(await answer.bytes_async())
                loop = asyncio.get_running_loop()
                await loop.run_in_executor(pool, _place, layer, part, data, found)
        times = place.shape[0] // window.height
        place[:] = found if times == 1 else found.repeat(times, 0).repeat(times, 1)

    async def all_of(cube: Cube) -> None:
        store = HTTPStore.from_url(f"http://{address.netloc}", client_options={"allow_http": True})
        turn = asyncio.Semaphore(_TOGETHER)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            places = cube.reshape(-1, *task.grid.shape)
            await together(one(store, turn, pool, *each) for each in zip(plans, places, strict=True))

    def call() -> Cube:
        cube = np.empty((len(task.items), len(task.bands), *task.grid.shape), kind)
        run(all_of(cube))
        return cube

    return call
