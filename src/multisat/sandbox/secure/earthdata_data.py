"""The data host of LP DAAC's cloud, and the store it sends its users to."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.accounts import DATA_CLIENT, NO_EULA, bearer
from multisat.sandbox.secure.answers import cookie_of, html, plain_json, redirect, xml_error
from multisat.sandbox.secure.earthdata_login import EarthdataLogin
from multisat.sandbox.secure.signing import is_right, signature
from multisat.sandbox.secure.tokens import Tokens
from multisat.sandbox.secure.world import Stand, World

PROTECTED = "/lp-prod-protected/"
COOKIE = "asf-urs"
_STAMP = "%Y%m%dT%H%M%SZ"
_DAYS = 7 * 86400.0


class DataHost(Stand):
    """The stand-in of data.lpdaac.earthdatacloud.nasa.gov.

    Attributes:
        sessions: Cookies it has given.
        keys: Secret keys of buckets it has given.

    Args:
        world: What it shares with the others.
        login: Whose codes and tokens it takes.
    """

    def __init__(self, world: World, login: EarthdataLogin) -> None:
        super().__init__(world)
        self._login = login
        self.sessions = Tokens(world.clock, _DAYS)
        self.keys: list[str] = []

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        if request.path == "/login":
            return self._logged_in(request)
        if request.path != "/s3credentials" and not request.path.startswith(PROTECTED):
            return html("no such page", 404)
        token = bearer(request)
        tokens, shown = (self._login.tokens, token) if token else (self.sessions, cookie_of(request, COOKIE))
        grant = tokens.grant(shown)
        if grant is None:
            return _ended() if token else redirect(self._authorize(request))
        if grant.user == NO_EULA:
            return self._no_eula()
        return self._open(request, grant.user)

    def _authorize(self, request: Request) -> str:
        asked = {
            "client_id": DATA_CLIENT,
            "response_type": "code",
            "redirect_uri": f"{self.world.addresses['lpdaac']}/login",
            "state": request.path,
            "app_type": "401",
        }
        return f"{self.world.addresses['urs']}/oauth/authorize?{urlencode(asked)}"

    def _logged_in(self, request: Request) -> Response:
        """Take a code once, remember the user, and send them on to what they wanted."""
        grant = self._login.codes.take(request.query.get("code"))
        if grant is None:
            return html("Could not login: the code is unknown, used or too old.", 401)
        state = request.query.get("state", "")
        own = state.startswith("/") and not state.startswith("//")
        cookie = f"{COOKIE}={self.sessions.issue(grant.user)}; Path=/; HttpOnly"
        return redirect(self.world.addresses["lpdaac"] + (quote(state) if own else "/"), Set_Cookie=cookie)

    def _no_eula(self) -> Response:
        where = f"{self.world.addresses['urs']}/accept_eula?eula_id=synthetic"
        error = {"status_code": 403, "error_description": "EULA Acceptance Failure", "resolution_url": where}
        return plain_json(error, 403)

    def _open(self, request: Request, user: str) -> Response:
        if request.path == "/s3credentials":
            return plain_json(self._keys())
        return redirect(signed(self.world, request.path, user))

    def _keys(self) -> dict[str, str]:
        secret, session = secrets.token_urlsafe(30), secrets.token_urlsafe(60)
        self.keys += [secret, session]
        return {
            "accessKeyId": f"ASIASYNTHETIC{secrets.token_hex(4).upper()}",
            "secretAccessKey": secret,
            "sessionToken": session,
            "expiration": f"{self.world.end():%Y-%m-%d %H:%M:%S+00:00}",
        }


def _ended() -> Response:
    error = {"error": "invalid_token", "error_description": "The token is either expired or invalid"}
    return plain_json(error, 401, WWW_Authenticate='Bearer error="invalid_token"')


def signed(world: World, path: str, user: str) -> str:
    """Return the address of a file in the store, good for a short time."""
    end = world.end()
    begin = datetime.fromtimestamp(int(world.clock.now()), UTC)
    asked = {
        "A-userid": user,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Date": begin.strftime(_STAMP),
        "X-Amz-Expires": str(round((end - begin).total_seconds())),
        "X-Amz-SignedHeaders": "host",
    }
    asked["X-Amz-Signature"] = signature(world.key, path, *_canonical(asked))
    return f"{world.addresses['lpdaac-cloud']}{quote(path)}?{urlencode(asked)}"


def _canonical(asked: Mapping[str, str]) -> list[str]:
    return sorted(f"{name}={value}" for name, value in asked.items())


class SignedStore(Stand):
    """The stand-in of the store behind the data host; it takes signed addresses and nothing else."""

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        asked = dict(request.query)
        given = asked.pop("X-Amz-Signature", None)
        if given is not None and "authorization" in request.headers:
            text = "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the "
            return xml_error(400, "InvalidArgument", f"{text}Authorization header should be specified")
        if given is None:
            return xml_error(403, "AccessDenied", "Access Denied")
        if not is_right(self.world.key, given, request.path, *_canonical(asked)):
            text = "The request signature we calculated does not match the signature you provided."
            return xml_error(403, "SignatureDoesNotMatch", text)
        if self._has_ended(asked["X-Amz-Date"], asked["X-Amz-Expires"]):
            return xml_error(403, "AccessDenied", "Request has expired")
        found = self.world.files.part(f"nasa-cmr/{request.path.removeprefix(PROTECTED)}", request)
        return found or xml_error(404, "NoSuchKey", "The specified key does not exist.")

    def _has_ended(self, begin: str, seconds: str) -> bool:
        start = datetime.strptime(begin, _STAMP).replace(tzinfo=UTC)
        return self.world.clock.now() >= start.timestamp() + int(seconds)
