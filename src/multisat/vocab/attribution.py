"""What must be said of each collection's origin where its pixels are shown.

Checked 2026-11-21: addresses against the ``license`` and ``cite-as`` links of the archives' recorded
collections; the words against the terms those links lead to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Attribution:
    """The credit of a collection.

    Attributes:
        text: What to say; ``{years}`` stands for the years of the scenes.
        terms: Address of the terms.
        cite: DOIs of the data, where there are any.
    """

    text: str
    terms: str
    cite: tuple[str, ...] = ()


_COPERNICUS = "Contains modified Copernicus Sentinel data {years}."
_SENTINEL_TERMS = "https://sentinel.esa.int/documents/247904/690755/Sentinel_Data_Legal_Notice"
_LP_DAAC = "https://lpdaac.usgs.gov/data/data-citation-and-policies/"
_HLS = "Harmonized Landsat Sentinel-2 (HLS) v2.0 {years} courtesy of NASA LP DAAC at the USGS EROS Center."

ATTRIBUTIONS: Mapping[str, Attribution] = {
    "sentinel-2-l2a": Attribution(text=_COPERNICUS, terms=_SENTINEL_TERMS, cite=("10.5270/S2_-742ikth",)),
    "landsat-c2-l2": Attribution(
        text="Landsat Collection 2 Level 2 {years} courtesy of the U.S. Geological Survey.",
        terms="https://www.usgs.gov/core-science-systems/hdds/data-policy",
        cite=("10.5066/P9OGBGM6", "10.5066/P9C7I13B", "10.5066/P9IAXOVV"),
    ),
    "hls-l30": Attribution(text=_HLS, terms=_LP_DAAC, cite=("10.5067/HLS/HLSL30.002",)),
    "hls-s30": Attribution(text=f"{_HLS} {_COPERNICUS}", terms=_LP_DAAC, cite=("10.5067/HLS/HLSS30.002",)),
    "sentinel-1-grd": Attribution(text=_COPERNICUS, terms=_SENTINEL_TERMS),
    "sentinel-1-rtc": Attribution(
        text=f"{_COPERNICUS} Terrain correction by Catalyst, CC BY 4.0.",
        terms="https://creativecommons.org/licenses/by/4.0/",
    ),
    "cop-dem-30": Attribution(
        text="Produced using Copernicus WorldDEM-30 © DLR e.V. 2010-2014 and © Airbus Defence and Space GmbH "
        "2014-2018 provided under COPERNICUS by the European Union and ESA; all rights reserved.",
        terms="https://spacedata.copernicus.eu/documents/20126/0/CSCDA_ESA_Mission-specific+Annex.pdf",
    ),
}
"""Attributions by canonical collection."""


def credit(collection: str, years: Iterable[int]) -> str:
    """Return the credit of a collection with the years of its scenes, its DOIs and its terms.

    Args:
        collection: Canonical; of others the answer is to look at the archive.
        years: Years of the scenes.
    """
    known = ATTRIBUTIONS.get(collection)
    if known is None:
        return f"{collection}: its terms are not known here; look at the archive it is from."
    ordered = sorted(set(years))
    span = "" if not ordered else str(ordered[0]) if len(ordered) == 1 else f"{ordered[0]}-{ordered[-1]}"
    cite = "".join(f" https://doi.org/{doi}" for doi in known.cite)
    return f"{known.text.format(years=span)}{cite} Terms: {known.terms}"
