"""How each archive is: reachable, logged in, its clock, and what to do next."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from multisat.auth.cdse import backend, find_client, proof_of, tokens_of
from multisat.auth.wants import Want
from multisat.contracts import Deadline, Proof, Provider
from multisat.errors import CredentialsError, MultisatError
from multisat.http import HttpClient
from multisat.http.retry import RetryPolicy

_PATIENCE = 15.0


@dataclass(frozen=True, kw_only=True)
class Check:
    """How one archive is.

    Attributes:
        provider: Provider name.
        reachable: Whether its catalogue answers; None if it has none.
        credentials: Where a login was found; empty if there is none. Never its value.
        login: Whether it asks for one: never, optionally, for reading pixels, or for all.
        works: Whether the login opens files now; None if nobody was asked.
        token_seconds: How long its token holds, or None.
        clock_skew: Seconds its clock is ahead of ours; 0 within five seconds. None if it is not reachable.
        missing: What is missing or wrong; empty if nothing is.
        next_step: What to do about it; empty if nothing.
    """

    provider: str
    reachable: bool | None = None
    credentials: str = ""
    login: str = "none"
    works: bool | None = None
    token_seconds: float | None = None
    clock_skew: float | None = None
    missing: str = ""
    next_step: str = ""

    @property
    def lacks_login(self) -> bool:
        """Whether a login that is needed is missing, or one that is there does not work."""
        return self.works is False or (self.login.startswith("needed") and not self.credentials)

    def to_dict(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return asdict(self)


def check(provider: Provider) -> Check:
    """Return how an archive is; asks its catalogue, and its login service if there is a login."""
    able = provider.capabilities.login
    ask = _answered if able == "needed" else _fetched
    reachable, skew, unreachable = _reach(getattr(provider, "url", ""), provider.name, ask)
    told: dict[str, Any] = {
        "provider": provider.name,
        "login": able,
        "reachable": reachable,
        "clock_skew": skew,
    }
    try:
        found = provider.credentials()
        proof = provider.prove() if found.found or able != "needed to read" else Proof(works=None)
    except CredentialsError as error:
        return Check(**told, works=False, missing=str(error.args[0]), next_step=error.hint or "")
    except MultisatError as error:
        return Check(**told, missing=str(error.args[0]), next_step=error.hint or "")
    seconds = proof.seconds if proof.seconds is not None and math.isfinite(proof.seconds) else None
    told |= {
        "credentials": found.where if found.found else "",
        "works": proof.works,
        "token_seconds": seconds,
    }
    if able.startswith("needed") and not found.found:
        return Check(**told, missing="a login", next_step=found.note or f"multisat login {provider.name}")
    return Check(**told, missing=unreachable, next_step="check the network" if unreachable else "")


def check_client(want: Want) -> Check:
    """Return how openEO or Sentinel Hub is without its plugin; asks for a token if there is a login."""
    reachable, skew, unreachable = _reach(backend(want), want.provider, _answered)
    told: dict[str, Any] = {
        "provider": want.provider,
        "login": "needed",
        "reachable": reachable,
        "clock_skew": skew,
    }
    try:
        found = find_client(want)
        if found is None:
            return Check(**told, missing="a login", next_step="multisat login cdse")
        proof = proof_of(tokens_of(found, want))
    except CredentialsError as error:
        return Check(**told, works=False, missing=str(error.args[0]), next_step=error.hint or "")
    except MultisatError as error:
        return Check(**told, missing=str(error.args[0]), next_step=error.hint or "")
    told |= {"credentials": found.where, "works": True, "token_seconds": proof.seconds}
    step = "check the network" if unreachable else f'pip install "multisat-eo[{want.provider}]"'
    return Check(**told, missing=unreachable or "the plugin", next_step=step)


def _fetched(client: HttpClient, url: str) -> None:
    client.fetch("GET", url, policy=RetryPolicy(tries=1))


def _answered(client: HttpClient, url: str) -> None:
    """Ask a service that may want a login first: any answer will do."""
    client.ask("GET", url, policy=RetryPolicy(tries=1))


def _reach(
    url: str, provider: str, ask: Callable[[HttpClient, str], None]
) -> tuple[bool | None, float | None, str]:
    """Return whether a service answers, its clock, and what is wrong."""
    if not url:
        return None, None, ""
    client = HttpClient(provider, deadline=Deadline(_PATIENCE), max_bytes=2**22)
    try:
        ask(client, url)
    except MultisatError as error:
        return False, None, str(error.args[0])
    finally:
        client.close()
    return True, round(client.skew, 1), ""
