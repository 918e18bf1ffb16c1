"""pystac-client's reader on our own connection: bounded, retried, without stray logins."""

from __future__ import annotations

from copy import deepcopy
from typing import Any
from urllib.parse import urlsplit

import orjson
from pystac_client.stac_api_io import StacApiIO

from multisat.errors import InvalidAnswer
from multisat.http import HttpClient
from multisat.http.retry import RetryPolicy

_BODY_METHODS = frozenset({"POST", "PUT", "PATCH"})


class CatalogueIO(StacApiIO):
    """Reads a STAC API through an ``HttpClient``.

    Args:
        client: The connection to use.
        url: Address of the service; links that lead to another host are refused.
    """

    def __init__(self, client: HttpClient, url: str) -> None:
        super().__init__(max_retries=None)
        self._client = client
        self._host = urlsplit(url).netloc
        self.policy = RetryPolicy()

    def request(
        self,
        href: str,
        method: str | None = None,
        headers: dict[str, str] | None = None,
        parameters: dict[str, Any] | None = None,
    ) -> str:
        """Return the text of an answer; see ``StacApiIO.request``.

        Raises:
            InvalidAnswer: The link leads to another host, or the text is not UTF-8.
        """
        self._check_host(href)
        verb = (method or "GET").upper()
        body: dict[str, Any] = (
            {"json": parameters} if verb in _BODY_METHODS else {"params": deepcopy(parameters) or None}
        )
        answer = self._client.fetch(verb, href, headers=headers, policy=self.policy, **body)
        try:
            return answer.decode("utf-8")
        except UnicodeDecodeError as error:
            raise self._not_json(answer) from error

    def json_loads(self, txt: str, *args: Any, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401, ARG002
        """Return the JSON object in a text.

        Raises:
            InvalidAnswer: The text is no JSON object.
        """
        try:
            found = orjson.loads(txt)
        except orjson.JSONDecodeError as error:
            raise self._not_json(txt.encode()) from error
        if not isinstance(found, dict):
            raise self._not_json(txt.encode())
        return found

    def _check_host(self, href: str) -> None:
        host = urlsplit(href).netloc
        if host != self._host:
            raise InvalidAnswer(
                f"a link leads from {self._host} to {host}",
                provider=self._client.provider,
                hint="if the service has moved, set its new address",
            )

    def _not_json(self, body: bytes) -> InvalidAnswer:
        kind = "an HTML page" if body.lstrip()[:1] == b"<" else "something else"
        return InvalidAnswer(
            f"expected JSON and got {kind}",
            provider=self._client.provider,
            hint="a proxy or login page may be in the way; check the address of the provider",
        )
