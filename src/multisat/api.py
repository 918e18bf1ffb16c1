"""The public calls: thin words over federate and load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from multisat.contracts import Provider
from multisat.errors import NothingFound, UsageError
from multisat.federate import SearchResult, fan_out
from multisat.federate.choosing import chosen
from multisat.model import AOI, AOIs, Request, Scene
from multisat.model.request import Sort
from multisat.plugins import registry
from multisat.vocab.collections import COLLECTIONS

if TYPE_CHECKING:
    import geopandas
    import xarray

    from multisat.downloads import Downloads, Progress
    from multisat.recipe import Recipe, Submitted
    from multisat.screening import Screening


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
    return fan_out(request, chosen(providers), deadline=deadline)


def provider(name: str) -> Provider:
    """Return a provider by name.

    Args:
        name: Provider name, such as ``"earth-search"``.

    Raises:
        UsageError: No installed plugin has that name.
        PluginError: The plugin does not load.
    """
    return registry().provider(name)


def providers() -> tuple[str, ...]:
    """Return the names of the installed providers."""
    return tuple(registry().names())


def open_results(path: str | Path) -> SearchResult:
    """Read search results from a file, or from standard input with ``-``.

    Args:
        path: File written by ``SearchResult.save``; ``-`` is standard input.

    Raises:
        UsageError: There is no such file, or it is no list of scenes.
    """
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
        what = fan_out(what, chosen(None))
    scenes = _scenes(what, "load")
    area = None if aoi is None else AOI.of(aoi)
    if area is None and isinstance(what, SearchResult) and what.request is not None:
        area = what.request.aoi
    return load_scenes(scenes, bands, aoi=area, **options)


def job(job_id: str) -> Submitted:
    """Return a batch job of a service that was submitted on this machine, by its id; nothing is asked yet.

    Args:
        job_id: The service's own id, as ``submit`` gave it.

    Raises:
        UsageError: No such job is remembered here.
    """
    from multisat.recipe.submitted import submitted

    return submitted(job_id)


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

    The STAC item of each scene is kept beside its files as ``item.json``.

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
    from multisat.federate.remote import with_files

    return download_scenes(
        with_files(_scenes(what, "download")),
        folder,
        bands,
        access=open_asset,
        workers=workers,
        progress=progress,
        overwrite=overwrite,
    )


def screen(
    aoi: object,
    time: object = None,
    *,
    scenes: SearchResult | Sequence[Scene] | None = None,
    collections: str | Sequence[str] | None = None,
    providers: str | Sequence[str] | None = None,
    max_cloud: float | None = None,
    min_covered: float | None = None,
    max_scene_cloud: float | None = None,
    deadline: float | None = 30.0,
    **options: Any,  # noqa: ANN401 - those of multisat.screening.screen
) -> Screening:
    """Tell the cloud over each polygon on each overpass, from quality layers alone; no band is read.

    Args:
        aoi: What ``search`` takes; every polygon of a file is an area of its own.
        time: Time range, UTC, half open; see ``search``.
        scenes: Scenes that are found already; then nothing is searched.
        collections: Canonical or native names; None is every one with dates and a quality layer.
        providers: Provider names, best first; None is all that are installed and configured.
        max_cloud: Highest cloud over the *polygon* in percent of it, inclusive.
        min_covered: Least share of the polygon with data, in percent, inclusive.
        max_scene_cloud: Highest cloud cover of the *whole scene* as archives tell it, in percent, inclusive;
            what is above is not read at all. Unknown is kept.
        deadline: Seconds for all archives together; None waits for ever.
        options: Those of ``multisat.screening.screen``: mask, exact, tolerance, errors, progress.

    Returns:
        A row per area and overpass, by area, then time.

    Raises:
        NothingFound: There is no scene over an area.
        UsageError: The question cannot be understood, or an area is no polygon.
    """
    from multisat.federate.loading import open_asset
    from multisat.federate.remote import with_files
    from multisat.screening import polygons
    from multisat.screening import screen as screen_scenes

    areas = polygons(AOIs.of(aoi))
    limits = {"max_cloud": max_cloud, "min_covered": min_covered, "max_scene_cloud": max_scene_cloud}
    if scenes is None:
        names = collections_with_quality() if collections is None else collections
        scenes = search(
            areas,
            time,
            collections=names,
            providers=providers,
            max_cloud=max_scene_cloud,
            deadline=deadline,
        )
    outcomes = scenes.outcomes if isinstance(scenes, SearchResult) else ()
    files = with_files(_scenes(scenes, "screen"))
    found = screen_scenes(files, areas, access=open_asset, outcomes=outcomes, **options)
    return found.filter(**limits)


def zonal(
    features: object,
    time: object,
    recipe: Recipe,
    *,
    id: str | None = None,  # noqa: A002 - the word users have for it
    stats: str | Sequence[str] = ("mean", "count", "valid"),
    only: Sequence[str] | None = None,
    start: int | None = None,
    out: str | Path | None = None,
    **options: Any,  # noqa: ANN401 - those of Recipe.run
) -> geopandas.GeoDataFrame:
    """Return a row per feature and period, pixels weighted by their exact share inside the feature.

    Args:
        features: Polygons or points; what ``AOIs.of`` takes, such as a GeoPackage.
        time: Time range, UTC; see ``search``.
        recipe: What to compute of pixels; without ``composite`` there is a row per overpass.
        id: Attribute that names the features.
        stats: ``mean``, ``median``, ``min``, ``max``, ``std``, ``sum``, ``count`` (pixels), ``valid``
            (share of the feature with a value), or quantiles such as ``q10``.
        only: Names of the features to take.
        start: Number of the feature to begin with, counted from 1.
        out: ``.csv``, ``.parquet`` or ``.gpkg`` file to write, too.
        options: Those of ``Recipe.run``: collection, on, max_cloud, resolution, crs, cap, progress.

    Returns:
        Columns: id, attributes, ``start`` and ``end`` (UTC, half open), and ``VARIABLE_STATISTIC``.

    Raises:
        UsageError: The recipe or a statistic cannot be understood.
        NothingFound: No scene matches.
    """
    from multisat.zones import check_table, pick, write_table

    path = None if out is None else check_table(out)
    names = (stats,) if isinstance(stats, str) else tuple(stats)
    areas = pick(AOIs.of(features, id=id), only=only, start=start)
    table: geopandas.GeoDataFrame = recipe.zonal(*names).run(areas, time, **options)
    if path is not None:
        write_table(table, path)
    return table


def change(
    aoi: object,
    event: object,
    *,
    days: int = 30,
    bands: str | Sequence[str] = ("vv", "vh"),
    collection: str = "sentinel-1-rtc",
    on: str | Sequence[str] | None = None,
    orbit: int | None = None,
    deadline: float | None = 60.0,
    **options: Any,  # noqa: ANN401 - those of multisat.changes.change
) -> xarray.Dataset:
    """Compare radar power before and after an event, seen from one relative orbit.

    Args:
        aoi: What ``search`` takes.
        event: The day of the event, or a time range for a longer one, UTC. Looks within it count on
            neither side.
        days: Days on each side.
        bands: Radar bands.
        collection: Terrain-corrected radar.
        on: Archives, best first; None is all that are usable.
        orbit: Relative orbit; None takes the one with most looks on both sides. Orbits are never mixed.
        deadline: Seconds for all archives together.
        options: Those of ``multisat.changes.change``: resolution, crs, grid, clip, errors, progress.

    Returns:
        Variables (y, x): ``vv_before``, ``vv_after`` (mean linear power), ``vv_change`` (dB), and so on,
        ``count_before`` and ``count_after``.

    Raises:
        NothingFound: No orbit has a look on both sides.
        UsageError: The question cannot be understood.
    """
    from multisat.changes import change as compare
    from multisat.federate.loading import open_asset
    from multisat.recipe.events import looks

    area = AOIs.of(aoi).union()
    found = looks(area, event, days=days, collection=collection, on=on, orbit=orbit, deadline=deadline)
    names = (bands,) if isinstance(bands, str) else tuple(bands)
    return compare(area, (found.before, found.after), names, access=open_asset, **options)


def collections_with_quality() -> list[str]:
    """Return the collections with dates whose files tell clouds."""
    return [c.name for c in COLLECTIONS.values() if c.quality is not None and not c.static]


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
