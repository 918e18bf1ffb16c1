"""Reading ahead: while one batch is computed, the next one is read on an event loop beside."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from multisat.cube.aside import aside
from multisat.cube.block import Block
from multisat.cube.eager import IN_HAND, read_each
from multisat.cube.opening import AccessTo, Opener
from multisat.cube.steps import Step
from multisat.engine.looks import Looks
from multisat.engine.plan import Plan
from multisat.engine.series import Series
from multisat.raster import Reader

Read = tuple[Looks, list[Step]]
"""The time steps of a batch, and what is known of each."""
Work = Callable[[Opener], Coroutine[Any, Any, Read]]


@dataclass(frozen=True, kw_only=True)
class Source:
    """How files are opened.

    Attributes:
        access: Tells how to open an asset of a provider now.
        make: Makes what opens files.
        in_hand: Bytes of pixels that may be read and not yet among the time steps of their batch.
    """

    access: AccessTo
    make: Callable[[], Reader]
    in_hand: int = IN_HAND


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Time steps that are read together.

    Attributes:
        block: Where.
        series: What they are part of.
        periods: Their periods, by position in the series.
    """

    block: Block
    series: Series
    periods: range

    @property
    def steps(self) -> range:
        """The time steps, by position in the series."""
        runs = self.series.runs[self.periods.start : self.periods.stop]
        return range(runs[0].start, runs[-1].stop)

    @property
    def scenes(self) -> int:
        """How many scenes there are in the time steps."""
        return sum(len(self.series.groups[step]) for step in self.steps)


def read_ahead(
    batches: Iterable[Batch], plan: Plan, source: Source, seen: Callable[[int], None]
) -> Generator[Read]:
    """Read batches in order, one ahead.

    Args:
        batches: What to read.
        plan: What is computed of it.
        source: How files are opened.
        seen: Called with a number of scenes once they are read, from another thread.
    """
    with _beside(source) as start:
        pending: Future[Read] | None = None
        for batch in batches:
            if pending is not None:
                pending.result()
            ready, pending = pending, start(_work(batch, plan, source.in_hand, seen))
            if ready is not None:
                yield ready.result()
                ready = None  # so that no more than two are in memory
        if pending is not None:
            yield pending.result()


def _work(batch: Batch, plan: Plan, in_hand: int, seen: Callable[[int], None]) -> Work:
    groups = batch.series.groups[batch.steps.start : batch.steps.stop]

    async def work(opener: Opener) -> Read:
        looks = Looks.empty(plan.steps, len(groups), batch.block.shape)

        async def use(index: int, step: Step) -> None:
            await aside(batch.block.size, lambda: looks.put(index, step))
            seen(len(groups[index]))

        return looks, await read_each(groups, plan.wish, batch.block, opener, use=use, in_hand=in_hand)

    return work


@contextmanager
def _beside(source: Source) -> Iterator[Callable[[Work], Future[Read]]]:
    """Run an event loop in a thread, and give what starts work on it; in the end it is cancelled."""
    with Opener(source.make(), source.access) as opener:
        loop, over = asyncio.new_event_loop(), asyncio.Event()

        def live() -> None:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                runner.run(over.wait())

        thread = threading.Thread(target=live, name="multisat-ahead", daemon=True)
        thread.start()
        try:
            yield lambda work: asyncio.run_coroutine_threadsafe(work(opener), loop)
        finally:
            loop.call_soon_threadsafe(over.set)
            thread.join()
