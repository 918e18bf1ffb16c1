"""Logging in on another device: it waits for a person, so it is done only when asked for."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

from multisat.auth.asking import ask, lasts, refused, text
from multisat.auth.credential import Credential
from multisat.auth.secret import Secret
from multisat.errors import CredentialsError


def device_login(
    provider: str,
    client_id: str,
    device_url: str,
    token_url: str,
    show: Callable[[str, str], None],
    *,
    sleep: Callable[[float], object] = time.sleep,
) -> Credential:
    """Log in on another device, and return a refresh token. It waits for a person: never by itself.

    Args:
        provider: Name for error messages.
        client_id: A public client.
        device_url: Where such a login begins.
        token_url: Where tokens are given out; the refresh token is bound to it.
        show: Called with the address to open and the code to type there.
        sleep: Waits.

    Raises:
        CredentialsError: Nobody allowed it in time.
        ProviderError: The service does not answer.
    """
    answer, _ = ask(
        provider, "POST", device_url, data={"client_id": client_id, "scope": "openid offline_access"}
    )
    if answer.status != HTTPStatus.OK:
        raise refused(provider, answer, f"the client {client_id}", "check its name")
    code, wait = text(answer.told, "device_code", provider), float(answer.told.get("interval") or 5)
    until = lasts(answer.told.get("expires_in"))
    show(text(answer.told, "verification_uri", provider), text(answer.told, "user_code", provider))
    grant = {"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": code}
    while time.time() < until:
        sleep(wait)
        answer, _ = ask(provider, "POST", token_url, data={**grant, "client_id": client_id})
        if answer.status == HTTPStatus.OK:
            secret = Secret(text(answer.told, "refresh_token", provider))
            return Credential(
                kind="refresh", user=client_id, secret=secret, hosts=(token_url,), where="a login just made"
            )
        said = answer.told.get("error")
        if said not in {"authorization_pending", "slow_down"}:
            break
        wait += 5 if said == "slow_down" else 0
    raise CredentialsError(
        "the login was not allowed in time", provider=provider, hint=f"multisat login {provider}"
    )
