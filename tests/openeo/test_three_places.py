"""One recipe on this machine, at openEO and at Sentinel Hub."""

import pytest

import multisat as ms
from multisat.auth import give
from multisat.sandbox import Sandbox
from multisat.sandbox.secure.accounts import CLIENT, CLIENTS

PLACES = ["earth-search", "openeo", "sentinel-hub"]
RECIPE = ms.Recipe().mask("clear").index("NDVI").index("EVI").composite("month", "median")


@pytest.fixture
def places(openeo, monkeypatch):
    """Stand-ins of all three, and a login for each; gives an area."""
    with Sandbox(sentinel_hub=True) as box:
        backend = {name: value for name, value in box.environment.items() if "OPENEO" not in name}
        for name, value in backend.items():
            monkeypatch.setenv(name, value)
        give("sentinel-hub", client_id=CLIENT, client_secret=CLIENTS[CLIENT])
        yield box.places["munich"]
        give("sentinel-hub")


@pytest.mark.parametrize("recipe", [RECIPE, RECIPE.zonal("mean", "median")], ids=["pixels", "table"])
def test_three_places_are_one_answer(places, recipe):
    pytest.importorskip("py_mini_racer")
    found = recipe.compare(places, "2023-05/2023-06", on=PLACES)
    assert set(found["at"]) == {"openeo", "sentinel-hub"}
    assert found["relative"].max() < 1e-6
    assert found["only_one"].sum() == 0
    assert found["values"].min() > 0
