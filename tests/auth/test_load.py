"""Four readers for a long time against tokens that live two seconds."""

import asyncio
import itertools
import threading
import time

import pytest

from multisat.federate.loading import open_asset
from multisat.raster import AnyReader, GdalReader, Window, opened, run

LIFE, READERS = 2.0, 4
AWAY = 0.75 * LIFE
"""Seconds a read takes only if its process was kept waiting for so long that a fresh token had ended, too."""
HOST = {"planetary-computer": "sas", "nasa-cmr": "urs"}


def read_for(seconds, provider, assets, make):
    """Read corners of files, each reader its own, until the time is up; returns how many, and the errors.

    A read of a few milliseconds that took longer than tokens live says nothing: the machine was away.
    """
    end, done, errors = time.monotonic() + seconds, itertools.count(), []

    async def one(asset):
        async with opened(
            make(), lambda: asyncio.to_thread(open_asset, provider, asset), asset.href
        ) as raster:
            rows, columns = raster.info.grid.shape
            for row, column in ((0, 0), (rows - 8, columns - 8)):
                await raster.read(Window(row=row, column=column, height=8, width=8))

    def work(mine):
        for asset in itertools.cycle(mine):
            if time.monotonic() > end:
                return
            began = time.monotonic()
            try:
                run(one(asset))
                next(done)
            except Exception as error:  # noqa: BLE001 - whatever fails is the finding
                if time.monotonic() - began < AWAY:
                    errors.append(error)

    threads = [threading.Thread(target=work, args=(assets[k::READERS],)) for k in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return next(done), errors


@pytest.mark.parametrize("provider", list(HOST))
@pytest.mark.parametrize(
    ("make", "seconds"),
    [
        (AnyReader, 5),
        pytest.param(GdalReader, 5, marks=pytest.mark.slow),
        pytest.param(AnyReader, 60, marks=pytest.mark.slow),
    ],
)
def test_no_read_fails_and_tokens_are_asked_for_once_a_life(start, login, scenes, make, seconds, provider):
    box = start(token_seconds=LIFE)
    login()
    assets = [s.assets[b] for s in scenes(provider).scenes for b in s.bands if b in {"red", "nir"}]
    count, errors = read_for(seconds, provider, assets, make)
    assert not errors, errors[:3]
    assert count > seconds
    asked = [r.time for r in box.received(HOST[provider])]
    # The first at once, then one in each life that has passed.
    assert len(asked) <= 1 + (asked[-1] - asked[0]) / (LIFE * 0.9)
    assert len(asked) >= seconds // 4
