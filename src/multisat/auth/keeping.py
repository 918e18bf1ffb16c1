"""Where a new login is kept: where the archive's own tools look for it, or in the system keyring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from multisat.auth import cdse
from multisat.auth.credential import Credential
from multisat.auth.hosts import host_of
from multisat.auth.storing import (
    store_in_config,
    store_netrc,
    store_openeo_client,
    store_openeo_refresh_token,
    store_sentinelhub,
    store_subscription_key,
)
from multisat.auth.system_keyring import NAME, store_in_keyring
from multisat.auth.wants import CDSE_PROVIDER, OPENEO, SENTINEL_HUB
from multisat.config import config_path, setting

Store = Literal["files", "keyring"]


def keep(provider: str, parts: Mapping[str, str], store: Store = "files") -> tuple[str, ...]:
    """Keep a login, and return the places, as ``Credential.where`` names them.

    Args:
        provider: Provider; ``cdse`` is for openEO and Sentinel Hub.
        parts: What it consists of; see ``PARTS``.
        store: Files of the archive's own tools, or the system keyring.

    Raises:
        CredentialsError: It cannot be kept there.
    """
    if store == NAME:
        where = store_in_keyring(provider, parts)
        store_in_config(provider, {"store": NAME})
        return (where,)
    if "client_id" in parts:
        return _keep_client(parts["client_id"], parts["client_secret"])
    if "username" in parts:
        return (str(store_netrc(_machine(), parts["username"], parts["password"])),)
    if "subscription_key" in parts:
        return (str(store_subscription_key(parts["subscription_key"])),)
    store_in_config(provider, parts)
    return (f"{config_path()} [providers.{provider}]",)


def keep_refresh_token(login: Credential) -> str:
    """Keep what a login on another device gave, where the openEO client looks for it."""
    token = login.reveal_to(cdse.token_url())
    return str(store_openeo_refresh_token(cdse.issuer(), login.user, token))


def _keep_client(client: str, secret: str) -> tuple[str, ...]:
    profile = store_sentinelhub(client, secret, cdse.token_url(), cdse.backend(SENTINEL_HUB))
    service = cdse.backend(OPENEO)
    path = store_openeo_client(service, CDSE_PROVIDER, client, secret)
    return f"{profile} [cdse]", f"{path} [{host_of(service)}, {CDSE_PROVIDER}]"


def _machine() -> str:
    return host_of(setting("nasa-cmr", "login_url") or "https://urs.earthdata.nasa.gov")
