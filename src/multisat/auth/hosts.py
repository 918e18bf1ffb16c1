"""Which addresses a credential belongs to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import SplitResult

from multisat.http.addresses import split

_USUAL = {"http": 80, "https": 443}


def belongs_to(url: str, hosts: Iterable[str]) -> bool:
    """Whether a credential bound to hosts may be sent to an address.

    Args:
        url: Full address; only https counts, or http on this machine itself.
        hosts: Host names; one that begins with a point stands for all its subdomains, and one with
            a scheme (``"https://host:8443"``) is an origin, of which scheme and port must agree, too.
    """
    parts = split(url)
    if parts is None or _ambiguous(url, parts) or not _private_enough(parts):
        return False
    return any(_matches(parts, host) for host in hosts)


def origin(url: str) -> str:
    """Return scheme, host and port of an address, without path, query or login; empty if it has none."""
    parts = split(url)
    if parts is None or not parts.hostname or not parts.scheme:
        return ""
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    port = parts.port
    return f"{parts.scheme}://{name}" + (f":{port}" if port not in {None, _USUAL.get(parts.scheme)} else "")


def host_of(url: str) -> str:
    """Return the host of an address, lower case; empty if it has none."""
    parts = split(url)
    return (parts.hostname or "").lower() if parts else ""


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, by its name or number."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ambiguous(url: str, parts: SplitResult) -> bool:
    """Whether clients may disagree about its host, or it brings a login of its own."""
    return "@" in parts.netloc or "\\" in url or any(c.isspace() or not c.isprintable() for c in url)


def _private_enough(parts: SplitResult) -> bool:
    """Whether nobody on the way can read along."""
    name = (parts.hostname or "").lower()
    return bool(name) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(name)))


def _matches(parts: SplitResult, host: str) -> bool:
    if "://" in host:
        return origin(parts.geturl()) == origin(host)
    name = (parts.hostname or "").lower()
    if parts.scheme != "https":
        return False
    return name.endswith(host) if host.startswith(".") else name == host
