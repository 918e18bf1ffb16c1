"""Logging in by redirects: data host, login host, back with a code, a cookie."""

from __future__ import annotations

from multisat.auth import Credential
from multisat.auth.asking import ask
from multisat.auth.hosts import belongs_to, host_of, origin
from multisat.errors import CredentialsError, ProviderRefused
from multisat.http import Answer
from multisat.http.redirects import next_address

_NAME = "nasa-cmr"
_MOST = 8


def dance(login: Credential, login_url: str, host: str) -> str:
    """Return the cookies of a session at a data host, as a header has them.

    The password goes to the login host and nowhere else; cookies of the data host go back to it only.

    Args:
        login: User name and password.
        login_url: The one address that is told a password.
        host: Scheme, host and port of the data host.

    Raises:
        CredentialsError: The login was refused, or the account must allow the data host first.
        ProviderError: The hosts do not do their part.
    """
    url, cookies, known = f"{host}/s3credentials", dict[str, str](), False
    for _ in range(_MOST):
        at_login = belongs_to(url, (login_url,))
        if not at_login and origin(url) != host:
            raise _astray(host, url)
        headers = login.authorization(url) if at_login else {"Cookie": _joined(cookies)} if cookies else {}
        answer, _ = ask(_NAME, "GET", url, headers=headers)
        if at_login:
            _check(answer, login, url)
            known = True
        else:
            cookies.update(answer.cookies)
            if known and cookies:
                return _joined(cookies)
        where = answer.location
        if where is None:
            break
        url = next_address(url, where)
        if at_login and "/approve_app" in url:
            raise CredentialsError(
                f"the Earthdata account of {login.where} has yet to allow {host_of(host)}",
                provider=_NAME,
                hint=f"open {url} in a browser and allow it" if belongs_to(url, (login_url,)) else None,
            )
    raise ProviderRefused(
        f"{host_of(host)} did not begin a session",
        provider=_NAME,
        hint=f"log in at {login_url} with a browser",
    )


def _check(answer: Answer, login: Credential, url: str) -> None:
    if answer.status in {401, 403}:
        raise CredentialsError(
            f"{host_of(url)} refuses the user name or password of {login.where} ({answer.status})",
            provider=_NAME,
            hint=f"check them, then: multisat login {_NAME}",
        )


def _joined(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def _astray(host: str, url: str) -> ProviderRefused:
    return ProviderRefused(
        f"{host_of(host)} sends its readers to {host_of(url)} to log in; nothing was sent there",
        provider=_NAME,
        hint="tell the archive",
    )
