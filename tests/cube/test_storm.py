"""A cube over a server in trouble: complete but for what is listed, and every loss is named."""

import dataclasses
import random

import numpy as np
import pytest

from multisat.contracts import Access
from multisat.cube import MultisatWarning, load
from multisat.errors import AssetUnreadable
from multisat.raster import AnyReader, CogReader, Limits

SCENES = 24
BANDS = ("red", "nir", "green")


@pytest.fixture
def files(write, scene, tmp_path):
    """One scene many times over, each with addresses of its own."""
    made = {band: write(band, count=512)[0] for band in BANDS}
    first = scene("s00", **made)

    def on(url):
        found = []
        for number in range(SCENES):
            name = f"s{number:02}"
            assets = {
                band: dataclasses.replace(asset, href=f"{url}/{name}/{band}.tif")
                for band, asset in first.assets.items()
            }
            found.append(dataclasses.replace(first, id=name, assets=assets))
        return found

    return on, {band: path.read_bytes() for band, path in made.items()}


def ranged(handler, data):
    wanted = handler.headers.get("Range", f"bytes=0-{len(data) - 1}")
    first, last = wanted.removeprefix("bytes=").split("-")
    part = data[int(first) : int(last) + 1]
    handler.send_response(206 if "Range" in handler.headers else 200)
    handler.send_header("Content-Length", str(len(part)))
    handler.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
    handler.end_headers()
    return part if handler.command == "GET" else b""


def plain(handler, status, body=b"", kind="text/plain"):
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Content-Type", kind)
    handler.end_headers()
    handler.wfile.write(body)


def open_asset(_provider, asset):
    return Access(href=f"{asset.href}?sig=SECRETSIG", headers={"Authorization": "Bearer SECRETTOKEN"})


def quick():
    """For servers that never answer well."""
    return AnyReader(CogReader(Limits(retries=4, retry_seconds=5, stall_seconds=1)))


def test_a_storm_costs_the_slices_it_hits_and_no_other(serve, files):
    on, data = files
    dice = random.Random(3)
    hit = {"s03/red": "404", "s07/nir": "cut", "s11/green": "login", "s15/red": "garbage", "s19/nir": "403"}

    def answer(handler):
        name, band = handler.path.split("?")[0].removesuffix(".tif").strip("/").split("/")
        fate = hit.get(f"{name}/{band}")
        if fate == "404":
            plain(handler, 404)
        elif fate == "403":
            plain(handler, 403)
        elif fate == "login":
            plain(handler, 200, b"<!DOCTYPE html><html>Please log in</html>", "text/html")
        elif fate == "garbage":
            handler.wfile.write(ranged(handler, bytes(random.Random(1).randbytes(90_000))))
        elif fate == "cut":
            handler.wfile.write(ranged(handler, data[band])[:400])
            handler.close_connection = True
            handler.connection.close()
        elif dice.random() < 0.05:
            plain(handler, 503)
        else:
            handler.wfile.write(ranged(handler, data[band]))

    scenes = on(serve(answer))
    with pytest.warns(MultisatWarning, match="left out") as warned:
        cube = load(scenes, BANDS, access=open_asset, groupby="scene")
    lost = {place.split("/")[0] for place in hit}
    assert set(cube["item"].values) == {s.id for s in scenes} - lost
    calm = load([scenes[0]], BANDS, access=open_asset)
    for band in BANDS:
        for step in cube[band].values:
            np.testing.assert_array_equal(step, calm[band].values[0])
    told = cube.attrs["skipped"]
    assert len(told) == len(lost)
    for place, cause in {
        "s03/red": "gone",
        "s07/nir": "lost within the file",
        "s11/green": "web page",
        "s15/red": "no raster",
        "s19/nir": "refused",
    }.items():
        item, band = place.split("/")
        (text,) = [t for t in told if item in t]
        assert f"disk: {item}: {band}: " in text
        assert cause in text
    everything = "\n".join([*told, *(str(w.message) for w in warned)])
    assert "SECRET" not in everything


def test_too_many_requests_for_ever_end_in_a_named_error(serve, files):
    on, _ = files
    scenes = on(serve(lambda handler: plain(handler, 429)))
    with pytest.raises(AssetUnreadable, match=r"s00: .*429"):
        load(scenes[:1], ["red"], access=open_asset, errors="raise", reader=quick)


def test_a_server_that_hangs_is_given_up(serve, files, hang, in_time):
    on, data = files

    def answer(handler):
        handler.wfile.write(ranged(handler, data["red"])[:100])
        handler.wfile.flush()
        hang(handler)

    scenes = on(serve(answer))
    with in_time(), pytest.raises(AssetUnreadable, match="s00: red: "):
        load(scenes[:1], ["red"], access=open_asset, errors="raise", reader=quick)
