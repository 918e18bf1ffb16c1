"""Targets: stand-ins of the built-in archives over synthetic scenes, or the archive itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from multisat.contracts import Provider
from multisat.plugins import registry
from multisat.sandbox import Fault, Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS, SUBSCRIPTION_KEY, USER, USERS
from multisat.testing.target import Part, Target

Targets = Callable[[], AbstractContextManager[Target]]
"""Gives a target for the time of a ``with`` block."""

_ATLANTIC = (-29.9, 0.2, -29.4, 0.7)
"""Where the sandbox lists thousands of scenes, one every three hours of 2022."""
_NOWHERE = (-140.2, 10.0, -140.0, 10.2)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """How the sandbox stands in for one archive.

    Attributes:
        catalogue: Name of the host that has the catalogue.
        match: Part of the catalogue's paths, where the host has others, too.
        files: Name of the host that has the files, or None.
        login: Variables of the login.
        busy: A time range in which the Atlantic has more scenes than a page.
        twin: Name of an archive with files of the same scenes.
    """

    catalogue: str
    match: str | None = None
    files: str | None = None
    login: Mapping[str, str] = field(default_factory=dict)
    busy: str | None = None
    twin: str | None = None


_PLACES: Mapping[str, _Place] = {
    "earth-search": _Place(catalogue="earth-search", files="files", busy="2022-01"),
    "planetary-computer": _Place(
        catalogue="planetary-computer",
        files="blob",
        login={"PC_SDK_SUBSCRIPTION_KEY": SUBSCRIPTION_KEY},
        busy="2022-01/2022-03",
    ),
    "nasa-cmr": _Place(
        catalogue="nasa-cmr",
        files="lpdaac",
        login={"EARTHDATA_USERNAME": USER, "EARTHDATA_PASSWORD": USERS[USER] or ""},
        busy="2022-01",
    ),
    "sentinel-hub": _Place(
        catalogue="sentinel-hub",
        match="/catalog/",
        login={"SH_CLIENT_ID": CLIENT, "SH_CLIENT_SECRET": CLIENTS[CLIENT] or ""},
        twin="planetary-computer",
    ),
}
"""The stand-ins that the sandbox has."""


@contextmanager
def stand_in(name: str) -> Iterator[Target]:
    """Give the target of a provider: a stand-in of a built-in one, else the archive itself.

    Args:
        name: Provider name.
    """
    place = _PLACES.get(name)
    if place is None:
        yield Target()
        return
    with Sandbox(secure=True, sentinel_hub=place.catalogue == "sentinel-hub") as box, _home() as home:
        yield _target(box, place, {**home, **box.environment, **place.login})


@contextmanager
def as_catalogue(name: str, *, like: str = "planetary-computer") -> Iterator[Target]:
    """Give a target for a STAC provider of one's own: the stand-in of a built-in archive's catalogue.

    Its address is in ``MULTISAT_<NAME>_URL``, and its files are open to everybody.

    Args:
        name: Name of the provider that is tried.
        like: Whose catalogue it is asked to read.
    """
    place = _PLACES[like]
    variable = f"MULTISAT_{name}_URL".upper().replace("-", "_")
    with Sandbox() as box, _home() as home:
        open_place = _Place(catalogue=place.catalogue, files="files", busy=place.busy)
        yield _target(box, open_place, {**home, **box.environment, variable: box.urls[like]})


def fresh(name: str) -> Callable[[], Provider]:
    """Return what makes an installed provider anew, with nothing remembered."""

    def make() -> Provider:
        return type(registry().provider(name))()

    return make


def _target(box: Sandbox, place: _Place, variables: Mapping[str, str | None]) -> Target:
    return Target(
        environment=variables,
        aoi=box.places["munich"],
        dateline=box.places["taveuni"],
        busy=None if place.busy is None else (_ATLANTIC, place.busy),
        empty=_NOWHERE,
        login=tuple(place.login),
        secrets=tuple(v for n, v in place.login.items() if not n.endswith(("USERNAME", "_ID"))),
        breaking=partial(_breaking, box, place),
        twin=None if place.twin is None else fresh(place.twin),
    )


@contextmanager
def _breaking(box: Sandbox, place: _Place, part: Part, kind: Any) -> Iterator[None]:  # noqa: ANN401 - as Fault
    host = place.catalogue if part == "catalogue" else place.files or ""
    match = place.match if part == "catalogue" else None
    box.inject(Fault(provider=host, kind=kind, match=match))
    try:
        yield
    finally:
        box.clear_faults()


@contextmanager
def _home() -> Iterator[dict[str, str | None]]:
    """Give variables of a home without any login of the user's own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        at = Path(folder)
        names = ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")
        logins = {name: None for place in _PLACES.values() for name in place.login}
        config = {"MULTISAT_CONFIG": str(at / "none.toml"), "MULTISAT_CACHE": str(at / "cache")}
        yield {**logins, **dict.fromkeys(names, folder), **config}
