"""Results to files: under a temporary name until they are whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from multisat.errors import InvalidAnswer, MultisatError, ProviderUnavailable
from multisat.writing.whole import whole_file
from multisat_openeo.refusing import NAME
from multisat_openeo.service import Service

if TYPE_CHECKING:
    import requests

_CHUNK, _TRIES = 2**20, 3
_LARGEST = 16 * 2**30
"""Bytes of a file; more than any plan may ask for."""
_DATA = (".nc", ".tif", ".tiff", ".zip")


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder that is gone in the end."""
    with TemporaryDirectory(prefix="multisat-openeo-") as made:
        yield Path(made)


def keep(answer: requests.Response, target: Path) -> Path:
    """Write a body to a file.

    Raises:
        ProviderUnavailable: It is shorter than its header says, or breaks off.
        InvalidAnswer: It is larger than any result.
    """
    import requests
    import urllib3

    told, size = answer.headers.get("Content-Length"), 0
    packed = answer.headers.get("Content-Encoding") not in {None, "identity"}
    with whole_file(target) as unfinished, answer:
        try:
            with unfinished.open("wb") as file:
                for chunk in answer.iter_content(_CHUNK):
                    size += file.write(chunk)
                    if size > _LARGEST:
                        raise InvalidAnswer(
                            f"{target.name} has no end", provider=NAME, hint="tell the back-end"
                        )
        except (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _cut(target, size, told) from error
        if told is not None and not packed and size != int(told):
            raise _cut(target, size, told)
    return target


def results(service: Service, job: str, into: Path) -> list[Path]:
    """Download the pixels of a finished job; what breaks off is fetched anew.

    Raises:
        InvalidAnswer: The job has no result.
        ProviderUnavailable: A file breaks off each time.
    """
    told = service.json("GET", f"/jobs/{quote(job, safe='')}/results")
    wanted = {name: one for name, one in _assets(told) if PurePosixPath(name).suffix.lower() in _DATA}
    if not wanted:
        raise InvalidAnswer(f"job {job} has no result", provider=NAME, hint="see its logs: multisat jobs")
    return [_fetched(service, str(one["href"]), into / Path(name).name, one) for name, one in wanted.items()]


def _assets(told: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, one in (told.get("assets") or {}).items():
        if isinstance(one, dict) and one.get("href"):
            yield name, one


def _fetched(service: Service, href: str, target: Path, told: Mapping[str, Any]) -> Path:
    last: MultisatError | None = None
    for _ in range(_TRIES):
        try:
            path = keep(service.ask("GET", href, login=service.owns(href), stream=True), target)
        except ProviderUnavailable as error:
            last = error
            continue
        size = told.get("file:size")
        if size is None or path.stat().st_size == int(size):
            return path
        last = _cut(target, path.stat().st_size, str(size))
    raise last or _cut(target, 0, None)


def _cut(target: Path, size: int, told: str | None) -> ProviderUnavailable:
    whole = f" of {int(told):,}" if told else ""
    return ProviderUnavailable(
        f"{target.name} breaks off after {size:,}{whole} bytes", provider=NAME, hint="try again"
    )
