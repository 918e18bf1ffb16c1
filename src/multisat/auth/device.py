"""Logging in on another device: it waits for a person, so it is done only when asked for."""

from __future__ import annotations

import base64
import hashlib
import math
import secrets
import time
from collections.abc import Callable
from http import HTTPStatus

from multisat.auth.asking import ask, refused, text
from multisat.auth.credential import Credential
from multisat.auth.secret import Secret
from multisat.errors import CredentialsError
from multisat.http import Answer

_INTERVAL = 5.0
"""Seconds between two questions if the service names none, and what each "slow down" adds (RFC 8628)."""
_LONGEST = 1800.0
"""Seconds nobody waits longer, whatever the service says."""
_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
_WAITS = ("authorization_pending", "slow_down")


def device_login(
    provider: str,
    client_id: str,
    device_url: str,
    token_url: str,
    show: Callable[[str, str], None],
) -> Credential:
    """Log in on another device, and return a refresh token. It waits for a person: never by itself.

    Args:
        provider: Name for error messages.
        client_id: A public client.
        device_url: Where such a login begins.
        token_url: Where tokens are given out; the refresh token is bound to it.
        show: Called with the address to open and the code to type there.

    Raises:
        CredentialsError: It was declined, or nobody allowed it in time.
        ProviderError: The service does not answer.
    """
    verifier = secrets.token_urlsafe(48)
    told = _begin(provider, client_id, device_url, verifier)
    wait = _seconds(told.get("interval"), _INTERVAL)
    until = time.monotonic() + min(_LONGEST, _seconds(told.get("expires_in"), _LONGEST))
    show(_shown(told, "verification_uri", provider), _shown(told, "user_code", provider))
    code = text(told, "device_code", provider)
    form = {"grant_type": _GRANT, "device_code": code, "client_id": client_id, "code_verifier": verifier}
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(wait, left))
        answer, _ = ask(provider, "POST", token_url, data=form)
        if answer.status == HTTPStatus.OK:
            secret = Secret(text(answer.told, "refresh_token", provider))
            where = "a login just made"
            return Credential(kind="refresh", user=client_id, secret=secret, hosts=(token_url,), where=where)
        if answer.told.get("error") not in _WAITS:
            raise _ended(provider, answer)
        wait += _INTERVAL if answer.told.get("error") == "slow_down" else 0
    raise _late(provider)


def _begin(provider: str, client_id: str, device_url: str, verifier: str) -> dict[str, object]:
    """Ask for a code; it is tied to this process by a proof key (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    form = {
        "client_id": client_id,
        "scope": "openid offline_access",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    answer, _ = ask(provider, "POST", device_url, data=form)
    if answer.status != HTTPStatus.OK:
        raise refused(provider, answer, f"the client {client_id}", "check its name")
    return answer.told


def _ended(provider: str, answer: Answer) -> Exception:
    said = answer.told.get("error")
    if said == "expired_token":
        return _late(provider)
    if said == "access_denied":
        return CredentialsError("the login was declined", provider=provider, hint="allow it next time")
    return refused(provider, answer, "the login on another device", f"multisat login {provider} --device")


def _late(provider: str) -> CredentialsError:
    return CredentialsError(
        "the login was not allowed in time", provider=provider, hint=f"multisat login {provider} --device"
    )


def _seconds(told: object, usual: float) -> float:
    """Return a time a service tells, or the usual one if it tells none that can be."""
    return float(told) if isinstance(told, int | float) and math.isfinite(told) and told > 0 else usual


def _shown(told: dict[str, object], name: str, provider: str) -> str:
    """Return a text for the terminal, without what terminals obey."""
    return "".join(c for c in text(told, name, provider) if c.isprintable())
