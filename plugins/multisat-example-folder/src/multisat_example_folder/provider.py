"""A folder of GeoTIFFs called ``PLATFORM_TIME_BAND.tif``, such as ``sentinel-2b_20230605T101559_red.tif``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from multisat.config import setting
from multisat.contracts import Access, Asset, Capabilities, Deadline, Page, Provider, Search
from multisat.errors import InvalidAnswer, UnsupportedOperation
from multisat.model import AOI, Acquisition, FileAsset, Request, Scene
from multisat.stac.fields import declared_grid
from multisat.stac.matching import Matcher
from multisat.vocab.bands import BANDS
from multisat.vocab.collections import expand

_FILE = re.compile(r"(?P<id>(?P<platform>sentinel-2[abc])_(?P<time>\d{8}T\d{6}))_(?P<band>\w+)\.tif")
_COLLECTION, _NATIVE = "sentinel-2-l2a", "geotiff-folder"


class Folder(Provider):
    """Reads the folder that ``MULTISAT_EXAMPLE_FOLDER_PATH`` names."""

    name, title = "example-folder", "A folder of GeoTIFFs"

    @property
    def capabilities(self) -> Capabilities:
        """Say what it can do; what is not declared is not asked for. Nothing is read for it."""
        return Capabilities(collections=(_COLLECTION,), native=(_NATIVE,))

    def search(
        self,
        request: Request,
        *,
        resume: str | None = None,  # noqa: ARG002 - there is one page
        deadline: Deadline | None = None,  # noqa: ARG002 - and it comes at once
    ) -> Search:
        """Return a search that has read nothing yet."""
        if not {_COLLECTION, _NATIVE} & set(expand(request.collections)):
            raise UnsupportedOperation("holds Sentinel-2 only", provider=self.name, hint=_COLLECTION)
        return FolderSearch(self, request)

    def items(self) -> list[dict[str, Any]]:
        """Return what there is as JSON, oldest first: what ``scene`` reads now, or later from a file."""
        found: dict[str, dict[str, Any]] = {}
        for path in sorted(self._folder.iterdir()):
            name = _FILE.fullmatch(path.name)
            if name is not None and name["band"] in BANDS:
                geometry, grid = _header(path)
                when = datetime.strptime(name["time"], "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
                said = {"datetime": when.isoformat(), "platform": name["platform"]}
                item = {"type": "Feature", "id": name["id"], "geometry": geometry, "properties": said}
                home = found.setdefault(name["id"], {**item, "assets": {}})
                home["assets"][name["band"]] = {"href": path.name, **grid}
        return sorted(found.values(), key=lambda item: str(item["properties"]["datetime"]))

    def scene(self, item: Mapping[str, Any]) -> Scene:
        """Return the scene of one of our items; what a file holds need not be one."""
        try:
            platform, when = item["properties"]["platform"], item["properties"]["datetime"]
            return Scene(
                provider=self.name,
                collection=_COLLECTION,
                native_id=_NATIVE,
                id=item["id"],
                datetime=datetime.fromisoformat(when).astimezone(UTC),
                footprint=item["geometry"],
                platform=platform,
                assets={band: _asset(band, told) for band, told in item["assets"].items()},
                acquisition=Acquisition(collection=_COLLECTION, platform=platform, tile="", name=item["id"]),
                item=item,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InvalidAnswer(f"no item of this folder: {error!r}", provider=self.name) from error

    def access(self, asset: Asset) -> Access:
        """Return where a file is now. Only its name counts: no item leads out of the folder."""
        return Access(href=str(self._folder / Path(asset.href).name))

    @property
    def _folder(self) -> Path:
        path = setting(self.name, "path")
        if path is None:  # a search of many archives passes over one that is not set up
            hint = "set MULTISAT_EXAMPLE_FOLDER_PATH"
            raise UnsupportedOperation("no folder is named", provider=self.name, hint=hint)
        return Path(path).expanduser()


class FolderSearch(Search):
    """One page of all that matches. With many pages the deadline and ``resume`` would matter."""

    resume, complete = None, False

    def __init__(self, provider: Folder, request: Request) -> None:
        self._provider, self._request = provider, request

    def pages(self) -> Iterator[Page]:
        """Give the page; place, time, clouds and filters are judged by ``Matcher``."""
        items = self._provider.items()
        scenes = Matcher(self._request).select([self._provider.scene(item) for item in items])
        self.complete = True
        yield Page(scenes=tuple(scenes), received=len(items))


def _header(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the footprint of a file (GeoJSON), and its grid in STAC's words for it."""
    import rasterio
    from shapely.geometry import box

    with rasterio.open(path) as file:
        code, shape, transform = file.crs.to_string(), list(file.shape), list(file.transform)[:6]
        area = AOI(geometry=box(*file.bounds), crs=code)
    return area.geojson, {"proj:code": code, "proj:shape": shape, "proj:transform": transform}


def _asset(band: str, told: Mapping[str, Any]) -> FileAsset:
    """Return a file; how its numbers become physical ones is known of these files, and it is said why."""
    optical = BANDS[band].kind == "optical"
    return FileAsset(
        key=band,
        band=band,
        href=told["href"],
        grid=declared_grid(told, {}),
        nodata=0,
        scale=0.0001 if optical else 1.0,
        unit=BANDS[band].unit,
        why="our own files: reflectance times 10000" if optical else "our own files: codes as they are",
    )
