"""The service: who may ask, and what answers which address."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.accounts import bearer
from multisat.sandbox.secure.identity import Identity
from multisat.sandbox.secure.world import Stand, World
from multisat.sandbox.sentinel_hub.archive import Archive
from multisat.sandbox.sentinel_hub.asynchronous import ROOT as ASYNC
from multisat.sandbox.sentinel_hub.asynchronous import AsyncProcessing
from multisat.sandbox.sentinel_hub.batch_processing import ROOT as BATCH
from multisat.sandbox.sentinel_hub.batch_processing import BatchProcessing
from multisat.sandbox.sentinel_hub.batch_statistics import ROOT as BATCH_STATISTICS
from multisat.sandbox.sentinel_hub.batch_statistics import BatchStatistics
from multisat.sandbox.sentinel_hub.billing import Account
from multisat.sandbox.sentinel_hub.breaking import BrokenParts
from multisat.sandbox.sentinel_hub.bucket import Bucket
from multisat.sandbox.sentinel_hub.catalogue import ROOT as CATALOG
from multisat.sandbox.sentinel_hub.catalogue import catalogue
from multisat.sandbox.sentinel_hub.own import ROOT as OWN
from multisat.sandbox.sentinel_hub.own import own_collections
from multisat.sandbox.sentinel_hub.processing import process
from multisat.sandbox.sentinel_hub.refusing import CatalogRefused, Refused, failed, refusal
from multisat.sandbox.sentinel_hub.statistics import statistics

NAME = "sentinel-hub"
"""Its name among the hosts."""


class SentinelHub(Stand):
    """The stand-in of sh.dataspace.copernicus.eu, or of the commercial deployment.

    Args:
        world: What it shares with the other hosts.
        identity: Whose tokens it takes.
        bucket: Where results of jobs go.
        deployment: ``"cdse"`` or ``"commercial"``.

    Attributes:
        archive: Its collections.
        account: What its clients have spent and may spend; there is one account.
        broken: Parts of answers that go wrong on purpose.
        bucket: Where results of jobs go.
        crashes: What went wrong inside the stand-in itself; clients see status 500.

    Raises:
        ImportError: V8 is not installed.
    """

    def __init__(self, world: World, identity: Identity, bucket: Bucket, deployment: str = "cdse") -> None:
        super().__init__(world)
        if find_spec("py_mini_racer") is None:
            raise ImportError("evalscripts need V8: pip install 'multisat-eo[sandbox-sentinel-hub]'")
        self._identity = identity
        self._limit = world.limit()
        self.archive, self.bucket = Archive(deployment), bucket
        self.account = Account()
        self.broken = BrokenParts()
        self.crashes: list[Exception] = []
        self._below: dict[str, Callable[[Request], Response]] = {
            ASYNC: AsyncProcessing(self.archive, self.account, bucket).answer,
            BATCH: BatchProcessing(self.archive, self.account, bucket, self.broken).answer,
            BATCH_STATISTICS: BatchStatistics(self.archive, self.account, bucket, self.broken).answer,
            OWN: own_collections,
        }

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        catalog = request.path.startswith(CATALOG)
        if self._identity.tokens.grant(bearer(request)) is None:
            return failed(401, catalog=catalog)
        wait = self._limit.wait()
        if wait is not None:
            return failed(429, retry_after=str(1000 * wait))
        try:
            return self._answered(request)
        except CatalogRefused as error:
            return Response.json({"code": error.status, "description": str(error)}, status=error.status)
        except Refused as error:
            return refusal(error)
        except Exception as error:  # noqa: BLE001 - kept for whoever wrote the test
            self.crashes.append(error)
            return failed(500, catalog=catalog)

    def _answered(self, request: Request) -> Response:
        path = request.path.rstrip("/")
        if path.startswith(CATALOG):
            return catalogue(request, self.archive)
        for root, answer in self._below.items():
            if path == root or path.startswith(f"{root}/"):
                return answer(request)
        if request.method == "POST" and path == "/api/v1/process":
            return process(request, self.archive, self.account)
        if request.method == "POST" and path == "/api/v1/statistics":
            return statistics(request, self.archive, self.account, self.broken.error_of)
        return failed(404)
