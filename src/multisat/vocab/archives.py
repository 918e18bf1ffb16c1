"""Which canonical collections the built-in archives hold, under which ids and keys.

Checked 2026-08-01 against recorded collection lists and items of Earth Search v1 and Planetary
Computer, and against the CMR-STAC server source. Identifiers move: these are rows, not code.
"""

from __future__ import annotations

from functools import partial

from multisat.vocab import asset_keys
from multisat.vocab.holdings import Holding

_listed = partial(Holding, checked="2026-08-01", source="recorded items and collection list")

EARTH_SEARCH: tuple[Holding, ...] = (
    _listed(
        native_id="sentinel-2-c1-l2a",
        collection="sentinel-2-l2a",
        assets=asset_keys.S2_C1,
        scaling="sentinel-2-declared",
        naming="sentinel-2",
        rank=0,
    ),
    _listed(
        native_id="sentinel-2-l2a",
        collection="sentinel-2-l2a",
        assets=asset_keys.S2_CANONICAL,
        scaling="sentinel-2-earth-search",
        naming="sentinel-2",
        rank=1,
    ),
    _listed(
        native_id="sentinel-2-pre-c1-l2a",
        collection="sentinel-2-l2a",
        assets=asset_keys.S2_C1,
        scaling="sentinel-2-declared",
        naming="sentinel-2",
        rank=2,
    ),
    _listed(
        native_id="landsat-c2-l2",
        collection="landsat-c2-l2",
        assets=asset_keys.LANDSAT,
        scaling="landsat-c2-l2",
        naming="landsat",
        rank=5,
        source="recorded items; files are at s3://usgs-landsat, where the reader pays",
    ),
    _listed(
        native_id="sentinel-1-grd",
        collection="sentinel-1-grd",
        assets=asset_keys.SAR,
        scaling="sentinel-1-grd",
        naming="sentinel-1",
        grid="file",
        source="recorded items; their proj:* fields are made from the bounding box, the file has GCPs only",
    ),
    _listed(
        native_id="cop-dem-glo-30",
        collection="cop-dem-30",
        assets=asset_keys.DEM,
        scaling="cop-dem",
        naming="id",
    ),
)

PLANETARY_COMPUTER: tuple[Holding, ...] = (
    _listed(
        native_id="sentinel-2-l2a",
        collection="sentinel-2-l2a",
        assets=asset_keys.S2_ESA,
        scaling="sentinel-2-esa",
        naming="sentinel-2",
    ),
    _listed(
        native_id="landsat-c2-l2",
        collection="landsat-c2-l2",
        assets=asset_keys.LANDSAT,
        scaling="landsat-c2-l2",
        naming="landsat",
    ),
    _listed(
        native_id="hls2-l30",
        collection="hls-l30",
        assets=asset_keys.HLS_L30,
        scaling="hls",
        naming="hls",
        grid="mgrs",
        source="recorded collection; some items carry a wrong proj:code (PlanetaryComputer issue 486)",
    ),
    _listed(
        native_id="hls2-s30",
        collection="hls-s30",
        assets=asset_keys.HLS_S30,
        scaling="hls",
        naming="hls",
        grid="mgrs",
        source="recorded collection; some items carry a wrong proj:code (PlanetaryComputer issue 486)",
    ),
    _listed(
        native_id="sentinel-1-grd",
        collection="sentinel-1-grd",
        assets=asset_keys.SAR,
        scaling="sentinel-1-grd",
        naming="sentinel-1",
        grid="file",
        source="recorded collection; the file has GCPs only",
    ),
    _listed(
        native_id="sentinel-1-rtc",
        collection="sentinel-1-rtc",
        assets=asset_keys.SAR,
        scaling="sentinel-1-rtc",
        naming="sentinel-1",
        grid="file",
        source="recorded collection; some items carry a stale proj:transform (PlanetaryComputer issue 417)",
    ),
    _listed(
        native_id="cop-dem-glo-30",
        collection="cop-dem-30",
        assets=asset_keys.DEM,
        scaling="cop-dem",
        naming="id",
    ),
)

NASA_CMR: tuple[Holding, ...] = (
    _listed(
        native_id="HLSL30_2.0",
        collection="hls-l30",
        assets=asset_keys.HLS_L30,
        scaling="hls",
        naming="hls",
        grid="mgrs",
        rank=3,
        also=("HLSL30.v2.0",),
        source="CMR-STAC server source; items carry no projection; files ask for a login",
    ),
    _listed(
        native_id="HLSS30_2.0",
        collection="hls-s30",
        assets=asset_keys.HLS_S30,
        scaling="hls",
        naming="hls",
        grid="mgrs",
        rank=3,
        also=("HLSS30.v2.0",),
        source="CMR-STAC server source; items carry no projection; files ask for a login",
    ),
)
