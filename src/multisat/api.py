"""The public calls: thin words over federate and load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multisat.config import default_providers
from multisat.contracts import Provider
from multisat.errors import NothingFound, UsageError
from multisat.federate import SearchResult, fan_out
from multisat.model import AOI, AOIs, Request, Scene
from multisat.model.request import Sort
from multisat.plugins import registry

if TYPE_CHECKING:
    import xarray

    from multisat.downloads import Downloads, Progress


def search(
    aoi: object,
    time: object = None,
    *,
    collections: str | Sequence[str] | None = None,
    providers: str | Sequence[str] | None = None,
    max_cloud: float | None = None,
    filters: Mapping[str, Any] | Sequence[str] | None = None,
    limit: int | None = None,
    sort: Sort = "datetime",
    deadline: float | None = 30.0,
) -> SearchResult:
    """Ask several archives at once for scenes over a place and a time.

    Args:
        aoi: A bbox (west, south, east, north in degrees), shapely geometry, GeoJSON, WKT,
            GeoDataFrame, file, or several of them as ``AOIs`` (asked for together).
        time: ``"2023"``, ``"2023-05"``, ``"2023-05/2023-09"`` (through the end of September),
            dates, or None for any time. UTC, half open.
        collections: Canonical or native names; None is every canonical one that has dates.
        providers: Provider names, best first; None is all that are installed and configured.
        max_cloud: Highest cloud cover of the whole scene in percent, inclusive; unknown is kept.
        filters: Further conditions, such as ``{"platform": "landsat-9"}``.
        limit: Most scenes to give.
        sort: ``"datetime"``, ``"cloud_cover"``, or either with a minus.
        deadline: Seconds for all archives together; None waits for ever.

    Returns:
        Merged scenes, and for each archive what it answered.

    Raises:
        UsageError: The question cannot be understood.
    """
    areas = AOIs.of(aoi)
    names = [collections] if isinstance(collections, str) else collections
    request = Request.of(
        areas[0] if len(areas) == 1 else areas.union(),
        time,
        collections=None if names is None else tuple(names),
        max_cloud=max_cloud,
        filters=filters,
        limit=limit,
        sort=sort,
    )
    return fan_out(request, _chosen(providers), deadline=deadline)


def _chosen(providers: str | Sequence[str] | None) -> list[Provider]:
    known = registry()
    if providers is not None:
        wanted = [providers] if isinstance(providers, str) else list(providers)
        return [known.provider(name) for name in wanted]
    return [known.provider(name) for name in default_providers() or known.names()]


def provider(name: str) -> Provider:
    """Return a provider by name.

    Raises:
        UsageError: No installed plugin has that name.
        PluginError: The plugin does not load.
    """
    return registry().provider(name)


def providers() -> tuple[str, ...]:
    """Return the names of the installed providers."""
    return tuple(registry().names())


def open_results(path: str | Path) -> SearchResult:
    """Read search results from a file, or from standard input with ``-``."""
    return SearchResult.open(path)


def load(
    what: SearchResult | Scene | Sequence[Scene] | Request,
    bands: str | Sequence[str],
    *,
    aoi: object = None,
    **options: Any,  # noqa: ANN401 - those of multisat.cube.load
) -> xarray.Dataset:
    """Read bands over an area as one dataset.

    Args:
        what: A search result, a scene, scenes, or a request, which is searched first.
        bands: Canonical band names.
        aoi: Where; None is the area of the search, or whole scenes.
        options: Those of ``multisat.cube.load``: mask, dilate, opening, resolution, crs, grid, like,
            resampling, groupby, chunks, raw, errors, max_memory, progress.

    Returns:
        Variables (time, y, x) in physical units, float32, NaN where there is no data.

    Raises:
        NothingFound: There is no scene to load.
        UsageError: A band, mask or option is unknown.
        AssetUnreadable: No file could be read.
    """
    from multisat.federate.loading import load_scenes

    if isinstance(what, Request):
        what = fan_out(what, _chosen(None))
    scenes = _scenes(what, "load")
    area = None if aoi is None else AOI.of(aoi)
    if area is None and isinstance(what, SearchResult) and what.request is not None:
        area = what.request.aoi
    return load_scenes(scenes, bands, aoi=area, **options)


def download(
    what: SearchResult | Scene | Sequence[Scene],
    folder: str | Path,
    bands: str | Sequence[str] | None = None,
    *,
    workers: int = 4,
    progress: Callable[[Progress], None] | None = None,
    overwrite: bool = False,
) -> Downloads:
    """Download whole files into ``folder/SCENE/FILE``; what is there already is not downloaded again.

    Args:
        what: A search result, a scene, or scenes.
        folder: Where the files go; made if need be.
        bands: Canonical band names, quality layers included; None is every file that has one.
        workers: Files at a time.
        progress: Called some times a second with how far it is, in files, scenes and bytes.
        overwrite: Download files anew that are there already.

    Returns:
        What became of each file. A file that fails does not stop the others, and the same call
        again goes on where it ended.

    Raises:
        NothingFound: There is no scene, or none has any of the bands.
        UsageError: A band, the folder or the number of workers is out of the question.
    """
    from multisat.downloads import download_scenes
    from multisat.federate.loading import open_asset

    return download_scenes(
        _scenes(what, "download"),
        folder,
        bands,
        access=open_asset,
        workers=workers,
        progress=progress,
        overwrite=overwrite,
    )


def _scenes(what: object, verb: str) -> Sequence[Scene]:
    scenes = [what] if isinstance(what, Scene) else what
    if not isinstance(scenes, Sequence) or isinstance(scenes, str):
        raise UsageError(
            f"cannot {verb} {type(what).__name__}", hint="give a search result, a scene or scenes"
        )
    if not scenes:
        raise NothingFound(
            f"there is no scene to {verb}", hint="widen the time range, the area or the cloud limit"
        )
    return scenes
