"""Logins that the openEO client has stored (openeo 0.53, 2026-10)."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from multisat.auth.credential import Credential, credential
from multisat.auth.hosts import host_of
from multisat.auth.netrc_file import warn_if_open
from multisat.auth.reading import inner, json_object

CLIENTS, REFRESH_TOKENS = "auth-config.json", "refresh-tokens.json"
_APP = "openeo-python-client"
_PLACES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    CLIENTS: {
        "linux": ("$XDG_CONFIG_HOME", "~/.config"),
        "darwin": ("$XDG_CONFIG_HOME", "~/Library/Preferences", "~/.config"),
        "win32": ("$APPDATA", "~/AppData/Roaming", "~/.config"),
    },
    REFRESH_TOKENS: {
        "linux": ("$XDG_DATA_HOME", "~/.local/share"),
        "darwin": ("$XDG_DATA_HOME", "~/Library", "~/.local/share"),
        "win32": ("$APPDATA", "~/AppData/Roaming", "~/.local/share"),
    },
}
"""File and system to the folders the openEO client tries; the first that is there counts."""


def openeo_path(name: str) -> Path:
    """Return where the openEO client keeps a file: ``CLIENTS`` or ``REFRESH_TOKENS``."""
    own = os.environ.get("OPENEO_CONFIG_HOME")
    named = _PLACES[name].get(sys.platform, _PLACES[name]["linux"])
    roots = [os.environ.get(root[1:]) if root.startswith("$") else root for root in named]
    folders = [Path(root).expanduser() / _APP for root in roots if root]
    if own:
        folders.insert(0, Path(own).expanduser())
    return next((folder for folder in folders if folder.is_dir()), folders[0]) / name


def openeo_client(hosts: tuple[str, ...]) -> Credential | None:
    """Return the OIDC client stored for a backend among the hosts, or None.

    Raises:
        CredentialsError: The file does not parse, or has half a client.
    """
    path, known = openeo_path(CLIENTS), {host_of(host) or host for host in hosts}
    for backend, told in inner(json_object(path), "backends").items():
        if host_of(backend) not in known:
            continue
        for provider, client in inner(told, "oidc", "providers").items():
            if isinstance(client, dict) and client.get("client_secret"):
                warn_if_open(path)
                where = f"{path} [{host_of(backend)}, {provider}]"
                return credential("client", client, names={}, hosts=hosts, where=where)
    return None


def openeo_refresh_token(hosts: tuple[str, ...]) -> Credential | None:
    """Return a refresh token that an earlier login left, for an issuer among the hosts, or None.

    Raises:
        CredentialsError: The file does not parse.
    """
    path, known = openeo_path(REFRESH_TOKENS), {host_of(host) or host for host in hosts}
    for issuer, clients in json_object(path).items():
        if host_of(issuer) not in known or not isinstance(clients, dict):
            continue
        for client, told in clients.items():
            parts = {"client_id": client, "refresh_token": inner(clients, client).get("refresh_token")}
            if told and parts["refresh_token"]:
                warn_if_open(path)
                return credential("refresh", parts, names={}, hosts=hosts, where=str(path))
    return None
