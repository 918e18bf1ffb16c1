"""Files in which users of the archives' own tools already keep logins."""

from __future__ import annotations

import configparser
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from multisat.auth.credential import Credential, credential
from multisat.auth.hosts import host_of
from multisat.auth.netrc_file import netrc_login, warn_if_open
from multisat.auth.openeo_files import openeo_client, openeo_refresh_token
from multisat.auth.reading import toml_table
from multisat.errors import CredentialsError

Finder = Callable[[tuple[str, ...]], Credential | None]
"""What a login is bound to, to the login in a file, or None."""


def planetary_computer_settings() -> tuple[Path, Mapping[str, str]]:
    """Return the settings file of the planetary-computer package and what it says."""
    path = Path.home() / ".planetarycomputer" / "settings.env"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return path, {}
    except (OSError, UnicodeDecodeError) as error:
        raise CredentialsError(f"cannot read {path}: {type(error).__name__}", hint="mend it") from None
    pairs = (line.strip().removeprefix("export ").partition("=") for line in lines)
    told = {name.strip(): value.strip().strip("\"'") for name, equal, value in pairs if equal}
    return path, {name: value for name, value in told.items() if not name.startswith("#")}


def _planetary_computer(hosts: tuple[str, ...]) -> Credential | None:
    path, told = planetary_computer_settings()
    name = "PC_SDK_SUBSCRIPTION_KEY"
    found = credential("key", {"subscription_key": told.get(name)}, names={}, hosts=hosts, where=f"{path}")
    if found is not None:
        warn_if_open(path)
    return found


def sentinelhub_path() -> Path:
    """Return where the sentinelhub package keeps its profiles."""
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "sentinelhub" / "config.toml"


_PROFILES = ("default-profile", "cdse")
_COMMERCIAL = "https://services.sentinel-hub.com"
"""Where the sentinelhub package goes if a profile does not say (sentinelhub 3.11, 2025-07)."""


def _sentinelhub(hosts: tuple[str, ...]) -> Credential | None:
    """Return the client of a profile, if it is for one of the hosts."""
    path, named = sentinelhub_path(), os.environ.get("SH_PROFILE")
    profiles = toml_table(path)
    for name in (named,) if named else _PROFILES:
        told = profiles.get(name)
        if not isinstance(told, dict) or not (told.get("sh_client_id") or told.get("sh_client_secret")):
            continue
        # A client of the commercial service is unknown to the Copernicus one, and none of its business.
        base = str(
            told.get("sh_token_url") or told.get("sh_auth_base_url") or told.get("sh_base_url") or _COMMERCIAL
        )
        if host_of(base) not in {host_of(host) or host for host in hosts}:
            continue
        parts = {"client_id": told.get("sh_client_id"), "client_secret": told.get("sh_client_secret")}
        names = {"client_id": "sh_client_id", "client_secret": "sh_client_secret"}
        warn_if_open(path)
        return credential("client", parts, names=names, hosts=hosts, where=f"{path} [{name}]")
    return None


def _ini(path: Path, section: str, names: Mapping[str, str], hosts: tuple[str, ...]) -> Credential | None:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError, OSError) as error:
        line = getattr(error, "lineno", None)
        where = f"{path}, line {line}" if line else str(path)
        raise CredentialsError(f"{where}: does not parse", hint="mend it") from None
    told = parser[section] if parser.has_section(section) else {}
    parts = {part: told.get(name) for part, name in names.items()}
    return credential("s3", parts, names=names, hosts=hosts, where=f"{path} [{section}]")


def _aws(hosts: tuple[str, ...]) -> Credential | None:
    named = os.environ.get("AWS_SHARED_CREDENTIALS_FILE") or "~/.aws/credentials"
    names = {
        "access_key_id": "aws_access_key_id",
        "secret_access_key": "aws_secret_access_key",
        "session_token": "aws_session_token",
    }
    return _ini(Path(named).expanduser(), os.environ.get("AWS_PROFILE") or "default", names, hosts)


def _s3cfg(hosts: tuple[str, ...]) -> Credential | None:
    names = {"access_key_id": "access_key", "secret_access_key": "secret_key"}
    return _ini(Path.home() / ".s3cfg", "default", names, hosts)


FINDERS: Mapping[str, Finder] = {
    "netrc": lambda hosts: netrc_login(host_of(hosts[0]) or hosts[0], hosts),
    "planetary computer settings": _planetary_computer,
    "sentinelhub profile": _sentinelhub,
    "openeo client": openeo_client,
    "openeo refresh token": openeo_refresh_token,
    "aws credentials": _aws,
    "s3cfg": _s3cfg,
}
"""Name of a file to how a login is found in it."""
