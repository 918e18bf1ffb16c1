"""Signatures for files on Azure: one for each container, fetched once, renewed before it ends."""

from __future__ import annotations

import os
import re
import threading
import time
from functools import partial
from http import HTTPStatus
from urllib.parse import urlsplit

from multisat.auth import Credential, Secret, find
from multisat.auth.asking import ask, ends_at, refused, text
from multisat.auth.files import planetary_computer_settings
from multisat.auth.hosts import belongs_to, host_of, origin
from multisat.auth.renewing import Renewing, Token
from multisat.auth.wants import PLANETARY_COMPUTER
from multisat.config import setting
from multisat.contracts import Access
from multisat.errors import UsageError

NAME = PLANETARY_COMPUTER.provider
BLOBS = ".blob.core.windows.net"
OPEN_ACCOUNTS = frozenset({"ai4edatasetspublicassets"})
"""Accounts anybody reads without a signature (planetary-computer 1.0, 2025-07)."""
_DEFAULT_URL = "https://planetarycomputer.microsoft.com/api/sas/v1/token"
PROBE = "sentinel2l2a01/sentinel2-l2"
"""Account and container of Sentinel-2, to try signing with (recorded items, 2025-07-31)."""
_HEADER = "Ocp-Apim-Subscription-Key"
_PLACE = re.compile(r"[a-z0-9]{3,24}/(\$root|\$web|[a-z0-9](-?[a-z0-9]){2,62})")
"""Account and container as Azure allows them (its naming rules, 2025-07); no more gets into an address."""
_OPEN_FOR = 600.0
"""Seconds it is remembered that a container needs no signature."""


def sas_url() -> str:
    """Return the address of the signing service, by our settings, else by those of the SDK."""
    own = setting(NAME, "sas_url") or os.environ.get("PC_SDK_SAS_URL")
    return (own or planetary_computer_settings()[1].get("PC_SDK_SAS_URL") or _DEFAULT_URL).rstrip("/")


def subscription_key() -> Credential | None:
    """Return the subscription key, bound to the signing service, or None; it is optional.

    Raises:
        CredentialsError: The settings file cannot be read.
    """
    return find(PLANETARY_COMPUTER, (origin(sas_url()),))


class Signer:
    """Signs addresses for this process. Safe to use from many threads."""

    def __init__(self) -> None:
        self._tokens: dict[tuple[str, Secret | None], Renewing] = {}
        self._lock = threading.Lock()

    def access(self, href: str) -> Access:
        """Return how to open a file now; what is not on Azure, or open to all, is left as it is.

        Raises:
            CredentialsError: The subscription key was refused.
            ProviderError: The signing service does not answer.
        """
        place = container(href)
        if place is None:
            return Access(href=href)
        # A signature that is there already may have ended, so each begins without one.
        plain = href.partition("#")[0].partition("?")[0]
        tokens = self.tokens(place)
        secret = tokens.get().secret
        if not secret.reveal():
            return Access(href=plain)
        return Access(href=f"{plain}?{secret.reveal()}", refused=partial(tokens.refuse, secret))

    def tokens(self, place: str) -> Renewing:
        """Return the signatures of one container.

        Args:
            place: ``ACCOUNT/CONTAINER``.

        Raises:
            UsageError: It is not.
        """
        if not _PLACE.fullmatch(place):
            raise UsageError("no account and container of Azure", hint="such as " + PROBE)
        url, key = f"{sas_url()}/{place}", subscription_key()
        with self._lock:
            known = (url, key.secret if key else None)
            if known not in self._tokens:
                self._tokens[known] = Renewing(partial(fetch, url, key))
            return self._tokens[known]


def container(href: str) -> str | None:
    """Return ``ACCOUNT/CONTAINER`` of a file that must be signed, or None."""
    blobs = setting(NAME, "blob_url")
    path = [part for part in urlsplit(href).path.split("/") if part] if "://" in href else []
    if blobs and belongs_to(href, (origin(blobs),)):
        account, *path = path or [""]
    elif belongs_to(href, (BLOBS,)) and host_of(href).removesuffix(BLOBS) not in OPEN_ACCOUNTS:
        account = host_of(href).removesuffix(BLOBS)
    else:
        return None
    place = f"{account}/{path[0]}" if len(path) > 1 else ""
    return place if _PLACE.fullmatch(place) else None


def fetch(url: str, key: Credential | None) -> Token:
    """Return a new signature; an empty one if the container needs none.

    Args:
        url: Signing service, account and container.
        key: Subscription key to show, or None.

    Raises:
        CredentialsError: The key was refused.
        ProviderError: The service does not answer as it should.
    """
    begun = time.time()
    headers = {_HEADER: key.reveal_to(url)} if key else {}
    answer, ahead = ask(NAME, "GET", url, headers=headers)
    if answer.status == HTTPStatus.NOT_FOUND:
        return Token(secret=Secret(""), begun=begun, ends=begun + _OPEN_FOR)
    if answer.status != HTTPStatus.OK:
        what = f"the subscription key of {key.where}" if key else "signing without a subscription key"
        raise refused(NAME, answer, what, "renew the key, or take it away; none is needed")
    signature = text(answer.told, "token", NAME)
    return Token(secret=Secret(signature), begun=begun, ends=ends_at(answer.told.get("msft:expiry"), ahead))
