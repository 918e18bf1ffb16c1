"""Asynchronous Process API: a large process request whose result is put into a bucket."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.answers import plain_json
from multisat.sandbox.sentinel_hub.archive import Archive
from multisat.sandbox.sentinel_hub.billing import ASYNC_LEAST, ASYNC_SHARE, LARGE, Account
from multisat.sandbox.sentinel_hub.bucket import Bucket, key_in
from multisat.sandbox.sentinel_hub.encoding import json_of
from multisat.sandbox.sentinel_hub.jobs import without_secrets
from multisat.sandbox.sentinel_hub.processing import processed
from multisat.sandbox.sentinel_hub.refusing import NOT_FOUND, Refused
from multisat.sandbox.sentinel_hub.schemas import ASYNC, check

ROOT = "/api/v1/async/process"
_MOST = 10_000


class AsyncProcessing:
    """The Asynchronous Process API; a request is carried out when its status is first asked for.

    Args:
        archive: Where the scenes are.
        account: Who pays.
        bucket: Where results go.
    """

    def __init__(self, archive: Archive, account: Account, bucket: Bucket) -> None:
        self._archive, self._account, self._bucket = archive, account, bucket
        self._waiting: dict[str, Mapping[str, Any]] = {}

    def answer(self, request: Request) -> Response:
        """Answer a request below ``/api/v1/async/process``.

        Raises:
            Refused: It is not valid, out of units, or has ended: the service forgets what is done.
        """
        number = request.path.removeprefix(ROOT).strip("/")
        if request.method == "POST" and not number:
            return self._create(request.body)
        body = self._waiting.pop(number, None)
        if body is None:
            raise Refused("Not found.", NOT_FOUND, 404)
        self._carry_out(number, body)
        return plain_json({"id": number, "status": "RUNNING"})

    def _create(self, body: Any) -> Response:  # noqa: ANN401 - JSON
        check(body, ASYNC)
        key_in(body["output"]["delivery"])
        self._account.require(ASYNC_LEAST)
        number = str(uuid.uuid4())
        self._waiting[number] = body
        return plain_json({"id": number, "status": "RUNNING"})

    def _carry_out(self, number: str, body: Mapping[str, Any]) -> None:
        folder = f"{key_in(body['output']['delivery'])}/{number}".lstrip("/")
        copy = without_secrets(body)
        try:
            done = processed(body, self._archive, most=_MOST)
        except Refused as error:
            self._bucket.put(f"{folder}/error.json", json_of({"error": str(error), "code": error.code}))
        else:
            price = max(ASYNC_LEAST, done.units * (ASYNC_SHARE if done.grid.size >= LARGE else 1.0))
            self._account.spend(price)
            copy = {**copy, "costPU": price}
            for name, _, content in done.files:
                self._bucket.put(f"{folder}/{name}", content)
        self._bucket.put(f"{folder}/request.json", json_of(copy))
