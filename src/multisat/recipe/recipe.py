"""A recipe: steps that know how to be planned and run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from multisat.errors import UsageError
from multisat.recipe.binding import bind
from multisat.steps import Steps

if TYPE_CHECKING:
    import geopandas
    import pandas as pd
    import xarray

    from multisat.recipe.plan import Plan


@dataclass(frozen=True, kw_only=True)
class Recipe(Steps):
    """What to compute, once: the same numbers wherever it runs.

    Example: ``Recipe().mask("clear").index("NDVI").composite("month", "median")``. Immutable: each word
    gives a new recipe. ``save`` and ``open`` keep it as JSON.
    """

    def plan(
        self,
        aoi: object,
        time: object,
        *,
        collection: str | Sequence[str] | None = None,
        on: str | Sequence[str] | None = None,
        max_cloud: float | None = None,
        filters: Any = None,  # noqa: ANN401 - what parse_filters takes
        resolution: float | None = None,
        crs: str | None = None,
        grid: Any = None,  # noqa: ANN401 - any object with a grid
        deadline: float | None = 60.0,
    ) -> Plan:
        """Search, choose the grid, and return what would be done; no pixel is read.

        Args:
            aoi: What ``ms.search`` takes; several features for ``zonal``.
            time: Time range, UTC, half open; see ``TimeRange.of``.
            collection: Canonical collections; None is ``sentinel-2-l2a`` for optical bands,
                ``sentinel-1-rtc`` for radar, ``landsat-c2-l2`` for thermal ones.
            on: Archives, best first; None is all that are usable.
            max_cloud: Highest cloud cover of whole scenes in percent, inclusive; unknown is kept.
            filters: Further conditions on scenes.
            resolution: Pixel size in units of the CRS; None is the finest native one.
            crs: CRS; None is the native one of the scenes that cover the area best.
            grid: A grid to use as it is: GeoBox, Grid, or a georeferenced xarray object.
            deadline: Seconds for all archives together.

        Raises:
            UsageError: The recipe, the area or the time cannot be understood.
            NothingFound: No scene matches.
            ProviderError: No archive answered.
        """
        return bind(
            self,
            aoi,
            time,
            collection=collection,
            on=on,
            max_cloud=max_cloud,
            filters=filters,
            resolution=resolution,
            crs=crs,
            grid=grid,
            deadline=deadline,
        )

    def run(
        self,
        aoi: object,
        time: object,
        *,
        cap: str | None = None,
        chunks: Mapping[str, int] | None = None,
        errors: Literal["skip", "raise"] = "skip",
        max_memory: float = 4.0,
        progress: Callable[[int, int], None] | None = None,
        **options: Any,  # noqa: ANN401 - those of plan
    ) -> xarray.Dataset | geopandas.GeoDataFrame:
        """Plan and run.

        Args:
            aoi: What ``ms.search`` takes; several features for ``zonal``.
            time: Time range, UTC, half open; see ``TimeRange.of``.
            cap: The most it may cost, such as ``"2GB"``; it is held before anything is read.
            chunks: Sizes along y and x for a lazy dataset of Dask arrays; None computes now.
            errors: ``"skip"`` leaves out scenes that cannot be read, warns and lists them.
            max_memory: GiB the result may take.
            progress: Called with scenes read and scenes in all; each counts once in every block.
            options: Those of ``plan``: collection, on, max_cloud, filters, resolution, crs, grid, deadline.

        Returns:
            A dataset (time, y, x); with ``zonal`` a table with a row per feature and period.

        Raises:
            UsageError: It cannot be understood, or would cost more than the cap or take more memory.
            NothingFound: No scene matches.
            AssetUnreadable: No scene could be read, or one with ``errors="raise"``.
        """
        plan = self.plan(aoi, time, **options)
        return plan.run(cap=cap, chunks=chunks, errors=errors, max_memory=max_memory, progress=progress)

    def compare(
        self,
        aoi: object,
        time: object,
        *,
        on: Sequence[str],
        cap: str | None = None,
        **options: Any,  # noqa: ANN401 - those of plan
    ) -> pd.DataFrame:
        """Run it at several places on one grid, and return how far their numbers are apart.

        Args:
            aoi: What ``ms.search`` takes; see ``plan``.
            time: Time range, UTC, half open; see ``plan``.
            on: Provider names; the others are compared with the first, whose grid is used.
            cap: The most it may cost at each place.
            options: Those of ``plan``.

        Returns:
            A row per variable and place: how many values both have, how many differ, the largest difference
            in the variable's unit and relative to the larger of 1 and the number, and how many values only
            one of them has.

        Raises:
            UsageError: There is one place only, or they give other times.
            UnsupportedOperation: The recipe cannot run at one of them.
        """
        from multisat.recipe.comparing import differences

        if isinstance(on, str) or len(on) < 2:  # noqa: PLR2004 - two to compare
            raise UsageError("one place is compared with nothing", hint='on=["earth-search", "openeo"]')
        results: dict[str, Any] = {}
        for place in on:
            plan = self.plan(aoi, time, on=place, **options)
            options["grid"] = plan.task.grid
            results[place] = plan.run(cap=cap)
        return differences(results)
