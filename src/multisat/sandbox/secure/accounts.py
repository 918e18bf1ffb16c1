"""Synthetic users, clients and keys, and how a request shows them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from multisat.sandbox.http import Request

USER = "ada"
UNAPPROVED = "unapproved"
"""Has not yet allowed the data host to see who it is."""
NO_EULA = "no-eula"
"""Has not accepted the licence of the data."""
USERS: Mapping[str, str] = {name: f"synthetic-{name}-pw" for name in (USER, UNAPPROVED, NO_EULA)}
"""User name to password."""

CLIENT, PUBLIC_CLIENT = "sandbox-client", "cdse-public"
CLIENTS: Mapping[str, str | None] = {CLIENT: "synthetic-client-secret", PUBLIC_CLIENT: None}
"""OIDC client to secret; a public client has none."""
DATA_CLIENT = "sandbox-data-host"
"""What the data host calls itself at the Earthdata login."""
SUBSCRIPTION_KEY = "synthetic-subscription-key"
"""The one key the signing service knows."""


def basic(request: Request) -> tuple[str, str] | None:
    """Return user name and password of a Basic header, or None."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        user, _, password = base64.b64decode(text).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def bearer(request: Request) -> str | None:
    """Return the token of a Bearer header, or None."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    return text.strip() if kind.lower() == "bearer" else None


def known(login: tuple[str, str] | None) -> str | None:
    """Return the user whose name and password these are, or None."""
    return login[0] if login and login[0] in USERS and USERS[login[0]] == login[1] else None


_SECRET_QUERY = ("sig", "X-Amz-Signature", "X-Amz-Security-Token", "code")
_SECRET_HEADERS = ("authorization", "cookie", "ocp-apim-subscription-key", "x-api-key")
_SECRET_FORM = ("password", "client_secret", "refresh_token", "device_code")


def shown(request: Request) -> dict[str, str]:
    """Return every credential a request carries, by the name of its header or field."""
    places = (
        (request.headers, _SECRET_HEADERS),
        (request.query, _SECRET_QUERY),
        (request.form, _SECRET_FORM),
    )
    return {name: where[name] for where, names in places for name in names if name in where}
