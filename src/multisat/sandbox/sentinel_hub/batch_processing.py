"""Batch Process API version 2: a process request for every tile of a grid or feature of a GeoPackage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.answers import plain_json
from multisat.sandbox.sentinel_hub.archive import Archive
from multisat.sandbox.sentinel_hub.billing import BATCH_SHARE, LARGE, Account
from multisat.sandbox.sentinel_hub.breaking import BrokenParts
from multisat.sandbox.sentinel_hub.bucket import Bucket, key_in
from multisat.sandbox.sentinel_hub.delivery import Delivery, delivery_of
from multisat.sandbox.sentinel_hub.encoding import json_of
from multisat.sandbox.sentinel_hub.features import GRIDS, WIDEST, Feature, described, of_geopackage, tiles
from multisat.sandbox.sentinel_hub.grids import grid_of
from multisat.sandbox.sentinel_hub.jobs import Job, Jobs, States, without_secrets
from multisat.sandbox.sentinel_hub.processing import processed
from multisat.sandbox.sentinel_hub.refusing import NOT_FOUND, Refused
from multisat.sandbox.sentinel_hub.reports import execution, manifest
from multisat.sandbox.sentinel_hub.schemas import BATCH, check

ROOT = "/api/v2/batch"


class BatchProcessing:
    """The Batch Process API.

    Args:
        archive: Where the scenes are.
        account: Who pays.
        bucket: Where results go and GeoPackages come from.
        broken: Which features fail.
    """

    def __init__(self, archive: Archive, account: Account, bucket: Bucket, broken: BrokenParts) -> None:
        self._archive, self._account, self._bucket, self._broken = archive, account, bucket, broken
        self._jobs = Jobs()

    def answer(self, request: Request) -> Response:
        """Answer a request below ``/api/v2/batch``.

        Raises:
            Refused: It is not valid, or there is no such thing.
        """
        kind, *parts = request.path.removeprefix(ROOT).strip("/").split("/")
        if kind == "tilinggrids":
            return _tiling_grids(parts)
        if kind != "process":
            raise Refused("Not found.", NOT_FOUND, 404)
        if not parts and request.method == "POST":
            return self._jobs.add(self._job(request.body))
        return self._jobs.answer(parts, request.method)

    def _job(self, body: Any) -> Job:  # noqa: ANN401 - JSON
        check(body, BATCH)
        delivery = delivery_of(body["output"])
        work = Rasters(
            body=body, delivery=delivery, archive=self._archive, bucket=self._bucket, broken=self._broken
        )
        job = Job(request=without_secrets(body), work=work, account=self._account)
        self._bucket.put(delivery.about(f"request-{job.id}.json"), json_of(job.request))
        return job


@dataclass(frozen=True, kw_only=True)
class Rasters:
    """The work of one job: files for each feature.

    Attributes:
        body: The request.
        delivery: Where files go.
        archive: Where the scenes are.
        bucket: What holds the files.
        broken: Which features fail.
    """

    body: Mapping[str, Any]
    delivery: Delivery
    archive: Archive
    bucket: Bucket
    broken: BrokenParts

    def analyse(self) -> Sequence[Feature]:
        """Return the features: tiles that touch the bounds, or those of the GeoPackage.

        Raises:
            Refused: There are none, or the GeoPackage cannot be read.
        """
        bounds, wanted = self.body["processRequest"]["input"].get("bounds"), self.body["input"]
        area = grid_of(bounds, {}) if bounds else None
        if wanted["type"] == "geopackage":
            whole = self.bucket.get(key_in(wanted.get("features")))
            if whole is None:
                raise Refused("Invalid request: there is no GeoPackage where input.features says.")
            found = of_geopackage(whole, area)
        elif area is not None:
            found = tiles(wanted, area)
        else:
            raise Refused("Invalid request: a tiling grid needs processRequest.input.bounds.")
        if not found:
            raise Refused("There are no features to process.")
        return found

    def process(self, job: str, feature: Feature) -> float:
        """Make the files of a feature and return what they cost.

        Raises:
            Refused: The request fails, or a file is there already.
        """
        error = self.broken.error_of(feature.name)
        if error is not None:
            raise Refused(error)
        output, asked = self.body["output"], self.body["processRequest"]
        whole = {
            **asked,
            "input": {**asked["input"], "bounds": feature.bounds},
            "output": {**asked["output"], **feature.output},
        }
        done = processed(whole, self.archive, most=WIDEST, cog=bool(output.get("cogOutput")))
        keys = {self.delivery.key(job, feature, name): content for name, _, content in done.files}
        there = [key for key in keys if self.bucket.get(key) is not None]
        if self.delivery.skip and len(there) == len(keys):
            return 0.0
        if there and not self.delivery.overwrite:
            raise Refused(f"File {there[0]} already exists.")
        for key, content in keys.items():
            self.bucket.put(key, content)
        return done.units * (BATCH_SHARE if done.grid.size >= LARGE else 1.0)

    def report(self, job: str, features: Sequence[Feature], states: States) -> None:
        """Write the manifest and the database of the job."""
        responses = self.body["processRequest"]["output"].get("responses", [])
        names = [one["identifier"] for one in responses] or ["default"]
        rows = [(f, name, self.delivery.key(job, f, f"{name}.tif")) for f in features for name in names]
        self.bucket.put(self.delivery.about(f"featureManifest-{job}.gpkg"), manifest(rows))
        self.bucket.put(self.delivery.about(f"execution-{job}.sqlite"), execution(features, states))


def _tiling_grids(parts: Sequence[str]) -> Response:
    if not parts:
        return plain_json({"data": [described(number) for number in GRIDS], "links": {}})
    if not parts[0].isdigit() or int(parts[0]) not in GRIDS:
        raise Refused("Not found.", NOT_FOUND, 404)
    return plain_json(described(int(parts[0])))
