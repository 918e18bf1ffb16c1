"""Every error multisat raises on purpose.

    MultisatError
    ├── UsageError (ValueError)          what was asked for cannot be understood
    │   ├── AOIError                     an area of interest that is no area
    │   ├── TimeRangeError               a time range that is no time range
    │   └── UnsupportedOperation         understood, but this provider cannot do it
    ├── CredentialsError                 a login is missing or was refused
    ├── NothingFound                     no scene answers the request
    ├── ProviderError                    an archive did not answer as it should
    │   ├── ProviderTimeout (TimeoutError)
    │   ├── ProviderUnavailable          connection refused, 429, 5xx
    │   ├── ProviderRefused              400, 403, 404 and their like
    │   └── InvalidAnswer                not JSON, too large, a page that repeats
    ├── AssetError                       a file that cannot be used
    │   ├── AssetUnreadable              gone, truncated, not a raster
    │   │   └── AssetRefused             the server refuses it: 401, 403
    │   └── BaselineMissing              reflectance would be a guess
    └── PluginError                      an extension that does not load

Each names the thing it is about and, as ``hint``, the next step to take.
"""

from __future__ import annotations

from typing import ClassVar


class MultisatError(Exception):
    """Base of all errors raised on purpose.

    Attributes:
        provider: Name of the provider concerned, if any.
        item: Id of the scene concerned, if any.
        asset: Key or band of the asset concerned, if any.
        hint: The next thing to do, as one sentence.
        exit_code: What the command line returns for this error.

    Args:
        message: What went wrong, as one sentence.
    """

    exit_code: ClassVar[int] = 1

    def __init__(
        self,
        message: str,
        *,
        provider: str | None = None,
        item: str | None = None,
        asset: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.provider = provider
        self.item = item
        self.asset = asset
        self.hint = hint

    def __str__(self) -> str:
        """Return where, what and the next step, in one line."""
        where = ": ".join(part for part in (self.provider, self.item, self.asset) if part)
        what = super().__str__()
        text = f"{where}: {what}" if where else what
        return f"{text} ({self.hint})" if self.hint else text


class UsageError(MultisatError, ValueError):
    """What was asked for cannot be understood."""

    exit_code = 2


class AOIError(UsageError):
    """An area of interest that is no area: empty, out of range, without a known CRS."""


class TimeRangeError(UsageError):
    """A time range that is no time range: month 13, an end before its start."""


class UnsupportedOperation(UsageError):
    """Understood, but the provider cannot do it."""


class CredentialsError(MultisatError):
    """A login is missing, incomplete or was refused."""

    exit_code = 3


class LoginNeeded(CredentialsError, UnsupportedOperation):
    """There is no login where nothing works without; a search of many archives passes this one over."""

    exit_code = CredentialsError.exit_code


class NothingFound(MultisatError):
    """No scene answers the request."""

    exit_code = 4


class ProviderError(MultisatError):
    """An archive did not answer as it should."""

    exit_code = 6


class ProviderTimeout(ProviderError, TimeoutError):
    """An archive did not answer within the deadline."""


class ProviderUnavailable(ProviderError, ConnectionError):
    """An archive refuses connections, is overloaded or fails (429, 5xx)."""


class ProviderRefused(ProviderError):
    """An archive refuses the request itself (400, 403, 404 and their like)."""


class InvalidAnswer(ProviderError):
    """An archive answered with something that is no answer: HTML, cut JSON, a repeated page."""


class AssetError(MultisatError):
    """A file or layer of a scene that cannot be used."""

    exit_code = 5


class AssetUnreadable(AssetError, OSError):
    """A file that is gone, truncated or not a raster."""


class AssetRefused(AssetUnreadable):
    """A file that its server refuses (401, 403): a signature has ended, or a login lacks the right."""


class BaselineMissing(AssetError):
    """Sentinel-2 without a processing baseline: its reflectance offset would be a guess."""


class PluginError(MultisatError):
    """An extension that cannot be loaded or breaks the contract."""


class CredentialsWarning(UserWarning):
    """A login lies open to others, or reading will cost its user money."""
