"""The archive: where it is and what it holds."""

from dataclasses import replace

from multisat.stac import Dialect, StacProvider
from multisat.vocab.archives import PLANETARY_COMPUTER


class Example(StacProvider):
    """An imaginary STAC API with Sentinel-2 files as ESA makes them, under ESA's band numbers."""

    name, title, default_url = "example", "Example archive", "https://stac.example.com/v1"
    dialect = Dialect(page_size=100, filters="query")
    holdings = (replace(PLANETARY_COMPUTER[0], native_id="sentinel-2-l2a", source="the archive's own pages"),)
