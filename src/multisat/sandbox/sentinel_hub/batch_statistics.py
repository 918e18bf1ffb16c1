"""Batch Statistical API: a statistical request for every feature of a GeoPackage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from multisat.sandbox.http import Request, Response
from multisat.sandbox.sentinel_hub.archive import Archive
from multisat.sandbox.sentinel_hub.billing import Account
from multisat.sandbox.sentinel_hub.breaking import BrokenParts
from multisat.sandbox.sentinel_hub.bucket import Bucket, key_in
from multisat.sandbox.sentinel_hub.encoding import json_of
from multisat.sandbox.sentinel_hub.features import Feature, of_geopackage
from multisat.sandbox.sentinel_hub.jobs import Job, Jobs, States, without_secrets
from multisat.sandbox.sentinel_hub.refusing import Refused
from multisat.sandbox.sentinel_hub.schemas import BATCH_STATISTICS, check
from multisat.sandbox.sentinel_hub.statistics import Statistics, computed

ROOT = "/api/v1/statistics/batch"
_DEFAULT = "<REQUEST_ID>/<ID>.json"


class BatchStatistics:
    """The Batch Statistical API.

    Args:
        archive: Where the scenes are.
        account: Who pays.
        bucket: Where results go and GeoPackages come from.
        broken: Which features and intervals fail.
    """

    def __init__(self, archive: Archive, account: Account, bucket: Bucket, broken: BrokenParts) -> None:
        self._archive, self._account, self._bucket, self._broken = archive, account, bucket, broken
        self._jobs = Jobs()

    def answer(self, request: Request) -> Response:
        """Answer a request below ``/api/v1/statistics/batch``.

        Raises:
            Refused: It is not valid, or there is no such job.
        """
        parts = [part for part in request.path.removeprefix(ROOT).split("/") if part]
        if not parts and request.method == "POST":
            return self._jobs.add(self._job(request.body))
        return self._jobs.answer(parts, request.method)

    def _job(self, body: Any) -> Job:  # noqa: ANN401 - JSON
        check(body, BATCH_STATISTICS)
        template = key_in(body["output"])
        if "<" not in template:
            template = f"{template}/{_DEFAULT}".lstrip("/")
        if "<ID>" not in template and "<IDENTIFIER>" not in template:
            raise Refused("Invalid request: the output template needs <ID> or <IDENTIFIER>.")
        work = Tables(
            body=body, template=template, archive=self._archive, bucket=self._bucket, broken=self._broken
        )
        return Job(request=without_secrets(body), work=work, account=self._account)


@dataclass(frozen=True, kw_only=True)
class Tables:
    """The work of one job: a file of statistics for each feature.

    Attributes:
        body: The request.
        template: Key of a file, with placeholders.
        archive: Where the scenes are.
        bucket: What holds the files.
        broken: Which features and intervals fail.
    """

    body: Mapping[str, Any]
    template: str
    archive: Archive
    bucket: Bucket
    broken: BrokenParts

    def analyse(self) -> Sequence[Feature]:
        """Return the features of the GeoPackage.

        Raises:
            Refused: It cannot be read.
        """
        whole = self.bucket.get(key_in(self.body["input"]["features"]))
        if whole is None:
            raise Refused("Invalid request: there is no GeoPackage where input.features says.")
        return of_geopackage(whole)

    def process(self, job: str, feature: Feature) -> float:
        """Write the statistics of a feature, or why there are none, and return what they cost.

        Raises:
            Refused: The request fails.
        """
        values = {"<REQUEST_ID>": job, "<ID>": str(feature.number), "<IDENTIFIER>": feature.name}
        key = self.template
        for placeholder, value in values.items():
            key = key.replace(placeholder, value)
        head = {"id": feature.number, "identifier": feature.name}
        error = self.broken.error_of(feature.name)
        if error is not None:
            self.bucket.put(key, json_of({**head, "error": {"type": error}}))
            return 0.0
        try:
            found = self._computed(feature)
        except Refused:
            self.bucket.put(key, json_of({**head, "error": {"type": "BAD_REQUEST"}}))
            raise
        self.bucket.put(key, json_of({**head, "response": found.body}))
        return found.units

    def report(self, job: str, features: Sequence[Feature], states: States) -> None:
        """Write nothing: these jobs only deliver their results."""

    def _computed(self, feature: Feature) -> Statistics:
        whole = {
            "input": {"bounds": feature.bounds, "data": self.body["input"]["data"]},
            "aggregation": self.body["aggregation"],
            "calculations": self.body.get("calculations") or {},
        }
        return computed(whole, self.archive, self.broken.error_of)
