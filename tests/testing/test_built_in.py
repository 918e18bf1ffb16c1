"""The built-in providers do what the contract says."""

import pytest

from multisat.testing import provider_suite

pytestmark = pytest.mark.xdist_group("conformance")

test_earth_search = provider_suite("earth-search")
test_planetary_computer = pytest.mark.slow(provider_suite("planetary-computer"))
test_nasa_cmr = pytest.mark.slow(provider_suite("nasa-cmr"))
test_sentinel_hub = pytest.mark.slow(provider_suite("sentinel-hub"))
