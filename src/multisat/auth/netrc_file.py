"""Logins in the user's netrc file, one machine at a time."""

from __future__ import annotations

import netrc
import os
import stat
import warnings
from pathlib import Path

from multisat.auth.credential import Credential, credential
from multisat.errors import CredentialsError, CredentialsWarning


def netrc_path() -> Path:
    """Return the netrc file in use: ``NETRC``, else ``~/.netrc`` or ``~/_netrc``."""
    if os.environ.get("NETRC"):
        return Path(os.environ["NETRC"]).expanduser()
    names = (Path.home() / ".netrc", Path.home() / "_netrc")
    return next((path for path in names if path.exists()), names[0])


def netrc_login(machine: str, hosts: tuple[str, ...] | None = None) -> Credential | None:
    """Return the login of one machine, or None. A ``default`` entry is for no machine.

    Args:
        machine: The machine.
        hosts: What the login is bound to; None is the machine itself.

    Raises:
        CredentialsError: The file does not parse (the message names the line), or has half a login.
    """
    path = netrc_path()
    try:
        entry = netrc.netrc(path).hosts.get(machine) if machine != "default" else None
    except FileNotFoundError:
        return None
    except netrc.NetrcParseError as error:
        # The parser's own words may quote a password, so they are not passed on.
        hint = "mend the line; passwords with spaces are quoted"
        raise CredentialsError(f"{path}, line {error.lineno}: does not parse", hint=hint) from None
    except UnicodeDecodeError:
        raise CredentialsError(f"{path} is no text in UTF-8", hint="save it as UTF-8") from None
    except OSError as error:
        raise CredentialsError(
            f"cannot read {path}: {error.strerror}", hint="check its permissions"
        ) from None
    if entry is None:
        return None
    warn_if_open(path)
    parts = {"username": entry[0], "password": entry[2]}
    names = {"username": f"login of {machine}", "password": f"password of {machine}"}
    return credential("password", parts, names=names, hosts=hosts or (machine,), where=str(path))


def warn_if_open(path: Path) -> None:
    """Warn if others on this machine may read a file with secrets in it."""
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        text = f"others on this machine may read {path}, which holds a login; close it: chmod 600 {path}"
        warnings.warn(text, CredentialsWarning, stacklevel=2)
