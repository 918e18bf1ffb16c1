"""Recorded answers of the services; tests that need them are skipped where they are not at hand."""

from __future__ import annotations

import functools
import json
from operator import attrgetter
from pathlib import Path

import pytest

from multisat.stac.harmonise import harmonise
from multisat.vocab.archives import EARTH_SEARCH, NASA_CMR, PLANETARY_COMPUTER

FIXTURES = Path(__file__).resolve().parents[2].parent / "shared" / "fixtures"
HELD = {"earth-search": EARTH_SEARCH, "planetary-computer": PLANETARY_COMPUTER, "nasa-cmr": NASA_CMR}


@functools.cache
def _text(path):
    return (FIXTURES / path).read_text(encoding="utf-8")


def _items(document):
    if not isinstance(document, dict):
        return []
    return {"FeatureCollection": document.get("features"), "Feature": [document]}.get(
        document.get("type"), []
    )


@pytest.fixture
def recorded():
    """``recorded(path)`` is a recorded answer, fresh each time."""
    if not FIXTURES.is_dir():
        pytest.skip(f"no recorded answers at {FIXTURES}")
    return lambda path: json.loads(_text(path))


@pytest.fixture
def item(recorded):
    """``item(path, id)`` is a recorded item; without an id the first one."""

    def find(path, name=None):
        return next(one for one in _items(recorded(path)) if name in (None, one["id"]))

    return find


@pytest.fixture
def every_item(recorded):
    """All recorded items with the names of their files."""
    paths = sorted(path.relative_to(FIXTURES).as_posix() for path in FIXTURES.glob("*/*.json"))
    return [(path, one) for path in paths for one in _items(recorded(path))]


@pytest.fixture
def read():
    """``read(provider, item)`` is its scene; a collection given makes it an item of that collection."""

    def make(provider, one, collection=None):
        names = {name: h for h in HELD[provider] for name in (h.native_id, *h.also)}
        own = one if collection is None else {**one, "collection": collection}
        return harmonise(own, provider=provider, holdings=names)

    return make


def _differences(thing, expected):
    have = {name: attrgetter(name)(thing) for name in expected}
    return {name: (have[name], wanted) for name, wanted in expected.items() if have[name] != wanted}


@pytest.fixture
def agrees():
    """``agrees(thing, {"name": value, "a.b": value})`` fails with all attributes that differ.

    ``assets`` may be given as bands with their expected attributes; their ``why`` is a word of it.
    """

    def check(scene, expected):
        plain = {name: value for name, value in expected.items() if name != "assets"}
        assert _differences(scene, plain) == {}
        for band, wanted in expected.get("assets", {}).items():
            asset = scene.assets[band]
            exact = {name: value for name, value in wanted.items() if name != "why"}
            assert _differences(asset, exact) == {}, band
            assert asset.band == band
            assert wanted.get("why", "") in asset.why, band

    return check


class RecordedArchive:
    """A service on loopback that answers with recorded bodies and keeps what it was asked.

    Addresses of the real service become its own. The next link carries the question, as the real
    services' do, and a page is cut to the collections that were asked for.
    """

    def __init__(self, home, recorded, *, pages, then):
        self.home, self.recorded, self.pages, self.then = home, recorded, pages, then
        self.folder = pages[0].partition("/")[0]
        self.url = ""
        self.asked = []
        self.change = lambda page: page

    def body(self, path, asked):
        page = self.recorded(path)
        wanted = asked.get("collections")
        page["features"] = [i for i in page["features"] if wanted is None or i["collection"] in wanted]
        for link in page["links"]:
            if link["rel"] == "next" and link.get("body"):
                link["body"] = {
                    **asked,
                    **link["body"],
                    **{k: asked[k] for k in ("collections",) if k in asked},
                }
        return self.change(page)

    def first(self, wanted):
        for path in self.pages:
            if any(i["collection"] in wanted for i in self.recorded(path)["features"]):
                return path
        return None

    def follows(self, token):
        for path, following in self.then.items():
            links = [link.get("body") or {} for link in self.recorded(path)["links"]]
            if token in [body.get("next", body.get("token")) for body in links]:
                return following
        return None

    def answer(self, method, path, asked):
        self.asked.append((method, path, asked))
        if method == "GET" and path in DOCUMENTS:
            return (
                json.dumps(self.recorded(f"{self.folder}/{DOCUMENTS[path]}"))
                .replace(self.home, self.url)
                .encode()
            )
        token = asked.get("next", asked.get("token"))
        known = path == "/search" and method == "POST"
        source = (self.follows(token) if token else self.first(asked["collections"])) if known else None
        page = {"type": "FeatureCollection", "features": [], "links": []}
        text = json.dumps(self.body(source, asked) if source else page)
        return text.replace(self.home, self.url).encode()


DOCUMENTS = {"": "root.json", "/": "root.json", "/collections": "collections.json"}
HOMES = {
    "earth-search": "https://earth-search.aws.element84.com/v1",
    "planetary-computer": "https://planetarycomputer.microsoft.com/api/stac/v1",
}


@pytest.fixture
def archive(recorded, serve, answer_with, monkeypatch):
    """``archive(provider, pages=[...], then={page: next page})`` serves recorded pages as a provider."""

    def start(provider, *, pages, then=None):
        made = RecordedArchive(HOMES[provider], recorded, pages=pages, then=then or {})

        def answer(handler):
            size = int(handler.headers.get("Content-Length") or 0)
            asked = json.loads(handler.rfile.read(size)) if size else {}
            body = made.answer(handler.command, handler.path, asked)
            answer_with(handler, 200, body, Content_Type="application/geo+json")

        made.url = serve(answer)
        monkeypatch.setenv(f"MULTISAT_{provider.upper().replace('-', '_')}_URL", made.url)
        return made

    return start
