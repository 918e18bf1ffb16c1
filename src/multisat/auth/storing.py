"""Putting a login where the archive's own tools look for it; other people cannot read it there."""

from __future__ import annotations

import json
import os
import re
import tempfile
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from multisat.auth.credential import PARTS
from multisat.auth.files import planetary_computer_settings, sentinelhub_path
from multisat.auth.netrc_file import netrc_path
from multisat.auth.openeo_files import CLIENTS, REFRESH_TOKENS, openeo_path
from multisat.auth.reading import json_object, toml_table
from multisat.config import config_path
from multisat.errors import CredentialsError


def store_netrc(machine: str, user: str, password: str) -> Path:
    """Put a login into the user's netrc file; other machines stay as they are."""
    path = netrc_path()
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    entry = rf"^[ \t]*machine\s+{re.escape(machine)}\s.*?(?=^[ \t]*(?:machine|default|macdef)\b|\Z)"
    rest = re.sub(entry, "", old, flags=re.MULTILINE | re.DOTALL)
    line = f"machine {machine} login {_quoted(user)} password {_quoted(password)}\n"
    # First, because a default entry ends the file.
    return write_private(path, line + rest)


def store_subscription_key(key: str) -> Path:
    """Put a subscription key into the settings of the planetary-computer package."""
    path, told = planetary_computer_settings()
    lines = {**told, "PC_SDK_SUBSCRIPTION_KEY": key}
    return write_private(path, "".join(f"{name}={value}\n" for name, value in lines.items()))


def store_sentinelhub(client: str, secret: str, token_url: str, base_url: str) -> Path:
    """Put a client into the profile ``cdse`` of the sentinelhub package."""
    told = {
        "sh_client_id": client,
        "sh_client_secret": secret,
        "sh_base_url": base_url,
        "sh_token_url": token_url,
    }
    return _store_table(sentinelhub_path(), "cdse", told)


def store_openeo_client(backend: str, provider: str, client: str, secret: str) -> Path:
    """Put a client into the openEO client's own settings.

    Args:
        backend: Address as users give it to ``openeo.connect``, with its scheme.
        provider: Name the backend has for its login service.
        client: Client id.
        secret: Its secret.
    """
    path = openeo_path(CLIENTS)
    told = json_object(path)
    made = {"type": "AuthConfig", "created": _now(), "created_by": "multisat", "version": 1}
    told = {"metadata": made, "general": {}, **told}
    place = _deep(told, "backends", backend.rstrip("/"), "oidc", "providers")
    place[provider] = {"date": _now(), "client_id": client, "client_secret": secret}
    return write_private(path, json.dumps(told, indent=2))


def store_openeo_refresh_token(issuer: str, client: str, token: str) -> Path:
    """Put a refresh token where the openEO client looks for one."""
    path = openeo_path(REFRESH_TOKENS)
    told = json_object(path)
    _deep(told, issuer.rstrip("/"))[client] = {"date": _now(), "refresh_token": token}
    return write_private(path, json.dumps(told, indent=2))


def _deep(told: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Return an object within objects, which is made if it is not there."""
    for key in keys:
        if not isinstance(told.get(key), dict):
            told[key] = {}
        told = told[key]
    return told


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"


def store_in_config(provider: str, parts: Mapping[str, str]) -> Path:
    """Put a login into multisat's own file."""
    return _store_table(config_path(), f"providers.{provider}", parts)


_OURS = {"store", "session_token", *(part for parts in PARTS.values() for part in parts)}
"""What a table may hold that a login replaces."""


def _store_table(path: Path, name: str, told: Mapping[str, str]) -> Path:
    """Put a table at the end of a TOML file; one of that name that holds such a login is replaced.

    Raises:
        CredentialsError: There is one that holds other settings, too.
    """
    found: object = toml_table(path)
    for key in name.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    if isinstance(found, dict) and not set(found) <= {*told, *_OURS}:
        raise _by_hand(path, name, told)
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    head = rf"^\[{re.escape(name)}\][^\n]*\n(?:(?!\[)[^\n]*(?:\n|\Z))*"
    rest = re.sub(head, "", old, flags=re.MULTILINE)
    table = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items())
    text = f"{rest.rstrip()}\n\n[{name}]\n{table}".lstrip()
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:  # the table is there already, written in some other way
        raise _by_hand(path, name, told) from None
    return write_private(path, text)


def _by_hand(path: Path, name: str, told: Mapping[str, str]) -> CredentialsError:
    lines = (f'{key} = "{value}"' if key == "store" else key for key, value in told.items())
    return CredentialsError(
        f"{path} has settings in [{name}] already", hint=f"add there yourself: {', '.join(lines)}"
    )


def write_private(path: Path, text: str) -> Path:
    """Write a file that only its owner may read, in one step, and return its path.

    Raises:
        CredentialsError: It cannot be written.
    """
    try:
        path = path.resolve() if path.is_symlink() else path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".multisat-")  # of mode 600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(temporary).replace(path)
    except OSError as error:
        raise CredentialsError(
            f"cannot write {path}: {error.strerror}", hint="check the folder, or set variables instead"
        ) from None
    return path


def _quoted(text: str) -> str:
    if re.fullmatch(r"[\w.@+-]+", text):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
