"""The NASA Earthdata login: found where users keep it, sent to NASA's hosts only."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from urllib.parse import urljoin

from multisat.auth import Credential, Secret, find
from multisat.auth.asking import ask, refused
from multisat.auth.hosts import belongs_to, origin
from multisat.auth.renewing import Renewing
from multisat.auth.wants import EARTHDATA
from multisat.config import setting
from multisat.contracts import Access, Asset, CredentialStatus, Proof
from multisat.errors import CredentialsError
from multisat_nasa_cmr.direct import direct, wants_direct
from multisat_nasa_cmr.passes import Pass, fetch_pass

NAME = EARTHDATA.provider
_LOGIN_URL = "https://urs.earthdata.nasa.gov"
_DATA_URL = "https://data.lpdaac.earthdatacloud.nasa.gov"
_DATA_HOSTS = (".earthdatacloud.nasa.gov",)
_HINT = f"make an account at {_LOGIN_URL}, then: multisat login nasa-cmr"


def login_url() -> str:
    """Return the one address that is told a password."""
    return origin(setting(NAME, "login_url") or _LOGIN_URL)


def data_hosts() -> tuple[str, ...]:
    """Return the hosts whose files the login opens."""
    own = setting(NAME, "data_url")
    return (origin(own),) if own else _DATA_HOSTS


def find_login() -> Credential | None:
    """Return the login, or None. A password is for the login host alone, a token for the data hosts, too.

    Raises:
        CredentialsError: There is half a login, or a file does not parse.
    """
    found = find(EARTHDATA, (login_url(),))
    if found is not None and found.kind == "token":
        return replace(found, hosts=(login_url(), *data_hosts()))
    return found


def status() -> CredentialStatus:
    """Return whether a login was found, and where."""
    login = find_login()
    if login is None:
        return CredentialStatus(found=False, note=f"needed to read pixels: {_HINT}")
    return CredentialStatus(found=True, where=login.where)


class Earthdata:
    """The login of this process. Safe to use from many threads."""

    def __init__(self) -> None:
        self._passes: dict[tuple[str, Secret, str], Renewing] = {}
        self._keys: dict[tuple[str, Secret], Renewing] = {}
        self._lock = threading.Lock()

    def access(self, asset: Asset) -> Access:
        """Return how to open a file on a NASA host.

        Raises:
            CredentialsError: There is no login, or it was refused.
            ProviderError: The login host does not answer.
        """
        login = self.login()
        passes = self.passes(login, origin(asset.href))
        token = passes.get()
        headers = Pass.of(token.secret).headers
        if wants_direct(asset.href):
            return direct(asset.href, headers, self._keys, self._lock)
        renew = partial(self._refused, login, asset.href, passes, token.secret)
        return Access(href=asset.href, headers=headers, refused=renew)

    def prove(self) -> Proof:
        """Try the login at the data host.

        Raises:
            CredentialsError: It is missing or was refused.
            ProviderError: There is no answer.
        """
        login, host = self.login(), origin(setting(NAME, "data_url") or _DATA_URL)
        passes = self.passes(login, host)
        token = passes.get()
        url = f"{host}/s3credentials"
        answer, _ = ask(NAME, "GET", url, headers=Pass.of(token.secret).headers)
        if answer.status != HTTPStatus.OK:
            self._refused(login, url, passes, token.secret)
            raise refused(NAME, answer, f"the Earthdata login of {login.where}", f"multisat login {NAME}")
        return Proof(works=True, seconds=token.left, note=f"opens {host}")

    def login(self) -> Credential:
        """Return the login.

        Raises:
            CredentialsError: There is none, or half a one.
        """
        found = find_login()
        if found is None:
            raise CredentialsError("no Earthdata login was found", provider=NAME, hint=_HINT)
        return found

    def passes(self, login: Credential, host: str) -> Renewing:
        """Return what opens files on one data host."""
        with self._lock:
            known = (login.user, login.secret, host)
            if known not in self._passes:
                self._passes[known] = Renewing(partial(fetch_pass, login, login_url(), host))
            return self._passes[known]

    @staticmethod
    def _refused(login: Credential, href: str, passes: Renewing, secret: Secret) -> None:
        """Find out why a file was refused; a token that has ended is forgotten.

        Raises:
            CredentialsError: A new token would be refused, too.
        """
        if passes.get().secret != secret:
            return
        answer, _ = ask(NAME, "GET", href, headers={**Pass.of(secret).headers, "Range": "bytes=0-0"})
        if answer.status == HTTPStatus.FORBIDDEN:
            raise _forbidden(answer.told)
        if answer.location is not None and not belongs_to(urljoin(href, answer.location), (login_url(),)):
            return  # the login holds; what ended is the signed address it led to
        if login.kind == "token" and answer.status == HTTPStatus.UNAUTHORIZED:
            text = f"the Earthdata token of {login.where} was refused; it has ended or was revoked"
            hint = f"make a new one at {login_url()}/profile, or: multisat login {NAME}"
            raise CredentialsError(text, provider=NAME, hint=hint)
        passes.refuse(secret)


def _forbidden(told: dict[str, object]) -> CredentialsError:
    """Return the error of a login without the right; a link is passed on if it is the login host's own."""
    link = str(told.get("resolution_url") or "")
    link = link if belongs_to(link, (login_url(),)) else f"{login_url()}/profile"
    if "eula" in str(told.get("error_description", "")).lower():
        return CredentialsError(
            "the licence (EULA) of these data is not accepted yet", provider=NAME, hint=f"accept it at {link}"
        )
    return CredentialsError(
        "the Earthdata account lacks the right to read this file", provider=NAME, hint=f"see {link}"
    )
