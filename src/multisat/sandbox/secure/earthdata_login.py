"""The Earthdata login: Basic credentials or a bearer token against a code that holds once."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from multisat.sandbox.http import Request, Response
from multisat.sandbox.secure.accounts import DATA_CLIENT, UNAPPROVED, basic, bearer, known
from multisat.sandbox.secure.answers import cookie_of, html, plain_json, redirect
from multisat.sandbox.secure.tokens import Grant, Tokens
from multisat.sandbox.secure.world import Stand, World

COOKIE = "_urs-gui_session"
MOST_TOKENS = 2
_REALM = 'Basic realm="Please enter your Earthdata Login credentials (synthetic)."'
_WRONG = "Invalid username or password, please retry."
_DAYS = 60 * 86400.0


class EarthdataLogin(Stand):
    """The stand-in of urs.earthdata.nasa.gov."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.tokens = Tokens(world.clock, world.token_seconds)
        self.codes = Tokens(world.clock, 60)
        self.sessions = Tokens(world.clock, _DAYS)

    def answer(self, request: Request) -> Response:
        """Answer a request."""
        if request.path == "/oauth/authorize":
            return self._authorize(request)
        if request.path == "/approve_app":
            return html("Would you like to approve this application? (synthetic)")
        if request.path.startswith("/api/users/"):
            return self._users(request)
        return html("no such page", 404)

    def _authorize(self, request: Request) -> Response:
        """Send a known user back with a code."""
        asked = request.query
        if asked.get("client_id") != DATA_CLIENT or not self._registered(asked.get("redirect_uri", "")):
            return plain_json({"error": "invalid_client"}, 400)
        user = self._user(request)
        if user is None:
            return self._refused(request)
        cookie = f"{COOKIE}={self.sessions.issue(user)}; Path=/; HttpOnly"
        if user == UNAPPROVED:
            return redirect(self._approval(), Set_Cookie=cookie)
        code = self.codes.issue(user, asked["redirect_uri"])
        back = {"code": code, "state": asked.get("state", "")}
        return redirect(f"{asked['redirect_uri']}?{urlencode(back)}", Set_Cookie=cookie)

    def _registered(self, where: str) -> bool:
        """Whether codes may be sent to an address; it must be the data host's own."""
        return where == f"{self.world.addresses['lpdaac']}/login"

    def _approval(self) -> str:
        return f"{self.world.addresses['urs']}/approve_app?client_id={quote(DATA_CLIENT)}"

    def _user(self, request: Request) -> str | None:
        """Return who asks: by password, token or session."""
        if "authorization" not in request.headers:
            grant = self.sessions.grant(cookie_of(request, COOKIE))
            return grant.user if grant else None
        token = bearer(request)
        grant = self.tokens.grant(token) if token else None
        return grant.user if grant else known(basic(request))

    @staticmethod
    def _refused(request: Request) -> Response:
        if bearer(request) is not None:
            return plain_json({"error": "invalid_token"}, 401, WWW_Authenticate="Bearer")
        text = "HTTP Basic: Access denied. " + (_WRONG if basic(request) else "")
        headers = {"WWW-Authenticate": _REALM, "Content-Type": "text/plain"}
        return Response(status=401, body=text.strip().encode(), headers=headers)

    def _users(self, request: Request) -> Response:
        """Answer about tokens; only a password opens this."""
        user = known(basic(request))
        if user is None:
            body = {"error": "invalid_credentials", "error_description": _WRONG}
            return plain_json(body, 401, WWW_Authenticate=_REALM)
        action = (request.method, request.path.rpartition("/")[2])
        held = self.tokens.held_by(user)
        if action == ("GET", "tokens"):
            return plain_json([_listed(*pair) for pair in held])
        if action == ("POST", "find_or_create_token"):
            return plain_json(_listed(*(held[0] if held else self._new(user))))
        if action == ("POST", "token"):
            return self._another(user, len(held))
        return plain_json({"error": "not_found"}, 404)

    def _another(self, user: str, held: int) -> Response:
        if held >= MOST_TOKENS:
            text = "The maximum number of tokens has been reached"
            return plain_json({"error": "max_token_limit", "error_description": text}, 403)
        return plain_json(_listed(*self._new(user)))

    def _new(self, user: str) -> tuple[str, Grant]:
        token = self.tokens.issue(user, like_jwt=True)
        return next(pair for pair in self.tokens.held_by(user) if pair[0] == token)


def _listed(token: str, grant: Grant) -> dict[str, str]:
    """Return a token as the service writes it; of its end only the day is told."""
    day = datetime.fromtimestamp(grant.until, UTC)
    return {"access_token": token, "token_type": "Bearer", "expiration_date": f"{day:%m/%d/%Y}"}
