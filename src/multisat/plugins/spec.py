"""What plugins say of themselves, and what became of them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from multisat.errors import PluginError

_NAME = re.compile(r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
_FACTORY = re.compile(r"^[\w.]+:\w+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class ProviderSpec:
    """One provider of a plugin.

    Attributes:
        name: Lower case with hyphens; unique among all installed plugins.
        factory: Import string of the class, ``"package.module:Class"``; called without arguments.
        title: What a reader sees.
        url: Where the archive is described.

    Raises:
        PluginError: The name or the import string is not written like that.
    """

    name: str
    factory: str
    title: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise PluginError(f"{self.name!r} is no provider name", hint="use lower case and hyphens")
        if not _FACTORY.match(self.factory):
            raise PluginError(
                f"{self.factory!r} is no import string",
                provider=self.name,
                hint='write "package.module:Class"',
            )


@dataclass(frozen=True, kw_only=True, slots=True)
class PluginRecord:
    """One installed plugin and how loading it went.

    Attributes:
        name: Name of the entry point.
        distribution: Installed package it belongs to.
        version: Version of that package.
        providers: Its providers; empty if it is broken or disabled.
        error: Why it is not usable, in one line; None if it is.
        traceback: The traceback of the error, if there is one.
        disabled: Whether the user has switched it off.
    """

    name: str
    distribution: str
    version: str
    providers: tuple[ProviderSpec, ...] = ()
    error: str | None = None
    traceback: str | None = None
    disabled: bool = False
