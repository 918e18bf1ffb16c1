"""Frozen values: areas, times, requests, scenes, assets, outcomes. No network, no xarray."""

from __future__ import annotations

from multisat.model.acquisition import Acquisition
from multisat.model.aoi import AOI
from multisat.model.aois import AOIs
from multisat.model.asset import Asset, FileAsset
from multisat.model.filters import PropertyFilter
from multisat.model.grid import Grid
from multisat.model.outcome import Outcome, Status
from multisat.model.request import Request
from multisat.model.scene import Scene
from multisat.model.timerange import TimeRange

__all__ = [
    "AOI",
    "AOIs",
    "Acquisition",
    "Asset",
    "FileAsset",
    "Grid",
    "Outcome",
    "PropertyFilter",
    "Request",
    "Scene",
    "Status",
    "TimeRange",
]
