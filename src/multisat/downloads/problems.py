"""What stands in the way of a file, in words."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from multisat.errors import AssetUnreadable, CredentialsError, MultisatError
from multisat.http.retry import RETRIED

if TYPE_CHECKING:
    import requests

_MB = 1e6
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_HTML = ("text/html", "application/xhtml")


class Again(Exception):
    """A failure that may pass.

    Args:
        error: What to say if it does not.
        headers: Headers of the answer; ``Retry-After`` is obeyed.
    """

    def __init__(self, error: MultisatError, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.headers = headers


def check_status(answer: requests.Response, host: str, provider: str) -> None:
    """Pass over an answer with a file in it.

    Raises:
        Again: The server is busy or broken.
        CredentialsError: 401 or 403.
        AssetUnreadable: Any other failure, or a web page in place of the file.
    """
    status = answer.status_code
    if status in RETRIED:
        error = AssetUnreadable(f"{host} answers {status}", hint="it is busy or broken; try again later")
        raise Again(error, answer.headers)
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise _refused(status, host, provider)
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        hint = "search again: the archive may have moved or reprocessed the scene"
        raise AssetUnreadable(f"{host} does not have the file ({status})", hint=hint)
    if status not in {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}:
        raise AssetUnreadable(f"{host} answers {status}", hint="tell the archive")
    if answer.headers.get("Content-Type", "").strip().lower().startswith(_HTML):
        raise web_page(host, provider)


def _refused(status: int, host: str, provider: str) -> CredentialsError:
    if status == HTTPStatus.UNAUTHORIZED:
        return CredentialsError(f"{host} asks for a login (401)", hint=_log_in(provider))
    hint = f"the login may lack the right, or a licence waits to be accepted; {_log_in(provider)}"
    return CredentialsError(f"{host} refuses the file (403)", hint=hint)


def web_page(host: str, provider: str) -> AssetUnreadable:
    """Return the error of a web page in place of a file."""
    return AssetUnreadable(
        f"{host} sent a web page in place of the file, perhaps a login page", hint=_log_in(provider)
    )


def _log_in(provider: str) -> str:
    return f"see which login is used: multisat providers show {provider}"


def looks_like_page(start: bytes) -> bool:
    """Whether the first bytes of a file are those of a web page."""
    return start.lstrip(b"\xef\xbb\xbf \t\r\n")[:14].lower().startswith((b"<!doctype html", b"<html"))


def not_https(kind: str) -> AssetUnreadable:
    """Return the error of a file that is not on a web server."""
    return AssetUnreadable(
        f"the file is at {kind or 'no'}:// and cannot be downloaded over https",
        hint="take the scene from another provider, or read its pixels with multisat load",
    )


def check_room(folder: Path, needed: int | None) -> None:
    """Pass if a disk has room for so many bytes more.

    Raises:
        AssetUnreadable: It has not.
    """
    free = shutil.disk_usage(folder).free
    if needed is not None and needed > free:
        raise AssetUnreadable(
            f"it takes {needed / _MB:.0f} MB and the disk has {free / _MB:.0f} MB left",
            hint="make room or choose another folder; what is there is kept",
        )


def not_written(error: OSError) -> AssetUnreadable:
    """Return the error of a disk that does not take a file."""
    hint = "make room or choose another folder; what is there is kept"
    if error.errno in _FULL:
        return AssetUnreadable("the disk is full", hint=hint)
    return AssetUnreadable(f"cannot write: {error.strerror or type(error).__name__}", hint="check the folder")
