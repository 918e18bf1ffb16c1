"""Logins that the openEO client has stored (openeo 0.42, 2025-07)."""

from __future__ import annotations

import os
from pathlib import Path

from multisat.auth.credential import Credential, credential
from multisat.auth.hosts import host_of
from multisat.auth.netrc_file import warn_if_open
from multisat.auth.reading import inner, json_object

_APP = "openeo-python-client"


def openeo_path(name: str) -> Path:
    """Return where the openEO client keeps a file: ``auth-config.json`` or ``refresh-tokens.json``."""
    config = name == "auth-config.json"
    own = os.environ.get("OPENEO_CONFIG_HOME") if config else None
    if own:
        return Path(own).expanduser() / name
    variable, usual = ("XDG_CONFIG_HOME", "~/.config") if config else ("XDG_DATA_HOME", "~/.local/share")
    return Path(os.environ.get(variable) or usual).expanduser() / _APP / name


def openeo_client(hosts: tuple[str, ...]) -> Credential | None:
    """Return the OIDC client stored for a backend among the hosts, or None.

    Raises:
        CredentialsError: The file does not parse, or has half a client.
    """
    path, known = openeo_path("auth-config.json"), {host_of(host) or host for host in hosts}
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
    path, known = openeo_path("refresh-tokens.json"), {host_of(host) or host for host in hosts}
    for issuer, clients in json_object(path).items():
        if host_of(issuer) not in known or not isinstance(clients, dict):
            continue
        for client, told in clients.items():
            parts = {"client_id": client, "refresh_token": inner(clients, client).get("refresh_token")}
            if told and parts["refresh_token"]:
                warn_if_open(path)
                return credential("refresh", parts, names={}, hosts=hosts, where=str(path))
    return None
