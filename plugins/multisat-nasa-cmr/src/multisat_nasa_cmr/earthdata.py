"""The NASA Earthdata login: found where users keep it, sent to NASA's hosts only."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from functools import cache
from pathlib import Path

from multisat.auth.netrc_file import Login, netrc_login
from multisat.contracts import Access, Asset, CredentialStatus
from multisat.errors import CredentialsError

LOGIN_HOST = "urs.earthdata.nasa.gov"
DATA_HOSTS = (".earthdatacloud.nasa.gov",)
_TOKEN = "EARTHDATA_TOKEN"  # noqa: S105 - the name of a variable
_USER, _PASSWORD = "EARTHDATA_USERNAME", "EARTHDATA_PASSWORD"
_HINT = f"make an account at https://{LOGIN_HOST} and put it in ~/.netrc, or set {_TOKEN}"


def access(asset: Asset) -> Access:
    """Return how to open a file on a NASA host.

    Raises:
        CredentialsError: There is no login, or half a one.
    """
    token = os.environ.get(_TOKEN)
    if token:
        return Access(href=asset.href, headers={"Authorization": f"Bearer {token}"})
    login = find_login()
    if login is None:
        raise CredentialsError("no Earthdata login was found", asset=asset.key, hint=_HINT)
    return Access(href=asset.href, gdal=_gdal_options(login.user, login.password))


def status() -> CredentialStatus:
    """Return whether a login was found, and where."""
    if os.environ.get(_TOKEN):
        return CredentialStatus(found=True, where=f"environment {_TOKEN}")
    login = find_login()
    if login is None:
        return CredentialStatus(found=False, note=f"needed to read pixels: {_HINT}")
    return CredentialStatus(found=True, where=login.where)


def find_login() -> Login | None:
    """Return the login of the environment, else of the netrc file, or None.

    Raises:
        CredentialsError: Only one of user name and password is set, or netrc does not parse.
    """
    user, password = os.environ.get(_USER), os.environ.get(_PASSWORD)
    if user and password:
        return Login(user=user, password=password, where=f"environment {_USER}")
    if user or password:
        missing, there = (_PASSWORD, _USER) if user else (_USER, _PASSWORD)
        raise CredentialsError(f"{there} is set and {missing} is not", hint=f"set {missing}, too")
    return netrc_login(LOGIN_HOST)


@cache
def _gdal_options(user: str, password: str) -> dict[str, str]:
    """Return GDAL options for the login redirect, from a private file with this one machine.

    GDAL sends netrc logins to every host the file names, so it gets a file that names one.
    """
    folder = Path(tempfile.mkdtemp(prefix="multisat-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "netrc"
    file.touch(mode=0o600)
    file.write_text(f"machine {LOGIN_HOST} login {user} password {password}\n", encoding="utf-8")
    cookies = str(folder / "cookies")
    return {
        "GDAL_HTTP_NETRC": "YES",
        "GDAL_HTTP_NETRC_FILE": str(file),
        "GDAL_HTTP_COOKIEFILE": cookies,
        "GDAL_HTTP_COOKIEJAR": cookies,
    }
