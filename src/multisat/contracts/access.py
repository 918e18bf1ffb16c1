"""How to open one asset now: a signed address and headers that live only in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """A way to open one asset, made at read time where the read happens.

    It may hold a signature or a token, so it has no readable form and cannot be pickled.

    Attributes:
        href: Address to open, signed if the archive asks for it.
        headers: HTTP headers to send to the host of ``href`` and to no other. ``Authorization`` and
            ``Cookie`` cost nothing; others cost a request that asks where the file leads before it is read.
        gdal: GDAL configuration options for this read.
        refused: What to call when the server refuses it (401, 403), from any thread; after it, the access
            is made anew, once. It raises ``CredentialsError`` if a new one cannot help. None if there
            is nothing to renew.
    """

    href: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    gdal: Mapping[str, str] = field(default_factory=dict, repr=False)
    refused: Callable[[], None] | None = field(default=None, repr=False)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "an Access may hold a credential and is never pickled; make it where the read happens"
        )

    def __getstate__(self) -> Any:  # noqa: ANN401 - pickle protocol
        return self.__reduce__()
