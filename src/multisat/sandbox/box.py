"""The sandbox as one thing to start and stop."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Literal, Self

from multisat.sandbox.archive.catalogue import everything, scenes
from multisat.sandbox.archive.entry import Entry
from multisat.sandbox.dialects.base import Asked, Catalogue
from multisat.sandbox.dialects.cdse_stac import CdseStac
from multisat.sandbox.dialects.earth_search import EarthSearch
from multisat.sandbox.dialects.nasa_cmr import NasaCmr
from multisat.sandbox.dialects.planetary_computer import PlanetaryComputer
from multisat.sandbox.faults import Fault, Faults, broken
from multisat.sandbox.files import Files
from multisat.sandbox.http import Request, Response, Server
from multisat.sandbox.places import FIELDS
from multisat.sandbox.secure.accounts import shown
from multisat.sandbox.secure.hosts import PLAIN, SecureHosts
from multisat.sandbox.sentinel_hub.catalogue import ROOT as CATALOG
from multisat.sandbox.sentinel_hub.refusing import failed
from multisat.sandbox.sentinel_hub.service import NAME as SENTINEL_HUB
from multisat.sandbox.sentinel_hub.service import SentinelHub

_ROOTS: Mapping[str, tuple[str, type[Catalogue]]] = {
    "earth-search": ("/earth-search/v1", EarthSearch),
    "planetary-computer": ("/planetary-computer/api/stac/v1", PlanetaryComputer),
    "nasa-cmr": ("/cmr/stac/LPCLOUD", NasaCmr),
    "cdse-stac": ("/cdse/stac/v1", CdseStac),
}
_VARIABLES = {"cdse-stac": "MULTISAT_OPENEO_CATALOGUE"}
"""Variables that point plugins at a catalogue, where they are not those of an archive of the same name."""


class Sandbox:
    """Loopback stand-ins of Earth Search, Planetary Computer, NASA CMR and the catalogue of Copernicus.

    Args:
        port: Port on 127.0.0.1; 0 takes a free one. Secure hosts take the ports that follow.
        secure: Whether files of Planetary Computer and NASA want credentials, as the real ones do.
        token_seconds: How long tokens and signed addresses hold.
        rate_limit: Token requests within two seconds before 429, or None for any number.
        tls: Whether the secure hosts speak https, with a certificate that ``environment`` names.
        sentinel_hub: Whether Sentinel Hub is there: as on the Copernicus Data Space, or ``"commercial"``.

    Attributes:
        requests: Every request that arrived at any host, in order.
        secure: The secure hosts, or None. With Sentinel Hub alone they are there, but protect no files.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        secure: bool = False,
        token_seconds: float = 3600.0,
        rate_limit: int | None = None,
        tls: bool = False,
        sentinel_hub: bool | Literal["commercial"] = False,
    ) -> None:
        self.requests: list[Request] = []
        self._port = port
        self._files = Files(scenes())
        self.secure: SecureHosts | None = None
        if secure or tls or sentinel_hub:
            self.secure = SecureHosts(
                port + 1 if port else 0,
                self._files,
                token_seconds,
                rate_limit,
                tls=tls,
                protect=secure or tls,
                sentinel_hub="cdse" if sentinel_hub is True else sentinel_hub or "",
            )
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
        usual = {name: f"MULTISAT_{name.upper().replace('-', '_')}_URL" for name in self.urls}
        open_ones = {(usual | _VARIABLES)[name]: url for name, url in self.urls.items()}
        return {**open_ones, **(self.secure.environment if self.secure else {})}

    @property
    def sentinel_hub(self) -> SentinelHub:
        """The stand-in of Sentinel Hub.

        Raises:
            LookupError: The sandbox was made without it.
        """
        if self.secure is None or self.secure.sentinel_hub is None:
            raise LookupError("this sandbox has no Sentinel Hub: make it with sentinel_hub=True")
        return self.secure.sentinel_hub

    @property
    def hosts(self) -> dict[str, str]:
        """Address of each host by its name; the names are those in ``Request.host``."""
        return {"catalogues": self.url, **(self.secure.world.addresses if self.secure else {})}

    @property
    def hostile(self) -> dict[str, str]:
        """Addresses that no client should follow a redirect to; the loop is the address itself."""
        other = f"{self.hosts.get(PLAIN, self.url)}/stolen"
        metadata = "http://169.254.169.254/latest/meta-data/"
        return {"other": other, "file": "file:///etc/passwd", "private": metadata, "loop": ""}

    @property
    def places(self) -> Mapping[str, dict[str, Any]]:
        """Areas of interest inside the scenes, as GeoJSON (longitude, latitude)."""
        return FIELDS

    @property
    def scenes(self) -> tuple[Entry, ...]:
        """Every synthetic scene with the files behind it."""
        return scenes()

    def inject(self, fault: Fault) -> None:
        """Make something go wrong from now on.

        Args:
            fault: What goes wrong, where and how often.
        """
        self._faults.add(fault)

    def clear_faults(self) -> None:
        """Let everything go right again."""
        self._faults.clear()

    def received(self, host: str) -> list[Request]:
        """Return the requests that reached one host.

        Args:
            host: Name of a host, such as ``"earth-search"`` or ``"files"``.
        """
        return [request for request in self.requests if request.host == host]

    def credentials_at(self, host: str) -> list[dict[str, str]]:
        """Return the credentials that each request to one host carried, by header or field.

        Args:
            host: Name of a secure host.
        """
        return [shown(request) for request in self.received(host)]

    def start(self) -> Self:
        """Begin to serve."""
        self._server = Server(self._port, self._respond)
        if self.secure is not None:
            self.secure.start(self._respond)
        self._catalogues = {
            n: kind(self.urls[n], everything(), self._address_of) for n, (_, kind) in _ROOTS.items()
        }
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})
        self._thread.start()
        return self

    def stop(self) -> None:
        """End: connections are closed, what hangs is let go."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
        if self.secure is not None:
            self.secure.stop()
        self._server = self._thread = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _respond(self, request: Request) -> Response:
        self.requests.append(request)
        if self.secure is not None and request.host in self.secure.world.addresses:
            return self._respond_secure(request, self.secure)
        name = next((n for n, (root, _) in _ROOTS.items() if request.path.startswith(root)), "files")
        asked = (
            Asked(body={}, limit=None, page=1) if name == "files" else self._catalogues[name].asked(request)
        )
        fault = self._faults.next_for(name, request.path, asked.page, asked.limit)
        if fault is not None and fault.kind == "repeat-next":
            return self._repeating(name, request, asked)
        if fault is not None and fault.kind in {"hang", "html"}:
            return broken(fault, Response(), self._stopping)
        whole = self._file(request) if name == "files" else self._catalogues[name].handle(request, asked)
        return whole if fault is None else broken(fault, whole, self._stopping)

    def _respond_secure(self, request: Request, hosts: SecureHosts) -> Response:
        fault = self._faults.next_for(request.host, request.path, 1, None)
        if fault is not None and fault.kind in {"hang", "html", "redirect"}:
            return broken(fault, Response(), self._stopping)
        if fault is not None and fault.kind.isdigit() and request.host == SENTINEL_HUB:
            catalog = request.path.startswith(CATALOG)
            return failed(int(fault.kind), catalog=catalog, retry_after=fault.retry_after)
        whole = hosts.answer(request)
        return whole if fault is None else broken(fault, whole, self._stopping)

    def _address_of(self, name: str) -> str:
        """Return the address of ``PROVIDER/COLLECTION/ID/NAME.tif``."""
        protected = self.secure.address_of(name) if self.secure else None
        return protected or f"{self.url}/files/{name}"

    def _file(self, request: Request) -> Response:
        """Answer for a file, unless a secure host has it."""
        if self.secure and self.secure.address_of(request.path.removeprefix("/files/")):
            return Response(status=404, body=b"this file is protected")
        return self._files.handle(request)

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
