"""Pictures compared with those that a person has looked at, and what is drawn in them."""

import io
import os
import warnings
from html.parser import HTMLParser
from pathlib import Path

import matplotlib as mpl
import numpy as np
import orjson
import pytest
from PIL import Image

import multisat as ms

GOLDEN = Path(__file__).parent / "golden"
MADE_WITH = "3.11."
WIDE = 120
"""Pixels: fine enough for a lost thumbnail, too coarse for the letters of another font."""
VOID = {"meta", "img", "br", "hr", "path", "rect", "circle"}


@pytest.fixture
def golden():
    """Hold that a picture is like the one kept: ``golden(picture, name)``.

    Matplotlib lays things out a little otherwise in each version, so others than that of the kept pictures are
    left out. Both are shrunk; on average they differ by less than 3 of 255, and nowhere by more than 60. To keep a new
    picture, look at it, and run with ``MULTISAT_GOLDEN=write``.
    """

    def compare(picture, name):
        path, small = GOLDEN / f"{name}.png", shrunk(picture)
        if os.environ.get("MULTISAT_GOLDEN") == "write":
            small.save(path, optimize=True)
        if not mpl.__version__.startswith(MADE_WITH):
            pytest.skip(f"the kept pictures are of matplotlib {MADE_WITH}")
        with Image.open(path) as file:
            kept = np.asarray(file.convert("RGB"), dtype=float)
        now = np.asarray(small, dtype=float)
        assert now.shape == kept.shape
        apart = np.abs(now - kept)
        assert apart.mean() < 3
        assert apart.max() < 60

    return compare


def shrunk(picture):
    """A figure, an image or an array, as a small image."""
    if hasattr(picture, "savefig"):
        file = io.BytesIO()
        picture.savefig(file, format="png", dpi=80)
        picture = Image.open(file)
    elif isinstance(picture, np.ndarray):
        picture = Image.fromarray(picture)
    picture = picture.convert("RGB")
    return picture.resize((WIDE, round(WIDE * picture.height / picture.width)), Image.Resampling.BOX)


class Checked(HTMLParser):
    """Every element is closed where it should be; keeps names and attributes."""

    def __init__(self, text):
        super().__init__()
        self.open, self.attributes, self.names = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.names.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.names.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture
def harmless():
    """Hold that HTML is well formed, runs nothing and loads nothing: ``harmless(text)``."""

    def check(text):
        found = Checked(text)
        assert not {"script", "iframe", "object", "embed", "link", "base"} & set(found.names)
        assert not [name for name, _ in found.attributes if name.startswith("on")]
        loaded = [
            value for name, value in found.attributes if name in {"src", "href", "xlink:href", "srcset"}
        ]
        assert [value for value in loaded if not value.startswith("data:image/png;base64,")] == []
        assert "url(" not in text
        return found

    return check


@pytest.fixture(scope="module")
def found(box):
    return ms.search(box.places["munich"], "2023-05/2023-06", collections="sentinel-2-l2a")


@pytest.fixture(scope="module")
def screening(box, found):
    return ms.screen(box.places["munich"], scenes=found)


@pytest.fixture
def verb(box, tmp_path, monkeypatch):
    """Run ``multisat`` in this process beside ``field.geojson``; returns click's result."""
    from click.testing import CliRunner

    from multisat.cli import main

    monkeypatch.chdir(tmp_path)
    (tmp_path / "field.geojson").write_bytes(orjson.dumps(box.places["munich"]))

    def call(*arguments):
        with warnings.catch_warnings():
            warnings.simplefilter("always")
            return CliRunner().invoke(main, [*map(str, arguments)])

    return call
