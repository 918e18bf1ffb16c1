"""From a recipe, a place and a time to a plan: archives are searched and a grid is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from multisat.contracts import Provider
from multisat.cube.gridding import grid_of
from multisat.cube.selecting import worth_reading
from multisat.cube.warnings import tell
from multisat.errors import CredentialsError, NothingFound, UsageError
from multisat.federate import SearchResult, fan_out
from multisat.federate.choosing import chosen
from multisat.federate.loading import open_asset
from multisat.model import AOIs, Request, Scene, Status, TimeRange
from multisat.recipe.plan import Plan
from multisat.steps import Steps, Task
from multisat.vocab.bands import band

_USUAL = {"optical": "sentinel-2-l2a", "sar": "sentinel-1-rtc", "thermal": "landsat-c2-l2"}
"""What is read if no collection is named, by the kind of the first band: the finest free one."""


def bind(
    steps: Steps,
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
    """Return a plan; see ``Recipe.plan``."""
    areas = AOIs.of(aoi)
    names = (collection,) if isinstance(collection, str) else tuple(collection or usual(steps.check()))
    request = Request.of(
        areas[0] if len(areas) == 1 else areas.union(),
        time,
        collections=names,
        max_cloud=max_cloud,
        filters=filters,
    )
    if request.time is None:
        raise UsageError("a recipe needs a time range", hint='such as "2023" or "2023-05/2023-09"')
    engine, archives = place(on)
    found = searched(request, archives, deadline)
    scenes = _worth(steps, found)
    before = _baseline(steps, request, archives, deadline)
    pixels = grid_of(
        scenes,
        steps.needs,
        access=open_asset,
        aoi=request.aoi,
        resolution=resolution,
        crs=crs,
        like=grid,
    )
    task = Task(steps=steps, request=request, scenes=scenes, grid=pixels, baseline=before, areas=areas)
    return Plan(task=task, outcomes=found.outcomes, engine=engine)


def place(on: str | Sequence[str] | None) -> tuple[str | None, list[Provider]]:
    """Return the service that computes, or None for this machine, and the archives to search.

    Archives whose files cannot be read here compute themselves; they are taken only if they are named.

    Raises:
        UsageError: A provider is unknown, or a service that computes is named among archives.
    """
    providers = chosen(on)
    engines = [one for one in providers if not one.capabilities.assets and one.capabilities.recipes]
    if not on:
        return None, [one for one in providers if one not in engines]
    if engines and len(providers) > 1:
        raise UsageError(
            f"a recipe runs in one place, and {engines[0].name} is one of its own",
            hint=f'name it alone, on="{engines[0].name}", or leave it out',
        )
    return (engines[0].name if engines else None), providers


def usual(steps: Steps) -> tuple[str, ...]:
    """Return the collection that is read if none is named.

    Raises:
        UsageError: The bands are of no sensor that is usual for them.
    """
    kind = band(steps.needs[0]).kind
    if kind not in _USUAL:
        raise UsageError(f"no collection is usual for {steps.needs[0]}", hint="name one: collection=")
    return (_USUAL[kind],)


def searched(request: Request, on: Sequence[Provider], deadline: float | None) -> SearchResult:
    """Search; what is missing from the answer is told, or raised if there is no scene at all.

    Raises:
        NothingFound: No scene matches.
        ProviderError: There is none, and an archive failed.
    """
    found = fan_out(request, on, deadline=deadline)
    asked = [one for one in found.outcomes if one.status is not Status.SKIPPED]
    lacking = [one for one in asked if not one.complete]
    if not found.scenes:
        errors = [one.error for one in lacking if one.error is not None]
        errors += [one.error for one in found.outcomes if isinstance(one.error, CredentialsError)]
        raise errors[0] if errors else _nothing(request, found, holders=len(asked))
    for one in lacking:
        tell(f"{one.provider} did not give its whole list: {one.error or one.status.value}")
    return found


def _nothing(request: Request, found: SearchResult, *, holders: int) -> NothingFound:
    names = ", ".join(request.collections or ())
    if not holders:
        told = ", ".join(one.provider for one in found.outcomes)
        return NothingFound(f"{told}: no {names} there", hint="name another archive or another collection")
    return NothingFound(
        f"no scene of {names} in {request.time}",
        hint="widen the time range or the cloud limit, or name another collection",
    )


def _baseline(
    steps: Steps, request: Request, on: Sequence[Provider], deadline: float | None
) -> tuple[Scene, ...]:
    if steps.compared is None:
        return ()
    span: TimeRange = steps.compared.baseline
    return _worth(steps, searched(replace(request, time=span), on, deadline))


def _worth(steps: Steps, found: SearchResult) -> tuple[Scene, ...]:
    """Return the scenes that have a band, so that a plan counts what will be read."""
    aoi = found.request.aoi if found.request is not None else None
    return tuple(worth_reading(found.scenes, aoi, steps.needs))
