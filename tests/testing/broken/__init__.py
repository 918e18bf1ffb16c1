"""Providers that are broken on purpose, each in one way; ``fails`` is the check that names it."""

from tests.testing.broken import failures, logins, pages, pixels, scenes, searches, services

BROKEN = [
    kind
    for room in (searches, pages, scenes, pixels, services, failures, logins)
    for kind in vars(room).values()
    if isinstance(kind, type) and "fails" in vars(kind)
]
