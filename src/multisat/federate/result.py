"""The merged answer of all archives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from multisat.federate import saving
from multisat.federate.merge import merge
from multisat.model import Outcome, Request, Scene, Status
from multisat.vocab.collections import expand

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas
    import xarray


@dataclass(frozen=True, kw_only=True)
class SearchResult(Sequence[Scene]):
    """Scenes of all archives, merged, and what each archive answered.

    Attributes:
        request: The question, or None for scenes read from a bare list of items.
        scenes: Merged scenes in the order asked for; copies are ``scene.alternates``.
        outcomes: One per provider.
        cut: Whether the request's limit left scenes out.
    """

    request: Request | None
    scenes: tuple[Scene, ...]
    outcomes: tuple[Outcome, ...]
    cut: bool = False

    @classmethod
    def of(cls, request: Request, scenes: tuple[Scene, ...], outcomes: tuple[Outcome, ...]) -> SearchResult:
        """Make a result: sorted and limited as the request says.

        Args:
            request: The question.
            scenes: Merged scenes in any order.
            outcomes: One per provider.
        """
        ordered = tuple(
            sorted(scenes, key=lambda s: _sort_key(s, request.sort), reverse=request.sort[0] == "-")
        )
        kept = ordered[: request.limit]
        return cls(request=request, scenes=kept, outcomes=outcomes, cut=len(kept) < len(ordered))

    @property
    def complete(self) -> bool:
        """Whether every archive that was asked gave its whole list, and nothing was cut."""
        asked = [o for o in self.outcomes if o.status is not Status.SKIPPED]
        return not self.cut and bool(asked) and all(o.complete for o in asked)

    def __len__(self) -> int:
        return len(self.scenes)

    def __iter__(self) -> Iterator[Scene]:
        return iter(self.scenes)

    def __getitem__(self, index: Any) -> Any:  # noqa: ANN401 - an index or a slice
        """Return a scene by position, or a result with a slice of the scenes."""
        if isinstance(index, slice):
            return replace(self, scenes=self.scenes[index])
        return self.scenes[index]

    def __repr__(self) -> str:
        told = ", ".join(f"{o.provider} {o.status.value} {o.scenes}" for o in self.outcomes)
        whole = "complete" if self.complete else "INCOMPLETE"
        return f"<SearchResult {len(self)} scenes, {whole}: {told}>"

    def _repr_html_(self) -> str:
        from multisat.federate.showing import result_html

        return result_html(self)

    def of_provider(self, *names: str) -> SearchResult:
        """Return the scenes as these providers serve them, alternates brought forward.

        Args:
            names: Provider names, best first.
        """
        copies = (copy for scene in self.scenes for copy in scene.copies if copy.provider in names)
        return replace(self, scenes=merge(copies, names))

    def of_collection(self, *names: str) -> SearchResult:
        """Return the scenes of these collections, canonical, native or families such as ``"hls"``.

        Args:
            names: Canonical or native names, or families.
        """
        wanted = set(expand(names))
        return replace(self, scenes=tuple(s for s in self.scenes if wanted & {s.collection, s.native_id}))

    def resume(self, *, deadline: float | None = 30.0) -> SearchResult:
        """Ask the archives whose list is incomplete to go on where they stopped.

        Args:
            deadline: Seconds for all archives together; None waits for ever.

        Raises:
            UsageError: There is nothing to go on with.
        """
        from multisat.federate.resuming import resume

        return resume(self, deadline=deadline)

    def load(self, bands: str | Sequence[str], **options: Any) -> xarray.Dataset:  # noqa: ANN401
        """Read bands over the request's area.

        Args:
            bands: Canonical band names.
            options: Those of ``multisat.load``.

        Returns:
            Variables (time, y, x) in physical units; see ``multisat.load``, also for the errors.
        """
        from multisat.federate.loading import load_scenes

        area = {"aoi": self.request.aoi} if self.request else {}
        return load_scenes(self.scenes, bands, **{**area, **options})

    def save(self, path: str | Path) -> Path:
        """Write a GeoJSON ItemCollection any STAC tool reads; hrefs are unsigned.

        The file is written under a temporary name and renamed.

        Args:
            path: File to write; what is there is replaced.
        """
        return saving.write(self.to_dict(), path)

    @classmethod
    def open(cls, path: str | Path) -> SearchResult:
        """Read a file written by ``save``, or a stream of items.

        Args:
            path: The file; ``-`` is standard input.

        Raises:
            UsageError: There is no such file, or it is no list of scenes.
        """
        request, scenes, outcomes, cut = saving.read(path)
        return cls(request=request, scenes=scenes, outcomes=outcomes, cut=cut)

    def to_dict(self) -> dict[str, Any]:
        """Return the GeoJSON ItemCollection that ``save`` writes."""
        return {
            "type": "FeatureCollection",
            "features": [scene.to_item() for scene in self.scenes],
            "multisat:request": self.request.to_dict() if self.request else None,
            "multisat:outcomes": [o.to_dict() for o in self.outcomes],
            "multisat:complete": self.complete,
            "multisat:cut": self.cut,
        }

    def to_geodataframe(self) -> geopandas.GeoDataFrame:
        """Return one row per scene, with footprints in EPSG:4326 (longitude first)."""
        from multisat.federate.tables import geodataframe

        return geodataframe(self.scenes)

    def plot(self, ax: Any = None) -> Any:  # noqa: ANN401 - matplotlib is optional
        """Draw the footprints over the area and return the matplotlib axes.

        Args:
            ax: Matplotlib axes to draw on; None makes new ones.
        """
        from multisat.federate.tables import plot_footprints

        return plot_footprints(self.scenes, self.request.aoi if self.request else None, ax)


def _sort_key(scene: Scene, sort: str) -> tuple[Any, ...]:
    if sort.endswith("cloud_cover"):
        unknown = 101.0 if sort[0] != "-" else -1.0
        return (unknown if scene.cloud_cover is None else scene.cloud_cover, scene.datetime, scene.uid)
    return (scene.datetime, scene.uid)
