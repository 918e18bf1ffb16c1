"""An OIDC service as the Copernicus Data Space runs it, and a resource its tokens open."""

from __future__ import annotations

import math
from collections.abc import Callable

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.accounts import CLIENTS, basic, bearer, known
from multisat.sandbox.secure.answers import plain_json, too_many
from multisat.sandbox.secure.devices import INTERVAL, Devices
from multisat.sandbox.secure.tokens import Grant, Tokens
from multisat.sandbox.secure.world import Stand, World

REALM = "/auth/realms/CDSE"
_OIDC = f"{REALM}/protocol/openid-connect"
TOKEN, DEVICE, USERINFO = f"{_OIDC}/token", f"{_OIDC}/auth/device", f"{_OIDC}/userinfo"
DISCOVERY = f"{REALM}/.well-known/openid-configuration"
DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
REFRESH_FACTOR = 30
"""How many times longer than an access token a refresh token and a device login hold."""


class Identity(Stand):
    """The stand-in of identity.dataspace.copernicus.eu.

    A refresh token holds once; each answer brings the next one.
    """

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.tokens = Tokens(world.clock, world.token_seconds)
        self.refreshing = Tokens(world.clock, world.token_seconds * REFRESH_FACTOR)
        self.devices = Devices(world.clock, world.token_seconds * REFRESH_FACTOR)
        self._limit = world.limit()

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        if request.path == DISCOVERY:
            return plain_json(self._addresses())
        if request.path == USERINFO:
            return guarded(request, self.tokens, lambda grant: plain_json({"sub": grant.user}))
        if request.path in {TOKEN, DEVICE}:
            return self._posted(request)
        return _error(404, "not_found", "no such resource")

    def _addresses(self) -> dict[str, str]:
        url = self.world.addresses["identity"]
        return {
            "issuer": url + REALM,
            "token_endpoint": url + TOKEN,
            "device_authorization_endpoint": url + DEVICE,
            "userinfo_endpoint": url + USERINFO,
        }

    def _posted(self, request: Request) -> Response:
        """Answer a form of a client that says who it is."""
        if request.method != "POST":
            return _error(405, "invalid_request", "only POST")
        wait = self._limit.wait()
        if wait is not None:
            return too_many(wait)
        client, secret = basic(request) or (request.form.get("client_id", ""), None)
        if client not in CLIENTS or CLIENTS[client] != request.form.get("client_secret", secret):
            return _error(401, "invalid_client", "Invalid client or Invalid client credentials")
        return self._device(request, client) if request.path == DEVICE else self._granted(request, client)

    def _granted(self, request: Request, client: str) -> Response:
        grants: dict[str, Callable[[Request, str], Response]] = {
            "client_credentials": self._for_client,
            "password": self._for_password,
            "refresh_token": self._for_refresh,
            DEVICE_GRANT: self._for_device,
        }
        grant = grants.get(request.form.get("grant_type", ""))
        return grant(request, client) if grant else _error(400, "unsupported_grant_type", "no such grant")

    def _for_client(self, request: Request, client: str) -> Response:  # noqa: ARG002 - shared signature
        if CLIENTS[client] is None:
            return _error(401, "unauthorized_client", "Public client not allowed to retrieve service account")
        return plain_json(self._tokens(client))

    def _for_password(self, request: Request, client: str) -> Response:
        user = known((request.form.get("username", ""), request.form.get("password", "")))
        if user is None:
            return _error(401, "invalid_grant", "Invalid user credentials")
        return plain_json(self._tokens(user, client))

    def _for_refresh(self, request: Request, client: str) -> Response:
        grant = self.refreshing.take(request.form.get("refresh_token"))
        if grant is None or grant.note != client:
            return _error(400, "invalid_grant", "Token is not active")
        return plain_json(self._tokens(grant.user, client))

    def _for_device(self, request: Request, client: str) -> Response:
        asked = request.form
        found = self.devices.ask(asked.get("device_code", ""), client, asked.get("code_verifier", ""))
        return plain_json(self._tokens(found, client)) if isinstance(found, str) else found

    def _tokens(self, user: str, client: str = "") -> dict[str, object]:
        """Return new tokens; without a client there is none to refresh with."""
        found: dict[str, object] = {
            "access_token": self.tokens.issue(user, like_jwt=True),
            "expires_in": math.ceil(self.world.token_seconds),
            "token_type": "Bearer",
            "scope": "openid",
        }
        if client:
            found["refresh_token"] = self.refreshing.issue(user, client)
            found["refresh_expires_in"] = math.ceil(self.world.token_seconds * REFRESH_FACTOR)
        return found

    def _device(self, request: Request, client: str) -> Response:
        device, user = self.devices.begin(client, request.form.get("code_challenge", ""))
        where = f"{self.world.addresses['identity']}{REALM}/device"
        return plain_json(
            {
                "device_code": device,
                "user_code": user,
                "verification_uri": where,
                "verification_uri_complete": f"{where}?user_code={user}",
                "expires_in": math.ceil(self.devices.seconds),
                "interval": INTERVAL,
            }
        )


class Resource(Stand):
    """A host that the tokens open: files at ``/files/PROVIDER/COLLECTION/ID/NAME.tif``.

    Args:
        world: What it shares with the others.
        identity: Whose tokens it takes.
    """

    def __init__(self, world: World, identity: Identity) -> None:
        super().__init__(world)
        self._identity = identity

    def answer(self, request: Request) -> Response:
        """Answer a request that carries a token."""
        return guarded(request, self._identity.tokens, lambda grant: self._open(request, grant))

    def _open(self, request: Request, grant: Grant) -> Response:
        if request.path == "/userinfo":
            return plain_json({"sub": grant.user})
        return self.world.files.handle(request)


def guarded(request: Request, tokens: Tokens, inside: Callable[[Grant], Response]) -> Response:
    """Answer a request if its token holds."""
    grant = tokens.grant(bearer(request))
    if grant is not None:
        return inside(grant)
    missing = bearer(request) is None
    text = "Not authenticated" if missing else "Expired or unknown token"
    header = "Bearer" if missing else 'Bearer error="invalid_token"'
    return plain_json({"detail": text}, 401, WWW_Authenticate=header)


def _error(status: int, name: str, text: str) -> Response:
    return plain_json({"error": name, "error_description": text}, status)
