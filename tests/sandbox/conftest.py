"""A sandbox whose files want credentials, new for each test: its accounts remember what was done to them."""

import pytest

from multisat.sandbox import Sandbox


@pytest.fixture
def box():
    with Sandbox(secure=True, token_seconds=30) as running:
        yield running
