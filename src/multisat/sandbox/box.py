"""The sandbox as one thing to start and stop."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from multisat.sandbox.archive.catalogue import everything, scenes
from multisat.sandbox.archive.entry import Entry
from multisat.sandbox.dialects.base import Asked, Catalogue
from multisat.sandbox.dialects.earth_search import EarthSearch
from multisat.sandbox.dialects.nasa_cmr import NasaCmr
from multisat.sandbox.dialects.planetary_computer import PlanetaryComputer
from multisat.sandbox.faults import Fault, Faults, broken
from multisat.sandbox.files import Files
from multisat.sandbox.http import Request, Response, Server
from multisat.sandbox.places import FIELDS

_ROOTS: Mapping[str, tuple[str, type[Catalogue]]] = {
    "earth-search": ("/earth-search/v1", EarthSearch),
    "planetary-computer": ("/planetary-computer/api/stac/v1", PlanetaryComputer),
    "nasa-cmr": ("/cmr/stac/LPCLOUD", NasaCmr),
}


class Sandbox:
    """Loopback stand-ins of Earth Search, Planetary Computer and NASA CMR.

    Args:
        port: Port on 127.0.0.1; 0 takes a free one.
    """

    def __init__(self, port: int = 0) -> None:
        self.requests: list[Request] = []
        self._port = port
        self._faults = Faults()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Address of the server."""
        port = self._server.server_address[1] if self._server else self._port
        return f"http://127.0.0.1:{port}"

    @property
    def urls(self) -> dict[str, str]:
        """Address of each catalogue."""
        return {name: self.url + root for name, (root, _) in _ROOTS.items()}

    @property
    def environment(self) -> dict[str, str]:
        """Variables that point the real plugins here."""
        return {f"MULTISAT_{n.upper().replace('-', '_')}_URL": url for n, url in self.urls.items()}

    @property
    def places(self) -> Mapping[str, dict[str, Any]]:
        """Areas of interest inside the scenes, as GeoJSON (longitude, latitude)."""
        return FIELDS

    @property
    def scenes(self) -> tuple[Entry, ...]:
        """Every synthetic scene with the files behind it."""
        return scenes()

    def inject(self, fault: Fault) -> None:
        """Make something go wrong from now on."""
        self._faults.add(fault)

    def clear_faults(self) -> None:
        """Let everything go right again."""
        self._faults.clear()

    def start(self) -> Self:
        """Begin to serve."""
        self._server = Server(self._port, self._respond)
        self._catalogues = {n: kind(self.urls[n], everything()) for n, (_, kind) in _ROOTS.items()}
        self._files = Files(scenes())
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def stop(self) -> None:
        """End: connections are closed, what hangs is let go."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _respond(self, request: Request) -> Response:
        self.requests.append(request)
        name = next((n for n, (root, _) in _ROOTS.items() if request.path.startswith(root)), "files")
        asked = (
            Asked(body={}, limit=None, page=1) if name == "files" else self._catalogues[name].asked(request)
        )
        fault = self._faults.next_for(name, request.path, asked.page, asked.limit)
        if fault is not None and fault.kind == "repeat-next":
            return self._repeating(name, request, asked)
        if fault is not None and fault.kind in {"hang", "html"}:
            return broken(fault, Response(), self._stopping)
        whole = (
            self._files.handle(request) if name == "files" else self._catalogues[name].handle(request, asked)
        )
        return whole if fault is None else broken(fault, whole, self._stopping)

    @property
    def _stopping(self) -> threading.Event:
        return self._server.stopping if self._server else threading.Event()

    def _repeating(self, name: str, request: Request, asked: Asked) -> Response:
        """Answer with a page whose next link leads to itself."""
        import json

        page = json.loads(self._catalogues[name].handle(request, asked).body)
        page["links"] = [
            {"rel": "next", "method": "POST", "href": f"{self.urls[name]}/search", "body": asked.body}
        ]
        return Response.json(page)
