"""The pages of the documentation: their prose, headings, links, and the names the reference shows."""

import re
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
_CODE = re.compile(r"^(```|~~~).*?^\1\s*$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SPAN = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^::: ([\w.]+)$", re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_DEFINED = re.compile(r"^\[[^\]]+\]:\s*(\S+)", re.MULTILINE)
_ATTRIBUTE = re.compile(r"<(?:a|img)\s[^>]*?(?:href|src)=\"([^\"]+)\"")
_NAMED = re.compile(r"\]\[([\w.]+)\]")


@cache
def pages():
    """Every page that is read: those of the site, and those beside the code."""
    beside = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CHANGELOG.md")]
    return [*beside, *sorted(DOCS.glob("**/*.md")), *sorted(ROOT.glob("plugins/*/README.md"))]


@cache
def prose(page):
    """The text of a page without code blocks, comments and code in a line."""
    return _SPAN.sub("`code`", bare(page))


@cache
def bare(page):
    """The text of a page without code blocks and comments."""
    return _COMMENT.sub("", _CODE.sub("", page.read_text(encoding="utf-8")))


def links(text):
    """Every address that a text leads to, pictures included."""
    return [*_LINK.findall(text), *_DEFINED.findall(text), *_ATTRIBUTE.findall(text)]


def named(text):
    """The names that a text refers to instead of an address."""
    return _NAMED.findall(text)


@cache
def anchors(page):
    """What may stand after ``#``: headings, and the names a page of the reference shows."""
    found = {}
    for heading in _HEADING.findall(bare(page)):
        slug = slugged(heading)
        found[slug] = found.get(slug, 0) + 1
    again = {f"{slug}{joint}{n}" for slug, count in found.items() for joint in "_-" for n in range(1, count)}
    return {*found, *again, *directives(page)}


def slugged(heading):
    """A heading as its anchor: links lose their address, signs go, spaces become hyphens."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip())


@cache
def directives(page):
    """The names whose docstrings a page shows."""
    return _DIRECTIVE.findall(bare(page))


@cache
def shown():
    """Every name the reference shows, and where."""
    return {name: page for page in pages() for name in directives(page)}


def found(name):
    """What a dotted name stands for."""
    home, _, last = name.rpartition(".")
    return getattr(import_module(home), last)
