"""Logins in the user's netrc file, one machine at a time."""

from __future__ import annotations

import netrc
import os
from dataclasses import dataclass, field
from pathlib import Path

from multisat.errors import CredentialsError


@dataclass(frozen=True, kw_only=True, slots=True)
class Login:
    """A user name and password, neither of which is shown.

    Attributes:
        user: User name.
        password: Password.
        where: File or variables it was found in.
    """

    user: str = field(repr=False)
    password: str = field(repr=False)
    where: str


def netrc_path() -> Path:
    """Return the netrc file in use: ``NETRC``, else ``~/.netrc`` or ``~/_netrc``."""
    if os.environ.get("NETRC"):
        return Path(os.environ["NETRC"]).expanduser()
    names = (Path.home() / ".netrc", Path.home() / "_netrc")
    return next((path for path in names if path.exists()), names[0])


def netrc_login(machine: str) -> Login | None:
    """Return the login of one machine, or None. A ``default`` entry is for no machine.

    Raises:
        CredentialsError: The file does not parse; the message names the line.
    """
    path = netrc_path()
    try:
        entry = netrc.netrc(path).hosts.get(machine)
    except FileNotFoundError:
        return None
    except netrc.NetrcParseError as error:
        # The parser's own words may quote a password, so they are not passed on.
        hint = "mend the line; passwords with spaces are quoted"
        raise CredentialsError(f"{path}, line {error.lineno}: does not parse", hint=hint) from None
    except OSError as error:
        raise CredentialsError(
            f"cannot read {path}: {error.strerror}", hint="check its permissions"
        ) from None
    if entry is None or not entry[2]:
        return None
    return Login(user=entry[0], password=entry[2], where=str(path))
