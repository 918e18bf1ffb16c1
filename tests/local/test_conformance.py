"""The user's own folders do what the contract says, over what the sandbox's archives gave."""

import tempfile
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import multisat as ms
from multisat.testing import provider_suite, stand_in
from multisat.testing.target import environment

ARCHIVES = ["earth-search", "planetary-computer"]
BANDS = ["red", "nir", "nir08", "scl", "qa_pixel"]
SEASON = "2022-01/2022-03"


@contextmanager
def filled():
    """A folder with files around Munich, and items alone of other places; its archives are gone by then."""
    with tempfile.TemporaryDirectory() as folder:
        with stand_in("earth-search") as target, environment(target.environment):
            kinds = ["sentinel-2-l2a", "landsat-c2-l2"]
            there = ms.search(target.aoi, target.time, providers=ARCHIVES, collections=kinds)
            ms.download(there, folder, BANDS)
            ocean, _ = target.busy
            for name, area, time in (("fiji", target.dateline, target.time), ("ocean", ocean, SEASON)):
                ms.search(area, time, providers=ARCHIVES[0]).save(Path(folder) / f"{name}.geojson")
        yield replace(
            target,
            environment={"MULTISAT_LOCAL": folder, "MULTISAT_CACHE": "off"},
            busy=(ocean, SEASON),
            login=(),
            secrets=(),
            breaking=None,
        )


pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("local-conformance")]

test_conformance = provider_suite("local", target=filled)
