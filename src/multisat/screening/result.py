"""What overpasses show of areas, as one value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multisat.cube.opening import AccessTo
from multisat.drawing import counted
from multisat.errors import UsageError
from multisat.model import AOIs, Outcome, Scene
from multisat.screening import limits
from multisat.screening.screened import Screened

if TYPE_CHECKING:
    import pandas as pd

    from multisat.screening.fetched import Fetched


@dataclass(frozen=True, kw_only=True)
class Screening(Sequence[Screened]):
    """A row per area and overpass, by area, then time.

    Attributes:
        rows: What was read.
        failed: Overpasses of which nothing could be read; their ``error`` says why.
        areas: The polygons, each with a name.
        mask: Class words that are not clear.
        outcomes: What the archives answered.
        access: Tells how to open an asset of a provider now, for ``fetch``.
    """

    rows: tuple[Screened, ...]
    failed: tuple[Screened, ...] = ()
    areas: AOIs
    mask: tuple[str, ...]
    outcomes: tuple[Outcome, ...] = ()
    access: AccessTo = field(repr=False, compare=False)

    @classmethod
    def of(cls, rows: Iterable[Screened], *, areas: AOIs, **rest: Any) -> Screening:  # noqa: ANN401 - fields
        """Make a screening of rows in any order.

        Args:
            rows: What was read, and what could not be.
            areas: The polygons, each with a name.
            rest: The other attributes.
        """
        place = {area.name: number for number, area in enumerate(areas)}
        ordered = sorted(rows, key=lambda row: (place[row.aoi], row.time, row.items))
        return cls(
            rows=tuple(row for row in ordered if row.read),
            failed=tuple(row for row in ordered if not row.read),
            areas=areas,
            **rest,
        )

    @property
    def complete(self) -> bool:
        """Whether every quality layer of every overpass was read."""
        return not self.failed and all(row.error is None for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Screened]:
        return iter(self.rows)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - an index or a slice
        """Return a row by position, or a screening with a slice of the rows."""
        if isinstance(index, slice):
            return replace(self, rows=self.rows[index])
        return self.rows[index]

    def __repr__(self) -> str:
        return f"<Screening {self.summary()}>"

    def _repr_html_(self) -> str:
        from multisat.screening.showing import screening_html

        return screening_html(self)

    def summary(self) -> str:
        """Return what it comes to, in one line."""
        failed = f", {len(self.failed)} not read" if self.failed else ""
        return f"{counted(len(self), 'look')} at {counted(len(self.areas), 'area')}{failed}"

    def filter(self, **shares: float | None) -> Screening:
        """Return the rows that keep limits, in percent of the area and inclusive.

        ``max_cloud=5`` is the cloud over the area; ``max_scene_cloud`` is what archives tell for whole
        scenes. A share that is unknown, because the layer cannot tell the word, keeps any limit.

        Args:
            shares: ``max_`` or ``min_`` before the name of a share, with a percentage: ``max_cloud``,
                ``min_clear``, ``min_covered`` and so on; None is no limit.

        Raises:
            UsageError: There is no such share, or a limit is no percentage.
        """
        found = limits.check_limits(shares)
        return replace(self, rows=tuple(row for row in self.rows if limits.passes(row, found)))

    def best(self, count: int = 1) -> Screening:
        """Return the best rows of each area, best first: most clear, then most covered, then earliest.

        Args:
            count: How many of each area, at least 1.

        Raises:
            UsageError: ``count`` is below 1.
        """
        if count < 1:
            raise UsageError(f"the best {count} are none", hint="ask for 1 or more")
        return replace(self, rows=tuple(limits.best(self.rows, count)))

    def scenes_for(self, aoi: str) -> tuple[Scene, ...]:
        """Return the scenes of an area's rows, oldest first, to load or download.

        Args:
            aoi: Name of the area.

        Raises:
            AOIError: No area has that name.
        """
        name = self.areas.only([str(aoi)])[0].name
        scenes = {s.uid: s for row in self.rows if row.aoi == name for s in row.scenes}
        return tuple(sorted(scenes.values(), key=lambda s: (s.datetime, s.uid)))

    def to_dataframe(self) -> pd.DataFrame:
        """Return a row per area and overpass, those that failed included; shares are in percent."""
        from multisat.screening.table import dataframe

        return dataframe(self)

    def save(self, path: str | Path) -> Path:
        """Write the table as CSV, under a temporary name that is renamed.

        Args:
            path: A ``.csv`` file; what is there is replaced.

        Raises:
            UsageError: The path does not end in ``.csv``, or is an address.
        """
        from multisat.screening.table import save

        return save(self, path)

    def plot(self, ax: Any = None) -> Any:  # noqa: ANN401 - matplotlib is optional
        """Draw the cloud over each area against that of whole scenes; return the matplotlib axes.

        Args:
            ax: Matplotlib axes to draw on; None makes new ones.

        Raises:
            UsageError: matplotlib is not installed.
        """
        from multisat.screening.plotting import plot

        return plot(self, ax)

    def fetch(self, bands: str | Sequence[str], folder: str | Path, **options: Any) -> list[Fetched]:  # noqa: ANN401
        """Write every row as a GeoTIFF clipped to its polygon; see ``multisat.screening.fetching.fetch``.

        Args:
            bands: Canonical band names.
            folder: Where ``AOI_DATE_ITEM.tif`` go; a file that is there is not read again.
            options: ``mask``, ``dtype``, ``all_touched``, ``workers``, ``progress``, and those of ``load``.
        """
        from multisat.screening.fetching import fetch

        return fetch(self, bands, folder, **options)
