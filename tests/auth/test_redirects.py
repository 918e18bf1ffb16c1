"""Hosts that lead elsewhere: credentials reach only the hosts they are bound to.

Each case is judged at the servers that received requests, never by what the client says.
"""

import contextlib
import itertools
import shutil
from urllib.parse import urlsplit

import pytest
import rasterio

import multisat as ms
from multisat.contracts import Access
from multisat.downloads.opening import Opener
from multisat.errors import AssetUnreadable
from multisat.federate.loading import open_asset
from multisat.http import HttpClient
from multisat.http.redirects import RedirectRefused, next_address, zone
from multisat.raster import AnyReader, GdalReader, Window, opened, run
from multisat.sandbox import Fault
from multisat.sandbox.secure.accounts import SUBSCRIPTION_KEY, USER, USERS

PC, NASA = "planetary-computer", "nasa-cmr"
READERS = {"engine": AnyReader, "gdal": GdalReader}
BOUND = {
    "authorization Basic": {"urs"},
    "authorization Bearer": {"lpdaac"},
    "cookie asf-urs": {"lpdaac"},
    "cookie _urs-gui_session": {"urs"},
    "ocp-apim-subscription-key": {"sas"},
    "sig": {"blob"},
    "X-Amz-Signature": {"lpdaac-cloud"},
    "x-api-key": {"blob", "cdse"},
    "code": {"lpdaac"},
}
"""Each credential, and the hosts it is bound to."""


def kinds(shown):
    """Name each credential of one request by its header or field, and what is in it."""
    for name, value in shown.items():
        if name == "authorization":
            yield f"{name} {value.split()[0]}"
        elif name == "cookie":
            yield from (f"cookie {part.strip().partition('=')[0]}" for part in value.split(";"))
        else:
            yield name


def strays(box):
    """Return the credentials that reached a host they are not bound to."""
    reached = ((host, kind) for host in box.hosts for one in box.credentials_at(host) for kind in kinds(one))
    return {(host, kind) for host, kind in reached if host not in BOUND[kind]}


@pytest.fixture
def netrc(home, box):
    """A netrc file with a login for every host there is, and one for all others."""
    hosts = {urlsplit(url).hostname for name, url in box.hosts.items() if name != "urs"}
    mine = f"machine {urlsplit(box.hosts['urs']).hostname} login {USER} password {USERS[USER]}\n"
    lines = [f"machine {host} login stray password stray-password\n" for host in sorted(hosts)]
    path = home / ".netrc"
    path.write_text(mine + "".join(lines) + "default login stray password stray-password\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def logged_in(request, box, login, monkeypatch):
    """Be logged in everywhere; ``request.param`` says how at NASA, and whether there is a netrc file."""
    way, with_netrc = request.param
    monkeypatch.setenv("PC_SDK_SUBSCRIPTION_KEY", SUBSCRIPTION_KEY)
    if with_netrc:
        request.getfixturevalue("netrc")
    else:
        login()
    if way == "cookie":
        box.inject(Fault(provider="urs", kind="403", match="find_or_create_token"))
    return way


def use(how, provider, found, first, reading, tmp_path):
    """Read or download a file; it may fail, but only with an error of ours."""
    try:
        if how == "download":
            return ms.download(found.scenes[:1], tmp_path / "out", ["red"]).outcomes[0].error
        return str(reading(provider, first(found), READERS[how]())[1])
    except ms.MultisatError as error:
        return str(error)


WAYS = [("token", False), ("token", True), ("cookie", False), ("cookie", True)]
HOW = ["engine", "gdal", "download"]


@pytest.mark.parametrize("logged_in", WAYS, indirect=True, ids=lambda w: f"{w[0]}{'-netrc' * w[1]}")
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("leads", ["lpdaac", "lpdaac-cloud"])
def test_a_data_host_that_leads_to_a_stranger(box, logged_in, scenes, first, reading, tmp_path, how, leads):
    found = scenes(NASA)
    open_asset(NASA, first(found))
    box.inject(Fault(provider=leads, kind="redirect", to=box.hostile["other"]))
    said = use(how, NASA, found, first, reading, tmp_path)
    assert box.received("elsewhere"), said
    assert strays(box) == set()
    assert not any("stray" in str(one) for host in box.hosts for one in box.credentials_at(host))


@pytest.mark.parametrize("logged_in", [("token", False), ("token", True)], indirect=True, ids=["", "netrc"])
@pytest.mark.parametrize("how", HOW)
def test_a_blob_store_that_leads_to_a_stranger(box, logged_in, scenes, first, reading, tmp_path, how):
    found = scenes(PC)
    box.inject(Fault(provider="blob", kind="redirect", to=box.hostile["other"]))
    use(how, PC, found, first, reading, tmp_path)
    assert box.received("elsewhere")
    assert strays(box) == set()


@pytest.mark.parametrize("logged_in", [("token", True)], indirect=True, ids=["netrc"])
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("provider", [PC, NASA])
def test_a_stranger_that_leads_to_a_host_with_a_login(
    box, logged_in, scenes, first, reading, tmp_path, how, provider
):
    """A third host is no way to a login: what it leads to is asked without one."""
    found = scenes(provider)
    host = {PC: "blob", NASA: "lpdaac"}[provider]
    stranger = f"{box.hosts['elsewhere']}/asset.tif"
    asset = first(found)
    box.inject(Fault(provider="elsewhere", kind="redirect", to=asset.href))
    from multisat.model import FileAsset

    strange = FileAsset(key="red", band="red", href=stranger, why="a test")
    access = open_asset(provider, strange)
    assert (access.href, dict(access.headers), dict(access.gdal)) == (stranger, {}, {})
    if how != "download":
        with pytest.raises(ms.MultisatError):
            reading(provider, strange, READERS[how]())
        assert box.received(host)
    assert not any(
        box.credentials_at("blob") + box.credentials_at("lpdaac") + box.credentials_at("elsewhere")
    )
    assert not any("authorization" in one for one in box.credentials_at("urs"))


@pytest.mark.parametrize("logged_in", WAYS, indirect=True, ids=lambda w: f"{w[0]}{'-netrc' * w[1]}")
@pytest.mark.parametrize("how", HOW)
def test_to_the_login_host_and_back(box, logged_in, scenes, first, reading, tmp_path, how):
    """Sessions end at the data host, which sends its readers to log in; only we log in, and once."""
    found = scenes(NASA)
    open_asset(NASA, first(found))
    box.secure.end_sessions()
    said = use(how, NASA, found, first, reading, tmp_path)
    assert not said or "refused" not in said
    assert strays(box) == set()


NOWHERE = [
    *itertools.product(["gdal", "download"], ["file", "private", "loop"]),
    ("engine", "file"),
    ("engine", "loop"),
]
"""Who reads, and where to; the engine and private addresses have a test of their own."""


@pytest.mark.parametrize(("how", "where"), NOWHERE)
@pytest.mark.parametrize("provider", [PC, NASA])
def test_redirects_to_nowhere(box, login, scenes, first, reading, tmp_path, how, where, provider):
    login()
    found = scenes(provider)
    open_asset(provider, first(found))
    host = {PC: "blob", NASA: "lpdaac"}[provider]
    box.inject(Fault(provider=host, kind="redirect", to=box.hostile[where]))
    said = use(how, provider, found, first, reading, tmp_path)
    assert said
    assert "root:" not in said
    if how != "engine" and where != "loop":
        assert "redirects from http to" in said
    assert strays(box) == set()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl command")
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("provider", [PC, NASA])
def test_from_https_to_http(start, login, scenes, first, reading, tmp_path, how, provider):
    """So no archive leads any reader to services of the reader's own network, which speak http."""
    login()
    box = start(token_seconds=600, tls=True)
    found = scenes(provider)
    open_asset(provider, first(found))
    if how == "download":
        assert not ms.download(found.scenes[:1], tmp_path / "before", ["red"]).failed
    else:  # the certificate is trusted, and the file is there
        assert reading(provider, first(found), READERS[how]())[1].shape == (8, 8)
    box.inject(
        Fault(provider={PC: "blob", NASA: "lpdaac"}[provider], kind="redirect", to=box.hostile["other"])
    )
    assert use(how, provider, found, first, reading, tmp_path)
    assert box.received("elsewhere") == []
    assert strays(box) == set()


KEYED = {"X-Api-Key": "synthetic-api-key", "Authorization": "Bearer synthetic-bearer"}


def open_keyed(how, href):
    """Read a file with headers that libraries know nothing of."""
    access = Access(href=href, headers=KEYED)
    if how == "download":
        Opener().open(access, {}).close()
        return

    async def ask():
        return access

    async def work():
        async with opened(READERS[how](), ask, href) as raster:
            await raster.read(Window(row=0, column=0, height=8, width=8))

    run(work())


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("known", [False, True], ids=["", "known host"])
def test_headers_of_other_names_stay_with_their_host(box, how, known):
    href = f"{box.hosts['cdse']}/files/x.tif"
    if known:
        with contextlib.suppress(ms.MultisatError):
            open_keyed(how, href)
    box.inject(Fault(provider="cdse", kind="redirect", to=box.hostile["other"]))
    with contextlib.suppress(ms.MultisatError):
        open_keyed(how, href)
    assert box.credentials_at("cdse")[-1]["x-api-key"] == KEYED["X-Api-Key"]
    assert box.received("elsewhere")
    assert not any(box.credentials_at("elsewhere"))


@pytest.mark.parametrize("how", ["engine", "gdal"])
def test_headers_of_other_names_open_files(box, scenes, first, how):
    """Files that need no login at all: what is shown here is that the headers do not get in the way."""
    asset = first(scenes("earth-search"))
    open_keyed(how, asset.href)
    shown = [one for one in box.credentials_at("catalogues") if one]
    assert {one["x-api-key"] for one in shown} == {KEYED["X-Api-Key"]}
    assert len(shown) > 2


@pytest.mark.parametrize("where", ["other", "file", "private", "loop"])
def test_a_dance_led_astray(box, login, scenes, first, where):
    login()
    found = scenes(NASA)
    box.inject(Fault(provider="urs", kind="403", match="find_or_create_token"))
    box.inject(Fault(provider="lpdaac", kind="redirect", to=box.hostile[where]))
    with pytest.raises(ms.MultisatError):
        open_asset(NASA, first(found))
    assert box.received("elsewhere") == []
    assert strays(box) == set()


@pytest.mark.parametrize("where", ["other", "file", "private", "loop"])
@pytest.mark.parametrize("at", ["urs", "sas"])
def test_a_login_service_that_leads_elsewhere(box, login, scenes, first, at, where, monkeypatch):
    login()
    monkeypatch.setenv("PC_SDK_SUBSCRIPTION_KEY", SUBSCRIPTION_KEY)
    provider = {"urs": NASA, "sas": PC}[at]
    found = scenes(provider)
    box.inject(Fault(provider=at, kind="redirect", to=box.hostile[where]))
    with pytest.raises(ms.MultisatError):
        open_asset(provider, first(found))
    assert box.received("elsewhere") == []
    assert strays(box) == set()


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "Ocp-Apim-Subscription-Key", "X-Api-Key"])
def test_search_leaves_headers_behind(box, netrc, name):
    box.inject(Fault(provider="cdse", kind="redirect", to=box.hostile["other"]))
    client = HttpClient("a test")
    client.fetch("GET", f"{box.hosts['cdse']}/x", headers={name: "Bearer x=secret"})
    client.close()
    assert box.credentials_at("cdse")[0] == {name.lower(): "Bearer x=secret"}
    assert box.credentials_at("elsewhere") == [{}]


@pytest.mark.parametrize("where", ["file", "private"])
def test_search_refuses_redirects_into_our_own_network(box, where):
    box.inject(Fault(provider="cdse", kind="redirect", to=box.hostile[where]))
    client = HttpClient("a test")
    with pytest.raises(RedirectRefused, match="redirects from http to"):
        client.fetch("GET", f"{box.hosts['cdse']}/x")
    client.close()


PUBLIC = "https://data.example.org/a/b.tif"


@pytest.mark.parametrize(
    ("url", "target"),
    [
        *itertools.product(
            [PUBLIC],
            [
                "file:///etc/passwd",
                "ftp://data.example.org/x",
                "http://data.example.org/x",
                "https://169.254.169.254/latest/",
                "https://10.0.0.1/x",
                "https://172.16.3.4/x",
                "https://192.168.1.1/x",
                "https://127.0.0.1/x",
                "https://127.1/x",
                "https://2130706433/x",
                "https://0x7f000001/x",
                "https://0.0.0.0/x",
                "https://localhost/x",
                "https://LOCALHOST./x",
                "https://a.localhost/x",
                "https://metadata.google.internal/x",
                "https://intranet/x",
                "https://[::1]/x",
                "https://[::ffff:10.0.0.1]/x",
                "https://[fe80::1]/x",
                "https://[fd00::1]/x",
                "//10.0.0.1/x",
                "https://[",
                "gopher://x",
            ],
        ),
        ("http://127.0.0.1:8000/x", "http://169.254.169.254/latest/"),
        ("http://127.0.0.1:8000/x", "http://10.0.0.1/"),
        ("http://10.0.0.1/x", "http://127.0.0.1/"),
        ("http://169.254.0.1/x", "http://169.254.169.254/"),
    ],
)
def test_where_a_redirect_may_not_lead(url, target):
    with pytest.raises(RedirectRefused, match="this is not followed"):
        next_address(url, target)


@pytest.mark.parametrize(
    ("url", "target", "full"),
    [
        (PUBLIC, "/c.tif", "https://data.example.org/c.tif"),
        (PUBLIC, "https://other.example/c.tif?sig=x", "https://other.example/c.tif?sig=x"),
        ("http://data.example.org/", "https://data.example.org/", "https://data.example.org/"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.2:81/y", "http://127.0.0.2:81/y"),
        ("http://10.0.0.1/x", "http://10.0.0.2/y", "http://10.0.0.2/y"),
        ("http://10.0.0.1/x", "https://data.example.org/", "https://data.example.org/"),
    ],
)
def test_where_a_redirect_may_lead(url, target, full):
    assert next_address(url, target) == full


def test_zones():
    assert [zone(h) for h in ("8.8.8.8", "example.org", "10.1.1.1", "::1", "fe80::1%eth0")] == [
        "public",
        "public",
        "private",
        "loopback",
        "link-local",
    ]


def test_a_gdal_that_hands_logins_on_is_not_given_one(monkeypatch):
    """GDAL before 3.10 sends headers to whatever host it is redirected to."""
    monkeypatch.setattr(rasterio, "__gdal_version__", "3.9.3")
    access = Access(href="http://127.0.0.1:9/a.tif", headers={"Authorization": "Bearer synthetic"})

    async def work():
        async with GdalReader().open(access, "a.tif"):
            pass

    with pytest.raises(AssetUnreadable, match=r"GDAL 3\.9\.3 .* 3\.10"):
        run(work())
