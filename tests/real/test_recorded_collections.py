"""The vocabulary against the collection descriptions the services publish."""

from __future__ import annotations

import pytest

from multisat.vocab.archives import EARTH_SEARCH, PLANETARY_COMPUTER
from multisat.vocab.scaling import scaling

pytestmark = pytest.mark.fixtures

LISTS = {
    "earth-search": ("earth-search/collections.json", EARTH_SEARCH),
    "planetary-computer": ("planetary-computer/collections-subset.json", PLANETARY_COMPUTER),
}
HELD = [(name, holding) for name, (_, held) in LISTS.items() for holding in held]

# Layers the services describe that are no bands of ours: pictures, documents, auxiliary data.
LEFT_OUT = {
    *("visual", "preview", "thumbnail", "reduced_resolution_browse", "ang", "atmos_opacity"),
    *("atran", "cdist", "drad", "urad", "trad", "emsd"),
}
# Declared 0 also means 0 percent, so it is not taken for no data.
NODATA_NOT_USED = {("cloud", 0), ("snow", 0)}


@pytest.fixture
def described(recorded):
    """``described(provider, id)`` is the ``item_assets`` of a recorded collection."""

    def find(provider, name):
        collections = recorded(LISTS[provider][0])["collections"]
        return next(c for c in collections if c["id"] == name)["item_assets"]

    return find


@pytest.mark.parametrize(("provider", "holding"), HELD, ids=lambda x: getattr(x, "native_id", x))
def test_asset_keys_are_those_of_the_service(described, provider, holding):
    published = described(provider, holding.native_id)
    # lwir is TM's key and lwir11 TIRS's; between them, every key of the table is a published one.
    assert set(holding.assets) <= set(published)


@pytest.mark.parametrize(("provider", "holding"), HELD, ids=lambda x: getattr(x, "native_id", x))
def test_every_published_raster_is_a_band_or_left_out_on_purpose(described, provider, holding):
    published = described(provider, holding.native_id)
    rasters = {
        key
        for key, asset in published.items()
        if ("raster:bands" in asset or "eo:bands" in asset) and not key.endswith("-jp2")
    }
    assert rasters - LEFT_OUT <= set(holding.assets)


@pytest.mark.parametrize(("provider", "holding"), HELD, ids=lambda x: getattr(x, "native_id", x))
def test_scaling_agrees_with_what_the_service_declares(described, provider, holding):
    published = described(provider, holding.native_id)
    for key, band in holding.assets.items():
        declared = (published[key].get("raster:bands") or [None])[0]
        if declared is None:
            continue
        flag = {"earthsearch:boa_offset_applied": True}
        ours = scaling(
            holding.scaling, band, baseline=5.11, properties=flag, declared_offset=declared.get("offset")
        )
        assert ours.scale == declared.get("scale", 1), key
        assert ours.offset == declared.get("offset", 0), key
        assert ours.dtype == declared["data_type"], key
        if (key, declared.get("nodata")) not in NODATA_NOT_USED:
            assert ours.nodata == declared.get("nodata"), key


def test_names_of_bands_are_misleading_and_so_not_used(described):
    s2 = described("planetary-computer", "sentinel-2-l2a")
    assert s2["B8A"]["eo:bands"][0]["common_name"] == "rededge"
    assert described("planetary-computer", "hls2-l30")["B05"]["eo:bands"][0]["common_name"] == "nir"
    assert "common_name" not in described("planetary-computer", "hls2-s30")["B8A"]["eo:bands"][0]
    assert described("earth-search", "sentinel-2-l2a")["red"]["eo:bands"][0]["name"] == "red"
    assert described("earth-search", "sentinel-2-c1-l2a")["red"]["eo:bands"][0]["name"] == "B04"


def test_dated_and_sourced_rows():
    for _, holding in HELD:
        assert holding.checked >= "2026-08-01"
        assert len(holding.source) > 10
