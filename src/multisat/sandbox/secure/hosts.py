"""All secure hosts: each with an address of its own, started and ended together."""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable
from functools import cache

from multisat.sandbox.files import Files
from multisat.sandbox.http import Request, Response, Server
from multisat.sandbox.secure.accounts import PUBLIC_CLIENT, USER
from multisat.sandbox.secure.answers import plain_json
from multisat.sandbox.secure.azure import TOKEN_PATH, BlobStore, SasTokens, account_of
from multisat.sandbox.secure.earthdata_data import PROTECTED, DataHost, SignedStore
from multisat.sandbox.secure.earthdata_login import EarthdataLogin
from multisat.sandbox.secure.identity import DEVICE, TOKEN, USERINFO, Identity, Resource
from multisat.sandbox.secure.tls import Certificate
from multisat.sandbox.secure.world import Stand, World
from multisat.sandbox.sentinel_hub.bucket import NAME as BUCKET
from multisat.sandbox.sentinel_hub.bucket import Bucket
from multisat.sandbox.sentinel_hub.service import NAME as SENTINEL_HUB
from multisat.sandbox.sentinel_hub.service import SentinelHub

PLAIN = "elsewhere"
"""A host that belongs to nobody; it speaks http even where the others speak https."""
PROBE = "sentinel-2-l2a"
"""A container to try signing with."""
_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE", "GDAL_CURL_CA_BUNDLE")
"""Variables that name whom requests, curl, the engine and GDAL trust."""
_HUB = {"MULTISAT_SENTINEL_HUB_URL": SENTINEL_HUB, "MULTISAT_SENTINEL_HUB_BUCKET_URL": BUCKET}
NAMES = ("urs", "lpdaac", "lpdaac-cloud", "sas", "blob", "identity", "cdse", PLAIN)


@cache
def loopback(number: int) -> str:
    """Return the loopback address of a host, the common one where a system has no other.

    Cookies and netrc know hosts and not ports, so that each host has an address of its own if it can.
    """
    name = f"127.0.0.{number}"
    try:
        with socket.create_server((name, 0)):
            return name
    except OSError as error:
        if error.errno != errno.EADDRNOTAVAIL:
            raise
        return "127.0.0.1"


class Elsewhere(Stand):
    """Answers everybody; nothing secret should ever arrive here."""

    def answer(self, request: Request) -> Response:  # noqa: ARG002 - shared signature
        """Answer a request."""
        return plain_json({"synthetic": True, "host": PLAIN})


class SecureHosts:
    """The secure hosts of a sandbox.

    Args:
        port: Port of the first, the others follow; 0 takes free ones.
        files: The files behind the protected addresses.
        token_seconds: How long tokens and signatures hold.
        rate_limit: Token requests within two seconds, or None for any number.
        tls: Whether they speak https.
        protect: Whether files of Planetary Computer and NASA want credentials.
        sentinel_hub: Deployment of Sentinel Hub to stand in for, or nothing for none.
    """

    def __init__(
        self,
        port: int,
        files: Files,
        token_seconds: float,
        rate_limit: int | None,
        *,
        tls: bool,
        protect: bool = True,
        sentinel_hub: str = "",
    ) -> None:
        self._port, self._tls, self._protect = port, tls, protect
        self._names = (*NAMES, SENTINEL_HUB, BUCKET) if sentinel_hub else NAMES
        self.certificate: Certificate | None = None
        self._running: list[tuple[Server, threading.Thread]] = []
        self.world = World(files=files, token_seconds=token_seconds, rate_limit=rate_limit)
        self.world.addresses = self._addresses([port + k if port else 0 for k, _ in enumerate(self._names)])
        self.login, self.identity = EarthdataLogin(self.world), Identity(self.world)
        self.data, self.sas = DataHost(self.world, self.login), SasTokens(self.world)
        self._stands: dict[str, Stand] = {
            "urs": self.login,
            "lpdaac": self.data,
            "lpdaac-cloud": SignedStore(self.world),
            "sas": self.sas,
            "blob": BlobStore(self.world),
            "identity": self.identity,
            "cdse": Resource(self.world, self.identity),
            PLAIN: Elsewhere(self.world),
        }
        self.sentinel_hub: SentinelHub | None = None
        if sentinel_hub:
            bucket = Bucket(self.world)
            self.sentinel_hub = SentinelHub(self.world, self.identity, bucket, sentinel_hub)
            self._stands |= {SENTINEL_HUB: self.sentinel_hub, BUCKET: bucket}

    def _addresses(self, ports: list[int]) -> dict[str, str]:
        schemes = ("https" if self._tls and name != PLAIN else "http" for name in self._names)
        hosts = (loopback(number) for number, _ in enumerate(self._names, 2))
        parts = zip(self._names, schemes, hosts, ports, strict=True)
        return {name: f"{scheme}://{host}:{port}" for name, scheme, host, port in parts}

    def start(self, respond: Callable[[Request], Response]) -> None:
        """Begin to serve; every request goes to ``respond`` first."""
        if self._tls:
            self.certificate = Certificate(loopback(number) for number, _ in enumerate(self._names, 2))
        for index, name in enumerate(self._names):
            tls = self.certificate.context if self.certificate and name != PLAIN else None
            port = self._port + index if self._port else 0
            server = Server(port, respond, name=name, address=loopback(index + 2), tls=tls)
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
            self._running.append((server, thread))
        for _, thread in self._running:
            thread.start()
        self.world.addresses = self._addresses([server.server_address[1] for server, _ in self._running])

    def stop(self) -> None:
        """End: connections are closed, what hangs is let go."""
        for server, thread in self._running:
            server.stop()
            thread.join()
        self._running.clear()
        if self.certificate is not None:
            self.certificate.remove()

    def forward(self, seconds: float) -> None:
        """Let time pass at all secure hosts without waiting for it."""
        self.world.clock.forward(seconds)

    def end_sessions(self) -> None:
        """Make every session cookie invalid."""
        self.login.sessions.clear()
        self.data.sessions.clear()

    def approve_device(self, user_code: str, user: str = USER) -> None:
        """Do what a person does in the browser to allow a login."""
        self.identity.devices.approve(user_code, user)

    def decline_device(self, user_code: str) -> None:
        """Do what a person does in the browser who does not want a login."""
        self.identity.devices.decline(user_code)

    def answer(self, request: Request) -> Response:
        """Answer a request at the host it reached."""
        return self._stands[request.host].answer(request)

    def address_of(self, name: str) -> str | None:
        """Return the protected address of a file, or None if it is open.

        Args:
            name: ``PROVIDER/COLLECTION/ID/NAME.tif``.
        """
        if not self._protect:
            return None
        provider, _, rest = name.partition("/")
        if provider == "nasa-cmr":
            return f"{self.world.addresses['lpdaac']}{PROTECTED}{rest}"
        if provider == "planetary-computer":
            return f"{self.world.addresses['blob']}/{account_of(rest.partition('/')[0])}/{rest}"
        return None

    @property
    def environment(self) -> dict[str, str]:
        """Variables that point clients here."""
        at = self.world.addresses
        trusted = str(self.certificate.file) if self.certificate else ""
        bundles = _BUNDLES if trusted else ()
        hub = _HUB if self.sentinel_hub else {}
        return {
            **(self._protected if self._protect else {}),
            "MULTISAT_CDSE_TOKEN_URL": at["identity"] + TOKEN,
            "MULTISAT_CDSE_DEVICE_URL": at["identity"] + DEVICE,
            "MULTISAT_CDSE_DEVICE_CLIENT": PUBLIC_CLIENT,
            "MULTISAT_CDSE_USERINFO_URL": at["identity"] + USERINFO,
            "MULTISAT_CDSE_DATA_URL": at["cdse"],
            **{name: at[host] for name, host in hub.items()},
            **dict.fromkeys(bundles, trusted),
        }

    @property
    def _protected(self) -> dict[str, str]:
        at = self.world.addresses
        return {
            "MULTISAT_PLANETARY_COMPUTER_SAS_URL": at["sas"] + TOKEN_PATH,
            "MULTISAT_PLANETARY_COMPUTER_BLOB_URL": at["blob"],
            "MULTISAT_PLANETARY_COMPUTER_PROBE": f"{account_of(PROBE)}/{PROBE}",
            "MULTISAT_NASA_CMR_LOGIN_URL": at["urs"],
            "MULTISAT_NASA_CMR_DATA_URL": at["lpdaac"],
            "MULTISAT_NASA_CMR_CLOUD_URL": at["lpdaac-cloud"],
        }
