"""Everything a whole run writes, prints, logs, shows and pickles, searched for every secret in play."""

import gc
import io
import logging
import pickle
import traceback
import warnings
from contextlib import redirect_stderr, redirect_stdout
from urllib.parse import quote

import pytest

import multisat as ms
from multisat.auth import give
from multisat.auth.cdse import log_in
from multisat.auth.checks import check, check_client
from multisat.auth.wants import OPENEO
from multisat.cli import secure_demo
from multisat.federate.loading import open_asset
from multisat.http.retry import RetryPolicy
from multisat.plugins import registry
from multisat.raster import AnyReader, GdalReader
from multisat.sandbox import Fault, Sandbox
from multisat.sandbox.secure.accounts import CLIENTS, SUBSCRIPTION_KEY, USERS

PC, NASA = "planetary-computer", "nasa-cmr"
KEPT = "kept"


def secrets_of(box):
    """Return every secret that was given, made or sent, plain and as an address has it."""
    shown = [value for host in box.hosts for one in box.credentials_at(host) for value in one.values()]
    parts = {part.rpartition("=")[2] if "=" in part[:-2] else part for v in shown for part in v.split("; ")}
    bare = {value.removeprefix("Bearer ").removeprefix("Basic ") for value in shown}
    stands = (
        box.secure.login.tokens,
        box.secure.login.codes,
        box.secure.data.sessions,
        box.secure.identity.tokens,
        box.secure.identity.refreshing,
    )
    made = {token for tokens in stands for token in tokens._grants}
    made |= {*box.secure.data.keys, *box.secure.identity.devices._waiting}
    found = {*shown, *parts, *bare, *made, *USERS.values(), SUBSCRIPTION_KEY, CLIENTS["sandbox-client"]}
    assert len(found) > 12
    return {form for secret in found if len(secret) > 7 for form in (secret, quote(secret, safe=""))}


def chain(error):
    """Return an error as it is printed, and each error behind it, printed or not."""
    told, seen = "".join(traceback.format_exception(error)), set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        told += repr(error) + str(error) + repr(error.args)
        error = error.__cause__ or error.__context__
    return told


@pytest.fixture
def everything(box, login, monkeypatch, caplog, home, command):
    """A run with all logins in play; returns what it told, and the secrets."""
    pytest.importorskip("dask")
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("multisat.auth.asking.POLICY", RetryPolicy(tries=2, first_wait=0.1))
    login()
    monkeypatch.setenv("PC_SDK_SUBSCRIPTION_KEY", SUBSCRIPTION_KEY)
    give("cdse", client_id="sandbox-client", client_secret=CLIENTS["sandbox-client"])
    told, out = [], io.StringIO()
    with redirect_stdout(out), redirect_stderr(out), warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for name in (PC, NASA):
            told += _use(name, home)
        told += _directly(monkeypatch)
        told += _fail(box, home)
        tokens = log_in()
        told += [repr(tokens), repr(tokens.token()), repr(vars(tokens)), repr(tokens.headers)]
        told += [repr(check(registry().provider(name)).to_dict()) for name in (PC, NASA)]
        told += [repr(check_client(OPENEO).to_dict())]
    told += _as_a_user(command, home)
    told += [out.getvalue(), caplog.text, *(str(one.message) for one in warned)]
    told += [repr(record.__dict__) for record in caplog.records]
    return told, secrets_of(box)


def _search(provider):
    """Return what one archive alone has: twins at others would be folded into one."""
    collections = {PC: ["sentinel-2-l2a"], NASA: ["hls"]}[provider]
    found = ms.search("11.5,48.315,11.51,48.32", "2023-05", collections=collections, providers=[provider])
    first = next(k for k, scene in enumerate(found.scenes) if "red" in scene.bands)
    return found[first:]


def _use(provider, home):
    """Search, load now and later, save, write and download; returns all that is shown."""
    found = _search(provider)
    found.save(home / f"{provider}.json")
    cube = ms.load(found, ["red"], mask="clear")
    lazy = ms.load(found, ["red"], mask="clear", chunks={"time": 1})
    graph = pickle.dumps(dict(lazy.red.__dask_graph__()))
    computed = lazy.compute()
    ms.write_cog(cube, home / f"{provider}.tif")
    got = ms.download(found.scenes[:1], home / provider, ["red"])
    access = open_asset(provider, next(s.assets["red"] for s in found.scenes if "red" in s.bands))
    shown = (found, *found.scenes, *found.outcomes, cube, lazy, computed, got, got[0], access)
    html = [one._repr_html_() for one in (found, cube, lazy) if hasattr(one, "_repr_html_")]
    told = [
        *map(repr, shown),
        *map(str, shown),
        *html,
        graph.decode("latin-1"),
        repr(vars(registry().provider(provider))),
    ]
    return [*told, str(cube.red.attrs), str(cube.red.encoding), repr(list(lazy.red.__dask_graph__()))]


def _fail(box, home):
    """Let everything go wrong; returns the errors."""
    told = []
    hosts = {PC: "blob", NASA: "lpdaac"}
    few = [_search(name)[0] for name in hosts]
    for kind in ("403", "401", "404", "cut", "html", "garbage", "redirect"):
        for host in (*hosts.values(), "lpdaac-cloud"):
            to = box.hostile["other"] if kind == "redirect" else ""
            box.inject(Fault(provider=host, kind=kind, to=to))
        for scene in few:
            for reader in (AnyReader, GdalReader):
                try:
                    _read(scene, reader())
                except Exception as error:  # noqa: BLE001 - whatever is raised is searched
                    told.append(chain(error))
        try:
            ms.load(few, ["red"])
        except ms.MultisatError as error:
            told.append(chain(error))
        told.append(str(ms.download(few, home / kind, ["red"])))
        box.clear_faults()
    box.inject(Fault(provider="urs", kind="cut"))
    box.inject(Fault(provider="sas", kind="cut"))
    box.secure.forward(700)
    for name in (PC, NASA):
        give(NASA, username="ada", password="another-synthetic-password")
        try:
            told.append(repr(registry().provider(name).prove()))
        except Exception as error:  # noqa: BLE001
            told.append(chain(error))
    box.clear_faults()
    return told


def _directly(monkeypatch):
    """Get keys of a bucket, and fail to read with them; returns what is told."""
    monkeypatch.setenv("MULTISAT_NASA_CMR_DIRECT_S3", "yes")
    # A way out that is not there: nothing of this test leaves the machine.
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    give(NASA)
    scene = _search(NASA)[0]
    told = [repr(open_asset(NASA, scene.assets["red"]))]
    try:
        _read(scene, GdalReader())
    except ms.MultisatError as error:
        told.append(chain(error))
    monkeypatch.delenv("HTTPS_PROXY")
    monkeypatch.delenv("MULTISAT_NASA_CMR_DIRECT_S3")
    return told


def _as_a_user(command, home):
    """Log in, in vain and well, search, load and ask the doctor on the command line; returns all it printed."""
    kept = {"HOME": str(home / KEPT), "MULTISAT_CONFIG": str(home / KEPT / "config.toml")}
    (home / KEPT).mkdir()
    area = ("11.5,48.315,11.51,48.32", "2023-05", "-c", "hls", "-p", NASA)
    ran = [
        command("--debug", "login", NASA, "--stdin", stdin="ada\nanother-synthetic-password\n", **kept),
        command("--debug", "login", NASA, "--stdin", stdin=f"ada\n{USERS['ada']}\n", **kept),
        command("--debug", "login", PC, "--stdin", stdin=SUBSCRIPTION_KEY, **kept),
        command(
            "--debug",
            "login",
            "cdse",
            "--stdin",
            stdin=f"sandbox-client\n{CLIENTS['sandbox-client']}\n",
            **kept,
        ),
        command("--debug", "doctor", **kept),
        command("--debug", "search", *area, "--out", "found.json", **kept),
        command("--debug", "load", "found.json", "--bands", "red", "--out", "pixels", **kept),
        command("--debug", "download", "found.json", "--bands", "red", "--out", "files", **kept),
    ]
    assert [done.returncode for done in ran] == [1, *[0] * 7], [done.stderr[-300:] for done in ran]
    return [done.stdout + done.stderr for done in ran]


def _read(scene, reader):
    import asyncio
    from functools import partial

    from multisat.raster import Window, opened, run

    asset = scene.assets["red"]

    async def work():
        ask = partial(asyncio.to_thread, open_asset, scene.provider, asset)
        async with opened(reader, ask, asset.href) as raster:
            return await raster.read(Window(row=0, column=0, height=8, width=8))

    return run(work())


@pytest.mark.slow
def test_no_secret_is_written_printed_logged_shown_or_pickled(everything, home):
    told, secrets = everything
    # Where logins are kept is where they should be, and nowhere else.
    paths = [p for p in home.rglob("*") if p.is_file() and home / KEPT not in p.parents]
    files = {p: p.read_bytes().decode("latin-1") for p in paths}
    assert {"found.json", "red.tif"} <= {p.name for p in paths} or len(paths) > 20
    assert any(p.suffix == ".sqlite" for p in files)
    assert sum(map(len, told)) > 100_000
    leaks = [
        (text[max(0, text.find(secret) - 300) : text.find(secret)], secret[:4])
        for text in told
        for secret in secrets
        if secret in text
    ]
    assert not leaks, leaks[:3]
    assert not [(str(p), s[:4]) for p, text in files.items() for s in secrets if s in text]
    gc.collect()


@pytest.mark.slow
def test_the_demo_of_logins_tells_none(monkeypatch, caplog, capfd):
    boxes = []

    class Remembered(Sandbox):
        def start(self):
            boxes.append(self)
            return super().start()

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(secure_demo, "Sandbox", Remembered)
    secure_demo.run_secure_demo()
    out, err = capfd.readouterr()
    told = out + err + caplog.text + "".join(repr(record.__dict__) for record in caplog.records)
    assert len(boxes) == 2
    assert "10 of 10" in out
    secrets = {secret for box in boxes for secret in secrets_of(box)}
    assert not [secret[:4] for secret in secrets if secret in told]
