"""Planetary Computer's signatures: one per container, renewed in time, for its own hosts only."""

import asyncio
import logging
import threading
import time
from datetime import UTC, datetime

import pytest
import requests

import multisat as ms
from multisat.federate.loading import open_asset
from multisat.http.retry import RetryPolicy
from multisat.model import FileAsset
from multisat.raster import CogReader, GdalReader, Window, opened, run
from multisat.sandbox import Fault
from multisat.sandbox.secure.accounts import SUBSCRIPTION_KEY

PC = "planetary-computer"


def file(href):
    return FileAsset(key="B04", band="red", href=href, why="a test")


def asked(box):
    return [r.path for r in box.received("sas")]


@pytest.mark.parametrize("reader", [CogReader, GdalReader])
def test_one_signature_for_all_files_of_a_container(box, scenes, first, reading, reader):
    found = scenes(PC)
    for band in ("red", "nir", "scl"):
        reading(PC, first(found, band), reader())
    assert len(asked(box)) == 1
    landsat = scenes(PC, ["landsat-c2-l2"])
    reading(PC, first(landsat), reader())
    assert len(set(asked(box))) == len(asked(box)) == 2
    assert not any(box.credentials_at("elsewhere") + box.credentials_at("catalogues"))


def test_unsigned_everywhere_but_in_the_access(box, scenes, first):
    found = scenes(PC)
    assert "sig=" not in str(found) + repr(found.scenes) + first(found).href
    assert "sig=" in open_asset(PC, first(found)).href


@pytest.mark.parametrize("reader", [CogReader, GdalReader])
def test_an_address_that_is_signed_already_is_signed_anew(start, scenes, first, reading, reader):
    box = start(token_seconds=30)
    asset = first(scenes(PC))
    old = open_asset(PC, asset).href
    box.secure.forward(40)
    assert requests.get(old, timeout=10).status_code == 403
    assert reading(PC, file(old), reader())[1].shape == (8, 8)


@pytest.mark.parametrize("reader", [CogReader, GdalReader])
def test_a_signature_that_ends_between_two_reads(start, scenes, first, reader):
    box = start(token_seconds=30)
    asset = first(scenes(PC))

    async def work(end):
        async with opened(reader(), lambda: asyncio.to_thread(open_asset, PC, asset), asset.href) as raster:
            rows, columns = raster.info.grid.shape
            await raster.read(Window(row=0, column=0, height=8, width=8))
            box.secure.forward(end)
            return await raster.read(Window(row=rows - 8, column=columns - 8, height=8, width=8))

    renewed = run(work(40))
    if reader is CogReader:  # GDAL may have the whole of a small file by then
        assert len(asked(box)) == 2
    assert (renewed.values == run(work(0)).values).all()


def test_a_download_outlives_its_signature(start, scenes, tmp_path):
    box = start(token_seconds=30)
    found = scenes(PC)
    assert not ms.download(found.scenes[:1], tmp_path / "a", ["red"]).failed
    box.secure.forward(40)
    assert not ms.download(found.scenes[:1], tmp_path / "b", ["red"]).failed


def test_what_stays_refused_is_an_error_after_one_more_try(box, scenes, first, reading):
    box.inject(Fault(provider="blob", kind="403"))
    with pytest.raises(ms.AssetRefused, match="403"):
        reading(PC, first(scenes(PC)), CogReader())
    assert len(asked(box)) == 2
    assert len(box.received("blob")) == 2


def test_renewed_shortly_before_the_end(start, scenes, first):
    box = start(token_seconds=3)
    asset, seen = first(scenes(PC)), set()
    began = time.monotonic()
    while time.monotonic() < began + 4:
        asked_at = time.monotonic()
        href = open_asset(PC, asset).href
        seen.add(href)
        # Checked where it counts: the store takes each of them, if the machine was not away meanwhile.
        taken = requests.get(href, headers={"Range": "bytes=0-3"}, timeout=30).status_code == 206
        assert taken or time.monotonic() - asked_at > 0.2
        time.sleep(0.05)
    assert 2 <= len(seen) <= len(asked(box)) <= 1 + (time.monotonic() - began) / 2.6


def test_many_threads_fetch_one_signature(box, scenes, first):
    box.inject(Fault(provider="sas", kind="slow"))
    asset, seen = first(scenes(PC)), []
    threads = [threading.Thread(target=lambda: seen.append(open_asset(PC, asset).href)) for _ in range(16)]
    box.clear_faults()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(set(seen)), len(seen), len(asked(box))) == (1, 16, 1)


@pytest.mark.parametrize("where", ["variable", "settings"])
def test_a_subscription_key_goes_to_the_signing_service_alone(
    box, scenes, first, reading, home, monkeypatch, where
):
    if where == "variable":
        monkeypatch.setenv("PC_SDK_SUBSCRIPTION_KEY", SUBSCRIPTION_KEY)
    else:
        path = home / ".planetarycomputer" / "settings.env"
        path.parent.mkdir()
        path.touch(mode=0o600)
        path.write_text(f"PC_SDK_SUBSCRIPTION_KEY={SUBSCRIPTION_KEY}\n")
    reading(PC, first(scenes(PC)), CogReader())
    assert dict(box.secure.sas.keys) == {SUBSCRIPTION_KEY: 1}
    shown = {
        host for host in box.hosts for one in box.credentials_at(host) if "ocp-apim-subscription-key" in one
    }
    assert shown == {"sas"}


def test_a_wrong_key_is_said_without_being_shown(box, scenes, first, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("PC_SDK_SUBSCRIPTION_KEY", "wrong-key-shown")
    with pytest.raises(
        ms.CredentialsError, match="subscription key of environment PC_SDK_SUBSCRIPTION_KEY"
    ) as e:
        open_asset(PC, first(scenes(PC)))
    assert "wrong-key-shown" not in str(e.value) + caplog.text


def test_the_address_of_the_signing_service(box, scenes, first, home, monkeypatch):
    from multisat_planetary_computer.sas import sas_url

    assert sas_url() == f"{box.hosts['sas']}/api/sas/v1/token"
    monkeypatch.delenv("MULTISAT_PLANETARY_COMPUTER_SAS_URL")
    assert sas_url().startswith("https://planetarycomputer.microsoft.com/")
    monkeypatch.setenv("PC_SDK_SAS_URL", "https://other.example/token/")
    assert sas_url() == "https://other.example/token"


def test_too_many_requests_are_waited_out(box, scenes, first):
    asset = first(scenes(PC))
    box.inject(Fault(provider="sas", kind="429", times=1, retry_after="2"))
    open_asset(PC, asset)
    refused, taken = (r.time for r in box.received("sas"))
    assert taken - refused >= 2


def test_a_signing_service_that_is_down(box, scenes, first, monkeypatch):
    monkeypatch.setenv("MULTISAT_PLANETARY_COMPUTER_SAS_URL", "http://127.0.0.1:1/token")
    monkeypatch.setattr("multisat.auth.asking.POLICY", RetryPolicy(tries=1))
    with pytest.raises(ms.ProviderUnavailable, match="no whole answer from 127"):
        open_asset(PC, first(scenes(PC)))


@pytest.mark.parametrize(
    ("href", "place"),
    [
        ("https://euwest.blob.core.windows.net/s2-l2/31/a.tif", "euwest/s2-l2"),
        ("https://euwest.blob.core.windows.net/s2-l2/31/a.tif?se=2023", "euwest/s2-l2"),
        ("https://ai4edatasetspublicassets.blob.core.windows.net/assets/x.png", None),
        ("https://euwest.blob.core.windows.net.evil.example/s2/a.tif", None),
        ("https://evil.example/euwest.blob.core.windows.net/s2/a.tif", None),
        ("https://me@euwest.blob.core.windows.net/s2/a.tif", None),
        ("http://euwest.blob.core.windows.net/s2/a.tif", None),
        ("https://evilblob.core.windows.net/s2/a.tif", None),
        ("https://euwest.blob.core.windows.net/", None),
        ("s3://euwest.blob.core.windows.net/s2/a.tif", None),
        ("/euwest/s2/a.tif", None),
        ("https://euwest.blob.core.windows.net/$root/a.tif", "euwest/$root"),
        ("https://a.b.blob.core.windows.net/s2-l2/a.tif", None),
        ("https://blob.core.windows.net/s2-l2/a.tif", None),
        ("https://x.blob.core.windows.net/s2-l2/a.tif", None),
        *(
            (f"https://euwest.blob.core.windows.net/{name}/a.tif", None)
            for name in (
                "..",
                "%2e%2e",
                "s2%2fl2",
                "s2l2?x",
                "S2-L2",
                "s2--l2",
                "-s2",
                "s2",
                "s2_l2",
                "s" * 64,
                "ü2l2",
            )
        ),
    ],
)
def test_what_is_signed(href, place):
    from multisat_planetary_computer.sas import container

    assert container(href) == place


@pytest.mark.parametrize(
    "place",
    ["../../admin/x", "a/b", "euwest/s2/l2", "euwest/..", "euwest/s2l2?x=1", "euwest/s2l2\n", "", "euwest"],
)
def test_only_a_container_gets_into_the_address_of_the_signing_service(box, place, monkeypatch):
    """Whether it comes from a setting, or from an item of a catalogue, in the store's own shape."""
    monkeypatch.setenv("MULTISAT_PLANETARY_COMPUTER_PROBE", place or " ")
    with pytest.raises(ms.UsageError, match="no account and container"):
        ms.provider(PC).prove()
    href = f"{box.hosts['blob']}/{place}/file.tif"
    if place != "euwest":
        assert "sig=" not in open_asset(PC, file(href)).href
    assert asked(box) == []


def test_a_container_that_needs_no_signature(box):
    href = f"{box.hosts['blob']}/other/open/a/b.tif"
    assert open_asset(PC, file(f"{href}?sig=x")).href == href
    assert open_asset(PC, file(href)).href == href
    assert len(asked(box)) == 1


def test_a_clock_that_is_wrong(serve, answer_with, monkeypatch):
    """The end of a signature is measured by the clock of the service that gave it."""
    from email.utils import format_datetime

    from multisat_planetary_computer.sas import fetch

    ahead = 7200
    service = datetime.fromtimestamp(time.time() + ahead, UTC)
    end = datetime.fromtimestamp(time.time() + ahead + 600, UTC).isoformat()
    body = f'{{"token": "x", "msft:expiry": "{end}"}}'.encode()

    def answer(handler):
        handler.send_response_only(200)
        for name, value in {
            "Date": format_datetime(service, usegmt=True),
            "Content-Length": len(body),
        }.items():
            handler.send_header(name, str(value))
        handler.end_headers()
        handler.wfile.write(body)

    assert fetch(f"{serve(answer)}/a/b", None).left == pytest.approx(600, abs=5)
