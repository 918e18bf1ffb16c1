"""Where a redirect may lead."""

from __future__ import annotations

import ipaddress
import socket
from typing import Literal
from urllib.parse import SplitResult, urljoin

from multisat.errors import ProviderRefused
from multisat.http.addresses import split

Zone = Literal["public", "private", "loopback", "link-local"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".home.arpa")


class RedirectRefused(ProviderRefused):
    """A redirect that leads where no archive has its files: to a file, or into the reader's own network."""


def next_address(url: str, target: str) -> str:
    """Return the full address a redirect leads to.

    Args:
        url: Address that answered.
        target: What its ``Location`` says.

    Raises:
        RedirectRefused: It leaves the web, gives up encryption, or leads into a more private network.
    """
    before, after = split(url), split(_joined(url, target))
    if after is None or before is None or after.scheme not in {"http", "https"} or not after.hostname:
        raise _refused(before, f"to {after.scheme if after and after.scheme else 'no address'}")
    if (before.scheme, after.scheme) == ("https", "http"):
        raise _refused(before, "to http")
    old, new = zone(before.hostname or ""), zone(after.hostname)
    if new not in {"public", old} or new == "link-local":
        raise _refused(before, f"to a {new} address")
    return after.geturl()


def zone(host: str) -> Zone:
    """Return what kind of network a host is in, by its number or name; names are not looked up."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return "loopback"
    number = _number(name)
    if number is None:
        return "private" if name.endswith(_LOCAL_NAMES) or "." not in name else "public"
    if number.is_link_local:
        return "link-local"
    if number.is_loopback or number.is_unspecified:
        return "loopback"
    return "public" if number.is_global else "private"


def _number(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the number a host is, in any of the ways that clients understand (``127.1``, ``0x7f000001``)."""
    try:
        found = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        try:
            return ipaddress.IPv4Address(socket.inet_aton(name))
        except OSError:
            return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _joined(url: str, target: str) -> str:
    try:
        return urljoin(url, target)
    except ValueError:
        return ""


def _refused(before: SplitResult | None, where: str) -> RedirectRefused:
    host, kind = (before.hostname or "the server", before.scheme) if before else ("the server", "")
    return RedirectRefused(
        f"{host} redirects from {kind} {where}; this is not followed", hint="tell the archive"
    )
