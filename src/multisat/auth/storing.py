"""Putting a login where the archive's own tools look for it; other people cannot read it there."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from multisat.auth.files import planetary_computer_settings, sentinelhub_path
from multisat.auth.netrc_file import netrc_path
from multisat.auth.reading import toml_table
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


def store_in_config(provider: str, parts: Mapping[str, str]) -> Path:
    """Put a login into multisat's own file."""
    return _store_table(config_path(), f"providers.{provider}", parts)


def _store_table(path: Path, name: str, told: Mapping[str, str]) -> Path:
    """Put a table at the end of a TOML file; one of that name that holds such a login is replaced.

    Raises:
        CredentialsError: There is one that holds other settings, too.
    """
    found: object = toml_table(path)
    for key in name.split("."):
        found = found.get(key) if isinstance(found, dict) else None
    if isinstance(found, dict) and not set(found) <= set(told):
        raise CredentialsError(
            f"{path} has settings in [{name}] already", hint=f"add there yourself: {', '.join(told)}"
        )
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    head = rf"^\[{re.escape(name)}\][^\n]*\n(?:(?!\[)[^\n]*(?:\n|\Z))*"
    rest = re.sub(head, "", old, flags=re.MULTILINE)
    table = "".join(f"{key} = {json.dumps(value)}\n" for key, value in told.items())
    return write_private(path, f"{rest.rstrip()}\n\n[{name}]\n{table}".lstrip())


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
