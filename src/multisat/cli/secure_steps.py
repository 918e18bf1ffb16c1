"""The steps of ``multisat demo --secure``: each tries one thing and judges it at the hosts it asked."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from http import HTTPStatus

from multisat.auth import Credential, Secret, give
from multisat.auth.asking import ask
from multisat.auth.cdse import log_in
from multisat.auth.hosts import origin
from multisat.auth.keeping import keep
from multisat.cli.secure_tools import (
    CORNER,
    NASA,
    PC,
    Step,
    asset_of,
    expect,
    given,
    hosts_that_saw,
    led,
    read,
    refusal,
    variable,
)
from multisat.errors import CredentialsError
from multisat.federate.loading import open_asset
from multisat.raster import AnyReader, GdalReader, Window, opened, run
from multisat.sandbox import Fault, Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS, NO_EULA, USER, USERS

SHORT = 2.0
"""Seconds that tokens last where they are to end."""
_LOGIN = {"username": USER, "password": USERS[USER]}


def nobody(box: Sandbox) -> str:
    """Read a protected file without a login."""
    said = refusal(NASA)
    expect("no Earthdata login was found" in said, said)
    expect(not box.received("urs"), "the login host was asked without a login")
    return said


def netrc(box: Sandbox) -> str:
    """Read with user name and password in netrc, by both readers."""
    asset = asset_of(NASA)
    keep(NASA, _LOGIN)
    names = [read(NASA, asset, reader) for reader in (AnyReader(), GdalReader())]
    seen = hosts_that_saw(box, "Basic ")
    expect(names == ["cog", "gdal"] and seen == {"urs"}, f"{names}, the password reached {seen}")
    return "kept with mode 600; read by the engine and by GDAL; the password reached the login host alone"


def token(box: Sandbox) -> str:
    """Read with a token in the environment."""
    url = f"{box.hosts['urs']}/api/users/find_or_create_token"
    login = Credential(kind="password", user=USER, secret=Secret(USERS[USER]), hosts=(origin(url),), where="")
    answer, _ = ask(NASA, "POST", url, headers=login.authorization(url))
    with variable("EARTHDATA_TOKEN", str(answer.told["access_token"])):
        read(NASA, asset_of(NASA))
    seen = hosts_that_saw(box, "Bearer ")
    expect(seen == {"lpdaac"}, f"the token reached {seen}")
    return "the token reached the data host alone, not the store it redirects to"


def cookie(box: Sandbox) -> str:
    """Log in by redirects where the login host gives no tokens."""
    box.inject(Fault(provider="urs", kind="403", match="find_or_create_token"))
    read(NASA, asset_of(NASA))
    box.clear_faults()
    danced = [r.path for r in box.received("urs") if r.path == "/oauth/authorize"]
    kept = [one for one in box.credentials_at("lpdaac") if "cookie" in one]
    expect(bool(danced and kept), "no session was begun")
    return "data host, login host, back with a code; the cookie is kept in memory"


def wrong_password(box: Sandbox) -> str:
    """Try a wrong password several times."""
    before = len(box.received("urs"))
    with given(username=USER, password="wrong"):  # noqa: S106 - that is the point
        said = [refusal(NASA) for _ in range(3)][-1]
    tries = len(box.received("urs")) - before
    expect("user name or password" in said and tries == 1, f"{tries} tries: {said}")
    return f"{said}; sent once for three reads, because many tries lock an account"


def licence(box: Sandbox) -> str:  # noqa: ARG001 - all steps are called alike
    """Read as somebody who has not accepted the licence."""
    with given(username=NO_EULA, password=USERS[NO_EULA]):
        said = refusal(NASA)
    expect("EULA" in said and "accept_eula" in said, said)
    return said


def signature(box: Sandbox) -> str:
    """Read one open file before and after its signature ends."""
    asset = asset_of(PC)

    async def work() -> None:
        async with opened(AnyReader(), lambda: asyncio.to_thread(open_asset, PC, asset), asset.href) as file:
            await file.read(CORNER)
            await asyncio.sleep(SHORT + 1.1)  # the store counts whole seconds
            rows, columns = file.info.grid.shape
            await file.read(Window(row=rows - 8, column=columns - 8, height=8, width=8))

    run(work())
    signed = len(box.received("sas"))
    expect(1 < signed < 5, f"{signed} signatures")  # noqa: PLR2004 - two, and more on a slow machine
    return f"{signed} signatures for one file that stayed open"


def client(box: Sandbox) -> str:
    """Use tokens of a client until one has ended."""
    give("cdse", client_id=CLIENT, client_secret=CLIENTS[CLIENT])
    tokens, url = log_in(), f"{box.hosts['cdse']}/userinfo"
    begun, uses = time.monotonic(), 0
    while time.monotonic() < begun + 1.5 * SHORT:
        tokens.with_headers(url, lambda headers: _ask_once(url, headers))
        uses += 1
        time.sleep(0.05)
    give("cdse")
    fetched = len(box.received("identity"))
    expect(1 < fetched <= 1 + (time.monotonic() - begun) / (0.8 * SHORT), f"{fetched} tokens")
    return f"{uses} requests with {fetched} tokens, and no failure"


def _ask_once(url: str, headers: Mapping[str, str]) -> None:
    answer, _ = ask("cdse", "GET", url, headers=headers)
    if answer.status != HTTPStatus.OK:
        raise CredentialsError(f"refused with {answer.status}")


def redirects(box: Sandbox) -> str:
    """Let a data host lead to a stranger, into a private network, and to a file."""
    asset = asset_of(NASA)
    read(NASA, asset)
    said = [led(box, asset, box.hostile[where]) for where in ("other", "private", "file")]
    got = [shown for shown in box.credentials_at("elsewhere") if shown]
    expect(bool(box.received("elsewhere")) and not got, f"a stranger was shown {len(got)} credentials")
    expect(all("this is not followed" in one for one in said[1:]), "; ".join(said))
    return "a stranger was asked and shown nothing; " + said[1]


STEPS = (
    Step(title="Earthdata, logged out", work=nobody),
    Step(title="Earthdata, user name and password in netrc", work=netrc),
    Step(title="Earthdata, a token in the environment", work=token),
    Step(title="Earthdata, redirects and a cookie where there are no tokens", work=cookie, short=True),
    Step(title="Earthdata, a wrong password told apart from none", work=wrong_password),
    Step(title="Earthdata, a licence (EULA) that is not accepted", work=licence),
    Step(
        title="Planetary Computer, a signature of 2 s that ends within one file", work=signature, short=True
    ),
    Step(title="Copernicus, a client whose tokens last 2 s", work=client, short=True),
    Step(title="Earthdata, a data host that redirects elsewhere", work=redirects),
)
