"""A plan on parts of the grid, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import tee

from multisat.cube.block import Block
from multisat.engine.composing import Arrays, composed
from multisat.engine.cutting import ROOM, batches, cut
from multisat.engine.finishing import finished
from multisat.engine.heaps import give_back
from multisat.engine.plan import Plan
from multisat.engine.reading import Batch, Read, Source, read_ahead
from multisat.engine.record import Record
from multisat.engine.room import room
from multisat.engine.series import Series

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Job:
    """A plan with all it takes to compute it.

    Attributes:
        plan: What to compute.
        source: How files are opened.
        record: Where is noted what happened to scenes.
        progress: Called with scenes read and scenes to read, in blocks; or None.
        room: Bytes for time steps and periods in work; less makes smaller blocks.
    """

    plan: Plan
    source: Source
    record: Record
    progress: Progress | None = None
    room: int = ROOM

    def blocks(self, within: Block) -> Iterator[tuple[Block, Arrays]]:
        """Compute a part of the grid and give its blocks with their layers, row by row; see ``parts``."""
        return self.parts(cut(self.plan, within, self.room))

    def whole(self, within: Block) -> Arrays:
        """Compute a part of the grid and return its layers; see ``parts``."""
        ((_, layers),) = self.parts([within])
        return layers

    def parts(self, among: Iterable[Block]) -> Iterator[tuple[Block, Arrays]]:
        """Compute parts of the grid and give each with its layers; the next one is read meanwhile.

        Raises:
            AssetUnreadable: A scene was lost and may not be, or all were.
        """
        known = list(among) if self.progress is not None else among
        ahead, parts = tee(known)
        todo = (batch for part in ahead for batch in self._todo(part))
        with closing(read_ahead(todo, self.plan, self.source, self._counter(known))) as reads:
            for part in parts:
                yield part, self._part(part, reads)
        self.record.refuse_nothing()

    def _todo(self, part: Block) -> list[Batch]:
        blocks = cut(self.plan, part, self.room)
        return [batch for block in blocks for one in self.plan.both for batch in self._batches(one, block)]

    def _part(self, part: Block, reads: Iterator[Read]) -> Arrays:
        blocks = cut(self.plan, part, self.room)
        if len(blocks) == 1:
            return self._block(part, reads)
        made: Arrays = {}
        for block in blocks:
            for name, layer in self._block(block, reads).items():
                if name not in made:
                    made[name] = room((len(layer), *part.shape), layer.dtype.type)
                part.put(made[name], block, layer)
            give_back()
        return made

    def _block(self, block: Block, reads: Iterator[Read]) -> Arrays:
        found = [self._series(one, block, reads) for one in self.plan.both]
        return finished(self.plan, block, *found)

    def _batches(self, series: Series, block: Block) -> list[Batch]:
        parts = batches(self.plan, series, block, self.room)
        return [Batch(block=block, series=series, periods=part) for part in parts]

    def _series(self, series: Series, block: Block, reads: Iterator[Read]) -> Arrays:
        """Return the periods or time steps of a series on a block."""
        batches = self._batches(series, block)
        if len(batches) == 1:
            return self._reduced(batches[0], next(reads))
        made: Arrays = {}
        for batch in batches:
            for name, part in self._reduced(batch, next(reads)).items():
                if name not in made:
                    made[name] = room((series.length, *block.shape), part.dtype.type)
                made[name][batch.periods.start : batch.periods.stop] = part
        return made

    def _reduced(self, batch: Batch, read: Read) -> Arrays:
        looks, steps = read
        self.record.add(steps, batch.steps if batch.series is self.plan.series else None)
        return composed(looks, batch.series, batch.periods)

    def _counter(self, among: Iterable[Block]) -> Callable[[int], None]:
        """Return what takes the number of scenes that were just read."""
        if self.progress is None:
            return lambda scenes: None  # noqa: ARG005
        progress, done = self.progress, 0
        total = sum(batch.scenes for part in among for batch in self._todo(part))

        def seen(scenes: int) -> None:
            nonlocal done
            done += scenes
            progress(done, total)

        return seen
