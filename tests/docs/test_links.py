"""Every link leads somewhere: files, headings, pictures and names are there, other sites are well addressed."""

import ipaddress
from urllib.parse import unquote, urlsplit

import pytest
from tests.docs.pages import DOCS, anchors, links, named, pages, prose, shown, slugged

ON_THIS_MACHINE = ("localhost", "127.0.0.1")
PAGES = [pytest.param(page, id=f"{page.parent.name}-{page.stem}") for page in pages()]


@pytest.mark.parametrize("page", PAGES)
def test_links_on_the_page_lead_somewhere(page):
    assert [link for link in links(prose(page)) if not leads_somewhere(page, link)] == []


@pytest.mark.parametrize("page", [case for case in PAGES if case.values[0].is_relative_to(DOCS)])
def test_pages_of_the_site_link_to_pages_of_the_site(page):
    """What is beside the docs is not on the site."""
    inside = [
        (page.parent / unquote(urlsplit(one).path)).resolve()
        for one in links(prose(page))
        if not outside(one)
    ]
    assert [one for one in inside if not one.is_relative_to(DOCS)] == []


@pytest.mark.parametrize("page", [case for case in PAGES if named(prose(case.values[0]))])
def test_names_that_are_referred_to_are_shown(page):
    assert [
        name for name in named(prose(page)) if name not in shown() and name.rpartition(".")[0] not in shown()
    ] == []


def test_the_check_sees_what_is_broken():
    """The reading of pages itself: a wrong file, heading or address counts, code does not."""
    page = DOCS / "index.md"
    text = '[a](x.md "title"), ![b](images/b.png) <img src="c.png"> [d][multisat.load]\n[e]: https://e.org/'
    assert links(text) == ["x.md", "images/b.png", "https://e.org/", "c.png"]
    assert named(text) == ["multisat.load"]
    assert slugged("When `a file` cannot be read: [why](x.md)?") == "when-a-file-cannot-be-read-why"
    broken = (
        "no-such.md",
        "reading.md#no-such-heading",
        "#no-such",
        "http://example.com",
        "https://",
        "ftp://a.b/c",
    )
    assert [one for one in broken if leads_somewhere(page, one)] == []
    assert leads_somewhere(page, "reading.md#the-grid")
    assert leads_somewhere(page, "reference/calls.md#multisat.search")
    assert sum(len(links(prose(page))) for page in pages()) > 60


def leads_somewhere(page, link):
    """Whether a link is well addressed, and leads to what is there if it stays within the project."""
    if outside(link):
        return well_addressed(link)
    parts = urlsplit(link)
    target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if not target.exists():
        return False
    return not parts.fragment or (target.suffix == ".md" and unquote(parts.fragment) in anchors(target))


def outside(link):
    return bool(urlsplit(link).scheme)


def well_addressed(link):
    """Whether an address is https to a host with a full name, or on this machine."""
    parts = urlsplit(link)
    if parts.hostname in ON_THIS_MACHINE:
        return True
    return parts.scheme == "https" and "." in (parts.hostname or "") and not _number(parts.hostname)


def _number(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
