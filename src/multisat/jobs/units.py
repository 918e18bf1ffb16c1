"""Units of work: cells that are computed together because they read the same blocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from multisat.contracts import Cost
from multisat.cube.block import Block
from multisat.engine.plan import Plan
from multisat.engine.record import Errors
from multisat.engine.series import Series
from multisat.jobs.cells import Cell, baseline, digest
from multisat.jobs.how import How
from multisat.jobs.mesh import Mesh, joined
from multisat.jobs.places import Place
from multisat.jobs.pools import WORKERS
from multisat.jobs.reach import Reach
from multisat.jobs.results import RowsOf, TileOf
from multisat.jobs.spans import Groups, Span
from multisat.model import AOIs, Grid
from multisat.recipe.cost import local_cost
from multisat.steps import Task


@dataclass(frozen=True, kw_only=True)
class Unit:
    """One piece of work. A value that can be sent to any worker; it holds unsigned addresses only.

    Attributes:
        key: Hash of its cells.
        plan: What to compute, with no more of the scenes than reading needs.
        block: Pixels of a tile; None for a table, which takes the blocks its features touch.
        result: What becomes of the pixels.
        folder: The folder of the job, the same for all workers.
        errors: See ``How``.
        cost: What reading it costs, estimated.
    """

    key: str
    plan: Plan
    block: Block | None
    result: RowsOf | TileOf
    folder: Path
    errors: Errors
    cost: Cost


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Cells of one unit: some places, each in the same spans.

    Attributes:
        key: Hash of the cells.
        places: In order.
        spans: Positions of the spans, rising.
        cells: Keys, a row per place and one per span in it.
    """

    key: str
    places: tuple[Place, ...]
    spans: tuple[int, ...]
    cells: tuple[tuple[str, ...], ...]


def bundles(missing: Sequence[Cell], batch: int) -> list[Bundle]:
    """Group cells by home and by what they lack, at most so many places together."""
    by_place: dict[int, list[Cell]] = defaultdict(list)
    for cell in missing:
        by_place[cell.place.number].append(cell)
    alike: dict[tuple[tuple[int, int], tuple[int, ...]], list[list[Cell]]] = defaultdict(list)
    for some in by_place.values():
        alike[some[0].place.home, tuple(cell.span for cell in some)].append(some)
    return [
        _bundle(rows[first : first + batch], spans)
        for (_, spans), rows in sorted(alike.items(), key=lambda one: one[0])
        for first in range(0, len(rows), batch)
    ]


def _bundle(rows: Sequence[Sequence[Cell]], spans: tuple[int, ...]) -> Bundle:
    keys = tuple(tuple(cell.key for cell in row) for row in rows)
    return Bundle(key=digest(keys), places=tuple(row[0].place for row in rows), spans=spans, cells=keys)


@dataclass(frozen=True, kw_only=True)
class Maker:
    """Makes units of bundles, one at a time.

    Attributes:
        task: The whole job.
        plan: The same made ready and slim.
        parts: Its spans, slim.
        reach: Finds scenes.
        folder: Of the job.
        how: Form of the result, and room for it.
    """

    task: Task
    plan: Plan
    parts: tuple[Span, ...]
    reach: Reach
    folder: Path
    how: How

    def unit(self, bundle: Bundle) -> Unit:
        """Return a bundle with all it takes to compute it."""
        near = frozenset().union(*(self.reach.over(place.outline) for place in bundle.places))
        some = [self.parts[number] for number in bundle.spans]
        series = Series(
            groups=tuple(group for span in some for group in self.reach.cut(span, near)),
            periods=tuple(period for span in some for period in span.periods),
        )
        old = baseline(self.plan)
        before = None if old is None else Series(groups=self.reach.cut(old, near), periods=old.periods)
        plan = replace(self.plan, series=series, baseline=before)
        return self._table(bundle, plan) if self.task.steps.zoned is not None else self._tile(bundle, plan)

    def _table(self, bundle: Bundle, plan: Plan) -> Unit:
        window = bundle.places[0].window
        for place in bundle.places[1:]:
            window = joined(window, place.window)
        zones = self.task.features
        rows = RowsOf(
            zones=AOIs(tuple(zones[place.number] for place in bundle.places)),
            statistics=self.task.steps.zoned.statistics if self.task.steps.zoned else (),
            cells=bundle.cells,
            steps=tuple(self._steps(number) for number in bundle.spans),
            room=self.how.max_memory / (self.how.workers or WORKERS),
        )
        target = Mesh.of(self.task.grid).grid(window).geobox
        return self._made(bundle, replace(plan, target=target), None, rows)

    def _tile(self, bundle: Bundle, plan: Plan) -> Unit:
        (place,), (keys,) = bundle.places, bundle.cells
        row, column, bottom, right = place.window
        block = Block(whole=plan.target, row=row, column=column, height=bottom - row, width=right - column)
        tile = TileOf(
            name=place.name,
            store=self.how.stored(table=False),
            cells=keys,
            names=tuple(self.parts[number].names for number in bundle.spans),
            first=tuple(sum(map(self._steps, range(number))) for number in bundle.spans),
        )
        return self._made(bundle, plan, block, tile)

    def _made(self, bundle: Bundle, plan: Plan, block: Block | None, result: RowsOf | TileOf) -> Unit:
        return Unit(
            key=bundle.key,
            plan=plan,
            block=block,
            result=result,
            folder=self.folder,
            errors=self.how.errors,
            cost=self._cost(plan, block),
        )

    def _steps(self, number: int) -> int:
        return len(self.parts[number].names)

    def _cost(self, plan: Plan, block: Block | None) -> Cost:
        grid = Grid.from_geobox(plan.target if block is None else block.geobox)
        before: Groups = () if plan.baseline is None else plan.baseline.groups
        scenes, old = (tuple(s for group in groups for s in group) for groups in (plan.series.groups, before))
        return local_cost(replace(self.task, scenes=scenes, baseline=old, grid=grid))
