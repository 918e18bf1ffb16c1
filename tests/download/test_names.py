"""Names that came over the network stay inside of the folder and apart."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from multisat.contracts import Access
from multisat.downloads.names import distinct, safe_name

HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "",
    ".hidden",
    "a/../../b",
    "a\\..\\b",
    "C:\\x",
    "CON",
    "nul.tif",
    "x\x00y",
    "new\nline",
    "a" * 5000,
    "é" * 200,
    "\u202egnp.tif",
    "-rf",
    "trailing.",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names(text):
    name = safe_name(text)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", name)
    assert ".." not in name
    assert not name.endswith(".")
    assert name != text


@given(st.text())
@example("S2A_MSIL2A_20230504T101601")
def test_any_name(text):
    name = safe_name(text)
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}", name)
    assert ".." not in name


@given(st.lists(st.sampled_from(["a", "A", "a/", "a//", "a_", "../a", "a.tif", "A.TIF", "a/.tif"])))
def test_no_two_are_alike(texts):
    names = distinct(enumerate(texts))
    assert len({name.casefold() for name in names.values()}) == len(texts)


@pytest.mark.parametrize(
    "name", ["S2A_32UPU_20230504_0_L2A", "HLS.S30.T32UPU.2023124T101601.v2.0", "B04.tif"]
)
def test_good_names_are_kept(name):
    assert safe_name(name) == name


def test_nothing_is_written_outside_of_the_folder(shelf, scene, get, tmp_path):
    hostile = [scene(text, provider=f"p{n}") for n, text in enumerate(HOSTILE[:-1])]
    files = get(*hostile)
    assert not files.failed, str(files)
    assert len(set(files.paths)) == len(HOSTILE) - 1
    assert {p.name for p in tmp_path.iterdir()} == {"files"}
    assert all(p.resolve().parent.parent == tmp_path / "files" for p in files.paths)


@pytest.mark.parametrize(
    "path", ["/%2e%2e%2f%2e%2e%2fevil.tif", "/..%5c..%5cevil.tif", "/.ssh", "/a/b/", "/x%00.tif"]
)
def test_hostile_file_names(shelf, scene, get, tmp_path, path):
    access = Access(href=f"{shelf.url}/red.tif")
    (one,) = get(scene("one", red=path), access=lambda _provider, _asset: access)
    assert one.status == "done", one.error
    assert one.path.parent == tmp_path / "files" / "one"
    assert not one.path.name.startswith(".")


def test_files_of_one_name_are_kept_apart_whatever_bands_are_asked_for(shelf, scene, get):
    shelf.files = {"/R10m/B.tif": b"ten", "/R20m/B.tif": b"twenty"}
    both = scene("one", red="/R10m/B.tif", nir="/R20m/B.tif")
    (alone,) = get(both, bands="nir")
    red, nir = get(both)
    assert alone.path == nir.path != red.path
    assert (red.path.read_bytes(), nir.path.read_bytes()) == (b"ten", b"twenty")
    assert nir.status == "there"


def test_scenes_of_one_name_are_kept_apart(scene, get):
    files = get(scene("one"), scene("ONE"), scene("one", provider="other"), scene("one"))
    assert len(files) == 3
    assert len({str(p).casefold() for p in files.paths}) == 3


@pytest.mark.parametrize("href", ["http://[", "file:///etc/passwd", "/etc/passwd", "", "http://h:x/a.tif"])
def test_an_address_that_is_none_is_an_outcome(get, bare_scene, href):
    (one,) = get(bare_scene("one", {"red": href}))
    assert one.status == "failed"
    assert "bug" not in one.error
