"""How a task is done: composed there, or from stored numbers here."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from multisat.contracts import Access
from multisat.engine import assembled, run
from multisat.engine.finishing import finished
from multisat.engine.plan import Plan, plan
from multisat.model import Scene
from multisat.steps import Task
from multisat.zones import zonal_of
from multisat_sentinel_hub.able import pushed_down
from multisat_sentinel_hub.halves import with_halves
from multisat_sentinel_hub.keeping import Kept
from multisat_sentinel_hub.pieces import Piece
from multisat_sentinel_hub.pushed import composite_layers, composite_pieces
from multisat_sentinel_hub.stacked import READER, StackReader, stack_pieces

if TYPE_CHECKING:
    import geopandas
    import xarray


@dataclass(frozen=True, kw_only=True)
class Work(ABC):
    """A task made ready.

    Attributes:
        task: What is computed.
        plan: The same for the engine of this machine.
        groups: The requests of each series, or of each overpass.
    """

    task: Task
    plan: Plan
    groups: tuple[tuple[Piece, ...], ...]

    @property
    def pieces(self) -> list[Piece]:
        """The requests."""
        return [piece for group in self.groups for piece in group]

    @abstractmethod
    def cube(self, folder: Kept) -> xarray.Dataset:
        """Return the pixels; all requests are answered."""

    def finished(self, folder: Kept, **attributes: Any) -> xarray.Dataset | geopandas.GeoDataFrame:  # noqa: ANN401
        """Return the pixels, or the table of features.

        Args:
            folder: Where answers are kept.
            attributes: Of the result.
        """
        cube, zoned = self.cube(folder).assign_attrs(attributes), self.task.steps.zoned
        if zoned is None:
            return cube
        bare = cube.drop_vars("count", errors="ignore")
        table = zonal_of(bare, self.task.features, self.task.grid, zoned.statistics)
        table.attrs.update(attributes)
        return table


class Composed(Work):
    """Composed by scripts; filled, compared and clipped here."""

    @classmethod
    def of(cls, task: Task, plan: Plan, *, together: bool = False) -> Composed:
        """Make it ready: a request for each part and run of periods, or for each part if ``together``."""
        groups = tuple(tuple(composite_pieces(plan, one, together=together)) for one in plan.both)
        return cls(task=task, plan=plan, groups=groups)

    def cube(self, folder: Kept) -> xarray.Dataset:
        """Return the pixels."""
        layers = [
            composite_layers(self.plan, series, pieces, folder)
            for series, pieces in zip(self.plan.both, self.groups, strict=True)
        ]
        return assembled(self.task, finished(self.plan, self.plan.whole, *layers), reader=READER)


class Stacked(Work):
    """Fetched overpass by overpass, and computed here."""

    @classmethod
    def of(cls, task: Task, plan: Plan) -> Stacked:
        """Make it ready: a request for each overpass and part."""
        groups = tuple(tuple(stack_pieces(plan, group)) for group in _overpasses(plan))
        return cls(task=task, plan=plan, groups=groups)

    def cube(self, folder: Kept) -> xarray.Dataset:
        """Return the pixels."""
        reader = StackReader.of(self.plan, _overpasses(self.plan), self.groups, folder)
        return run(
            self.task,
            access=lambda _, asset: Access(href=asset.href),
            reader=lambda: reader,
            errors="raise",
            max_memory=float("inf"),
        )


def _overpasses(plan: Plan) -> list[tuple[Scene, ...]]:
    return [group for series in plan.both for group in series.groups]


def prepared(task: Task) -> Work:
    """Return how a task is done; nothing is asked.

    Raises:
        UsageError: There is nothing to compute.
        NothingFound: No scene is left to read.
    """
    whole = with_halves(task)
    made = plan(whole, retry=False)
    return Composed.of(whole, made) if pushed_down(task.steps) else Stacked.of(whole, made)


def together(task: Task) -> Composed | None:
    """Return how a task is done by one script, or None if it takes several; errors as for ``prepared``."""
    whole = with_halves(task)
    made = plan(whole, retry=False)
    if not pushed_down(task.steps) or made.baseline is not None:
        return None
    return Composed.of(whole, made, together=True)
