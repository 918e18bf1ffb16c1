"""Sizes, checksums and room on the disk."""

import hashlib
import os

import pytest


def multihash(code, name, body):
    digest = hashlib.new(name, body).digest()
    return f"{code}{digest.hex()}"


KINDS = [
    ("1220", "sha256", "sha2-256"),
    ("1340", "sha512", "sha2-512"),
    ("1114", "sha1", "sha1"),
    ("d50110", "md5", "md5"),
    ("2030", "sha384", "sha2-384"),
]


@pytest.fixture
def target(tmp_path):
    return tmp_path / "files" / "one" / "red.tif"


@pytest.mark.parametrize("known", KINDS, ids=lambda known: known[2])
def test_a_right_checksum_is_said(scene, get, body, known):
    code, name, kind = known
    (one,) = get(scene(told={"file:checksum": multihash(code, name, body)}))
    assert (one.status, one.checked, one.note) == ("done", kind, None)


@pytest.mark.parametrize("known", KINDS, ids=lambda known: known[2])
def test_a_wrong_checksum_deletes_the_file(scene, get, body, target, known):
    code, name, kind = known
    (one,) = get(scene(told={"file:checksum": multihash(code, name, body + b"x")}))
    assert one.status == "failed"
    assert f"its {kind} checksum is not the one of the catalogue" in one.error
    assert list(target.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("b220" + "00" * 32, "wrong length|unknown code"),
        ("1620" + "00" * 32, "unknown code 0x16"),
        ("1220" + "00" * 31, "wrong length"),
        ("1204" + "00" * 4, "wrong length"),
        ("md5:abc", "no multihash"),
        ("", None),
        ("ff", "no multihash"),
    ],
)
def test_a_checksum_nobody_knows_is_said_and_not_failed(scene, get, text, said):
    import re

    (one,) = get(scene(told={"file:checksum": text}))
    assert (one.status, one.checked) == ("done", None)
    assert one.note is None if said is None else re.search(said, one.note)


def test_the_older_name_of_the_checksum(scene, get, body):
    (one,) = get(scene(told={"checksum:multihash": multihash("1220", "sha256", body)}))
    assert one.checked == "sha2-256"


def test_the_checksum_is_that_of_the_whole_file_after_a_cut(shelf, scene, get, body):
    shelf.cuts = [100_000]
    (one,) = get(scene(told={"file:checksum": multihash("1220", "sha256", body)}))
    assert (one.status, one.checked, one.bytes) == ("done", "sha2-256", len(body))


def test_a_size_that_is_not_the_catalogues_is_refused_before_it_comes(shelf, scene, get, target):
    (one,) = get(scene(told={"file:size": 17}))
    assert "600000 bytes and the catalogue says 17" in one.error
    assert one.bytes == 0
    assert list(target.parent.iterdir()) == []


def test_a_size_the_server_does_not_say_is_checked_at_the_end(shelf, scene, get, body, target):
    def chunked(handler):
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"5\r\nshort\r\n0\r\n\r\n")

    shelf.faults["/red.tif"] = chunked
    (one,) = get(scene(told={"file:size": len(body)}))
    assert "it has 5 bytes" in one.error
    (one,) = get(scene())
    assert one.status == "done"
    assert target.read_bytes() == b"short"


@pytest.mark.parametrize("size", [True, -1, "600", None, 6.5])
def test_a_size_that_is_no_size_is_passed_over(scene, get, size):
    (one,) = get(scene(told={"file:size": size}))
    assert one.status == "done"


def test_there_by_the_catalogues_size_asks_nobody(shelf, scene, get, body):
    given = scene(told={"file:size": len(body)})
    get(given)
    shelf.requests.clear()
    (one,) = get(given)
    assert (one.status, one.size) == ("there", len(body))
    assert shelf.requests == []


def test_there_by_the_servers_size_takes_one_byte(shelf, scene, get):
    get(scene())
    shelf.sent = 0
    (one,) = get(scene())
    assert one.status == "there"
    assert shelf.sent <= 1


def test_a_file_of_another_size_is_replaced(scene, get, body, target):
    get(scene())
    target.write_bytes(b"old")
    (one,) = get(scene())
    assert one.status == "done"
    assert target.read_bytes() == body


def test_an_empty_file_is_a_file(shelf, scene, get, target):
    shelf.files["/red.tif"] = b""
    assert get(scene())[0].status == "done"
    assert target.read_bytes() == b""
    assert get(scene())[0].status == "there"


def test_no_room_is_said_before_anything_is_written(shelf, scene, get, target):
    shelf.faults["/red.tif"] = lambda handler: shelf.write(
        handler, 200, {"Content-Length": 10**18}, b"x" * 10
    )
    (one,) = get(scene())
    assert "it takes 1000000000000 MB and the disk has" in one.error
    assert "make room" in one.error
    assert list(target.parent.iterdir()) == []


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no disk that is always full")  # noqa: PTH110
def test_a_disk_that_fills_up_is_said(scene, get, target):
    target.parent.mkdir(parents=True)
    target.with_name(".red.tif.part").symlink_to("/dev/full")
    one, other = get(scene(), scene("two"))
    assert "the disk is full" in one.error
    assert other.status == "done"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(scene, get, target):
    target.parent.mkdir(parents=True)
    target.parent.chmod(0o500)
    (one,) = get(scene())
    assert "Permission denied" in one.error
    target.parent.chmod(0o700)


def test_a_page_under_a_files_type_is_no_file(shelf, scene, get, target):
    shelf.files["/red.tif"] = b"\n<!DOCTYPE HTML><html>Please sign in"
    (one,) = get(scene())
    assert "sent a web page in place of the file" in one.error
    assert list(target.parent.iterdir()) == []


def test_a_plugin_that_breaks_costs_one_file(scene, get):
    from multisat.contracts import Access

    def access(_provider, asset):
        if asset.band == "red":
            raise KeyError("SECRET")
        return Access(href=asset.href)

    lost, other = get(scene("one", red="/red.tif", nir="/red.tif"), access=access)
    assert "the plugin cannot say how to open the file: KeyError" in lost.error
    assert "SECRET" not in lost.error
    assert other.status == "done"
