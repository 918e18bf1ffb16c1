"""Logins given in the program itself; they last as long as the process."""

from __future__ import annotations

from collections.abc import Mapping

from multisat.auth.credential import PARTS
from multisat.auth.secret import Secret
from multisat.errors import UsageError

_KNOWN = {part for parts in PARTS.values() for part in parts} | {"session_token"}
_given: dict[str, dict[str, Secret]] = {}


def give(provider: str, **parts: str | None) -> None:
    """Use a login in this process, before all that is found elsewhere.

    Nothing is stored. To let Dask workers read, call it there: ``client.run(give, "nasa-cmr", token=...)``.

    Args:
        provider: Name of the provider, such as ``"nasa-cmr"``.
        **parts: ``token``, or ``username`` and ``password``, or ``subscription_key``, or ``client_id`` and
            ``client_secret``, or ``access_key_id`` and ``secret_access_key``; none takes it back.

    Raises:
        UsageError: There is no such part.
    """
    unknown = sorted(set(parts) - _KNOWN)
    if unknown:
        raise UsageError(
            f"no login has a part {', '.join(unknown)}", hint=f"parts: {', '.join(sorted(_KNOWN))}"
        )
    _given[provider] = {name: Secret(text) for name, text in parts.items() if text}


def given(provider: str) -> Mapping[str, str | None]:
    """Return the parts given for a provider."""
    return {name: secret.reveal() for name, secret in _given.get(provider, {}).items()}
