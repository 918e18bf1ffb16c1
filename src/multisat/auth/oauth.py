"""OAuth for services that take a client id and secret, such as those of Copernicus."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from multisat.auth.asking import ask, lasts, refused, text
from multisat.auth.credential import Credential
from multisat.auth.renewing import Renewing, Token
from multisat.auth.secret import Secret
from multisat.errors import AssetRefused, CredentialsError

T = TypeVar("T")


class OAuthLogin:
    """Access tokens of one client, in memory, fetched once for all threads and renewed before they end.

    Args:
        provider: Name for error messages.
        login: A client (id and secret), or a refresh token of one.
        token_url: Where tokens are given out; the login must be bound to it.
        hosts: Which addresses tokens may be sent to; see ``belongs_to``.
        keep: Called with the refresh token that takes the place of the one before.
    """

    def __init__(
        self,
        provider: str,
        login: Credential,
        token_url: str,
        hosts: tuple[str, ...],
        *,
        keep: Callable[[str], None] | None = None,
    ) -> None:
        self._provider, self._login, self._url, self._hosts = provider, login, token_url, hosts
        self._keep = keep
        self._refresh = login.secret if login.kind == "refresh" else None
        self._tokens = Renewing(self._fetch)

    def token(self) -> Credential:
        """Return a token that holds.

        Raises:
            CredentialsError: The login was refused.
            ProviderError: The service does not answer.
        """
        secret = self._tokens.get().secret
        return Credential(kind="token", secret=secret, hosts=self._hosts, where=self._login.where)

    @property
    def seconds_left(self) -> float:
        """How long the token holds; it is fetched if there is none."""
        return self._tokens.get().left

    def headers(self, url: str) -> dict[str, str]:
        """Return the header that opens an address; errors as for ``token``."""
        return self.token().authorization(url)

    def with_headers(self, url: str, work: Callable[[Mapping[str, str]], T]) -> T:
        """Do work with the header for an address; if it is refused with 401, once more with a new token.

        Args:
            url: Address.
            work: Sends the header; raises ``CredentialsError`` or ``AssetRefused`` if it is refused.

        Raises:
            CredentialsError: The login was refused, or a new token is refused, too.
        """
        token = self.token()
        try:
            return work(token.authorization(url))
        except (CredentialsError, AssetRefused):
            self._tokens.refuse(token.secret)
        return work(self.headers(url))

    def _fetch(self) -> Token:
        begun = time.time()
        answer, _ = ask(self._provider, "POST", self._url, data=self._form())
        if answer.status != HTTPStatus.OK:
            what = f"the client id or secret of {self._login.where}"
            if self._login.kind == "refresh":
                what = f"the login kept in {self._login.where}"
            raise refused(self._provider, answer, what, f"multisat login {self._provider}")
        return self._kept(answer.told, begun)

    def _form(self) -> dict[str, str]:
        secret = self._login.reveal_to(self._url)
        if self._refresh is not None:
            grant = {"grant_type": "refresh_token", "refresh_token": self._refresh.reveal()}
            return {**grant, "client_id": self._login.user}
        return {"grant_type": "client_credentials", "client_id": self._login.user, "client_secret": secret}

    def _kept(self, told: Mapping[str, Any], begun: float) -> Token:
        if self._refresh is not None and told.get("refresh_token"):
            self._renew(text(told, "refresh_token", self._provider))
        secret = Secret(text(told, "access_token", self._provider))
        return Token(secret=secret, begun=begun, ends=min(lasts(told.get("expires_in")), _longest(begun)))

    def _renew(self, refresh_token: str) -> None:
        """Take the next refresh token; the one before may hold no longer."""
        if self._refresh != Secret(refresh_token):
            self._refresh = Secret(refresh_token)
            if self._keep is not None:
                self._keep(refresh_token)


def _longest(begun: float) -> float:
    """Return when a token is renewed at the latest if its service does not say how long it holds."""
    return begun + 86400.0
