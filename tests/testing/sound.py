"""A provider that can do all that a provider can, and does it well: the broken ones are it but for one thing."""

import os
from contextlib import contextmanager
from dataclasses import dataclass, replace

from multisat.contracts import Capabilities, Cost, CredentialStatus, RemoteEngine, Search, Verdict
from multisat.engine import run
from multisat.testing import as_catalogue
from multisat_earth_search.provider import EarthSearch

TOKEN = "SOUND_TOKEN"
SECRET = "synthetic-token-of-the-sound-archive"


@contextmanager
def target():
    """The sandbox's Earth Search, with a login."""
    with as_catalogue("earth-search", like="earth-search") as found:
        variables = {**found.environment, TOKEN: SECRET}
        yield replace(found, environment=variables, login=(TOKEN,), secrets=(SECRET,), patience=0.15,
                      collections=("sentinel-2-l2a",))  # fmt: skip


class Engine(RemoteEngine):
    """Computes on this machine, as if it were a service."""

    name, dialects = "earth-search", ("text",)

    def __init__(self, provider):
        self.provider = provider

    def can_run(self, task):
        return Verdict()

    def cost(self, task):
        return Cost(scenes=len(task.scenes), files=0, requests=1, bytes=1000, seconds=1.0)

    def run(self, task, *, progress=None, deadline=None):
        return run(task, access=lambda _, asset: self.provider.access(asset))

    def code(self, task, dialect):
        return str(task.steps)


class Sound(EarthSearch):
    """Has everything."""

    title = "A sound archive"

    @property
    def capabilities(self):
        held = super().capabilities
        return Capabilities(
            collections=held.collections, native=held.native, counts=True, recipes=True, login="optional"
        )

    def credentials(self):
        if os.environ.get(TOKEN):
            return CredentialStatus(found=True, where=f"environment {TOKEN}")
        return CredentialStatus(found=False, note=f"set {TOKEN}")

    def engine(self):
        return Engine(self)


@dataclass
class Same(Search):
    """A search that is as the one within."""

    inner: Search
    request: object

    def pages(self):
        yield from self.inner.pages()

    @property
    def complete(self):
        return self.inner.complete

    @property
    def resume(self):
        return self.inner.resume

    @property
    def requests(self):
        return self.inner.requests

    def matched(self):
        return self.inner.matched()
