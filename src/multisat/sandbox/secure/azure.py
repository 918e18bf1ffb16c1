"""Planetary Computer's files: a service that signs, and a blob store that checks.

Account and container are the first two parts of the path, as in Azure's own emulator, because a
loopback address has no subdomains.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.accounts import SUBSCRIPTION_KEY
from multisat.sandbox.secure.answers import plain_json, too_many, xml_error
from multisat.sandbox.secure.signing import is_right, signature
from multisat.sandbox.secure.world import Stand, World

TOKEN_PATH = "/api/sas/v1/token"  # noqa: S105 - a path
_TOKEN = re.compile(rf"^{TOKEN_PATH}/([a-z0-9]+)/([a-z0-9-]+)$")
_STAMP = "%Y-%m-%dT%H:%M:%SZ"
_SIGNED = ("st", "se", "sp", "sv", "sr")
_FAILED = (
    "Server failed to authenticate the request. "
    "Make sure the value of Authorization header is formed correctly including the signature."
)
KEY_FACTOR = 10
"""How many times more requests a subscription key allows."""


def account_of(container: str) -> str:
    """Return the account that holds a container."""
    return f"{container.partition('-')[0]}euwest"


class SasTokens(Stand):
    """The stand-in of the signing service.

    Attributes:
        keys: How often each subscription key was shown.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.keys: Counter[str] = Counter()
        self._limit = world.limit()

    def answer(self, request: Request) -> Response:
        """Answer a request for a token of one container."""
        key = request.headers.get("ocp-apim-subscription-key")
        if key is not None:
            self.keys[key] += 1
        if key not in {None, SUBSCRIPTION_KEY}:
            text = "Access denied due to invalid subscription key."
            return plain_json({"statusCode": 401, "message": text}, 401)
        wait = self._limit.wait(1 if key is None else KEY_FACTOR)
        if wait is not None:
            return too_many(wait)
        found = _TOKEN.match(request.path)
        if found is None or account_of(found[2]) != found[1]:
            return plain_json({"detail": "no such storage account and container"}, 404)
        return plain_json(self._token(found[1], found[2]))

    def _token(self, account: str, container: str) -> dict[str, str]:
        end = self.world.end()
        start = end - timedelta(seconds=self.world.token_seconds, hours=1)
        times = {"st": start.strftime(_STAMP), "se": end.strftime(_STAMP)}
        parts = {**times, "sp": "rl", "sv": "2024-05-04", "sr": "c"}
        sig = signature(self.world.key, f"/blob/{account}/{container}", *parts.values())
        return {"msft:expiry": parts["se"], "token": urlencode({**parts, "sig": sig})}


class BlobStore(Stand):
    """The stand-in of Azure blob storage at ``/ACCOUNT/CONTAINER/BLOB``."""

    def answer(self, request: Request) -> Response:
        """Answer a request; every answer carries the store's own headers."""
        found = self._checked(request)
        code = re.search(rb"<Code>(\w+)</Code>", found.body) if found.status >= 400 else None  # noqa: PLR2004
        headers = {
            "x-ms-request-id": secrets.token_hex(16),
            "x-ms-version": "2024-05-04",
            **({"x-ms-error-code": code[1].decode()} if code else {"x-ms-blob-type": "BlockBlob"}),
        }
        return replace(found, headers={**found.headers, **headers})

    def _checked(self, request: Request) -> Response:
        account, _, rest = request.path.removeprefix("/").partition("/")
        container, _, blob = rest.partition("/")
        if "authorization" in request.headers:
            text = "Authentication information is not given in the correct format."
            return xml_error(400, "InvalidAuthenticationInfo", text)
        if "sig" not in request.query:
            text = "Public access is not permitted on this storage account."
            return xml_error(409, "PublicAccessNotPermitted", text)
        wrong = self._objection(request.query, f"/blob/{account}/{container}")
        if wrong is not None:
            return xml_error(403, "AuthenticationFailed", _FAILED, AuthenticationErrorDetail=wrong)
        found = self.world.files.part(f"planetary-computer/{container}/{blob}", request)
        return found or xml_error(404, "BlobNotFound", "The specified blob does not exist.")

    def _objection(self, given: Mapping[str, str], where: str) -> str | None:
        """Return what is wrong with a signature, or None."""
        parts = [given.get(name, "") for name in _SIGNED]
        if not is_right(self.world.key, given["sig"], where, *parts):
            return "Signature did not match."
        now = datetime.fromtimestamp(self.world.clock.now(), UTC).strftime(_STAMP)
        if given["se"] <= now:
            return f"Signed expiry time [{given['se']}] must be after the current time [{now}]"
        return None
