"""Where Sentinel Hub runs, and what each place has.

Checked 2026-11-21 against the collection definitions of sentinelhub-py 3.12 and the Sentinel Hub pages of the
Copernicus Data Space documentation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from multisat.auth.wants import CDSE_SENTINEL_HUB, CDSE_TOKEN_URL
from multisat.config import setting
from multisat.errors import UsageError

NAME = "sentinel-hub"
_COMMERCIAL_TOKENS = "https://services.sentinel-hub.com/auth/realms/main/protocol/openid-connect/token"


@dataclass(frozen=True, kw_only=True, slots=True)
class Deployment:
    """One place where Sentinel Hub runs.

    Attributes:
        name: Value of the setting ``deployment``, or ``"custom"``.
        url: Root of its services, without a trailing slash.
        token_url: Where it takes logins.
        collections: Native ids of what is there.
        batch: Whether it has the batch services.
        shared: Provider whose login holds there, too; empty for none.
    """

    name: str
    url: str
    token_url: str
    collections: tuple[str, ...]
    batch: bool = True
    shared: str = ""


_CDSE = ("sentinel-2-l2a", "sentinel-2-l1c", "sentinel-1-grd", "sentinel-3-olci", "sentinel-5p-l2")
DEPLOYMENTS: Mapping[str, Deployment] = {
    one.name: one
    for one in (
        Deployment(
            name="cdse",
            url=CDSE_SENTINEL_HUB,
            token_url=CDSE_TOKEN_URL,
            collections=(*_CDSE, "dem"),
            shared="cdse",
        ),
        Deployment(
            name="services",
            url="https://services.sentinel-hub.com",
            token_url=_COMMERCIAL_TOKENS,
            collections=("sentinel-2-l2a", "sentinel-2-l1c", "sentinel-1-grd", "dem"),
        ),
        Deployment(
            name="services-uswest2",
            url="https://services-uswest2.sentinel-hub.com",
            token_url=_COMMERCIAL_TOKENS,
            collections=("landsat-ot-l2", "landsat-etm-l2", "landsat-tm-l2", "hls", "dem"),
        ),
    )
}
"""Deployments by name."""


def deployment() -> Deployment:
    """Return the deployment the settings choose.

    ``deployment`` names one of ``DEPLOYMENTS``. ``url`` is the root of another one, which is taken to
    have what the named one has; ``token_url`` is where that one takes logins.

    Raises:
        UsageError: No deployment has that name.
    """
    name = setting(NAME, "deployment") or "cdse"
    if name not in DEPLOYMENTS:
        raise UsageError(
            f"no deployment is called {name!r}",
            provider=NAME,
            hint=f"use {', '.join(DEPLOYMENTS)}, or give its address: MULTISAT_SENTINEL_HUB_URL",
        )
    known, url = DEPLOYMENTS[name], setting(NAME, "url")
    shared = setting("cdse", "token_url") if name == "cdse" else None
    token_url = setting(NAME, "token_url") or shared or known.token_url
    return Deployment(
        name="custom" if url else name,
        url=(url or known.url).rstrip("/"),
        token_url=token_url,
        collections=known.collections,
        batch=known.batch,
        shared=known.shared,
    )
