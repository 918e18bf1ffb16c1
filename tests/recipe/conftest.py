"""The sandbox, and what reached it."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

FILES = "/files/"


@pytest.fixture
def reached(box):
    """Note what reaches the sandbox: ``with reached() as seen: ...``, then ``seen.files`` and ``seen.searches``."""

    @contextmanager
    def note():
        seen, began = SimpleNamespace(files=[], searches=[]), len(box.requests)
        yield seen
        for one in box.requests[began:]:
            (seen.files if one.path.startswith(FILES) else seen.searches).append(one)

    return note


@pytest.fixture
def field(box):
    return box.places["munich"]
