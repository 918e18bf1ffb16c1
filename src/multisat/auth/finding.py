"""The chain: given in the program, environment, files users already have, keyring, multisat's own file."""

from __future__ import annotations

import os
from collections.abc import Iterator

from multisat.auth.credential import PARTS, Credential, Kind, credential
from multisat.auth.files import FINDERS
from multisat.auth.given import given
from multisat.auth.system_keyring import WHERE, keyring_parts, uses_keyring
from multisat.auth.wants import Want
from multisat.config import config_path, in_file
from multisat.errors import CredentialsError


def find(want: Want, hosts: tuple[str, ...]) -> Credential | None:
    """Return the first complete login there is, or None. Asks no network.

    Args:
        want: What the archive takes, and where it may be.
        hosts: What it is bound to; in netrc it is looked up under the first of them.

    Raises:
        CredentialsError: A place holds half a login, or cannot be read; the message names it.
    """
    try:
        return next((found for found in _places(want, hosts) if found is not None), None)
    except CredentialsError as error:
        error.provider = error.provider or want.provider
        raise


def _places(want: Want, hosts: tuple[str, ...]) -> Iterator[Credential | None]:
    owners = [name for name in (want.provider, want.shared) if name]
    for owner in owners:
        for kind in want.kinds:
            where = f"the login given for {owner}"
            yield credential(kind, given(owner), names={}, hosts=hosts, where=where)
    yield from _environment(want, owners, hosts)
    for name in want.files:
        yield FINDERS[name](hosts)
    for owner in filter(uses_keyring, owners):
        parts = keyring_parts(owner)
        for kind in want.kinds:
            yield credential(kind, parts, names={}, hosts=hosts, where=WHERE)
    for owner in owners:
        where = f"{config_path()} [providers.{owner}]"
        for kind in want.kinds:
            told = {part: in_file(owner, part) for part in PARTS[kind]}
            yield credential(kind, told, names={}, hosts=hosts, where=where)


def _environment(want: Want, owners: list[str], hosts: tuple[str, ...]) -> Iterator[Credential | None]:
    own = [(kind, _own_variables(owner, kind)) for owner in owners for kind in want.kinds]
    for kind, variables in [*own, *want.variables]:
        names = dict(zip(PARTS[kind], variables, strict=True))
        parts = {part: os.environ.get(name) for part, name in names.items()}
        if kind == "s3":
            parts["session_token"] = os.environ.get(variables[0].replace("ACCESS_KEY_ID", "SESSION_TOKEN"))
        yield credential(kind, parts, names=names, hosts=hosts, where=f"environment {_first(names, parts)}")


def _own_variables(owner: str, kind: Kind) -> tuple[str, ...]:
    return tuple(f"MULTISAT_{owner}_{part}".upper().replace("-", "_") for part in PARTS[kind])


def _first(names: dict[str, str], parts: dict[str, str | None]) -> str:
    return next((name for part, name in names.items() if parts.get(part)), "")
