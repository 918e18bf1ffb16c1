"""One login of one user: what it is, where it was found, and which hosts may see it."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from multisat.auth.hosts import belongs_to, host_of
from multisat.auth.secret import Secret
from multisat.errors import CredentialsError

Kind = Literal["token", "password", "key", "client", "refresh", "s3"]

PARTS: Mapping[Kind, tuple[str, ...]] = {
    "token": ("token",),
    "password": ("username", "password"),
    "key": ("subscription_key",),
    "client": ("client_id", "client_secret"),
    "refresh": ("client_id", "refresh_token"),
    "s3": ("access_key_id", "secret_access_key"),
}
"""What each kind consists of. The last part is the secret; one before it says who."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Credential:
    """A login, bound to hosts. It can be neither shown nor pickled.

    Attributes:
        kind: What it consists of.
        user: User name or client id; empty if it has none.
        secret: Password, token or key.
        session: Second secret of keys that last a short time, or None.
        hosts: Which addresses it may be sent to; see ``belongs_to``.
        where: Such as ``"environment EARTHDATA_TOKEN"`` or a file name.
    """

    kind: Kind
    user: str = ""
    secret: Secret
    session: Secret | None = None
    hosts: tuple[str, ...]
    where: str

    def reveal_to(self, url: str) -> str:
        """Return the secret, to be sent to an address.

        Args:
            url: The address; https, or this machine.

        Raises:
            CredentialsError: It is not bound to that address.
        """
        if not belongs_to(url, self.hosts):
            raise CredentialsError(
                f"the login of {self.where} is not for {host_of(url) or 'this address'}",
                hint=f"it is for {', '.join(self.hosts) or 'no host'}, over https",
            )
        return self.secret.reveal()

    def authorization(self, url: str) -> dict[str, str]:
        """Return the ``Authorization`` header for an address.

        Args:
            url: The address; https, or this machine.

        Raises:
            CredentialsError: It is not bound to that address.
        """
        secret = self.reveal_to(url)
        if self.kind == "token":
            return {"Authorization": f"Bearer {secret}"}
        return {"Authorization": "Basic " + b64encode(f"{self.user}:{secret}".encode()).decode()}


def credential(
    kind: Kind,
    parts: Mapping[str, str | None],
    *,
    names: Mapping[str, str],
    hosts: tuple[str, ...],
    where: str,
) -> Credential | None:
    """Return the credential that some parts make, or None if there are none of them.

    Args:
        kind: What it should be.
        parts: Part to value; empty ones are not there.
        names: Part to what it is called where it was looked for, for messages.
        hosts: What it is bound to.
        where: Where the parts were found.

    Raises:
        CredentialsError: Some parts are there and others are not.
    """
    wanted = PARTS[kind]
    there = [part for part in wanted if parts.get(part)]
    if not there:
        return None
    missing = [names.get(part, part) for part in wanted if part not in there]
    if missing:
        found = " and ".join(names.get(part, part) for part in there)
        raise CredentialsError(
            f"half a login in {where}: {found} is there and {' and '.join(missing)} is not",
            hint=f"add {' and '.join(missing)}, or take {found} away",
        )
    *user, secret = (str(parts[part]) for part in wanted)
    session = parts.get("session_token")
    return Credential(
        kind=kind,
        user="".join(user),
        secret=Secret(secret),
        session=Secret(session) if session else None,
        hosts=hosts,
        where=where,
    )
