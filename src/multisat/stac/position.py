"""Where a search stands, as a token that another process can go on from."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from multisat.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class Position:
    """The next unread page.

    Attributes:
        ask: Number of the search, for requests that take several.
        link: The service's link to the page, or None for the first page of that search.
    """

    ask: int = 0
    link: Mapping[str, Any] | None = None

    def token(self, asks: object) -> str:
        """Return the position as text, bound to the searches it belongs to."""
        data = orjson.dumps([_digest(asks), self.ask, self.link])
        return urlsafe_b64encode(data).decode()

    @classmethod
    def read(cls, token: str, asks: object) -> Position:
        """Return the position of a token.

        Raises:
            UsageError: It is no token, or it belongs to another request.
        """
        try:
            digest, ask, link = orjson.loads(urlsafe_b64decode(token))
        except (Base64Error, ValueError) as error:
            raise UsageError("the resume token cannot be read", hint="use it as it was given") from error
        if digest != _digest(asks):
            raise UsageError("the resume token belongs to another request", hint="repeat the same request")
        return cls(ask=int(ask), link=link)


def _digest(asks: object) -> str:
    return hashlib.sha256(orjson.dumps(asks, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
