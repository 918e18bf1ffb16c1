"""A user's own evalscript, run as recipes are; and tried out on this machine first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from multisat.auth import Credential, Secret
from multisat.auth.hosts import origin
from multisat.auth.oauth import OAuthLogin
from multisat.contracts import Access, Asset, Deadline
from multisat.cube.assemble import on_grid, place_coords
from multisat.cube.block import Block
from multisat.cube.gridding import grid_of
from multisat.errors import NothingFound, PluginError, UsageError
from multisat.model import Grid, Request, TimeRange
from multisat_sentinel_hub.answers import Arrays, outputs_of
from multisat_sentinel_hub.asynchronous import MOST_PIXELS as LARGEST_SIDE
from multisat_sentinel_hub.asynchronous import AsyncJob, start
from multisat_sentinel_hub.bodies import PATH, TAR, TIFF, process_body, source
from multisat_sentinel_hub.cost import AT_ONCE, in_words
from multisat_sentinel_hub.delayed import brought
from multisat_sentinel_hub.deployments import NAME, deployment
from multisat_sentinel_hub.holdings import SENTINEL_2
from multisat_sentinel_hub.pieces import MOST_PIXELS
from multisat_sentinel_hub.provider import SentinelHub
from multisat_sentinel_hub.search import CatalogueSearch
from multisat_sentinel_hub.service import Service

_WHERE, _WHEN = "munich", "2023-05/2023-07-14"
"""Where and when the synthetic archive has seven scenes, clear and cloudy ones."""


@dataclass(frozen=True, kw_only=True)
class Script:
    """An evalscript, and how the service is to run it.

    Attributes:
        text: Version 3 of the language.
        outputs: Identifiers of the outputs that are wanted.
        collection: The service's own id of what is read, also ``"byoc-ID"``.
        order: Which tile comes first: ``"mostRecent"``, ``"leastRecent"`` or ``"leastCC"``; None is as usual.
        harmonise: Whether numbers of newer Sentinel-2 products are made like those of older ones,
            as the service does unless told otherwise.
    """

    text: str
    outputs: tuple[str, ...] = ("default",)
    collection: str = SENTINEL_2.native_id
    order: str | None = None
    harmonise: bool = True

    def __post_init__(self) -> None:
        if not self.text.lstrip().startswith("//VERSION=3"):
            raise UsageError("the evalscript is not of version 3", hint="begin it with //VERSION=3")

    def body(self, part: Block, time: TimeRange) -> dict[str, Any]:
        """Return a request for some pixels; a time range has an end that is not in it.

        Raises:
            UsageError: The time range is open.
        """
        if time.start is None or time.end is None:
            raise UsageError("a script needs a time range with two ends", hint='such as "2023-05"')
        last = time.end - timedelta(seconds=1)
        data = source(self.collection, time.start, last, stored=not self.harmonise)
        if self.order is not None:
            data["dataFilter"]["mosaickingOrder"] = self.order
        return process_body(self.text, part, data, self.outputs)


def run_evalscript(
    text: str,
    aoi: object,
    time: object,
    *,
    outputs: Sequence[str] = ("default",),
    collection: str = SENTINEL_2.native_id,
    order: str | None = None,
    harmonise: bool = True,
    resolution: float | None = None,
    grid: Grid | None = None,
    deadline: float | None = None,
    how: Literal["now", "async"] = "now",
) -> xr.Dataset:
    """Run an evalscript over an area.

    Args:
        text: The script.
        aoi: What ``AOI.of`` takes.
        time: Time range, UTC, with two ends.
        outputs: Identifiers of its outputs.
        collection: See ``Script``.
        order: See ``Script``.
        harmonise: See ``Script``.
        resolution: Metres along a pixel; None is 10.
        grid: Pixels of the result; None are the native ones of Sentinel-2 that cover the area.
        deadline: Seconds for everything, or None.
        how: ``"now"`` asks for parts of 2,500 x 2,500 pixels; ``"async"`` for the whole at once, of up to
            10,000 x 10,000, which comes by way of your bucket, for two thirds of the units but at least 10.

    Returns:
        A variable for each output, of its own type: (y, x), or (NAME_band, y, x) if it has several bands;
        ``spent`` in the attributes.

    Raises:
        UsageError: The script is not of version 3, another collection comes without a grid, or the area is
            too large for ``"async"``.
        UnsupportedOperation: No bucket is set, or the account has no asynchronous requests.
        ProviderTimeout: The deadline passed. The message names an asynchronous request, which goes on:
            ``evalscript_result`` finds it again.
        NothingFound: There is no scene.
        CredentialsError: A login is missing, or was refused.
        ProviderError: The script fails there, or there is no answer.
    """
    script = Script(
        text=text, outputs=tuple(outputs), collection=collection, order=order, harmonise=harmonise
    )
    if grid is None and collection != SENTINEL_2.native_id:
        raise UsageError(f"{collection} has no pixels of its own here", hint="give a grid=")
    limit = Deadline(deadline)
    service = Service(deployment(), deadline=limit)
    if how == "now":
        return _run(script, Request.of(aoi, time), service, grid, resolution)
    job = _later(script, Request.of(aoi, time), service, grid, resolution)
    job.wait(deadline=limit)
    return evalscript_result(job.id)


def evalscript_result(job_id: str) -> xr.Dataset:
    """Return what an asynchronous request has made; see ``run_evalscript``.

    Args:
        job_id: As its message names it, or the service's own id behind ``async-``.

    Raises:
        CredentialsError: A login or the keys of the bucket are missing.
        ProviderRefused: It failed, or has not ended.
    """
    return _cube(*brought(AsyncJob(deployment(), job_id)))


def try_evalscript(
    text: str,
    *,
    outputs: Sequence[str] = ("default",),
    order: str | None = None,
    harmonise: bool = True,
) -> xr.Dataset:
    """Run an evalscript on this machine over synthetic scenes, without a login; see ``run_evalscript``.

    Raises:
        PluginError: There is no JavaScript engine.
        ProviderError: The script fails; the message is the engine's.
    """
    try:
        import py_mini_racer  # noqa: F401 - what the sandbox runs scripts with
    except ImportError:
        raise PluginError(
            "there is no JavaScript engine",
            provider=NAME,
            hint='pip install "multisat-eo[sandbox-sentinel-hub]"',
        ) from None
    from multisat.sandbox import Sandbox
    from multisat.sandbox.secure.accounts import CLIENT, CLIENTS

    script = Script(text=text, outputs=tuple(outputs), order=order, harmonise=harmonise)
    with Sandbox(sentinel_hub=True) as box:
        told = box.environment
        url, token_url = told["MULTISAT_SENTINEL_HUB_URL"], told["MULTISAT_CDSE_TOKEN_URL"]
        place = replace(deployment(), name="sandbox", url=url, token_url=token_url)
        secret = Secret(CLIENTS[CLIENT] or "")
        login = Credential(
            kind="client", user=CLIENT, secret=secret, hosts=(origin(token_url),), where="the sandbox"
        )
        service = Service(place, login=OAuthLogin(NAME, login, token_url, (origin(url),)))
        return _run(script, Request.of(box.places[_WHERE], _WHEN), service)


def _run(
    script: Script,
    request: Request,
    service: Service,
    grid: Grid | None = None,
    resolution: float | None = None,
) -> xr.Dataset:
    try:
        whole, time = _asked(request, service, grid, resolution)
        tiles = whole.tiles(MOST_PIXELS)
        accept = TAR if len(script.outputs) > 1 else TIFF

        def ask(tile: Block) -> Arrays:
            answer = service.send("POST", PATH, script.body(tile, time), accept=accept)
            return outputs_of(answer, script.outputs)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = _stitched(whole, zip(tiles, pool.map(ask, tiles), strict=True))
    finally:
        service.close()
    return _cube(whole, found, in_words(service.spent))


def _later(
    script: Script, request: Request, service: Service, grid: Grid | None, resolution: float | None
) -> AsyncJob:
    try:
        whole, time = _asked(request, service, grid, resolution)
    finally:
        service.close()
    if max(whole.shape) > LARGEST_SIDE:
        raise UsageError(
            f"{whole.width} x {whole.height} pixels are too many for one request",
            hint=f'at most {LARGEST_SIDE:,} along a side: use how="now", or a smaller area',
        )
    return start(script.body(whole, time), service.place)


def _asked(
    request: Request, service: Service, grid: Grid | None, resolution: float | None
) -> tuple[Block, TimeRange]:
    if request.time is None:
        raise UsageError("a script needs a time range", hint='such as "2023-05"')
    found = grid or _native(request, service, resolution)
    return Block.all_of(found.geobox), request.time


def _cube(whole: Block, found: Arrays, spent: str) -> xr.Dataset:
    cube = xr.Dataset(
        dict(map(_described, found.items())), coords=place_coords(whole.whole), attrs={"spent": spent}
    )
    return on_grid(cube)


def _described(output: tuple[str, NDArray[Any]]) -> tuple[str, tuple[tuple[str, ...], NDArray[Any]]]:
    name, values = output
    if len(values) == 1:
        return name, (("y", "x"), values[0])
    return name, ((f"{name}_band", "y", "x"), values)


def _native(request: Request, service: Service, resolution: float | None) -> Grid:
    """Return the native pixels of the scenes there are."""
    provider, asked = SentinelHub(), replace(request, collections=(SENTINEL_2.native_id,))
    scenes = list(CatalogueSearch(service, asked, [SENTINEL_2], provider.scene))
    if not scenes:
        raise NothingFound(f"no scene in {request.time}", provider=NAME, hint="widen the time range")
    return grid_of(scenes, ("red",), access=_no_file, aoi=request.aoi, resolution=resolution)


def _no_file(_: str, asset: Asset) -> Access:
    return Access(href=asset.href)


def _stitched(whole: Block, parts: Iterable[tuple[Block, Arrays]]) -> Arrays:
    found: Arrays = {}
    for tile, outputs in parts:
        for name, values in outputs.items():
            if name not in found:
                found[name] = np.zeros((len(values), *whole.shape), dtype=values.dtype)
            whole.put(found[name], tile, values)
    return found
