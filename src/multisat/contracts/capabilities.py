"""What a provider says it can do, before anything is asked of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Login = Literal["none", "optional", "needed to read", "needed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Capabilities:
    """What a provider can do.

    Attributes:
        collections: Canonical collections it holds.
        native: Its own collection ids that are accepted as names, too.
        search: Whether it lists scenes.
        assets: Whether its scenes' pixels can be read from files.
        recipes: Whether it computes recipes itself; see ``Provider.engine``.
        counts: Whether it says how many scenes match before they are read.
        login: Whether it asks for an account: never, optionally, for reading pixels, or for all.
    """

    collections: tuple[str, ...]
    native: tuple[str, ...] = ()
    search: bool = True
    assets: bool = True
    recipes: bool = False
    counts: bool = False
    login: Login = "none"

    @property
    def summary(self) -> str:
        """The abilities as words, for tables."""
        return ", ".join(word for word in ("search", "assets", "recipes", "counts") if getattr(self, word))


@dataclass(frozen=True, kw_only=True, slots=True)
class CredentialStatus:
    """Whether a login was found, and where; never the login itself.

    Attributes:
        found: Whether a complete credential is there.
        where: Such as ``"environment EARTHDATA_TOKEN"`` or a file name; empty if none.
        note: What to do if there is none.
    """

    found: bool
    where: str = ""
    note: str = ""
