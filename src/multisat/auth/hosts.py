"""Which hosts a credential belongs to."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit


def belongs_to(url: str, hosts: Iterable[str]) -> bool:
    """Whether a credential bound to hosts may be sent to an address.

    Args:
        url: Full address; only https counts.
        hosts: Host names; one that begins with a point stands for all its subdomains.
    """
    parts = urlsplit(url)
    name = (parts.hostname or "").lower()
    return parts.scheme == "https" and any(
        name.endswith(host) if host.startswith(".") else name == host for host in hosts
    )
