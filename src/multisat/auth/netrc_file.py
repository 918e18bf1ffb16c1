"""Logins in the user's netrc file, one machine at a time."""

from __future__ import annotations

import netrc
import os
import re
import stat
import warnings
from pathlib import Path

from multisat.auth.credential import Credential, credential
from multisat.errors import CredentialsError, CredentialsWarning

_HINT = "mend the line; passwords with spaces are quoted"


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
        line = _broken_line(path, error)
        raise CredentialsError(f"{path}, line {line}: does not parse", hint=_HINT) from None
    except UnicodeDecodeError:
        raise CredentialsError(f"{path} is no text in UTF-8", hint="save it as UTF-8") from None
    except OSError as error:
        raise CredentialsError(
            f"cannot read {path}: {error.strerror}", hint="check its permissions"
        ) from None
    if entry is None:
        return None
    if any(len(part.splitlines()) > 1 for part in entry if part):
        # A quote that is not closed swallows the logins of other machines; they must not be sent.
        raise CredentialsError(f"{path}, line {_line(path, machine)}: a quote is not closed", hint=_HINT)
    warn_if_open(path)
    parts = {"username": entry[0], "password": entry[2]}
    names = {"username": f"login of {machine}", "password": f"password of {machine}"}
    return credential("password", parts, names=names, hosts=hosts or (machine,), where=str(path))


def _broken_line(path: Path, error: netrc.NetrcParseError) -> int:
    """Return the line that does not parse, from 1.

    The parser's own count leaves out comments, and is one too high if the wrong word ends its line.
    """
    lines = path.read_text(encoding="utf-8").splitlines() or [""]
    counted, named = error.lineno or 1, re.search(r"token '(.*)'$", error.msg)
    with_it = (n for n, line in enumerate(lines, 1) if named and named[1] in line.partition(" #")[0].split())
    return next((n for n in with_it if n >= counted - 1), min(counted, len(lines)))


def _line(path: Path, machine: str) -> int:
    """Return the line a machine is named in, from 1."""
    before = re.split(rf"\bmachine\s+{re.escape(machine)}\b", path.read_text(encoding="utf-8"), maxsplit=1)[0]
    return before.count("\n") + 1


def warn_if_open(path: Path) -> None:
    """Warn if others on this machine may read a file with secrets in it."""
    if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        text = f"others on this machine may read {path}, which holds a login; close it: chmod 600 {path}"
        warnings.warn(text, CredentialsWarning, stacklevel=2)
